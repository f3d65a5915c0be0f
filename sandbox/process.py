"""A node of the product as a process of its own, the way an operator runs it."""

import asyncio
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 30
_STOP_SECONDS = 10


class NodeDied(RuntimeError):
    """The process ended, or never got ready; the text holds the last lines that it wrote."""


class NodeProcess:
    """`python -m bot run` with exactly these settings; `module` and its arguments may be one that wraps that. Its log
    goes to `log`, the last lines stay in memory."""

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        log: Path,
        description: str = "",
        module: tuple[str, ...] = ("bot", "--no-env-file", "run"),
    ) -> None:
        self._module = module
        self.name = name
        self.description = description
        self._environment = environment
        self._log = log
        self._lines: deque[str] = deque(maxlen=20)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def start(self) -> Self:
        """Returns once the node serves. Raises NodeDied."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DRAWBRIDGE_")}
        self._ready.clear()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *self._module),
            cwd=ROOT,
            env=inherited | dict(self._environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is ours to hand on, in order
        )
        self._reader = asyncio.create_task(self._read())
        await self._until_ready()
        return self

    @property
    def pid(self) -> int:
        """Of the process that was started last."""
        assert self._process is not None
        return self._process.pid

    async def stop(self) -> int:
        """Asks it to end, insists after ten seconds; its exit code."""
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), _STOP_SECONDS)
            except TimeoutError:
                self._process.kill()
        return await self._ended()

    async def kill(self) -> None:
        """As a power cut would: no goodbye."""
        assert self._process is not None
        self._process.kill()
        await self._ended()

    async def _ended(self) -> int:
        assert self._process is not None
        code = await self._process.wait()
        if self._reader is not None:
            await self._reader
        return code

    async def _until_ready(self) -> None:
        assert self._process is not None
        ready = asyncio.create_task(self._ready.wait())
        died = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait({ready, died}, timeout=_READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (ready, died):
                waiting.cancel()
        if not self._ready.is_set():
            await self.stop()
            raise NodeDied(f"The node of {self.name} did not start:\n" + "\n".join(self._lines))

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        with self._log.open("ab") as log:
            async for line in self._process.stderr:
                log.write(line)
                log.flush()
                self._lines.append(line.decode(errors="replace").rstrip())
                if _message(line) == "started":
                    self._ready.set()


def _message(line: bytes) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return ""
    return str(said.get("message", "")) if isinstance(said, dict) else ""
