"""Two complete sides in memory without an event loop: at each await others may go first, or a process dies."""

import contextlib
import random
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar, cast

from exchange.client import PartnerClient
from exchange.errors import NotReachable, PartnerSays
from exchange.ports import ReceiptKind
from flows.dial import exchange_once
from flows.node import Node
from flows.receive import Receiving
from pairing.connection import ConnectionState
from pairing.secret import Secret
from storage.errors import LeaseLost
from storage.lanes import LaneKind, Lease
from storage.store import Store
from sync.envelope import Batch
from sync.errors import RemoteConflict, RemoteError, RemoteUnavailable
from sync.fields import Fields
from sync.ticket import (
    CommentWritten,
    DeskFacts,
    FileRef,
    NewTicket,
    Page,
    Person,
    Sighting,
    Ticket,
    TicketPage,
    Upload,
    Written,
)
from tests.flows.two_sides import WORK, Clock, HalfPair
from tests.simulation.steps import Pause, Running
from trackers.memory_desk import MemoryAccount, MemoryTracker
from trackers.port import NO_QUERY, HttpAnswer

T = TypeVar("T")
LEASE_SECONDS = 30.0


@dataclass
class Faults:
    """How often something goes wrong, from 0 to 1; all 0 in the quiet end of a history."""

    chance: random.Random
    desk: float = 0
    wire: float = 0

    def strikes(self, rate: float) -> bool:
        return rate > 0 and self.chance.random() < rate


