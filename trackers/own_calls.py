"""What a rule may ask its own desk over HTTP: a path below that desk and nothing else, whatever it is made of."""

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from trackers.errors import CallNotAllowed

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MAX_ANSWER = 2 * 1024 * 1024
MAX_BODY = 1024 * 1024
_MOST_CHARACTERS = 4000
_PATH = re.compile(r"(?:/[A-Za-z0-9_.~@+:,=-]{1,200})+/?")
_HOW = "Write a path of your own desk, like /api/v2/tickets/7."


def checked_method(method: str) -> str:
    """In capitals. Raises CallNotAllowed."""
    found = method.strip().upper()
    if found not in METHODS:
        raise CallNotAllowed(f"A rule may call its desk with {', '.join(METHODS)} only.")
    return found


def checked_path(path: str, query: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The path, decoded, from its first slash on, and all of the query, what stood in the path first.

    Raises CallNotAllowed: for another host, for a way upwards, however it is written, and for what is no path.
    """
    head, _, tail = path.strip().partition("?")
    if len(path) > _MOST_CHARACTERS or "#" in path or not path.isprintable():
        raise CallNotAllowed(f"This is no path. {_HOW}")
    if head.startswith(("//", "/\\", "\\")) or "://" in head:
        raise CallNotAllowed(f"A rule may call its own desk only: leave out the host. {_HOW}")
    decoded = _decoded(head if head.startswith("/") else f"/{head}")
    if not _PATH.fullmatch(decoded) or {".", ".."} & set(decoded.split("/")):
        raise CallNotAllowed(f"This path has something in it that no path of a desk has. {_HOW}")
    pairs = [*_pairs(tail), *((str(name), str(value)) for name, value in query.items())]
    if sum(len(name) + len(value) for name, value in pairs) > _MOST_CHARACTERS:
        raise CallNotAllowed(f"The parameters are longer than {_MOST_CHARACTERS} characters together.")
    return decoded, tuple(pairs)


def body_text(body: object) -> str | None:
    """JSON as it is sent; a text is taken as JSON that the rule wrote itself. Raises CallNotAllowed."""
    if body is None:
        return None
    try:
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as exc:
        raise CallNotAllowed("The body cannot be written as JSON.") from exc
    if size > MAX_BODY:
        raise CallNotAllowed("The body is larger than 1 MB.")
    return text


def too_long() -> CallNotAllowed:
    return CallNotAllowed("The desk's answer is larger than 2 MB. Ask for less of it, for example with per_page.")


def _decoded(head: str) -> str:
    """Once: what is still encoded then has a % in it, and is no path. Nothing for what is no text."""
    try:
        return unquote(head, errors="strict")
    except UnicodeDecodeError:
        return ""


def _pairs(tail: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(tail, keep_blank_values=True, max_num_fields=100)
    except ValueError as exc:
        raise CallNotAllowed("The path has more than 100 parameters.") from exc
