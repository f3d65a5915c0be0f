"""Methods of String, which GString and Character share; GString and Character answer as their text."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.host import HostObject
from rules.language.kinds import CHAR_SEQUENCE, STRING
from rules.language.members import method
from rules.language.members.arguments import amount, is_text, not_castable, wanted, whole

if TYPE_CHECKING:
    from rules.language.run import Run


INDEX = "java.lang.StringIndexOutOfBoundsException"


def utf16(text: str) -> bool:
    """Whether Java counts this text differently: some characters take two units there."""
    return not text.isascii() and max(text, default="") > "\uffff"


def units(text: str) -> str:
    """The text with one character for each UTF-16 unit."""
    if not utf16(text):
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(data[at] | data[at + 1] << 8) for at in range(0, len(data), 2))


def joined(text: str) -> str:
    """The text with halves put together again."""
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text


def plain(run: "Run", value: Any) -> str:
    """An argument as text; null is refused as Java refuses it."""
    if value is None:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "Object.toString()" because "s" is null')
    return _as_text(run, value)


def _as_text(run: "Run", value: Any) -> str:
    """A text, or what the host says is one; there is no method for anything else."""
    if not is_text(value) and not isinstance(value, HostObject):
        raise TypeError("a text is wanted")
    return run.text(value)


def built(run: "Run", text: str) -> str:
    run.string(len(text))
    return text


def needs(run: "Run", value: Any, name: str) -> str:
    if value is None:
        message = f'Cannot invoke "java.lang.CharSequence.toString()" because "{name}" is null'
        run.fail("java.lang.NullPointerException", message)
    return _as_text(run, value)


@method(CHAR_SEQUENCE, "length size")
def length(run: "Run", value: Any, arguments: list[Any]) -> int:
    return len(units(run.text(value)))


@method(CHAR_SEQUENCE, "isEmpty")
def is_empty(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not run.text(value)


@method(CHAR_SEQUENCE, "isBlank")
def is_blank(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not run.text(value).strip()


@method(CHAR_SEQUENCE, "isAllWhitespace")
def is_all_whitespace(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return not run.text(value).strip()


@method(CHAR_SEQUENCE, "plus", 1)
def plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    if type(value) is values.GString and type(other) in (str, values.GString):
        return _plus_g_string(run, value, other)
    a, b = run.text(value), run.text(other)
    run.string(len(a) + len(b))
    return a + b


def _plus_g_string(run: "Run", value: values.GString, other: Any) -> values.GString:
    run.allocate(16 + 8 * len(value.values))
    run.grow(len(value.values))
    strings, held = list(value.strings), list(value.values)
    if type(other) is values.GString:
        strings[-1:] = [strings[-1] + other.strings[0], *other.strings[1:]]
        held.extend(other.values)
    else:
        text = run.text(other)
        run.string(len(text) + len(strings[-1]))
        strings[-1] += text
    return values.GString(strings, held)


@method(CHAR_SEQUENCE, "concat", 1)
def concat(run: "Run", value: Any, arguments: list[Any]) -> str:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "String.isEmpty()" because "str" is null')
    wanted(run, value, "concat", arguments, is_text(arguments[0]))
    a, b = run.text(value), run.text(arguments[0])
    run.string(len(a) + len(b))
    return a + b


@method(CHAR_SEQUENCE, "multiply repeat", 1)
def multiply(run: "Run", value: Any, arguments: list[Any]) -> str:
    refuse_null(run, arguments[0], "java.lang.Number.intValue()", "factor")
    times = amount(run, value, "multiply", arguments, 0)
    text = run.text(value)
    if times < 0:
        message = f"multiply() should be called with a number of 0 or greater not: {times}"
        run.fail("java.lang.IllegalArgumentException", message)
    run.string(len(text) * times)
    return text * times


@method(CHAR_SEQUENCE, "leftShift", 1)
def left_shift(run: "Run", value: Any, arguments: list[Any]) -> Any:
    made = values.StringBuilder(run.text(value), kinds.STRING_BUFFER)
    text = text_of.java_text(run, arguments[0])
    run.string(made.length + len(text))
    made.append(text)
    return made


@method(CHAR_SEQUENCE, "toUpperCase", (0, 1))
def to_upper(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).upper())


@method(CHAR_SEQUENCE, "toLowerCase", (0, 1))
def to_lower(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).lower())


@method(CHAR_SEQUENCE, "capitalize")
def capitalize(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[:1].upper() + text[1:])


@method(CHAR_SEQUENCE, "uncapitalize")
def uncapitalize(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[:1].lower() + text[1:])


BLANKS = "".join(chr(code) for code in range(33))


@method(CHAR_SEQUENCE, "trim")
def trim(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).strip(BLANKS))


@method(CHAR_SEQUENCE, "strip")
def strip(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).strip())


@method(CHAR_SEQUENCE, "stripLeading")
def strip_leading(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).lstrip())


@method(CHAR_SEQUENCE, "stripTrailing")
def strip_trailing(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).rstrip())


@method(CHAR_SEQUENCE, "reverse")
def reverse(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value)[::-1])


@method(CHAR_SEQUENCE, "contains", 1)
def contains(run: "Run", value: Any, arguments: list[Any]) -> bool:
    wanted(run, value, "contains", arguments, type(arguments[0]) is not values.Char)
    return needs(run, arguments[0], "s") in run.text(value)


@method(CHAR_SEQUENCE, "containsIgnoreCase", 1)
def contains_ignore_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return needs(run, arguments[0], "s").lower() in run.text(value).lower()


@method(CHAR_SEQUENCE, "startsWith", (1, 2))
def starts_with(run: "Run", value: Any, arguments: list[Any]) -> bool:
    refuse_null(run, arguments[0], "String.length()", "prefix")
    at = int(arguments[1]) if len(arguments) > 1 else 0
    return at >= 0 and run.text(value).startswith(plain(run, arguments[0]), at)


@method(CHAR_SEQUENCE, "endsWith", 1)
def ends_with(run: "Run", value: Any, arguments: list[Any]) -> bool:
    refuse_null(run, arguments[0], "String.length()", "suffix")
    return run.text(value).endswith(plain(run, arguments[0]))


@method(CHAR_SEQUENCE, "startsWithIgnoreCase", 1)
def starts_with_ignore_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return run.text(value).lower().startswith(plain(run, arguments[0]).lower())


@method(CHAR_SEQUENCE, "endsWithIgnoreCase", 1)
def ends_with_ignore_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return run.text(value).lower().endswith(plain(run, arguments[0]).lower())


@method(STRING, "equalsIgnoreCase", 1)
def equals_ignore_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return is_text(arguments[0]) and value.lower() == run.text(arguments[0]).lower()


@method(CHAR_SEQUENCE, "compareTo", 1)
def compare_to(run: "Run", value: Any, arguments: list[Any]) -> int:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", 'Cannot read field "value" because "anotherString" is null')
    if not is_text(arguments[0]):
        not_castable(run, arguments[0], value)
    return difference(run.text(value), plain(run, arguments[0]))


@method(CHAR_SEQUENCE, "compareToIgnoreCase", 1)
def compare_ignoring_case(run: "Run", value: Any, arguments: list[Any]) -> int:
    return difference(run.text(value).lower(), plain(run, arguments[0]).lower())


def difference(a: str, b: str) -> int:
    """String.compareTo: the difference of the first differing units, else of the lengths."""
    a, b = units(a), units(b)
    for x, y in zip(a, b, strict=False):
        if x != y:
            return ord(x) - ord(y)
    return len(a) - len(b)


def refuse_null(run: "Run", value: Any, what: str, name: str) -> None:
    """Refuse null in the words of the method that would read it. Raises Raised."""
    if value is None:
        run.fail("java.lang.NullPointerException", f'Cannot invoke "{what}" because "{name}" is null')


def _needle(value: Any, run: "Run") -> str:
    refuse_null(run, value, "String.coder()", "str")
    return chr(int(value)) if type(value) is int else plain(run, value)


@method(CHAR_SEQUENCE, "indexOf", (1, 2))
def index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    wanted(run, value, "indexOf", arguments, type(arguments[0]) is not values.Char)
    at = int(arguments[1]) if len(arguments) > 1 else 0
    return units(run.text(value)).find(units(_needle(arguments[0], run)), max(0, at))


@method(CHAR_SEQUENCE, "lastIndexOf", (1, 2))
def last_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    text, needle = units(run.text(value)), units(_needle(arguments[0], run))
    if len(arguments) == 1:
        return text.rfind(needle)
    return text.rfind(needle, 0, max(0, int(arguments[1]) + len(needle))) if int(arguments[1]) >= 0 else -1


@method(CHAR_SEQUENCE, "substring", (1, 2))
def substring(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = units(run.text(value))
    begin = whole(run, value, "substring", arguments, 0)
    end = whole(run, value, "substring", arguments, 1) if len(arguments) > 1 else len(text)
    if begin < 0 or end > len(text) or begin > end:
        run.fail(INDEX, f"begin {begin}, end {end}, length {len(text)}")
    return joined(built(run, text[begin:end]))


@method(CHAR_SEQUENCE, "subSequence", 2)
def sub_sequence(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(substring(run, value, arguments))


@method(CHAR_SEQUENCE, "charAt", 1)
def char_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = units(run.text(value))
    at = whole(run, value, "charAt", arguments, 0)
    if not 0 <= at < len(text):
        run.fail(INDEX, f"String index out of range: {at}")
    return values.Char(text[at])


@method(STRING, "codePointAt", 1)
def code_point_at(run: "Run", value: Any, arguments: list[Any]) -> int:
    at = whole(run, value, "codePointAt", arguments, 0)
    if not 0 <= at < len(value):
        run.fail(INDEX, f"Index {at} out of bounds for length {len(value)}")
    return ord(value[at])
