"""One exchange of the dialling side: what each answer of the partner means for our half."""

import pytest

from exchange.messages import error_body
from exchange.paths import SYNC
from exchange.ports import WireAnswer, WireRequest
from exchange.signatures import read_request, sign_answer
from flows.connections import close, pause
from flows.dial import Exchanged, Outcome, announce_unreachable, exchange_once, standing
from flows.invitations import cancel, enter_number
from pairing.connection import ConnectionState
from pairing.notice import NoticeKind
from pairing.terms import Reach
from storage.store import Transaction
from sync.envelope import Envelope
from tests.flows.sides import (
    Answering,
    Half,
    Pair,
    Spoil,
    accepted,
    as_it_is,
    connected,
    lost_on_the_way,
    lost_on_the_way_back,
    offered,
)


def says(acme: Half, status: int, code: str, **more: object) -> Spoil:
    """Acme's node, answering every exchange with this signed error."""

    async def spoil(request: WireRequest, answer: Answering) -> WireAnswer:
        connection = await acme.connection()
        seed = await acme.secret("connection_key", connection.id)
        assert seed is not None and request.path.startswith(SYNC)
        body = error_body(code, **more)  # type: ignore[arg-type]
        nonce = read_request(request.headers).nonce
        created = int(acme.clock().timestamp())
        return WireAnswer(status, sign_answer(seed, status=status, body=body, created=created, nonce=nonce), body)

    return spoil


async def test_pending_is_asked_again_and_changes_nothing(pair: Pair) -> None:
    await accepted(pair.globex, await offered(pair))
    assert await pair.globex.exchange() == Exchanged(Outcome.PENDING)
    half = await pair.globex.connection()
    assert half.state is ConnectionState.PENDING and half.last_contact_at == pair.clock.at


async def test_a_signed_yes_makes_a_pending_half_active_and_tells_its_person_once(pair: Pair) -> None:
    made = await offered(pair)
    answer = await accepted(pair.globex, made)
    await enter_number(pair.acme.node, pair.acme.actor, made.connection.id, answer.number or "")
    for _ in range(2):
        assert (await pair.globex.exchange()).outcome is Outcome.QUIET
    half = await pair.globex.connection()
    assert (half.state, half.approved_by) == (ConnectionState.ACTIVE, "partner")
    assert (await pair.globex.notices()).count(NoticeKind.ACTIVE) == 1
    assert await pair.globex.secret("number", half.id) is None


async def test_a_withdrawn_invitation_ends_a_pending_half(pair: Pair) -> None:
    await accepted(pair.globex, await offered(pair))
    await cancel(pair.acme.node, pair.acme.actor, "acme_to_globex")
    assert (await pair.globex.exchange()).outcome is Outcome.OVER
    assert (await pair.globex.connection()).closed_reason == "rejected"
    assert (await pair.globex.notices())[-1] is NoticeKind.REJECTED


async def test_a_partner_who_closed_ends_our_half_and_drops_what_waits(pair: Pair) -> None:
    await connected(pair)
    await pause(pair.globex.node, pair.globex.actor, "globex_to_acme")
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex", "We are done")
    assert (await pair.globex.exchange()).outcome is Outcome.OVER
    half = await pair.globex.connection()
    assert (half.state, half.closed_reason) == (ConnectionState.CLOSED, "We are done")
    assert await pair.globex.queued() == 0
    assert [(n.kind, n.text) for n in await pair.globex.told()][-1] == (NoticeKind.CLOSED, "We are done")


async def test_two_closes_that_cross_leave_nobody_to_tell(pair: Pair) -> None:
    await connected(pair)
    await close(pair.globex.node, pair.globex.actor, "globex_to_acme")
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex")
    assert (await pair.globex.exchange()).outcome is Outcome.OVER
    assert await pair.globex.queued() == 0
    for half in pair.halves:
        assert NoticeKind.CLOSED not in await half.notices()


async def test_a_closed_half_still_delivers_its_goodbye(pair: Pair) -> None:
    await connected(pair)
    await close(pair.globex.node, pair.globex.actor, "globex_to_acme", "Good bye")
    assert (await pair.globex.exchange()).outcome is Outcome.OVER
    assert (await pair.acme.connection()).closed_reason == "Good bye"
    assert await pair.globex.exchange() == Exchanged(Outcome.OVER)  # and has nothing more to say


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (429, "busy", "the partner's node is busy"),
        (400, "protocol_unsupported", "the partner's node speaks another version: upgrade Drawbridge"),
        (400, "bad_request", "the partner's node said: bad_request"),
        (401, "clock_skew", "the clocks of the two nodes differ by more than five minutes"),
        (418, "of_a_later_version", "the partner's node said: of_a_later_version"),
    ],
)
async def test_a_signed_error_is_noted_and_tried_again(pair: Pair, status: int, code: str, words: str) -> None:
    await connected(pair)
    await pause(pair.globex.node, pair.globex.actor, "globex_to_acme")
    pair.globex.spoil = says(pair.acme, status, code, pause=7)
    assert await pair.globex.exchange() == Exchanged(Outcome.FAILED, 7)
    half = await pair.globex.connection()
    assert half.last_error == words and half.is_open and await pair.globex.queued() == 1


