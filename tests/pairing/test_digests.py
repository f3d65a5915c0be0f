import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairing.digests import b32, b64u, labelled_hash, length_prefixed, read_b64u


def test_a_hash_takes_each_item_with_its_length_so_that_none_can_move_into_the_next() -> None:
    assert length_prefixed("ab") == b"\x00\x02ab"
    assert labelled_hash("a", b"bc") != labelled_hash("ab", b"c")
    assert labelled_hash("a", b"") != labelled_hash("a")


def test_base32_is_lower_case_without_padding() -> None:
    assert b32(bytes(16)) == "a" * 26


@given(st.binary(min_size=16, max_size=16))
def test_base64url_is_read_back(raw: bytes) -> None:
    assert read_b64u(b64u(raw), 16) == raw


@pytest.mark.parametrize(
    "text",
    [
        "QEFCQ0RFRkdISUpLTE1OTx",  # a slack bit is set
        "QEFCQ0RFRkdISUpLTE1OTw==",
        "QEFCQ0RFRkdISUpLTE1OT",
        "QEFCQ0RFRkdISUpLTE1OTw\n",
        " QEFCQ0RFRkdISUpLTE1OTw",
        "QEFCQ0RFRkdISUpLTE1O+w",
        "QEFCQ0RFRkdISUpLTE1O/w",
        "QEFCQ0RFRkdISUpLTE1Oé",
        "",
    ],
)
def test_another_spelling_of_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        read_b64u(text, 16)
