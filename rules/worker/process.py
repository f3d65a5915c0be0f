"""One worker process as the node holds it: asked, answered, and killed when it takes too long."""

import asyncio
import sys
from pathlib import Path

from rules.errors import RuleError
from rules.host.scene import Outcome
from rules.worker.facts import KnownFacts
from rules.worker.frames import Frame, Json, PipeBroken, packed, unpacked
from rules.worker.pipes import Pipes
from rules.worker.runner import Answer, Job

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 30.0
_MODULE = "rules.worker"
_FACTS = KnownFacts()


class WorkerGone(Exception):
    """The process ended, or says what no worker says."""


class RuleStops(Exception):
    """The rule ended early, and the worker is well."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.text = text
        self.line = line


class _NoAnswer(Exception):
    def __init__(self, why: Exception) -> None:
        super().__init__()
        self.why = why


class Worker:
    """At most one run at a time. Whoever sees `is_alive` false makes a new one."""

    def __init__(self, pipes: Pipes) -> None:
        self._pipes = pipes
        self.is_alive = True

    @classmethod
    async def start(cls, module: str = _MODULE) -> "Worker":
        """Nothing of ours goes with it: no environment, no files but its pipes, no folder. Raises WorkerGone."""
        begun = asyncio.ensure_future(cls._process_of(module))
        try:
            worker = cls(await asyncio.shield(begun))
        except asyncio.CancelledError:
            # Half a start cannot be taken back: it is waited for, and ended.
            await cls(await begun).kill()
            raise
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._hear()
        except (TimeoutError, WorkerGone) as error:
            await worker.kill()
            raise WorkerGone("did not start") from error
        except asyncio.CancelledError:
            await worker.kill()
            raise
        return worker

    @staticmethod
    async def _process_of(module: str) -> Pipes:
        _, pipes = await asyncio.get_running_loop().subprocess_exec(
            Pipes,
            *(sys.executable, "-P", "-s", "-m", module),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
        return pipes

    async def run(self, job: Job, answer: Answer, seconds: float) -> Outcome:
        """`seconds` are the rule's own: what answering takes does not count. Raises RuleError; WorkerGone when the
        process died of it. However this ends early, the process is killed: it is in the middle of something."""
        is_over = False
        try:
            outcome = await self._conversation(job, answer, seconds)
            is_over = True
            return outcome
        except _NoAnswer as none:
            is_over = True
            raise none.why from None
        except RuleStops as stop:
            is_over = True
            raise RuleError(stop.text, job.side, stop.line) from None
        finally:
            if not is_over:
                await self.kill()

    async def _conversation(self, job: Job, answer: Answer, seconds: float) -> Outcome:
        loop = asyncio.get_running_loop()
        scene, facts = _FACTS.apart(job.scene)
        frame: Frame = {"hash": job.sha256, "facts": facts.sha256, "scene": scene}
        texts = {job.sha256: job.source, facts.sha256: facts.text}
        left = seconds
        while True:
            begun = loop.time()
            try:
                async with asyncio.timeout(left):
                    self._pipes.say(packed(frame))
                    heard = await self._hear()
            except TimeoutError:
                raise RuleError(f"The rule ran longer than {seconds:g} seconds and was stopped.", job.side) from None
            left -= loop.time() - begun
            if "outcome" in heard:
                return _outcome(heard["outcome"])
            if "trouble" in heard:
                raise RuleStops(str(heard["trouble"]), int(heard["line"]))
            if "need" in heard:
                frame = {"text": texts.get(str(heard["need"]))}
            elif "ask" in heard:
                frame = await self._answered(heard, answer)
            else:
                raise WorkerGone("says what no worker says")

    async def _answered(self, heard: Frame, answer: Answer) -> Frame:
        """Where there is no answer the run is given up, and the worker is ready for the next one."""
        try:
            return {"answer": await answer(str(heard["ask"]), dict(heard["arguments"]))}
        except Exception as error:
            self._pipes.say(packed({"give_up": True}))
            if "given_up" not in await self._hear():
                raise WorkerGone("does not give up") from error
            raise _NoAnswer(error) from error

    async def kill(self) -> None:
        self.is_alive = False
        await self._pipes.end()

    @property
    def pid(self) -> int:
        return self._pipes.pid

    async def _hear(self) -> Frame:
        try:
            return unpacked(await self._pipes.hear())
        except PipeBroken as error:
            raise WorkerGone("ended") from error


def _outcome(held: Json) -> Outcome:
    """Raises WorkerGone: a worker that gives something else is no worker of ours any more."""
    try:
        return Outcome.from_row(held)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WorkerGone("gave no outcome") from error
