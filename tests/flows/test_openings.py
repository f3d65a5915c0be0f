"""The wizard's first view comes from memory, and never from an outdated one."""

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest

from flows import desks, wizard
from flows.node import Node
from flows.openings import Openings
from flows.organisations import register
from pairing.organisation import Actor
from pairing.secret import Secret
from storage.store import Store, Transaction
from storage.vault import KeyRing
from tests.handlers.world import a_node

T = TypeVar("T")


class WatchedStore(Store):
    """Counts reads; `meanwhile` is committed when a read has seen the tables and did not return yet."""

    reads = 0
    meanwhile: Callable[[Transaction], None] | None = None

    async def read(self, organisation_id: str, work: Callable[[Transaction], T]) -> T:
        self.reads += 1
        seen = await super().read(organisation_id, work)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await self.run(organisation_id, meanwhile)
        return seen


@pytest.fixture
async def store(sqlite_url: str, keys: KeyRing) -> AsyncIterator[WatchedStore]:
    opened = WatchedStore.open(sqlite_url, keys)
    assert isinstance(opened, WatchedStore)
    yield opened
    await opened.close()


@pytest.fixture
async def node(store: WatchedStore) -> AsyncIterator[Node]:
    made = await a_node(store, "https://bridge.example.com")
    yield made
    await made.wire.close()


@pytest.fixture
async def alice(node: Node) -> Actor:
    organisation = await register(node, team_id="T0ACME", name="Acme")
    return Actor(organisation.id, "T0ACME", "U0ALICE")


def colleague(actor: Actor) -> Actor:
    return Actor(actor.organisation_id, actor.team_id, "U0ANDY")


async def added(node: Node, actor: Actor, name: str) -> str:
    desk = await desks.add_desk(
        node, actor, kind="memory", short_name=name, address=f"memory:{name}", api_key=Secret("toy-1")
    )
    return desk.id


async def test_it_is_what_the_store_would_say(node: Node, alice: Actor) -> None:
    await added(node, alice, "acme")
    openings = Openings(node)
    for _ in range(2):
        assert await openings.open(alice) == await wizard.wizard_start(node, alice)


async def test_only_the_first_one_of_an_organisation_reads(node: Node, store: WatchedStore, alice: Actor) -> None:
    openings = Openings(node)
    await openings.open(alice)
    store.reads = 0
    for actor in (alice, colleague(alice), alice):
        await openings.open(actor)
    assert store.reads == 0


async def test_organisations_are_kept_apart(node: Node, alice: Actor) -> None:
    other = await register(node, team_id="T0GLOBEX", name="Globex")
    openings = Openings(node)
    await added(node, alice, "acme")
    bob = Actor(other.id, "T0GLOBEX", "U0BOB")
    for _ in range(2):
        assert [desk.short_name for desk in (await openings.open(alice)).desks] == ["acme"]
        assert (await openings.open(bob)).desks == () and (await openings.open(bob)).organisation == other


async def test_a_desk_is_there_at_once_and_gone_at_once(node: Node, alice: Actor) -> None:
    openings = Openings(node)
    assert (await openings.open(alice)).desks == ()
    desk_id = await added(node, alice, "acme")
    assert [desk.id for desk in (await openings.open(alice)).desks] == [desk_id]
    await desks.remove_desk(node, alice, desk_id)
    assert (await openings.open(alice)).desks == ()


async def test_a_draft_is_offered_to_its_owner_only_until_it_is_forgotten(node: Node, alice: Actor) -> None:
    openings = Openings(node)
    await openings.open(alice)
    await wizard.save_draft(node, alice, wizard.Draft(step=3, remote_name="globex"))
    for _ in range(2):
        begun = await openings.open(alice)
        assert begun.resumed and begun.draft.remote_name == "globex"
        assert not (await openings.open(colleague(alice))).resumed
    await wizard.forget_draft(node, alice)
    assert not (await openings.open(alice)).resumed


async def test_what_was_committed_during_the_read_is_not_missed(node: Node, store: WatchedStore, alice: Actor) -> None:
    openings = Openings(node)

    def meanwhile(tx: Transaction) -> None:
        tx.vault.put("draft", alice.user_id, b'{"step": 2}')
        tx.wake(wizard.OPENINGS)

    store.meanwhile = meanwhile
    assert not (await openings.open(alice)).resumed
    assert (await openings.open(alice)).resumed
