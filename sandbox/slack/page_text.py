"""Slack's texts as trees of pieces. Nothing here makes HTML: the templates draw the pieces and escape every word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.slack.forms import Json
from sandbox.slack.visible import NameOf


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a group. Kinds: text, bold, italic, strike, code, pre, quote, link, mention, time, line, list, numbers.

    Groups have parts, the others a text; `href` of a link starts with http:, https: or mailto:.
    """

    kind: str
    text: str = ""
    href: str = ""
    parts: tuple[Piece, ...] = ()


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: how they call people and channels, and what time it is for them (aware, in their zone)."""

    name_of: NameOf
    now: datetime


# --- mrkdwn

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"((?:^&gt;[^\n]*(?:\n|\Z))+)", re.MULTILINE)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<reference>[^<>\n]+)>"
    r"|(?<!\w)(?P<sign>[*_~])(?=\S)(?P<inner>[^\n]*?\S)(?P=sign)(?!\w)"
    r"|(?P<url>https?://[^\s<>|*`]*[^\s<>|*`.,;:!?)])"
)
_SIGNS = {"*": "bold", "_": "italic", "~": "strike"}
_SAFE = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


def text_pieces(text: Json, reader: Reader) -> Pieces:
    """Of a text object, plain or mrkdwn."""
    if text["type"] != "mrkdwn":
        return (Piece("text", str(text["text"])),)
    return mrkdwn(text["text"], reader, finds_links=not text.get("verbatim", False))


def mrkdwn(text: str, reader: Reader, *, finds_links: bool = True) -> Pieces:
    """`finds_links`: bare addresses become links, too."""
    found: list[Piece] = []
    for number, part in enumerate(_FENCE.split(text)):
        if number % 2:
            found.append(Piece("pre", _unescaped(part)))
        else:
            found += _quoted(part, reader, finds_links)
    return tuple(found)


def _quoted(text: str, reader: Reader, finds_links: bool) -> Iterator[Piece]:
    for number, part in enumerate(_QUOTE.split(text)):
        if number % 2:
            inside = re.sub(r"^&gt; ?", "", part.rstrip("\n"), flags=re.MULTILINE)
            yield Piece("quote", parts=tuple(_inline(inside, reader, finds_links)))
        else:
            yield from _inline(part, reader, finds_links)


def _inline(text: str, reader: Reader, finds_links: bool) -> Iterator[Piece]:
    at = 0
    for found in _INLINE.finditer(text):
        if found["url"] and not finds_links:
            continue
        if before := text[at : found.start()]:
            yield Piece("text", _unescaped(before))
        yield _marked(found, reader, finds_links)
        at = found.end()
    if rest := text[at:]:
        yield Piece("text", _unescaped(rest))


def _marked(found: re.Match[str], reader: Reader, finds_links: bool) -> Piece:
    if found["code"]:
        return Piece("code", _unescaped(found["code"]))
    if found["reference"]:
        return _reference(found["reference"], reader)
    if found["url"]:
        return _link(found["url"], "")
    return Piece(_SIGNS[found["sign"]], parts=tuple(_inline(found["inner"], reader, finds_links)))


def _reference(inside: str, reader: Reader) -> Piece:
    target, _, words = inside.partition("|")
    sign, name = target[:1], target[1:]
    if sign in ("@", "#"):
        return Piece("mention", sign + (reader.name_of(name) or _unescaped(words) or name))
    if sign == "!" and name.startswith("date^"):
        return _date(name.split("^"), _unescaped(words), reader)
    if sign == "!":
        return Piece("mention", _unescaped(words) or f"@{name.partition('^')[0]}")
    return _link(target, words)


def _link(target: str, words: str) -> Piece:
    href = _unescaped(target)
    shown = _unescaped(words) or href.removeprefix("mailto:")
    return Piece("link", shown, href) if _SAFE.match(href) else Piece("text", shown)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- dates

_TOKEN = re.compile(r"\{(\w+)\}")


def _date(parts: Sequence[str], fallback: str, reader: Reader) -> Piece:
    """`date`, the seconds since 1970, the format and perhaps a link."""
    try:
        at = datetime.fromtimestamp(int(parts[1]), reader.now.tzinfo)
    except (IndexError, ValueError, OverflowError, OSError):
        return Piece("text", fallback)
    return Piece("time", formatted_date(at, parts[2] if len(parts) > 2 else "{date}", reader.now), at.isoformat())


def formatted_date(at: datetime, form: str, now: datetime) -> str:
    """The tokens that Slack documents, as an English reader sees them; unknown ones stay."""
    return _TOKEN.sub(lambda found: _dated(found, at, now), form)


def _dated(found: re.Match[str], at: datetime, now: datetime) -> str:
    token = found[1]
    if token.endswith("_pretty") and abs(days := (at.date() - now.date()).days) <= 1:
        return ("today", "tomorrow", "yesterday")[days]
    day = f"{at:%b} {at.day}, {at.year}"
    shown = {
        "date_num": f"{at:%Y-%m-%d}",
        "date": f"{at:%B} {at.day}, {at.year}",
        "date_short": day,
        "date_long": f"{at:%A}, {at:%B} {at.day}, {at.year}",
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
        "ago": _ago(round((now - at).total_seconds())),
    }
    return shown.get(token.removesuffix("_pretty"), found[0])


def _ago(seconds: int) -> str:
    units = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "seconds"))
    size, unit = next((one for one in units if abs(seconds) >= one[0]), units[-1])
    return f"{seconds // size} {unit} ago" if seconds >= 0 else f"in {-seconds // size} {unit}"


# --- rich text

_STYLES = {"bold": "bold", "italic": "italic", "strike": "strike", "code": "code"}


def rich_pieces(block: Json, reader: Reader) -> Pieces:
    """Of a rich_text block."""
    return tuple(_rich_part(part, reader) for part in block["elements"])


def _rich_part(part: Json, reader: Reader) -> Piece:
    if part["type"] == "rich_text_list":
        kind = "numbers" if part.get("style") == "ordered" else "list"
        return Piece(kind, parts=tuple(_rich_part(item, reader) for item in part["elements"]))
    inside = tuple(_rich_piece(piece, reader) for piece in part["elements"])
    if part["type"] == "rich_text_preformatted":
        return Piece("pre", "".join(_words(piece) for piece in inside))
    return Piece("quote" if part["type"] == "rich_text_quote" else "line", parts=inside)


def _rich_piece(piece: Json, reader: Reader) -> Piece:
    shown = _rich_word(piece, reader)
    for style, kind in _STYLES.items():
        if piece.get("style", {}).get(style):
            shown = Piece(kind, shown.text) if kind == "code" else Piece(kind, parts=(shown,))
    return shown


def _rich_word(piece: Json, reader: Reader) -> Piece:
    kind = piece["type"]
    if kind == "link":
        return _link(piece["url"], piece.get("text", ""))
    if kind in ("user", "channel", "usergroup", "team"):
        some_id = str(piece[f"{kind}_id"])
        return Piece("mention", ("#" if kind == "channel" else "@") + (reader.name_of(some_id) or some_id))
    if kind == "broadcast":
        return Piece("mention", f"@{piece['range']}")
    if kind == "emoji":
        return Piece("text", f":{piece['name']}:")
    if kind == "date":
        return _date(("date", str(piece["timestamp"]), str(piece["format"])), piece.get("fallback", ""), reader)
    return Piece("text", str(piece.get("text", piece.get("value", ""))))


def _words(piece: Piece) -> str:
    return piece.text + "".join(_words(part) for part in piece.parts)
