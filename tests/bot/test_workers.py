import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import psycopg
import pytest

from bot.process_name import is_gone, own_name
from bot.workers import Terms, Work, Workers
from flows.node import Node
from pairing.notice import NoticeKind
from storage.engines import read_url
from storage.errors import LeaseLost, StorageUnavailable
from storage.lanes import LaneKind, Lease
from storage.rates import Rate
from storage.store import Store, SystemTransaction, Transaction
from sync.errors import RemoteConflict, RemoteRefusedUs, RemoteUnavailable
from sync.patience import Patience
from tests.bot.lane_work import CONNECTION, KEYS, TERMS, arrive, node_of, pass_on, passed_on
from tests.databases import running_postgresql
from tests.storage import samples
from trackers.memory import MemoryDesks

HOUSE = Path(__file__).parents[2]


@dataclass
class Shop:
    """A store with a connection, and workers on it."""

    store: Store
    organisation: str
    node: Node
    calls: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def working(
        self, work: Work, kind: LaneKind = LaneKind.APPLY, terms: Terms = TERMS
    ) -> AsyncIterator[Workers]:
        workers = Workers(self.node, {kind: work}, draw=Random(1).random, terms=terms)
        running = asyncio.create_task(workers.run())
        try:
            yield workers
        finally:
            workers.stop()
            await running

    async def run(self, work: Callable[[Transaction], object]) -> None:
        await self.store.run(self.organisation, work)

    async def wake(self, *keys: str, kind: LaneKind = LaneKind.APPLY) -> None:
        def write(tx: Transaction) -> None:
            for key in keys:
                tx.lanes.wake(kind, key)

        await self.run(write)

    async def until(self, condition: Callable[[], Awaitable[object]], seconds: float = 10.0) -> None:
        ends = time.monotonic() + seconds
        while not await condition():
            assert time.monotonic() < ends, "it did not happen in time"
            await asyncio.sleep(0.01)

    async def until_idle(self, seconds: float = 10.0) -> None:
        async def is_idle() -> bool:
            return await self.store.system(lambda tx: tx.lanes.next_due()) is None

        await self.until(is_idle, seconds)

    async def until_called(self, number: int, seconds: float = 10.0) -> None:
        async def are_called() -> bool:
            return len(self.calls) >= number

        await self.until(are_called, seconds)

    async def done(self, node: Node, lease: Lease) -> None:
        """Work that only notes that it was done."""
        self.calls.append(lease.key)
        await node.store.run(lease.organisation_id, lambda tx: tx.lanes.finish(lease), lease=lease)


@pytest.fixture
async def shop(store: Store) -> Shop:
    organisation = await samples.connected(store)
    return Shop(store, organisation, node_of(store))


async def test_what_is_woken_is_worked_on_at_once(shop: Shop) -> None:
    async with shop.working(shop.done, terms=replace(TERMS, look=60)):
        await asyncio.sleep(0.05)
        await shop.wake("c:1")
        await shop.until_called(1, 2)
        await shop.until_idle()


async def test_what_is_due_later_is_worked_on_then(shop: Shop) -> None:
    async with shop.working(shop.done, terms=replace(TERMS, look=60)):
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        await shop.run(lambda tx: tx.lanes.wake(LaneKind.APPLY, "c:1", at=tx.now + timedelta(seconds=0.3)))
        await shop.until_called(1, 2)
        assert 0.28 < time.monotonic() - begun < 2


async def test_what_was_due_before_the_start_is_found(shop: Shop) -> None:
    await shop.wake("c:1", "c:2")
    async with shop.working(shop.done):
        await shop.until_called(2)


