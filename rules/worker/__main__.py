"""`python -m rules.worker`: a process that runs rules and can be killed. It knows only what comes in by its pipe."""

import contextlib
import os
import sys
import threading
from dataclasses import replace
from typing import BinaryIO

from rules.errors import RuleError
from rules.host.scene import Scene
from rules.worker import cage
from rules.worker.facts import ReadFacts
from rules.worker.frames import Frame, Json, PipeBroken, read_frame, write_frame
from rules.worker.playing import play
from rules.worker.texts import Texts


class _GivenUp(BaseException):
    """There is no answer, and the run ends here; no script sees it."""


class _Worker:
    """One run after the other; while a rule asks its host, it waits."""

    def __init__(self, asks: BinaryIO, answers: BinaryIO) -> None:
        self._in, self._out = asks, answers
        self._texts, self._facts = Texts(), ReadFacts()

    def serve(self) -> None:
        """Until the pipe ends."""
        write_frame(self._out, {"ready": True})
        while (frame := read_frame(self._in)) is not None:
            cage.allow_one_run()
            write_frame(self._out, self._answer(frame))

    def _answer(self, frame: Frame) -> Frame:
        source, facts = self._texts.of(frame["hash"]), self._facts.of(frame["facts"])
        if source is None:
            source = self._texts.keep(frame["hash"], self._needed(frame["hash"]))
        if facts is None:
            facts = self._facts.keep(frame["facts"], self._needed(frame["facts"]))
        try:
            scene = replace(Scene.from_row(frame["scene"]), facts=facts)
            return {"outcome": play(source, scene, self._ask).to_row()}
        except RuleError as error:
            return {"trouble": str(error), "line": error.line}
        except _GivenUp:
            return {"given_up": True}

    def _needed(self, sha256: str) -> str:
        write_frame(self._out, {"need": sha256})
        text = self._next().get("text")
        if not isinstance(text, str):
            raise PipeBroken("no text")
        return text

    def _ask(self, name: str, arguments: dict[str, Json]) -> Json:
        write_frame(self._out, {"ask": name, "arguments": arguments})
        said = self._next()
        if "answer" not in said:
            raise _GivenUp
        return said["answer"]

    def _next(self) -> Frame:
        frame = read_frame(self._in)
        if frame is None:
            raise PipeBroken("gone")
        return frame


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
