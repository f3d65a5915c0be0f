"""URLs, Base64, hexadecimal and digests."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, values
from rules.language.java import web_text
from rules.language.kinds import (
    ARRAY,
    CHAR_SEQUENCE,
    OBJECT,
)
from rules.language.members import constant, method, static
from rules.language.members.misc import CLASSES
from rules.language.members.text_values import byte_array, bytes_of

if TYPE_CHECKING:
    from rules.language.run import Run

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
