"""`python -m rules.worker`: a process that runs rules and can be killed. It knows only what comes in by its pipe."""

import contextlib
import os
import sys
import threading
from typing import BinaryIO

from rules.worker import cage
from rules.worker.frames import Frame, Json, PipeBroken, read_frame, write_frame
from rules.worker.playing import Played, play
from rules.worker.texts import Texts


class _Worker:
    """One run after the other; while a rule asks its host, it waits."""

    def __init__(self, asks: BinaryIO, answers: BinaryIO) -> None:
        self._in, self._out = asks, answers
        self._texts = Texts()

    def serve(self) -> None:
        """Until the pipe ends."""
        write_frame(self._out, {"ready": True})
        while (frame := read_frame(self._in)) is not None:
            cage.allow_one_run()
            write_frame(self._out, self._answer(frame))

    def _answer(self, frame: Frame) -> Frame:
        source = self._texts.of(frame["hash"])
        if source is None:
            write_frame(self._out, {"need": frame["hash"]})
            source = self._texts.keep(frame["hash"], self._next()["source"])
        return _ended(play(frame["side"], source, frame["scene"], self._ask))

    def _ask(self, name: str, arguments: dict[str, Json]) -> Json:
        write_frame(self._out, {"ask": name, "arguments": arguments})
        said = self._next()
        if "answer" not in said:
            raise PipeBroken("no answer")
        return said["answer"]

    def _next(self) -> Frame:
        frame = read_frame(self._in)
        if frame is None:
            raise PipeBroken("gone")
        return frame


def _ended(played: Played) -> Frame:
    if played.trouble is None:
        return {"outcome": played.outcome}
    return {"trouble": played.trouble.text, "line": played.trouble.line}


def main() -> None:
    asks, answers = _own_pipes()
    cage.shut()
    threading.stack_size(cage.STACK_BYTES)

    def serve() -> None:
        with contextlib.suppress(PipeBroken, BrokenPipeError):
            _Worker(asks, answers).serve()

    thread = threading.Thread(target=serve)
    thread.start()
    cage.no_more_processes()
    thread.join()


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Ours alone: whatever else prints, or reads from the keyboard, meets nothing."""
    asks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    return asks, answers


if __name__ == "__main__":
    main()
    sys.exit(0)
