from dataclasses import replace

import pytest

from flows.wizard import Initiated
from handlers.views.invitation import invitation, spent
from pairing.invitation import InvitationState
from pairing.secret import Secret
from tests.handlers.samples import ACTIVE, CODE, INVITATION, LONG, MADE, NASTY, NOW, PARTNER, WORST, found, read_message


def test_the_invitation_says_who_how_until_when_and_who_reads_it() -> None:
    message = invitation(MADE, "Acme", "/connect", to_me=False)
    text = read_message(message)
    assert "<@U1> at *Acme* invites you" in text and text.count(CODE) == 1
    assert "`/connect accept` and the code" in text and "*I have a code*" in text
    assert (
        "The code works once, until <!date^" in text and "Everyone who can read this message can read the code" in text
    )
    assert [block["type"] for block in message.blocks if CODE in str(block)] == ["rich_text"]
    assert CODE not in message.text, "the notification is shown on locked screens"


def test_ones_own_copy_is_to_be_passed_on() -> None:
    text = read_message(invitation(MADE, "Acme", "/connect", to_me=True))
    assert "Pass this code on to the admin at your partner" in text and "Only you can read this message" in text


def test_the_worst_invitation_fits_and_harms_nobody() -> None:
    made = Initiated(WORST, INVITATION, Secret("brg_" + "z" * 500))
    read_message(invitation(made, LONG, "/connect", to_me=False))
    read_message(invitation(made, LONG, "/connect", to_me=True))


def test_nothing_takes_its_place_while_the_code_is_good() -> None:
    assert spent(found(), "Acme") is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (InvitationState.CLAIMED, "the code was used and waits for <@U1> to confirm it"),
        (InvitationState.APPROVED, "used by Globex"),
        (InvitationState.REJECTED, "rejected"),
        (InvitationState.DECLINED, "declined"),
        (InvitationState.EXPIRED, "expired"),
        (InvitationState.REVOKED, "cancelled by <@U2>"),
    ],
)
def test_what_became_of_it_takes_its_place(state: InvitationState, words: str) -> None:
    ended = replace(INVITATION, state=state, closed_by="U2", closed_at=NOW)
    message = spent(found(ACTIVE, ended), "Acme")
    assert message is not None
    text = read_message(message)
    assert words in text and CODE not in text and len(message.blocks) == 1


@pytest.mark.parametrize("state", [state for state in InvitationState if state not in (InvitationState.APPROVED,)])
def test_a7_no_claimant_is_named_before_the_approval(state: InvitationState) -> None:
    claimed = replace(INVITATION, state=state, claimed_at=NOW, reason=NASTY)
    message = spent(found(replace(PARTNER, partner_name="Mallory"), claimed), "Acme")
    assert message is None or "Mallory" not in read_message(message)


def test_a_nasty_name_harms_nobody() -> None:
    approved = replace(INVITATION, state=InvitationState.APPROVED)
    message = spent(found(WORST, approved), NASTY)
    assert message is not None
    read_message(message)
