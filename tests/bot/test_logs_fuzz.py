"""L1: a secret in the middle of anything is masked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.logs import redacted
from pairing.code import InvitationCode, commitment_to
from pairing.terms import Reach

SYMBOLS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=6, max_size=40).map("canary".__add__)
AROUND = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def secrets_are_masked(before: str, tail: str, after: str, token: bytes) -> None:
    code = InvitationCode(Reach.PRIVATE, token, commitment_to(b"k" * 32), "https://bridge.acme.example").text
    for start, secret in (("", code), ("", f"xoxb-1-{tail}"), ("", f"xapp-1-{tail}"), ("Bearer ", tail)):
        masked = redacted(f"{before} {start}{secret} {after}")
        assert secret not in masked
        assert "***" in masked


@given(AROUND, SYMBOLS, AROUND, st.binary(min_size=16, max_size=16))
def test_a_secret_is_masked_wherever_it_stands(before: str, tail: str, after: str, token: bytes) -> None:
    secrets_are_masked(before, tail, after, token)


@pytest.mark.slow
@settings(max_examples=5_000, deadline=None)
@given(AROUND, SYMBOLS, AROUND, st.binary(min_size=16, max_size=16))
def test_a_secret_is_masked_wherever_it_stands_many_times(before: str, tail: str, after: str, token: bytes) -> None:
    secrets_are_masked(before, tail, after, token)
