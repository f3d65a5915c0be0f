"""A1–A3: who may do what, for everything that is registered. A listener without an entry here fails the first test."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from flows.node import Node
from handlers import ids
from handlers.actor import REMEMBERED_SECONDS, Right
from handlers.app import LISTENERS
from handlers.arrivals import Kind
from handlers.doors import Flows
from handlers.front import Listener
from storage.store import Store
from tests.handlers.world import ACME, GLOBEX, Person, World, a_world, as_sent

Json = dict[str, Any]
STRANGERS = "T0OTHER"
_NUMBERS = count(1)

# The right that each thing needs, written down a second time: a slip in the table must not go unseen.
SEE = {
    (Kind.COMMAND, ids.HELP),
    (Kind.COMMAND, ids.LIST),
    (Kind.COMMAND, ids.STATUS),
    (Kind.ACTION, ids.HOME_PREVIOUS),
    (Kind.ACTION, ids.HOME_NEXT),
    (Kind.ACTION, ids.HOME_STATUS),
}
ACT = {
    *((Kind.COMMAND, word) for word in (ids.SETUP, ids.INITIATE, ids.ACCEPT, ids.EDIT, ids.PENDING, ids.CANCEL)),
    *((Kind.COMMAND, word) for word in (ids.PAUSE, ids.RESUME, ids.CLOSE)),
    *((Kind.ACTION, name) for name in (ids.HOME_INITIATE, ids.HOME_ACCEPT, ids.HOME_DESKS, ids.HOME_MENU)),
    *((Kind.COMMAND, word) for word in (ids.SCOPE, ids.BACKFILL, ids.SYNC, ids.LINK, ids.UNLINK, ids.ERRORS)),
    *((Kind.ACTION, name) for name in (ids.HOME_SCOPE, ids.HOME_BACKFILL, ids.HOME_ERRORS, ids.SCOPE_PREVIEW)),
    *(
        (Kind.ACTION, name)
        for name in (ids.DESK_REQUESTER, ids.BACKFILL_STOP, ids.PARKED_RETRY, ids.PARKED_SKIP, ids.CONFLICT_TAKE)
    ),
    *((Kind.ACTION, name) for name in (ids.JOIN_YES, ids.JOIN_NO, ids.HOME_TICKET)),
    (Kind.SUBMISSION, ids.VIEW_TICKET),
    (Kind.COMMAND, ids.EDIT_RULES),
    *((Kind.ACTION, name) for name in (ids.HOME_RULES, ids.PARKED_RULE, ids.RULES_BACK, ids.RULES_FILES)),
    *((Kind.ACTION, name) for name in (ids.RULES_DISCARD, ids.RULES_VERSIONS, ids.RULES_HTTP)),
    *((Kind.SUBMISSION, name) for name in (ids.VIEW_RULES, ids.VIEW_RULES_DIFF)),
    *((Kind.SUBMISSION, name) for name in (ids.VIEW_RULES_VERSIONS, ids.VIEW_RULES_COMPARE)),
    (Kind.CLOSED, ids.VIEW_RULES),
    (Kind.ACTION, ids.DESK_HOOK),
    *((Kind.ACTION, name) for name in (ids.RULES_TRY, ids.TRIAL_DAYS, ids.TRIAL_STOP)),
    (Kind.SUBMISSION, ids.VIEW_RULES_TRY),
    *((Kind.SUBMISSION, name) for name in (ids.VIEW_DESK_REQUESTER, ids.VIEW_SCOPE, ids.VIEW_BACKFILL)),
    *((Kind.ACTION, name) for name in (ids.DESK_ADD, ids.DESK_BACK, ids.DESK_KEY, ids.DESK_REMOVE)),
    *((Kind.ACTION, name) for name in (ids.WIZARD_AGAIN, ids.WIZARD_BACK, ids.WIZARD_CHANGED)),
    *((Kind.ACTION, name) for name in (ids.OFFER_DECLINE, ids.CLAIM_NUMBER, ids.CLAIM_REJECT)),
    *((Kind.SUBMISSION, name) for name in (ids.VIEW_DESK_ADD, ids.VIEW_DESK_KEY, ids.VIEW_WIZARD_RESUME)),
    *((Kind.SUBMISSION, name) for name in (*ids.VIEW_WIZARD.values(), ids.VIEW_PASTE, ids.VIEW_OFFER)),
    *((Kind.SUBMISSION, name) for name in (ids.VIEW_DECLINE, ids.VIEW_NUMBER, ids.VIEW_EDIT, ids.VIEW_CLOSE)),
    *((Kind.CLOSED, name) for name in ids.VIEW_WIZARD.values()),
}
OPEN_TO_ALL = {(Kind.EVENT, ids.HOME_OPENED)}  # the Home itself tells who may see nothing
OF_SLACK = {(Kind.EVENT, ids.UNINSTALLED), (Kind.EVENT, ids.REVOKED)}

# Person -> (their own workspace, their flags, the right they have at Acme).
PEOPLE: dict[str, tuple[str, dict[str, bool], Right]] = {
    "owner": (ACME, {"is_owner": True}, Right.ACT),
    "admin": (ACME, {"is_admin": True}, Right.ACT),
    "group member": (ACME, {}, Right.ACT),
    "plain member": (ACME, {}, Right.SEE),
    "guest": (ACME, {"is_restricted": True, "is_admin": True}, Right.NOTHING),
    "single-channel guest": (ACME, {"is_restricted": True, "is_ultra_restricted": True}, Right.NOTHING),
    "outsider": (STRANGERS, {"is_stranger": False, "is_admin": True}, Right.NOTHING),
    "bot": (ACME, {"is_bot": True, "is_admin": True}, Right.NOTHING),
    "deactivated": (ACME, {"deleted": True, "is_admin": True}, Right.NOTHING),
    "other organisation's admin": (GLOBEX, {"is_admin": True}, Right.NOTHING),
}
PEOPLES_LISTENERS = [row for row in LISTENERS if (row.kind, row.name) not in OF_SLACK]


class WatchedFlows(Flows):
    """The real flows, each call noted."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.called: list[str] = []

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name not in ("called", "kinds"):
            self.called.append(name)
        return super().__getattribute__(name)


