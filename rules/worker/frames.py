"""What goes over the pipes: four bytes of length, then JSON of one object."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO

Json = Any
Frame = dict[str, Json]

HEAD = 4
MOST = 32 * 1024 * 1024


def _odd(value: Any) -> Json:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_odd)


class PipeBroken(Exception):
    """The other end is gone, or what it says is no frame."""


def packed(frame: Frame) -> bytes:
    """Raises TypeError or ValueError for what is no JSON, and ValueError for what is too long."""
    held = _WRITER.encode(frame).encode("utf-8", "surrogatepass")
    if len(held) > MOST:
        raise ValueError(f"a frame of {len(held)} bytes")
    return len(held).to_bytes(HEAD) + held


def length_of(head: bytes) -> int:
    """Raises PipeBroken."""
    size = int.from_bytes(head)
    if len(head) != HEAD or size > MOST:
        raise PipeBroken("no frame")
    return size


def unpacked(body: bytes) -> Frame:
    """Raises PipeBroken."""
    try:
        frame = json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise PipeBroken("not JSON") from error
    if not isinstance(frame, dict):
        raise PipeBroken("no object")
    return frame


def read_frame(pipe: BinaryIO) -> Frame | None:
    """Waits for it; None at the end. Raises PipeBroken."""
    head = pipe.read(HEAD)
    if not head:
        return None
    size = length_of(head)
    body = pipe.read(size)
    if len(body) != size:
        raise PipeBroken("cut off")
    return unpacked(body)


def write_frame(pipe: BinaryIO, frame: Frame) -> None:
    pipe.write(packed(frame))
    pipe.flush()
