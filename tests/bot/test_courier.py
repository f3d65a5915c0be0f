from dataclasses import dataclass, field

import pytest

from bot.courier import deliver_notices
from flows.node import Node
from flows.notify import NOTICES, deliver
from pairing.notice import Notice, NoticeKind
from storage.errors import LeaseLost
from storage.lanes import LaneKind, Lease
from storage.store import Store, Transaction
from sync.errors import RemoteUnavailable
from tests.bot.lane_work import node_of
from tests.storage import samples


@dataclass
class Slack:
    """Takes notices, but for those that are to fail."""

    failing: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)

    async def deliver(self, organisation_id: str, notice: Notice) -> None:
        if notice.id in self.failing:
            raise RemoteUnavailable(retry_after=60)
        if notice.id in self.broken:
            raise ZeroDivisionError
        self.told.append(notice.id)


@dataclass
class Office:
    store: Store
    node: Node
    organisation: str
    slack: Slack = field(default_factory=Slack)

    async def add(self, *notices: Notice) -> None:
        def write(tx: Transaction) -> None:
            for notice in notices:
                tx.notices.add(notice)
            deliver(tx)

        await self.store.run(self.organisation, write)

    async def claim(self) -> Lease | None:
        leases = await self.store.system(lambda tx: tx.lanes.claim("one", [LaneKind.CARE], 1, 30))
        return leases[0] if leases else None

    async def round(self) -> None:
        lease = await self.claim()
        assert lease is not None
        assert lease.key == NOTICES
        await deliver_notices(self.node, lease, self.slack)


@pytest.fixture
async def office(store: Store) -> Office:
    return Office(store, node_of(store), await samples.connected(store))


FIRST, SECOND, THIRD = (samples.notice(number, connection_id=samples.connection().id) for number in (1, 2, 3))


async def test_what_was_saved_is_told_once_and_in_order(office: Office) -> None:
    await office.add(FIRST, SECOND)
    await office.round()
    assert office.slack.told == [FIRST.id, SECOND.id]
    assert await office.claim() is None


async def test_what_slack_did_not_take_is_told_later_and_holds_up_nothing(office: Office) -> None:
    office.slack.failing = {FIRST.id}
    office.slack.broken = {SECOND.id}
    await office.add(FIRST, SECOND, THIRD)
    await office.round()
    assert office.slack.told == [THIRD.id]
    due, now = await office.store.system(lambda tx: (tx.lanes.next_due(), tx.now))
    assert due is not None
    assert 0 < (due - now).total_seconds() <= 2  # the broken one; the other end asked for a minute for the failed one


async def test_many_homes_are_published_once_and_the_lane_rests_then(office: Office) -> None:
    await office.add(*(samples.notice(number, NoticeKind.HOME) for number in range(5)))
    await office.round()
    assert office.slack.told == [samples.notice(4).id]
    assert await office.claim() is None
    assert await office.store.system(lambda tx: tx.lanes.next_due()) is None


async def test_a_home_that_waits_is_not_asked_for_over_and_over(office: Office) -> None:
    office.slack.failing = {samples.notice(4).id}
    await office.add(*(samples.notice(number, NoticeKind.HOME) for number in range(5)))
    await office.round()
    assert await office.claim() is None


async def test_who_lost_the_lane_marks_nothing_as_told(office: Office) -> None:
    await office.add(FIRST)
    lease = await office.claim()
    assert lease is not None
    await office.store.system(lambda tx: tx.lanes.free_dead(["one"]))
    with pytest.raises(LeaseLost):
        await deliver_notices(office.node, lease, office.slack)
    assert await office.store.read(office.organisation, lambda tx: tx.notices.due(10)) == (FIRST,)
