"""What texts become: words, characters, bytes, numbers; and what becomes a text."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.java import formats, numbers_text, web_text
from rules.language.kinds import CHAR_SEQUENCE, STRING
from rules.language.members import constructor, method, static
from rules.language.members.arguments import is_text
from rules.language.members.text import BLANKS, built, joined, needs, plain, units

if TYPE_CHECKING:
    from rules.language.run import Run


@method(CHAR_SEQUENCE, "tokenize", (0, 1))
def tokenize(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    if arguments:
        needs(run, arguments[0], "delimiters")
    delimiters = set(run.text(arguments[0])) if arguments else set(" \t\n\r\f")
    found: list[Any] = []
    word: list[str] = []
    text = run.text(value)
    run.steps(len(text) >> 4)
    for character in text:
        if character not in delimiters:
            word.append(character)
        elif word:
            found.append("".join(word))
            word = []
    if word:
        found.append("".join(word))
    run.collection(len(found))
    run.allocate(len(text))
    return found


@method(CHAR_SEQUENCE, "toList")
def to_list(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    text = run.text(value)
    run.collection(len(text))
    return list(text)


@method(CHAR_SEQUENCE, "toCharArray getChars")
def to_char_array(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = units(run.text(value))
    run.collection(len(text))
    return values.Array([values.Char(c) for c in text], "char")


@method(CHAR_SEQUENCE, "toSet")
def to_set(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.GSet(to_list(run, value, arguments), kinds.HASH_SET)


@method(CHAR_SEQUENCE, "asList", 0)
def as_list(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return to_list(run, value, arguments)


@method(CHAR_SEQUENCE, "getBytes", (0, 1))
def get_bytes(run: "Run", value: Any, arguments: list[Any]) -> Any:
    data = web_text.to_bytes(run.text(value), run.text(arguments[0]) if arguments else "UTF-8")
    return byte_array(run, data)


def byte_array(run: "Run", data: bytes) -> values.Array:
    run.collection(len(data))
    return values.Array([values.Byte(b - 256 if b > 127 else b) for b in data], "byte")


def bytes_of(value: Any) -> bytes:
    return bytes(int(b) & 255 for b in value)


# Numbers in texts


@method(CHAR_SEQUENCE, "toInteger")
def to_integer(run: "Run", value: Any, arguments: list[Any]) -> int:
    return numbers_text.parse_integer(run.text(value).strip(BLANKS), 10, 32)


@method(CHAR_SEQUENCE, "toLong")
def to_long(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(numbers_text.parse_integer(run.text(value).strip(BLANKS), 10, 64))


@method(CHAR_SEQUENCE, "toShort")
def to_short(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Short(numbers_text.parse_integer(run.text(value).strip(BLANKS), 10, 16))


@method(CHAR_SEQUENCE, "toBigInteger")
def to_big_integer(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(value).strip(BLANKS)
    run.integer(len(text) * 3)
    return values.BigInt(numbers_text.parse_integer(text, 10, 0))


@method(CHAR_SEQUENCE, "toDouble")
def to_double(run: "Run", value: Any, arguments: list[Any]) -> float:
    return numbers_text.parse_double(run.text(value).strip(BLANKS))


@method(CHAR_SEQUENCE, "toFloat")
def to_float(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Float(numbers_text.to_float32(numbers_text.parse_double(run.text(value).strip(BLANKS))))


@method(CHAR_SEQUENCE, "toBigDecimal")
def to_big_decimal(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return numbers_text.parse_decimal(run.text(value).strip(BLANKS), run.limits)


@method(CHAR_SEQUENCE, "toBoolean")
def to_boolean(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return run.text(value).strip().lower() in ("true", "y", "1")


@method(CHAR_SEQUENCE, "toCharacter")
def to_character(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(value)[:1])


@method(CHAR_SEQUENCE, "isNumber isBigDecimal")
def is_number(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return numbers_text.is_decimal(run.text(value).strip())


@method(CHAR_SEQUENCE, "isDouble isFloat")
def is_double(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return numbers_text.is_double(run.text(value).strip())


@method(CHAR_SEQUENCE, "isInteger")
def is_integer(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return numbers_text.is_integer(run.text(value).strip(), 32)


@method(CHAR_SEQUENCE, "isLong")
def is_long(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return numbers_text.is_integer(run.text(value).strip(), 64)


@method(CHAR_SEQUENCE, "isBigInteger")
def is_big_integer(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return numbers_text.is_integer(run.text(value).strip(), 0)


@method(STRING, "hashCode")
def hash_code(run: "Run", value: Any, arguments: list[Any]) -> int:
    return numbers_text.string_hash(value)


@method(STRING, "intern", 0)
def intern(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value)


@method(STRING, "formatted", (0, None))
def formatted(run: "Run", value: Any, arguments: list[Any]) -> str:
    return format_text(run, value, arguments)


def format_text(run: "Run", template: str, arguments: list[Any]) -> str:
    """String.format."""
    return formats.format_text(template, arguments, **format_hooks(run))


def format_hooks(run: "Run") -> dict[str, Any]:
    """How the formatter asks about values of ours."""

    def view(value: Any) -> Any:
        if type(value) in (values.Long, values.BigInt, values.Short, values.Byte):
            return int(value)
        if type(value) is values.Date:
            return formats.Millis(value.millis)
        return value

    return {
        "view": view,
        "as_text": lambda value: text_of.java_text(run, value),
        "class_name": lambda value: kinds.kind_of(value).name,
        "zone": run.zone,
        "room": run.string,
    }


@static(STRING, "format", (1, None))
def static_format(run: "Run", reference: Any, arguments: list[Any]) -> str:
    if type(arguments[0]) is values.Box:
        arguments = arguments[1:]
    given = arguments[1:]
    if len(given) == 1 and type(given[0]) is values.Array:
        given = list(given[0])
    elif given == [None]:
        given = [None]
    return format_text(run, run.text(arguments[0]), given)


@method(kinds.OBJECT, "printf", (1, None))
def printf(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.log("info", sprintf(run, value, arguments))


@method(kinds.OBJECT, "sprintf", (1, None))
def sprintf(run: "Run", value: Any, arguments: list[Any]) -> str:
    given = arguments[1:]
    if len(given) == 1 and type(given[0]) in (list, values.Array):
        given = list(given[0])
    return format_text(run, run.text(arguments[0]), given)


@static(STRING, "valueOf copyValueOf", 1)
def value_of(run: "Run", reference: Any, arguments: list[Any]) -> str:
    value = arguments[0]
    if type(value) is values.Array and value.component == "char":
        return "".join(value)
    return text_of.java_text(run, value)


@static(STRING, "join", (1, None))
def join(run: "Run", reference: Any, arguments: list[Any]) -> str:
    rest = arguments[1:]
    if len(rest) == 1 and not is_text(rest[0]) and rest[0] is not None:
        rest = list(run.items(rest[0]))
    for item in rest:
        if item is not None and not is_text(item):
            name = kinds.kind_of(item).name
            message = f"class {name} cannot be cast to class java.lang.CharSequence ({name} and "
            message += "java.lang.CharSequence are in module java.base of loader 'bootstrap')"
            run.fail("java.lang.ClassCastException", message)
    return built(run, plain(run, arguments[0]).join(run.text(item) for item in rest))


@constructor(STRING, (0, 3))
def new_string(run: "Run", kind: Any, arguments: list[Any]) -> str:
    if not arguments:
        return ""
    value = arguments[0]
    if type(value) is values.Array and value.component == "byte":
        charset = run.text(arguments[1]) if len(arguments) > 1 else "UTF-8"
        return built(run, web_text.from_bytes(bytes_of(value), charset))
    if type(value) is values.Array and value.component == "char":
        return built(run, joined("".join(value)))
    return built(run, plain(run, value))
