"""The table of kinds: every class that a value of a rule can have, by its Java name, and what it descends from."""

from dataclasses import dataclass
from typing import Any

from rules.language.raised import SecurityStop


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One class. `name` is the full Java name, `simple` what getSimpleName says; parents are the nearest ones."""

    name: str
    simple: str
    parents: "tuple[Kind, ...]" = ()


CLASSES: dict[str, Kind] = {}
"""What a rule may write: simple names of the packages that Groovy imports by itself, and full names of all others."""

_IMPORTED = ("java.lang.", "java.util.", "java.io.", "java.net.", "groovy.lang.", "groovy.util.")
_ALSO = ("java.math.BigDecimal", "java.math.BigInteger")


def kind(name: str, *parents: Kind, simple: str = "") -> Kind:
    """A new entry of the table."""
    simple = simple or name.rpartition(".")[2].rpartition("$")[2]
    made = Kind(name, simple, parents)
    known = name.replace("$", ".")
    CLASSES[known] = made
    for prefix in _IMPORTED:
        rest = known.removeprefix(prefix)
        if rest != known and rest[:1].isupper():
            CLASSES.setdefault(rest, made)
    if name in _ALSO:
        CLASSES[simple] = made
    return made


def class_named(name: str) -> Kind | None:
    """The kind that a rule means by this name; None for a class that no rule may have."""
    return CLASSES.get(name)


def is_kind(actual: Kind, wanted: Kind) -> bool:
    """Whether `actual` is `wanted` or descends from it. Everything is an Object."""
    if actual is wanted or wanted is OBJECT:
        return True
    return any(is_kind(parent, wanted) for parent in actual.parents)


def lineage(of: Kind) -> list[Kind]:
    """The kind and all it descends from, nearest first, Object last."""
    found: list[Kind] = []
    work = [of]
    while work:
        step = work.pop(0)
        if step not in found:
            found.append(step)
            work.extend(step.parents)
    if OBJECT in found:
        found.remove(OBJECT)
    return [*found, OBJECT]


OBJECT = kind("java.lang.Object")
NULL = Kind("org.codehaus.groovy.runtime.NullObject", "NullObject", (OBJECT,))
COMPARABLE = kind("java.lang.Comparable", OBJECT)
ENUM = kind("java.lang.Enum", OBJECT, COMPARABLE)
SERIALIZABLE = kind("java.io.Serializable", OBJECT)
CHAR_SEQUENCE = kind("java.lang.CharSequence", OBJECT)
NUMBER = kind("java.lang.Number", OBJECT, SERIALIZABLE)
INTEGER = kind("java.lang.Integer", NUMBER, COMPARABLE)
LONG = kind("java.lang.Long", NUMBER, COMPARABLE)
SHORT = kind("java.lang.Short", NUMBER, COMPARABLE)
BYTE = kind("java.lang.Byte", NUMBER, COMPARABLE)
BIG_INTEGER = kind("java.math.BigInteger", NUMBER, COMPARABLE)
BIG_DECIMAL = kind("java.math.BigDecimal", NUMBER, COMPARABLE)
DOUBLE = kind("java.lang.Double", NUMBER, COMPARABLE)
FLOAT = kind("java.lang.Float", NUMBER, COMPARABLE)
BOOLEAN = kind("java.lang.Boolean", OBJECT, COMPARABLE)
CHARACTER = kind("java.lang.Character", OBJECT, COMPARABLE)
STRING = kind("java.lang.String", CHAR_SEQUENCE, COMPARABLE)
G_STRING = kind("groovy.lang.GString", CHAR_SEQUENCE, COMPARABLE)
G_STRING_IMPL = kind("org.codehaus.groovy.runtime.GStringImpl", G_STRING)
STRING_BUILDER = kind("java.lang.StringBuilder", CHAR_SEQUENCE, COMPARABLE)
STRING_BUFFER = kind("java.lang.StringBuffer", CHAR_SEQUENCE, COMPARABLE)

# Primitive types: declared and cast to, never the kind of a value.
PRIMITIVES = {
    name: Kind(name, name, (boxed,))
    for name, boxed in {
        "int": INTEGER,
        "long": LONG,
        "short": SHORT,
        "byte": BYTE,
        "double": DOUBLE,
        "float": FLOAT,
        "boolean": BOOLEAN,
        "char": CHARACTER,
    }.items()
}
CLASSES.update(PRIMITIVES)
INT = PRIMITIVES["int"]

ITERABLE = kind("java.lang.Iterable", OBJECT)
ITERATOR = kind("java.util.Iterator", OBJECT)
COLLECTION = kind("java.util.Collection", ITERABLE)
LIST = kind("java.util.List", COLLECTION)
QUEUE = kind("java.util.Queue", COLLECTION)
DEQUE = kind("java.util.Deque", QUEUE)
ARRAY_LIST = kind("java.util.ArrayList", LIST)
LINKED_LIST = kind("java.util.LinkedList", LIST, DEQUE)
SET = kind("java.util.Set", COLLECTION)
HASH_SET = kind("java.util.HashSet", SET)
LINKED_HASH_SET = kind("java.util.LinkedHashSet", HASH_SET)
SORTED_SET = kind("java.util.SortedSet", SET)
TREE_SET = kind("java.util.TreeSet", SORTED_SET)
MAP = kind("java.util.Map", OBJECT)
HASH_MAP = kind("java.util.HashMap", MAP)
LINKED_HASH_MAP = kind("java.util.LinkedHashMap", HASH_MAP)
CONCURRENT_MAP = kind("java.util.concurrent.ConcurrentHashMap", MAP)
SORTED_MAP = kind("java.util.SortedMap", MAP)
TREE_MAP = kind("java.util.TreeMap", SORTED_MAP)
LAZY_MAP = kind("org.apache.groovy.json.internal.LazyMap", MAP)
MAP_WITH_DEFAULT = kind("groovy.lang.MapWithDefault", MAP)
ENTRY = kind("java.util.Map$Entry", OBJECT)
LINKED_ENTRY = kind("java.util.LinkedHashMap$Entry", ENTRY)
RANGE = kind("groovy.lang.Range", LIST)
INT_RANGE = kind("groovy.lang.IntRange", RANGE)
OBJECT_RANGE = kind("groovy.lang.ObjectRange", RANGE)
NUMBER_RANGE = kind("groovy.lang.NumberRange", RANGE)
EMPTY_RANGE = kind("groovy.lang.EmptyRange", RANGE)
ARRAY = Kind("java.lang.Object[]", "Object[]", (OBJECT,))
PRIMITIVE_ARRAY = Kind("int[]", "int[]", (ARRAY,))

SCRIPT = kind("groovy.lang.Script", OBJECT)
CLOSURE = kind("groovy.lang.Closure", OBJECT)
METHOD_CLOSURE = kind("org.codehaus.groovy.runtime.MethodClosure", CLOSURE)
CURRIED_CLOSURE = kind("org.codehaus.groovy.runtime.CurriedClosure", CLOSURE)
COMPOSED_CLOSURE = kind("org.codehaus.groovy.runtime.ComposedClosure", CLOSURE)
TRAMPOLINE = kind("groovy.lang.TrampolineClosure", CLOSURE)
CLASS = kind("java.lang.Class", OBJECT)
PATTERN = kind("java.util.regex.Pattern", OBJECT)
MATCHER = kind("java.util.regex.Matcher", OBJECT)
DATE = kind("java.util.Date", OBJECT, COMPARABLE)
TIMESTAMP = kind("java.sql.Timestamp", DATE)
CALENDAR = kind("java.util.Calendar", OBJECT, COMPARABLE)
GREGORIAN_CALENDAR = kind("java.util.GregorianCalendar", CALENDAR)
TIME_ZONE = kind("java.util.TimeZone", OBJECT)
ZONE_INFO = Kind("sun.util.calendar.ZoneInfo", "ZoneInfo", (TIME_ZONE,))
LOCALE = kind("java.util.Locale", OBJECT)
SIMPLE_DATE_FORMAT = kind("java.text.SimpleDateFormat", OBJECT)
OPTIONAL = kind("java.util.Optional", OBJECT)
STREAM = kind("java.util.stream.Stream", OBJECT)
UUID = kind("java.util.UUID", OBJECT, COMPARABLE)
URI = kind("java.net.URI", OBJECT, COMPARABLE)
URL = kind("java.net.URL", OBJECT)
EXPANDO = kind("groovy.util.Expando", OBJECT)
JSON_SLURPER = kind("groovy.json.JsonSlurper", OBJECT)
JSON_SLURPER_CLASSIC = kind("groovy.json.JsonSlurperClassic", OBJECT)
JSON_OUTPUT = kind("groovy.json.JsonOutput", OBJECT)
RANDOM = kind("java.util.Random", OBJECT)
NUMBER_FORMAT = kind("java.text.NumberFormat", OBJECT)
DECIMAL_FORMAT = kind("java.text.DecimalFormat", NUMBER_FORMAT)

# Only their static members.
for _name in (
    "java.lang.Math", "java.lang.System", "java.util.Collections", "java.util.Arrays", "java.util.Objects",
    "java.net.URLEncoder", "java.net.URLDecoder", "java.util.Base64", "java.util.stream.Collectors",
    "java.nio.charset.StandardCharsets", "java.util.concurrent.TimeUnit", "groovy.transform.Field",
    "java.lang.StrictMath", "java.math.RoundingMode", "java.math.MathContext", "java.util.stream.IntStream",
):  # fmt: skip
    kind(_name, OBJECT)

# Interfaces that closures stand for.
FUNCTIONAL = {
    kind(_name, OBJECT)
    for _name in (
        "java.lang.Runnable", "java.util.concurrent.Callable", "java.util.Comparator", "java.util.function.Function",
        "java.util.function.BiFunction", "java.util.function.Predicate", "java.util.function.Supplier",
        "java.util.function.Consumer", "java.util.function.BiConsumer", "java.util.function.UnaryOperator",
        "java.util.function.BinaryOperator", "java.util.function.BiPredicate",
    )
}  # fmt: skip

# java.time
TEMPORAL = kind("java.time.temporal.Temporal", OBJECT)
LOCAL_DATE = kind("java.time.LocalDate", TEMPORAL, COMPARABLE)
LOCAL_TIME = kind("java.time.LocalTime", TEMPORAL, COMPARABLE)
LOCAL_DATE_TIME = kind("java.time.LocalDateTime", TEMPORAL, COMPARABLE)
INSTANT = kind("java.time.Instant", TEMPORAL, COMPARABLE)
ZONED_DATE_TIME = kind("java.time.ZonedDateTime", TEMPORAL, COMPARABLE)
OFFSET_DATE_TIME = kind("java.time.OffsetDateTime", TEMPORAL, COMPARABLE)
DURATION = kind("java.time.Duration", OBJECT, COMPARABLE)
PERIOD = kind("java.time.Period", OBJECT)
ZONE_ID = kind("java.time.ZoneId", OBJECT)
ZONE_OFFSET = kind("java.time.ZoneOffset", ZONE_ID)
ZONE_REGION = Kind("java.time.ZoneRegion", "ZoneRegion", (ZONE_ID,))
DATE_TIME_FORMATTER = kind("java.time.format.DateTimeFormatter", OBJECT)
CHRONO_UNIT = kind("java.time.temporal.ChronoUnit", OBJECT, COMPARABLE)
DAY_OF_WEEK = kind("java.time.DayOfWeek", OBJECT, COMPARABLE)
MONTH = kind("java.time.Month", OBJECT, COMPARABLE)

# Exceptions
THROWABLE = kind("java.lang.Throwable", OBJECT, SERIALIZABLE)
EXCEPTION = kind("java.lang.Exception", THROWABLE)
ERROR = kind("java.lang.Error", THROWABLE)
RUNTIME = kind("java.lang.RuntimeException", EXCEPTION)
ASSERTION_ERROR = kind("java.lang.AssertionError", ERROR)
POWER_ASSERTION_ERROR = kind("org.codehaus.groovy.runtime.powerassert.PowerAssertionError", ASSERTION_ERROR)
_IO = kind("java.io.IOException", EXCEPTION)
_ARGUMENT = kind("java.lang.IllegalArgumentException", RUNTIME)
_INDEX = kind("java.lang.IndexOutOfBoundsException", RUNTIME)
_GROOVY = kind("groovy.lang.GroovyRuntimeException", RUNTIME)
_CAST = kind("java.lang.ClassCastException", RUNTIME)
_DATE_TIME = kind("java.time.DateTimeException", RUNTIME)
_NO_ELEMENT = kind("java.util.NoSuchElementException", RUNTIME)
_REFLECTIVE = kind("java.lang.ReflectiveOperationException", EXCEPTION)
for _name, _parent in (
    ("java.lang.IllegalStateException", RUNTIME), ("java.lang.NullPointerException", RUNTIME),
    ("java.lang.ArithmeticException", RUNTIME), ("java.lang.UnsupportedOperationException", RUNTIME),
    ("java.lang.NegativeArraySizeException", RUNTIME), ("java.lang.ArrayStoreException", RUNTIME),
    ("java.util.ConcurrentModificationException", RUNTIME), ("java.lang.SecurityException", RUNTIME),
    ("java.lang.NumberFormatException", _ARGUMENT), ("java.util.regex.PatternSyntaxException", _ARGUMENT),
    ("java.util.IllegalFormatException", _ARGUMENT), ("java.lang.StringIndexOutOfBoundsException", _INDEX),
    ("java.lang.ArrayIndexOutOfBoundsException", _INDEX), ("java.util.InputMismatchException", _NO_ELEMENT),
    ("java.util.EmptyStackException", RUNTIME), ("java.util.MissingResourceException", RUNTIME),
    ("groovy.lang.MissingPropertyException", _GROOVY), ("groovy.lang.MissingMethodException", _GROOVY),
    ("groovy.lang.ReadOnlyPropertyException", _GROOVY), ("groovy.lang.MissingFieldException", _GROOVY),
    ("groovy.lang.StringWriterIOException", _GROOVY), ("groovy.json.JsonException", RUNTIME),
    ("org.codehaus.groovy.runtime.typehandling.GroovyCastException", _CAST),
    ("java.time.format.DateTimeParseException", _DATE_TIME), ("java.time.zone.ZoneRulesException", _DATE_TIME),
    ("java.time.temporal.UnsupportedTemporalTypeException", _DATE_TIME),
    ("java.text.ParseException", EXCEPTION), ("java.lang.CloneNotSupportedException", EXCEPTION),
    ("java.lang.InterruptedException", EXCEPTION), ("java.util.concurrent.TimeoutException", EXCEPTION),
    ("java.util.concurrent.ExecutionException", EXCEPTION), ("java.net.URISyntaxException", EXCEPTION),
    ("java.io.FileNotFoundException", _IO), ("java.net.MalformedURLException", _IO),
    ("java.net.UnknownHostException", _IO), ("java.net.SocketTimeoutException", _IO),
    ("java.io.UnsupportedEncodingException", _IO), ("java.io.UncheckedIOException", RUNTIME),
    ("java.lang.ClassNotFoundException", _REFLECTIVE), ("java.lang.InstantiationException", _REFLECTIVE),
    ("java.lang.NoSuchFieldException", _REFLECTIVE), ("java.lang.NoSuchMethodException", _REFLECTIVE),
    ("java.lang.StackOverflowError", ERROR), ("java.lang.OutOfMemoryError", ERROR),
):  # fmt: skip
    kind(_name, _parent)
kind(
    "org.codehaus.groovy.runtime.metaclass.MissingMethodExceptionNoStack", CLASSES["groovy.lang.MissingMethodException"]
)
_FORMAT = CLASSES["java.util.IllegalFormatException"]
for _name in (
    "MissingFormatArgumentException", "UnknownFormatConversionException", "IllegalFormatConversionException",
    "IllegalFormatPrecisionException", "DuplicateFormatFlagsException", "FormatFlagsConversionMismatchException",
    "MissingFormatWidthException", "IllegalFormatFlagsException", "IllegalFormatWidthException",
):  # fmt: skip
    kind(f"java.util.{_name}", _FORMAT)

_OF_TYPE: dict[type, Any] = {}
"""By Python type: the kind, or a function from the value to its kind. Filled where the value classes are defined."""


def of_type(python_type: type, found: Any) -> None:
    """Enter a Python type of values: its kind, or a function that gives the kind of a value."""
    _OF_TYPE[python_type] = found


def kind_of(value: Any) -> Kind:
    """The kind of a value. Raises SecurityStop for anything outside the closed model."""
    found = _OF_TYPE.get(type(value))
    if found is None:
        found = _inherited(value)
    return found if type(found) is Kind else found(value)


def _inherited(value: Any) -> Any:
    for base in type(value).__mro__[1:-1]:
        if base in _OF_TYPE and base not in (int, str, float, list, bool):
            _OF_TYPE[type(value)] = _OF_TYPE[base]
            return _OF_TYPE[base]
    raise SecurityStop("a value that no rule may have was found")


of_type(type(None), NULL)
of_type(bool, BOOLEAN)
of_type(int, INTEGER)
of_type(str, STRING)
of_type(float, DOUBLE)
of_type(list, ARRAY_LIST)
