import asyncio
import logging
import re
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.engines import open_engines, read_url
from storage.errors import RowConflict, StatementRefused, StorageUnavailable
from storage.sessions import OrganisationSession
from storage.store import Store, Transaction
from storage.tables import DeskRow
from storage.vault import KeyRing
from tests.storage import samples

ID = samples.connection().id


async def test_what_one_transaction_wrote_the_next_one_reads(store: Store) -> None:
    organisation_id = await samples.connected(store)
    found = await store.read(organisation_id, lambda tx: tx.connections.named("acme_to_globex"))
    assert found == samples.connection()


async def test_a_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    organisation = await samples.organisation(store)

    def fail(tx: Transaction) -> None:
        tx.homes.put("U1")
        tx.wake("notices")
        raise ZeroDivisionError

    with store.wakeups.listen("notices") as waiter:
        with pytest.raises(ZeroDivisionError):
            await store.run(organisation.id, fail)
        assert not await waiter.wait(0)
    assert await store.read(organisation.id, lambda tx: tx.homes.all()) == ()


async def test_reading_cannot_write(store: Store) -> None:
    organisation = await samples.organisation(store)
    with pytest.raises(StatementRefused):
        await store.read(organisation.id, lambda tx: tx.homes.put("U1"))


async def test_reading_over_all_organisations_sees_them_and_cannot_write(store: Store) -> None:
    organisation = await samples.organisation(store)
    assert await store.system_read(lambda tx: tx.organisations()) == (organisation,)
    with pytest.raises(StatementRefused):
        await store.system_read(lambda tx: tx.register("TOTHER", "Other"))
    assert await store.system_read(lambda tx: tx.organisations()) == (organisation,)


async def test_reading_cannot_write_even_past_our_own_refusal(database_store: Store, store_url: str) -> None:
    organisation_id = await samples.connected(database_store)
    engines = open_engines(store_url)
    session = OrganisationSession(engines.reader, organisation_id, clock=None)
    with session, pytest.raises(DBAPIError, match=r"read.?only"):
        session.change(delete(DeskRow))
    engines.dispose()


async def test_reading_goes_on_while_somebody_writes(database_store: Store) -> None:
    organisation = await samples.organisation(database_store)
    written, read = threading.Event(), threading.Event()

    def write(tx: Transaction) -> None:
        tx.homes.put("U1")
        written.set()
        assert read.wait(5)

    async def look() -> tuple[str, ...]:
        await asyncio.to_thread(written.wait, 5)
        found = await database_store.read(organisation.id, lambda tx: tx.homes.all())
        read.set()
        return found

    _, seen = await asyncio.gather(database_store.run(organisation.id, write), look())
    assert seen == ()


async def test_one_read_sees_one_state_of_the_tables(database_store: Store) -> None:
    organisation = await samples.organisation(database_store)
    first_look, changed = threading.Event(), threading.Event()

    def read(tx: Transaction) -> list[tuple[str, ...]]:
        before = tx.homes.all()
        first_look.set()
        assert changed.wait(5)
        return [before, tx.homes.all()]

    async def change() -> None:
        await asyncio.to_thread(first_look.wait, 5)
        await database_store.run(organisation.id, lambda tx: tx.homes.put("U1"))
        changed.set()

    seen, _ = await asyncio.gather(database_store.read(organisation.id, read), change())
    assert seen == [(), ()]


