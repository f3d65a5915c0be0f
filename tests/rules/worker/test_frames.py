from datetime import UTC, datetime
from types import MappingProxyType

import pytest

from rules.worker.frames import HEAD, PipeBroken, length_of, packed, unpacked


def test_what_goes_in_comes_out() -> None:
    at = datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC)
    frame = packed({"text": "ü\ud800", "at": at, "fields": MappingProxyType({"a": (1, None)})})
    assert length_of(frame[:HEAD]) == len(frame) - HEAD
    assert unpacked(frame[HEAD:]) == {"text": "ü\ud800", "at": at.isoformat(), "fields": {"a": [1, None]}}


@pytest.mark.parametrize("odd", [object(), {1, 2}, b"bytes", float("nan")])
def test_what_is_no_json_does_not_go(odd: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        packed({"odd": odd})


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_frame_breaks_the_pipe(body: bytes) -> None:
    with pytest.raises(PipeBroken):
        unpacked(body)
