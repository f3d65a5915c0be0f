from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pairing.errors import InvitationExpired, InvitationSpent, MoveNotPossible
from pairing.invitation import Invitation, InvitationState

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = Invitation(
    id="i" * 26,
    connection_id="c" * 26,
    state=InvitationState.OPEN,
    token_hash=bytes(range(32)),
    own_key=bytes(32),
    partner_url=None,
    auto=False,
    created_by="U1",
    created_at=NOW,
    expires_at=NOW + 24 * HOUR,
)
CLAIMED = replace(OPEN, state=InvitationState.CLAIMED, claim_sha256=bytes(32), claimed_at=NOW)
ENDED = tuple(state for state in InvitationState if state not in (InvitationState.OPEN, InvitationState.CLAIMED))

MOVES: dict[str, Callable[[Invitation, datetime], Invitation]] = {
    "approve": lambda invitation, now: invitation.after_approval("U1", now),
    "wrong number": lambda invitation, now: invitation.after_wrong_number("U1", now),
    "reject": lambda invitation, now: invitation.after_rejection("U1", now),
    "decline": lambda invitation, now: invitation.after_decline("not us", now),
    "revoke": lambda invitation, now: invitation.after_revocation("U1", now),
}
LEGAL = {
    ("open", "decline"): InvitationState.DECLINED,
    ("open", "revoke"): InvitationState.REVOKED,
    ("claimed", "approve"): InvitationState.APPROVED,
    ("claimed", "wrong number"): InvitationState.CLAIMED,
    ("claimed", "reject"): InvitationState.REJECTED,
    ("claimed", "revoke"): InvitationState.REVOKED,
}


def in_state(state: InvitationState) -> Invitation:
    return replace(OPEN if state is InvitationState.OPEN else CLAIMED, state=state)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", InvitationState)
def test_each_move_is_possible_in_its_states_and_no_other(state: InvitationState, move: str) -> None:
    before = in_state(state)
    if (expected := LEGAL.get((state.value, move))) is not None:
        after = MOVES[move](before, NOW + HOUR)
        assert after.state is expected
        assert before == in_state(state)
        if expected is not InvitationState.CLAIMED:
            assert after.closed_at == NOW + HOUR
            assert not after.is_waiting
        return
    with pytest.raises(MoveNotPossible) as caught:
        MOVES[move](before, NOW + HOUR)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("state", "move", "error", "sentence"),
    [
        ("open", "approve", MoveNotPossible, "Nobody has used this code yet: wait until your partner accepts it."),
        ("expired", "approve", InvitationExpired, "This invitation has expired. Make a new one with `initiate`."),
        ("expired", "decline", InvitationExpired, "This invitation has expired. Make a new one with `initiate`."),
        ("claimed", "decline", InvitationSpent, "This invitation is used already. Make a new one with `initiate`."),
        ("revoked", "reject", InvitationSpent, "This invitation is cancelled already. Make a new one with `initiate`."),
        ("approved", "reject", InvitationSpent, "This invitation is approved already. Make a new one with `initiate`."),
        ("revoked", "revoke", MoveNotPossible, "This invitation is cancelled already: there is nothing to cancel."),
        ("declined", "revoke", MoveNotPossible, "This invitation is declined already: there is nothing to cancel."),
    ],
)
def test_a_move_that_is_not_possible_says_why(state: str, move: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(MoveNotPossible) as caught:
        MOVES[move](in_state(InvitationState(state)), NOW + HOUR)
    assert (type(caught.value), str(caught.value)) == (error, sentence)


def test_i5_an_open_invitation_expires_at_its_time() -> None:
    assert not OPEN.is_expired(NOW + 24 * HOUR - timedelta(seconds=1))
    assert OPEN.is_expired(NOW + 24 * HOUR)
    assert OPEN.after_expiry(NOW + 24 * HOUR).state is InvitationState.EXPIRED
    with pytest.raises(InvitationExpired):
        OPEN.after_decline("", NOW + 24 * HOUR)
    assert OPEN.after_revocation("U1", NOW + 25 * HOUR).state is InvitationState.REVOKED


@pytest.mark.parametrize("move", ["approve", "wrong number", "reject"])
def test_a_claim_has_to_be_decided_within_a_day(move: str) -> None:
    late = replace(CLAIMED, claimed_at=NOW + 20 * HOUR)
    assert late.approve_by == NOW + 44 * HOUR
    assert not late.is_expired(NOW + 44 * HOUR - timedelta(seconds=1))
    MOVES[move](late, NOW + 30 * HOUR)
    with pytest.raises(InvitationExpired):
        MOVES[move](late, NOW + 44 * HOUR)


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_does_not_expire(state: InvitationState) -> None:
    assert not in_state(state).is_expired(NOW + 1000 * HOUR)


def test_p2_the_third_wrong_number_ends_the_invitation() -> None:
    once = CLAIMED.after_wrong_number("U1", NOW)
    twice = once.after_wrong_number("U1", NOW)
    thrice = twice.after_wrong_number("U1", NOW)
    assert [one.tries_left for one in (CLAIMED, once, twice, thrice)] == [3, 2, 1, 0]
    assert (twice.state, thrice.state, thrice.reason) == ("claimed", "rejected", "wrong number")
    with pytest.raises(InvitationSpent):
        thrice.after_approval("U1", NOW)


def test_a_decline_keeps_its_reason_and_names_nobody_of_ours() -> None:
    declined = OPEN.after_decline("not us", NOW)
    assert (declined.reason, declined.closed_by) == ("not us", None)


def test_the_handle_is_the_beginning_of_the_tokens_hash() -> None:
    assert OPEN.handle == "00010203"


def test_where_a_code_was_posted_is_remembered() -> None:
    posted = OPEN.after_posting("C1", "1.2")
    assert (posted.posted_channel, posted.posted_ts, posted.state) == ("C1", "1.2", InvitationState.OPEN)
