"""The claim: built once, sent until it is answered, and what each answer leaves behind."""

from dataclasses import replace

import pytest

from exchange.endpoint import unsigned
from exchange.paths import CLAIM
from exchange.ports import WireAnswer, WireRequest
from flows.claim import Answered, Refused, give_up, send_claim
from flows.connections import close
from flows.errors import OfferNotUsable
from flows.invitations import cancel
from pairing.connection import ConnectionState
from pairing.notice import NoticeKind
from storage.store import Transaction
from tests.flows.sides import (
    Answering,
    Pair,
    Spoil,
    accepted,
    as_it_is,
    lost_on_the_way,
    lost_on_the_way_back,
    offered,
)


def refusing(status: int, code: str) -> Spoil:
    async def spoil(request: WireRequest, answer: Answering) -> WireAnswer:
        return unsigned(status, code) if request.path == CLAIM else await answer(request)

    return spoil


def claims_of(pair: Pair) -> set[bytes]:
    return {request.body for request in pair.globex.asked if request.path == CLAIM}


async def unanswered(pair: Pair) -> str:
    """The id of Globex's pending half, whose claim got no answer yet."""
    made = await offered(pair)
    pair.globex.spoil = only_claims(lost_on_the_way)
    answer = await accepted(pair.globex, made)
    assert answer.number is None and answer.trouble == "your partner's node gave no usable answer"
    return answer.connection.id


def only_claims(spoil: Spoil) -> Spoil:
    async def spoiled(request: WireRequest, answer: Answering) -> WireAnswer:
        return await (spoil if request.path == CLAIM else as_it_is)(request, answer)

    return spoiled


