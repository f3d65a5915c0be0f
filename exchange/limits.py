"""Every limit of the wire in one place, so that tests give small ones instead of waiting. Times are in seconds."""

from dataclasses import dataclass

KIB = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What the answering side accepts."""

    claim_bytes: int = 16 * KIB
    sync_bytes: int = 1024 * KIB
    body_seconds: float = 10.0  # for a whole request body to arrive
    wait_seconds: float = 25.0  # the longest a poll is held, whatever it asks for
    clock_seconds: int = 300
    claims_per_address: int = 10  # in each minute; look and decline count too
    claims_per_node: int = 60
    exchanges_per_second: float = 10.0  # on each connection
    exchanges_burst: int = 20
    slow_pause: int = 1  # what a partner over its rate is asked to wait
    full_pause: int = 5  # what a poll is asked to wait that we have no place to hold
    busy_pause: int = 30  # what a partner is asked to wait while our inbox is full


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the dialling side puts up with."""

    resolve: float = 5.0
    connect: float = 5.0
    exchange: float = 15.0  # everything from the name to the last byte
    poll: float = 10.0  # the same for a poll, on top of what it asks to be held
    answer_bytes: int = 1280 * KIB


LIMITS = Limits()
DEADLINES = Deadlines()
