"""Whatever happens, Slack gets its acknowledgement and the person a sentence, in the place where they are."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from flows.errors import DeskNotUsable, FieldErrors, NotFound, PartnerNotReachable, TooMany
from flows.node import Node
from handlers import ids
from handlers.doors import Flows
from handlers.errors import SlackRefused
from pairing.errors import CodeTruncated, InvitationSpent, MoveNotPossible, UserError
from storage.store import Store
from sync.errors import RemoteUnavailable
from tests.handlers.world import World, a_world, as_sent, errors_of, filled, seen, text_of

Json = dict[str, Any]
SENTENCE = "This is what you can do <next>."
SHOWN = "This is what you can do &lt;next&gt;."


class RaisingFlows(Flows):
    """The real flows, except that one raises."""

    error: Exception = MoveNotPossible(SENTENCE)
    method = ""
    seconds = 0.0

    def __init__(self, node: Node) -> None:
        super().__init__(node)

    def __getattribute__(self, name: str) -> Any:
        if name == type(self).method:
            return self._raise
        return super().__getattribute__(name)

    async def _raise(self, *_: object, **__: object) -> None:
        await asyncio.sleep(type(self).seconds)
        raise type(self).error


def raising(method_name: str, raised: Exception, after: float = 0.0) -> type[RaisingFlows]:
    class Raising(RaisingFlows):
        error = raised
        method = method_name
        seconds = after

    return Raising


@pytest.fixture
async def make(sqlite_store: Store) -> AsyncIterator[Callable[..., Any]]:
    """`await make(flows=…, patience_seconds=…)` is a world; it is closed with the test."""
    worlds: list[Any] = []

    async def made(**how: Any) -> World:
        manager = a_world(sqlite_store, **how)
        worlds.append(manager)
        return await manager.__aenter__()

    yield made
    for manager in worlds:
        await manager.__aexit__(None, None, None)


FAMILY: list[UserError] = [
    MoveNotPossible(SENTENCE),
    InvitationSpent(SENTENCE),
    NotFound(SENTENCE),
    TooMany(SENTENCE),
    PartnerNotReachable(SENTENCE),
    DeskNotUsable(SENTENCE),
]


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.code)
async def test_a_commands_error_is_ephemeral(make: Callable[..., Any], error: UserError) -> None:
    world: World = await make(flows=raising("overview", error))
    answer = await world.person("U0ADMINACME").command("list")
    assert (answer.status, answer.body) == (200, "")
    assert SHOWN in world.said and world.slack.calls[-1][0] == "users.info"


async def test_an_error_in_home_comes_as_a_direct_message(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("desks", MoveNotPossible(SENTENCE)))
    home = as_sent({"type": "home", "callback_id": "home", "blocks": []})
    await world.person("U0ADMINACME").click(ids.HOME_DESKS, view=home)
    (posted,) = world.slack.of("chat.postMessage")
    assert posted["channel"] == "U0ADMINACME" and SHOWN in seen(posted)


async def test_an_error_in_a_modal_stands_over_it_so_that_nothing_typed_is_lost(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("remove_desk", MoveNotPossible(SENTENCE)))
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_REMOVE, "x", view=world.modal)
    (pushed,) = world.slack.of("views.push")
    assert SHOWN in seen(pushed)


async def test_where_nothing_can_be_put_over_it_the_modal_itself_says_so(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("remove_desk", MoveNotPossible(SENTENCE)))
    world.slack.refusals["views.push"] = "push_limit_reached"
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_REMOVE, "x", view=world.modal)
    assert SHOWN in seen(world.slack.of("views.update")[-1])


async def test_an_error_on_a_message_is_ephemeral_beside_it(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("overview", MoveNotPossible(SENTENCE)))
    await world.person("U0ADMINACME").click(ids.CLAIM_REJECT, "x")
    assert SHOWN in world.said


async def desk_form(world: World) -> Json:
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_ADD, view=world.modal)
    return filled(world.modal, kind="memory", short_name="acme", address="memory:acme", api_key="toy-secret")


async def test_field_errors_stand_at_their_fields(make: Callable[..., Any]) -> None:
    errors = FieldErrors({"address": "No desk.", "api_key": "Wrong key.", "elsewhere": "And this."})
    world: World = await make(flows=raising("add_desk", errors))
    answer = await world.person("U0ADMINACME").submit(await desk_form(world))
    assert errors_of(answer) == {"address": "No desk.", "api_key": "Wrong key.", "kind": "And this."}


@pytest.mark.parametrize("error", FAMILY, ids=lambda error: error.code)
async def test_any_other_error_of_a_form_stands_at_its_first_field(make: Callable[..., Any], error: UserError) -> None:
    world: World = await make(flows=raising("add_desk", error))
    answer = await world.person("U0ADMINACME").submit(await desk_form(world))
    assert errors_of(answer) == {"kind": SENTENCE}


async def test_slow_work_shows_a_waiting_view_and_then_the_form_as_it_was(make: Callable[..., Any]) -> None:
    flows = raising("add_desk", FieldErrors({"address": "No desk."}), after=0.05)
    world: World = await make(flows=flows, patience_seconds=0)
    answer = await world.person("U0ADMINACME").submit(await desk_form(world))
    assert "Checking…" in text_of(answer)
    form = world.slack.of("views.update")[-1]["view"]
    assert "*Please correct:* No desk." in seen(form) and "memory:acme" in str(form) and "toy-secret" not in str(form)


async def test_slow_work_that_fails_after_the_modal_was_closed_is_told_by_dm(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("add_desk", TooMany(SENTENCE), after=0.05), patience_seconds=0)
    form = await desk_form(world)
    world.slack.refusals["views.update"] = "not_found"
    await world.person("U0ADMINACME").submit(form)
    assert SHOWN in seen(world.slack.of("chat.postMessage")[-1])


async def test_what_takes_too_long_elsewhere_is_to_be_tried_again(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("overview", RemoteUnavailable()))
    await world.person("U0ADMINACME").command("list")
    assert "did not answer in time. Please try again in a minute." in world.said


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"])
async def test_a_window_that_came_too_late_is_said(world: World, code: str) -> None:
    world.slack.refusals["views.open"] = code
    await world.person("U0ADMINACME").command("setup")
    assert "Slack gave us too little time to open the window. Please try again." in world.said


@pytest.mark.parametrize("kind", ["command", "submission", "click"])
async def test_an_unexpected_error_has_a_reference_and_says_nothing_of_its_own(
    make: Callable[..., Any], caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    world: World = await make(flows=raising("overview", ValueError("the secret brg_0123")))
    alice = world.person("U0ADMINACME")
    if kind == "command":
        await alice.command("list brg_0123")
        shown = world.said
    elif kind == "click":
        await alice.click(ids.CLAIM_REJECT, "x")
        shown = world.said
    else:
        view = {"type": "modal", "callback_id": ids.VIEW_CLOSE, "blocks": [], "private_metadata": "x"}
        shown = text_of(await alice.submit(as_sent(view)))
    assert "`ref00001`" in shown and "Something went wrong on our side" in shown and "secret" not in shown
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert vars(record)["reference"] == "ref00001" and "brg_" not in record.getMessage()


async def test_an_error_right_after_the_acknowledgement_does_not_erase_it(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("overview", ValueError("x")))
    answer = await world.person("U0ADMINACME").command("list")
    assert answer.status == 200, "Bolt would answer 404"


async def test_an_error_while_telling_an_error_stays_inside(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("remove_desk", ValueError("x")))
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    for method in ("views.push", "views.update", "chat.postMessage"):
        world.slack.refusals[method] = "internal_error"
    assert (await alice.click(ids.DESK_REMOVE, "x", view=world.modal)).status == 200


async def test_a_payload_of_another_shape_is_acknowledged_and_does_nothing(world: World) -> None:
    answer = await world.dispatch(
        {"type": "block_actions", "team": {"id": "T0ACME"}, "actions": [{"action_id": "x"}], "user": {}}
    )
    assert answer.status == 200 and world.slack.calls == []


async def test_a_button_of_an_older_version_says_where_to_start(world: World) -> None:
    await world.person("U0ADMINACME").click("gone.long.ago", "x")
    assert "That button is from an older version of this app" in world.said


async def test_an_unknown_view_says_so_too(world: World) -> None:
    view = as_sent({"type": "modal", "callback_id": "gone", "blocks": []})
    assert "older version" in text_of(await world.person("U0ADMINACME").submit(view))


async def test_a_refused_person_is_told_even_when_the_audit_fails(make: Callable[..., Any]) -> None:
    world: World = await make(flows=raising("audit_denied", ValueError("x")))
    world.slack.add_person("U0MEMBER", "T0ACME")
    await world.person("U0MEMBER").command("setup")
    assert "Only admins of Acme can do this" in world.said


async def test_a_view_that_changed_meanwhile_is_no_error(world: World) -> None:
    world.slack.refusals["views.update"] = "hash_conflict"
    alice = world.person("U0ADMINACME")
    await alice.command("setup")
    await alice.click(ids.DESK_ADD, view=world.modal)
    assert world.slack.answers == [] and world.slack.of("chat.postMessage") == []


async def test_what_was_acknowledged_comes_to_its_end_before_the_process_does(make: Callable[..., Any]) -> None:
    world: World = await make()
    world.slack.hung["users.info"] = 0.05
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0ACME", "authorizations": [{"team_id": "T0ACME"}]}
    event = {"type": "app_home_opened", "user": "U0ADMINACME", "tab": "home"}
    await world.dispatch(body | {"event": event})
    assert len(world.slack.of("views.publish")) == 1 and world.front.running == set()


async def test_slack_has_its_answer_while_the_work_goes_on(make: Callable[..., Any]) -> None:
    world: World = await make()
    world.slack.hung["users.info"] = 0.05
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": "T0ACME", "authorizations": [{"team_id": "T0ACME"}]}
    event = {"type": "app_home_opened", "user": "U0ADMINACME", "tab": "home"}
    answer = await world.app.async_dispatch(AsyncBoltRequest(body=body | {"event": event}, mode="socket_mode"))
    assert answer.status == 200 and world.slack.of("views.publish") == [] and len(world.front.running) == 1
    await world.front.drain(5)
    assert len(world.slack.of("views.publish")) == 1


async def test_codes_of_ours_are_errors_with_a_sentence() -> None:
    assert str(CodeTruncated()).endswith("try again.")
    assert SlackRefused("views.open", "expired_trigger_id").is_late
    assert json.dumps(str(SlackRefused("m", "c"))) == '"m: c"'
