"""Whatever is typed or answered: our own errors only, and no address but a desk's own."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import RemoteError
from trackers.errors import DeskAddressNotUsable
from trackers.freshservice.address import canonical_address
from trackers.freshservice.answers import is_ticket_list, refusal, wait_seconds

PIECES = st.sampled_from(
    ["https://", "http://", "acme", ".freshservice.com", "@", ":", "/", "\\", "?", "#", "%2e", ".", "evil.example", " "]
)
TYPED = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))
HEADERS = st.one_of(st.none(), st.text(max_size=40), st.integers().map(str))


def an_address_is_a_desks_own(typed: str) -> None:
    try:
        address = canonical_address(typed, frozenset())
    except DeskAddressNotUsable:
        return
    assert re.fullmatch(r"https://[a-z0-9-]{1,63}\.freshservice\.com", address)
    assert canonical_address(address, frozenset()) == address


def an_answer_is_one_of_our_errors(status: int, body: bytes, retry_after: str | None, date: str | None) -> None:
    assert is_ticket_list(body) in (True, False)
    waits = wait_seconds(retry_after, date)
    assert waits is None or 0 <= waits <= 3600
    error = refusal(status, body, waits)
    assert isinstance(error, RemoteError)
    assert str(error).endswith(".")


@given(TYPED)
def test_r1_every_address_is_a_desks_own_or_refused(typed: str) -> None:
    an_address_is_a_desks_own(typed)


@given(st.integers(400, 599), st.binary(max_size=200), HEADERS, HEADERS)
def test_every_answer_becomes_one_of_our_errors(
    status: int, body: bytes, retry_after: str | None, date: str | None
) -> None:
    an_answer_is_one_of_our_errors(status, body, retry_after, date)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(TYPED)
def test_r1_every_address_is_a_desks_own_or_refused_many_times(typed: str) -> None:
    an_address_is_a_desks_own(typed)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(st.integers(400, 599), st.binary(max_size=2000), HEADERS, HEADERS)
def test_every_answer_becomes_one_of_our_errors_many_times(
    status: int, body: bytes, retry_after: str | None, date: str | None
) -> None:
    an_answer_is_one_of_our_errors(status, body, retry_after, date)
