import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.errors import LeaseLost, StatementRefused, StorageUnavailable
from storage.lanes import LANES, LaneKind, Lease, seconds_in, topic_of
from storage.memory.store import MemoryStore
from storage.store import Store, SystemTransaction, Transaction
from storage.system_lanes import Renewed
from storage.vault import KeyRing
from tests.databases import is_postgresql
from tests.storage import samples

ALL = tuple(LaneKind)
LEASE = 30.0
START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass
class Scene:
    """A store with one organisation and a clock that only the test moves."""

    store: Store
    organisation: str = ""
    now: datetime = START

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def run(self, work: Callable[[Transaction], Any], lease: Lease | None = None) -> Any:
        return await self.store.run(self.organisation, work, lease=lease)

    async def wake(self, kind: LaneKind, *keys: str, at: datetime | None = None) -> None:
        def write(tx: Transaction) -> None:
            for key in keys:
                tx.lanes.wake(kind, key, at=at)

        await self.run(write)

    async def claim(self, owner: str = "one", kinds: Sequence[LaneKind] = ALL, limit: int = 10, **more: Any) -> Any:
        return await self.store.system(lambda tx: tx.lanes.claim(owner, kinds, limit, LEASE, **more))

    async def claim_one(self, owner: str = "one") -> Lease:
        (lease,) = await self.claim(owner)
        assert isinstance(lease, Lease)
        return lease

    async def finish(self, lease: Lease, again: datetime | None = None) -> None:
        await self.run(lambda tx: tx.lanes.finish(lease, again=again), lease)

    async def fail(self, lease: Lease, seconds: float) -> None:
        await self.run(lambda tx: tx.lanes.fail(lease, again=tx.now + timedelta(seconds=seconds)), lease)

    async def next_due(self, *kinds: LaneKind) -> datetime | None:
        return await self.store.system(lambda tx: tx.lanes.next_due(kinds or ALL))


@pytest.fixture
async def scene(kept_in: str | None, keys: KeyRing) -> AsyncIterator[Scene]:
    made: list[Scene] = []

    def clock() -> datetime:
        return made[0].now if made else START

    store = MemoryStore(clock=clock) if kept_in is None else Store.open(kept_in, keys, clock=clock)
    made.append(Scene(store))
    made[0].organisation = (await samples.organisation(store)).id
    yield made[0]
    await store.close()


# Waking and claiming


