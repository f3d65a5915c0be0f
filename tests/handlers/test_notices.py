"""What is delivered, to whom, and what never is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.connections import Line
from flows.node import Node
from flows.ticket_facts import Progress
from handlers.doors import Flows
from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation, InvitationState
from pairing.notice import Notice, NoticeKind
from pairing.terms import Reach, Side
from storage.store import Store
from sync.errors import RemoteUnavailable
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link
from tests.handlers.samples import (
    ACTIVE,
    CLAIMED,
    CODE,
    CONFLICT,
    FILL,
    INVITATION,
    LINK,
    NASTY,
    NOW,
    PARKED,
    PARTNER,
    assert_mrkdwn_harmless,
    line,
)
from tests.handlers.world import World, a_world, seen

Json = dict[str, Any]
TOLD = [
    NoticeKind.SECOND_CLAIM,
    NoticeKind.DECLINED,
    NoticeKind.EXPIRED,
    NoticeKind.NUMBER,
    NoticeKind.CLAIM_REFUSED,
    NoticeKind.ACTIVE,
    NoticeKind.REJECTED,
    NoticeKind.UNREACHABLE,
    NoticeKind.PAUSED,
    NoticeKind.RESUMED,
    NoticeKind.CLOSED,
    NoticeKind.BRAKED,
    NoticeKind.PARKED,
    NoticeKind.PARKED_THERE,
    NoticeKind.CONFLICT,
    NoticeKind.CUT,
    NoticeKind.JOIN_ASKED,
    NoticeKind.DESK_REFUSED,
    NoticeKind.DESK_BACK,
    NoticeKind.OUT_OF_REACH,
    NoticeKind.IN_REACH,
    NoticeKind.RESTORED,
    NoticeKind.BACKFILL,
]
NOT_TOLD = {NoticeKind.HOME, NoticeKind.INVITATION, NoticeKind.CARD, NoticeKind.CLAIMED}  # the last one is a card
ABOUT_DESKS = (NoticeKind.DESK_REFUSED, NoticeKind.DESK_BACK)


class LineFlows(Flows):
    """The real flows, with one connection of our making."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.line: Line | None = line()
        self.number: str | None = "274578"
        self.cards: dict[str, tuple[str, str]] = {}
        self.parked: ParkedUpdate | None = PARKED
        self.conflict: Disagreement | None = CONFLICT
        self.fill: Progress | None = FILL

    async def parked_update(self, organisation_id: str, connection_id: str, envelope_id: str) -> ParkedUpdate | None:
        return self.parked

    async def disagreement(self, organisation_id: str, identity: str) -> tuple[Disagreement, Link] | None:
        return None if self.conflict is None else (self.conflict, LINK)

    async def backfill_progress(self, organisation_id: str, connection_id: str) -> Progress | None:
        return self.fill

    async def desk_name(self, organisation_id: str, desk_id: str) -> str | None:
        return None if self.line is None else "acme-desk"

    async def notice_line(self, organisation_id: str, connection_id: str) -> Line | None:
        return self.line

    async def number_to_tell(self, organisation_id: str, connection_id: str) -> str | None:
        return self.number

    async def card(self, organisation_id: str, connection_id: str, purpose: str) -> tuple[str, str] | None:
        return self.cards.get(purpose)

    async def remember_card(
        self, organisation_id: str, connection_id: str, purpose: str, *, channel: str, ts: str
    ) -> None:
        self.cards[purpose] = (channel, ts)


class Delivering:
    def __init__(self, world: World) -> None:
        assert isinstance(world.front.flows, LineFlows)
        self.world, self.flows = world, world.front.flows

    async def __call__(self, kind: NoticeKind, user_id: str | None = "U0ADMINACME", text: str = "") -> None:
        notice = Notice("n" * 26, kind, NOW, "c" * 26, user_id, text)
        await self.world.notices.deliver(self.world.organisation(), notice)

    def has(self, connection: Connection, invitation: Invitation | None, *, needs_number: bool = False) -> None:
        self.flows.line = line(connection, invitation, needs_number=needs_number)


@pytest.fixture
async def deliver(sqlite_store: Store) -> Any:
    async with a_world(sqlite_store, flows=LineFlows) as world:
        yield Delivering(world)