async def test_those_who_wait_are_woken_after_the_commit_and_can_read_it(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> None:
        tx.homes.put("U1")
        tx.wake("notices")
        tx.wake("connection:a")

    async def wait() -> tuple[str, ...]:
        with store.wakeups.listen("connection:a") as waiter:
            listening.set()
            assert await waiter.wait(5)
        return await store.read(organisation.id, lambda tx: tx.homes.all())

    heard: list[frozenset[str]] = []
    store.wakeups.subscribe(heard.append)
    listening = asyncio.Event()
    waiting = asyncio.create_task(wait())
    await listening.wait()
    await store.run(organisation.id, write)
    assert await waiting == ("U1",)
    assert heard == [frozenset({"notices", "connection:a"})]


async def test_a_wake_up_comes_before_the_one_who_ran_it_goes_on(store: Store) -> None:
    organisation = await samples.organisation(store)
    with store.wakeups.listen("notices") as waiter:
        await store.run(organisation.id, lambda tx: tx.wake("notices"))
        assert await waiter.wait(0)


async def test_a_wake_up_is_not_lost_when_its_caller_stops_waiting(database_store: Store) -> None:
    organisation = await samples.organisation(database_store)
    started, may_go_on = threading.Event(), threading.Event()

    def write(tx: Transaction) -> None:
        started.set()
        assert may_go_on.wait(5)
        tx.homes.put("U1")
        tx.wake("notices")

    with database_store.wakeups.listen("notices") as waiter:
        running = asyncio.create_task(database_store.run(organisation.id, write))
        await asyncio.to_thread(started.wait, 5)
        running.cancel()
        may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await waiter.wait(5)
    assert await database_store.read(organisation.id, lambda tx: tx.homes.all()) == ("U1",)


async def test_time_stands_still_in_a_transaction(store: Store) -> None:
    organisation = await samples.organisation(store)

    def look(tx: Transaction) -> list[datetime]:
        first = tx.now
        threading.Event().wait(0.002)
        return [first, tx.now]

    for times in (await store.run(organisation.id, look), await store.read(organisation.id, look)):
        assert times[0] == times[1]
        assert times[0].tzinfo is UTC
        assert abs(datetime.now(UTC) - times[0]) < timedelta(minutes=1)


async def test_a_given_clock_is_used_as_it_is(store_url: str, keys: KeyRing) -> None:
    time = [samples.NOW]
    store = Store.open(store_url, keys, clock=lambda: time[0])
    organisation = await samples.organisation(store)
    assert await store.read(organisation.id, lambda tx: tx.now) == samples.NOW
    await store.run(organisation.id, lambda tx: tx.vault.put("offer", "ref", b"x", tx.now + timedelta(hours=1)))
    time[0] += timedelta(minutes=59)
    assert await store.read(organisation.id, lambda tx: tx.vault.get("offer", "ref")) == b"x"
    time[0] += timedelta(minutes=1)
    assert await store.read(organisation.id, lambda tx: tx.vault.get("offer", "ref")) is None
    assert await store.system(lambda tx: tx.now) == time[0]
    await store.close()


async def test_without_a_clock_postgresql_tells_the_time(postgresql_url: str, keys: KeyRing) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    waiting = threading.Event()
    # The database's time is that of the transaction's first statement, the process's would be that of the look.
    before, after = await store.run(
        organisation.id, lambda tx: (tx.homes.all(), waiting.wait(0.05), datetime.now(UTC), tx.now)[2:]
    )
    assert after < before
    await store.close()


@pytest.mark.parametrize("error", ["deadlock_detected", "serialization_failure"])
async def test_a_transaction_that_postgresql_undid_is_repeated(postgresql_url: str, keys: KeyRing, error: str) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    tries: list[int] = []

    def fail_twice(tx: Transaction) -> None:
        tries.append(1)
        tx.homes.put("U1")
        if len(tries) < 3:
            _raise_in_database(tx, error)

    await store.run(organisation.id, fail_twice)
    assert len(tries) == 3
    await store.close()


async def test_a_transaction_that_is_undone_again_and_again_is_given_up(postgresql_url: str, keys: KeyRing) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    tries: list[int] = []

    def always_fail(tx: Transaction) -> None:
        tries.append(1)
        _raise_in_database(tx, "deadlock_detected")

    with pytest.raises(StorageUnavailable) as caught:
        await store.run(organisation.id, always_fail)
    assert not caught.value.outcome_unknown
    assert len(tries) == 5
    await store.close()


async def test_a_real_deadlock_is_resolved(postgresql_url: str, keys: KeyRing) -> None:
    store = Store.open(postgresql_url, keys)
    organisation_id = await samples.connected(store)
    other = samples.connection("other")
    await store.run(organisation_id, lambda tx: tx.connections.add(other))
    meet = threading.Barrier(2)

    def lock(first: str, second: str) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            tx.connections.by_id(first)
            if not meet.broken:
                with suppress(threading.BrokenBarrierError):
                    meet.wait(1)
                meet.abort()
            tx.connections.save(tx.connections.by_id(second).after_receiving(1))

        return work

    await asyncio.gather(store.run(organisation_id, lock(ID, other.id)), store.run(organisation_id, lock(other.id, ID)))
    found = await store.read(organisation_id, lambda tx: [one.have for one in tx.connections.all()])
    assert found == [1, 1]
    await store.close()


async def test_a_lost_connection_before_the_commit_is_no_loss(postgresql_url: str, keys: KeyRing) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    tries: list[int] = []

    def cut_off_once(tx: Transaction) -> None:
        tries.append(1)
        tx.homes.put("U1")
        if len(tries) == 1:
            _cut_off(tx, postgresql_url)
            tx.homes.put("U2")

    await store.run(organisation.id, cut_off_once)
    assert len(tries) == 2
    assert await store.read(organisation.id, lambda tx: tx.homes.all()) == ("U1",)
    await store.close()


async def test_a_lost_connection_at_the_commit_is_not_repeated(postgresql_url: str, keys: KeyRing) -> None:
    store = Store.open(postgresql_url, keys)
    organisation = await samples.organisation(store)
    tries: list[int] = []

    def cut_off(tx: Transaction) -> None:
        tries.append(1)
        tx.homes.put("U1")
        _cut_off(tx, postgresql_url)

    with pytest.raises(StorageUnavailable) as caught:
        await store.run(organisation.id, cut_off)
    assert caught.value.outcome_unknown
    assert len(tries) == 1
    # The store itself goes on with a fresh connection.
    assert await store.read(organisation.id, lambda tx: tx.homes.all()) == ()
    await store.close()


async def test_a_file_that_another_process_holds_is_tried_again(sqlite_url: str, keys: KeyRing) -> None:
    store = Store.open(sqlite_url, keys)
    organisation = await samples.organisation(store)
    tries: list[int] = []

    def locked_once(tx: Transaction) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise _locked()
        tx.homes.put("U1")

    await store.run(organisation.id, locked_once)
    assert len(tries) == 2
    await store.close()


async def test_a_broken_rule_of_a_table_is_said_in_our_own_words(store: Store) -> None:
    organisation_id = await samples.connected(store)
    again = samples.connection(id=samples.some_id("again"), our_id=samples.some_id("other"))
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.connections.add(again))