async def test_a_repeated_claim_carries_the_same_bytes_and_gets_the_same_number(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    pair.globex.spoil = only_claims(lost_on_the_way_back)
    assert await send_claim(pair.globex.node, pair.globex.id, connection_id) is None
    pair.globex.spoil = as_it_is
    answer = await send_claim(pair.globex.node, pair.globex.id, connection_id)
    assert isinstance(answer, Answered)
    assert len(claims_of(pair)) == 1
    ours = await pair.acme.secret("number", (await pair.acme.connection()).id)
    assert ours == answer.number.encode()
    assert (await pair.globex.notices()) == [NoticeKind.NUMBER]
    assert await pair.globex.secret("claim", connection_id) is None


async def test_whoever_asks_after_it_was_answered_gets_the_number_without_asking_anybody(pair: Pair) -> None:
    answer = await accepted(pair.globex, await offered(pair))
    before = len(pair.globex.asked)
    again = await send_claim(pair.globex.node, pair.globex.id, answer.connection.id)
    assert again == Answered(answer.number or "")
    assert len(pair.globex.asked) == before


async def test_two_attempts_side_by_side_tell_the_number_once(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    sealed = await pair.globex.secret("claim", connection_id)
    assert sealed is not None
    pair.globex.spoil = as_it_is
    first = await send_claim(pair.globex.node, pair.globex.id, connection_id)
    # The slower one read its claim before the faster one was answered.
    await pair.globex.node.store.run(pair.globex.id, lambda tx: tx.vault.put("claim", connection_id, sealed))
    await pair.globex.node.store.run(pair.globex.id, lambda tx: tx.vault.forget("number", connection_id))
    second = await send_claim(pair.globex.node, pair.globex.id, connection_id)
    assert isinstance(first, Answered) and isinstance(second, Answered) and first.number == second.number
    assert (await pair.globex.notices()).count(NoticeKind.NUMBER) == 1


async def test_a_refusal_at_the_dialog_leaves_nothing_behind(pair: Pair) -> None:
    made = await offered(pair)
    pair.globex.spoil = refusing(410, "invite_revoked")
    with pytest.raises(OfferNotUsable, match="Your partner withdrew this code"):
        await accepted(pair.globex, made)
    assert await pair.globex.connections() == ()
    assert await pair.globex.notices() == []


async def test_a_refusal_after_silence_closes_and_is_told(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    await cancel(pair.acme.node, pair.acme.actor, "acme_to_globex")
    pair.globex.spoil = as_it_is
    refused = await send_claim(pair.globex.node, pair.globex.id, connection_id)
    assert isinstance(refused, Refused) and refused.code == "invite_revoked" and not refused.leaves_code_good
    assert (await pair.globex.connection()).state is ConnectionState.CLOSED
    assert await pair.globex.notices() == [NoticeKind.CLAIM_REFUSED]
    for kind in ("claim", "connection_key", "number"):
        assert await pair.globex.secret(kind, connection_id) is None


async def test_too_many_at_once_is_only_a_reason_to_wait(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    pair.globex.spoil = refusing(429, "slow_down")
    assert await send_claim(pair.globex.node, pair.globex.id, connection_id) is None
    assert (await pair.globex.connection()).last_error == "your partner's node is asked too often right now"


async def test_clocks_that_differ_are_named(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    pair.globex.spoil = refusing(401, "clock_skew")
    assert await send_claim(pair.globex.node, pair.globex.id, connection_id) is None
    assert (await pair.globex.connection()).last_error == "the clocks of the two nodes differ by more than five minutes"


async def test_terms_that_changed_after_they_were_read_void_the_claim(pair: Pair) -> None:
    made = await offered(pair)

    async def reword(request: WireRequest, answer: Answering) -> WireAnswer:
        if request.path == CLAIM:

            def change(tx: Transaction) -> None:
                tx.connections.save(replace(tx.connections.by_id(made.connection.id), description="Something else"))

            await pair.acme.node.store.run(pair.acme.id, change)
        return await answer(request)

    pair.globex.spoil = reword
    with pytest.raises(OfferNotUsable, match="changed the terms after you read them"):
        await accepted(pair.globex, made)
    assert await pair.globex.connections() == ()
    assert "claim.refused refused terms_changed" in await pair.globex.audit()


async def test_after_a_day_without_an_answer_it_is_given_up_once(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    for _ in range(2):
        await give_up(pair.globex.node, pair.globex.id, connection_id)
    assert (await pair.globex.connection()).closed_reason == "no answer"
    assert await pair.globex.notices() == [NoticeKind.CLAIM_REFUSED]
    assert await pair.globex.secret("claim", connection_id) is None


async def test_an_answered_claim_is_not_given_up(pair: Pair) -> None:
    answer = await accepted(pair.globex, await offered(pair))
    await give_up(pair.globex.node, pair.globex.id, answer.connection.id)
    assert (await pair.globex.connection()).state is ConnectionState.PENDING


async def test_a_claim_that_was_swept_away_ends_its_half_instead_of_asking_for_ever(pair: Pair) -> None:
    connection_id = await unanswered(pair)
    pair.clock.advance(days=3)
    refused = await send_claim(pair.globex.node, pair.globex.id, connection_id)
    assert isinstance(refused, Refused)
    assert (await pair.globex.connection()).state is ConnectionState.CLOSED
    assert await pair.globex.notices() == [NoticeKind.CLAIM_REFUSED]


async def test_an_answer_that_comes_after_its_person_withdrew_changes_nothing(pair: Pair) -> None:
    connection_id = await unanswered(pair)

    async def meanwhile(request: WireRequest, answer: Answering) -> WireAnswer:
        await close(pair.globex.node, pair.globex.actor, "globex_to_acme")
        return await answer(request)

    pair.globex.spoil = meanwhile
    await send_claim(pair.globex.node, pair.globex.id, connection_id)
    half = await pair.globex.connection()
    assert half.state is ConnectionState.CLOSED and half.their_key is None
    assert NoticeKind.NUMBER not in await pair.globex.notices()


async def test_a_refusal_that_comes_after_its_person_withdrew_keeps_what_they_did(pair: Pair) -> None:
    connection_id = await unanswered(pair)

    async def meanwhile(request: WireRequest, answer: Answering) -> WireAnswer:
        await close(pair.globex.node, pair.globex.actor, "globex_to_acme", "changed my mind")
        return unsigned(410, "invite_revoked")

    pair.globex.spoil = meanwhile
    await send_claim(pair.globex.node, pair.globex.id, connection_id)
    assert (await pair.globex.connection()).closed_reason == "changed my mind"
    assert await pair.globex.notices() == []


async def test_a_claim_of_a_connection_that_is_gone(pair: Pair) -> None:
    assert isinstance(await send_claim(pair.globex.node, pair.globex.id, "x" * 26), Refused)
