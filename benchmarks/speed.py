"""How many changes pass two real nodes in a second, how soon one arrives, and what a few bad tickets cost the others.

Beside it, in the same rounds: a bare client that only makes the calls nobody can do without, and a poller that asks
every twenty seconds.
"""

import asyncio
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.figures import percentile
from benchmarks.nodes import Site, Sites, two_nodes
from sandbox.freshservice import UNLIMITED, FreshserviceStandIn, Trouble

_WRITTEN = re.compile(r"/api/v2/tickets/(\d+)$")
_SUBJECT = "Bench"
_POLLER_SECONDS = 20.0
_BARE_AT_ONCE = 16  # as many as a node's workers of one kind
_BARE_KEY = {"Authorization": aiohttp.encode_basic_auth("key", "X")}
_PATIENCE = 120.0
_BETWEEN_POLLS = 5.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Linked tickets, rounds over all of them, changes whose way is timed, and seconds between these."""

    tickets: int = 300
    rounds: int = 3
    timed: int = 100
    apart: float = 0.3


SMALL = Scale(tickets=6, rounds=1, timed=3, apart=0.1)


@dataclass(frozen=True, slots=True)
class Passed:
    """One round: changes a second through the nodes, and by the bare client."""

    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


@dataclass(frozen=True, slots=True)
class Way:
    """Seconds from "seen at one side" to "written at the other", with so much round trip between the nodes."""

    direction: str
    round_trip: float
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Poisoned:
    """Healthy tickets' changes a second and times with and without 1 % that fail for ever."""

    clean: float
    poisoned: float
    clean_p99: float
    poisoned_p99: float


@dataclass(frozen=True, slots=True)
class Speeds:
    passed: tuple[Passed, ...]
    ways: tuple[Way, ...]
    poller: tuple[float, ...]
    poisoned: tuple[Poisoned, ...]


