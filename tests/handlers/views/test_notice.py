from collections.abc import Callable
from dataclasses import replace

import pytest

from handlers import ids
from handlers.blocks import Message
from handlers.views import notice
from pairing.invitation import InvitationState
from pairing.terms import Reach, RulesMode
from tests.handlers.samples import (
    ACTIVE,
    CLAIMED,
    INVITATION,
    NASTY,
    NOW,
    PARTNER,
    WORST,
    assert_mrkdwn_harmless,
    line,
    read_message,
    read_view,
)

WORST_LINE = line(replace(WORST, reach=Reach.PUBLIC, paused_by_us=True), replace(CLAIMED, reason=NASTY))


def test_the_card_says_who_as_stated_and_asks_for_the_number() -> None:
    message = notice.claim_card(line(PARTNER, CLAIMED, needs_number=True))
    text = read_message(message)
    assert "Organisation (as stated): Globex" in text and "Slack workspace (as stated): Globex Inc" in text
    assert "*Ask your partner for the number that their Slack shows*" in text
    assert "If they have no number, it was not them: reject." in text
    assert "Nothing is shared before you enter the number." in text


def test_the_cards_buttons_hold_nothing_but_the_id_and_rejecting_asks_first() -> None:
    (row,) = [block for block in notice.claim_card(line(PARTNER, CLAIMED)).blocks if block["type"] == "actions"]
    buttons = row["elements"]
    assert isinstance(buttons, list)
    assert [button["action_id"] for button in buttons] == [ids.CLAIM_NUMBER, ids.CLAIM_REJECT]
    assert {button["value"] for button in buttons} == {PARTNER.id}
    assert buttons[1]["confirm"]["title"]["text"] == "Reject?"


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (InvitationState.APPROVED, None, "connected with Globex, the number was right by <@U2>"),
        (InvitationState.REJECTED, None, "the claim was rejected by <@U2>"),
        (InvitationState.REJECTED, "wrong number", "rejected after three wrong numbers"),
        (InvitationState.EXPIRED, None, "nobody entered the number in time"),
        (InvitationState.REVOKED, None, "cancelled by <@U2>"),
    ],
)
def test_when_it_is_decided_one_line_stays(state: InvitationState, reason: str | None, words: str) -> None:
    ended = replace(CLAIMED, state=state, reason=reason, closed_by="U2", closed_at=NOW)
    message = notice.decided_card(line(ACTIVE, ended))
    assert words in read_message(message) and [block["type"] for block in message.blocks] == ["section"]


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (notice.second_claim(line(PARTNER, CLAIMED), "/c"), "Somebody tried to use the code"),
        (notice.declined(line(), "no time", "/c"), "Their reason: no time"),
        (notice.declined(line(), "", "/c"), "was declined"),
        (notice.expired(line(), "/c"), "nobody used the code in time"),
        (notice.expired(line(PARTNER, CLAIMED), "/c"), "nobody entered the number in time"),
        (
            notice.number(line(PARTNER, None), "274578"),
            "Tell the person at Globex who sent you the code this number: *274 578*",
        ),
        (notice.claim_refused(line(PARTNER, None), "It has expired."), "could not be used.* It has expired."),
        (notice.active(line(ACTIVE), "/connect"), "*`acme_to_globex` is active*: you are connected with Globex"),
        (
            notice.active(line(ACTIVE), "/connect"),
            "*Next:* choose which tickets travel: `/connect scope acme_to_globex`",
        ),
        (
            notice.active(line(replace(ACTIVE, rules=RulesMode.SCRIPT)), "/connect"),
            "*Next:* make your side's rules your own, they begin as Basic mode's: `/connect rules acme_to_globex`",
        ),
        (notice.rejected(line(PARTNER, None), "/c"), "Ask them for a new code, then type `/c accept`"),
        (
            notice.unreachable(line(replace(PARTNER, reach=Reach.PUBLIC), CLAIMED)),
            "nothing answers at the address you typed",
        ),
        (notice.paused(line(ACTIVE)), "Only they can resume it"),
        (notice.resumed(line(ACTIVE)), "*Your partner resumed `acme_to_globex`.*"),
        (notice.resumed(line(replace(ACTIVE, paused_by_us=True))), "It stays paused on your side"),
        (notice.closed(line(ACTIVE), "we moved"), "Their reason: we moved"),
        (notice.closed(line(ACTIVE), ""), "all tickets stay where they are"),
    ],
)
def test_everything_that_people_are_told(message: Message, words: str) -> None:
    assert words in read_message(message)


@pytest.mark.parametrize(
    "render",
    [
        notice.claim_card,
        notice.decided_card,
        lambda worst: notice.second_claim(worst, "/c"),
        lambda worst: notice.declined(worst, NASTY * 3, "/c"),
        lambda worst: notice.expired(worst, "/c"),
        lambda worst: notice.number(worst, "123456"),
        lambda worst: notice.claim_refused(worst, NASTY),
        lambda found: notice.active(found, "/connect"),
        lambda worst: notice.rejected(worst, "/c"),
        notice.unreachable,
        notice.paused,
        notice.resumed,
        lambda worst: notice.closed(worst, NASTY * 3),
    ],
)
def test_c1_c5_the_worst_partner_fits_and_harms_nobody(render: Callable[[object], Message]) -> None:
    read_message(render(WORST_LINE))


def test_the_number_is_asked_for_with_its_rule() -> None:
    view = notice.number_view(PARTNER)
    text = read_view(view)
    assert "Globex (as stated) used the code of acme_to_globex" in text and "After three wrong numbers" in text
    worst = notice.number_view(replace(WORST, approved_at=None), NASTY)
    read_view(worst)
    assert_mrkdwn_harmless(worst)


def test_a_cancelled_one_before_any_claim_has_a_line_too() -> None:
    assert "cancelled" in read_message(notice.decided_card(line(PARTNER, INVITATION)))
