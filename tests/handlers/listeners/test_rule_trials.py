"""Trying rules from the editor: one ticket in the window, many in a message, with the real flows over a toy desk."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from flows.desk_of import OpenDesk
from flows.node import Node
from flows.rule_trial import Played
from flows.rules import RulesOpen
from handlers import ids
from handlers.doors import Flows
from rules.errors import RuleError
from storage.store import Store
from sync.errors import RemoteRefusedUs
from sync.link import Link, Trace
from sync.replica import LetOut, Update
from sync.ticket import DeskFacts, Ticket
from tests.handlers.listeners.test_rules import alice as alice
from tests.handlers.listeners.test_rules import connection_id as connection_id
from tests.handlers.listeners.test_tickets import desk
from tests.handlers.world import Person, World, a_world, errors_of, filled, seen, text_of

Json = dict[str, Any]


class ToyRules:
    """Lets the summary out; "STOP" in the outgoing text stops."""

    def __init__(self, organisation_id: str, desk: OpenDesk, opened: RulesOpen) -> None:
        self.draft = opened.draft

    async def outgoing(
        self, ticket: Ticket, link: Link | None, traces: Sequence[Trace], facts: DeskFacts
    ) -> tuple[LetOut, Played]:
        if "STOP" in self.draft.outgoing:
            raise RuleError("Cannot get property 'name' on null object (line 2, column 7)", "outgoing", 2)
        fields = ticket.fields.only(("summary",))
        return LetOut(fields), Played(fields, (), ("said <hello>",))

    async def incoming(
        self, link: Link, traces: Sequence[Trace], ticket: Ticket, facts: DeskFacts, waiting: Update | None
    ) -> Played:
        return Played(link.received)


def playing(node: Node) -> Flows:
    return Flows(node, lambda side, text, facts: (), ToyRules)


@pytest.fixture
async def world(sqlite_store: Store) -> AsyncIterator[World]:
    async with a_world(sqlite_store, flows=playing) as made:
        yield made


async def try_window(world: World, alice: Person, **typed: str) -> Json:
    await alice.command("rules acme_to_globex")
    await alice.click(ids.RULES_TRY, view=filled(world.modal, **typed))
    return world.modal


async def test_the_window_opens_before_the_desk_is_asked(world: World, alice: Person, connection_id: str) -> None:
    desk(world).raise_ticket("Printer <smokes>")
    await alice.command("rules acme_to_globex")
    before, calls = len(world.slack.of("views.update")), list[int]()
    desk(world).watch = lambda moment, call: calls.append(len(world.slack.of("views.update")) - before)
    await alice.click(ids.RULES_TRY, view=world.modal)
    view, first = world.modal, world.slack.of("views.update")[before]["view"]
    assert "Asking your desk for its recent tickets…" in seen(first)
    assert calls and min(calls) >= 1
    assert "Printer <smokes>" in seen(view) and "Nothing is written and nothing is sent." in seen(view)
    assert "outgoing: as shipped" in seen(view)


async def test_a_ticket_is_tried_with_what_was_typed(world: World, alice: Person, connection_id: str) -> None:
    ticket = desk(world).raise_ticket("Printer smokes")
    view = await try_window(world, alice, outgoing="// mine")
    assert "outgoing: what you typed" in seen(view)
    answer = text_of(await alice.submit(filled(view, ticket=f"#{ticket}")))
    assert "*Outgoing: your partner would get a new ticket*" in answer
    assert "summary: Printer smokes" in answer and "Said by the rule: said <hello>" in answer
    assert "nothing of your partner's has come for this ticket" in answer
    chosen = text_of(await alice.submit(filled(view, recent=ticket)))
    assert "summary: Printer smokes" in chosen


async def test_where_a_rule_stops_is_shown(world: World, alice: Person, connection_id: str) -> None:
    ticket = desk(world).raise_ticket("x")
    view = await try_window(world, alice, outgoing="STOP")
    answer = text_of(await alice.submit(filled(view, ticket=ticket)))
    assert "*Outgoing: the rule stops*" in answer
    assert "Cannot get property 'name' on null object (line 2, column 7)" in answer


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type a ticket's number, or choose one of the recent ones."),
        ("printer", "Name a ticket by its number"),
        ("#99", "Your desk has no ticket #99."),
    ],
)
async def test_every_mistake_has_its_sentence(
    world: World, alice: Person, connection_id: str, typed: str, words: str
) -> None:
    view = await try_window(world, alice)
    assert "No ticket changed within the last 30 days." in seen(view)
    assert words in str(errors_of(await alice.submit(filled(view, ticket=typed))))


async def test_a_desk_that_refuses_is_said_in_the_window(world: World, alice: Person, connection_id: str) -> None:
    def refuse(moment: str, call: str) -> None:
        raise RemoteRefusedUs("no")

    desk(world).watch = refuse
    assert "The desk refused Drawbridge's key." in seen(await try_window(world, alice))


async def start_days(world: World, alice: Person, days: str) -> None:
    view = await try_window(world, alice)
    await alice.click(ids.TRIAL_DAYS, view=filled(view, days=days))


async def test_days_are_counted_in_one_message(world: World, alice: Person, connection_id: str) -> None:
    for number in range(4):
        desk(world).raise_ticket(f"Ticket {number}")
    await start_days(world, alice, "365")
    begun, over = world.slack.of("chat.postMessage")[-1], world.slack.of("chat.update")[-1]
    assert begun["channel"] == "U0ADMINACME" and "Stop" in seen(begun["blocks"])
    assert "tried on the last 365 days" in seen(over["blocks"]) and "4 tickets were looked at" in seen(over["blocks"])
    assert "• 4: your partner would get a new ticket" in seen(over["blocks"])
    assert "9 calls of your desk and 4 of your partner's" in seen(over["blocks"])
    assert "Stop" not in seen(over["blocks"])
    assert "The trial has begun." in seen(world.modal)


async def test_progress_is_shown_every_few_seconds(world: World, alice: Person, connection_id: str) -> None:
    for number in range(10):
        desk(world).raise_ticket(f"Ticket {number}")
    reads: list[str] = []

    def watch(moment: str, call: str) -> None:
        if (moment, call) == ("before", "read"):
            reads.append(call)
            world.clock.seconds += 1.5

    desk(world).watch = watch
    await start_days(world, alice, "365")
    texts = [seen(call["blocks"]) for call in world.slack.of("chat.update")]
    assert len(texts) == 6 and "2 tickets so far" in texts[0]

    assert len(reads) == 10


async def test_it_can_be_stopped(world: World, alice: Person, connection_id: str) -> None:
    for number in range(100):
        desk(world).raise_ticket(f"Ticket {number}")
    trial, organisation = asyncio.create_task(start_days(world, alice, "365")), world.organisation()
    while (card := await world.front.flows.card(organisation, connection_id, "trial:U0ADMINACME")) is None:
        assert not trial.done()
    await alice.click(ids.TRIAL_STOP, connection_id, channel=card[0], ts=card[1])
    await trial
    over = seen(world.slack.of("chat.update")[-1]["blocks"])
    assert "was stopped" in over and "100 tickets" not in over


async def test_a_trial_that_is_over_cannot_be_stopped(world: World, alice: Person, connection_id: str) -> None:
    await alice.click(ids.TRIAL_STOP, connection_id, channel="DU0ADMINACME")
    assert "That trial is over already." in world.said


async def test_a_desk_that_refuses_on_the_way_ends_it_with_its_reason(
    world: World, alice: Person, connection_id: str
) -> None:
    desk(world).raise_ticket("x")
    view = await try_window(world, alice)

    def refuse(moment: str, call: str) -> None:
        if call == "read":
            raise RemoteRefusedUs("no")

    desk(world).watch = refuse
    await alice.click(ids.TRIAL_DAYS, view=filled(view, days="30"))
    over = seen(world.slack.of("chat.update")[-1]["blocks"])
    assert "ended early:* The desk refused Drawbridge's key." in over


@pytest.mark.parametrize("days", ["", "0", "366", "many", "-3"])
async def test_days_are_a_number(world: World, alice: Person, connection_id: str, days: str) -> None:
    await start_days(world, alice, days)
    assert "Type a number of days from 1 to 365." in seen(world.modal)
