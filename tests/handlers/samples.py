"""Values for views: ordinary ones, and ones as long and as nasty as they can get."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.accept import Accepted, Offer
from flows.connections import Line
from flows.settle import Waiting
from flows.ticket_facts import Progress
from flows.wizard import Draft, Initiated, WizardStart
from handlers.blocks import Message, View
from pairing.connection import Connection, ConnectionState
from pairing.invitation import Invitation, InvitationState
from pairing.offer import OfferTerms
from pairing.organisation import Organisation
from pairing.secret import Secret
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from sandbox.slack.checks import message_problems, view_problems
from sync.desk import Desk
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link
from tests.handlers.world import seen

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
NASTY = "<!channel> <@U0EVIL> `x` *b* <https://evil.example|https://bank.example> &amp; \u202egnp"
LONG = (NASTY + "W" * 300)[:80]
CODE = "brg_" + "2scj3dtkf4" * 30

ORGANISATION = Organisation("o" * 26, "T0ACME", "Acme")
DESK = Desk("d" * 26, "freshservice", "acme-desk", "https://acme.freshservice.com", "U1", NOW)
CONNECTION = Connection(
    id="c" * 26,
    name="acme_to_globex",
    side=Side.INVITER,
    reach=Reach.PRIVATE,
    rules=RulesMode.BASIC,
    policy=ConflictPolicy.LATEST,
    state=ConnectionState.PENDING,
    desk_id=DESK.id,
    local_name="acme",
    remote_name="globex",
    description="",
    our_id="s" * 26,
    our_key=b"k" * 32,
    created_by="U1",
    created_at=NOW,
)
INVITATION = Invitation(
    id="i" * 26,
    connection_id=CONNECTION.id,
    state=InvitationState.OPEN,
    token_hash=b"t" * 32,
    own_key=b"k" * 32,
    partner_url=None,
    auto=False,
    created_by="U1",
    created_at=NOW,
    expires_at=NOW + timedelta(hours=24),
    posted_kind="channel",
    posted_channel="C1",
    posted_ts="1.0",
)
CLAIMED = replace(INVITATION, state=InvitationState.CLAIMED, claimed_at=NOW)
PARTNER = replace(CONNECTION, partner_name="Globex", partner_team_name="Globex Inc", partner_desk="freshservice")
ACTIVE = replace(PARTNER, state=ConnectionState.ACTIVE, approved_by="U1", approved_at=NOW, last_contact_at=NOW)
WORST = replace(
    ACTIVE,
    name="n" * 40,
    local_name="l" * 18,
    remote_name="r" * 18,
    description=(NASTY * 10)[:300],
    partner_name=LONG,
    partner_team_name=LONG,
    partner_desk=LONG[:40],
    last_error=NASTY * 5,
    clock_diff_seconds=420,
)
TERMS = OfferTerms(
    organisation="Acme",
    inviter_name="acme",
    invitee_name="globex",
    reach=Reach.PUBLIC,
    rules=RulesMode.SCRIPT,
    policy=ConflictPolicy.INVITER,
    description="Our incidents",
    expires_at=NOW,
)
OFFER = Offer(
    ref="f" * 26,
    host="bridge.acme.example",
    unencrypted=False,
    terms=TERMS,
    desks=(DESK,),
    names_taken=frozenset(),
    proposed_local="globex",
    proposed_remote="acme",
    proposed_name="globex_to_acme",
)
START = WizardStart(
    Draft(), resumed=False, desks=(DESK,), organisation=ORGANISATION, can_be_called=True, names_taken=frozenset()
)
MADE = Initiated(CONNECTION, INVITATION, Secret(CODE))

PARKED = ParkedUpdate(CONNECTION.id, "e" * 26, "118", "#118", "rule", "Your desk has no status “Frozen”.", NOW)
LINK = Link("l" * 26, CONNECTION.id, "372", "118", born_here=True, their_shown="#118")
CONFLICT = Disagreement("e.priority", CONNECTION.id, LINK.id, "priority", '"High"', '"Low"', True, NOW)
FILL = Progress(found=9, done=3, is_looking=True, ended_at=None, is_stopped=False, started_at=NOW)


def line(
    connection: Connection = CONNECTION,
    invitation: Invitation | None = INVITATION,
    *,
    waiting: int = 0,
    needs_number: bool = False,
    linked: int = 0,
    parked: int = 0,
    scope: str = "",
) -> Line:
    return Line(connection, invitation, DESK, waiting, needs_number, linked, parked, scope)


def accepted(number: str | None, *, at_once: bool = False) -> Accepted:
    connection = ACTIVE if at_once else PARTNER
    return Accepted(replace(connection, side=Side.INVITEE), number, activates_at_once=at_once)


def found(connection: Connection = CONNECTION, invitation: Invitation = INVITATION) -> Waiting:
    return Waiting(connection, invitation)


def read_view(view: View) -> str:
    """What a person reads in a view that Slack would show."""
    surface = str(view["type"])
    assert view_problems(view, surface) is None, view_problems(view, surface)
    return seen(view)


def read_message(message: Message) -> str:
    """What a person reads in a message that Slack would post; its notification stands first."""
    blocks: list[Any] = list(message.blocks)
    assert message.text, "the notification and the screen reader need a text"
    assert message_problems(blocks) is None, message_problems(blocks)
    assert_harmless(message.text)
    for block in blocks:
        assert_mrkdwn_harmless(block)
    return message.text + "\n" + seen(blocks)


def assert_mrkdwn_harmless(held: Any) -> None:
    """Nothing that a partner wrote is read as Slack's own signs, wherever mrkdwn is used."""
    if isinstance(held, list):
        for one in held:
            assert_mrkdwn_harmless(one)
    elif isinstance(held, dict):
        if held.get("type") == "mrkdwn":
            assert held["verbatim"] is True
            assert_harmless(str(held["text"]))
        for value in held.values():
            assert_mrkdwn_harmless(value)


def assert_harmless(text: str) -> None:
    for sign in ("<!channel>", "<@U0EVIL>", "<https://evil", "\u202e"):
        assert sign not in text
