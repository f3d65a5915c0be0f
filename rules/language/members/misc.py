"""The rarer classes: StringBuilder, Optional, streams, Expando, System, Collections, encodings, UUID, URI."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rules.language import equality, kinds, text_of, values
from rules.language.classes import Instance
from rules.language.java import web_text
from rules.language.java.errors import JavaError
from rules.language.kinds import (
    ARRAY,
    CHAR_SEQUENCE,
    EXPANDO,
    OBJECT,
    OPTIONAL,
    STREAM,
    STRING,
    STRING_BUFFER,
    STRING_BUILDER,
    URI,
    URL,
)
from rules.language.kinds import UUID as UUID_KIND
from rules.language.members import Arity, Method, collections, constant, constructor, lists, method, prop, static
from rules.language.members.arguments import sequence
from rules.language.members.text import byte_array, bytes_of
from rules.language.raised import SecurityStop

if TYPE_CHECKING:
    from rules.language.run import Run

CLASSES = kinds.CLASSES

# StringBuilder and StringBuffer


def _new_builder(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0]) if arguments and type(arguments[0]) is not int else ""
    run.string(len(text))
    return values.StringBuilder(text, kind)


for _kind in (STRING_BUILDER, STRING_BUFFER):
    constructor(_kind, (0, 1))(_new_builder)


def _both(names: str, arity: Arity = 0) -> Callable[[Method], Method]:
    def enter(act: Method) -> Method:
        for kind in (STRING_BUILDER, STRING_BUFFER):
            method(kind, names, arity)(act)
        return act

    return enter


def _set_text(run: "Run", value: Any, text: str) -> Any:
    run.string(len(text))
    value.replace_all(text)
    return value


@_both("append leftShift", (1, 3))
def append(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(arguments[0])
    if value.length + len(text) > run.limits.string:
        run.string(value.length + len(text))
    run.allocate(len(text))
    value.append(text)
    return value


@_both("insert", 2)
def insert(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text, at = value.text(), int(arguments[0])
    return _set_text(run, value, text[:at] + run.text(arguments[1]) + text[at:])


@_both("reverse")
def reverse(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _set_text(run, value, value.text()[::-1])


@_both("deleteCharAt", 1)
def delete_char(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text, at = value.text(), int(arguments[0])
    if not 0 <= at < len(text):
        run.fail("java.lang.StringIndexOutOfBoundsException", f"index {at},length {len(text)}")
    return _set_text(run, value, text[:at] + text[at + 1 :])


@_both("delete", 2)
def delete(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = value.text()
    return _set_text(run, value, text[: int(arguments[0])] + text[int(arguments[1]) :])


@_both("replace", 3)
def replace(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = value.text()
    return _set_text(run, value, text[: int(arguments[0])] + run.text(arguments[2]) + text[int(arguments[1]) :])


@_both("setLength", 1)
def set_length(run: "Run", value: Any, arguments: list[Any]) -> None:
    run.string(int(arguments[0]))
    _set_text(run, value, value.text()[: int(arguments[0])].ljust(int(arguments[0]), "\0"))


@_both("setCharAt", 2)
def set_char(run: "Run", value: Any, arguments: list[Any]) -> None:
    text, at = value.text(), int(arguments[0])
    _set_text(run, value, text[:at] + run.text(arguments[1]) + text[at + 1 :])


@_both("capacity")
def capacity(run: "Run", value: Any, arguments: list[Any]) -> int:
    return max(16, int(value.length))


# Optional


@static(OPTIONAL, "ofNullable", 1)
def optional_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(OPTIONAL, arguments[0])


@static(OPTIONAL, "empty")
def optional_empty(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(OPTIONAL, None)


@method(OPTIONAL, "isPresent")
def is_present(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.content is not None


@method(OPTIONAL, "isEmpty")
def optional_is_empty(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.content is None


@method(OPTIONAL, "get orElseThrow", (0, 1))
def optional_get(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if value.content is None:
        run.fail("java.util.NoSuchElementException", "No value present")
    return value.content


@method(OPTIONAL, "orElse", 1)
def or_else(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return arguments[0] if value.content is None else value.content


@method(OPTIONAL, "orElseGet", 1)
def or_else_get(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.call(arguments[0]) if value.content is None else value.content


@method(OPTIONAL, "map", 1)
def optional_map(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value if value.content is None else values.Box(OPTIONAL, run.call(arguments[0], [value.content]))


@method(OPTIONAL, "ifPresent", 1)
def if_present(run: "Run", value: Any, arguments: list[Any]) -> None:
    if value.content is not None:
        run.call(arguments[0], [value.content])


text_of.TEXTS[OPTIONAL] = lambda run, value: (
    "Optional.empty" if value.content is None else f"Optional[{run.text(value.content)}]"
)

# Streams: a list that later steps take over

_LIST_N = kinds.Kind("java.util.ImmutableCollections$ListN", "ListN", (kinds.LIST,))


def _stream(items: list[Any]) -> Any:
    return values.Box(STREAM, items)


def _on_stream(names: str, arity: Any, act: Any) -> None:
    @method(STREAM, names, arity)
    def step(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return act(run, value.content, arguments)


_on_stream(
    "map mapToInt mapToObj mapToLong mapToDouble boxed",
    (0, 1),
    lambda run, items, a: _stream([run.call(a[0], [it]) for it in items] if a else items),
)
_on_stream("filter", 1, lambda run, items, a: _stream([it for it in items if run.truth(run.call(a[0], [it]))]))
_on_stream("flatMap", 1, lambda run, items, a: _stream([x for it in items for x in run.call(a[0], [it]).content]))
_on_stream("distinct", 0, lambda run, items, a: _stream(list(values.GSet(items))))
_on_stream("sorted", (0, 1), lambda run, items, a: _stream(collections.sorted_items(run, items, a[0] if a else None)))
_on_stream("limit", 1, lambda run, items, a: _stream(items[: int(a[0])]))
_on_stream("skip", 1, lambda run, items, a: _stream(items[int(a[0]) :]))
_on_stream("toList", 0, lambda run, items, a: values.OtherList(items, _LIST_N, fixed=True))
_on_stream("toArray", (0, 1), lambda run, items, a: values.Array(items))
_on_stream("count", 0, lambda run, items, a: values.Long(len(items)))
_on_stream("sum", 0, lambda run, items, a: collections.sum_(run, items, []) or 0)
_on_stream("anyMatch", 1, lambda run, items, a: collections.any_(run, items, a))
_on_stream("allMatch", 1, lambda run, items, a: collections.every(run, items, a))
_on_stream("noneMatch", 1, lambda run, items, a: not collections.any_(run, items, a))
_on_stream("findFirst findAny", 0, lambda run, items, a: values.Box(OPTIONAL, items[0] if items else None))
_on_stream("forEach", 1, lambda run, items, a: collections.for_each(run, items, a))
_on_stream("max", (0, 1), lambda run, items, a: values.Box(OPTIONAL, collections.max_(run, items, a)))
_on_stream("min", (0, 1), lambda run, items, a: values.Box(OPTIONAL, collections.min_(run, items, a)))
_on_stream("collect", 1, lambda run, items, a: a[0].content(run, items))
_on_stream("iterator", 0, lambda run, items, a: values.Walker(run.items(items)))


@method(CHAR_SEQUENCE, "lines")
def text_lines(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _stream(run.call_method(value, "readLines"))


@method(CHAR_SEQUENCE, "chars")
def text_chars(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(value)
    run.collection(len(text))
    return _stream([ord(character) for character in text])


@method(STREAM, "reduce", (1, 2))
def reduce(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = collections.inject(run, value.content, arguments) if value.content or len(arguments) > 1 else None
    return found if len(arguments) > 1 else values.Box(OPTIONAL, found)


COLLECTORS = CLASSES["java.util.stream.Collectors"]
CLASSES.setdefault("Collectors", COLLECTORS)
_COLLECTOR = kinds.kind("java.util.stream.Collector", OBJECT)


def _collector(name: str, arity: Any, act: Any) -> None:
    @static(COLLECTORS, name, arity)
    def make(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return values.Box(_COLLECTOR, lambda run, items: act(run, items, arguments))


def _hashed(found: Any) -> Any:
    return values.GMap(found.items(), kinds.HASH_MAP)


_collector("toList", 0, lambda run, items, a: list(items))
_collector("toSet", 0, lambda run, items, a: values.GSet(items, kinds.HASH_SET))
_collector(
    "joining",
    (0, 3),
    lambda run, items, a: (
        (run.text(a[1]) if len(a) > 1 else "")
        + collections.join(run, items, a[:1])
        + (run.text(a[2]) if len(a) > 2 else "")
    ),
)
_collector("groupingBy", (1, 2), lambda run, items, a: _hashed(collections.group_by(run, items, a[:1])))
_collector("counting", 0, lambda run, items, a: values.Long(len(items)))
_collector(
    "toMap",
    (2, 3),
    lambda run, items, a: values.GMap([(run.call(a[0], [it]), run.call(a[1], [it])) for it in items], kinds.HASH_MAP),
)

# Expando


@constructor(EXPANDO, (0, 1))
def new_expando(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(EXPANDO, values.GMap(arguments[0].items() if arguments else ()))


text_of.TEXTS[EXPANDO] = lambda run, value: (
    "{" + ", ".join(f"{run.text(entry.key)}={run.text(entry.value)}" for entry in run.items(value.content)) + "}"
)


@method(EXPANDO, "getProperties")
def expando_properties(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.content


# Files, processes, threads and the rest of the machine: nothing of it is there


def _never(run: "Run", value: Any, arguments: list[Any]) -> Any:
    raise SecurityStop("a rule cannot reach the machine it runs on")


for _kind, _names in (
    (STRING, "execute toFile"), (kinds.LIST, "execute"), (ARRAY, "execute"), (URL, "getText openStream openConnection "
     "withReader eachLine getBytes newReader newInputStream getContent readLines"), (URI, "toFile"),
):  # fmt: skip
    method(_kind, _names, (0, None))(_never)


@prop(URL, "text")
def url_text(run: "Run", value: Any) -> Any:
    raise SecurityStop("a rule reaches other machines through httpClient only")


SYSTEM = CLASSES["System"]


@static(SYSTEM, "currentTimeMillis")
def current_time(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Long(int(run.now.timestamp() * 1000))


@static(SYSTEM, "nanoTime")
def nano_time(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Long(int(run.now.timestamp() * 1000) * 1_000_000)


@static(SYSTEM, "lineSeparator")
def line_separator(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return "\n"


static(
    SYSTEM,
    "exit getenv getProperty getProperties setProperty gc load loadLibrary halt setOut setErr runFinalization "
    "console identityHashCode getSecurityManager setSecurityManager",
    (0, None),
)(_never)

# Collections, Arrays, Objects

COLLECTIONS, ARRAYS, OBJECTS = CLASSES["Collections"], CLASSES["Arrays"], CLASSES["Objects"]


def _fixed_list(run: "Run", items: list[Any], kind: kinds.Kind) -> Any:
    run.collection(len(items))
    return values.OtherList(items, kind, fixed=True)


_EMPTY = kinds.Kind("java.util.Collections$EmptyList", "EmptyList", (kinds.LIST,))
_SINGLETON = kinds.Kind("java.util.Collections$SingletonList", "SingletonList", (kinds.LIST,))
_COPIES = kinds.Kind("java.util.Collections$CopiesList", "CopiesList", (kinds.LIST,))
_AS_LIST = kinds.Kind("java.util.Arrays$ArrayList", "ArrayList", (kinds.LIST,))
_LIST_12 = kinds.Kind("java.util.ImmutableCollections$List12", "List12", (kinds.LIST,))
_MAP_1 = kinds.Kind("java.util.ImmutableCollections$Map1", "Map1", (kinds.MAP,))
_MAP_N = kinds.Kind("java.util.ImmutableCollections$MapN", "MapN", (kinds.MAP,))


@static(COLLECTIONS, "emptyList")
def empty_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _fixed_list(run, [], _EMPTY)


@static(COLLECTIONS, "emptyMap")
def empty_map(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    made = values.GMap((), kinds.Kind("java.util.Collections$EmptyMap", "EmptyMap", (kinds.MAP,)))
    made.fixed = True
    return made


@static(COLLECTIONS, "singletonList", 1)
def singleton_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _fixed_list(run, arguments, _SINGLETON)


@static(COLLECTIONS, "unmodifiableList", 1)
def unmodifiable_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return lists.as_immutable(run, arguments[0], [])


@static(COLLECTIONS, "sort", (1, 2))
def collections_sort(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = collections.sorted_items(
        run, sequence(run, arguments[0]), arguments[1] if arguments[1:] else None
    )


@static(COLLECTIONS, "reverse", 1)
def collections_reverse(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = arguments[0][::-1]


@static(COLLECTIONS, "max", (1, 2))
def collections_max(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return collections.max_(run, arguments[0], arguments[1:])


@static(COLLECTIONS, "min", (1, 2))
def collections_min(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return collections.min_(run, arguments[0], arguments[1:])


@static(COLLECTIONS, "nCopies", 2)
def n_copies(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    run.collection(int(arguments[0]))
    return values.OtherList([arguments[1]] * int(arguments[0]), _COPIES, fixed=True)


@static(ARRAYS, "asList", (0, None))
def as_list(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    items = list(arguments[0]) if len(arguments) == 1 and type(arguments[0]) is values.Array else arguments
    return values.OtherList(items, _AS_LIST)


def _unsized(names: str) -> None:
    @method(_AS_LIST, names, (0, None))
    def refuse(run: "Run", value: Any, arguments: list[Any]) -> Any:
        return run.fail("java.lang.UnsupportedOperationException", None)


_unsized("add addAll addFirst addLast remove removeAt removeLast removeAll removeIf retainAll clear push pop leftShift")


@static(ARRAYS, "toString", 1)
def arrays_text(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return run.text(sequence(run, arguments[0])) if arguments[0] is not None else "null"


@static(ARRAYS, "sort", 1)
def arrays_sort(run: "Run", reference: Any, arguments: list[Any]) -> None:
    arguments[0][:] = run.sorted(list(arguments[0]))


@static(ARRAYS, "equals", 2)
def arrays_equal(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return run.equal(*arguments)


@static(kinds.LIST, "of", (0, None))
def list_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _fixed_list(run, arguments, _LIST_12 if 0 < len(arguments) < 3 else _LIST_N)


@static(kinds.LIST, "copyOf", 1)
def list_copy(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return list_of(run, reference, sequence(run, arguments[0]))


@static(kinds.SET, "of", (0, None))
def set_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    name = "Set12" if 0 < len(arguments) < 3 else "SetN"
    made = values.GSet(arguments, kinds.Kind(f"java.util.ImmutableCollections${name}", name, (kinds.SET,)))
    made.fixed = True
    return made


@static(kinds.MAP, "of", (0, 20))
def map_of(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    pairs = list(zip(arguments[::2], arguments[1::2], strict=True))
    made = values.GMap(pairs, _MAP_1 if len(pairs) == 1 else _MAP_N)
    made.fixed = True
    return made


@static(OBJECTS, "equals", 2)
def objects_equal(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return equality.java_equals(run, *arguments)


@static(OBJECTS, "isNull", 1)
def is_null(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return arguments[0] is None


@static(OBJECTS, "nonNull", 1)
def non_null(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return arguments[0] is not None


@static(OBJECTS, "toString", (1, 2))
def objects_text(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return run.text(arguments[-1] if arguments[0] is None else arguments[0])


@static(OBJECTS, "requireNonNull", (1, 2))
def require_non_null(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", run.text(arguments[1]) if len(arguments) > 1 else None)
    return arguments[0]


@static(OBJECTS, "requireNonNullElse", 2)
def require_else(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return arguments[1] if arguments[0] is None else arguments[0]


# Encodings


@static(CLASSES["URLEncoder"], "encode", (1, 2))
def url_encode(run: "Run", reference: Any, arguments: list[Any]) -> str:
    text = run.text(arguments[0])
    run.string(3 * len(text))
    return web_text.url_encode(text, _charset(run, arguments[1:]))


@static(CLASSES["URLDecoder"], "decode", (1, 2))
def url_decode(run: "Run", reference: Any, arguments: list[Any]) -> str:
    text = run.text(arguments[0])
    run.string(len(text))
    return web_text.url_decode(text, _charset(run, arguments[1:]))


def _charset(run: "Run", arguments: list[Any]) -> str:
    return run.text(arguments[0]) if arguments else "UTF-8"


CHARSETS = CLASSES["java.nio.charset.StandardCharsets"]
CLASSES.setdefault("StandardCharsets", CHARSETS)
for _name in ("UTF_8", "US_ASCII", "ISO_8859_1", "UTF_16"):
    constant(CHARSETS, _name, _name.replace("_", "-") if _name != "ISO_8859_1" else "ISO-8859-1")


@method(ARRAY, "encodeBase64 encodeBase64Url", (0, 1))
def encode_base64(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.string(2 * len(value))
    return values.StringBuilder(web_text.base64_encode(bytes_of(value)), _WRITABLE)


_WRITABLE = kinds.Kind("org.codehaus.groovy.runtime.EncodingGroovyMethods$1", "", (CHAR_SEQUENCE,))


@method(ARRAY, "encodeHex")
def encode_hex(run: "Run", value: Any, arguments: list[Any]) -> Any:
    run.string(2 * len(value))
    return values.StringBuilder(web_text.hex_text(bytes_of(value)), _WRITABLE)


@method(CHAR_SEQUENCE, "decodeBase64 decodeBase64Url")
def decode_base64(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return byte_array(run, web_text.groovy_decode_base64(run.text(value)))


@method(CHAR_SEQUENCE, "decodeHex")
def decode_hex(run: "Run", value: Any, arguments: list[Any]) -> Any:
    try:
        return byte_array(run, bytes.fromhex(run.text(value)))
    except ValueError:
        return run.fail("java.lang.NumberFormatException", "odd number of characters in hex string")


@method(CHAR_SEQUENCE, "encodeBase64")
def text_base64(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return run.no_method(kinds.kind_of(value).name, "encodeBase64", arguments)


def _digest(names: str, which: str) -> None:
    import hashlib

    @method(CHAR_SEQUENCE, names)
    def digest(run: "Run", value: Any, arguments: list[Any]) -> str:
        data = run.text(value).encode("utf-8", "replace")
        return hashlib.new(which, data, usedforsecurity=False).hexdigest()


_digest("md5", "md5")
_digest("sha256", "sha256")

BASE64 = CLASSES["Base64"]
_ENCODER = kinds.kind("java.util.Base64$Encoder", OBJECT)
_DECODER = kinds.kind("java.util.Base64$Decoder", OBJECT)


def _coder(name: str, kind: kinds.Kind, content: str) -> None:
    @static(BASE64, name)
    def make(run: "Run", reference: Any, arguments: list[Any]) -> Any:
        return values.Box(kind, content)


for _name, _content in (("", ""), ("Url", "url"), ("Mime", "mime")):
    _coder(f"get{_name}Encoder", _ENCODER, _content)
    _coder(f"get{_name}Decoder", _DECODER, _content)


@method(_ENCODER, "encodeToString", 1)
def encode_to_string(run: "Run", value: Any, arguments: list[Any]) -> str:
    run.string(2 * len(arguments[0]))
    padding = value.content != "url-"
    return web_text.base64_encode(
        bytes_of(arguments[0]), url_safe=value.content.startswith("url"), padding=padding, mime=value.content == "mime"
    )


@method(_ENCODER, "encode", 1)
def encode(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return byte_array(run, encode_to_string(run, value, arguments).encode("ascii"))


@method(_ENCODER, "withoutPadding")
def without_padding(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Box(_ENCODER, "url-")


@method(_DECODER, "decode", 1)
def decode(run: "Run", value: Any, arguments: list[Any]) -> Any:
    given = arguments[0]
    text = bytes_of(given).decode("latin-1") if type(given) is values.Array else run.text(given)
    data = web_text.base64_decode(text, url_safe=value.content == "url", mime=value.content == "mime")
    return byte_array(run, data)


# UUID, URI, URL


@static(UUID_KIND, "randomUUID")
def random_uuid(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return values.Box(UUID_KIND, str(uuid.UUID(int=run.chance.getrandbits(128), version=4)))


@static(UUID_KIND, "fromString", 1)
def uuid_from(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    try:
        return values.Box(UUID_KIND, str(uuid.UUID(run.text(arguments[0]))))
    except ValueError:
        return run.fail("java.lang.IllegalArgumentException", f"Invalid UUID string: {run.text(arguments[0])}")


text_of.TEXTS[UUID_KIND] = text_of.TEXTS[URI] = text_of.TEXTS[URL] = lambda run, value: str(value.content)
values.EQUAL_BOXES.update({UUID_KIND, URI, URL})


@method(CHAR_SEQUENCE, "toURI")
def to_uri(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _uri(run, run.text(value))


def _uri(run: "Run", text: str) -> Any:
    for at, character in enumerate(text):
        if character in ' "<>\\^`{|}':
            raise JavaError("java.net.URISyntaxException", f"Illegal character in path at index {at}: {text}")
    return values.Box(URI, text)


@constructor(URI, 1)
def new_uri(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return _uri(run, run.text(arguments[0]))


@static(URI, "create", 1)
def create_uri(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return _uri(run, run.text(arguments[0]))


@method(CHAR_SEQUENCE, "toURL")
def to_url(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return _url(run, run.text(value))


def _url(run: "Run", text: str) -> Any:
    scheme = text.partition(":")[0].strip() if ":" in text else ""
    if not scheme.isalpha():
        run.fail("java.net.MalformedURLException", f"no protocol: {text}")
    if scheme.lower() not in ("http", "https", "ftp", "file", "mailto", "jar"):
        run.fail("java.net.MalformedURLException", f"unknown protocol: {scheme}")
    return values.Box(URL, text)


@constructor(URL, 1)
def new_url(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return _url(run, run.text(arguments[0]))


def _url_part(names: str, act: Any) -> None:
    for kind in (URI, URL):

        @method(kind, names)
        def part(run: "Run", value: Any, arguments: list[Any]) -> Any:
            try:
                return act(urlsplit(value.content))
            except ValueError:
                return None


_url_part("getHost", lambda parts: parts.hostname)
_url_part("getPath", lambda parts: parts.path)
_url_part("getQuery", lambda parts: parts.query or None)
_url_part("getScheme getProtocol", lambda parts: parts.scheme or None)
_url_part("getPort", lambda parts: parts.port if parts.port is not None else -1)
_url_part("getFragment getRef", lambda parts: parts.fragment or None)
_url_part("getAuthority", lambda parts: parts.netloc or None)


# Instances of a script's classes


@method(OBJECT, "getProperties")
def get_properties(run: "Run", value: Any, arguments: list[Any]) -> Any:
    made = values.GMap([("class", values.ClassRef(kinds.kind_of(value)))])
    if type(value) is Instance:
        for owner in value.of.line_of_descent():
            for field in owner.fields.values():
                if field.is_property and not field.is_static:
                    made.put(field.name, run.get(value, field.name))
    return made
