"""Names of worker processes: who holds a lane, and whether that process is still there."""

import os
import secrets
from pathlib import Path

_UNKNOWN = "-"


def own_name() -> str:
    """Tells this process from every other one of this machine's present life; a number that comes back is no match."""
    pid = os.getpid()
    return " ".join((*_machine(), str(pid), _started(pid) or _UNKNOWN, secrets.token_hex(4)))


def is_gone(name: str) -> bool:
    """True when `name` ran on this machine, in our view of its processes, and does not any more.

    Of another machine's process, and where the system does not say, nothing is known: False.
    """
    *machine, pid, started, _ = name.split(" ") if name.count(" ") == 4 else ("", "", "0", _UNKNOWN, "")
    if tuple(machine) != _machine() or _UNKNOWN in (*machine, started) or not pid.isdigit():
        return False
    return _started(int(pid)) != started


def _machine() -> tuple[str, str]:
    """This life of the machine, and our view of its processes: a container has its own."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return boot, os.readlink("/proc/self/ns/pid")
    except OSError:
        return _UNKNOWN, _UNKNOWN


def _started(pid: int) -> str | None:
    """In ticks since the machine's start; None when there is no such process, or it only waits to be buried."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The command, in parentheses, may itself hold anything.
    state, *rest = text.rpartition(")")[2].split()
    return None if state in ("Z", "X") else rest[18]
