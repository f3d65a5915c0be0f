"""`toString()` of every value, within the limits: cycles are shown as Groovy shows them, depth and length end."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.classes import Instance
from rules.language.closures import Closure, NativeClosure
from rules.language.host import HostObject
from rules.language.java import dates, decimals, numbers_text
from rules.language.raised import LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable

    from rules.language.run import Run


def text(run: "Run", value: Any) -> str:
    """The text of a value; null is `null`."""
    of = type(value)
    if of is str:
        return value  # type: ignore[no-any-return]
    if of is int:
        return decimals.integer_text(value, run.limits)
    if value is None:
        return "null"
    if of is bool:
        return "true" if value else "false"
    if of is values.GString and (pieces := _plain_pieces(value)) is not None:
        run.string(sum(map(len, pieces)))
        return "".join(pieces)
    writer = _Writer(run)
    writer.write(value, "null")
    return "".join(writer.parts)


def _plain_pieces(value: values.GString) -> list[str] | None:
    """What a GString is made of, where nothing but texts stands in it, as in most; None where more has to be shown."""
    pieces = [*value.strings, *value.values]
    for held in value.values:
        if type(held) is not str:
            return None
    pieces[::2], pieces[1::2] = value.strings, value.values
    return pieces


def shown(run: "Run", value: Any) -> str:
    """The text of a value as people see results: the items of an array too."""
    if type(value) is values.Array:
        return text(run, list(value))
    return text(run, value)


def java_text(run: "Run", value: Any) -> str:
    """As Java's own toString has it: `{a=1}` for a map."""
    if type(value) not in _NESTED:
        return text(run, value)
    writer = _Writer(run)
    writer.in_java = True
    writer.write(value, "null")
    return "".join(writer.parts)


def inspected(run: "Run", value: Any) -> str:
    """`inspect()`: texts in quotes, inside collections too."""
    writer = _Writer(run)
    writer.inspects = True
    writer.write(value, "null")
    return "".join(writer.parts)


def short(run: "Run", value: Any, most: int = 60) -> str:
    """A value as messages about calls show it."""
    found = text(run, value)
    return found if len(found) <= most else found[:most] + "..."


