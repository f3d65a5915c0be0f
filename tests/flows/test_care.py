"""What time alone brings about."""

from dataclasses import replace

import pytest

from flows.care import care
from pairing.invitation import InvitationState
from storage.store import Transaction
from tests.flows.sides import Pair, accepted, offered


async def test_a_round_ends_what_is_over_and_leaves_the_rest(pair: Pair) -> None:
    old = await offered(pair, expiry_hours=1)
    young = await offered(pair, name="young", remote_name="young", expiry_hours=168)
    pair.clock.advance(hours=2)
    for _ in range(2):
        await care(pair.acme.node)

    def states(tx: Transaction) -> tuple[InvitationState, InvitationState]:
        return tx.invitations.by_id(old.invitation.id).state, tx.invitations.by_id(young.invitation.id).state

    assert await pair.acme.node.store.read(pair.acme.id, states) == (InvitationState.EXPIRED, InvitationState.OPEN)


async def test_secrets_whose_time_is_over_are_swept(pair: Pair) -> None:
    answer = await accepted(pair.globex, await offered(pair))
    assert await pair.globex.secret("number", answer.connection.id) is not None
    pair.clock.advance(days=3)
    await care(pair.globex.node)

    def kinds(tx: Transaction) -> list[bytes | None]:
        return [tx.vault.get(kind, answer.connection.id) for kind in ("number", "claim")]

    assert await pair.globex.node.store.read(pair.globex.id, kinds) == [None, None]


async def test_one_that_cannot_be_ended_keeps_no_other_open(pair: Pair) -> None:
    broken = await offered(pair)
    pair.clock.advance(seconds=1)
    fine = await offered(pair, name="fine", remote_name="fine")

    def closed_by_a_bug(tx: Transaction) -> None:
        tx.connections.save(replace(tx.connections.by_id(broken.connection.id).after_close("a bug", tx.now)))

    await pair.acme.node.store.run(pair.acme.id, closed_by_a_bug)
    pair.clock.advance(hours=25)
    with pytest.raises(ExceptionGroup):
        await care(pair.acme.node)

    def state(tx: Transaction) -> InvitationState:
        return tx.invitations.by_id(fine.invitation.id).state

    assert await pair.acme.node.store.read(pair.acme.id, state) is InvitationState.EXPIRED
