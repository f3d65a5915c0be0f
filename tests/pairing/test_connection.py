from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pairing.connection import Connection, ConnectionState
from pairing.errors import MoveNotPossible
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
PENDING = Connection(
    id="c" * 26,
    name="acme_to_globex",
    side=Side.INVITER,
    reach=Reach.PRIVATE,
    rules=RulesMode.BASIC,
    policy=ConflictPolicy.LATEST,
    state=ConnectionState.PENDING,
    desk_id="d" * 26,
    local_name="acme",
    remote_name="globex",
    description="",
    our_id="a" * 26,
    our_key=bytes(32),
    created_by="U1",
    created_at=NOW,
)
ACTIVE = replace(PENDING, state=ConnectionState.ACTIVE)
CLAIM = {
    "their_id": "b" * 26,
    "their_key": bytes(32),
    "partner_name": "Globex",
    "partner_team": "T1",
    "partner_team_name": "Globex",
    "partner_desk": "freshservice",
    "claim_sha256": bytes(32),
}
Move = Callable[[Connection], Connection]
MOVES: dict[str, Move] = {
    "claim": lambda connection: connection.after_claim(their_url=None, **CLAIM),  # type: ignore[arg-type]
    "approve": lambda connection: connection.after_approval("U1", NOW),
    "pause": lambda connection: connection.after_pause(ours=True),
    "resume": lambda connection: connection.after_resume(ours=True),
    "they pause": lambda connection: connection.after_pause(ours=False),
    "they resume": lambda connection: connection.after_resume(ours=False),
    "close": lambda connection: connection.after_close("enough", NOW),
}
STATES = {
    "pending": PENDING,
    "active": ACTIVE,
    "paused by us": replace(PENDING, state=ConnectionState.PAUSED, paused_by_us=True),
    "paused by them": replace(PENDING, state=ConnectionState.PAUSED, paused_by_them=True),
    "paused by both": replace(PENDING, state=ConnectionState.PAUSED, paused_by_us=True, paused_by_them=True),
    "broken": replace(PENDING, state=ConnectionState.BROKEN),
    "closed": replace(PENDING, state=ConnectionState.CLOSED, closed_at=NOW, closed_reason="enough"),
}
LEGAL = {
    ("pending", "claim"): "pending",
    ("pending", "approve"): "active",
    ("active", "pause"): "paused by us",
    ("active", "they pause"): "paused by them",
    ("active", "they resume"): "active",
    ("paused by us", "resume"): "active",
    ("paused by us", "they pause"): "paused by both",
    ("paused by us", "they resume"): "paused by us",
    ("paused by them", "pause"): "paused by both",
    ("paused by them", "they pause"): "paused by them",
    ("paused by them", "they resume"): "active",
    ("paused by both", "resume"): "paused by them",
    ("paused by both", "they pause"): "paused by both",
    ("paused by both", "they resume"): "paused by us",
    **{(state, "close"): "closed" for state in STATES if state != "closed"},
}


def standing(connection: Connection) -> str:
    if connection.state is not ConnectionState.PAUSED:
        return connection.state.value
    by = (connection.paused_by_us, connection.paused_by_them)
    return {(True, False): "paused by us", (False, True): "paused by them", (True, True): "paused by both"}[by]


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", STATES)
def test_each_move_is_possible_in_its_states_and_no_other(state: str, move: str) -> None:
    if (expected := LEGAL.get((state, move))) is not None:
        assert standing(MOVES[move](STATES[state])) == expected
        return
    with pytest.raises(MoveNotPossible) as caught:
        MOVES[move](STATES[state])
    assert "`acme_to_globex`" in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    ("state", "move", "sentence"),
    [
        ("pending", "pause", "is pending: that works once it is active. `close` withdraws it."),
        ("paused by us", "pause", "is paused on your side already."),
        ("active", "resume", "is not paused."),
        ("paused by them", "resume", "is paused by your partner: only they can resume it."),
        ("closed", "close", "is closed already."),
        ("closed", "resume", "is closed: that is not possible now."),
        ("active", "approve", "is active: that is not possible now."),
    ],
)
def test_a_move_that_is_not_possible_says_why(state: str, move: str, sentence: str) -> None:
    with pytest.raises(MoveNotPossible) as caught:
        MOVES[move](STATES[state])
    assert str(caught.value) == f"`acme_to_globex` {sentence}"


def test_approval_and_closing_remember_who_when_and_why() -> None:
    approved = PENDING.after_approval("U1", NOW)
    assert (approved.approved_by, approved.approved_at) == ("U1", NOW)
    closed = approved.after_close("enough", NOW)
    assert (closed.closed_at, closed.closed_reason) == (NOW, "enough")


def test_p10_the_inviter_of_a_private_connection_never_has_an_address_to_dial() -> None:
    claimed = MOVES["claim"](PENDING)
    assert not claimed.may_dial
    assert claimed.partner_name == "Globex"
    with pytest.raises(AssertionError):
        PENDING.after_claim(their_url="https://bridge.globex.example", **CLAIM)  # type: ignore[arg-type]


def test_the_inviter_of_a_public_connection_may_dial_once_it_was_claimed() -> None:
    public = replace(PENDING, reach=Reach.PUBLIC)
    assert not public.may_dial
    assert public.after_claim(their_url="https://bridge.globex.example", **CLAIM).may_dial  # type: ignore[arg-type]


def test_the_acceptor_keeps_what_the_inviter_answered() -> None:
    half = replace(PENDING, side=Side.INVITEE, their_url="https://bridge.acme.example")
    answered = half.after_answer(their_id="b" * 26, their_key=bytes(32), partner_name="Acme", partner_desk="memory")
    assert (answered.state, answered.their_id, answered.partner_name) == ("pending", "b" * 26, "Acme")
    with pytest.raises(MoveNotPossible):
        replace(half, state=ConnectionState.CLOSED).after_answer(
            their_id="b" * 26, their_key=bytes(32), partner_name="Acme", partner_desk=None
        )


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", STATES)
def test_who_has_to_ask_for_news(state: str, side: Side, reach: Reach) -> None:
    connection = replace(STATES[state], side=side, reach=reach)
    is_open = connection.state in (ConnectionState.ACTIVE, ConnectionState.PAUSED)
    expected = side is Side.INVITEE and (state == "pending" or (reach is Reach.PRIVATE and is_open))
    assert connection.is_listening is expected
    assert connection.is_open is is_open


def test_contact_clears_the_last_error_and_a_failure_keeps_the_last_contact() -> None:
    failed = ACTIVE.after_contact(NOW).after_failure("the partner's node is busy", 420)
    assert (failed.last_contact_at, failed.last_error, failed.clock_diff_seconds) == (
        NOW,
        "the partner's node is busy",
        420,
    )
    well = failed.after_contact(NOW)
    assert (well.last_error, well.clock_diff_seconds) == (None, None)


def test_counts_of_envelopes_only_grow() -> None:
    counted = ACTIVE.after_receiving(3).after_acks(2).after_receiving(1)
    assert (counted.have, counted.acked) == (4, 2)


def test_a_proof_of_the_address_is_remembered() -> None:
    assert PENDING.after_proof().address_proved
