"""UUID, URI and URL."""

import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rules.language import text_of, values
from rules.language.java.errors import JavaError
from rules.language.kinds import (
    CHAR_SEQUENCE,
    URI,
    URL,
)
from rules.language.kinds import UUID as UUID_KIND
from rules.language.members import constructor, method, static

if TYPE_CHECKING:
    from rules.language.run import Run


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
