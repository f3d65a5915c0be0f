"""X2 for tickets: every method called as one organisation with ids that only the other one has.

Used by tests/storage/test_isolation.py, which says what `GONE` is.
"""

from collections.abc import Callable
from typing import Any

from storage.blobs import Blobs
from storage.intents import Intents
from storage.links import Links, Traces
from storage.moments import Moments
from storage.rules import Rules
from storage.store import Transaction
from storage.troubles import Disagreements, Parked
from storage.wanted import Asked, Backfills, Scopes
from storage.watching import Cursors, Hooks, Sightings
from sync.backfill import Backfill
from sync.intent import Cursor, Disagreement, Intent, ParkedUpdate, Scope
from sync.link import Link, Trace
from sync.rule import RuleSide
from tests.storage import samples

THEIRS = samples.some_id("theirs")
LONG_AGO = samples.NOW.replace(year=2000)
GONE = object()
Attempt = Callable[[Transaction], Any]

REPOSITORIES = {
    "links": Links,
    "traces": Traces,
    "intents": Intents,
    "parked": Parked,
    "disagreements": Disagreements,
    "sightings": Sightings,
    "cursors": Cursors,
    "hooks": Hooks,
    "scopes": Scopes,
    "backfills": Backfills,
    "asked": Asked,
    "rules": Rules,
    "blobs": Blobs,
    "moments": Moments,
}


def their_link(**changes: Any) -> Link:
    return samples.link(id=THEIRS, connection_id=THEIRS, **changes)


def their_trace() -> Trace:
    return samples.trace(link_id=THEIRS)


def their_intent(**changes: Any) -> Intent:
    return samples.intent(connection_id=THEIRS, link_id=THEIRS, **changes)


def their_parked() -> ParkedUpdate:
    return samples.parked(connection_id=THEIRS)


def their_disagreement() -> Disagreement:
    return samples.disagreement(connection_id=THEIRS, link_id=THEIRS)


SIGHTING = samples.sighting()
ENVELOPE = samples.envelope(1).id
CURSOR = Cursor(samples.NOW, 5, samples.NOW)
SCOPE = Scope("status:2", samples.NOW)
BACKFILL = Backfill(THEIRS, "status:2", samples.NOW, "U1", samples.NOW)


def fill(tx: Transaction, token_hash: bytes) -> None:
    """One row in every table of tickets, for the connection and the desk `THEIRS`."""
    tx.links.add(their_link(unlooked_since=samples.NOW))
    tx.traces.put(their_trace())
    tx.intents.add(their_intent())
    tx.parked.add(their_parked())
    tx.disagreements.add(their_disagreement())
    tx.sightings.put(THEIRS, (SIGHTING,))
    tx.cursors.put(THEIRS, CURSOR)
    tx.hooks.put(THEIRS, token_hash)
    tx.scopes.put(THEIRS, SCOPE)
    tx.backfills.put(THEIRS, BACKFILL)
    tx.asked.put(THEIRS, "372", "sync", "U1")
    tx.rules.add(samples.rule(connection_id=THEIRS))
    tx.rules.let_call(THEIRS, True, "U1")
    tx.blobs.put(THEIRS, "t372", "f", 0, 3, b"abc")
    tx.moments.add(THEIRS, "round", "372", samples.NOW)


