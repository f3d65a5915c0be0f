"""How these libraries fail, and what they ask of the run that calls them."""

from collections.abc import Callable
from typing import Protocol

# Charges so many characters before they are built; raises what ends the run when there is no room left.
Room = Callable[[int], None]


class JavaError(Exception):
    """An exception that scripts may catch: the full Java name of its class, and its message."""

    def __init__(self, class_name: str, message: str | None) -> None:
        super().__init__(f"{class_name}: {message}")
        self.class_name = class_name
        self.message = message


class OverLimit(BaseException):
    """A limit that no script may see. Not an Exception, so that nothing on the way out takes it for one."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NumberLimits(Protocol):
    """How large numbers may grow."""

    @property
    def integer_bits(self) -> int: ...

    @property
    def decimal_digits(self) -> int: ...

    @property
    def decimal_exponent(self) -> int: ...


class Budget(Protocol):
    """The time that regular expressions may still take."""

    def regex_seconds(self) -> float: ...

    def regex_took(self, seconds: float) -> None: ...


def arithmetic(message: str) -> JavaError:
    return JavaError("java.lang.ArithmeticException", message)


def illegal_argument(message: str) -> JavaError:
    return JavaError("java.lang.IllegalArgumentException", message)
