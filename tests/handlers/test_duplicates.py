"""A5: Slack delivers twice; the work is done once and the answer is the same."""

import asyncio
from typing import Any

import pytest

from handlers import ids
from handlers.duplicates import MOST, REMEMBERED_SECONDS, Duplicates
from tests.handlers.test_app import add_desk
from tests.handlers.world import Clock, World, filled

Json = dict[str, Any]


async def test_a_second_delivery_waits_for_the_answer_of_the_first() -> None:
    seen = Duplicates(Clock())
    first, second = seen.delivery("a"), seen.delivery("a")
    assert first.is_first and not second.is_first
    first.answered_with({"text": "x"})
    first.answered_with({"text": "y"})
    assert await asyncio.wait_for(second.answer, 1) == {"text": "x"}


async def test_keys_are_forgotten_after_ten_minutes_and_never_pile_up() -> None:
    clock = Clock()
    seen = Duplicates(clock)
    assert seen.delivery("a").is_first
    clock.seconds += REMEMBERED_SECONDS + 1
    assert seen.delivery("a").is_first
    for number in range(MOST + 10):
        seen.delivery(str(number))
    assert len(seen._seen) <= MOST + 1


async def test_a_command_delivered_twice_answers_once(world: World) -> None:
    alice = world.person("U0ADMINACME")
    for _ in range(3):
        assert (await alice.command("help", trigger="same")).status == 200
    assert len(world.slack.answers) == 1


async def test_two_commands_are_two(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.command("help")
    await alice.command("help")
    assert len(world.slack.answers) == 2


async def test_a_submission_delivered_twice_works_once_and_shows_the_same(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_ADD, view=world.modal)
    form = filled(world.modal, kind="memory", short_name="acme", address="memory:acme", api_key="toy-1")
    first = await alice.submit(form, trigger="same")
    again = await alice.submit(form, trigger="same")
    assert first.body == again.body and "checked and added" in first.body
    assert len(await world.audit("desk.add")) == 1


async def test_errors_of_a_submission_are_repeated_too(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_ADD, view=world.modal)
    form = filled(world.modal, kind="memory", short_name="?", address="memory:acme", api_key="toy-1")
    first, again = await alice.submit(form, trigger="same"), await alice.submit(form, trigger="same")
    assert first.body == again.body and "short_name" in first.body


async def test_a_click_delivered_twice_removes_one_desk(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await add_desk(world, alice, "acme")
    desk_id = world.modal["blocks"][2]["elements"][1]["value"]
    view = world.modal
    await alice.click(ids.DESK_REMOVE, desk_id, view=view, trigger="same")
    await alice.click(ids.DESK_REMOVE, desk_id, view=view, trigger="same")
    assert len(await world.audit("desk.remove")) == 1
    assert world.slack.of("views.push") == []


async def test_an_event_delivered_twice_publishes_once(world: World) -> None:
    alice = world.person("U0ADMINACME")
    await alice.open_home("Ev1")
    await alice.open_home("Ev1")
    assert len(world.slack.of("views.publish")) == 1


@pytest.mark.parametrize("times", [2])
async def test_deliveries_at_the_same_time_work_once(world: World, times: int) -> None:
    alice = world.person("U0ADMINACME")
    await asyncio.gather(*(alice.command("list", trigger="same") for _ in range(times)))
    assert len(world.slack.answers) == 1
