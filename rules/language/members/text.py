"""Methods of String, which GString and Character share; GString and Character answer as their text."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.equality import compare_text
from rules.language.java import formats, numbers_text, web_text
from rules.language.java.errors import JavaError
from rules.language.kinds import CHAR_SEQUENCE, CHARACTER, STRING
from rules.language.members import constructor, method, static, type_name
from rules.language.members.arguments import amount, is_callable, is_text, not_castable, wanted, whole

if TYPE_CHECKING:
    from rules.language.run import Run

_INDEX = "java.lang.StringIndexOutOfBoundsException"


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
    return run.text(value)


def built(run: "Run", text: str) -> str:
    run.string(len(text))
    return text


def needs(run: "Run", value: Any, name: str) -> str:
    if value is None:
        message = f'Cannot invoke "java.lang.CharSequence.toString()" because "{name}" is null'
        run.fail("java.lang.NullPointerException", message)
    return run.text(value)


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
    _given(run, arguments[0], "java.lang.Number.intValue()", "factor")
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
    text = run.text(arguments[0])
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


_BLANKS = "".join(chr(code) for code in range(33))


@method(CHAR_SEQUENCE, "trim")
def trim(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).strip(_BLANKS))


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
    _given(run, arguments[0], "String.length()", "prefix")
    at = int(arguments[1]) if len(arguments) > 1 else 0
    return at >= 0 and run.text(value).startswith(plain(run, arguments[0]), at)


@method(CHAR_SEQUENCE, "endsWith", 1)
def ends_with(run: "Run", value: Any, arguments: list[Any]) -> bool:
    _given(run, arguments[0], "String.length()", "suffix")
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


def _given(run: "Run", value: Any, what: str, name: str) -> None:
    """Refuse null in the words of the method that would read it. Raises Raised."""
    if value is None:
        run.fail("java.lang.NullPointerException", f'Cannot invoke "{what}" because "{name}" is null')


def _needle(value: Any, run: "Run") -> str:
    _given(run, value, "String.coder()", "str")
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
        run.fail(_INDEX, f"begin {begin}, end {end}, length {len(text)}")
    return joined(built(run, text[begin:end]))


@method(CHAR_SEQUENCE, "subSequence", 2)
def sub_sequence(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(substring(run, value, arguments))


@method(CHAR_SEQUENCE, "charAt", 1)
def char_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = units(run.text(value))
    at = whole(run, value, "charAt", arguments, 0)
    if not 0 <= at < len(text):
        run.fail(_INDEX, f"String index out of range: {at}")
    return values.Char(text[at])


@method(STRING, "codePointAt", 1)
def code_point_at(run: "Run", value: Any, arguments: list[Any]) -> int:
    at = whole(run, value, "codePointAt", arguments, 0)
    if not 0 <= at < len(value):
        run.fail(_INDEX, f"Index {at} out of bounds for length {len(value)}")
    return ord(value[at])


@method(CHAR_SEQUENCE, "getAt", 1)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, key = units(run.text(value)), arguments[0]
    if type(key) is values.Range:
        return joined(_slice(run, text, key))
    if type(key) in (list, values.OtherList, values.Array):
        return joined(built(run, "".join(_one(run, text, item) for item in run.items(key))))
    wanted(run, value, "getAt", arguments, type(key) is int or type(key) is values.Long)
    return _one(run, text, key)


def _one(run: "Run", text: str, key: Any) -> str:
    if type(key) is values.Range:
        return _slice(run, text, key)
    at = int(key)
    if at < 0:
        if at < -len(text):
            message = f"Negative array index [{at}] too large for array size {len(text)}"
            run.fail("java.lang.ArrayIndexOutOfBoundsException", message)
        at += len(text)
    if at >= len(text):
        run.fail(_INDEX, f"begin {at}, end {at + 1}, length {len(text)}")
    return text[at]


def bounds(first: int, last: int, size: int) -> tuple[int, int, bool]:
    """First and last index with negative ones counted from the end, and whether the order is reversed."""
    low = first + size if first < 0 else first
    high = last + size if last < 0 else last
    return (high, low, True) if low > high else (low, high, False)


def _slice(run: "Run", text: str, key: values.Range) -> str:
    if not key.count and key.excludes_last and int(key.first) == int(key.last):
        return ""
    low, high, is_reversed = range_bounds(key, len(text))
    if low < 0 or high >= len(text):
        run.fail(_INDEX, f"begin {low}, end {high + 1}, length {len(text)}")
    found = built(run, text[low : high + 1])
    return found[::-1] if is_reversed else found


def range_bounds(key: values.Range, size: int) -> tuple[int, int, bool]:
    """What an index range means in something of that size: first and last index, and whether it runs backwards."""
    first, last = int(key.first), int(key.last)
    low, high, is_reversed = bounds(first, last, size)
    if key.excludes_last:
        if is_reversed:
            low += 1
        else:
            high -= 1
    if key.excludes_first:
        if is_reversed:
            high -= 1
        else:
            low += 1
    return low, high, is_reversed


@method(CHAR_SEQUENCE, "take", 1)
def take(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value)[: max(0, amount(run, value, "take", arguments, 0))])


@method(CHAR_SEQUENCE, "drop", 1)
def drop(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value)[max(0, amount(run, value, "drop", arguments, 0)) :])


@method(CHAR_SEQUENCE, "takeRight", 1)
def take_right(run: "Run", value: Any, arguments: list[Any]) -> str:
    count = max(0, amount(run, value, "takeRight", arguments, 0))
    return built(run, run.text(value)[-count:] if count else "")


@method(CHAR_SEQUENCE, "dropRight", 1)
def drop_right(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[: max(0, len(text) - max(0, amount(run, value, "dropRight", arguments, 0)))])


@method(CHAR_SEQUENCE, "takeWhile", 1)
def take_while(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[: _prefix(run, text, arguments[0])])


@method(CHAR_SEQUENCE, "dropWhile", 1)
def drop_while(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    return built(run, text[_prefix(run, text, arguments[0]) :])


def _prefix(run: "Run", text: str, condition: Any) -> int:
    for at, character in enumerate(text):
        if not run.truth(run.call(condition, [character])):
            return at
    return len(text)


@method(CHAR_SEQUENCE, "takeBefore", 1)
def take_before(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).partition(run.text(arguments[0]))[0])


@method(CHAR_SEQUENCE, "takeAfter", 1)
def take_after(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).partition(run.text(arguments[0]))[2])


@method(CHAR_SEQUENCE, "takeBetween", (1, 2))
def take_between(run: "Run", value: Any, arguments: list[Any]) -> str:
    first, last = run.text(arguments[0]), run.text(arguments[-1])
    _, found, rest = run.text(value).partition(first)
    middle, ended, _ = rest.partition(last)
    return built(run, middle if found and ended else "")


def _padding(run: "Run", value: Any, arguments: list[Any], name: str) -> tuple[str, int, str]:
    """The text, how many characters are missing, and what to fill with."""
    text = run.text(value)
    filling = run.text(arguments[1]) if len(arguments) > 1 else " "
    _given(run, arguments[0], "java.lang.Number.intValue()", "numberOfChars")
    width = amount(run, value, name, arguments, 0)
    run.string(max(width, len(text)))
    return text, max(0, width - len(text)), filling


def _fill(filling: str, count: int) -> str:
    if not filling and count:
        raise JavaError("java.lang.ArithmeticException", "/ by zero")
    return (filling * (count // len(filling) + 1))[:count] if filling else ""


@method(CHAR_SEQUENCE, "padLeft", (1, 2))
def pad_left(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, missing, filling = _padding(run, value, arguments, "padLeft")
    return _fill(filling, missing) + text


@method(CHAR_SEQUENCE, "padRight", (1, 2))
def pad_right(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, missing, filling = _padding(run, value, arguments, "padRight")
    return text + _fill(filling, missing)


@method(CHAR_SEQUENCE, "center", (1, 2))
def center(run: "Run", value: Any, arguments: list[Any]) -> str:
    text, missing, filling = _padding(run, value, arguments, "center")
    left = missing // 2
    return _fill(filling, left) + text + _fill(filling, missing - left)


@method(CHAR_SEQUENCE, "next")
def next_(run: "Run", value: Any, arguments: list[Any]) -> str:
    return _stepped(run.text(value), 1)


@method(CHAR_SEQUENCE, "previous")
def previous(run: "Run", value: Any, arguments: list[Any]) -> str:
    return _stepped(run.text(value), -1)


def _stepped(text: str, by: int) -> str:
    if not text:
        return "\0" if by > 0 else "\uffff"
    code = (ord(text[-1]) + by) & 0xFFFF
    return text[:-1] + chr(code)


@method(CHAR_SEQUENCE, "tr", 2)
def tr(run: "Run", value: Any, arguments: list[Any]) -> str:
    source, target = _expanded(run.text(arguments[0])), _expanded(run.text(arguments[1]))
    run.string(len(source))
    table = {ord(c): target[min(at, len(target) - 1)] for at, c in reversed(list(enumerate(source)))} if target else {}
    return built(run, run.text(value).translate(table))


def _expanded(text: str) -> str:
    """`a-d` written out."""
    found: list[str] = []
    at = 0
    while at < len(text):
        if at + 2 < len(text) and text[at + 1] == "-" and text[at] <= text[at + 2]:
            found.extend(chr(code) for code in range(ord(text[at]), ord(text[at + 2]) + 1))
            at += 3
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


@method(CHAR_SEQUENCE, "readLines")
def read_lines(run: "Run", value: Any, arguments: list[Any]) -> list[Any]:
    lines = lines_of(run.text(value))
    run.collection(len(lines))
    run.allocate(sum(map(len, lines)))
    return lines


def lines_of(text: str) -> list[str]:
    """The lines without their ends; an empty rest is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


