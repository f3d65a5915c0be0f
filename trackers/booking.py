"""How a call to a desk waits for room within the account's limits, wherever those are kept."""

from collections.abc import Awaitable, Callable

from sync.errors import RemoteUnavailable
from trackers.port import CallKind, Limits

LONGEST_WAIT_SECONDS = 3.0
_BUSY = "The desk's calls for this minute are spent. It goes on by itself."


def booked(limits: Limits, now: float, kind: CallKind, price: int, *, urgent: bool) -> float:
    """Takes the call where there is room: 0.0 then, else the seconds after which it is worth another try."""
    wait = limits.wait_seconds(now, kind, price, urgent=urgent)
    if wait <= 0:
        limits.take(now, kind, price)
    return wait


async def until_booked(
    book: Callable[[], Awaitable[float]],
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]],
    longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
    least_wait_seconds: float = 0.0,
) -> None:
    """Tries until `book` gives 0.0; `clock` is in seconds. Raises RemoteUnavailable with the seconds to wait when that
    would take too long: the caller's lane gives way instead."""
    started = clock()
    while (wait := await book()) > 0:
        wait = max(wait, least_wait_seconds)
        if clock() - started + wait > longest_wait_seconds:
            raise RemoteUnavailable(_BUSY, wait)
        await sleep(wait)