@pytest.fixture
async def world(sqlite_store: Store) -> AsyncIterator[World]:
    async with a_world(sqlite_store, flows=WatchedFlows) as made:
        made.slack.groups["S0ADMINS"] = ["U0groupmember"]
        yield made


def called(world: World) -> list[str]:
    assert isinstance(world.front.flows, WatchedFlows)
    return world.front.flows.called


def somebody(world: World, who: str) -> Person:
    team, flags, _ = PEOPLE[who]
    user_id = "U0" + "".join(filter(str.isalpha, who))
    world.slack.add_person(user_id, team, **flags)
    return world.person(user_id, at=ACME)


async def does(person: Person, row: Listener) -> Any:
    """The thing itself, with a payload of Slack's shape and nothing sensible in it."""
    if row.kind is Kind.COMMAND:
        return await person.command(row.name)
    if row.kind is Kind.ACTION:
        in_home = row.name.startswith("home.")
        callback = ids.VIEW_WIZARD[1] if row.name.startswith("wizard.") else ids.VIEW_NOTE
        view = a_view(callback) | ({"type": "home"} if in_home else {})
        is_card = row.name.startswith(("claim.", "parked.", "conflict.", "join.", "backfill."))
        return await person.click(row.name, "none", view=None if is_card else view)
    if row.kind is Kind.SUBMISSION:
        return await person.submit(a_view(row.name))
    return await person.close(a_view(row.name)) if row.kind is Kind.CLOSED else await person.open_home()


def a_view(callback: str) -> Json:
    view: Json = {"type": "modal", "callback_id": callback, "private_metadata": "none", "blocks": []}
    return as_sent(view, f"V{next(_NUMBERS)}")


def test_the_matrix_names_everything_that_is_registered() -> None:
    assert {(row.kind, row.name) for row in LISTENERS} == SEE | ACT | OPEN_TO_ALL | OF_SLACK
    for row in LISTENERS:
        needed = Right.SEE if (row.kind, row.name) in SEE else Right.ACT if (row.kind, row.name) in ACT else None
        assert row.needs is needed, row.name


