"""What a side keeps of its rules: numbered versions of two texts. The partner never sees them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self


class RuleSide(StrEnum):
    """Outgoing: our ticket to the replica that leaves. Incoming: the partner's replica to the fields we write."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


SIDES = (RuleSide.OUTGOING, RuleSide.INCOMING)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One saved text. `number` counts from 1 for each connection and side, and the highest one is what runs; `author`
    is a Slack user; `sha256` (hex) names the text where programs are kept."""

    connection_id: str
    side: RuleSide
    number: int
    text: str = field(repr=False)
    author: str
    note: str
    at: datetime
    sha256: str

    @classmethod
    def of(
        cls, connection_id: str, side: RuleSide, number: int, text: str, *, author: str, note: str, at: datetime
    ) -> Self:
        return cls(connection_id, side, number, text, author, note, at, text_sha256(text))


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A version as a list shows it; `size` in characters."""

    side: RuleSide
    number: int
    author: str
    note: str
    at: datetime
    sha256: str
    size: int


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
