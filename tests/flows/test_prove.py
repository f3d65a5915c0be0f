"""The proof that the key which used our code lives at the address that our admin typed."""

from exchange.endpoint import unsigned
from exchange.ports import WireAnswer, WireRequest
from flows.connections import close
from flows.prove import prove_address
from pairing.connection import ConnectionState
from pairing.invitation import InvitationState
from pairing.notice import NoticeKind
from pairing.terms import Reach
from tests.flows.sides import Answering, Pair, accepted, lost_on_the_way, offered


async def test_a_signed_refusal_is_proof_enough(pair: Pair) -> None:
    made = await offered(pair, Reach.PUBLIC)
    await accepted(pair.globex, made)
    assert await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert (await pair.acme.connection()).address_proved
    before = len(pair.acme.asked)
    assert await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert len(pair.acme.asked) == before  # once is enough


async def test_an_unsigned_answer_or_none_proves_nothing(pair: Pair) -> None:
    made = await offered(pair, Reach.PUBLIC)
    await accepted(pair.globex, made)

    async def anybody(request: WireRequest, answer: Answering) -> WireAnswer:
        return unsigned(403, "pending")

    for spoil in (lost_on_the_way, anybody):
        pair.acme.spoil = spoil
        assert not await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert not (await pair.acme.connection()).address_proved


async def test_the_proof_activates_what_wants_no_number(pair: Pair) -> None:
    made = await offered(pair, Reach.PUBLIC, auto=True)
    await accepted(pair.globex, made)
    assert (await pair.acme.connection()).state is ConnectionState.PENDING
    assert await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert (await pair.acme.connection()).state is ConnectionState.ACTIVE
    assert (await pair.acme.invitation()).state is InvitationState.APPROVED
    assert await pair.acme.notices() == [NoticeKind.ACTIVE]


async def test_nothing_to_prove_where_nobody_is_called_or_nobody_claimed(pair: Pair) -> None:
    made = await offered(pair)
    await accepted(pair.globex, made)
    assert not await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert not await prove_address(pair.acme.node, pair.acme.id, "x" * 26)
    assert pair.acme.asked == []


async def test_a_proof_that_comes_after_the_end_changes_nothing(pair: Pair) -> None:
    made = await offered(pair, Reach.PUBLIC, auto=True)
    await accepted(pair.globex, made)

    async def meanwhile(request: WireRequest, answer: Answering) -> WireAnswer:
        await close(pair.acme.node, pair.acme.actor, "acme_to_globex")
        return await answer(request)

    pair.acme.spoil = meanwhile
    await prove_address(pair.acme.node, pair.acme.id, made.connection.id)
    assert (await pair.acme.connection()).state is ConnectionState.CLOSED
