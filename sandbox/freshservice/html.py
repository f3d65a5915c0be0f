"""Texts as the desk keeps and shows them."""

import html
import re

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<![^>]*>")
_ENDS_A_LINE = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|pre|blockquote|ul|ol|table)\s*>", re.IGNORECASE)
_WRAPPED = re.compile(r"\s*<div[\s>]", re.IGNORECASE)


def wrapped(text: str) -> str:
    """A text that is not in a `<div>` yet gets one."""
    return text if _WRAPPED.match(text) else f"<div>{text}</div>"


def text_of(body: str) -> str:
    """As `description_text` and `body_text` show it: without tags, `<br>` as a space, hard spaces kept."""
    seen = _BREAK.sub(" ", _UNSEEN.sub("", body))
    return html.unescape(_TAG.sub("", seen)).strip(" \n\r\t")


def lines_of(body: str) -> str:
    """For people to read: blocks end in a line break."""
    seen = _ENDS_A_LINE.sub("\n", _UNSEEN.sub("", body))
    return re.sub(r"\n{3,}", "\n\n", html.unescape(_TAG.sub("", seen))).strip()


def html_of(text: str) -> str:
    """What a person typed, as the desk's editor sends it."""
    return html.escape(text, quote=False).replace("\r\n", "\n").replace("\n", "<br>")
