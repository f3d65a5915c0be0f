"""Nodes that stop, die and come back in the middle of everything: nothing is lost, nothing happens twice."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.node import Tempo
from pairing.connection import ConnectionState
from pairing.terms import Reach
from sandbox.companies import Companies, node_environment, two_companies
from sandbox.process import NodeProcess
from sandbox.story import modal_called, steps_of
from storage.vault import new_key_text
from tests.databases import SqliteFiles
from tests.journeys.acts import (
    accept,
    add_desks,
    answered,
    card,
    connect,
    count_told,
    enter_number,
    invite,
    look,
    told,
)
from tests.journeys.stage import PRIVATE_FIRST, Stage, staged


async def restart(stage: Stage) -> None:
    for run in {id(run): run for run in stage.nodes.values()}.values():
        await run.stop()
        await run.start()


@PRIVATE_FIRST
async def test_both_nodes_restart_after_every_step(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await restart(stage)
    number = await accept(stage, code)
    await restart(stage)
    await card(stage)
    assert await enter_number(stage, number) == {}
    await restart(stage)
    await told(stage.bob, stage.globex, "you are connected with")
    await stage.bob.until(lambda: stage.bob.modal is None)
    await answered(stage.alice, "/connect pause acme_to_globex")
    await restart(stage)
    await told(stage.bob, stage.globex, "Your partner paused")
    assert count_told(stage.bob, stage.globex, "you are connected with") == 1
    assert count_told(stage.alice, stage.acme, "you are connected with") == 1


@pytest.mark.slow
async def test_the_inviter_is_away_between_the_claim_and_the_poll(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    await stage.node(stage.acme).stop()
    status = await answered(stage.bob, "/connect status")
    assert number in status.text
    await stage.node(stage.acme).start()
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")


async def test_active_at_one_side_only_heals_by_itself(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    await stage.node(stage.globex).stop()
    assert await enter_number(stage, number) == {}
    await told(stage.alice, stage.acme, "you are connected with")
    assert "Active" in (await answered(stage.alice, "/connect list")).text
    await stage.node(stage.globex).start()
    await told(stage.bob, stage.globex, "you are connected with")
    await stage.until_state(stage.globex, ConnectionState.ACTIVE)


async def test_a_claim_whose_answer_was_lost_goes_on_after_a_restart(stage: Stage) -> None:
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.acme)
    code = await invite(stage)
    proxy.lose = lambda path: path.endswith("/claim")
    await look(stage.bob, code)
    await stage.bob.submit()
    await modal_called(stage.bob, "Not yet")
    await stage.node(stage.globex).stop()
    proxy.lose = lambda path: False
    await stage.node(stage.globex).start()
    note = await told(stage.bob, stage.globex, "Tell the person at Acme")
    number = note.blocks[0]["text"]["text"]
    stage.numbers.append(number.replace(" ", ""))
    assert len({one.body for one in proxy.of("/bridge/v1/claim")}) == 1
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")


async def test_one_broken_connection_holds_up_no_other(stage: Stage) -> None:
    await add_desks(stage)
    for _ in range(2):
        number = await accept(stage, await invite(stage))
        assert await enter_number(stage, number) == {}
        await stage.alice.until(lambda: stage.alice.modal and stage.alice.modal.title == "Connected")
        await stage.alice.close_modal(everything=True)
    for name in ("globex_to_acme", "globex_to_acme_2"):
        broken = await stage.until_open(stage.globex, name)
    run = stage.node(stage.globex)
    with sqlite3.connect(run.database_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE secret SET token = 's1.00000000.AAAA' WHERE ref = ?", (broken.id,))
    await restart(stage)
    await answered(stage.alice, "/connect pause acme_to_globex")
    paused = await told(stage.bob, stage.globex, "Your partner paused")
    assert "globex_to_acme`" in paused.text
    await answered(stage.bob, "/connect pause globex_to_acme")
    await told(stage.alice, stage.acme, "Your partner paused")


@pytest.mark.slow
async def test_a_message_that_slack_did_not_take_is_delivered_later(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    stage.companies.slack.faults.fail("chat.postMessage", 1)
    number = await accept(stage, code)
    await told(stage.alice, stage.acme, "Your code was used")
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")


@pytest.mark.parametrize("reach", [Reach.PRIVATE, pytest.param(Reach.LOCAL, marks=pytest.mark.slow)])
async def test_a_node_stops_quickly_while_polls_are_held(memory_files: SqliteFiles, reach: Reach) -> None:
    """With the waits of an operator's node: 25 seconds of poll, and nobody waits for them."""
    held = Tempo()
    async with staged(reach, memory_files.fresh_url, tempo=held) as stage:
        await connect(stage)
        for company in {id(stage.node(one)): one for one in (stage.acme, stage.globex)}.values():
            begun = time.monotonic()
            await stage.node(company).stop()
            assert time.monotonic() - begun < 8


# --- killed, as by a power cut


@contextlib.asynccontextmanager
async def processes(companies: Companies, folder: Path) -> AsyncIterator[list[NodeProcess]]:
    acme, globex = companies.acme, companies.globex
    served = ((acme, (globex,)),) if companies.is_one_node else ((acme, ()), (globex, ()))
    nodes = []
    for company, others in served:
        database = f"sqlite:///{folder / company.name.lower()}.sqlite3"
        environment = node_environment(companies, company, others, database, new_key_text())
        nodes.append(NodeProcess(company.name, environment, folder / f"{company.name}.log"))
    try:
        await asyncio.gather(*(node.start() for node in nodes))
        yield nodes
    finally:
        await asyncio.gather(*(node.stop() for node in nodes))


@pytest.mark.slow
@pytest.mark.parametrize("reach", list(Reach))
async def test_nodes_killed_after_every_step_go_on_where_they_were(tmp_path: Path, reach: Reach) -> None:
    async with two_companies(reach) as companies, processes(companies, tmp_path) as nodes:
        for step in steps_of(companies, reach):
            assert await step.act(), step.title
            await asyncio.gather(*(node.kill() for node in nodes))
            await asyncio.gather(*(node.start() for node in nodes))
