"""Logs: one JSON object a line, holding only what is on a list; a fence behind it masks whatever still looks secret."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from pairing.errors import DrawbridgeError, UserError

# What `extra={…}` may carry: ids, counts, codes. Anything else is dropped, so a new name has to be thought about here.
ALLOWED = frozenset(
    {
        *("organisation", "team", "user", "connection", "invitation", "desk", "envelope", "notice", "stream", "worker"),
        *("action", "code", "kind", "state", "reach", "outcome", "reason", "reference", "status", "method"),
        *("attempt", "count", "seconds", "retry_after", "ms", "port", "transport", "version"),
    }
)
# They would log whole payloads below WARNING: what people type, signatures, answers.
QUIET = (
    *("slack_bolt", "slack_sdk", "aiohttp.access", "sqlalchemy", "alembic", "asyncio"),
    # slack_sdk asks this logger for its own level, not the inherited one, and would build its long texts for nothing.
    "slack_sdk.web.async_base_client",
)
OURS = frozenset({"bot", "handlers", "flows", "pairing", "sync", "rules", "trackers", "exchange", "storage", "sandbox"})
MASK = "***"
_MAX_TEXT = 300
_SECRETS = re.compile(
    r"""
      brg_[0-9a-z_-]*                                  # an invitation code
    | xox[a-z](?:\.xox[a-z])?-[\w.-]+                  # Slack's tokens
    | xapp-[\w.-]+
    | (?<=hooks\.slack\.com/)[^\s"'\\]+                # whoever has a response address may post
    | (?<=ticket=)[^\s"'&\\]+                          # whoever has a socket's address may listen
    | (?<=bearer\ )[\w.~+/=-]+
    | (?<=basic\ )[\w+/=-]{12,}
    | (?<=://)[^\s/@"'\\]+(?=@)                        # user and password of an address
    | v0=[0-9a-f]{16,}                                 # Slack's signature
    | (?<==:)[\w+/=]{16,}(?=:)                         # ours (RFC 9421)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SIGNATURE = re.compile(r"""(signature\\?["']?\s*[:=]\s*(?:b?\\?["'])?)(?!\*\*\*)[^\s"'\\,;)}]+""", re.IGNORECASE)


def redacted(text: str) -> str:
    """The text without codes, tokens, credentials and signatures."""
    return _SIGNATURE.sub(rf"\1{MASK}", _SECRETS.sub(MASK, text))


class Fence(logging.Filter):
    """Holds back what libraries say below WARNING, and masks secrets; the formatter masks the whole line once more.

    Levels alone do not hold: Bolt gives each of its loggers the root's level when it makes them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redacted(record.getMessage()), ()
        return record.levelno >= logging.WARNING or _is_ours(record)


class JsonLines(logging.Formatter):
    """Time (UTC), level, logger, message, allowed extras. Of an exception: its type and where, not what it holds."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **{name: _plain(value) for name, value in vars(record).items() if name in ALLOWED and value is not None},
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["errors"] = [_described(error) for error in _chain(record.exc_info[1])]
        return redacted(json.dumps(line, ensure_ascii=False))


def configure(level: str, stream: TextIO | None = None) -> None:
    """Sends every logger's records to `stream` (stderr) in our form. Calling it again replaces what was set before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(Fence())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def _message(record: logging.LogRecord) -> str:
    """Our own words whole; of a library's only the part before what may be a payload."""
    text = record.getMessage()
    if not _is_ours(record):
        text = re.split(r"[\n{\[<(:]", text, maxsplit=1)[0].rstrip()
    return text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT] + "…"


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float) else str(value)[:_MAX_TEXT]


def _chain(error: BaseException, most: int = 5) -> Iterator[BaseException]:
    """The error, those inside it when it is a group, and what it came from; at most five deep."""
    yield error
    origin = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    inside = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (*inside, *([origin] if origin else [])):
        if most > 1:
            yield from _chain(other, most - 1)


def _described(error: BaseException) -> dict[str, object]:
    """An error of ours with its sentence, but for those that answer what a person typed."""
    has_text = isinstance(error, DrawbridgeError) and not isinstance(error, UserError)
    described: dict[str, object] = {"type": type(error).__qualname__, "where": _frames(error.__traceback__)}
    return {**described, "text": str(error)} if has_text else described


def _frames(traceback: TracebackType | None) -> list[str]:
    """ "flows/accept.py:41 accept", outermost first, the last twelve."""
    frames: list[str] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{'/'.join(code.co_filename.split('/')[-2:])}:{traceback.tb_lineno} {code.co_qualname}")
        traceback = traceback.tb_next
    return frames[-12:]
