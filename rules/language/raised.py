"""How a run ends early: an exception of the script's own world, or a limit that no script sees."""

from typing import Any


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
