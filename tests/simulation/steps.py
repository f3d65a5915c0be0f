"""Coroutines that are run by hand, one await at a time: the order of everything is an argument, and so is a crash."""

import contextlib
from collections.abc import Coroutine, Generator
from typing import Any


class Killed(BaseException):
    """The process ends here: nothing after this point happens."""


class Pause:
    """An await at which others may go first, or the process may end. `place` says where, for the story."""

    __slots__ = ("place",)

    def __init__(self, place: str) -> None:
        self.place = place

    def __await__(self) -> Generator[str, None, None]:
        yield self.place


class Running:
    """One piece of work that was begun. `place` is where it stands."""

    def __init__(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self.name = name
        self.place = "begin"
        self.error: BaseException | None = None
        self.is_over = False
        self._work = work

    def step(self) -> None:
        """To its next pause, or to its end."""
        try:
            self.place = self._work.send(None)
        except StopIteration:
            self.is_over = True
        except Exception as error:
            self.error, self.is_over = error, True

    def fail(self, error: Exception) -> None:
        """What it waits for does not come: `error` is raised there, and it goes on to its next pause, or to its end."""
        try:
            self.place = self._work.throw(error)
        except StopIteration:
            self.is_over = True
        except Exception as left:
            self.error, self.is_over = left, True

    def kill(self) -> None:
        with contextlib.suppress(Killed, StopIteration):
            self._work.throw(Killed())
        self._work.close()
        self.is_over = True