async def measured(scale: Scale, folder: Path, say: Callable[[str], None]) -> Speeds:
    say("starting two nodes and connecting them")
    async with two_nodes(folder) as sites, _bare_pair(scale.tickets) as bare:
        say(f"linking {scale.tickets} tickets")
        linked = await _linked(sites, scale.tickets)
        bad = frozenset(list(linked)[-max(scale.tickets // 100, 1) :])
        twins = {here: there for here, there in linked.items() if here not in bad}
        passed, poisoned = [], []
        for number in range(scale.rounds):
            say(f"round {number + 1} of {scale.rounds}: changes a second")
            ours = await _through_the_nodes(sites, twins, f"ours {number}")
            passed.append(Passed(ours.per_second, await bare.per_second(f"bare {number}")))
        ways: list[Way] = []
        poller: list[float] = []
        for round_trip in (0.0, 0.1):
            sites.delay.seconds = round_trip / 2
            for source, target, direction in (
                (sites.acme, sites.globex, "called → calling"),
                (sites.globex, sites.acme, "calling → called"),
            ):
                say(f"the way of single changes, {direction}, {round_trip * 1000:.0f} ms round trip")
                pairs = twins if source is sites.acme else {there: here for here, there in twins.items()}
                async with _interval_poller(poller) as noticed:
                    seconds = await _timed(source, target, pairs, scale, noticed)
                    await _quiet(sites)
                ways.append(Way(direction, round_trip, seconds))
        sites.delay.seconds = 0.0
        for number in range(scale.rounds):
            say(f"round {number + 1} of {scale.rounds}: one ticket in a hundred fails")
            poisoned.append(await _with_poison(sites, twins, bad, linked, number))
        return Speeds(tuple(passed), tuple(ways), tuple(poller), tuple(poisoned))


async def _linked(sites: Sites, number: int) -> dict[int, int]:
    """Tickets of Acme and their twins at Globex."""
    made = [sites.acme.person.raise_ticket(f"{_SUBJECT} {n}", "…", priority="Medium").id for n in range(number)]
    desk = sites.globex.desk
    await desk.until(lambda: _marked(desk.tickets) >= number, _PATIENCE)
    by_subject = {ticket.subject: ticket.id for ticket in desk.tickets}
    twins = {ticket_id: by_subject[f"{_SUBJECT} {n}"] for n, ticket_id in enumerate(made)}
    await _quiet(sites)
    return twins


def _marked(tickets: Iterable[object]) -> int:
    return sum(str(getattr(ticket, "subject", "")).startswith(_SUBJECT) for ticket in tickets)


async def _quiet(sites: Sites) -> None:
    """Until echoes and second looks are over: nothing but polls, for longer than it takes to the next of these. What
    fails again and again does not count."""
    ends = time.perf_counter() + _PATIENCE
    while time.perf_counter() < ends:
        before = _busy_calls(sites)
        await asyncio.sleep(_BETWEEN_POLLS)
        if _busy_calls(sites) == before:
            return


def _busy_calls(sites: Sites) -> int:
    calls = [call for site in (sites.acme, sites.globex) for call in site.calls]
    return sum(call.status < 400 and (call.method != "GET" or call.path != "/api/v2/tickets") for call in calls)


@dataclass(frozen=True, slots=True)
class _Round:
    per_second: float
    p99: float


async def _through_the_nodes(
    sites: Sites, twins: dict[int, int], word: str, *, healthy: frozenset[int] | None = None
) -> _Round:
    """All tickets are edited at once; the clock runs from the first look to the last write, of the healthy ones."""
    expected = {there for here, there in twins.items() if healthy is None or here in healthy}
    sites.acme.calls.clear()
    sites.globex.calls.clear()
    begun = time.perf_counter()
    for here in twins:
        sites.acme.person.edit(here, subject=f"{_SUBJECT} {here} {word}")
    await _until_written(sites.globex, expected)
    looks = [one.at for one in sites.acme.calls.stamped if _WRITTEN.fullmatch(one.call.path)]
    writes = _writes(sites.globex, expected)
    await _quiet(sites)
    times = [at - begun for at in writes.values()]
    return _Round(len(expected) / (max(writes.values()) - min(looks)), percentile(times, 99))


async def _until_written(site: Site, expected: set[int]) -> None:
    ends = time.perf_counter() + _PATIENCE
    while _writes(site, expected).keys() != expected:
        if time.perf_counter() > ends:
            raise TimeoutError(f"{len(expected - _writes(site, expected).keys())} changes did not arrive")
        await asyncio.sleep(0.05)


def _writes(site: Site, expected: set[int]) -> dict[int, float]:
    """When each of these was written first."""
    found: dict[int, float] = {}
    for one in site.calls.stamped:
        named = _WRITTEN.fullmatch(one.call.path)
        if named and one.call.method == "PUT" and one.call.status == 200 and int(named[1]) in expected:
            found.setdefault(int(named[1]), one.at)
    return found


@dataclass(frozen=True, slots=True)
class _Bare:
    """Two desks of its own, as full as the others, and a client that keeps nothing and checks nothing."""

    session: aiohttp.ClientSession
    desks: tuple[FreshserviceStandIn, FreshserviceStandIn]

    async def per_second(self, word: str) -> float:
        """Changes: look at the ticket and at what is said on it, and write to its twin."""
        waiting = [ticket.id for ticket in self.desks[0].tickets]
        number, begun = len(waiting), time.perf_counter()

        async def one_after_another() -> None:
            while waiting:
                ticket_id = waiting.pop()
                await asyncio.gather(
                    self._call("GET", 0, f"tickets/{ticket_id}?include=tags"),
                    self._call("GET", 0, f"tickets/{ticket_id}/conversations"),
                )
                await self._call("PUT", 1, f"tickets/{ticket_id}", {"subject": f"{_SUBJECT} {ticket_id} {word}"})

        await asyncio.gather(*(one_after_another() for _ in range(_BARE_AT_ONCE)))
        return number / (time.perf_counter() - begun)

    async def _call(self, method: str, desk: int, path: str, body: object = None) -> None:
        url = f"{self.desks[desk].origin}/api/v2/{path}"
        async with self.session.request(method, url, json=body, headers=_BARE_KEY) as answer:
            assert answer.status == 200, await answer.text()
            await answer.read()


@asynccontextmanager
async def _bare_pair(tickets: int) -> AsyncIterator[_Bare]:
    desks = [await FreshserviceStandIn({"key"}, plan=UNLIMITED, name=name).start() for name in ("one", "two")]
    for desk in desks:
        person = desk.add_agent("Ana Ruiz")
        for number in range(tickets):
            person.raise_ticket(f"{_SUBJECT} {number}", "…", priority="Medium")
    try:
        async with aiohttp.ClientSession() as session:
            yield _Bare(session, (desks[0], desks[1]))
    finally:
        for desk in desks:
            await desk.stop()


async def _with_poison(
    sites: Sites, twins: dict[int, int], bad: frozenset[int], linked: dict[int, int], number: int
) -> Poisoned:
    """The same healthy tickets without and with bad ones beside them: half of these are refused, half meet a desk that
    is out of order for them alone."""
    for at, here in enumerate(bad):
        trouble = Trouble.ERROR if at % 2 else Trouble.UNPROCESSABLE
        path = f"tickets/{linked[here]}$"
        sites.globex.desk.faults.add(trouble, method="PUT", path=path, times=10**6, status=503)
    poisoned = await _through_the_nodes(sites, linked, f"poisoned {number}", healthy=frozenset(twins))
    clean = await _through_the_nodes(sites, twins, f"clean {number}")
    return Poisoned(clean.per_second, poisoned.per_second, clean.p99, poisoned.p99)


async def _timed(
    source: Site, target: Site, twins: dict[int, int], scale: Scale, noticed: Callable[[], None]
) -> tuple[float, ...]:
    """From the answer to the look at the source to the write at the target; one change after another, each at another
    ticket, whether those before it have arrived or not."""
    chosen, chance = list(twins)[: scale.timed], random.Random(5)
    source.calls.clear()
    target.calls.clear()
    for here in chosen:
        source.person.edit(here, subject=f"{_SUBJECT} {here} timed {time.perf_counter()}")
        noticed()
        await asyncio.sleep(scale.apart * chance.uniform(0.5, 1.5))
    await _until_written(target, {twins[here] for here in chosen})
    writes = _writes(target, {twins[here] for here in chosen})
    looks: dict[str, float] = {}
    for one in source.calls.stamped:
        if one.call.method == "GET":
            looks.setdefault(one.call.path, one.at)
    return tuple(writes[twins[here]] - looks[f"/api/v2/tickets/{here}"] for here in chosen)


@asynccontextmanager
async def _interval_poller(seconds: list[float]) -> AsyncIterator[Callable[[], None]]:
    """What a side does that asks its partner every twenty seconds: each change waits for the next time."""
    waiting: list[float] = []

    async def ask() -> None:
        while True:
            await asyncio.sleep(_POLLER_SECONDS)
            now = time.perf_counter()
            seconds.extend(now - at for at in waiting)
            waiting.clear()

    asking = asyncio.create_task(ask())
    try:
        yield lambda: waiting.append(time.perf_counter())
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking
