"""What the system lets a worker have. It is set by the worker itself, before it sees its first rule."""

import contextlib
import resource

# Address space: the interpreter and a deep stack are most of it; what is left is far more than a run may build.
MEMORY_BYTES = 640 * 1024 * 1024
STACK_BYTES = 256 * 1024 * 1024
CPU_SECONDS = 12
_FILES = 24  # modules that are imported late need one for a moment


def shut() -> None:
    """Memory, files, and no dump of what was in memory. What the system does not know is left as it is."""
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_NOFILE, _FILES)
    _set(resource.RLIMIT_AS, MEMORY_BYTES)


def no_more_processes() -> None:
    """After the worker's own thread was started. It holds for everyone but root."""
    _set(resource.RLIMIT_NPROC, 0)


def allow_one_run() -> None:
    """Processor time for one more run; the system kills a worker that takes more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _set(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(which, (least, least))
