import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.errors import MessageNotReadable
from exchange.strict_json import MAX_LIST, MAX_NESTING, MAX_TEXT, read_object, write


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"7",
        b"{} {}",
        b"{'v':1}",
        b'{"v":1,}',
        b'\xef\xbb\xbf{"v":1}',
        b'{"v":"\xff"}',
        b'{"v":1,"v":2}',
        b'{"v":{"a":1,"a":1}}',
        b'{"v":NaN}',
        b'{"v":Infinity}',
        b'{"v":-Infinity}',
        b'{"v":1e999}',
        b'{"v":9007199254740993}',
        b'{"v":-9007199254740993}',
        b'{"v":' + b"9" * 5000 + b"}",
        b'{"v":"\\u0000"}',
        b'{"\\u0000":1}',
        b'{"v":"\x00"}',
        b'{"v":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"v":"\\udc00\\ud800"}',
        b"[" * 100_000,
        b'{"v":' + b"[" * 100_000,
        b'{"v":' * 100_000,
        b'{"v":' + b"[" * 16 + b"]" * 16 + b"}",
        b'{"v":[' + b"1," * 1000 + b"1]}",
        json.dumps({"v": "x" * (MAX_TEXT + 1)}).encode(),
    ],
)
def test_d2_what_parsers_could_read_differently_or_choke_on_is_refused(raw: bytes) -> None:
    with pytest.raises(MessageNotReadable):
        read_object(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b' {"v" : 1 } ',
        b'{"v":9007199254740992,"w":-9007199254740992}',
        b'{"v":1.5e3}',
        b'{"v":"\\ud83d\\ude00"}',
        b'{"v":' + b"[" * 15 + b"]" * 15 + b"}",
        b'{"v":[' + b"1," * 999 + b"1]}",
    ],
)
def test_what_the_limits_allow_is_read(raw: bytes) -> None:
    assert read_object(raw) == json.loads(raw)


def test_an_error_does_not_carry_what_was_sent() -> None:
    with pytest.raises(MessageNotReadable) as caught:
        read_object(b'{"token":"a secret')
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.text("abc", max_size=3), values, max_size=4))
def test_what_we_write_is_read_back(value: dict[str, object]) -> None:
    if _depth(value) <= MAX_NESTING:
        assert read_object(write(value)) == value


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_arbitrary_bytes_give_an_object_or_the_one_error(raw: bytes) -> None:
    with suppress(MessageNotReadable):
        assert isinstance(read_object(raw), dict)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        assert len(value) <= MAX_LIST
        return 1 + max((_depth(item) for item in value), default=0)
    return 0
