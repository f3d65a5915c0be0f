"""Which class a name means in a rule, and what to say of one that no rule has."""

from collections.abc import Callable
from typing import Any

from rules.language import kinds, members, tree
from rules.language.lint.known import KnownNames
from rules.language.lint.replacements import PACKAGE_ROOTS, refusal, replacement
from rules.language.members import all as _every_member  # noqa: F401 - the tables are filled by importing it

# Remarks on types that need no class of ours: they are accepted wherever a type may stand.
_FREE_TYPES = {"def", "var", "void", "Object"}


class Resolver:
    """Classes of one rule: its own, the language's, the host's and what it imports."""

    def __init__(self, script: tree.Script, known: KnownNames, note: Callable[..., None]) -> None:
        self.known = known
        self.note = note
        self.own = {node.name for node in script.classes} | {node.name.rpartition(".")[2] for node in script.classes}
        self.imported: dict[str, str] = {}
        self.statics: set[str] = set()
        self.static_members: set[str] = set()
        self.stars: list[str] = []
        for node in script.imports:
            self._import(node)

    def _import(self, node: tree.Import) -> None:
        if node.is_star:
            self.stars.append(node.name)
            kind = kinds.class_named(node.name) if node.is_static else None
            if kind is not None:
                tables = members.STATICS, members.STATIC_PROPERTIES
                self.static_members |= {name for table in tables for of, name in table if of is kind}
            return
        simple = node.alias or node.name.rpartition(".")[2]
        if node.is_static:
            self.statics.add(simple)
            return
        self.imported[simple] = node.name
        if not self._exists(node.name):
            self.note(node, refusal(node.name), is_error=False)

    def _exists(self, name: str) -> bool:
        return kinds.class_named(name) is not None or name in self.known.classes

    def is_class(self, name: str) -> bool:
        """Whether the rule may use a class by this name."""
        if name in self.own or name in kinds.PRIMITIVES:
            return True
        first, point, rest = name.partition(".")
        full = self.imported.get(first, first) + point + rest
        return self._exists(full) or any(self._exists(f"{star}.{name}") for star in self.stars)

    def static_methods(self, name: str) -> set[str] | None:
        """What can be called on the class of that name itself; None where that is not known."""
        kind = kinds.class_named(self.imported.get(name, name))
        if kind is None or name in self.own or name in self.known.classes:
            return None
        mine = set(kinds.lineage(kind))
        statics = {method for of, method in members.STATICS if of in mine}
        of_class = {method for of, method in members.METHODS if of in (kinds.CLASS, kinds.OBJECT)}
        return statics | of_class | {"valueOf", "values"} | {"new", "newInstance"}

    def type(self, node: tree.TypeRef | None) -> None:
        """A type as it stands in a declaration, a cast or behind `new`."""
        if node is None or node.name in _FREE_TYPES or self.is_class(node.name):
            return
        if len(node.name) == 1:
            return
        self.refuse(node, node.name)

    def refuse(self, node: tree.Node, name: str) -> None:
        full = next((each for each in (*kinds.CLASSES, *self.known.classes) if each.endswith(f".{name}")), None)
        if full is not None and name not in self.imported:
            self.note(node, f"the class {name} is used without 'import {full}'")
        else:
            self.note(node, refusal(self.imported.get(name, name)))

    def qualified(self, node: Any, is_known: Callable[[str], bool]) -> bool:
        """Whether this is a class by its full name, `java.time.Instant`; one that no rule has is noted."""
        names: list[str] = []
        place = node
        while isinstance(place, tree.Property) and isinstance(place.name, str) and not place.spread:
            names.append(place.name)
            place = place.target
        if not isinstance(place, tree.Name) or place.name not in PACKAGE_ROOTS or is_known(place.name) or not names:
            return False
        full = place.name
        for name in reversed(names):
            full += f".{name}"
            if self._exists(full):
                return True
            if name[:1].isupper():
                break
        if "." in full and (full.rpartition(".")[2][:1].isupper() or replacement(full)):
            self.note(place, refusal(full))
            return True
        return False
