"""What comes out of a process that is no worker, or one that dies, is no frame; a long one comes whole."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from rules.worker.frames import PipeBroken, packed, unpacked
from rules.worker.pipes import Pipes

Start = Callable[[str], Awaitable[Pipes]]

FRAME = r"(3).to_bytes(4) + b'{ }'"


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """A process that runs this text, with `put` for its output."""
    begun: list[Pipes] = []

    async def process(text: str) -> Pipes:
        put = "import sys\ndef put(held):\n    sys.stdout.buffer.write(held)\n    sys.stdout.buffer.flush()\n"
        _, pipes = await asyncio.get_running_loop().subprocess_exec(
            Pipes,
            *(sys.executable, "-c", put + text),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        begun.append(pipes)
        return pipes

    yield process
    for pipes in begun:
        await pipes.end()


async def test_a_long_frame_goes_and_comes_whole(start: Start) -> None:
    pipes = await start("size = sys.stdin.buffer.read(4)\nput(size + sys.stdin.buffer.read(int.from_bytes(size)))")
    frame = {"text": "ü" * 1_000_000}
    pipes.say(packed(frame))
    assert unpacked(await pipes.hear()) == frame


@pytest.mark.parametrize(
    "said",
    [
        f"put({FRAME} + {FRAME})",
        f"put({FRAME} + b'!')",
        r"put(b'\xff\xff\xff\xff')",
        f"put(({FRAME})[:-1])",
        "",
        "put(b'ab')",
    ],
)
async def test_what_is_not_one_frame_breaks_the_pipe_for_good(start: Start, said: str) -> None:
    pipes = await start(said)
    for _ in range(2):
        with pytest.raises(PipeBroken):
            await pipes.hear()
    pipes.say(packed({}))


async def test_a_frame_in_pieces_is_one(start: Start) -> None:
    pipes = await start(
        f"import time\nfor byte in {FRAME}:\n    put(bytes([byte]))\n    time.sleep(0.01)\nsys.stdin.read()"
    )
    assert await pipes.hear() == b"{ }"


async def test_it_ends_at_once_and_twice(start: Start) -> None:
    pipes = await start("import time\ntime.sleep(60)")
    hearing = asyncio.create_task(pipes.hear())
    await asyncio.sleep(0)
    await pipes.end()
    with pytest.raises(PipeBroken):
        await hearing
    await pipes.end()
