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
    class it extends, `line` this class and everything it has methods from, nearest first. `native` is the kind of a
    built-in exception that it or an ancestor extends. `openers` run for every new object. `named_arguments`: one map is
    taken for the values of properties before any constructor is looked at; `own_key`: the class says itself what is
    equal; `own_get`, `own_set`: it has getProperty, setProperty of its own."""

    __slots__ = (
        "constants",
        "constructors",
        "fields",
        "inherits_constructors",
        "interfaces",
        "is_abstract",
        "is_enum",
        "is_interface",
        "is_script",
        "kind",
        "line",
        "methods",
        "name",
        "named_arguments",
        "native",
        "openers",
        "own_get",
        "own_key",
        "own_set",
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
        self.openers: list[Code] = []
        self.interfaces: list[ScriptClass] = []
        self.line: list[ScriptClass] = [self]
        self.named_arguments = False
        self.inherits_constructors = False
        self.own_key = False
        self.own_get = False
        self.own_set = False
        self.is_script = False
        self.is_abstract = False
        self.is_enum = False
        self.is_interface = False

    def descend(self) -> None:
        """Settle the line, those of the ancestors being settled. Traits come before the superclass, interfaces last."""
        mixed = [step for of in reversed(self.interfaces) if not of.is_interface for step in of.line]
        declared = [step for of in self.interfaces if of.is_interface for step in of.line]
        above = [] if self.parent is None else self.parent.line
        self.line = list(dict.fromkeys([self, *mixed, *above, *declared]))

    def enum(self) -> "ScriptClass":
        """The enum behind a constant: its class, or what the class of its own body extends."""
        return self.parent or self

    def methods_named(self, name: str) -> list[Code]:
        """All methods of that name, nearest class first."""
        return [code for owner in self.line for code in owner.methods.get(name, ())]

    def field_named(self, name: str) -> Field | None:
        for owner in self.line:
            if name in owner.fields:
                return owner.fields[name]
        return None


class Instance:
    """An object of a script class. `throwable` is the built-in exception inside, where the class extends one;
    `stand_in` is the closure, or the map of closures, that plays an interface. `run` is set where the class says itself
    what is equal: as a key of a map the object has to be asked."""

    __slots__ = ("fields", "of", "run", "stand_in", "throwable")

    def __init__(self, of: ScriptClass) -> None:
        self.of = of
        self.fields: dict[str, Any] = {}
        self.throwable: Any = None
        self.stand_in: Any = None
        self.run: Any = None
