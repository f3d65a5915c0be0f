"""How a run ends early: an exception of the script's own world, or a limit that no script sees."""

from typing import TYPE_CHECKING, Any

from rules.language.java.errors import JavaError, OverLimit

if TYPE_CHECKING:
    from rules.language.run import Run


class Raised(Exception):
    """An exception that scripts may catch. `value` is the Throwable (or an instance of a script class that extends
    Exception); `line` and `column` say where it happened and are 0 until a node on the way out fills them in."""

    __slots__ = ("column", "line", "value")

    def __init__(self, value: Any, line: int = 0, column: int = 0) -> None:
        super().__init__()
        self.value = value
        self.line = line
        self.column = column

    def at(self, line: int, column: int) -> None:
        """Remember the innermost place; later calls change nothing."""
        if not self.line:
            self.line = line
            self.column = column


class Stop(BaseException):
    """Ends the run at once. No `catch` of a script sees it and no `finally` gets a step."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.line = 0
        self.column = 0

    def at(self, line: int, column: int) -> None:
        if not self.line:
            self.line = line
            self.column = column


class LimitReached(Stop):
    """The rule used up one of its limits; the message names which."""


class SecurityStop(Stop):
    """A value outside the closed model appeared, or something reached for what no rule may have."""


# All that an operation may raise on purpose, in the value side's own words or in those of the pure libraries.
PROBLEMS = (Raised, Stop, JavaError, OverLimit)


def placed(run: "Run", problem: BaseException, line: int, column: int) -> Raised | Stop:
    """The problem as an exception of this module that knows where it happened; the innermost place stays."""
    found = translated(run, problem)
    found.at(line, column)
    return found


def translated(run: "Run", problem: BaseException) -> Raised | Stop:
    """The problem as an exception of this module."""
    if isinstance(problem, Raised | Stop):
        return problem
    if isinstance(problem, JavaError):
        return Raised(run.throwable(problem.class_name, problem.message))
    return LimitReached(problem.message if isinstance(problem, OverLimit) else str(problem))
