"""Delivers the notices that flows saved: each at least once, none before its commit, a failing one later again."""

import logging
from datetime import timedelta
from typing import Protocol

from flows.node import Node
from pairing.notice import Notice
from storage.lanes import Lease
from storage.store import Transaction
from sync.errors import RemoteUnavailable

_log = logging.getLogger(__name__)
_AT_ONCE = 50
_MOST_TRIES = 12  # about a day and a half with the waits below; by then the news is none


class Deliver(Protocol):
    async def deliver(self, organisation_id: str, notice: Notice) -> None:
        """Raises RemoteUnavailable when it is to be tried again."""


async def deliver_notices(node: Node, lease: Lease, slack: Deliver) -> None:
    """All that an organisation is to be told now. Its lane lets no other worker tell the same. Raises LeaseLost."""
    for notice in await node.store.read(lease.organisation_id, lambda tx: tx.notices.due(_AT_ONCE)):
        await _one(node, lease, slack, notice)

    def write(tx: Transaction) -> None:
        tx.lanes.finish(lease, again=tx.notices.next_due())

    await node.store.run(lease.organisation_id, write, lease=lease)


async def _one(node: Node, lease: Lease, slack: Deliver, notice: Notice) -> None:
    try:
        await slack.deliver(lease.organisation_id, notice)
    except RemoteUnavailable as error:
        await _later(node, lease, notice, error.retry_after)
    except Exception:
        # A notice we cannot render must not hold up the others.
        _log.exception("notice failed", extra={"notice": notice.id, "kind": notice.kind})
        await _later(node, lease, notice, None)
    else:
        await node.store.run(lease.organisation_id, lambda tx: tx.notices.done(notice.id), lease=lease)


async def _later(node: Node, lease: Lease, notice: Notice, seconds: float | None) -> None:
    wait = timedelta(seconds=max(seconds or 0, min(4 * 3600, 2 ** (notice.tries + 1))))

    def write(tx: Transaction) -> None:
        if notice.tries + 1 >= _MOST_TRIES:
            tx.notices.done(notice.id)
        else:
            tx.notices.later(notice.id, tx.now + wait)

    await node.store.run(lease.organisation_id, write, lease=lease)