@pytest.mark.parametrize("row", PEOPLES_LISTENERS, ids=lambda row: f"{row.kind} {row.name}")
async def test_a1_everybody_may_do_what_they_may_and_nothing_else(world: World, row: Listener) -> None:
    for who, (_, _, right) in PEOPLE.items():
        person, before = somebody(world, who), len(await world.audit("denied"))
        called(world).clear()
        answer = await does(person, row)
        assert answer.status == 200, who
        denied = len(await world.audit("denied")) - before
        may = row.needs is None or right >= row.needs
        assert denied == (0 if may else 1), who
        if not may:
            assert set(called(world)) == {"audit_denied"}, f"{who}: nothing else was touched"


@pytest.mark.parametrize("who", [who for who, (_, _, right) in PEOPLE.items() if right is Right.NOTHING])
async def test_a1_the_home_of_somebody_without_rights_says_so_once(world: World, who: str) -> None:
    await somebody(world, who).open_home()
    assert "Only full members of Acme" in world.home
    assert "overview" not in called(world)


@pytest.mark.parametrize("who", ["outsider", "other organisation's admin"])
async def test_a2_a_click_from_the_shared_channel_changes_nothing(world: World, who: str) -> None:
    await somebody(world, who).click(ids.CLAIM_REJECT, "whatever")
    assert "Only full members of Acme can do this" in world.said
    assert world.slack.of("users.info") == [], "the payload's own team is enough to refuse"


@pytest.mark.parametrize("who", ["outsider", "other organisation's admin"])
async def test_a2_a_submission_from_the_shared_channel_changes_nothing(world: World, who: str) -> None:
    answer = await somebody(world, who).submit(a_view(ids.VIEW_NUMBER))
    assert "Only full members of Acme can do this" in answer.body
    assert set(called(world)) == {"audit_denied"}


async def test_a2_a_command_in_acmes_name_by_a_person_of_another_workspace_is_refused(world: World) -> None:
    await somebody(world, "other organisation's admin").command("initiate")
    assert "Only full members of Acme can do this" in world.said


@pytest.mark.parametrize("row", [row for row in LISTENERS if row.fresh], ids=lambda row: f"{row.kind} {row.name}")
async def test_a3_a_role_lost_a_moment_ago_is_lost_for_everything_that_changes_something(
    world: World, row: Listener
) -> None:
    person = somebody(world, "admin")
    await person.command("help")  # now the role is remembered
    world.slack.add_person(person.id, ACME)
    await does(person, row)
    assert len(await world.audit("denied")) == 1


async def test_a3_a_role_lost_between_opening_and_submitting_shows_in_the_modal(world: World) -> None:
    person = somebody(world, "admin")
    await person.command("setup")
    world.slack.add_person(person.id, ACME)
    answer = await person.submit(a_view(ids.VIEW_DESK_ADD))
    assert "Only admins of Acme can do this" in answer.body
    assert "add_desk" not in called(world)


async def test_a3_a_lost_role_is_forgotten_within_five_minutes_for_everything_else(world: World) -> None:
    person = somebody(world, "admin")
    await person.command("setup")
    world.slack.add_person(person.id, ACME)
    world.clock.seconds += REMEMBERED_SECONDS
    await person.command("setup")
    assert "Only admins of Acme can do this" in world.said


@pytest.mark.parametrize("method", ["users.info", "usergroups.users.list"])
async def test_when_slack_does_not_tell_nobody_may(world: World, method: str) -> None:
    world.slack.refusals[method] = "internal_error"
    await somebody(world, "group member").command("setup")
    assert "Slack did not tell us in time whether you may do this" in world.said
    assert set(called(world)) == {"audit_denied"}


async def test_a_group_of_another_workspace_gives_no_right(world: World) -> None:
    del world.slack.groups["S0ADMINS"]
    await somebody(world, "group member").command("setup")
    assert "Only admins of Acme can do this" in world.said


async def test_what_is_denied_is_audited_without_what_was_typed(world: World) -> None:
    await somebody(world, "plain member").command("accept brg_0123456789")
    assert await world.audit("denied") == ["command accept: no admin"]


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.SUBMISSION, Kind.ACTION])
async def test_a_workspace_that_is_not_served_is_refused_with_a_sentence(world: World, kind: Kind) -> None:
    person = Person(world, "U0X", STRANGERS, STRANGERS)
    row = next(row for row in LISTENERS if row.kind is kind)
    answer = await does(person, row)
    assert answer.status == 200
    assert ("This workspace is not served by this Drawbridge" in answer.body) == (kind is not Kind.ACTION)
    assert called(world) == [] and world.slack.calls == []
