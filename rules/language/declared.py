"""Declared types: which arguments fit a parameter, and what becomes of a value that is assigned to a typed name."""

from typing import TYPE_CHECKING, Any

from rules.language import casts, kinds, operators, values
from rules.language.closures import Closure, NativeClosure

if TYPE_CHECKING:
    from rules.language.run import Run

# What a declared number type takes without a cast, by the simple names of boxed types.
_FITTING = {
    "Byte": {"Byte"},
    "Short": {"Short", "Byte"},
    "Integer": {"Integer", "Short", "Byte"},
    "Long": {"Long", "Integer", "Short", "Byte"},
    "Float": {"Float", "Integer", "Long", "Short", "Byte"},
    "Double": {"Double", "Float", "Integer", "Long", "Short", "Byte", "BigDecimal", "BigInteger"},
    "BigInteger": {"BigInteger", "Integer", "Long", "Short", "Byte"},
    "BigDecimal": {"BigDecimal", "Double", "Float", "Integer", "Long", "Short", "Byte", "BigInteger"},
}
_BOXED = {
    "int": "Integer",
    "long": "Long",
    "double": "Double",
    "float": "Float",
    "short": "Short",
    "byte": "Byte",
    "boolean": "Boolean",
    "char": "Character",
}
_ZERO: dict[str, Any] = {
    "int": 0,
    "long": values.Long(0),
    "double": 0.0,
    "float": values.Float(0.0),
    "short": 0,
    "byte": 0,
    "boolean": False,
    "char": values.Char("\0"),
}
# Interfaces with one method: a closure fits them.
_FUNCTIONAL = {
    "Closure", "Runnable", "Callable", "Comparator", "Function", "BiFunction", "Predicate", "BiPredicate", "Supplier",
    "Consumer", "BiConsumer", "UnaryOperator", "BinaryOperator",
}  # fmt: skip


_ROWS = (list, values.OtherList, values.Array, values.GSet, values.Range)


class Type:
    """One declared type. `component` is set for arrays; `zero` is what a field of the type holds at first; a closure
    fits a type that `is_functional`."""

    __slots__ = ("boxed", "component", "is_functional", "is_primitive", "kind", "name", "zero")

    def __init__(self, kind: Any, component: "Type | None" = None) -> None:
        self.kind = kind
        self.component = component
        self.name: str = kind.simple if component is None else f"{component.name}[]"
        self.is_functional = self.name in _FUNCTIONAL
        self.is_primitive = component is None and self.name in _BOXED
        self.boxed = _BOXED.get(self.name, self.name)
        self.zero = _ZERO.get(self.name) if component is None else None

    def distance(self, value: Any) -> int | None:
        """How far a value is from this type as an argument, 0 for the very type; None where it does not fit."""
        if value is None:
            return None if self.is_primitive else 1 if self.name == "Object" else 8
        if self.component is not None:
            return self._array_distance(value)
        actual = kinds.kind_of(value)
        if actual is self.kind or actual.simple == self.boxed:
            return 0
        fitting = _FITTING.get(self.boxed)
        if fitting is not None:
            return (2 if actual.simple in fitting else None) if actual.simple in _FITTING else None
        if self.name == "String":
            return 4 if type(value) is values.GString else None
        if kinds.is_kind(actual, self.kind):
            return 15 if self.name == "Object" else 3
        if self.is_functional and type(value) in (Closure, NativeClosure):
            return 5
        return None

    def _array_distance(self, value: Any) -> int | None:
        if type(value) is not values.Array:
            return None
        assert self.component is not None
        return 0 if value.component == self.component.name or self.component.name == "Object" else None

    def assign(self, run: "Run", value: Any) -> Any:
        """The value as a name of this type holds it. Raises Raised when it cannot."""
        if self.component is not None:
            return self._as_array(run, value, self.component)
        return operators.assign(run, value, self.kind)

    def returned(self, run: "Run", value: Any) -> Any:
        """The value as a function with this return type gives it back."""
        return self.assign(run, value)

    def cast(self, run: "Run", value: Any) -> Any:
        """`(T) value`."""
        if self.component is not None:
            return self._as_array(run, value, self.component)
        return operators.cast(run, value, self.kind)

    def coerce(self, run: "Run", value: Any) -> Any:
        """`value as T`."""
        if self.component is not None:
            return self._as_array(run, value, self.component)
        return operators.coerce(run, value, self.kind)

    def _as_array(self, run: "Run", value: Any, component: "Type") -> Any:
        if component.component is None:
            return operators.assign_array(run, value, component.kind)
        if value is None or self._array_distance(value) == 0:
            return value
        if type(value) not in _ROWS:
            return casts.refuse(run, value, values.array_kind(component.name))
        run.collection(len(value))
        return self.array([component.assign(run, row) for row in value])

    def array(self, items: list[Any]) -> Any:
        """An array value of this (array) type around the list."""
        assert self.component is not None
        return values.Array(items, self.component.name)

    def holds(self, value: Any) -> bool:
        """`value instanceof T`."""
        if value is None:
            return False
        if self.component is not None:
            return self._array_distance(value) is not None
        return bool(kinds.is_kind(kinds.kind_of(value), self.kind))


class Void(Type):
    """The type of a function that gives back null whatever its body says."""

    __slots__ = ()

    def returned(self, run: "Run", value: Any) -> Any:
        return None
