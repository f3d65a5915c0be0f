"""URLs, Base64, bytes and HTML entities, as Java and Groovy write and read them."""

import base64
import binascii
import html
import re

from rules.language.java.errors import JavaError, illegal_argument

_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16-be",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso8859-15",
}
_KEPT = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-*_")
_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+")


def _codec(charset: str) -> str:
    found = _CHARSETS.get(charset.lower())
    if found is None:
        raise JavaError("java.io.UnsupportedEncodingException", charset[:100])
    return found


def to_bytes(text: str, charset: str = "UTF-8") -> bytes:
    """A character that the charset lacks becomes a question mark; UTF-16 starts with its mark."""
    codec = _codec(charset)
    mark = b"\xfe\xff" if charset.lower() == "utf-16" else b""
    if codec.startswith("utf-16"):
        return mark + text.encode(codec, "surrogatepass")
    return text.encode(codec, "replace")


def from_bytes(data: bytes, charset: str = "UTF-8") -> str:
    if charset.lower() == "utf-16" and data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return data.decode("utf-16", "replace")
    return data.decode(_codec(charset), "replace")


def url_encode(text: str, charset: str = "UTF-8") -> str:
    """URLEncoder.encode: a form's value, a blank is a plus."""
    data = to_bytes(text, charset)
    return "".join(chr(byte) if byte in _KEPT else "+" if byte == 32 else f"%{byte:02X}" for byte in data)


def url_decode(text: str, charset: str = "UTF-8") -> str:
    codec = _codec(charset)
    text = text.replace("+", " ")
    decoded = _ESCAPES.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode(codec, "replace"), text)
    for found in re.finditer(r"%(?![0-9a-fA-F]{2})", text):
        rest = text[found.end() : found.end() + 2]
        if len(rest) < 2:
            raise illegal_argument("URLDecoder: Incomplete trailing escape (%) pattern")
        raise illegal_argument(
            f'URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "{rest}"'
        )
    return decoded


def base64_encode(data: bytes, *, url_safe: bool = False, padding: bool = True, mime: bool = False) -> str:
    """`mime` breaks lines of 76 with CR and LF."""
    text = (base64.urlsafe_b64encode(data) if url_safe else base64.b64encode(data)).decode()
    if not padding:
        text = text.rstrip("=")
    if mime:
        return "\r\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    return text


def base64_decode(text: str, *, url_safe: bool = False, mime: bool = False) -> bytes:
    """java.util.Base64. Raises JavaError."""
    if mime:
        text = re.sub(r"[^A-Za-z0-9+/=]", "", text)
    body = text.rstrip("=")
    padding = len(text) - len(body)
    wrong = re.search(r"[^A-Za-z0-9_-]" if url_safe else r"[^A-Za-z0-9+/]", body)
    if wrong is not None:
        if wrong[0] == "=":
            raise illegal_argument(f"Input byte array has incorrect ending byte at {wrong.end() + (padding or 1)}")
        raise illegal_argument(f"Illegal base64 character {ord(wrong[0]):x}")
    if len(body) % 4 == 1:
        raise illegal_argument(
            "Input byte[] should at least have 2 bytes for base64 bytes"
            if len(body) == 1
            else "Last unit does not have enough valid bits"
        )
    if padding and (len(body) + padding) % 4:
        raise illegal_argument("Input byte array has wrong 4-byte ending unit")
    return _decoded(body, url_safe=url_safe)


def _decoded(body: str, *, url_safe: bool) -> bytes:
    padded = body + "=" * (-len(body) % 4)
    return base64.urlsafe_b64decode(padded) if url_safe else base64.b64decode(padded)


def groovy_decode_base64(text: str) -> bytes:
    """`"…".decodeBase64()`: blanks are skipped, the padding may be missing. Raises JavaError."""
    body = re.sub(r"\s", "", text).partition("=")[0]
    if not re.fullmatch(r"[A-Za-z0-9+/]*", body):
        raise JavaError("java.lang.RuntimeException", "bad character in base64 value")
    if len(body) % 4 == 1:
        body = body[:-1]
    try:
        return _decoded(body, url_safe=False)
    except binascii.Error as error:
        raise JavaError("java.lang.RuntimeException", "bad character in base64 value") from error


def hex_text(data: bytes) -> str:
    return data.hex()


def escape_html(text: str) -> str:
    return html.escape(text)


def unescape_html(text: str) -> str:
    return html.unescape(text)