ATTEMPTS: dict[str, tuple[Attempt, Any]] = {
    "links.add": (lambda tx: tx.links.add(their_link()), GONE),
    "links.save": (lambda tx: tx.links.save(their_link(reason="ours")), GONE),
    "links.by_id": (lambda tx: tx.links.by_id(THEIRS), GONE),
    "links.by_ours": (lambda tx: tx.links.by_ours(THEIRS, "372"), None),
    "links.by_theirs": (lambda tx: tx.links.by_theirs(THEIRS, "t372"), None),
    "links.among": (lambda tx: tx.links.among(THEIRS, ["372"]), {}),
    "links.after": (lambda tx: tx.links.after(THEIRS, "", 10), ()),
    "links.unlooked": (lambda tx: tx.links.unlooked(THEIRS, 10), ()),
    "links.count": (lambda tx: tx.links.count(THEIRS), 0),
    "links.remove": (lambda tx: tx.links.remove(THEIRS), GONE),
    "traces.of_link": (lambda tx: tx.traces.of_link(THEIRS), ()),
    "traces.put": (lambda tx: tx.traces.put(their_trace()), GONE),
    "traces.forget": (lambda tx: tx.traces.forget(their_trace()), None),
    "intents.add": (lambda tx: tx.intents.add(their_intent()), GONE),
    "intents.open_of_link": (lambda tx: tx.intents.open_of_link(THEIRS), ()),
    "intents.open_of_envelope": (lambda tx: tx.intents.open_of_envelope(THEIRS, ENVELOPE), ()),
    "intents.done": (lambda tx: tx.intents.done(their_intent().id), None),
    "intents.drop_of_envelope": (lambda tx: tx.intents.drop_of_envelope(THEIRS, ENVELOPE), None),
    "parked.add": (lambda tx: tx.parked.add(their_parked()), GONE),
    "parked.all": (lambda tx: (tx.parked.all(), tx.parked.all(THEIRS, 9)), ((), ())),
    "parked.find": (lambda tx: tx.parked.find(THEIRS, ENVELOPE), None),
    "parked.of_ticket": (lambda tx: tx.parked.of_ticket(THEIRS, "t372"), ()),
    "parked.remove": (lambda tx: tx.parked.remove(THEIRS, ENVELOPE), GONE),
    "parked.count": (lambda tx: tx.parked.count(), {}),
    "disagreements.add": (lambda tx: tx.disagreements.add(their_disagreement()), GONE),
    "disagreements.find": (lambda tx: tx.disagreements.find(their_disagreement().id), None),
    "disagreements.recent": (lambda tx: tx.disagreements.recent(THEIRS, 9), ()),
    "disagreements.save": (lambda tx: tx.disagreements.save(their_disagreement().after_taking()), GONE),
    "sightings.differing": (lambda tx: tx.sightings.differing(THEIRS, (SIGHTING,)), (SIGHTING,)),
    "sightings.put": (lambda tx: tx.sightings.put(THEIRS, (SIGHTING,)), GONE),
    "sightings.prune": (lambda tx: tx.sightings.prune(THEIRS, samples.NOW.replace(year=2100)), None),
    "sightings.find": (lambda tx: tx.sightings.find(THEIRS, SIGHTING.ticket_id), None),
    "cursors.find": (lambda tx: tx.cursors.find(THEIRS), None),
    "cursors.put": (lambda tx: tx.cursors.put(THEIRS, CURSOR), GONE),
    "hooks.put": (lambda tx: tx.hooks.put(THEIRS, b"ours".ljust(32)), GONE),
    "hooks.find": (lambda tx: tx.hooks.find(THEIRS), None),
    "scopes.find": (lambda tx: tx.scopes.find(THEIRS), None),
    "scopes.put": (lambda tx: tx.scopes.put(THEIRS, SCOPE), GONE),
    "scopes.remove": (lambda tx: tx.scopes.remove(THEIRS), None),
    "backfills.find": (lambda tx: tx.backfills.find(THEIRS), None),
    "backfills.put": (lambda tx: tx.backfills.put(THEIRS, BACKFILL), GONE),
    "backfills.remove": (lambda tx: tx.backfills.remove(THEIRS), None),
    "asked.put": (lambda tx: tx.asked.put(THEIRS, "372", "sync", "U1"), GONE),
    "asked.find": (lambda tx: tx.asked.find(THEIRS, "372"), None),
    "asked.among": (lambda tx: tx.asked.among(THEIRS, ["372"]), {}),
    "asked.remove": (lambda tx: tx.asked.remove(THEIRS, "372"), None),
    "asked.count": (lambda tx: tx.asked.count(THEIRS, "sync"), 0),
    "rules.current": (lambda tx: tx.rules.current(THEIRS, RuleSide.OUTGOING), None),
    "rules.version": (lambda tx: tx.rules.version(THEIRS, RuleSide.OUTGOING, 1), None),
    "rules.all": (lambda tx: tx.rules.all(THEIRS, RuleSide.OUTGOING), ()),
    "rules.add": (lambda tx: tx.rules.add(samples.rule(connection_id=THEIRS, number=2)), GONE),
    "rules.may_call": (lambda tx: tx.rules.may_call(THEIRS), False),
    "rules.let_call": (lambda tx: tx.rules.let_call(THEIRS, True, "U1"), GONE),
    "blobs.put": (lambda tx: tx.blobs.put(THEIRS, "t372", "f", 0, 3, b"xyz"), GONE),
    "blobs.whole": (lambda tx: tx.blobs.whole(THEIRS, "f"), None),
    "blobs.forget": (lambda tx: tx.blobs.forget(THEIRS, "f"), None),
    "moments.add": (lambda tx: tx.moments.add(THEIRS, "round", "372", samples.NOW), GONE),
    "moments.count": (lambda tx: tx.moments.count(THEIRS, "round", None, LONG_AGO), 0),
}
