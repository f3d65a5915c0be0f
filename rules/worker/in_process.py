"""Runs rules in this process, for tests and the simulation: nothing waits, nothing is random, nothing can be killed.

A rule asks its host in the middle of plain code, and the answer may take its time. So the run is given up at a question
that was not answered yet, and begun anew when the answer is there: a run gives the same result each time.
"""

import copy

from rules.host.scene import Outcome
from rules.worker.frames import Json
from rules.worker.playing import Ask, play
from rules.worker.runner import Answer, Job


class _NotAnswered(BaseException):
    """No script sees it."""

    def __init__(self, name: str, arguments: dict[str, Json]) -> None:
        super().__init__(name)
        self.name = name
        self.arguments = arguments


class InProcess:
    """Implements rules.worker.runner.Runner."""

    async def run(self, job: Job, answer: Answer) -> Outcome:
        answers: list[Json] = []
        while True:
            try:
                return play(job.source, job.scene, _replaying(answers))
            except _NotAnswered as open_question:
                asked = open_question
            answers.append(await answer(asked.name, asked.arguments))


def _replaying(answers: list[Json]) -> Ask:
    left = iter(answers)

    def ask(name: str, arguments: dict[str, Json]) -> Json:
        for held in left:
            return copy.deepcopy(held)
        raise _NotAnswered(name, arguments)

    return ask
