"""Looks at a desk's list of what moved lately, and wakes whoever has to read one of those tickets again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from flows.desk_of import OpenDesk, open_desk_by_id
from flows.node import Node
from pairing.connection import Connection
from storage.lanes import LaneKind, Lease
from storage.store import Transaction
from sync.intent import Cursor
from sync.ticket import Page, Sighting

# Desks write whole seconds, may be a little late and their clocks differ: what the window shows twice costs nothing.
OVERLAP = timedelta(minutes=2)
_KEPT = timedelta(hours=2)
# A list that was left half-way is read from its start the next time: so all of it at once, as far as desks go.
_MOST_PAGES = 500
_SLOWER = 1.2  # from a look that found nothing to the next
_SWEPT_AT_ONCE = 25
_OLD_AFTER = 2  # of the shortest intervals


@dataclass(frozen=True, slots=True)
class _Desk:
    open: OpenDesk
    cursor: Cursor
    connections: tuple[Connection, ...]


async def poll_desk(node: Node, lease: Lease) -> None:
    """The lane's key is the desk's id. Raises the Remote family."""
    organisation = lease.organisation_id
    found = await node.store.read(organisation, lambda tx: _desk(node, tx, lease.key))
    if found is None or not found.connections:
        await node.store.run(organisation, lambda tx: tx.lanes.finish(lease), lease=lease)
        return
    page, moved, newest = None, 0, found.cursor.high_water
    for _ in range(_MOST_PAGES):
        seen = await found.open.tracker.changed_since(found.cursor.high_water - OVERLAP, page)
        moved += await node.store.run(organisation, partial(_woken, found=found, page=seen), lease=lease)
        page, newest = seen.next, max([newest, *(sighting.version for sighting in seen.sightings)])
        if page is None:
            break
    read_to = newest if page is None else None
    waiting = sorted(node.waits_for_list.pop(lease.key, ())) if page is None else []

    def write(tx: Transaction) -> None:
        _ended(node, tx, lease, found, moved, read_to)
        for key in waiting:
            tx.lanes.wake(LaneKind.APPLY, key)

    await node.store.run(organisation, write, lease=lease)


async def look_at(node: Node, organisation_id: str, desk_id: str, ticket_id: str) -> None:
    """A desk said that this ticket moved: a hint only, so the ticket is read like any other."""
    await node.store.run(organisation_id, lambda tx: wake_ticket(tx, tx.connections.open_at(desk_id), ticket_id))


def remember_sight(tx: Transaction, connection: Connection, sighting: Sighting) -> None:
    """So our ticket stands after a write for one connection: the next list shows it no news, and the desk's other
    connections learn of it here."""
    if tx.sightings.differing(connection.desk_id, (sighting,)):
        _put_sight(tx, connection, sighting)


def remember_comment(tx: Transaction, connection: Connection, ticket_id: str, at: datetime) -> None:
    """A comment of ours moves nothing but the time, so it is known what the next list will show."""
    known = tx.sightings.find(connection.desk_id, ticket_id)
    if known is not None and at > known.version:
        _put_sight(tx, connection, replace(known, version=at))


def _put_sight(tx: Transaction, connection: Connection, sighting: Sighting) -> None:
    others = tuple(one for one in tx.connections.open_at(connection.desk_id) if one.id != connection.id)
    wake_ticket(tx, others, sighting.ticket_id, sighting)
    tx.sightings.put(connection.desk_id, (sighting,))


def fresh_until(node: Node, tx: Transaction, desk_id: str) -> datetime:
    """Until when what our people change counts as known by the last list. A list that fails keeps nobody waiting: then
    it is now."""
    cursor = tx.cursors.find(desk_id)
    if cursor is None or cursor.looked_at is None:
        return tx.now
    until = cursor.looked_at + timedelta(seconds=_OLD_AFTER * node.tempo.poll_least)
    return tx.now if until < tx.now and tx.lanes.rests(LaneKind.POLL, desk_id) else until


def start_polling(tx: Transaction, desk_id: str) -> None:
    """From now on; harmless when it goes on already."""
    tx.lanes.wake(LaneKind.POLL, desk_id)


def wake_ticket(
    tx: Transaction, connections: tuple[Connection, ...], ticket_id: str, sighting: Sighting | None = None
) -> None:
    """Those of the connections for which the ticket is of interest, by the sighting where there is one."""
    for connection in connections:
        if _is_of_interest(tx, connection, ticket_id, sighting):
            tx.lanes.wake(LaneKind.TAKE, f"{connection.id}:{ticket_id}")


def _desk(node: Node, tx: Transaction, desk_id: str) -> _Desk | None:
    opened = open_desk_by_id(node, tx, desk_id)
    if opened is None:
        return None
    connections = tx.connections.open_at(desk_id)
    return _Desk(opened, tx.cursors.find(desk_id) or _first_cursor(node, tx, connections), connections)


def _first_cursor(node: Node, tx: Transaction, connections: tuple[Connection, ...]) -> Cursor:
    """From when tickets were wanted first: the looks before this one may all have failed, for however long."""
    scopes = [tx.scopes.find(connection.id) for connection in connections]
    since = min((scope.since for scope in scopes if scope is not None), default=tx.now)
    return Cursor(min(since, tx.now), node.tempo.poll_least, tx.now)


def _woken(tx: Transaction, found: _Desk, page: Page) -> int:
    """How many tickets of the page are news. What is seen and who is woken are one transaction: a crash between them
    would lose the change."""
    news = tx.sightings.differing(found.open.desk.id, page.sightings)
    for sighting in news:
        wake_ticket(tx, found.connections, sighting.ticket_id, sighting)
    tx.sightings.put(found.open.desk.id, news)
    return len(news)


def _is_of_interest(tx: Transaction, connection: Connection, ticket_id: str, sighting: Sighting | None) -> bool:
    """Linked, asked for by a person, or new since a scope was set; the scope itself is tried when it is read."""
    if tx.links.by_ours(connection.id, ticket_id) is not None or tx.asked.find(connection.id, ticket_id) is not None:
        return True
    scope = tx.scopes.find(connection.id)
    return scope is not None and (sighting is None or sighting.version >= _whole_second(scope.since))


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _ended(node: Node, tx: Transaction, lease: Lease, found: _Desk, moved: int, read_to: datetime | None) -> None:
    """`read_to` is the newest that the list showed, None where it was not read to its end."""
    cursor = found.cursor
    interval = node.tempo.poll_least if moved else min(cursor.interval_seconds * _SLOWER, node.tempo.poll_most)
    after = replace(cursor, interval_seconds=interval)
    if read_to is not None:
        after = replace(after, high_water=read_to, looked_at=tx.now)
    if tx.now - after.swept_at >= timedelta(seconds=node.tempo.sweep):
        after = _swept(tx, found, after)
    if found.open.tracker.has_room:
        _look_at_last(tx, found)
    tx.cursors.put(found.open.desk.id, after)
    tx.sightings.prune(found.open.desk.id, after.high_water - OVERLAP - _KEPT)
    tx.lanes.finish(lease, again=tx.now + timedelta(seconds=interval if read_to is not None else 0))


def _look_at_last(tx: Transaction, found: _Desk) -> None:
    """Looks that were put off when the desk had no calls to spare."""
    for connection in found.connections:
        for link in tx.links.unlooked(connection.id, _SWEPT_AT_ONCE):
            tx.lanes.wake(LaneKind.TAKE, f"{connection.id}:{link.our_ticket}")


def _swept(tx: Transaction, found: _Desk, cursor: Cursor) -> Cursor:
    """Some linked tickets are read whatever the list says: what moves no updated_at, and what vanished, is found so."""
    links = [
        link
        for connection in found.connections
        for link in tx.links.after(connection.id, cursor.sweep_after, _SWEPT_AT_ONCE)
    ]
    links = sorted(links, key=lambda link: link.id)[:_SWEPT_AT_ONCE]
    for link in links:
        if link.our_ticket is not None:
            tx.lanes.wake(LaneKind.TAKE, f"{link.connection_id}:{link.our_ticket}")
    if len(links) < _SWEPT_AT_ONCE:
        return replace(cursor, swept_at=tx.now, sweep_after="")
    return replace(cursor, sweep_after=links[-1].id)
