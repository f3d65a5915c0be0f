"""What rules use now and then: further dates, numbers, texts, and pairs."""

import hashlib
import math
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.arithmetic import wrapped
from rules.language.java import dates
from rules.language.kinds import CHAR_SEQUENCE, CLASSES, DATE, INSTANT, MAP
from rules.language.members import constant, method, prop, static
from rules.language.members.arguments import is_callable, sequence
from rules.language.members.collections import shared
from rules.language.members.text_values import bytes_of

if TYPE_CHECKING:
    from rules.language.run import Run


@static(CLASSES["Collections"], "frequency", 2)
def frequency(run: "Run", reference: Any, arguments: list[Any]) -> int:
    return sum(run.equal(item, arguments[1]) for item in sequence(run, arguments[0]))


@static(CLASSES["Objects"], "hash", (0, None))
def hash_of(run: "Run", reference: Any, arguments: list[Any]) -> int:
    found = 1
    for item in arguments:
        found = wrapped(31 * found + (0 if item is None else int(run.call_method(item, "hashCode", []))), 32)
    return int(found)


_HOLDER = kinds.Kind("java.util.KeyValueHolder", "KeyValueHolder", (kinds.ENTRY,))


@static(MAP, "entry", 2)
def entry_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Entry(arguments[0], arguments[1], _HOLDER)


