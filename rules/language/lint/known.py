"""What the lint knows of the host: names only, handed in by whoever builds the objects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class KnownKind:
    """One host object's declared members. Values are the name of the kind that the property or method gives, empty
    where that is a plain value or may be anything. is_open: any other property may be read and set as well; `doubt` are
    the words before a remark about one that passes for this reason alone, and nothing is said where there are none.
    `idle` are methods that do nothing but give a value, each with what to write instead of a call that leaves it."""

    name: str
    properties: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    doubt: str = ""
    idle: Mapping[str, str] = field(default_factory=dict)

    def has_property(self, name: str) -> bool:
        if self.is_open or name in self.properties or name == "class":
            return True
        upper = name[:1].upper() + name[1:]
        return any(f"{prefix}{upper}" in self.methods for prefix in ("get", "is", "set"))

    def has_method(self, name: str) -> bool:
        if name in self.methods or name in _EVERYWHERE:
            return True
        if len(name) > 3 and name[:3] in ("get", "set"):
            return self.is_open or name[3:4].lower() + name[4:] in self.properties or name[3:] in self.properties
        # A closure in a property of an open object is called as a method is.
        return name in self.properties

    @property
    def closed(self) -> "KnownKind":
        """Only what is listed."""
        return replace(self, is_open=False)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What one side's rule may use. `variables` gives each variable's kind by name (empty: anything), `kinds` the kinds
    by name, `functions` the free functions, `classes` the simple and full names of classes beyond the language's."""

    variables: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, KnownKind] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


def meant(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` when something similar is known, else nothing."""
    names = sorted(set(known))
    close = [other for other in names if other.lower() == name.lower()] or get_close_matches(name, names, 1, 0.7)
    return f"; did you mean '{close[0]}'?" if close else ""


_EVERYWHERE = {
    "toString", "equals", "hashCode", "getClass", "with", "tap", "is", "asType", "each", "any", "every", "find",
    "findAll", "collect", "inject", "asBoolean", "hasProperty", "respondsTo", "getProperty", "setProperty",
    "invokeMethod", "properties", "getProperties", "iterator", "dump", "inspect", "println", "print", "use",
    "getAt", "putAt", "compareTo", "isCase", "sleep", "identity", "grep", "split", "findIndexOf", "eachWithIndex",
}  # fmt: skip
