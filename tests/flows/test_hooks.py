from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from flows.errors import DeskNotUsable, NotFound
from flows.hooks import hook_called, make_hook, ticket_in
from tests.databases import SqliteFiles
from tests.flows.two_sides import Clock, Pair, open_store, two_sides


@pytest.fixture
async def pair(sqlite_files: SqliteFiles) -> AsyncIterator[Pair]:
    clock = Clock()
    stores = (open_store(sqlite_files.fresh_url(), clock), open_store(sqlite_files.fresh_url(), clock))
    async with two_sides(stores, clock) as both:
        yield both
    for store in stores:
        await store.close()


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"ticket_id": "372", "event": "updated"}', "372"),
        (b'{"ticket_id": 372}', "372"),
        (b'{"ticket_id": INC-372, "subject": "a "quoted" word"}', "372"),
        (b'{"freshdesk_webhook": {"ticket_id": 372, "ticket_subject": "x"}}', "372"),
        (b"ticket_id=372&event=updated", "372"),
        (b"%7B%22ticket_id%22%3A%22372%22%7D", "372"),
        (b'{"ticket_id": "0372"}', "372"),
        (b"", None),
        (b"\xff\xfe nothing", None),
        (b'{"ticket_id": "../../x"}', None),
        (b'{"ticket_id": 99999999999999999999}', None),
    ],
)
def test_the_number_is_found_in_whatever_a_desk_sends(body: bytes, number: str | None) -> None:
    assert ticket_in(body) == number


async def test_a_hint_reads_the_ticket_before_the_next_poll(pair: Pair) -> None:
    acme = pair.acme
    address = (await make_hook(acme.node, acme.actor, acme.desk_id)).reveal()
    ticket = acme.account.raise_ticket("Printer smokes", "In room 4.")
    token = address.rpartition("/")[2]
    assert await hook_called(acme.node, token, f'{{"ticket_id": "{ticket}"}}'.encode())
    await acme.work()
    await pair.globex.exchange()
    await pair.globex.work()
    assert len(pair.globex.account.records) == 1
    assert acme.account.calls["list"] == 0


async def test_the_same_hint_again_changes_nothing_I6(pair: Pair) -> None:
    acme = pair.acme
    token = (await make_hook(acme.node, acme.actor, acme.desk_id)).reveal().rpartition("/")[2]
    ticket = acme.account.raise_ticket("Printer smokes", "In room 4.")
    for _ in range(3):
        await hook_called(acme.node, token, f'{{"ticket_id": "{ticket}"}}'.encode())
        await pair.settle(rounds=2)
    assert len(pair.globex.account.records) == 1


async def test_an_older_address_and_an_invented_one_are_worth_nothing(pair: Pair) -> None:
    acme = pair.acme
    old = (await make_hook(acme.node, acme.actor, acme.desk_id)).reveal().rpartition("/")[2]
    await make_hook(acme.node, acme.actor, acme.desk_id)
    assert not await hook_called(acme.node, old, b'{"ticket_id": 1}')
    assert not await hook_called(acme.node, "x" * 43, b'{"ticket_id": 1}')
    assert not await hook_called(acme.node, "../etc", b'{"ticket_id": 1}')


async def test_a_desk_of_nobody_and_a_node_without_a_url_get_a_sentence(pair: Pair) -> None:
    acme = pair.acme
    with pytest.raises(NotFound, match="not there any more"):
        await make_hook(acme.node, acme.actor, "nobody")
    with pytest.raises(DeskNotUsable, match="no public URL"):
        await make_hook(replace(acme.node, address=None), acme.actor, acme.desk_id)
