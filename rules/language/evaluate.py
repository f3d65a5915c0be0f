"""Reads, compiles and runs a rule: the one place where everything that may go wrong becomes an answer."""

import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from rules.language import calling, instances, kinds, text_of, values
from rules.language.classes import Instance
from rules.language.closures import RUN, SELF, THIS
from rules.language.compile import Program, compile_script
from rules.language.errors import PlacedError, TooMuch
from rules.language.limits import DEFAULT, Limits
from rules.language.members import UNFIT
from rules.language.parser import parse
from rules.language.raised import PROBLEMS, Raised, SecurityStop, Stop, translated
from rules.language.run import Log, Run

# Part of every cache key: a program compiled by other code is another program.
VERSION = "1"

# Enough for calls nested 100 deep in expressions nested as deep as rules write them; more than that is a limit.
RECURSION = 5_000


class RuleStopped(Exception):
    """A run that ended early. `class_name` is the simple name of the exception, or LimitReached or SecurityStop;
    `message` is its own text; line and column are 0 where no place is known."""

    def __init__(self, message: str, line: int, column: int, class_name: str) -> None:
        where = f" (line {line}, column {column})" if line else ""
        super().__init__(f"{message}{where}")
        self.message = message
        self.line = line
        self.column = column
        self.class_name = class_name


@dataclass(frozen=True, slots=True)
class Result:
    """What a run gave: the value of the last statement, (level, text) of each log line, and the steps it took."""

    value: Any
    log: tuple[tuple[str, str], ...]
    steps: int


class Programs:
    """Compiled rules by the text they came from, the least used dropped first. Safe to share between threads."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._held: OrderedDict[bytes, Program] = OrderedDict()

    def program(self, source: str, limits: Limits = DEFAULT) -> Program:
        """Raises NotGroovy or TooMuch, each with a place."""
        key = hashlib.sha256(f"{VERSION}\0{source}".encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
        made = read(source, limits)
        with self._lock:
            self._held[key] = made
            if len(self._held) > self._size:
                self._held.popitem(last=False)
        return made


PROGRAMS = Programs()


def read(source: str, limits: Limits = DEFAULT) -> Program:
    """Parse and compile. Raises NotGroovy or TooMuch, each with a place."""
    if len(source) > limits.source_characters:
        raise TooMuch(f"a rule may have at most {limits.source_characters:,} characters", 1, 1)
    _allow_depth()
    try:
        return compile_script(parse(source))
    except RecursionError:
        raise TooMuch("the rule is nested too deeply", 1, 1) from None


def evaluate(
    source: str | Program,
    variables: dict[str, Any] | None = None,
    *,
    now: datetime,
    limits: Limits = DEFAULT,
    zone: tzinfo = UTC,
    seed: int = 0,
    log: Log | None = None,
    prepare: Callable[[Run], None] | None = None,
) -> Result:
    """Run a rule on the given script variables. `prepare` sees the run before its first step. Raises RuleStopped;
    NotGroovy or TooMuch for a text that is no rule."""
    program = PROGRAMS.program(source, limits) if isinstance(source, str) else source
    lines: list[tuple[str, str]] = []

    def note(level: str, text: str) -> None:
        lines.append((level, text))
        if log is not None:
            log(level, text)

    run = Run(now=now, zone=zone, seed=seed, log=note, variables=variables, limits=limits)
    if prepare is not None:
        prepare(run)
    value = guarded(run, lambda: execute(program, run))
    return Result(value, tuple(lines), limits.steps - run.steps_left)


def execute(program: Program, run: Run) -> Any:
    """The rule's own value. Raises Raised and Stop."""
    run.program = program
    run.script = script = Instance(program.script)
    frame: list[Any] = [None] * (program.main.size + 1)
    frame[RUN], frame[THIS], frame[SELF] = run, script, None
    for field in program.fields:
        field(frame)
    return calling.invoke(program.main, run, script, None, (), [])


def guarded(run: Run, work: Callable[[], Any]) -> Any:
    """What `work` gives, with everything that ends a run early turned into RuleStopped."""
    _allow_depth()
    try:
        return work()
    except PROBLEMS as problem:
        raise stopped(run, translated(run, problem)) from None
    except RecursionError:
        raise RuleStopped("the rule is nested too deeply", 0, 0, "LimitReached") from None
    except MemoryError:
        raise RuleStopped("the rule needs too much memory", 0, 0, "LimitReached") from None
    except UNFIT as problem:
        # A gap of ours: the rule stops like any other, and the cause stays for whoever reads the log.
        raise RuleStopped("this operation is not possible on these values", 0, 0, "InternalError") from problem


def stopped(run: Run, problem: Raised | Stop) -> RuleStopped:
    """The problem in words for the rule's owner."""
    if isinstance(problem, Stop):
        name = "SecurityStop" if isinstance(problem, SecurityStop) else "LimitReached"
        return RuleStopped(problem.message, problem.line, problem.column, name)
    try:
        message = message_of(run, problem.value)
    except PROBLEMS:
        message = ""
    return RuleStopped(message, problem.line, problem.column, kinds.kind_of(problem.value).simple)


def message_of(run: Run, value: Any) -> str:
    """The message of an exception value, empty where it has none."""
    found = instances.get_property(run, value, "message") if type(value) is Instance else value.message
    return "" if found is None else run.text(found)


def _allow_depth() -> None:
    if sys.getrecursionlimit() < RECURSION:
        sys.setrecursionlimit(RECURSION)


# One line for people who try the language: `Integer 3`, `null`, `EXC Class: message`, `COMPILE message`.

EVAL_NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


def eval_line(source: str, *, now: datetime = EVAL_NOW) -> str:
    """The value of a rule without any host objects as `SimpleClassName text`, or how it failed."""
    try:
        program = read(source)
    except PlacedError as problem:
        return f"COMPILE {problem.message} @ line {problem.line}, column {problem.column}."
    run = Run(now=now, zone=UTC)
    try:
        return str(guarded(run, lambda: shown(run, execute(program, run))))
    except RuleStopped as problem:
        return f"EXC {problem.class_name}: {problem.message}".replace("\n", " ")


def shown(run: Run, value: Any) -> str:
    """Class and text of a value, on one line."""
    if value is None:
        return "null"
    text = "" if type(value) is values.Matcher else text_of.shown(run, value)
    return f"{kinds.kind_of(value).simple} {text}".replace("\n", "⏎")