class SlowStore:
    """A store at whose every transaction somebody else may go first, before it and after its commit."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name
        self.wakeups = store.wakeups

    async def run(self, organisation_id: str, work: Callable[[Any], T], *, lease: Lease | None = None) -> T:
        await Pause(f"before a commit of {self._name}")
        done = await self._store.run(organisation_id, work, lease=lease)
        await Pause(f"after a commit of {self._name}")
        return done

    async def read(self, organisation_id: str, work: Callable[[Any], T]) -> T:
        return await self._store.read(organisation_id, work)

    async def system(self, work: Callable[[Any], T]) -> T:
        return await self._store.system(work)

    async def system_read(self, work: Callable[[Any], T]) -> T:
        return await self._store.system_read(work)


class ShakyTracker:
    """A desk that may not answer: before it did anything, or after."""

    def __init__(self, account: MemoryAccount, faults: Faults) -> None:
        self._tracker = MemoryTracker(account)
        self._faults = faults

    @property
    def has_room(self) -> bool:
        return self._tracker.has_room

    async def _call(self, name: str, work: Callable[[], Any]) -> Any:
        await Pause(f"before {name}")
        if self._faults.strikes(self._faults.desk / 2):
            raise RemoteUnavailable("the call was lost")
        done = await work()
        await Pause(f"after {name}")
        if self._faults.strikes(self._faults.desk / 2):
            raise RemoteUnavailable("the answer was lost")
        return done

    async def changed_since(self, since: Any, page: str | None = None) -> Page:
        return cast(Page, await self._call("list", lambda: self._tracker.changed_since(since, page)))

    async def tickets_since(self, since: Any, page: str | None = None) -> TicketPage:
        return cast(TicketPage, await self._call("list", lambda: self._tracker.tickets_since(since, page)))

    async def read(self, ticket_id: str) -> Ticket:
        return cast(Ticket, await self._call("read", lambda: self._tracker.read(ticket_id)))

    async def create(self, new: NewTicket) -> Written:
        return cast(Written, await self._call("create", lambda: self._tracker.create(new)))

    async def update(
        self, ticket_id: str, fields: Fields, files: tuple[Upload, ...] = (), marker_line: str = ""
    ) -> Written:
        work = lambda: self._tracker.update(ticket_id, fields, files, marker_line)  # noqa: E731
        return cast(Written, await self._call("update", work))

    async def add_comment(
        self,
        ticket_id: str,
        text: str,
        marker_line: str,
        files: tuple[Upload, ...] = (),
        *,
        is_public: bool = True,
    ) -> CommentWritten:
        work = lambda: self._tracker.add_comment(ticket_id, text, marker_line, files, is_public=is_public)  # noqa: E731
        return cast(CommentWritten, await self._call("add comment", work))

    async def edit_comment(
        self, ticket_id: str, comment_id: str, text: str, marker_line: str, *, is_public: bool | None = None
    ) -> CommentWritten:
        edit = self._tracker.edit_comment
        work = lambda: edit(ticket_id, comment_id, text, marker_line, is_public=is_public)  # noqa: E731
        return cast(CommentWritten, await self._call("edit comment", work))

    async def remove_comment(self, ticket_id: str, comment_id: str) -> None:
        await self._call("remove comment", lambda: self._tracker.remove_comment(ticket_id, comment_id))

    def url_of(self, ticket_id: str) -> str:
        return self._tracker.url_of(ticket_id)

    async def find_marked(self, marker: str, since: Any) -> Sighting | None:
        found = await self._call("look for the marker", lambda: self._tracker.find_marked(marker, since))
        return cast(Sighting | None, found)

    async def download(self, ticket_id: str, file: FileRef) -> AsyncIterator[bytes]:
        await Pause("before download")
        if self._faults.strikes(self._faults.desk):
            raise RemoteUnavailable("the file did not come")
        async for piece in self._tracker.download(ticket_id, file):
            yield piece
        await Pause("after download")

    async def facts(self) -> DeskFacts:
        return await self._tracker.facts()

    async def person_by_email(self, email: str) -> Person | None:
        return await self._tracker.person_by_email(email)

    async def people_by_name(self, name: str) -> tuple[Person, ...]:
        return await self._tracker.people_by_name(name)

    async def http(
        self, method: str, path: str, query: Mapping[str, str] = NO_QUERY, body: object = None
    ) -> HttpAnswer:
        return cast(
            HttpAnswer, await self._call("a rule's call", lambda: self._tracker.http(method, path, query, body))
        )


@dataclass
class ShakyWire:
    """Loses questions and answers, and repeats what was said before."""

    faults: Faults
    other: "SimSide | None" = None
    number: int = 0
    last: tuple[str, Batch] | None = None

    async def sync(self, base: str, their_id: str, batch: Batch, *, key: bytes, their_key: bytes) -> Batch:
        await Pause("before the question")
        if self.faults.strikes(self.faults.wire / 3):
            raise NotReachable
        if self.last is not None and self.faults.strikes(self.faults.wire / 3):
            await self._answer(*self.last)  # an earlier question arrives once more
        self.last = (their_id, batch)
        answer = await self._answer(their_id, batch)
        await Pause("before the answer")
        if self.faults.strikes(self.faults.wire / 3):
            raise NotReachable
        return answer

    async def _answer(self, their_id: str, batch: Batch) -> Batch:
        assert self.other is not None
        if self.other.is_down:
            raise NotReachable
        receiving = Receiving(self.other.node)
        peer = await receiving.peer(their_id)
        if peer is None or peer.state is ConnectionState.CLOSED:
            raise PartnerSays("closed")
        self.number += 1
        receipt = await receiving.receive(peer, f"nonce{self.number:017d}", batch)
        if receipt.kind is ReceiptKind.BUSY:
            raise PartnerSays("busy", 30)
        return (await receiving.outgoing(peer, receipt.ack)).batch


@dataclass
class SimSide:
    """One side and what its process is doing. `half` has the store, the desk and the ids."""

    half: HalfPair
    faults: Faults
    clock: Clock
    raw: Store
    running: list[tuple[Running, Lease | None]] = field(default_factory=list)
    is_down: bool = False
    epoch: int = 0

    @property
    def node(self) -> Node:
        return self.half.node

    @property
    def owner(self) -> str:
        return f"{self.half.name}{self.epoch}"

    def begin_due(self, most: int) -> None:
        """Claims what is due and begins it."""
        leases = _now(self.raw.system(lambda tx: tx.lanes.claim(self.owner, tuple(WORK), most, LEASE_SECONDS)))
        for lease in leases:
            name = f"{self.half.name} {lease.kind} #{lease.key.rpartition(':')[2]}"
            self.running.append((Running(name, WORK[lease.kind](self.node, lease)), lease))

    def begin_exchange(self) -> None:
        half = self.half
        connection = _now(self.raw.read(half.organisation_id, lambda tx: tx.connections.by_id(half.connection_id)))
        if connection.may_dial and not any(lease is None for _, lease in self.running):
            work = _exchange(self.node, half.organisation_id, half.connection_id)
            self.running.append((Running(f"{half.name} exchange", work), None))

    def beat(self) -> None:
        """The heartbeat of a living process."""
        held = [lease.lane_id for _, lease in self.running if lease is not None]
        if held and not self.is_down:
            _now(self.raw.system(lambda tx: tx.lanes.renew(self.owner, held, LEASE_SECONDS)))

    def wake_poll(self) -> None:
        half = self.half
        _now(self.raw.run(half.organisation_id, lambda tx: tx.lanes.wake(LaneKind.POLL, half.desk_id)))

    def step(self, index: int) -> str:
        """One step of one piece of work; what it was."""
        running, lease = self.running[index]
        running.step()
        said = f"{running.name}: {running.place}"
        if running.is_over:
            del self.running[index]
            said = f"{running.name}: over"
            if running.error is not None:
                said += f" ({type(running.error).__name__}: {running.error})"
                self._failed(running.error, lease)
        return said

    def kill(self) -> None:
        """Everything it was doing ends here; what was committed stays."""
        for running, _ in self.running:
            running.kill()
        self.running.clear()
        self.is_down = True

    def restart(self) -> None:
        """A new process: the leases of the dead one are given back, as the engine does for its own host."""
        _now(self.raw.system(lambda tx: tx.lanes.release_all(self.owner)))
        self.epoch += 1
        self.is_down = False

    def _failed(self, error: BaseException, lease: Lease | None) -> None:
        if lease is None or isinstance(error, LeaseLost):
            return
        if not isinstance(error, RemoteUnavailable | RemoteConflict):
            raise error
        wait = (error.retry_after if isinstance(error, RemoteUnavailable) else None) or 1.0

        def write(tx: Any) -> None:
            tx.lanes.fail(lease, again=tx.now + timedelta(seconds=wait))

        with contextlib.suppress(LeaseLost):
            _now(self.raw.run(self.half.organisation_id, write, lease=lease))


async def _exchange(node: Node, organisation_id: str, connection_id: str) -> None:
    try:
        await exchange_once(node, organisation_id, connection_id, wait=0)
    except RemoteError:
        return


def _now(work: Any) -> Any:
    """Runs a coroutine that never waits."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waited")


now_done = _now


class ShakyDesks:
    """The kind of desk of a simulation."""

    name, label, address_hint = "memory", "Toy desk", ""

    def __init__(self, account: MemoryAccount, faults: Faults) -> None:
        self._account = account
        self._faults = faults

    def open(self, address: str, key: Secret, **more: Any) -> ShakyTracker:
        return ShakyTracker(self._account, self._faults)


def as_client(wire: ShakyWire) -> PartnerClient:
    return cast(PartnerClient, wire)