async def test_what_is_woken_is_due_and_claimed_once(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    assert (lease.organisation_id, lease.kind, lease.key) == (scene.organisation, LaneKind.TAKE, "c:1")
    assert (lease.epoch, lease.seq, lease.attempts) == (1, 1, 0)
    assert await scene.claim("two") == ()


async def test_only_lanes_of_the_asked_kinds_are_claimed(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    await scene.wake(LaneKind.POLL, "d")
    assert [lease.key for lease in await scene.claim(kinds=[LaneKind.POLL])] == ["d"]


async def test_those_that_wait_longest_come_first_and_no_more_than_asked_for(scene: Scene) -> None:
    for number in (3, 1, 2, 4):
        await scene.wake(LaneKind.TAKE, f"c:{number}", at=START + timedelta(seconds=number))
    scene.advance(10)
    assert [lease.key for lease in await scene.claim(limit=3)] == ["c:1", "c:2", "c:3"]


async def test_of_each_kind_no_more_than_its_limit_is_claimed(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1", "c:2", "c:3")
    await scene.wake(LaneKind.SEND, "c", "d")
    claimed = await scene.claim(most={LaneKind.TAKE: 1, LaneKind.SEND: 2})
    assert sorted(lease.kind for lease in claimed) == ["send", "send", "take"]
    assert await scene.claim(most=dict.fromkeys(ALL, 0)) == ()


async def test_one_connection_cannot_take_every_place(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, *(f"a:{number}" for number in range(9)))
    scene.advance(1)
    await scene.wake(LaneKind.TAKE, "b:1")
    await scene.wake(LaneKind.SEND, "a")
    claimed = {lease.key for lease in await scene.claim(limit=5, stem_limit=3)}
    claimed |= {lease.key for lease in await scene.claim(limit=5, stem_limit=3, busy={"a": 3})}
    assert claimed == {"a:0", "a:1", "a:2", "b:1", "a"}
    due = await scene.store.system(lambda tx: tx.lanes.next_due(ALL, busy={"a": 3}, stem_limit=3))
    assert due == scene.now + timedelta(seconds=LEASE)
    assert await scene.next_due() == START


async def test_a_lane_for_later_is_not_due_before(scene: Scene) -> None:
    await scene.wake(LaneKind.POLL, "d", at=START + timedelta(seconds=5))
    assert await scene.claim() == ()
    assert await scene.next_due() == START + timedelta(seconds=5)
    scene.advance(5)
    assert (await scene.claim_one()).key == "d"


async def test_news_brings_an_idle_lane_forward_but_never_back(scene: Scene) -> None:
    await scene.wake(LaneKind.POLL, "d", at=START + timedelta(seconds=5))
    await scene.wake(LaneKind.POLL, "d", at=START + timedelta(seconds=9))
    assert await scene.next_due() == START + timedelta(seconds=5)
    await scene.wake(LaneKind.POLL, "d")
    assert await scene.next_due() == START


async def test_lanes_of_two_organisations_with_one_key_are_two(scene: Scene) -> None:
    other = await samples.organisation(scene.store, "T2")
    await scene.wake(LaneKind.TAKE, "c:1")
    await scene.store.run(other.id, lambda tx: tx.lanes.wake(LaneKind.TAKE, "c:1"))
    assert {lease.organisation_id for lease in await scene.claim()} == {scene.organisation, other.id}


async def test_an_organisation_changes_no_lane_of_another(scene: Scene) -> None:
    other = await samples.organisation(scene.store, "T2")
    await scene.wake(LaneKind.POLL, "d")
    await scene.run(lambda tx: tx.lanes.halt_desk("d", ["c"], "no"))
    await scene.store.run(other.id, lambda tx: tx.lanes.revive(LaneKind.POLL, "d"))
    assert not await scene.store.run(other.id, lambda tx: tx.lanes.revive_desk("d", ["c"]))
    assert await scene.store.read(other.id, lambda tx: tx.lanes.halted(LaneKind.POLL)) == {}
    assert await scene.store.read(scene.organisation, lambda tx: tx.lanes.halted(LaneKind.POLL)) == {"d": "no"}


async def test_the_node_has_duties_of_its_own(scene: Scene) -> None:
    await scene.store.system(lambda tx: tx.lanes.wake("", LaneKind.CARE, "sweep"))
    lease = await scene.claim_one()
    assert lease.organisation_id == ""
    again = START + timedelta(seconds=30)
    await scene.store.system(lambda tx: tx.lanes.finish(lease, again=again))
    assert await scene.next_due() == again
    with pytest.raises(LeaseLost):
        await scene.store.system(lambda tx: tx.lanes.fail(lease, again=again))


async def test_a_transaction_that_raises_wakes_nothing(scene: Scene) -> None:
    def fail(tx: Transaction) -> None:
        tx.lanes.wake(LaneKind.TAKE, "c:1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await scene.run(fail)
    assert await scene.next_due() is None


async def test_reading_wakes_nothing(scene: Scene) -> None:
    with pytest.raises(StatementRefused):
        await scene.store.read(scene.organisation, lambda tx: tx.lanes.wake(LaneKind.TAKE, "c:1"))


# Giving back


async def test_a_lane_without_news_rests_when_it_is_finished(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    await scene.finish(await scene.claim_one())
    assert await scene.next_due() is None


async def test_news_that_came_during_the_work_is_due_at_its_end(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.wake(LaneKind.TAKE, "c:1")
    assert await scene.claim("two") == ()
    await scene.finish(lease)
    again = await scene.claim_one()
    assert (again.epoch, again.seq) == (2, 2)
    await scene.finish(again)
    assert await scene.next_due() is None


async def test_news_comes_before_the_time_that_the_work_asked_for(scene: Scene) -> None:
    await scene.wake(LaneKind.SEND, "c")
    lease = await scene.claim_one()
    await scene.wake(LaneKind.SEND, "c")
    await scene.finish(lease, START + timedelta(seconds=60))
    assert await scene.next_due() == START


async def test_a_lane_that_wakes_itself_is_due_again(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()

    def write(tx: Transaction) -> None:
        tx.lanes.finish(lease)
        tx.lanes.wake(LaneKind.TAKE, "c:1")

    await scene.run(write, lease)
    assert await scene.next_due() == START


async def test_a_failure_is_counted_and_keeps_its_time_whatever_news_there_is(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.wake(LaneKind.TAKE, "c:1")
    await scene.fail(lease, 20)
    await scene.wake(LaneKind.TAKE, "c:1")
    assert await scene.next_due() == START + timedelta(seconds=20)
    scene.advance(20)
    lease = await scene.claim_one()
    assert lease.attempts == 1
    await scene.fail(lease, 0)
    lease = await scene.claim_one()
    assert lease.attempts == 2
    await scene.finish(lease)
    await scene.wake(LaneKind.TAKE, "c:1")
    assert (await scene.claim_one()).attempts == 0


async def test_a_lane_that_rests_after_a_failure_can_be_hurried(scene: Scene) -> None:
    await scene.wake(LaneKind.SEND, "c", "held")
    lease, held = await scene.claim()
    await scene.fail(lease, 300)

    def hurry(tx: Transaction) -> None:
        for key in ("c", "held", "unknown"):
            tx.lanes.hurry(LaneKind.SEND, key)

    await scene.run(hurry)
    (again,) = await scene.claim("two")
    assert (again.key, again.attempts) == ("c", 1)
    await scene.finish(held)


async def test_a_lane_is_due_while_somebody_works_on_it_or_may_begin_to_and_rests_after_a_failure(scene: Scene) -> None:
    async def standing() -> tuple[bool, bool]:
        due: bool = await scene.run(lambda tx: tx.lanes.is_due(LaneKind.SEND, "c"))
        rests: bool = await scene.run(lambda tx: tx.lanes.rests(LaneKind.SEND, "c"))
        return due, rests

    assert await standing() == (False, False)
    await scene.wake(LaneKind.SEND, "c")
    assert await standing() == (True, False)
    lease = await scene.claim_one()
    assert await standing() == (True, False)
    await scene.fail(lease, 20)
    assert await standing() == (False, True)
    scene.advance(20)
    assert await standing() == (True, False)
    await scene.finish(await scene.claim_one())
    assert await standing() == (False, False)


# Leases


async def test_a_lease_that_ran_out_is_claimed_like_any_due_lane(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lost = await scene.claim_one()
    scene.advance(LEASE - 1)
    assert await scene.claim("two") == ()
    scene.advance(1)
    taken = await scene.claim_one("two")
    assert taken.epoch == lost.epoch + 1


async def test_whoever_lost_the_lane_can_write_nothing(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lost = await scene.claim_one()
    scene.advance(LEASE)
    taken = await scene.claim_one("two")
    asked: list[int] = []

    def write(tx: Transaction) -> None:
        asked.append(1)
        tx.homes.put("U1")

    with pytest.raises(LeaseLost):
        await scene.run(write, lost)
    assert asked == []
    for end in (scene.finish(lost), scene.fail(lost, 1), scene.run(lambda tx: tx.lanes.halt(lost, "no"), lost)):
        with pytest.raises(LeaseLost):
            await end
    assert await scene.store.read(scene.organisation, lambda tx: tx.homes.all()) == ()
    await scene.run(lambda tx: tx.homes.put("U2"), taken)
    await scene.finish(taken)


async def test_a_lane_that_was_given_back_proves_nothing_any_more(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.finish(lease)
    with pytest.raises(LeaseLost):
        await scene.run(lambda tx: tx.homes.put("U1"), lease)


async def test_a_lease_that_ran_out_holds_until_somebody_claims_the_lane(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    scene.advance(10 * LEASE)
    await scene.run(lambda tx: tx.homes.put("U1"), lease)
    await scene.finish(lease)
    assert await scene.store.read(scene.organisation, lambda tx: tx.homes.all()) == ("U1",)


async def test_renewed_leases_last_longer_and_lost_ones_are_told(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1", "c:2")
    one, two = await scene.claim()
    scene.advance(20)
    await scene.finish(two)
    renewed = await scene.store.system(lambda tx: tx.lanes.renew("one", [one.lane_id, two.lane_id], LEASE))
    assert renewed == Renewed(frozenset({one.lane_id}), frozenset({two.lane_id}))
    scene.advance(20)
    assert await scene.claim("two") == ()
    scene.advance(10)
    assert (await scene.claim_one("two")).key == one.key
    renewed = await scene.store.system(lambda tx: tx.lanes.renew("one", [one.lane_id], LEASE))
    assert renewed.lost == {one.lane_id}


async def test_what_a_worker_gives_back_at_its_end_is_due_and_its_leases_are_void(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1", "c:2")
    leases = await scene.claim()
    assert await scene.store.system(lambda tx: tx.lanes.release_all("one")) == 2
    with pytest.raises(LeaseLost):
        await scene.finish(leases[0])
    assert len(await scene.claim("two")) == 2
    assert await scene.store.system(lambda tx: tx.lanes.owners()) == ("two",)


async def test_lanes_of_dead_owners_are_freed_those_of_others_are_not(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    await scene.claim("dead")
    await scene.wake(LaneKind.TAKE, "c:2")
    await scene.claim("alive")
    assert await scene.store.system(lambda tx: tx.lanes.owners()) == ("alive", "dead")
    assert await scene.store.system(lambda tx: tx.lanes.free_dead(["dead", "never seen"])) == 1
    assert (await scene.claim_one("two")).key == "c:1"


async def test_lanes_of_which_nothing_was_heard_for_a_week_are_forgotten(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:idle", "c:held")
    for lease in await scene.claim():
        if lease.key == "c:idle":
            await scene.finish(lease)
    await scene.wake(LaneKind.TAKE, "c:due", at=START + timedelta(days=30))
    await scene.run(lambda tx: tx.lanes.halt_desk("d", ["x"], "no"))
    scene.advance(8 * 86400)
    assert await scene.store.system(lambda tx: tx.lanes.forget_idle()) == 1
    await scene.wake(LaneKind.TAKE, "c:idle")
    scene.advance(30 * 86400)
    assert {lease.key for lease in await scene.claim()} == {"c:idle", "c:held", "c:due"}


# Halting


async def test_a_halted_lane_is_not_due_until_it_is_revived(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.run(lambda tx: tx.lanes.halt(lease, "no"), lease)
    await scene.wake(LaneKind.TAKE, "c:1")
    assert await scene.next_due() is None
    await scene.run(lambda tx: tx.lanes.revive(LaneKind.TAKE, "c:1"))
    assert (await scene.claim_one()).attempts == 0


async def test_reviving_a_lane_that_is_not_halted_changes_nothing(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1", at=START + timedelta(seconds=9))
    await scene.run(lambda tx: tx.lanes.revive(LaneKind.TAKE, "c:1"))
    await scene.run(lambda tx: tx.lanes.revive(LaneKind.TAKE, "c:unknown"))
    assert await scene.next_due() == START + timedelta(seconds=9)


async def test_a_halted_desk_stops_what_asks_it_and_nothing_else(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1", "other:1")
    await scene.wake(LaneKind.SEND, "c")
    assert await scene.run(lambda tx: tx.lanes.halt_desk("d", ["c"], "no"))
    assert not await scene.run(lambda tx: tx.lanes.halt_desk("d", ["c"], "no"))
    await scene.wake(LaneKind.TAKE, "c:born later")
    await scene.wake(LaneKind.APPLY, "c:born later")
    await scene.wake(LaneKind.POLL, "d")
    assert {lease.key for lease in await scene.claim()} == {"other:1", "c"}
    assert await scene.run(lambda tx: tx.lanes.revive_desk("d", ["c"]))
    revived = {(lease.kind, lease.key) for lease in await scene.claim()}
    assert revived == {
        (LaneKind.POLL, "d"),
        (LaneKind.BACKFILL, "c"),
        (LaneKind.TAKE, "c:1"),
        (LaneKind.TAKE, "c:born later"),
        (LaneKind.APPLY, "c:born later"),
    }
    assert not await scene.run(lambda tx: tx.lanes.revive_desk("d", ["c"]))


async def test_who_works_while_its_desk_is_halted_may_finish_and_stops_then(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.run(lambda tx: tx.lanes.halt_desk("d", ["c"], "no"))
    await scene.wake(LaneKind.TAKE, "c:1")
    await scene.run(lambda tx: tx.homes.put("U1"), lease)
    await scene.finish(lease)
    assert await scene.next_due() is None
    await scene.run(lambda tx: tx.lanes.revive_desk("d", ["c"]))
    assert "c:1" in {one.key for one in await scene.claim()}


async def test_a_desk_revived_during_somebodys_work_leaves_the_lease(scene: Scene) -> None:
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.run(lambda tx: tx.lanes.halt_desk("d", ["c"], "no"))
    await scene.run(lambda tx: tx.lanes.revive_desk("d", ["c"]))
    assert "c:1" not in {one.key for one in await scene.claim("two")}
    await scene.finish(lease)


# Wake-ups


async def test_who_waits_for_lanes_hears_when_one_is_due(scene: Scene) -> None:
    heard: list[str] = []
    scene.store.wakeups.subscribe(lambda topics: heard.extend(topics))
    await scene.wake(LaneKind.TAKE, "c:1")
    lease = await scene.claim_one()
    await scene.wake(LaneKind.TAKE, "c:1")  # held: the end of the work says so
    await scene.finish(lease)
    lease = await scene.claim_one()
    await scene.finish(lease, START + timedelta(seconds=1.5))
    await scene.claim()
    await asyncio.sleep(0)
    assert heard == [LANES, LANES, "lanes+1.500"]


@pytest.mark.parametrize(("topic", "seconds"), [("lanes", 0.0), ("lanes+1.500", 1.5), ("notices", None)])
def test_a_topic_says_when_a_lane_is_due(topic: str, seconds: float | None) -> None:
    assert seconds_in(topic) == seconds
    assert seconds is None or topic_of(seconds) == topic


async def test_one_postgresql_process_hears_what_another_one_commits(postgresql_url: str, keys: KeyRing) -> None:
    speaker, listener = Store.open(postgresql_url, keys), Store.open(postgresql_url, keys)
    organisation = await samples.organisation(speaker)
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    listener.wakeups.subscribe(heard.put_nowait)
    hearing = asyncio.create_task(listener.hear())
    assert await asyncio.wait_for(heard.get(), 5) == {LANES}  # what it may have missed

    def write(tx: Transaction) -> None:
        tx.lanes.wake(LaneKind.SEND, "c")
        tx.wake("connection:c")

    await speaker.run(organisation.id, write)
    assert await asyncio.wait_for(heard.get(), 5) == {LANES, "connection:c"}
    await listener.run(organisation.id, lambda tx: tx.wake("own"))
    assert await asyncio.wait_for(heard.get(), 5) == {"own"}  # by itself, and not from the database once more

    def very_much(tx: Transaction) -> None:
        for number in range(500):
            tx.wake(f"connection:{number:026}")

    await speaker.run(organisation.id, very_much)
    assert await asyncio.wait_for(heard.get(), 5) == {LANES}
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await speaker.close()
    await listener.close()


async def test_a_lost_listening_connection_is_made_anew(
    postgresql_url: str, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.hearing._AGAIN_SECONDS", 0.01)
    store = Store.open(postgresql_url, keys)
    heard: asyncio.Queue[frozenset[str]] = asyncio.Queue()
    store.wakeups.subscribe(heard.put_nowait)
    hearing = asyncio.create_task(store.hear())
    await asyncio.wait_for(heard.get(), 5)
    await asyncio.to_thread(_end_listeners, postgresql_url)
    assert await asyncio.wait_for(heard.get(), 5) == {LANES}
    hearing.cancel()
    await asyncio.gather(hearing, return_exceptions=True)
    await store.close()


def _end_listeners(url: str) -> None:
    import psycopg

    from storage.engines import read_url

    address = read_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as killer:
        killer.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )


# Several at once


async def test_no_lane_is_claimed_twice_however_many_claim(store_url: str, keys: KeyRing) -> None:
    stores = [Store.open(store_url, keys) for _ in range(3)]
    organisation = await samples.organisation(stores[0])

    def write(tx: Transaction) -> None:
        for number in range(200):
            tx.lanes.wake(LaneKind.TAKE, f"c:{number}")

    await stores[0].run(organisation.id, write)

    async def claim_all(store: Store, owner: str) -> list[str]:
        found: list[str] = []
        misses = 0
        while misses < 3:
            leases = await store.system(lambda tx: tx.lanes.claim(owner, ALL, 7, LEASE))
            found += [lease.key for lease in leases]
            misses = 0 if leases else misses + 1
        return found

    claims = await asyncio.gather(*(claim_all(store, f"w{number}") for number, store in enumerate(stores)))
    assert sorted(key for keys_ in claims for key in keys_) == sorted(f"c:{number}" for number in range(200))
    for store in stores:
        await store.close()


async def test_a_claim_waits_for_no_transaction_that_proves_a_lease(postgresql_url: str, keys: KeyRing) -> None:
    """A worker that froze inside a transaction keeps that lane, and nobody waits at it for the others."""
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)

    def two(tx: Transaction) -> None:
        tx.lanes.wake(LaneKind.TAKE, "c:frozen", at=tx.now - timedelta(hours=1))

    await store.run(organisation.id, two)
    (lease,) = await store.system(lambda tx: tx.lanes.claim("one", ALL, 1, -60))
    inside, may_go_on = threading.Event(), threading.Event()

    def frozen(tx: Transaction) -> None:
        tx.homes.put("U1")
        inside.set()
        assert may_go_on.wait(10)

    running = asyncio.create_task(store.run(organisation.id, frozen, lease=lease))
    await asyncio.to_thread(inside.wait, 10)
    await store.run(organisation.id, lambda tx: tx.lanes.wake(LaneKind.TAKE, "c:frozen"))  # does not wait, either
    await store.run(organisation.id, lambda tx: tx.lanes.wake(LaneKind.TAKE, "c:other"))
    claimed = await store.system(lambda tx: tx.lanes.claim("two", ALL, 5, LEASE))
    assert [one.key for one in claimed] == ["c:other"]
    assert await store.system(lambda tx: tx.lanes.free_dead(["one"])) == 0
    may_go_on.set()
    await running
    claimed = await store.system(lambda tx: tx.lanes.claim("two", ALL, 5, LEASE))
    assert [one.key for one in claimed] == ["c:frozen"]
    await store.close()


async def test_a_proof_waits_for_a_claim_and_is_refused_then(postgresql_url: str, keys: KeyRing) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    await store.run(organisation.id, lambda tx: tx.lanes.wake(LaneKind.TAKE, "c:1"))
    (lost,) = await store.system(lambda tx: tx.lanes.claim("one", ALL, 1, -60))
    claimed, may_go_on = threading.Event(), threading.Event()

    def claim(tx: SystemTransaction) -> int:
        leases = tx.lanes.claim("two", ALL, 1, LEASE)
        claimed.set()
        assert may_go_on.wait(10)
        return len(leases)

    claiming = asyncio.create_task(store.system(claim))
    await asyncio.to_thread(claimed.wait, 10)
    writing = asyncio.create_task(store.run(organisation.id, lambda tx: tx.homes.put("U1"), lease=lost))
    await asyncio.sleep(0.05)
    assert not writing.done()
    may_go_on.set()
    assert await claiming == 1
    with pytest.raises(LeaseLost):
        await writing
    await store.close()


async def test_an_update_that_arrives_and_one_that_is_applied_never_wait_in_a_circle(
    postgresql_url: str, keys: KeyRing
) -> None:
    """One holds the connection and wakes a lane, the other holds that lane and locks the connection."""
    store = Store.open(postgresql_url, keys)
    organisation_id = await samples.connected(store)
    connection_id = samples.connection().id
    key = f"{connection_id}:1"
    await store.run(organisation_id, lambda tx: tx.lanes.wake(LaneKind.APPLY, key))
    (lease,) = await store.system(lambda tx: tx.lanes.claim("one", ALL, 1, LEASE))
    meet = threading.Barrier(2)
    tries: list[str] = []

    def receive(tx: Transaction) -> None:
        tries.append("receive")
        tx.inbox.store(connection_id, [samples.envelope(1)])
        meet.wait(5)
        tx.lanes.wake(LaneKind.APPLY, key)

    def apply(tx: Transaction) -> None:
        tries.append("apply")
        tx.lanes.wake(LaneKind.SEND, connection_id)
        meet.wait(5)
        tx.outbox.add(connection_id, samples.envelope(2))
        tx.lanes.finish(lease)

    await asyncio.gather(store.run(organisation_id, receive), store.run(organisation_id, apply, lease=lease))
    assert sorted(tries) == ["apply", "receive"]
    due = await store.system(lambda tx: tx.lanes.claim("one", ALL, 5, LEASE))
    assert {one.kind for one in due} == {LaneKind.APPLY, LaneKind.SEND}
    await store.close()


async def test_many_transactions_that_wake_each_others_lanes_never_wait_in_a_circle(
    postgresql_url: str, keys: KeyRing
) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    tries: list[int] = []

    def wake(number: int) -> Callable[[Transaction], None]:
        def write(tx: Transaction) -> None:
            tries.append(number)
            for step in range(10):
                tx.lanes.wake(ALL[(number * 7 + step * 3) % len(ALL)], f"c:{(number * 5 + step * step) % 13}")

        return write

    await asyncio.gather(*(store.run(organisation.id, wake(number)) for number in range(200)))
    assert len(tries) == 200
    await store.close()


# A commit of which nobody knows


async def test_after_a_commit_of_unknown_outcome_the_lane_itself_tells(postgresql_url: str, keys: KeyRing) -> None:
    """Its end is part of the effect: either both are there, or the lane is still held and its work not done."""
    from tests.storage.test_store import _cut_off

    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    await store.run(organisation.id, lambda tx: tx.lanes.wake(LaneKind.TAKE, "c:1"))
    (lease,) = await store.system(lambda tx: tx.lanes.claim("one", ALL, 1, LEASE))

    def cut_off(tx: Transaction) -> None:
        tx.homes.put("U1")
        tx.lanes.finish(lease)
        tx.settle()
        _cut_off(tx, postgresql_url)

    with pytest.raises(StorageUnavailable):
        await store.run(organisation.id, cut_off, lease=lease)
    assert await store.system(lambda tx: tx.lanes.owners()) == ("one",)

    def again(tx: Transaction) -> None:
        tx.homes.put("U1")
        tx.lanes.finish(lease)

    await store.run(organisation.id, again, lease=lease)
    with pytest.raises(LeaseLost):  # had the first one been committed after all, the second would have been refused so
        await store.run(organisation.id, lambda tx: tx.lanes.finish(lease), lease=lease)
    await store.close()


# Ten thousand


@pytest.mark.slow
@pytest.mark.parametrize("are_due", [False, True], ids=["waiting", "due"])
async def test_ten_thousand_lanes_do_not_slow_a_claim(store_url: str, keys: KeyRing, are_due: bool) -> None:
    store = Store.open(store_url, keys)
    organisation = await samples.organisation(store)

    async def wake(numbers: range, at: timedelta) -> None:
        def write(tx: Transaction) -> None:
            for number in numbers:
                tx.lanes.wake(LaneKind.TAKE, f"c{number % 50}:{number}", at=tx.now + at)

        await store.run(organisation.id, write)

    async def claimed_in() -> float:
        loop, seconds = asyncio.get_running_loop(), []
        for _ in range(20):
            begun = loop.time()
            await store.system(lambda tx: (tx.lanes.claim("one", ALL, 25, LEASE, stem_limit=8), tx.lanes.next_due()))
            seconds.append(loop.time() - begun)
            await store.system(lambda tx: tx.lanes.release_all("one"))
        return sorted(seconds)[10]

    few = timedelta() if are_due else timedelta(hours=1)
    await wake(range(100), few)
    before = await claimed_in()
    for start in range(100, 10_100, 500):
        await wake(range(start, start + 500), few)
    after = await claimed_in()
    print(f"claim with 100 lanes {before * 1000:.2f} ms, with 10,100 {after * 1000:.2f} ms")  # noqa: T201
    assert after < max(4 * before, 0.02), (before, after, is_postgresql(store_url))
    await store.close()
