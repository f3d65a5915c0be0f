"""URLs, Base64 and bytes: every answer here is Java's own."""

from collections.abc import Callable

import pytest

from rules.language.java import web_text
from rules.language.java.errors import JavaError


def told(act: Callable[[], object]) -> object:
    try:
        return act()
    except JavaError as error:
        return f"!{error.message}"


def test_urls_are_encoded_as_forms_are() -> None:
    assert web_text.url_encode("a b&c/é~*-_.!'()") == "a+b%26c%2F%C3%A9%7E*-_.%21%27%28%29"
    assert told(lambda: web_text.url_encode("a", "X-NONE")) == "!X-NONE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a+b%26%C3%A9", "a b&é"),
        ("100%25", "100%"),
        ("%", "!URLDecoder: Incomplete trailing escape (%) pattern"),
        ("%4", "!URLDecoder: Incomplete trailing escape (%) pattern"),
        ("%zz", '!URLDecoder: Illegal hex characters in escape (%) pattern - Error at index 0 in: "zz"'),
    ],
)
def test_urls_are_decoded(text: str, expected: str) -> None:
    assert told(lambda: web_text.url_decode(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("YQ==", b"a"),
        ("YQ", b"a"),
        ("YW Jj", "!Illegal base64 character 20"),
        ("YQ=", "!Input byte array has wrong 4-byte ending unit"),
        ("Y", "!Input byte[] should at least have 2 bytes for base64 bytes"),
        ("YQ==x", "!Input byte array has incorrect ending byte at 4"),
    ],
)
def test_base64_is_read_strictly(text: str, expected: object) -> None:
    assert told(lambda: web_text.base64_decode(text)) == expected


def test_base64_in_its_other_forms() -> None:
    assert web_text.base64_encode(b"abc>>??") == "YWJjPj4/Pw=="
    assert web_text.base64_encode(b"abc>>??", url_safe=True) == "YWJjPj4_Pw=="
    assert web_text.base64_encode(b"a", padding=False) == "YQ"
    assert web_text.base64_encode(b"a" * 60, mime=True)[76:78] == "\r\n"
    assert web_text.base64_decode("YW Jj\n", mime=True) == b"abc"
    assert web_text.base64_decode("YWJjPj4_Pw==", url_safe=True) == b"abc>>??"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("YW", b"a"), ("YW Jj\n", b"abc"), ("YQ=", b"a"), ("Y*", "!bad character in base64 value")],
)
def test_groovys_own_decoder_is_lenient(text: str, expected: object) -> None:
    assert told(lambda: web_text.groovy_decode_base64(text)) == expected


def test_texts_become_bytes_and_back() -> None:
    assert web_text.to_bytes("é", "ISO-8859-1") == b"\xe9"
    assert web_text.to_bytes("é", "US-ASCII") == b"?"
    assert len(web_text.to_bytes("abc", "UTF-16")) == 8
    assert web_text.from_bytes(web_text.to_bytes("aé", "UTF-16"), "UTF-16") == "aé"
    assert web_text.from_bytes(b"a\xff") == "a\ufffd"
    assert web_text.hex_text(b"abc") == "616263"
