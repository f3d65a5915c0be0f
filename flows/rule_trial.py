"""What a trial of rules finds, and how it reads: plain values, each a line or a number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from flows.desk_of import OpenDesk
from flows.rules import RulesOpen
from sync.link import Link, Trace
from sync.replica import LetOut, Update
from sync.rule import RuleSide
from sync.ticket import DeskFacts, Ticket

# What the smallest plan of a desk allows: a promise of minutes that holds everywhere.
CALLS_A_MINUTE = 100
_MOST_EXAMPLES = 3


class Verdict(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Played:
    """What a rule did in the rehearsal. `fields` as it would write them, `others` in words: comments, files, what else
    it asked for; `log` what it said; `notes` say on what it was tried, and what cannot be shown."""

    fields: Mapping[str, object]
    others: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Rehearsal(Protocol):
    """Both rules of a connection, as somebody wrote them, on an empty stage. Raises RuleError."""

    async def outgoing(
        self, ticket: Ticket, link: Link | None, traces: Sequence[Trace], facts: DeskFacts
    ) -> tuple[LetOut, Played]:
        """What of our ticket would leave."""

    async def incoming(
        self, link: Link, traces: Sequence[Trace], ticket: Ticket, facts: DeskFacts, waiting: Update | None
    ) -> Played:
        """What the update that waits for a linked ticket would be written as, or else the partner's last replica."""


Rehearse = Callable[[str, OpenDesk, RulesOpen], Rehearsal]  # an organisation's id comes first


@dataclass(frozen=True, slots=True)
class Tried:
    """One rule on one ticket. `changes` are lines "name: value", or "name: old → new"; of a failure `trouble` is the
    sentence and `line` where it happened (0: nowhere)."""

    side: RuleSide
    verdict: Verdict
    changes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    trouble: str = ""
    line: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketTrial:
    """`incoming` is None where nothing of the partner's ever came for this ticket."""

    shown: str
    summary: str
    outgoing: Tried
    incoming: Tried | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Of one rule over many tickets; at most three examples of each verdict."""

    numbers: Mapping[Verdict, int] = field(default_factory=dict)
    examples: Mapping[Verdict, tuple[str, ...]] = field(default_factory=dict)

    def after(self, tried: Tried, example: str) -> "Counted":
        verdict, known = tried.verdict, self.examples.get(tried.verdict, ())
        numbers = {**self.numbers, verdict: self.numbers.get(verdict, 0) + 1}
        if len(known) < _MOST_EXAMPLES:
            return Counted(numbers, {**self.examples, verdict: (*known, example)})
        return Counted(numbers, self.examples)

    def number(self, verdict: Verdict) -> int:
        return self.numbers.get(verdict, 0)


@dataclass(frozen=True, slots=True)
class Summary:
    """How far a trial over many tickets is. `looked_at` counts tickets of the list; calls are those that doing it for
    real would cost, at our desk and at the partner's."""

    days: int
    looked_at: int = 0
    outgoing: Counted = Counted()
    incoming: Counted = Counted()
    our_calls: int = 0
    their_calls: int = 0
    is_over: bool = False
    was_stopped: bool = False

    @property
    def minutes(self) -> int:
        return -(-max(self.our_calls, self.their_calls) // CALLS_A_MINUTE)


def change_lines(new: Mapping[str, object], old: Mapping[str, object], *, whole: bool = False) -> tuple[str, ...]:
    """What stands otherwise than before, a line each; of a `whole` copy also what is missing in it."""
    missing = object()
    lines = []
    for name, value in sorted(new.items()):
        before = old.get(name, missing)
        if before is missing:
            lines.append(f"{name}: {_shown(value)}")
        elif before != value:
            lines.append(f"{name}: {_shown(before)} → {_shown(value)}")
    gone = sorted(name for name in old if name not in new) if whole else []
    return (*lines, *(f"{name}: no longer let out" for name in gone))


def _shown(value: object) -> str:
    if value is None or value in ("", (), []):
        return "(empty)"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    text = " ".join(str(value).split())
    return text if len(text) <= 200 else text[:199] + "…"


def letter_lines(let_out: LetOut) -> tuple[str, ...]:
    """Comments and files in words, one each."""
    comments = [
        f"comment by {one.author}{'' if one.is_public else ' (internal)'}: {_shown(one.text)}"
        for one in let_out.comments
    ]
    return (*comments, *(f"file {one.name}, {one.size:,} bytes" for one in let_out.files))


def example_of(ticket: Ticket, tried: Tried) -> str:
    told: Iterable[str] = (tried.trouble,) if tried.trouble else tried.changes[:2]
    return f"{ticket.shown}: {'; '.join(told)}".removesuffix(": ")
