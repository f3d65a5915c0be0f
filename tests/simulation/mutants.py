"""Faults seeded into our own engine, one at a time: the histories must find every one of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import flows.apply
import flows.batches
import flows.perform
import flows.poll
import flows.take
import storage.memory.envelopes
import storage.memory.lanes
import storage.memory.links
import storage.memory.watching
import sync.incoming
import sync.link
import sync.outgoing
from flows.parcels import Result
from sync.fields import Fields
from sync.incoming import Plan

Make = Callable[[Any], Any]


@dataclass(frozen=True)
class Mutant:
    """`owner.name` is replaced by what `make` makes of it."""

    title: str
    owner: Any
    name: str
    make: Make

    @contextmanager
    def alive(self) -> Iterator[None]:
        original = self.owner.__dict__[self.name] if isinstance(self.owner, type) else getattr(self.owner, self.name)
        setattr(self.owner, self.name, self.make(original))
        try:
            yield
        finally:
            setattr(self.owner, self.name, original)


def _always(value: Any) -> Make:
    return lambda original: lambda *args, **more: value


def _async_always(value: Any) -> Make:
    async def answer(*args: Any, **more: Any) -> Any:
        return value

    return lambda original: answer


def _no_before(original: Any) -> Any:
    """Writes the partner's whole ticket instead of its change."""

    def planned(*args: Any, **more: Any) -> Plan:
        plan: Plan = original(*args, **{**more, "wanted_before": Fields()})
        return plan

    return planned


def _no_own(original: Any) -> Any:
    def planned(link: Any, *args: Any, **more: Any) -> Plan:
        plan: Plan = original(replace(link, own=()), *args, **more)
        return plan

    return planned


def _no_comments(original: Any) -> Any:
    return lambda *args, **more: replace(original(*args, **more), comments=())


def _comments_twice(original: Any) -> Any:
    return lambda *args, **more: tuple(write for one in original(*args, **more) for write in (one, one))


def _reversed(original: Any) -> Any:
    return lambda *args, **more: tuple(reversed(original(*args, **more)))


def _same_link(original: Any) -> Any:
    """Forgets what was decided: the link stays as it was."""
    return lambda self, *args, **more: self


def _all_seen(original: Any) -> Any:
    """Takes for known whatever the ticket says, told or not."""

    def decided(link: Any, traces: Any, ticket: Any, let_out: Any) -> Any:
        departure = original(link, traces, ticket, let_out)
        return replace(departure, update=None) if len(ticket.fields["summary"]) % 2 == 0 else departure

    return decided


def _found_as_it_is(original: Any) -> Any:
    async def found(node: Any, lease: Any, performing: Any, intent: Any) -> Any:
        written = await original(node, lease, performing, intent)
        if written is None:
            return None
        ticket = await performing.desk.tracker.read(written.ticket_id)
        return replace(written, fields=ticket.fields)

    return found


def _whole_answer(original: Any) -> Any:
    """Takes every value of the answer to a write for known, somebody else's fresh ones too."""

    async def written(node: Any, lease: Any, performing: Any, intent: Any, *, is_fresh: bool) -> Any:
        link = await original(node, lease, performing, intent, is_fresh=is_fresh)
        ticket = await performing.desk.tracker.read(link.our_ticket)

        def absorb(tx: Any) -> Any:
            tx.links.save(replace(tx.links.by_id(link.id), seen=ticket.fields))
            return tx.links.by_id(link.id)

        return await node.store.run(lease.organisation_id, absorb, lease=lease)

    return written


def _unconditional(original: Any) -> Any:
    """Saves a link whatever anybody else saved meanwhile."""

    def save(self: Any, link: Any) -> None:
        original(self, replace(link, revision=self.by_id(link.id).revision))

    return save


def _ack_more(original: Any) -> Any:
    def ack(self: Any, connection_id: str, ids: Any) -> int:
        done: int = original(self, connection_id, ids)
        if ids:
            waiting, _ = self.batch(connection_id, limit=1, max_bytes=10**9)
            done += original(self, connection_id, tuple(envelope.id for envelope in waiting))
        return done

    return ack


def _blind(original: Any) -> Any:
    """A poll that passes over what it saw last."""

    def differing(self: Any, desk_id: str, sightings: Any) -> Any:
        return original(self, desk_id, sightings)[:-1]

    return differing


MUTANTS: tuple[Mutant, ...] = (
    Mutant("a create is posted again without a look", flows.perform, "_found_creation", _async_always(None)),
    Mutant("a found copy is taken as it is", flows.perform, "_found_creation", _found_as_it_is),
    Mutant("the whole answer to a write is taken for known", flows.perform, "_ticket", _whole_answer),
    Mutant("the partner's whole ticket is written", flows.apply, "plan_update", _no_before),
    Mutant("our own changes are not guarded", flows.apply, "plan_update", _no_own),
    Mutant("comments are dropped", flows.apply, "plan_update", _no_comments),
    Mutant("comments are written twice", sync.incoming, "plan_comments", _comments_twice),
    Mutant("comments are written newest first", sync.incoming, "plan_comments", _reversed),
    Mutant("our side always wins", sync.incoming, "ours_stays", _always(True)),
    Mutant("the partner's side always wins", sync.incoming, "ours_stays", _always(False)),
    Mutant("no update is the next one", flows.apply, "behind", _always(Result("none", "behind"))),
    Mutant("a change is not remembered as sent", sync.link.Link, "after_sending", _same_link),
    Mutant("an update is not remembered as applied", sync.link.Link, "after_applying", _same_link),
    Mutant("some changes are taken for known without being told", flows.take, "next_update", _all_seen),
    Mutant("a copy of ours is taken for a new ticket", flows.take, "is_taken", _always(True)),
    Mutant("no ticket is taken", flows.take, "is_taken", _always(False)),
    Mutant("removed comments stay", sync.outgoing, "_gone", _always(((), ()))),
    Mutant("links are saved over each other", storage.memory.links.Links, "save", _unconditional),
    Mutant("traces are not kept", storage.memory.links.Traces, "put", _always(None)),
    Mutant("intents are not kept", storage.memory.links.Intents, "add", _always(None)),
    Mutant("an answered envelope stays in the outbox", storage.memory.envelopes.Outbox, "ack", _always(0)),
    Mutant("one more than was acknowledged is dropped", storage.memory.envelopes.Outbox, "ack", _ack_more),
    Mutant("the poll passes over a ticket", storage.memory.watching.Sightings, "differing", _blind),
    Mutant("the poll looks at nothing older than now", flows.poll, "OVERLAP", lambda _: timedelta(seconds=-30)),
    Mutant("tickets of a message are worked on newest first", storage.memory.envelopes.Inbox, "of_ticket", _reversed),
    Mutant("a ticket that arrives wakes nobody", flows.batches, "ticket_arrived", _always(None)),
    Mutant("every text counts as cut", flows.apply, "is_cut", _always(True)),
)
