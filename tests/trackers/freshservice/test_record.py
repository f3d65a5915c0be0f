"""Checklist 5: read leniently, whatever arrives."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.fields import Fields
from trackers.freshservice.record import Record
from trackers.lenient import moment, moment_text, plain, whole

AT = datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T09:15:04Z",
        "2026-03-02T14:45:04+05:30",
        "2026-03-02T09:15:04.983Z",
        "2026-03-02T09:15:04",
        " 2026-03-02T09:15:04+00:00 ",
    ],
)
def test_a_time_is_utc_and_whole_seconds_however_it_is_written(text: str) -> None:
    assert moment(text) == AT
    assert moment_text(AT) == "2026-03-02T09:15:04Z"


@pytest.mark.parametrize("text", [None, "", "soon", "0001-01-01T00:00:00+05:30", "2026-13-01"])
def test_what_is_no_time_is_none(text: str | None) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (7, 7),
        ("7", 7),
        ("7000.0", 7000),
        (7.0, 7),
        (27000184410, 27000184410),
        ("27000184410", 27000184410),
        (None, None),
        (True, None),
        ("x", None),
        ("", None),
        ("inf", None),
        ([1], None),
    ],
)
def test_a_number_may_come_as_a_text(value: object, number: int | None) -> None:
    assert whole(value) == number


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"7", b'{"a"', b"\xff\xfe", b"[" * 5_000])
def test_what_is_no_object_is_none(body: bytes) -> None:
    assert Record.of_json(body) is None


def test_absent_null_and_other_kinds_read_as_nothing() -> None:
    record = Record(
        {"text": 7, "flag": "true", "list": [1, "a"], "records": [{"id": 1}, 2], "record": [], "null": None}
    )
    assert record.text("text") is None
    assert record.text("absent") is None
    assert record.flag("flag") is True
    assert record.flag("null") is None
    assert record.texts("list") == ("a",)
    assert record.records("records") is None
    assert record.records("absent") is None
    assert record.record("record").held == {}


def test_what_no_database_can_hold_is_left_out() -> None:
    record = Record.of_json(b'{"a":"x\\u0000y\\ud800z","b":["\\ud800"]}')
    assert record is not None
    assert record.text("a") == "xy?z"
    assert record.texts("b") == ("?",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(JSON)
def test_every_value_can_be_held_by_a_field(value: object) -> None:
    assert len(Fields({"custom.x": plain(value)}).digest) == 64
