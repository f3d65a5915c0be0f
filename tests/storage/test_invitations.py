import asyncio
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from pairing.code import InvitationCode, commitment_to, token_hash
from pairing.invitation import Invitation, InvitationState
from pairing.terms import Reach
from storage.errors import RowGone
from storage.store import Store, Transaction
from storage.vault import KeyRing
from tests.databases import everything_in
from tests.storage import samples

FULL = Invitation(
    id=samples.some_id("full"),
    connection_id=samples.connection().id,
    state=InvitationState.REJECTED,
    token_hash=bytes(range(32)),
    own_key=b"\x00\xff" * 16,
    partner_url="https://globex.example",
    auto=True,
    created_by="U1",
    created_at=samples.NOW,
    expires_at=samples.NOW + timedelta(hours=1),
    posted_kind="channel",
    posted_channel="C1",
    posted_ts="1.1",
    claim_sha256=b"c" * 32,
    claimed_at=samples.NOW,
    tries=3,
    closed_by="U2",
    closed_at=samples.NOW,
    reason="wrong number",
)


async def test_every_field_comes_back_as_it_was(store: Store) -> None:
    assert all(getattr(FULL, field.name) for field in fields(FULL)), "a field without a value proves nothing"
    organisation_id = await samples.connected(store)
    await store.run(organisation_id, lambda tx: tx.invitations.add(FULL))
    assert await store.read(organisation_id, lambda tx: tx.invitations.by_id(FULL.id)) == FULL


async def test_saving_replaces_every_field(store: Store) -> None:
    organisation_id = await samples.connected(store)
    saved = replace(FULL, id=samples.invitation().id)

    def write(tx: Transaction) -> None:
        tx.invitations.add(samples.invitation())
        tx.invitations.save(saved)

    await store.run(organisation_id, write)
    assert await store.read(organisation_id, lambda tx: tx.invitations.of_connection(FULL.connection_id)) == saved


async def test_what_is_not_there_is_gone(store: Store) -> None:
    organisation_id = await samples.connected(store)
    with pytest.raises(RowGone):
        await store.read(organisation_id, lambda tx: tx.invitations.by_id("nothing"))
    with pytest.raises(RowGone):
        await store.run(organisation_id, lambda tx: tx.invitations.save(FULL))
    assert await store.read(organisation_id, lambda tx: tx.invitations.of_connection("nothing")) is None


async def test_those_that_wait_are_listed_oldest_first(store: Store) -> None:
    organisation_id = await samples.connected(store)
    kinds = (InvitationState.CLAIMED, InvitationState.REVOKED, InvitationState.OPEN)

    def write(tx: Transaction) -> None:
        for number, state in enumerate(kinds):
            tx.invitations.add(
                samples.invitation(
                    id=samples.some_id(f"number{number}x"),
                    token_hash=bytes([number]) * 32,
                    state=state,
                    created_at=samples.NOW - timedelta(hours=number),
                )
            )

    await store.run(organisation_id, write)
    waiting = await store.read(organisation_id, lambda tx: [found.state for found in tx.invitations.waiting()])
    assert waiting == [InvitationState.OPEN, InvitationState.CLAIMED]
    latest = await store.read(organisation_id, lambda tx: tx.invitations.of_connection(samples.connection().id))
    assert latest is not None
    assert latest.state is InvitationState.CLAIMED


async def test_an_expired_code_does_not_count_as_open(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> int:
        tx.invitations.add(samples.invitation())
        tx.invitations.add(samples.invitation(id="x", token_hash=b"x" * 32, expires_at=tx.now))
        return tx.invitations.open_count()

    assert await store.run(organisation_id, write) == 1


async def test_a_claim_wins_once_and_is_remembered(store: Store) -> None:
    organisation_id = await samples.connected(store)
    own = samples.invitation().id
    await store.run(organisation_id, lambda tx: tx.invitations.add(samples.invitation()))
    assert await store.run(organisation_id, lambda tx: tx.invitations.claim(own, b"1" * 32))
    assert not await store.run(organisation_id, lambda tx: tx.invitations.claim(own, b"2" * 32))
    found = await store.read(organisation_id, lambda tx: tx.invitations.by_id(own))
    assert (found.state, found.claim_sha256) == (InvitationState.CLAIMED, b"1" * 32)
    assert found.claimed_at is not None


async def test_i5_an_expired_or_cancelled_code_cannot_be_claimed(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> list[bool]:
        tx.invitations.add(samples.invitation(id="expired", token_hash=b"1" * 32, expires_at=tx.now))
        tx.invitations.add(samples.invitation(id="cancelled", token_hash=b"2" * 32, state=InvitationState.REVOKED))
        return [tx.invitations.claim(name, b"c" * 32) for name in ("expired", "cancelled", "missing")]

    assert await store.run(organisation_id, write) == [False, False, False]


async def test_p6_of_40_claims_at_once_one_wins(database_store: Store, store_url: str, keys: KeyRing) -> None:
    organisation_id = await samples.connected(database_store)
    own = samples.invitation().id
    await database_store.run(organisation_id, lambda tx: tx.invitations.add(samples.invitation()))
    other_process = Store.open(store_url, keys)

    def claim_of(number: int) -> Callable[[Transaction], bool]:
        return lambda tx: tx.invitations.claim(own, bytes([number]) * 32)

    try:
        won = await asyncio.gather(
            *(
                (database_store, other_process)[number % 2].run(organisation_id, claim_of(number))
                for number in range(40)
            )
        )
    finally:
        await other_process.close()
    assert won.count(True) == 1
    found = await database_store.read(organisation_id, lambda tx: tx.invitations.by_id(own))
    assert found.claim_sha256 == bytes([won.index(True)]) * 32


async def test_i9_the_database_holds_neither_code_nor_token(database_store: Store, store_url: str) -> None:
    token = bytes(range(64, 80))
    code = InvitationCode(Reach.PRIVATE, token, commitment_to(b"p" * 32), "https://bridge.acme.example")
    organisation_id = await samples.connected(database_store)

    def write(tx: Transaction) -> None:
        invitation = samples.invitation(token_hash=token_hash(token))
        tx.invitations.add(invitation)
        tx.vault.put("offer", "ref", code.text.encode())
        tx.audit.write("invite.create", invitation.handle)

    await database_store.run(organisation_id, write)
    dump = everything_in(store_url)
    for secret in (code.text.encode(), code.text[4:30].encode(), repr(token)[2:-1].encode(), token.hex().encode()):
        assert secret not in dump