@pytest.mark.parametrize("kind", TOLD)
async def test_every_kind_is_told_to_one_person_in_their_direct_messages(deliver: Delivering, kind: NoticeKind) -> None:
    deliver.has(replace(PARTNER, reach=Reach.PUBLIC), CLAIMED)
    await deliver(kind, text="because")
    (posted,) = deliver.world.slack.of("chat.postMessage")
    about = "acme-desk" if kind in ABOUT_DESKS else "acme_to_globex"
    assert posted["channel"] == "U0ADMINACME" and about in seen(posted)


def test_every_kind_is_either_told_or_only_shown() -> None:
    assert set(TOLD) | NOT_TOLD == set(NoticeKind)


@pytest.mark.parametrize("kind", TOLD)
async def test_c1_no_partner_text_does_anything(deliver: Delivering, kind: NoticeKind) -> None:
    deliver.has(replace(PARTNER, reach=Reach.PUBLIC, partner_name=NASTY[:80]), CLAIMED)
    await deliver(kind, text=NASTY)
    (posted,) = deliver.world.slack.of("chat.postMessage")
    assert_mrkdwn_harmless(posted)


@pytest.mark.parametrize("kind", list(NoticeKind))
async def test_a_connection_that_is_gone_has_no_news(deliver: Delivering, kind: NoticeKind) -> None:
    deliver.flows.line = None
    await deliver(kind)
    assert deliver.world.slack.of("chat.postMessage") == [] and deliver.world.slack.of("chat.update") == []


@pytest.mark.parametrize("kind", [NoticeKind.PARKED, NoticeKind.CONFLICT, NoticeKind.BACKFILL])
async def test_what_was_settled_meanwhile_is_not_told(deliver: Delivering, kind: NoticeKind) -> None:
    deliver.flows.parked = deliver.flows.conflict = deliver.flows.fill = None
    await deliver(kind)
    assert deliver.world.slack.of("chat.postMessage") == []


async def test_the_progress_of_a_back_fill_is_one_message_that_is_edited(deliver: Delivering) -> None:
    await deliver(NoticeKind.BACKFILL)
    deliver.flows.fill = replace(FILL, done=7, ended_at=NOW, is_looking=False)
    await deliver(NoticeKind.BACKFILL)
    (posted,), (edited,) = (deliver.world.slack.of(method) for method in ("chat.postMessage", "chat.update"))
    assert "3 of 9 tickets taken" in seen(posted) and "Stop" in seen(posted)
    assert edited["channel"] == "DU0ADMINACME" and "is done:* 7 tickets taken" in seen(edited)
    assert "button" not in str(edited)


async def test_another_back_fill_has_a_message_of_its_own(deliver: Delivering) -> None:
    await deliver(NoticeKind.BACKFILL)
    deliver.flows.fill = replace(FILL, started_at=NOW + timedelta(hours=1))
    await deliver(NoticeKind.BACKFILL)
    assert len(deliver.world.slack.of("chat.postMessage")) == 2


async def test_the_number_is_told_while_it_is_needed(deliver: Delivering) -> None:
    await deliver(NoticeKind.NUMBER)
    assert "274 578" in seen(deliver.world.slack.of("chat.postMessage")[-1])
    deliver.flows.number = None
    await deliver(NoticeKind.NUMBER)
    assert len(deliver.world.slack.of("chat.postMessage")) == 1


async def test_p2_the_number_reaches_the_acceptor_only(deliver: Delivering) -> None:
    deliver.has(PARTNER, CLAIMED, needs_number=True)
    for kind in (NoticeKind.CLAIMED, NoticeKind.CARD, NoticeKind.INVITATION, NoticeKind.ACTIVE):
        await deliver(kind)
    assert "274578" not in str(deliver.world.slack.calls) and "274 578" not in str(deliver.world.slack.calls)


async def test_the_card_is_posted_once_and_written_over_when_it_is_delivered_again(deliver: Delivering) -> None:
    deliver.has(PARTNER, CLAIMED, needs_number=True)
    await deliver(NoticeKind.CLAIMED)
    await deliver(NoticeKind.CLAIMED)
    assert len(deliver.world.slack.of("chat.postMessage")) == 1
    assert len(deliver.world.slack.of("chat.update")) == 1


