"""What a person typed behind the command, read kindly."""

import html
import re
from dataclasses import dataclass, field

from handlers.ids import ACCEPT, HELP
from handlers.needs import COMMAND_WORDS
from pairing.code import PREFIX

_LINK = re.compile(r"<(https?://[^|>]*)(?:\|[^>]*)?>")
_WRAPPING = "`'\"‘’‚“”„«»‹›*<>()[]"
_ENDING = ".,:;!?"
_ECHOED = re.compile(r"[\w-]{1,20}")


@dataclass(frozen=True, slots=True)
class Typed:
    """`word` is one of our commands, or "" when it is none; `unknown` is the strange word as far as it may be repeated.
    `names` are the words after it, `rest` everything after it as typed (it may hold a code, so it never prints)."""

    word: str
    names: tuple[str, ...] = field(default=(), repr=False)
    rest: str = field(default="", repr=False)
    unknown: str = ""


def read_command(text: str) -> Typed:
    """Case, spaces, quotes, backticks and a pasted sentence with a code in it do not matter."""
    typed = unwrapped(text).strip()
    first = next(iter(typed.split(maxsplit=1)), "")
    word, rest = bare(first), typed[len(first) :].strip()
    if word == "" and not rest:
        return Typed(HELP)
    if word in COMMAND_WORDS:
        return Typed(word, _names(rest), rest)
    if holds_code(typed):
        return Typed(ACCEPT, (), typed)
    # A word that is not ours could be a damaged code: only what is short and plain is repeated.
    return Typed("", unknown=word if _ECHOED.fullmatch(word) else "")


def unwrapped(text: str) -> str:
    """Without what Slack puts around links, and with & < > as they were typed."""
    return html.unescape(_LINK.sub(r"\1", text))


def holds_code(text: str) -> bool:
    return PREFIX in re.sub(r"\s", "", text).lower()


def bare(word: str) -> str:
    """A word without quotes, backticks and punctuation around it, in lower case."""
    return word.strip(_WRAPPING + _ENDING).lower()


def _names(rest: str) -> tuple[str, ...]:
    return tuple(name for name in (bare(word) for word in rest.split()) if name)