@method(CHAR_SEQUENCE, "eachLine", (1, 2))
def each_line(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: Any = None
    start = int(arguments[0]) if len(arguments) > 1 else 0
    for number, line in enumerate(read_lines(run, value, []), start):
        given = [line, number] if run.takes(arguments[-1]) == 2 else [line]
        found = run.call(arguments[-1], given)
    return found


@method(CHAR_SEQUENCE, "stripIndent", (0, 1))
def strip_indent(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    lines = text.split("\n")
    if arguments:
        width = int(arguments[0])
    else:
        width = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return built(run, "\n".join(line[width:] if line[:width].strip() == "" else line.lstrip() for line in lines))


@method(CHAR_SEQUENCE, "stripMargin", (0, 1))
def strip_margin(run: "Run", value: Any, arguments: list[Any]) -> str:
    margin = run.text(arguments[0]) if arguments else "|"
    lines = run.text(value).split("\n")
    return built(run, "\n".join(_unmargined(line, margin) for line in lines))


def _unmargined(line: str, margin: str) -> str:
    rest = line.lstrip()
    return rest[len(margin) :] if rest.startswith(margin) else line


@method(CHAR_SEQUENCE, "normalize")
def normalize(run: "Run", value: Any, arguments: list[Any]) -> str:
    return built(run, run.text(value).replace("\r\n", "\n").replace("\r", "\n"))


@method(CHAR_SEQUENCE, "denormalize")
def denormalize(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(normalize(run, value, arguments))


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
    return numbers_text.parse_integer(run.text(value).strip(_BLANKS), 10, 32)


@method(CHAR_SEQUENCE, "toLong")
def to_long(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(numbers_text.parse_integer(run.text(value).strip(_BLANKS), 10, 64))


@method(CHAR_SEQUENCE, "toShort")
def to_short(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Short(numbers_text.parse_integer(run.text(value).strip(_BLANKS), 10, 16))


@method(CHAR_SEQUENCE, "toBigInteger")
def to_big_integer(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(value).strip(_BLANKS)
    run.integer(len(text) * 3)
    return values.BigInt(numbers_text.parse_integer(text, 10, 0))


@method(CHAR_SEQUENCE, "toDouble")
def to_double(run: "Run", value: Any, arguments: list[Any]) -> float:
    return numbers_text.parse_double(run.text(value).strip(_BLANKS))


@method(CHAR_SEQUENCE, "toFloat")
def to_float(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Float(numbers_text.to_float32(numbers_text.parse_double(run.text(value).strip(_BLANKS))))


@method(CHAR_SEQUENCE, "toBigDecimal")
def to_big_decimal(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return numbers_text.parse_decimal(run.text(value).strip(_BLANKS), run.limits)


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
        "as_text": run.text,
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
    return run.text(value)


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


# Character


def _character_test(name: str, test: Any) -> None:
    @static(CHARACTER, name, 1)
    def check(run: "Run", reference: Any, arguments: list[Any]) -> bool:
        value = arguments[0]
        character = chr(int(value)) if type(value) is int else run.text(value)
        return len(character) == 1 and bool(test(character))

    @method(CHARACTER, name, 0)
    def own(run: "Run", value: Any, arguments: list[Any]) -> bool:
        return bool(test(str(value)))


for _name, _test in {
    "isDigit": str.isdecimal,
    "isLetter": str.isalpha,
    "isAlphabetic": str.isalpha,
    "isLetterOrDigit": str.isalnum,
    "isUpperCase": str.isupper,
    "isLowerCase": str.islower,
    "isWhitespace": str.isspace,
    "isSpaceChar": str.isspace,
}.items():
    _character_test(_name, _test)


@static(CHARACTER, "getNumericValue", 1)
def numeric_value(run: "Run", reference: Any, arguments: list[Any]) -> int:
    text = run.text(arguments[0])
    return int(text, 36) if len(text) == 1 and text.isascii() and text.isalnum() else -1


@static(CHARACTER, "toUpperCase", 1)
def char_upper(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0]).upper()[:1])


@static(CHARACTER, "toLowerCase", 1)
def char_lower(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0]).lower()[:1])


@static(CHARACTER, "valueOf", 1)
def char_value_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Char(run.text(arguments[0])[:1])


@static(CHARACTER, "toString", 1)
def char_to_string(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return run.text(arguments[0])


@method(CHARACTER, "toUpperCase")
def own_upper(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(value.upper()[:1])


@method(CHARACTER, "toLowerCase")
def own_lower(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(value.lower()[:1])


@method(CHARACTER, "charValue toChar")
def char_value(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value


@method(CHARACTER, "compareTo", 1)
def char_compare(run: "Run", value: Any, arguments: list[Any]) -> int:
    return ord(value) - ord(run.text(arguments[0])[:1] or "\0")


@method(CHARACTER, "plus", 1)
def char_plus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    wanted(run, value, "plus", arguments, not is_text(other) or type(other) is values.Char)
    return run.binary("+", ord(value), ord(other) if type(other) is values.Char else other)


@method(CHARACTER, "minus", 1)
def char_minus(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    return run.binary("-", ord(value), ord(other) if type(other) is values.Char else other)


@method(CHARACTER, "next")
def char_next(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(_stepped(str(value), 1))


@method(CHARACTER, "previous")
def char_previous(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Char(_stepped(str(value), -1))


@method(CHARACTER, "hashCode")
def char_hash(run: "Run", value: Any, arguments: list[Any]) -> int:
    return ord(value)


__all__ = ["compare_text", "is_callable", "type_name"]