async def test_a_card_for_what_is_decided_is_not_posted_any_more(deliver: Delivering) -> None:
    deliver.has(ACTIVE, replace(CLAIMED, state=InvitationState.APPROVED))
    await deliver(NoticeKind.CLAIMED)
    assert deliver.world.slack.of("chat.postMessage") == []


async def test_when_it_is_decided_the_card_loses_its_buttons(deliver: Delivering) -> None:
    deliver.has(PARTNER, CLAIMED, needs_number=True)
    await deliver(NoticeKind.CLAIMED)
    await deliver(NoticeKind.CARD)
    assert deliver.world.slack.of("chat.update") == [], "not decided yet"
    deliver.has(ACTIVE, replace(CLAIMED, state=InvitationState.APPROVED, closed_by="U2"))
    await deliver(NoticeKind.CARD)
    (update,) = deliver.world.slack.of("chat.update")
    assert update["channel"] == "DU0ADMINACME" and "the number was right by <@U2>" in seen(update)
    assert "button" not in str(update)


async def test_without_a_card_there_is_nothing_to_decide(deliver: Delivering) -> None:
    deliver.has(ACTIVE, replace(CLAIMED, state=InvitationState.APPROVED))
    await deliver(NoticeKind.CARD)
    assert deliver.world.slack.of("chat.update") == []


async def test_a7_the_posted_invitation_is_replaced_and_nothing_else_reaches_its_channel(deliver: Delivering) -> None:
    deliver.has(PARTNER, CLAIMED, needs_number=True)
    for kind in NoticeKind:
        if kind is not NoticeKind.UNREACHABLE:
            await deliver(kind)
    calls = [call for _, call in deliver.world.slack.calls if call.get("channel") == INVITATION.posted_channel]
    assert [call["ts"] for call in calls] == [INVITATION.posted_ts]
    assert "waits for <@U1> to confirm it" in seen(calls[0])
    assert "Globex" not in seen(calls[0]) and CODE not in seen(calls[0])


@pytest.mark.parametrize("posted", [{"posted_channel": None}, {"posted_ts": None}])
async def test_an_invitation_that_was_not_posted_is_not_replaced(deliver: Delivering, posted: Json) -> None:
    deliver.has(PARTNER, replace(CLAIMED, **posted))
    await deliver(NoticeKind.INVITATION)
    deliver.has(replace(PARTNER, side=Side.INVITEE), None)
    await deliver(NoticeKind.INVITATION)
    deliver.has(PARTNER, INVITATION)
    await deliver(NoticeKind.INVITATION)
    assert deliver.world.slack.of("chat.update") == []


@pytest.mark.parametrize("code", ["channel_not_found", "user_disabled", "message_not_found", "is_archived"])
async def test_when_nobody_is_there_to_be_told_it_is_done(deliver: Delivering, code: str) -> None:
    deliver.world.slack.refusals |= {"chat.postMessage": code, "chat.update": code}
    await deliver(NoticeKind.ACTIVE)
    deliver.has(PARTNER, CLAIMED)
    await deliver(NoticeKind.INVITATION)


@pytest.mark.parametrize("code", ["ratelimited", "internal_error", "invalid_auth", "missing_scope", "token_revoked"])
async def test_when_slack_or_our_token_fails_it_is_tried_again(deliver: Delivering, code: str) -> None:
    deliver.world.slack.refusals["chat.postMessage"] = code
    with pytest.raises(RemoteUnavailable):
        await deliver(NoticeKind.ACTIVE)


async def test_an_organisation_without_a_workspace_here_waits(deliver: Delivering) -> None:
    notice = Notice("n" * 26, NoticeKind.ACTIVE, NOW, "c" * 26, "U1")
    with pytest.raises(RemoteUnavailable):
        await deliver.world.notices.deliver("o" * 26, notice)


async def test_a_notice_for_nobody_goes_nowhere(deliver: Delivering) -> None:
    for kind in (NoticeKind.ACTIVE, NoticeKind.CLAIMED):
        deliver.has(replace(PARTNER, state=ConnectionState.ACTIVE), CLAIMED, needs_number=True)
        await deliver(kind, user_id=None)
    assert deliver.world.slack.of("chat.postMessage") == []