class _Writer:
    """Collects the pieces of one text and pays for each."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        self.parts: list[str] = []
        self.length = 0
        self.path: list[int] = []
        self.inspects = False
        self.in_java = False

    def put(self, piece: str) -> None:
        self.length += len(piece)
        if self.length > self.run.limits.string:
            raise LimitReached(f"a text would be longer than {self.run.limits.string:,} characters")
        self.run.allocate(len(piece))
        self.parts.append(piece)

    def write(self, value: Any, cycle: str) -> None:
        of = type(value)
        if self.inspects and of in (str, values.GString, values.Char):
            plain = text(self.run, value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
            self.put(f"'{plain}'")
            return
        simple = _SIMPLE.get(of)
        if simple is not None:
            self.put(simple(self.run, value))
            return
        if of in _NESTED:
            self.nested(value, cycle)
            return
        self.put(_object_text(self.run, value))

    def nested(self, value: Any, cycle: str) -> None:
        if id(value) in self.path:
            self.put(cycle)
            return
        if len(self.path) >= self.run.limits.walk_depth:
            raise LimitReached(f"values nested more than {self.run.limits.walk_depth} deep cannot be shown")
        self.path.append(id(value))
        _NESTED[type(value)](self, value)
        self.path.pop()

    def sequence(self, items: Any) -> None:
        self.put("[")
        for position, item in enumerate(items):
            self.run.steps()
            if position:
                self.put(", ")
            self.write(item, "(this Collection)")
        self.put("]")

    def mapping(self, value: values.GMap) -> None:
        if not value.held:
            self.put("{}" if self.in_java else "[:]")
            return
        self.put("{" if self.in_java else "[")
        for position, entry in enumerate(value.entries()):
            self.run.steps()
            if position:
                self.put(", ")
            self.write(entry.key, "(this Map)")
            self.put("=" if self.in_java else ":")
            self.write(entry.value, "(this Map)")
        self.put("}" if self.in_java else "]")

    def entry(self, value: values.Entry) -> None:
        """As Java shows it, with all that is inside: `key={a=1}`."""
        outside, self.in_java = self.in_java, True
        self.write(value.key, "(this Map)")
        self.put("=")
        self.write(value.value, "(this Map)")
        self.in_java = outside

    def g_string(self, value: values.GString) -> None:
        for position, part in enumerate(value.strings):
            self.put(part)
            if position < len(value.values):
                self.part(value.values[position])

    def part(self, value: Any) -> None:
        """A value inside a GString: a closure is called for its text, or given a writer."""
        if type(value) is values.Range:
            self.sequence(value)
        elif type(value) is not Closure:
            self.write(value, "null")
        elif value.code.implicit or len(value.code.parameters) == 0:
            self.write(self.run.call(value), "null")
        else:
            writer = values.StringBuilder()
            self.run.call(value, [writer])
            self.put(writer.text())

    def range(self, value: values.Range) -> None:
        self.write(value.first, "null")
        self.put("<" * value.excludes_first + ".." + "<" * value.excludes_last)
        self.write(value.last, "null")


def _whole_text(run: "Run", value: Any) -> str:
    return decimals.integer_text(int(value), run.limits)


_SIMPLE: "dict[type, Callable[[Run, Any], str]]" = {
    str: lambda run, value: value,
    values.Char: lambda run, value: str(value),
    bool: lambda run, value: "true" if value else "false",
    type(None): lambda run, value: "null",
    float: lambda run, value: numbers_text.double_text(value),
    values.Float: lambda run, value: numbers_text.float_text(value),
    Decimal: lambda run, value: decimals.to_text(value),
    values.StringBuilder: lambda run, value: value.text(),
    values.Pattern: lambda run, value: value.compiled.source,
    values.ClassRef: lambda run, value: class_text(value),
    values.Throwable: lambda run, value: throwable_text(run, value),
}
for _type in (int, values.Long, values.BigInt, values.Short, values.Byte):
    _SIMPLE[_type] = _whole_text

_NESTED: "dict[type, Callable[[_Writer, Any], None]]" = {
    list: _Writer.sequence,
    values.OtherList: _Writer.sequence,
    values.Array: _Writer.sequence,
    values.GSet: _Writer.sequence,
    values.GMap: _Writer.mapping,
    values.Entry: _Writer.entry,
    values.GString: _Writer.g_string,
    values.Range: _Writer.range,
}

TEXTS: "dict[kinds.Kind, Callable[[Run, Any], str]]" = {}
"""How boxes and dates are shown; the members of their kind enter it."""


def class_text(value: values.ClassRef) -> str:
    if value.kind in kinds.PRIMITIVES.values():
        return value.kind.name
    interface = "interface" if value.kind in INTERFACES else "class"
    return f"{interface} {value.kind.name}"


INTERFACES = {
    kinds.LIST, kinds.MAP, kinds.SET, kinds.COLLECTION, kinds.ITERABLE, kinds.ITERATOR, kinds.CHAR_SEQUENCE,
    kinds.COMPARABLE, kinds.SERIALIZABLE, kinds.RANGE, kinds.ENTRY, kinds.SORTED_MAP, kinds.SORTED_SET, kinds.TEMPORAL,
} | kinds.FUNCTIONAL  # fmt: skip


def throwable_text(run: "Run", value: Any) -> str:
    """`java.lang.Exception: message`, without the colon where there is no message."""
    return value.kind.name if value.message is None else f"{value.kind.name}: {value.message}"


def _object_text(run: "Run", value: Any) -> str:
    if type(value) is Instance:
        return instance_text(run, value)
    if isinstance(value, HostObject):
        return value.shown(run)
    if type(value) is values.Date:
        if value.kind is kinds.TIMESTAMP:
            return dates.timestamp_text(value.millis, run.zone)
        return dates.date_text(value.millis, run.zone)
    kind = kinds.kind_of(value)
    for step in kinds.lineage(kind):
        if step in TEXTS:
            return TEXTS[step](run, value)
    if type(value) in (Closure, NativeClosure):
        return f"{kind.name}@{identity(value)}"
    return f"{kind.name}@{identity(value)}"


def instance_text(run: "Run", value: Instance) -> str:
    of = value.of
    if of.methods and any(not code.parameters for code in of.methods_named("toString")):
        return text(run, run.call_method(value, "toString"))
    if of.is_enum:
        return str(value.fields["$name"])
    if value.throwable is not None:
        message = run.get(value, "message")
        return of.name if message is None else f"{of.name}: {text(run, message)}"
    return f"{of.kind.name}@{identity(value)}"


def identity(value: Any) -> str:
    """Eight digits that tell objects of a run apart and say nothing of where they are kept."""
    return f"{hash(('identity', id(value))) & 0x7FFFFFFF:x}"
