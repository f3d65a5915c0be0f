"""What is wrong with a rule's text, found before it is saved: each thing with its line, its column and the line."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sync.rule import RuleSide
from sync.ticket import DeskFacts

MOST_CHARACTERS = 256 * 1024
_WINDOW = 100  # so much of a long line is shown around the column
_PLAIN = frozenset("\n\t")
_MIRRORS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Remark:
    """`line` and `column` count from 1. One that `may_pass` is said and does not keep the rule from being saved."""

    line: int
    column: int
    text: str
    may_pass: bool = False

    def shown(self, source: str) -> str:
        """Three lines: where and what, the line of the rule, and a caret under the column."""
        lines = source.split("\n")
        line = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        start = max(0, self.column - 1 - _WINDOW // 2) if len(line) > _WINDOW else 0
        before = line[start : self.column - 1]
        blank = "".join("\t" if character == "\t" else " " for character in before)
        return f"{self.line}:{self.column}: {self.text}\n    {line[start : start + _WINDOW]}\n    {blank}^"


Check = Callable[[RuleSide, str, DeskFacts | None], tuple[Remark, ...]]


def tidied(text: str) -> str:
    """Lines end with a line feed, whatever machine the text came from, the last one too: Slack drops it at times, and
    that is no change. A byte order mark is no part of it."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip()
    return lines + "\n" if lines else ""


def unprintable(text: str) -> tuple[Remark, ...]:
    """Characters that no editor shows, or that make a line read otherwise than it runs."""
    remarks = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.isprintable():
            continue
        for column, character in enumerate(line, start=1):
            if character in _MIRRORS or (unicodedata.category(character) in ("Cc", "Cs") and character not in _PLAIN):
                code = f"\\u{ord(character):04x}"
                remarks.append(Remark(number, column, f"an invisible character stands here; write {code} in a string"))
    return tuple(remarks)


def remarks_about(side: RuleSide, text: str, check: Check, facts: DeskFacts | None = None) -> tuple[Remark, ...]:
    """In the order of the text. What cannot be shown or stored is found first; only then is the language asked, with
    what the desk's form tells."""
    if not text.strip():
        return (Remark(1, 1, "the rule is empty; to let nothing through, write a comment: // nothing"),)
    if len(text) > MOST_CHARACTERS:
        much = f"{len(text):,} characters are too many, a rule may have {MOST_CHARACTERS:,}"
        return (Remark(1, 1, much),)
    found = unprintable(text) or check(side, text, facts)
    return tuple(sorted(found, key=lambda one: (one.line, one.column)))
