"""A desk that refused our key: asked again by itself, and started by a new key."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from flows.care import FORGETTING, ROUNDS, SWEEP, start_caring, take_care
from flows.desk_lanes import PROBE, start_desk, stop_desk
from flows.desks import replace_key
from flows.node import Node
from pairing.notice import NoticeKind
from pairing.organisation import Actor
from pairing.secret import Secret
from pairing.terms import Reach, Side
from storage.lanes import LaneKind, Lease
from storage.memory.store import MemoryStore
from storage.store import Transaction
from tests.bot.lane_work import node_of
from tests.storage import samples
from trackers.memory import MemoryDesks

DESK, CONNECTION = samples.desk(), samples.connection()


@dataclass
class Scene:
    store: MemoryStore
    node: Node
    organisation: str
    now: list[float]

    async def key(self, text: str) -> None:
        await self.store.run(self.organisation, lambda tx: tx.vault.put("desk_token", DESK.id, text.encode()))

    async def claim(self, *kinds: LaneKind) -> tuple[Lease, ...]:
        return await self.store.system(lambda tx: tx.lanes.claim("one", kinds or tuple(LaneKind), 20, 30))

    async def stop(self) -> bool:
        await self.store.run(self.organisation, lambda tx: tx.lanes.wake(LaneKind.TAKE, f"{CONNECTION.id}:1"))
        (lease,) = await self.claim(LaneKind.TAKE)
        return await stop_desk(self.node, lease, "The desk refused the API key.")

    async def is_stopped(self) -> bool:
        return DESK.id in await self.store.read(self.organisation, lambda tx: tx.lanes.halted(LaneKind.POLL))

    async def told(self) -> list[NoticeKind]:
        notices = await self.store.read(self.organisation, lambda tx: tx.notices.due(50))
        return [notice.kind for notice in notices if notice.kind is not NoticeKind.HOME]


@pytest.fixture
async def scene() -> Scene:
    now = [0.0]
    store = MemoryStore(clock=lambda: samples.NOW + timedelta(seconds=now[0]))
    organisation = await samples.connected(store)
    return Scene(store, node_of(store, {"memory": MemoryDesks()}), organisation, now)


async def test_a_desk_that_takes_its_key_is_not_stopped_for_one_ticket(scene: Scene) -> None:
    await scene.key("toy-key")
    assert not await scene.stop()
    assert not await scene.is_stopped()


async def test_a_desk_without_a_key_is_not_asked(scene: Scene) -> None:
    assert not await scene.stop()


async def test_a_stopped_desk_is_asked_again_and_starts_when_it_takes_the_key(scene: Scene) -> None:
    await scene.key("refused")
    assert await scene.stop()
    scene.now[0] = 301
    (probe,) = [lease for lease in await scene.claim(LaneKind.CARE) if lease.key.startswith(PROBE)]
    await take_care(scene.node, probe, seconds=30)
    assert await scene.is_stopped()
    await scene.key("toy-key")
    scene.now[0] = 700
    (probe,) = [lease for lease in await scene.claim(LaneKind.CARE) if lease.key.startswith(PROBE)]
    await take_care(scene.node, probe, seconds=30)
    assert not await scene.is_stopped()
    assert await scene.told() == [NoticeKind.DESK_REFUSED, NoticeKind.DESK_BACK]
    assert {lease.kind for lease in await scene.claim()} >= {LaneKind.POLL, LaneKind.TAKE}


async def test_a_new_key_starts_the_desk_at_once_and_its_probe_ends(scene: Scene) -> None:
    await scene.key("refused")
    assert await scene.stop()
    await replace_key(scene.node, Actor(scene.organisation, "T1", "U1"), DESK.id, Secret("toy-new"))
    assert not await scene.is_stopped()
    assert await scene.told() == [NoticeKind.DESK_REFUSED, NoticeKind.DESK_BACK]
    scene.now[0] = 301
    (probe,) = [lease for lease in await scene.claim(LaneKind.CARE) if lease.key.startswith(PROBE)]
    await take_care(scene.node, probe, seconds=30)
    assert await scene.told() == [NoticeKind.DESK_REFUSED, NoticeKind.DESK_BACK]
    scene.now[0] = 3000
    assert [lease.key for lease in await scene.claim(LaneKind.CARE) if lease.key.startswith(PROBE)] == []


async def test_a_desk_that_was_never_stopped_is_not_told_to_be_back(scene: Scene) -> None:
    await scene.key("toy-key")

    def start(tx: Transaction) -> None:
        start_desk(scene.node, tx, DESK)

    await scene.store.run(scene.organisation, start)
    assert await scene.told() == []


async def test_care_goes_on_for_ever_and_finds_what_was_forgotten(scene: Scene) -> None:
    def forget(tx: Transaction) -> None:
        dialling = samples.connection(
            "dialling", side=Side.INVITEE, reach=Reach.PRIVATE, their_url="https://bridge.example.com"
        )
        tx.connections.add(dialling)
        tx.notices.add(samples.notice(1, connection_id=dialling.id))

    await scene.store.run(scene.organisation, forget)
    await start_caring(scene.node)
    leases = await scene.claim(LaneKind.CARE)
    assert {lease.key for lease in leases} == {SWEEP, ROUNDS, FORGETTING}
    for lease in leases:
        await take_care(scene.node, lease, seconds=30)
    woken = {(lease.kind, lease.key) for lease in await scene.claim()}
    assert (LaneKind.CARE, "notices") in woken
    assert {kind for kind, key in woken if key == samples.some_id("dialling")} == {LaneKind.SEND, LaneKind.LISTEN}
    scene.now[0] = 4000
    assert {lease.key for lease in await scene.claim(LaneKind.CARE)} >= {SWEEP, ROUNDS, FORGETTING}
