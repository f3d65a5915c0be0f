"""Work for worker tests: what arrived for a ticket goes on, one by one and in order, into the outbox."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from functools import partial
from random import Random
from typing import cast

from bot.workers import Terms, Work, Workers
from exchange.client import PartnerClient
from flows.node import Node
from storage.lanes import LaneKind, Lease
from storage.store import Store, Transaction
from storage.vault import KeyRing
from sync.envelope import Envelope
from sync.errors import RemoteUnavailable
from sync.patience import Patience
from tests.storage import samples
from trackers.port import DeskKind

CONNECTION = samples.connection().id
KEYS = KeyRing((b"k" * 32,))
TERMS = Terms(lease=2, margin=0.5, look=0.5, bury=0.2, drain=2, patience=Patience(first=0.01, most=0.1))


def node_of(store: Store, desks: Mapping[str, DeskKind] | None = None, seed: int = 1) -> Node:
    """A node that reaches nobody."""
    return Node(
        store=store,
        wire=cast(PartnerClient, None),
        desks=desks or {},
        address=None,
        node_id="n" * 26,
        trusted=frozenset(),
        software="test",
        chance=Random(seed).randbytes,
    )


def envelope_for(ticket: str, number: int) -> Envelope:
    return samples.envelope(f"{ticket}n{number}", body=f'"{number}"', ticket=ticket)


def arrive(tx: Transaction, ticket: str, *numbers: int) -> None:
    tx.inbox.store(CONNECTION, [envelope_for(ticket, number) for number in numbers])
    tx.lanes.wake(LaneKind.APPLY, f"{CONNECTION}:{ticket}")


async def pass_on(node: Node, lease: Lease, *, delay: float = 0.0, chance: Random | None = None) -> None:
    """The oldest that is not settled; with `chance`, one attempt in ten fails."""
    ticket = lease.key.partition(":")[2]
    waiting = await node.store.read(lease.organisation_id, lambda tx: tx.inbox.of_ticket(CONNECTION, ticket, 1))
    await asyncio.sleep(delay * (chance.random() if chance else 1))
    if chance is not None and chance.random() < 0.1:
        raise RemoteUnavailable

    def write(tx: Transaction) -> None:
        for envelope in waiting:
            tx.inbox.settle(CONNECTION, envelope.id, "done")
            sent = Envelope(envelope.id[::-1], "ticket.update", envelope.at, envelope.body, ticket=ticket)
            tx.outbox.add(CONNECTION, sent)
        tx.lanes.finish(lease, again=tx.now if waiting else None)

    await node.store.run(lease.organisation_id, write, lease=lease)


async def passed_on(store: Store, organisation_id: str) -> dict[str, list[int]]:
    """By ticket, in the order in which it was written."""
    found: dict[str, list[int]] = {}

    def read(tx: Transaction) -> list[Envelope]:
        envelopes, more = tx.outbox.batch(CONNECTION, limit=1_000_000, max_bytes=10**12)
        assert not more
        return list(envelopes)

    for envelope in await store.read(organisation_id, read):
        found.setdefault(str(envelope.ticket), []).append(int(envelope.body.strip('"')))
    return found


async def _run(url: str, seed: int, delay: float) -> None:
    """A worker process: until it is told to stop, or killed."""
    store = Store.open(url, KEYS)
    hearing = asyncio.create_task(store.hear())
    chance = Random(seed)
    work: Work = partial(pass_on, delay=delay, chance=chance)
    workers = Workers(node_of(store, seed=seed), {LaneKind.APPLY: work}, draw=chance.random, terms=TERMS)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, workers.stop)
    print("ready", flush=True)  # noqa: T201
    await workers.run()
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await store.close()


if __name__ == "__main__":
    asyncio.run(_run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
