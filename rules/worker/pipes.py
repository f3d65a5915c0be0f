"""A worker's two pipes as the node holds them: a frame goes in, and the next one that comes out is awaited."""

import asyncio
import contextlib
from typing import cast

from rules.worker.frames import HEAD, PipeBroken, length_of


class Pipes(asyncio.SubprocessProtocol):
    """asyncio's streams do more than this, at several times the price: most rules take less time than they."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._due = HEAD  # bytes until the frame is whole, as far as its head has told
        self._is_broken = False
        self._awaited: asyncio.Future[bytes] | None = None
        self._exited = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """A worker speaks when it was asked, so whatever follows a frame at once is no worker's word."""
        self._held += data
        try:
            if self._due == HEAD <= len(self._held):
                self._due += length_of(bytes(self._held[:HEAD]))
        except PipeBroken:
            self._is_broken = True
        self._is_broken |= self._due < len(self._held)
        self._look()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        self._is_broken = True
        self._look()

    def process_exited(self) -> None:
        if not self._exited.done():
            self._exited.set_result(None)

    @property
    def pid(self) -> int:
        return self._transport.get_pid()

    def say(self, frame: bytes) -> None:
        """One that has ended does not listen; hearing it tells."""
        if not self._is_broken:
            cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0)).write(frame)

    async def hear(self) -> bytes:
        """The body of the next frame. Raises PipeBroken."""
        self._awaited = asyncio.get_running_loop().create_future()
        self._look()
        try:
            return await self._awaited
        finally:
            self._awaited = None

    async def end(self) -> None:
        """At once, whatever it does just then."""
        with contextlib.suppress(ProcessLookupError):
            self._transport.kill()
        await self._exited
        # The ends of its pipes are noticed only a moment later, when the loop may be gone: so all is closed here.
        self._transport.close()

    def _look(self) -> None:
        """Whoever waits gets the frame once it is whole."""
        if self._awaited is None or self._awaited.done():
            return
        if self._is_broken:
            self._awaited.set_exception(PipeBroken("gone, or no frame"))
        elif HEAD < len(self._held) == self._due:
            self._awaited.set_result(bytes(memoryview(self._held)[HEAD:]))
            self._held, self._due = bytearray(), HEAD