async def test_the_clocks_difference_is_kept_until_they_agree(pair: Pair) -> None:
    await connected(pair)
    pair.acme.clock = type(pair.clock)(pair.clock.at)
    pair.acme.clock.advance(minutes=7)
    pair.globex.spoil = says(pair.acme, 401, "clock_skew")
    await pair.globex.exchange()
    assert (await pair.globex.connection()).clock_diff_seconds == 420
    pair.globex.spoil = as_it_is
    await pair.globex.exchange()
    half = await pair.globex.connection()
    assert (half.clock_diff_seconds, half.last_error) == (None, None)


async def test_an_envelope_that_the_partner_cannot_read_is_given_up_and_the_rest_goes_on(pair: Pair) -> None:
    """E4."""
    await connected(pair)
    half = await pair.globex.connection()
    first, bad, last = (Envelope(f"{letter * 26}", "ticket.update", pair.clock.at, ticket="7") for letter in "abc")

    def write(tx: Transaction) -> None:
        for envelope in (first, bad, last):
            tx.outbox.add(half.id, envelope)

    await pair.globex.node.store.run(pair.globex.id, write)
    pair.globex.spoil = says(pair.acme, 400, "bad_request", envelope_id=bad.id)
    assert (await pair.globex.exchange()).outcome is Outcome.MORE
    assert await pair.globex.queued() == 2
    assert [(n.kind, n.text) for n in await pair.globex.told()][-1] == (NoticeKind.PARKED_THERE, "7|bad_request")
    assert "envelope.refused refused bad_request" in await pair.globex.audit()
    pair.globex.spoil = says(pair.acme, 400, "bad_request", envelope_id="z" * 26)
    assert (await pair.globex.exchange()).outcome is Outcome.FAILED  # none of ours: nothing is dropped
    assert await pair.globex.queued() == 2


@pytest.mark.parametrize("spoil", [lost_on_the_way, lost_on_the_way_back])
async def test_no_answer_is_a_failure_that_changes_no_state(pair: Pair, spoil: Spoil) -> None:
    """E2: whether it was stored over there or not, it is sent again and counts once."""
    await connected(pair)
    await pause(pair.globex.node, pair.globex.actor, "globex_to_acme")
    pair.globex.spoil = spoil
    assert (await pair.globex.exchange()).outcome is Outcome.FAILED
    half = await pair.globex.connection()
    assert half.state is ConnectionState.PAUSED and half.last_error == "no usable answer (not_reachable)"
    pair.globex.spoil = as_it_is
    await pair.globex.exchange()
    assert (await pair.acme.connection()).have == 1
    assert (await pair.acme.notices()).count(NoticeKind.PAUSED) == 1
    assert await pair.globex.queued() == 0


async def test_what_came_is_acknowledged_by_the_next_exchange(pair: Pair) -> None:
    await connected(pair)
    await pause(pair.acme.node, pair.acme.actor, "acme_to_globex")
    assert (await pair.globex.exchange()).outcome is Outcome.MORE
    assert await pair.acme.queued() == 1
    assert (await pair.globex.exchange()).outcome is Outcome.QUIET
    assert await pair.acme.queued() == 0
    assert (await pair.globex.connection()).have == 1


async def test_a_half_without_address_key_or_row_has_nothing_to_do(pair: Pair) -> None:
    ours, theirs = await connected(pair)
    assert await exchange_once(pair.acme.node, pair.acme.id, ours.id, wait=0) == Exchanged(Outcome.OVER)
    await pair.globex.node.store.run(pair.globex.id, lambda tx: tx.vault.forget("connection_key", theirs.id))
    assert await pair.globex.exchange() == Exchanged(Outcome.OVER)
    assert await exchange_once(pair.globex.node, pair.globex.id, "x" * 26, wait=0) == Exchanged(Outcome.OVER)


async def test_a_standing_knows_what_may_travel_now(pair: Pair) -> None:
    _, theirs = await connected(pair)
    node, own = pair.globex.node, pair.globex.id
    quiet = await standing(node, own, theirs.id)
    assert quiet is not None and not quiet.has_news
    ticket = Envelope("t" * 26, "ticket.update", pair.clock.at, ticket="7")
    await node.store.run(own, lambda tx: tx.outbox.add(theirs.id, ticket))
    loud = await standing(node, own, theirs.id)
    assert loud is not None and loud.has_news
    await pause(node, pair.globex.actor, "globex_to_acme")
    await pair.globex.exchange()
    paused = await standing(node, own, theirs.id)
    assert paused is not None and not paused.has_news  # the ticket waits for the resume
    assert await standing(node, own, "x" * 26) is None


async def test_an_unreachable_address_is_told_once(pair: Pair) -> None:
    made = await offered(pair, Reach.PUBLIC)
    await accepted(pair.globex, made)
    for _ in range(2):
        await announce_unreachable(pair.acme.node, pair.acme.id, made.connection.id)
    assert (await pair.acme.notices()).count(NoticeKind.UNREACHABLE) == 1
    await cancel(pair.acme.node, pair.acme.actor, "acme_to_globex")
    await announce_unreachable(pair.acme.node, pair.acme.id, made.connection.id)
    assert (await pair.acme.notices()).count(NoticeKind.UNREACHABLE) == 1
