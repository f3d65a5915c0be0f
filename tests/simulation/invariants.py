"""What must hold at the end of every history (numbers: the invariants of the design)."""

from typing import TYPE_CHECKING, Any

from sync.link import Link, LinkState
from sync.marker import split_marker
from tests.simulation.scripted import TWINS, same
from tests.simulation.world import SimSide, now_done
from trackers.memory_desk import _Record

if TYPE_CHECKING:
    from tests.simulation.history import History

Finding = tuple[str, str]


def broken_invariants(history: "History") -> list[Finding]:
    """Name and reason of each that does not hold."""
    found: list[Finding] = []
    pairs = _pairs(history)
    found += _one_twin_each(history, pairs)
    for (name, ticket), (other, twin) in pairs.items():
        ours, theirs = _record(history, name, ticket), _record(history, other, twin)
        found += _equal_fields(history, name, ticket, ours, theirs, twin, other)
    found += _texts(history, pairs)
    found += _nothing_waits(history)
    return found


def links_of(side: SimSide) -> list[Link]:
    half = side.half
    links = now_done(side.raw.read(half.organisation_id, lambda tx: tx.links.after(half.connection_id, "", 1000)))
    return list(links)


def _pairs(history: "History") -> dict[tuple[str, str], tuple[str, str]]:
    """Each original with its twin, as the side that copied it has it."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for side, other in (history.sides, history.sides[::-1]):
        for link in links_of(side):
            if not link.born_here and link.state is LinkState.LINKED and link.our_ticket is not None:
                found[other.half.name, str(link.their_ticket)] = (side.half.name, link.our_ticket)
    return found


def _one_twin_each(history: "History", pairs: dict[tuple[str, str], tuple[str, str]]) -> list[Finding]:
    found: list[Finding] = []
    for raised in history.raised:
        if raised not in pairs:
            found.append(("I1 no loss", f"ticket {raised} has no twin"))
    for side in history.sides:
        copies = [r for r in side.half.account.records.values() if split_marker(str(r.fields["description"]))[1]]
        twins = {twin for name, twin in pairs.values() if name == side.half.name}
        extra = {record.id for record in copies} - twins
        if extra:
            found.append(("I2 no duplicate", f"{side.half.name} has copies without a link: {sorted(extra)}"))
        own = {ticket for name, ticket in history.raised if name == side.half.name}
        stray = set(side.half.account.records) - twins - own
        if stray:
            found.append(("I2 no duplicate", f"{side.half.name} has tickets that nobody raised: {sorted(stray)}"))
    return found


def _record(history: "History", name: str, ticket: str) -> _Record:
    side = next(side for side in history.sides if side.half.name == name)
    return side.half.account.records[ticket]


def _equal_fields(
    history: "History", name: str, ticket: str, ours: _Record, theirs: _Record, twin: str, other: str
) -> list[Finding]:
    found: list[Finding] = []
    basic = ("summary", "description", "status", "priority", "tags")
    more = zip(TWINS[name], TWINS[other], strict=True) if history.scripted else ()
    for field, twins in (*((one, one) for one in basic), *more):
        here, there = _plain(ours.fields.get(field)), _plain(theirs.fields.get(twins))
        if here != there:
            found.append(("I4 convergence", f"{field} of {name} #{ticket} and {other} #{twin}: {here!r}, {there!r}"))
        said = [history.values.get(key, []) for key in ((name, ticket, field), (other, twin, twins))]
        last = [_plain(values[-1]) for values in said if values]
        if last and here not in last:
            found.append(("I3 no lost update", f"{field} of {name} #{ticket} is {here!r}, people last said {last}"))
    return found


def _plain(value: Any) -> Any:
    return same(split_marker(value)[0]) if isinstance(value, str) else value


def _texts(history: "History", pairs: dict[tuple[str, str], tuple[str, str]]) -> list[Finding]:
    """Every comment and file stands once at the other side, in the order of its side; a removed one does not, and an
    internal one only where rules let it travel, and as such."""
    both = pairs | {twin: original for original, twin in pairs.items()}
    found: list[Finding] = []
    for place, (other, twin) in both.items():
        record = _record(history, other, twin)
        copies = [_plain(c.text).split("\n\n")[-1] for c in record.comments.values() if split_marker(c.text)[1]]
        said = [s for s in history.comments if (s.side, s.ticket) == place and not s.removed]
        wanted = [s.token for s in said if s.is_public or history.scripted]
        public = {_plain(c.text).split("\n\n")[-1] for c in record.comments.values() if c.is_public}
        if shown := [s.token for s in said if (s.token in public) is not s.is_public]:
            found.append(("I15 what is internal", f"{shown} of {place} stand otherwise at {other}"))
        if sorted(copies) != sorted(wanted):
            kind = "I2 no duplicate" if len(copies) > len(wanted) else "I1 no loss"
            found.append((kind, f"comments of {place} at {other}: {copies}, said {wanted}"))
        elif copies != wanted and not any(s.turns for s in said):  # what comes back comes last
            found.append(("I7 order", f"comments of {place} at {other}: {copies}, said {wanted}"))
        names = sorted(file.name for file in record.files.values())
        own = [s.token for s in history.files if (s.side, s.ticket) == (other, twin)]
        sent = [s.token for s in history.files if (s.side, s.ticket) == place]
        if names != sorted(f"{token}.txt" for token in own + sent):
            found.append(("I14 files", f"files at {other} #{twin}: {names}, wanted {sorted(own + sent)}"))
    return found


def _nothing_waits(history: "History") -> list[Finding]:
    """I18: done, parked, or waiting with a time."""
    found: list[Finding] = []
    for side in history.sides:
        waiting, parked = _left(side)
        if waiting:
            found.append(("I18 every job ends", f"{side.half.name} has not settled {waiting}"))
        if parked:
            found.append(("I18 every job ends", f"{side.half.name} parked {[one.text for one in parked]}"))
    return found


def _left(side: SimSide) -> Any:
    half = side.half

    def read(tx: Any) -> Any:
        return tx.inbox.tickets_waiting(half.connection_id), tx.parked.all(None, 10)

    return now_done(side.raw.read(half.organisation_id, read))
