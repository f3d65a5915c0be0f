"""Slash commands, signed as Slack signs them, and the moment at which the stand-in shows the modal."""

import asyncio
import contextlib
import os
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

from benchmarks.bare_bolt import COMMAND
from benchmarks.contestants import Arena, Contestant
from benchmarks.figures import Phase
from sandbox.slack.delivery import signed_headers
from sandbox.slack.permits import Trigger
from sandbox.slack.signal import Changes
from sandbox.slack.world import Person

_MODAL_SECONDS = 5.0  # a trigger lives three


class Wire:
    """One connection that stays open, as Slack's stay. No client library: its cost would be part of every figure."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, start: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._start = start

    @classmethod
    async def to(cls, url: str) -> Self:
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        start = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: */*\r\n"
        return cls(reader, writer, start.encode())

    async def post(self, headers: bytes, body: bytes) -> int:
        """The status of the answer, once all of it is there."""
        self._writer.write(b"%s%sContent-Length: %d\r\n\r\n%s" % (self._start, headers, len(body), body))
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        await self._reader.readexactly(int(length))
        return int(answer[9:12])

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


class Shown:
    """Tells when a trigger was spent, which is when the person sees the modal."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._waiting: dict[Trigger, asyncio.Future[float]] = {}

    def expect(self, trigger: Trigger) -> "asyncio.Future[float]":
        """The moment at which it was spent (time.perf_counter)."""
        moment: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[trigger] = moment
        return moment

    async def watch(self) -> None:
        """For ever."""
        version = self._changes.version
        while True:
            await self._changes.wait(3600, after=version)
            version, now = self._changes.version, time.perf_counter()
            for trigger in [trigger for trigger in self._waiting if trigger.is_used]:
                moment = self._waiting.pop(trigger)
                if not moment.done():
                    moment.set_result(now)


class Load:
    """Both loads against one contestant. Made by `loads`."""

    def __init__(self, arena: Arena, contestant: Contestant, shown: Shown) -> None:
        self._arena = arena
        self._contestant = contestant
        self._shown = shown
        self._people: Iterator[Person] = cycle(arena.people)
        self._acks: list[float] = []
        self._modals: list[float] = []
        self._failed = 0

    async def everybody_once(self) -> Phase:
        """Warms up: after it our node knows all people, as it does for five minutes after each one's first command."""
        async with _wires(self._contestant.url, 8) as wires:
            return await self._measured(self._in_turn(wires, len(self._arena.people)))

    async def steady(self, per_second: float, seconds: float, chance: random.Random) -> Phase:
        """An open loop: commands come when they come, whether the ones before are answered or not."""
        async with _wires(self._contestant.url, 16) as wires:
            return await self._measured(self._arriving(wires, per_second, seconds, chance))

    async def crowded(self, connections: int, seconds: float) -> Phase:
        """A closed loop: each connection sends its next command when the last one's modal is there."""
        async with _wires(self._contestant.url, connections) as wires:
            return await self._measured(self._taking_turns(wires, seconds))

    async def _arriving(self, idle: deque[Wire], per_second: float, seconds: float, chance: random.Random) -> None:
        begun, at = time.perf_counter(), 0.0
        async with asyncio.TaskGroup() as commands:
            while (at := at + chance.expovariate(per_second)) < seconds:
                await asyncio.sleep(begun + at - time.perf_counter())
                commands.create_task(self._by_an_idle_one(idle))

    async def _by_an_idle_one(self, idle: deque[Wire]) -> None:
        wire = idle.popleft() if idle else await Wire.to(self._contestant.url)
        await self._command(wire)
        idle.append(wire)

    async def _taking_turns(self, wires: deque[Wire], seconds: float) -> None:
        ends = time.perf_counter() + seconds

        async def one_after_another(wire: Wire) -> None:
            while time.perf_counter() < ends:
                await self._command(wire)

        async with asyncio.TaskGroup() as group:
            for wire in wires:
                group.create_task(one_after_another(wire))

    async def _in_turn(self, wires: deque[Wire], commands: int) -> None:
        async def share(wire: Wire) -> None:
            for _ in range(commands // len(wires) + 1):
                await self._command(wire)

        async with asyncio.TaskGroup() as group:
            for wire in wires:
                group.create_task(share(wire))

    async def _command(self, wire: Wire) -> None:
        """One command, until it is acknowledged and its modal stands there."""
        trigger, headers, body = self._next_command()
        moment = self._shown.expect(trigger)
        begun = time.perf_counter()
        status = await wire.post(headers, body)
        acked = time.perf_counter()
        try:
            opened = await asyncio.wait_for(moment, _MODAL_SECONDS)
        except TimeoutError:
            opened = None
        if status != 200 or opened is None:
            self._failed += 1
            return
        self._acks.append(acked - begun)
        self._modals.append(opened - begun)

    def _next_command(self) -> tuple[Trigger, bytes, bytes]:
        install, person, channel = self._contestant.install, next(self._people), self._arena.channel
        permits = self._arena.slack.world.permits
        trigger = permits.trigger(install, person, channel)
        body = urlencode(
            {
                "token": install.app.verification_token,
                "team_id": person.team.id,
                "team_domain": person.team.domain,
                "channel_id": channel.id,
                "channel_name": channel.name,
                "user_id": person.id,
                "user_name": person.handle,
                "command": COMMAND,
                "text": "initiate",
                "api_app_id": install.app.id,
                "is_enterprise_install": "false",
                "response_url": f"{self._arena.slack.url}/actions/{install.team.id}/1/2",
                "trigger_id": trigger.id,
            }
        ).encode()
        headers = signed_headers(install.app.signing_secret, body, int(time.time()))
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return trigger, "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode(), body

    async def _measured(self, work: Coroutine[None, None, None]) -> Phase:
        self._acks, self._modals, self._failed = [], [], 0
        begun, cpu, own = time.perf_counter(), cpu_seconds(self._contestant.pid), time.process_time()
        await work
        seconds = time.perf_counter() - begun
        used = cpu_seconds(self._contestant.pid)
        return Phase(
            acks=tuple(self._acks),
            modals=tuple(self._modals),
            failed=self._failed,
            seconds=seconds,
            cpu_seconds=None if cpu is None or used is None else used - cpu,
            own_share=(time.process_time() - own) / seconds,
        )


@asynccontextmanager
async def _wires(url: str, count: int) -> AsyncIterator[deque[Wire]]:
    """Open before anything is measured; whatever is in the queue at the end is closed."""
    wires = deque([await Wire.to(url) for _ in range(count)])
    try:
        yield wires
    finally:
        for wire in wires:
            await wire.close()


@asynccontextmanager
async def loads(arena: Arena) -> AsyncIterator[tuple[Load, ...]]:
    """One for each contestant, in their order."""
    shown = Shown(arena.slack.world.changes)
    watching = asyncio.create_task(shown.watch())
    try:
        yield tuple(Load(arena, contestant, shown) for contestant in arena.contestants)
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


def cpu_seconds(pid: int) -> float | None:
    """What a process used of the processor so far; None where there is no /proc."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
