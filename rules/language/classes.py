"""Classes that a script declares, and their instances."""

from typing import Any

from rules.language.closures import Code


class Field:
    """One field. `type` is None where any value fits; a property is readable and writable from outside."""

    __slots__ = ("initial", "is_final", "is_property", "is_static", "name", "type")

    def __init__(
        self, name: str, type_: Any, initial: Code | None, *, is_static: bool, is_final: bool, is_property: bool
    ) -> None:
        self.name = name
        self.type = type_
        self.initial = initial
        self.is_static = is_static
        self.is_final = is_final
        self.is_property = is_property


class ScriptClass:
    """One class of the script as a whole run sees it; `kind` is its entry in the world of kinds, `parent` the script
    class it extends. `native` is the kind of a built-in exception that it or an ancestor extends."""

    __slots__ = (
        "constants",
        "constructors",
        "fields",
        "is_abstract",
        "is_enum",
        "is_interface",
        "is_script",
        "kind",
        "methods",
        "name",
        "native",
        "parent",
        "starters",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.kind: Any = None
        self.parent: ScriptClass | None = None
        self.native: Any = None
        self.fields: dict[str, Field] = {}
        self.methods: dict[str, list[Code]] = {}
        self.constructors: list[Code] = []
        self.constants: list[tuple[str, Any]] = []
        self.starters: list[Code] = []
        self.is_script = False
        self.is_abstract = False
        self.is_enum = False
        self.is_interface = False

    def line_of_descent(self) -> "list[ScriptClass]":
        """This class and its ancestors in the script, nearest first."""
        found: list[ScriptClass] = []
        step: ScriptClass | None = self
        while step is not None:
            found.append(step)
            step = step.parent
        return found

    def methods_named(self, name: str) -> list[Code]:
        """All methods of that name, nearest class first."""
        return [code for owner in self.line_of_descent() for code in owner.methods.get(name, ())]

    def field_named(self, name: str) -> Field | None:
        for owner in self.line_of_descent():
            if name in owner.fields:
                return owner.fields[name]
        return None


class Instance:
    """An object of a script class. `throwable` is the built-in exception inside, where the class extends one."""

    __slots__ = ("fields", "of", "throwable")

    def __init__(self, of: ScriptClass) -> None:
        self.of = of
        self.fields: dict[str, Any] = {}
        self.throwable: Any = None