async def test_order_holds_with_several_messages_in_one_transaction_producers_and_retries(shop: Shop) -> None:
    chance = Random(2)

    def arrive_thrice(number: int, tx: Transaction) -> None:
        arrive(tx, f"t{number % 3}", number, number + 1000, number + 2000)

    async def produce(numbers: range) -> None:
        for number in numbers:
            await shop.run(partial(arrive_thrice, number))

    async with shop.working(partial(pass_on, chance=chance)):
        await asyncio.gather(produce(range(20)), produce(range(100, 120)), produce(range(200, 220)))
        await shop.until_idle(20)
    found = await passed_on(shop.store, shop.organisation)
    assert sorted(number for numbers in found.values() for number in numbers) == sorted(
        number + thousand
        for first in (0, 100, 200)
        for number in range(first, first + 20)
        for thousand in (0, 1000, 2000)
    )
    for numbers in found.values():
        for first in (0, 100, 200):
            own = [number for number in numbers if number % 1000 // 100 * 100 == first]
            # Each producer's in its order: all three of a transaction before those of its next.
            assert own == sorted(own, key=lambda number: (number % 1000, number))


@pytest.mark.parametrize("poison", [0, 2, 4], ids=["first", "middle", "last"])
@pytest.mark.parametrize("skips", [True, False], ids=["skip", "halt"])
async def test_a_poisoned_message_holds_up_its_own_lane_only_I11(shop: Shop, poison: int, skips: bool) -> None:
    """And when it was the last one and is skipped, the lane does not wait for its lease to end."""

    async def work(node: Node, lease: Lease) -> None:
        ticket = lease.key.partition(":")[2]
        waiting = await node.store.read(lease.organisation_id, lambda tx: tx.inbox.of_ticket(CONNECTION, ticket, 1))
        if not waiting or ticket != "bad" or waiting[0].body != f'"{poison}"':
            await pass_on(node, lease)
        elif lease.attempts < 2:
            raise RemoteUnavailable
        elif skips:
            await node.store.run(lease.organisation_id, lambda tx: park(tx, lease, waiting[0].id), lease=lease)
        else:
            await node.store.run(lease.organisation_id, lambda tx: tx.lanes.halt(lease, "poison"), lease=lease)

    def park(tx: Transaction, lease: Lease, envelope_id: str) -> None:
        tx.inbox.settle(CONNECTION, envelope_id, "parked")
        tx.lanes.finish(lease, again=tx.now)

    def fill(tx: Transaction) -> None:
        arrive(tx, "bad", *range(5))
        arrive(tx, "good", *range(5))

    await shop.run(fill)
    begun = time.monotonic()
    async with shop.working(work, terms=replace(TERMS, lease=30, look=60)):
        await shop.until_idle(5)
    assert time.monotonic() - begun < 5
    found = await passed_on(shop.store, shop.organisation)
    assert found["good"] == list(range(5))
    expected = [number for number in range(5) if number != poison] if skips else list(range(poison))
    assert found.get("bad", []) == expected
    if not skips:
        await shop.run(lambda tx: tx.lanes.revive(LaneKind.APPLY, f"{CONNECTION}:bad"))
        async with shop.working(pass_on):
            await shop.until_idle(5)
        assert (await passed_on(shop.store, shop.organisation))["bad"] == list(range(5))


async def test_no_more_than_its_slots_run_at_once_and_no_connection_takes_them_all(shop: Shop) -> None:
    running: dict[str, int] = {"a": 0, "b": 0}
    most = {"a": 0, "b": 0, "all": 0}

    async def work(node: Node, lease: Lease) -> None:
        stem = lease.key[0]
        running[stem] += 1
        most[stem] = max(most[stem], running[stem])
        most["all"] = max(most["all"], sum(running.values()))
        await asyncio.sleep(0.05)
        running[stem] -= 1
        await shop.done(node, lease)

    await shop.wake(*(f"a:{number}" for number in range(20)))
    await shop.wake(*(f"b:{number}" for number in range(5)))
    terms = replace(TERMS, slots={LaneKind.APPLY: 6}, of_one_connection=4)
    async with shop.working(work, terms=terms):
        await shop.until_called(9)
        assert {key[0] for key in shop.calls[:9]} == {"a", "b"}
        await shop.until_idle()
    assert most == {"a": 4, "b": most["b"], "all": 6}
    assert len(shop.calls) == 25


async def test_a_long_queue_of_one_kind_keeps_no_other_waiting(shop: Shop) -> None:
    async def slow(node: Node, lease: Lease) -> None:
        await asyncio.sleep(0.05)
        await shop.done(node, lease)

    await shop.wake(*(f"a{number}:1" for number in range(200)))
    await shop.wake("d", kind=LaneKind.POLL)
    workers = Workers(shop.node, {LaneKind.APPLY: slow, LaneKind.POLL: shop.done}, draw=Random(1).random, terms=TERMS)
    running = asyncio.create_task(workers.run())
    await shop.until_called(1)
    assert shop.calls[0] == "d"
    workers.stop()
    await running


# Failures


@pytest.mark.parametrize(
    ("attempts", "asked", "shortest", "longest"),
    [(0, None, 0, 1), (3, None, 0, 8), (30, None, 0, 300), (0, 40.0, 40, 41), (9, 0.2, 0.2, 0.4)],
)
def test_rests_grow_and_are_spread_and_what_was_asked_for_is_kept_to(
    attempts: int, asked: float | None, shortest: float, longest: float
) -> None:
    patience = Patience(first=1, most=300)
    assert patience.rest_seconds(attempts, 0.0, asked) == shortest
    assert patience.rest_seconds(attempts, 1.0, asked) == longest


def test_a_conflict_is_tried_again_at_once_a_few_times() -> None:
    patience = Patience(first=1, most=300, conflicts=5)
    assert [patience.rest_after_conflict(attempts, 1.0) for attempts in range(7)] == [0, 0, 0, 0, 0, 1, 2]


async def test_work_that_failed_is_tried_again_after_a_rest(shop: Shop) -> None:
    times: list[float] = []

    async def work(node: Node, lease: Lease) -> None:
        times.append(time.monotonic())
        if lease.attempts < 3:
            raise RemoteUnavailable(retry_after=0.2 if lease.attempts == 2 else None)
        await shop.done(node, lease)

    await shop.wake("c:1")
    async with shop.working(work):
        await shop.until_called(1)
    assert len(times) == 4
    assert times[3] - times[2] >= 0.2


async def test_a_conflict_is_decided_again_at_once(shop: Shop) -> None:
    async def work(node: Node, lease: Lease) -> None:
        if lease.attempts < 4:
            raise RemoteConflict
        await shop.done(node, lease)

    await shop.wake("c:1")
    async with shop.working(work, terms=replace(TERMS, patience=Patience(first=60, most=60))):
        await shop.until_called(1, 3)


async def test_a_bug_is_logged_with_its_traceback_and_tried_again(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    async def work(node: Node, lease: Lease) -> None:
        if not lease.attempts:
            raise ZeroDivisionError
        await shop.done(node, lease)

    await shop.wake("c:1")
    async with shop.working(work):
        await shop.until_called(1)
    assert "ZeroDivisionError" in caplog.text


async def test_what_became_of_each_piece_of_work_can_be_observed(shop: Shop) -> None:
    seen: list[tuple[LaneKind, str]] = []

    async def work(node: Node, lease: Lease) -> None:
        if not lease.attempts:
            raise RemoteUnavailable
        await shop.done(node, lease)

    await shop.wake("c:1")
    workers = Workers(
        shop.node,
        {LaneKind.APPLY: work},
        draw=Random(1).random,
        terms=TERMS,
        observe=lambda kind, outcome, seconds: seen.append((kind, outcome)),
    )
    running = asyncio.create_task(workers.run())
    await shop.until_called(1)
    workers.stop()
    await running
    assert seen == [(LaneKind.APPLY, "RemoteUnavailable"), (LaneKind.APPLY, "done")]


# A desk that refuses our key


async def test_a_desk_that_refuses_our_key_stops_and_is_told_once(shop: Shop) -> None:
    desks = MemoryDesks()
    node, desk = node_of(shop.store, {"memory": desks}), samples.desk()
    shop.node = node
    await shop.run(lambda tx: tx.vault.put("desk_token", desk.id, b"refused"))
    keys = [f"{CONNECTION}:{number}" for number in range(5)]

    async def work(node: Node, lease: Lease) -> None:
        shop.calls.append(lease.key)
        raise RemoteRefusedUs("The desk refused the API key.")

    await shop.wake(*keys)
    async with shop.working(work):
        await shop.until(lambda: kinds_of_notices(shop))
        await shop.wake(f"{CONNECTION}:later", *keys)
        await asyncio.sleep(0.2)
    assert sorted(shop.calls) == keys
    assert await kinds_of_notices(shop) == [NoticeKind.DESK_REFUSED]
    reasons = await shop.store.read(shop.organisation, lambda tx: tx.lanes.halted(LaneKind.POLL))
    assert reasons == {desk.id: "The desk refused the API key."}


async def test_a_desk_that_refuses_one_ticket_only_goes_on_with_the_others(shop: Shop) -> None:
    shop.node = node_of(shop.store, {"memory": MemoryDesks()})
    await shop.run(lambda tx: tx.vault.put("desk_token", samples.desk().id, b"toy-key"))

    async def work(node: Node, lease: Lease) -> None:
        if lease.key.endswith(":secret"):
            raise RemoteRefusedUs
        await shop.done(node, lease)

    await shop.wake(f"{CONNECTION}:secret", f"{CONNECTION}:1")
    async with shop.working(work):
        await shop.until_called(1)
    assert await shop.store.read(shop.organisation, lambda tx: tx.lanes.halted(LaneKind.POLL)) == {}
    assert await kinds_of_notices(shop) == []


async def kinds_of_notices(shop: Shop) -> list[NoticeKind]:
    notices = await shop.store.read(shop.organisation, lambda tx: tx.notices.due(100))
    return [notice.kind for notice in notices if notice.kind is not NoticeKind.HOME]


# Leases


async def test_leases_are_renewed_while_the_work_lasts(shop: Shop) -> None:
    async def long(node: Node, lease: Lease) -> None:
        await asyncio.sleep(1.2)
        await shop.done(node, lease)

    await shop.wake("c:1")
    terms = replace(TERMS, lease=0.6, margin=0.1)
    async with shop.working(long, terms=terms), shop.working(long, terms=terms):
        await shop.until_called(1)
        await shop.until_idle()
    assert shop.calls == ["c:1"]


async def test_work_whose_lane_is_lost_is_stopped(shop: Shop) -> None:
    stopped = asyncio.Event()

    async def long(node: Node, lease: Lease) -> None:
        shop.calls.append(lease.key)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stopped.set()
            raise

    await shop.wake("c:1")
    async with shop.working(long, terms=replace(TERMS, lease=0.6, margin=0.1)) as workers:
        await shop.until_called(1)

        def steal(tx: SystemTransaction) -> None:
            tx.lanes.free_dead([workers.owner])
            tx.lanes.claim("thief", [LaneKind.APPLY], 1, 60)

        await shop.store.system(steal)
        async with asyncio.timeout(5):
            await stopped.wait()
    assert await shop.store.system(lambda tx: tx.lanes.owners()) == ("thief",)


class Deaf(Store):
    """A store whose database does not answer any more once it is `cut`; those who ask wait, or get an error."""

    def __init__(self, inner: Store, *, hangs: bool) -> None:
        self._inner, self._hangs = inner, hangs
        self.wakeups = inner.wakeups
        self.is_cut = False

    async def system(self, work):  # type: ignore[no-untyped-def]
        if self.is_cut:
            await asyncio.sleep(3600 if self._hangs else 0)
            raise StorageUnavailable
        return await self._inner.system(work)


@pytest.mark.parametrize("hangs", [False, True], ids=["fails", "hangs"])
async def test_a_worker_that_cannot_renew_its_leases_stops_calling_before_they_end(shop: Shop, hangs: bool) -> None:
    times: list[float] = []

    async def long(node: Node, lease: Lease) -> None:
        times.append(time.monotonic())
        try:
            await asyncio.sleep(60)
        finally:
            times.append(time.monotonic())

    deaf = Deaf(shop.store, hangs=hangs)
    shop.node = replace(shop.node, store=deaf)
    await shop.wake("c:1")
    workers = Workers(
        shop.node, {LaneKind.APPLY: long}, draw=Random(1).random, terms=replace(TERMS, lease=1, margin=0.4)
    )
    running = asyncio.create_task(workers.run())

    async def has_begun() -> bool:
        return len(times) == 1

    async def has_stopped() -> bool:
        return len(times) == 2

    await shop.until(has_begun)
    deaf.is_cut = True
    await shop.until(has_stopped, 3)
    assert times[1] - times[0] < 1.0
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_at_the_end_work_is_finished_and_what_is_left_is_given_back(shop: Shop) -> None:
    finished: list[str] = []

    async def work(node: Node, lease: Lease) -> None:
        shop.calls.append(lease.key)
        await asyncio.sleep(0.1 if lease.key == "c:short" else 60)
        await node.store.run(lease.organisation_id, lambda tx: tx.lanes.finish(lease), lease=lease)
        finished.append(lease.key)

    await shop.wake("c:short", "c:long")
    async with shop.working(work, terms=replace(TERMS, lease=30, drain=0.5)):
        await shop.until_called(2)
    assert finished == ["c:short"]
    leases = await shop.store.system(lambda tx: tx.lanes.claim("next", [LaneKind.APPLY], 5, 30))
    assert [(lease.key, lease.attempts) for lease in leases] == [("c:long", 0)]


async def test_a_poll_that_only_waits_is_not_waited_for(shop: Shop) -> None:
    async def wait(node: Node, lease: Lease) -> None:
        shop.calls.append(lease.key)
        await asyncio.sleep(60)

    await shop.wake("c", kind=LaneKind.LISTEN)
    begun = time.monotonic()
    async with shop.working(wait, LaneKind.LISTEN, replace(TERMS, drain=30)):
        await shop.until_called(1)
    assert time.monotonic() - begun < 5


async def test_work_that_loses_its_lane_is_neither_failed_nor_repeated_by_us(shop: Shop) -> None:
    async def lose(node: Node, lease: Lease) -> None:
        shop.calls.append(lease.key)
        await node.store.run(lease.organisation_id, lambda tx: tx.lanes.finish(lease), lease=lease)
        raise LeaseLost

    await shop.wake("c:1")
    async with shop.working(lose):
        await shop.until_called(1)
        await asyncio.sleep(0.1)
    assert shop.calls == ["c:1"]


# Names of processes


def test_our_own_process_is_not_gone() -> None:
    assert not is_gone(own_name())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells which processes there are")
def test_a_process_that_ended_is_gone_even_when_its_number_came_back() -> None:
    boot, space, _, started, rest = own_name().split(" ")
    assert is_gone(" ".join((boot, space, "4194304", started, rest)))
    assert is_gone(" ".join((boot, space, str(os.getpid()), "1", rest)))


@pytest.mark.parametrize("name", ["", "one", "- - 4194304 1 x", "otherboot pid:[1] 4194304 1 x"])
def test_of_a_process_elsewhere_nothing_is_known(name: str) -> None:
    assert not is_gone(name)


# Real processes


@dataclass
class Crew:
    """Worker processes on one database."""

    url: str
    delay: float
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    started: int = 0

    async def start(self) -> asyncio.subprocess.Process:
        self.started += 1
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bot.lane_work",
            self.url,
            str(self.started),
            str(self.delay),
            cwd=HOUSE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        self.processes.append(process)
        return process

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        self.processes.remove(process)
        process.kill()
        await process.wait()


@asynccontextmanager
async def crewed(url: str, number: int, delay: float = 0.01) -> AsyncIterator[Crew]:
    crew = Crew(url, delay)
    try:
        await asyncio.gather(*(crew.start() for _ in range(number)))
        yield crew
    finally:
        for process in list(crew.processes):
            process.send_signal(signal.SIGCONT)
            await crew.kill(process)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Shop]:
    store = Store.open(url, KEYS)
    try:
        yield Shop(store, await samples.connected(store), node_of(store))
    finally:
        await store.close()


@pytest.mark.slow
async def test_chaos_loses_nothing_doubles_nothing_and_keeps_every_order(store_url: str) -> None:
    """Four workers, one of them killed every moment and another one started, while two producers go on."""
    chance, tickets, kills = Random(7), [f"t{number}" for number in range(12)], 16
    async with opened(store_url) as shop, crewed(store_url, 4) as crew:
        enough = asyncio.Event()
        producing = asyncio.gather(*(_produce(shop, tickets[half::2], enough, chance) for half in (0, 1)))
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            await crew.kill(chance.choice(crew.processes))
            await crew.start()
        enough.set()
        made = dict(item for half in await producing for item in half.items())
        await shop.until_idle(60)
        found = await passed_on(shop.store, shop.organisation)
    print(f"{sum(made.values())} messages through {kills} kills")  # noqa: T201
    assert found == {ticket: list(range(number)) for ticket, number in made.items()}


async def _produce(shop: Shop, tickets: list[str], enough: asyncio.Event, chance: Random) -> dict[str, int]:
    """How many for each."""
    made = dict.fromkeys(tickets, 0)
    while not enough.is_set():
        ticket = chance.choice(tickets)
        several = range(made[ticket], made[ticket] + chance.randint(1, 3))
        await shop.run(partial(_arrived, ticket, several))
        made[ticket] = several.stop
        await asyncio.sleep(chance.uniform(0, 0.03))
    return {ticket: number for ticket, number in made.items() if number}


def _arrived(ticket: str, numbers: range, tx: Transaction) -> None:
    arrive(tx, ticket, *numbers)


@pytest.mark.slow
async def test_what_a_killed_worker_held_is_taken_over_at_once_on_the_same_machine(store_url: str) -> None:
    async with opened(store_url) as shop, crewed(store_url, 1, delay=60) as crew:
        await shop.run(lambda tx: arrive(tx, "t", 1))
        await shop.until(lambda: _owners(shop))
        async with crewed(store_url, 1, delay=0.01):
            begun = time.monotonic()
            await crew.kill(crew.processes[0])
            await shop.until_idle(10)
            took = time.monotonic() - begun
        assert (await passed_on(shop.store, shop.organisation)) == {"t": [1]}
    print(f"taken over after {took:.2f} s")  # noqa: T201
    assert took < TERMS.lease


@pytest.mark.slow
async def test_a_paused_worker_loses_its_lanes_within_the_lease_and_cannot_write_when_it_wakes_up(
    store_url: str,
) -> None:
    async with opened(store_url) as shop, crewed(store_url, 1, 0.5) as one, crewed(store_url, 1, 0.0) as two:
        first, second = one.processes[0], two.processes[0]
        second.send_signal(signal.SIGSTOP)
        await shop.run(lambda tx: arrive(tx, "t", 1))
        await shop.until(lambda: _owners(shop))
        first.send_signal(signal.SIGSTOP)
        second.send_signal(signal.SIGCONT)
        begun = time.monotonic()
        await shop.until_idle(20)
        took = time.monotonic() - begun
        first.send_signal(signal.SIGCONT)
        await asyncio.sleep(1.5)
        await shop.until_idle(20)
        assert await passed_on(shop.store, shop.organisation) == {"t": [1]}
    print(f"taken over after {took:.2f} s with a lease of {TERMS.lease} s")  # noqa: T201
    assert took < TERMS.lease + TERMS.look + 1


async def _owners(shop: Shop) -> tuple[str, ...]:
    return await shop.store.system(lambda tx: tx.lanes.owners())


@pytest.mark.slow
async def test_a_node_stopped_politely_leaves_no_lane_behind(store_url: str) -> None:
    async with opened(store_url) as shop, crewed(store_url, 2) as crew:
        for number in range(30):
            await shop.run(partial(_arrived, f"t{number % 5}", range(number, number + 1)))
        for process in crew.processes:
            process.terminate()
            await process.wait()
        crew.processes.clear()
        assert await _owners(shop) == ()
        async with crewed(store_url, 1):
            await shop.until_idle(20)
        found = await passed_on(shop.store, shop.organisation)
    assert sorted(number for numbers in found.values() for number in numbers) == list(range(30))


# The limiter


@pytest.mark.slow
async def test_two_processes_never_exceed_the_limit_and_its_burst_in_any_window(store_url: str) -> None:
    rate = Rate(spacing_seconds=0.02, burst=5)
    code = (
        "import asyncio, sys, time\n"
        "from storage.store import Store\n"
        "from storage.rates import Rate\n"
        "from tests.bot.lane_work import KEYS\n"
        "async def go():\n"
        "    store = Store.open(sys.argv[1], KEYS)\n"
        "    rate = Rate(0.02, 5)\n"
        "    for _ in range(60):\n"
        "        wait = await store.system(lambda tx: tx.rates.reserve('desk', rate))\n"
        "        await asyncio.sleep(wait)\n"
        "        print(time.time(), flush=True)\n"
        "    await store.close()\n"
        "asyncio.run(go())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, store_url, cwd=HOUSE, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    outputs = [await process.communicate() for process in processes]
    calls = sorted(float(line) for output, _ in outputs for line in output.split())
    assert len(calls) == 120
    # A process that is late makes its call late: the booked moments are what the window bounds, give or take a pause.
    for window in (0.1, 0.5, 1.0):
        for first, begun in enumerate(calls):
            inside = sum(1 for moment in calls[first:] if moment < begun + window)
            assert inside <= (window + _LATE) / rate.spacing_seconds + rate.burst, (window, inside)
    assert calls[-1] - calls[0] >= (120 - rate.burst) * rate.spacing_seconds - 0.05


_LATE = 0.25


# The database itself


@pytest.mark.slow
async def test_a_postgresql_that_crashes_under_them_costs_nothing() -> None:
    """One of its processes is killed: it throws everybody out, recovers, and they come back."""
    with running_postgresql() as server:
        url = server.fresh_url()
        async with opened(url) as shop, crewed(url, 2) as crew:
            enough = asyncio.Event()
            producing = asyncio.create_task(_insist(shop, [f"t{number}" for number in range(6)], enough))
            for _ in range(3):
                await asyncio.sleep(1.0)
                await asyncio.to_thread(_crash, url)
            enough.set()
            made = await producing
            await shop.until_idle(60)
            found = await passed_on(shop.store, shop.organisation)
            assert all(process.returncode is None for process in crew.processes)
    print(f"{sum(made.values())} messages through 3 crashes of the database")  # noqa: T201
    assert found == {ticket: list(range(number)) for ticket, number in made.items()}


async def _insist(shop: Shop, tickets: list[str], enough: asyncio.Event) -> dict[str, int]:
    """How many for each. What may or may not have been committed is sent again, as a partner does."""
    made = dict.fromkeys(tickets, 0)
    while not enough.is_set():
        for ticket in tickets:
            with suppress(StorageUnavailable):
                await shop.run(partial(_arrived, ticket, range(made[ticket], made[ticket] + 2)))
                made[ticket] += 2
        await asyncio.sleep(0.02)
    for ticket in tickets:
        await _until_stored(shop, ticket, made)
    return made


async def _until_stored(shop: Shop, ticket: str, made: dict[str, int]) -> None:
    """The last two again: they may be there already."""

    async def is_stored() -> bool:
        with suppress(StorageUnavailable):
            await shop.run(partial(_arrived, ticket, range(made[ticket], made[ticket] + 2)))
            return True
        return False

    await shop.until(is_stored, 30)
    made[ticket] += 2


def _crash(url: str) -> None:
    address = read_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with suppress(psycopg.Error), psycopg.connect(address, autocommit=True) as own:
        row = own.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)
        own.execute("SELECT 1")


# Ten thousand


async def test_more_lanes_than_slots_are_worked_off_without_waiting_for_a_look(shop: Shop) -> None:
    await shop.wake(*(f"c{number}:1" for number in range(100)))
    async with shop.working(shop.done, terms=replace(TERMS, look=600)):
        await shop.until_called(100, 60)


async def _wake_many(shop: Shop, number: int, later: timedelta) -> None:
    def write(numbers: range, tx: Transaction) -> None:
        for one in numbers:
            tx.lanes.wake(LaneKind.APPLY, f"c{one % 100}:{one}", at=tx.now + later)

    for start in range(0, number, 500):
        await shop.run(partial(write, range(start, start + 500)))


@pytest.mark.slow
async def test_ten_thousand_lanes_that_wait_cost_next_to_nothing(store_url: str) -> None:
    async with opened(store_url) as shop:
        await _wake_many(shop, 10_000, timedelta(hours=1))
        async with shop.working(shop.done, terms=Terms()):
            await asyncio.sleep(1)
            begun, spent = time.monotonic(), time.process_time()
            await asyncio.sleep(5)
            share = (time.process_time() - spent) / (time.monotonic() - begun)
    print(f"{share:.2%} of a core")  # noqa: T201
    assert share < 0.1
    assert shop.calls == []


@pytest.mark.slow
async def test_ten_thousand_lanes_due_at_once_are_worked_off(store_url: str) -> None:
    async with opened(store_url) as shop:
        await _wake_many(shop, 10_000, timedelta())
        begun = time.monotonic()
        async with shop.working(shop.done, terms=Terms()):
            await shop.until_called(10_000, 240)
            took = time.monotonic() - begun
    print(f"{10_000 / took:.0f} lanes a second")  # noqa: T201
    assert len(set(shop.calls)) == len(shop.calls) == 10_000