async def test_writers_at_once_all_get_their_turn(database_store: Store, store_url: str, keys: KeyRing) -> None:
    organisation = await samples.organisation(database_store)
    other_process = Store.open(store_url, keys)
    users = [f"U{number:03}" for number in range(60)]

    def put(user: str) -> Callable[[Transaction], None]:
        return lambda tx: tx.homes.put(user)

    stores = (database_store, other_process)
    await asyncio.gather(*(stores[n % 2].run(organisation.id, put(user)) for n, user in enumerate(users)))
    assert await database_store.read(organisation.id, lambda tx: list(tx.homes.all())) == users
    await other_process.close()


async def test_closing_waits_for_what_runs(store_url: str, keys: KeyRing) -> None:
    store = Store.open(store_url, keys)
    organisation = await samples.organisation(store)
    started, done = threading.Event(), []

    def slow(tx: Transaction) -> None:
        started.set()
        threading.Event().wait(0.05)
        tx.homes.put("U1")
        done.append(True)

    running = asyncio.create_task(store.run(organisation.id, slow))
    await asyncio.to_thread(started.wait, 5)
    await store.close()
    await running
    assert done == [True]


async def test_l1_no_value_reaches_a_log_or_an_error(
    database_store: Store, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    organisation_id = await samples.connected(database_store)
    canary = "canary7f3k2q"

    def fail(tx: Transaction) -> None:
        tx.vault.put("draft", "U1", canary.encode())
        tx.outbox.add(ID, samples.envelope(1, body=canary))
        tx.connections.add(samples.connection(id="x", our_id="y", description=canary))

    with pytest.raises(RowConflict) as caught:
        await database_store.run(organisation_id, fail)
    told = [str(caught.value), repr(caught.value), str(caught.value.__cause__), caplog.text]
    assert not any(canary in text for text in told)


def test_only_storage_speaks_sql() -> None:
    house = Path(__file__).parents[2]
    rooms = ("bot", "handlers", "flows", "pairing", "sync", "rules", "trackers", "exchange", "sandbox", "benchmarks")
    guilty = [
        str(module.relative_to(house))
        for room in rooms
        for module in (house / room).rglob("*.py")
        if re.search(r"^\s*(import|from) (sqlalchemy|sqlite3|psycopg|alembic)\b", module.read_text(), re.MULTILINE)
    ]
    # Copying a hundred thousand linked tickets one transaction at a time would take an hour.
    assert guilty == ["benchmarks/growth.py"]


def _raise_in_database(tx: Transaction, error: str) -> None:
    _driver(tx).execute(f"DO $$ BEGIN RAISE {error}; END $$")


def _cut_off(tx: Transaction, url: str) -> None:
    pid = _driver(tx).execute("SELECT pg_backend_pid()").scalar_one()
    address = read_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


class _Driver:
    def __init__(self, session: OrganisationSession) -> None:
        self._connection = super(OrganisationSession, session).connection()

    def execute(self, command: str) -> Any:
        return self._connection.exec_driver_sql(command)


def _driver(tx: Transaction) -> _Driver:
    """The bare connection under a transaction, to hurt it."""
    return _Driver(tx._session)


def _locked() -> Exception:
    cause = sqlite3.OperationalError("database is locked")
    cause.sqlite_errorname = "SQLITE_BUSY"
    return OperationalError("BEGIN IMMEDIATE", {}, cause)
