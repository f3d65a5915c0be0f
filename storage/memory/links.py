"""Pairs of tickets and what is done at desks, in memory; each method does what its namesake in storage/ says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from storage.errors import RowGone
from storage.links import ref_of
from storage.memory.rows import HeldDisagreement, HeldParked, HeldTrace
from storage.memory.session import MemorySession
from storage.memory.tables import Key
from sync.errors import RemoteConflict
from sync.intent import Disagreement, Intent, ParkedUpdate
from sync.link import Link, Trace

_number = attrgetter("number")
_turn = attrgetter("made_at", "position", "id")


class Links:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def by_id(self, link_id: str) -> Link:
        link = self._session.rows.links.get(link_id)
        if link is None:
            raise RowGone("There is no such pair of tickets (any more).")
        return link

    def by_ours(self, connection_id: str, our_ticket: str) -> Link | None:
        rows = self._session.rows
        return rows.links.of(rows.ours, (connection_id, our_ticket))

    def by_theirs(self, connection_id: str, their_ticket: str) -> Link | None:
        rows = self._session.rows
        return rows.links.of(rows.theirs, (connection_id, their_ticket))

    def among(self, connection_id: str, our_tickets: Sequence[str]) -> dict[str, Link]:
        found = ((ticket, self.by_ours(connection_id, ticket)) for ticket in our_tickets)
        return {ticket: link for ticket, link in found if link is not None}

    def after(self, connection_id: str, link_id: str, limit: int) -> tuple[Link, ...]:
        rows = self._session.rows
        behind = (link for link in rows.links.found(rows.linked, connection_id) if link.id > link_id)
        return tuple(sorted(behind, key=attrgetter("id"))[:limit])

    def unlooked(self, connection_id: str, limit: int) -> tuple[Link, ...]:
        found = self._session.rows.links.found(self._session.rows.unlooked, connection_id)
        return tuple(sorted(found, key=attrgetter("unlooked_since", "id"))[:limit])

    def count(self, connection_id: str) -> int:
        return len(self._session.rows.linked.get(connection_id, ()))

    def add(self, link: Link) -> None:
        self._session.rows.links.add(link.id, link)

    def save(self, link: Link) -> None:
        links = self._session.rows.links
        known = links.get(link.id)
        if known is None or known.revision != link.revision:
            raise RemoteConflict("The pair of tickets was changed by somebody else: read it and decide again.")
        links.put(link.id, replace(link, revision=link.revision + 1))

    def remove(self, link_id: str) -> None:
        if not self._session.rows.links.remove(link_id):
            raise RowGone("There is no such row (any more).")


class Traces:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def of_link(self, link_id: str) -> tuple[Trace, ...]:
        rows = self._session.rows
        return tuple(held.trace for held in sorted(rows.traces.found(rows.traces_of, link_id), key=_number))

    def put(self, *traces: Trace) -> None:
        table = self._session.rows.traces
        for trace in traces:
            key = _trace_key(trace)
            known = table.get(key)
            table.put(key, HeldTrace(known.number if known else self._session.next_number(), trace))

    def forget(self, *traces: Trace) -> None:
        for trace in traces:
            self._session.rows.traces.remove(_trace_key(trace))


class Intents:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, *intents: Intent) -> None:
        for intent in intents:
            self._session.rows.intents.add(intent.id, intent)

    def open_of_link(self, link_id: str) -> tuple[Intent, ...]:
        rows = self._session.rows
        return tuple(sorted(rows.intents.found(rows.intents_of, link_id), key=_turn))

    def open_of_envelope(self, connection_id: str, envelope_id: str) -> tuple[Intent, ...]:
        rows = self._session.rows
        return tuple(sorted(rows.intents.found(rows.intents_of_envelope, (connection_id, envelope_id)), key=_turn))

    def done(self, intent_id: str) -> None:
        self._session.rows.intents.remove(intent_id)

    def drop_of_envelope(self, connection_id: str, envelope_id: str) -> None:
        for intent in self.open_of_envelope(connection_id, envelope_id):
            self._session.rows.intents.remove(intent.id)


class Parked:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, parked: ParkedUpdate) -> None:
        table, key = self._session.rows.parked, (parked.connection_id, parked.envelope_id)
        known = table.get(key)
        table.put(key, HeldParked(known.number if known else self._session.next_number(), parked))

    def all(self, connection_id: str | None = None, limit: int = 50) -> tuple[ParkedUpdate, ...]:
        rows = self._session.rows
        held = list(rows.parked.rows.values())
        if connection_id is not None:
            held = rows.parked.found(rows.parked_of, connection_id)
        waiting = [one for one in held if not one.parked.is_skipped]
        newest = sorted(waiting, key=lambda one: (one.parked.parked_at, one.number), reverse=True)
        return tuple(one.parked for one in newest[:limit])

    def find(self, connection_id: str, envelope_id: str) -> ParkedUpdate | None:
        held = self._session.rows.parked.get((connection_id, envelope_id))
        return None if held is None else held.parked

    def of_ticket(self, connection_id: str, their_ticket: str) -> tuple[ParkedUpdate, ...]:
        rows = self._session.rows
        held = sorted(rows.parked.found(rows.parked_of, connection_id), key=_number)
        return tuple(one.parked for one in held if one.parked.their_ticket == their_ticket)

    def remove(self, connection_id: str, envelope_id: str) -> None:
        if not self._session.rows.parked.remove((connection_id, envelope_id)):
            raise RowGone("There is no such row (any more).")

    def count(self) -> dict[str, int]:
        waiting = (one.parked for one in self._session.rows.parked.rows.values() if not one.parked.is_skipped)
        return dict(Counter(parked.connection_id for parked in waiting))


class Disagreements:
    def __init__(self, session: MemorySession) -> None:
        self._session = session

    def add(self, disagreement: Disagreement) -> None:
        held = HeldDisagreement(self._session.next_number(), disagreement)
        self._session.rows.disagreements.add(disagreement.id, held)

    def find(self, disagreement_id: str) -> Disagreement | None:
        held = self._session.rows.disagreements.get(disagreement_id)
        return None if held is None else held.disagreement

    def recent(self, connection_id: str, limit: int) -> tuple[Disagreement, ...]:
        rows = self._session.rows
        held = rows.disagreements.found(rows.disagreements_of, connection_id)
        return tuple(one.disagreement for one in sorted(held, key=_number, reverse=True)[:limit])

    def save(self, disagreement: Disagreement) -> None:
        table = self._session.rows.disagreements
        known = table.get(disagreement.id)
        if known is None:
            raise RowGone("There is no such row (any more).")
        table.put(disagreement.id, replace(known, disagreement=disagreement))


def _trace_key(trace: Trace) -> Key:
    return (trace.link_id, trace.kind, trace.from_us, ref_of(trace))
