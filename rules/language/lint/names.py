"""Which class a name means in a rule, and what to say of one that no rule has."""

from collections.abc import Callable
from typing import Any

from rules.language import kinds, tree
from rules.language.lint.known import KnownNames
from rules.language.lint.replacements import PACKAGE_ROOTS, refusal, replacement

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
        self.stars: list[str] = []
        for node in script.imports:
            self._import(node)

    def _import(self, node: tree.Import) -> None:
        if node.is_star:
            self.stars.append(node.name)
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
        full = self.imported.get(name, name)
        return self._exists(full) or any(self._exists(f"{star}.{name}") for star in self.stars)

    def type(self, node: tree.TypeRef | None) -> None:
        """A type as it stands in a declaration, a cast or behind `new`."""
        if node is None or node.name in _FREE_TYPES or self.is_class(node.name):
            return
        if len(node.name) == 1:
            return
        self.refuse(node, node.name)

    def refuse(self, node: tree.Node, name: str) -> None:
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