@method(MAP, "groupEntriesBy", 1)
def group_entries_by(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = values.GMap()
    for entry in run.items(value):
        key = run.call_entry(arguments[0], entry)
        if not found.has(key):
            run.grow(len(found) + 1)
            found.put(key, [])
        found.get(key).append(entry)
    return found


@method(MAP, "dropWhile", 1)
def drop_while(run: "Run", value: Any, arguments: list[Any]) -> Any:
    entries = sequence(run, value)
    at = 0
    while at < len(entries) and run.truth(run.call_entry(arguments[0], entries[at])):
        at += 1
    return value.similar([(entry.key, entry.value) for entry in entries[at:]])


@method(MAP, "intersect", 1)
def intersect(run: "Run", value: Any, arguments: list[Any]) -> Any:
    other = arguments[0]
    pairs = [(entry.key, entry.value) for entry in sequence(run, value)]
    return value.similar([(key, held) for key, held in pairs if other.has(key) and run.equal(other.get(key), held)])


@shared("asCollection", 0, (kinds.COLLECTION,))
def as_collection(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value


# Texts


@method(CHAR_SEQUENCE, "expand", (0, 1))
def expand(run: "Run", value: Any, arguments: list[Any]) -> str:
    text = run.text(value)
    width = int(arguments[0]) if arguments else 8
    run.string(len(text) + text.count("\t") * max(0, width))
    return text.expandtabs(width)


@method(CHAR_SEQUENCE, "digest", 1)
def digest(run: "Run", value: Any, arguments: list[Any]) -> str:
    name = run.text(arguments[0])
    known = {"MD5": hashlib.md5, "SHA-1": hashlib.sha1, "SHA-256": hashlib.sha256, "SHA-512": hashlib.sha512}
    if name not in known:
        run.fail("java.lang.IllegalArgumentException", f"{name} MessageDigest not available")
    data = run.text(value).encode("utf-8", "replace")
    run.steps(len(data) >> 6)
    return known[name](data, usedforsecurity=False).hexdigest()


@method(CHAR_SEQUENCE, "splitEachLine", 2)
def split_each_line(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found: Any = None
    for line in run.call_method(value, "readLines", []):
        found = run.call(arguments[1], [list(run.call_method(line, "split", arguments[:1]))])
    return found


@method(CHAR_SEQUENCE, "findIndexOf", 1)
def find_index_of(run: "Run", value: Any, arguments: list[Any]) -> int:
    if not is_callable(arguments[0]):
        run.no_method(kinds.kind_of(value).name, "findIndexOf", arguments)
    for at, item in enumerate(sequence(run, value)):
        if run.truth(run.call(arguments[0], [item])):
            return at
    return -1


@method(kinds.G_STRING_IMPL, "hashCode")
def string_hash_code(run: "Run", value: Any, arguments: list[Any]) -> int:
    """Another one than that of the String that it shows, which is why it is another key."""
    return int(wrapped(37 + int(run.call_method(run.text(value), "hashCode", [])), 32))


@method(kinds.G_STRING_IMPL, "getValueCount")
def value_count(run: "Run", value: Any, arguments: list[Any]) -> int:
    return len(value.values)


@prop(kinds.G_STRING_IMPL, "values")
def string_values(run: "Run", value: Any) -> Any:
    return values.Array(value.values, "Object")


@prop(kinds.G_STRING_IMPL, "strings")
def string_parts(run: "Run", value: Any) -> Any:
    return values.Array(value.strings, "String")


@method(kinds.MATCHER, "iterator")
def matcher_iterator(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(run.call_method(value, "collect", []), "iterator", [])


# Numbers


@method(CLASSES["java.math.BigDecimal"], "movePointLeft", 1)
def move_point_left(run: "Run", value: Any, arguments: list[Any]) -> Any:
    by = int(arguments[0])
    run.integer(abs(by) * 10)
    sign, digits, exponent = Decimal(value).as_tuple()
    moved = Decimal((sign, digits, int(exponent) - by))
    return moved if int(exponent) - by <= 0 else Decimal(int(moved))


@method(CLASSES["java.math.BigDecimal"], "movePointRight", 1)
def move_point_right(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return move_point_left(run, value, [-int(arguments[0])])


@method(kinds.BIG_INTEGER, "pow", 1)
def big_power(run: "Run", value: Any, arguments: list[Any]) -> Any:
    by = int(arguments[0])
    if by < 0:
        run.fail("java.lang.ArithmeticException", "Negative exponent")
    run.integer(int(value).bit_length() * by)
    return values.BigInt(int(value) ** by)


@method(kinds.BIG_INTEGER, "gcd", 1)
def divisor(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.BigInt(math.gcd(int(value), int(arguments[0])))


@static(CLASSES["Integer"], "signum", 1)
def signum(run: "Run", reference: Any, arguments: list[Any]) -> int:
    number = int(arguments[0])
    return (number > 0) - (number < 0)


@static(CLASSES["Double"], "isNaN", 1)
def is_nan(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return bool(arguments[0] != arguments[0])


@static(CLASSES["Double"], "toString", 1)
@static(CLASSES["Boolean"], "toString", 1)
def text_of_one(run: "Run", reference: Any, arguments: list[Any]) -> str:
    wanted = bool if reference.kind.simple == "Boolean" else float
    return run.text(wanted(arguments[0]))


@static(kinds.UUID, "nameUUIDFromBytes", 1)
def name_uuid(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    found = hashlib.md5(bytes_of(arguments[0]), usedforsecurity=False).digest()
    return values.Box(kinds.UUID, str(uuid.UUID(bytes=found, version=3)))


# Dates

constant(INSTANT, "EPOCH", values.Box(INSTANT, datetime(1970, 1, 1, tzinfo=UTC)))
constant(kinds.LOCAL_DATE, "EPOCH", values.Box(kinds.LOCAL_DATE, date(1970, 1, 1)))


def _shown(pattern: str) -> Callable[["Run", Any, list[Any]], str]:
    return lambda run, value, arguments: dates.format_date(pattern, value.millis, run.zone)


method(DATE, "getDateString")(_shown("M/d/yy"))
method(DATE, "getTimeString")(_shown("h:mm:ss a"))
method(DATE, "getDateTimeString")(_shown("M/d/yy, h:mm:ss a"))


@prop(kinds.LOCALE, "language")
def language(run: "Run", value: Any) -> str:
    return str(value.content).split("_")[0]


@method(DATE, "updated", 1)
def updated(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call_method(value, "copyWith", arguments)


_DAY = 86_400_000


@method(DATE, "upto", 2)
def upto(run: "Run", value: Any, arguments: list[Any]) -> None:
    for millis in range(value.millis, arguments[0].millis + 1, _DAY):
        run.call(arguments[1], [values.Date(millis, value.kind)])


@method(DATE, "downto", 2)
def downto(run: "Run", value: Any, arguments: list[Any]) -> None:
    for millis in range(value.millis, arguments[0].millis - 1, -_DAY):
        run.call(arguments[1], [values.Date(millis, value.kind)])


_UNITS = {"MILLISECONDS": 1, "SECONDS": 1_000, "MINUTES": 60_000, "HOURS": 3_600_000, "DAYS": _DAY}
_TIME_UNIT = CLASSES["java.util.concurrent.TimeUnit"]
for _name in _UNITS:
    constant(_TIME_UNIT, _name, values.Box(_TIME_UNIT, _name))


def _converted(into: str) -> Callable[["Run", Any, list[Any]], Any]:
    def convert(run: "Run", value: Any, arguments: list[Any]) -> Any:
        millis = int(arguments[0]) * _UNITS[value.content]
        return values.Long(abs(millis) // _UNITS[into] * (1 if millis >= 0 else -1))

    return convert


for _method, _name in (
    ("toMillis", "MILLISECONDS"),
    ("toSeconds", "SECONDS"),
    ("toMinutes", "MINUTES"),
    ("toHours", "HOURS"),
    ("toDays", "DAYS"),
):
    method(_TIME_UNIT, _method, 1)(_converted(_name))
