"""What a thief of the database, of a log or of a closed connection's key gets: nothing that works."""

import io
import sqlite3
from functools import partial
from pathlib import Path

import psycopg
import pytest

from exchange.errors import PartnerSays, PartnerUnavailable
from pairing.code import read_code
from pairing.connection import ConnectionState
from pairing.terms import Reach
from sandbox.story import modal_called
from storage.store import Transaction
from sync.envelope import PAUSE, Batch, Envelope
from tests.databases import PostgresqlServer, SqliteFiles, bytes_on_disk, is_postgresql
from tests.journeys.acts import accept, add_desks, answered, connect, enter_number, invite, look, told
from tests.journeys.stage import Stage, Urls, staged


def dumped(url: str) -> bytes:
    """Every value of every table, and on SQLite the file with its log besides."""
    if not is_postgresql(url):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
            return "\n".join(database.iterdump()).encode() + bytes_on_disk(url)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as database:
        names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [database.execute(f'SELECT t::text FROM "{name}" t'.encode()).fetchall() for (name,) in names]
    return repr(rows).encode()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def fresh_url(request: pytest.FixtureRequest, memory_files: SqliteFiles) -> Urls:
    if request.param == "sqlite":
        return memory_files.fresh_url
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.fresh_url


async def test_the_whole_story_leaves_no_code_token_number_or_key_in_a_dump(
    fresh_url: Urls, node_log: io.StringIO
) -> None:
    """V1, I9, on both databases: looked at while the code is open, while it is claimed and when all is done."""
    async with staged(Reach.PRIVATE, fresh_url) as stage:
        await add_desks(stage)
        code = await invite(stage)
        assert stage.acme.url is not None
        read = read_code(code, frozenset({stage.acme.url}))
        plain = [code.encode(), code[4:].encode(), read.token, read.token.hex().encode()]
        plain += [one.desk_key.encode() for one in (stage.acme, stage.globex)]
        await look(stage.bob, code)
        holds_none_of(stage, plain)
        await stage.bob.close_modal(everything=True)
        number = await accept(stage, code)
        holds_none_of(stage, [*plain, f"'{number.replace(' ', '')}'".encode()])
        assert await enter_number(stage, number) == {}
        await told(stage.bob, stage.globex, "you are connected with")
        await answered(stage.alice, "/connect pause acme_to_globex")
        await told(stage.bob, stage.globex, "Your partner paused")
        holds_none_of(stage, [*plain, *await seeds(stage)])
        assert number not in node_log.getvalue()


def holds_none_of(stage: Stage, secrets: list[bytes]) -> None:
    for run in stage.nodes.values():
        dump = dumped(run.database_url)
        assert run.company.name.encode() in dump  # it is a dump, and not an empty one
        for secret in secrets:
            assert secret not in dump, f"a secret of {len(secret)} bytes stands in the dump"


async def seeds(stage: Stage) -> list[bytes]:
    """The private keys of both halves, raw and as a dump would write them."""
    found = []
    for company in (stage.acme, stage.globex):
        connection = await stage.connection(company)
        store = stage.node(company).running.node.store
        seed = await store.read(await stage.organisation(company), partial(seed_of, connection.id))
        assert seed is not None
        found += [seed, seed.hex().encode()]
    return found


def seed_of(connection_id: str, tx: Transaction) -> bytes | None:
    return tx.vault.get("connection_key", connection_id)


async def test_a_stolen_key_is_worth_nothing_once_its_connection_was_closed(stage: Stage) -> None:
    """V5: whoever holds Globex's private key is told `closed`, and moves nothing."""
    await connect(stage)
    stolen = (await seeds(stage))[2]
    theirs, ours = await stage.connection(stage.globex), await stage.connection(stage.acme)
    await stage.alice.command("/connect close acme_to_globex")
    await modal_called(stage.alice, "Close connection")
    await stage.alice.submit()
    await stage.until_state(stage.acme, ConnectionState.CLOSED)
    await told(stage.bob, stage.globex, "Your partner closed")
    thief = stage.node(stage.globex).running.node.wire
    evil = Batch(envelopes=(Envelope("e" * 26, PAUSE, theirs.created_at.replace(microsecond=0)),))
    assert theirs.their_url and theirs.their_id and theirs.their_key
    with pytest.raises(PartnerSays) as said:
        await thief.sync(theirs.their_url, theirs.their_id, evil, key=stolen, their_key=theirs.their_key)
    assert said.value.code == "closed"
    after = await stage.connection(stage.acme)
    assert (after.state, after.have) == (ConnectionState.CLOSED, ours.have)


async def test_keys_of_one_connection_open_no_other(stage: Stage) -> None:
    """X3: two connections of the same two nodes; the key of one with the side id of the other is nobody's."""
    await add_desks(stage)
    for _ in range(2):
        number = await accept(stage, await invite(stage))
        await stage.alice.until(lambda: stage.alice.modal is None)
        assert await enter_number(stage, number) == {}
        await stage.alice.until(lambda: stage.alice.modal and "Connected" in stage.alice.modal.title)
        await stage.alice.close_modal(everything=True)
    for name in ("globex_to_acme", "globex_to_acme_2"):
        await stage.until_open(stage.globex, name)
    first, second = await stage.connections(stage.globex)
    node = stage.node(stage.globex).running.node
    organisation = await stage.organisation(stage.globex)
    seed = await node.store.read(organisation, lambda tx: tx.vault.get("connection_key", first.id))
    assert seed is not None and second.their_url and second.their_id and second.their_key
    with pytest.raises(PartnerUnavailable) as refused:
        await node.wire.sync(second.their_url, second.their_id, Batch(), key=seed, their_key=second.their_key)
    assert refused.value.reason == "auth_failed"


def test_the_probe_itself_would_notice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'canary.sqlite3'}"
    with sqlite3.connect(tmp_path / "canary.sqlite3") as database:
        database.execute("CREATE TABLE t (x TEXT)")
        database.execute("INSERT INTO t VALUES ('brg_canary')")
    assert b"brg_canary" in dumped(url)
