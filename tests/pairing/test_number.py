import hashlib
import random

import pytest

from pairing.code import InvitationCode, commitment_to
from pairing.number import is_same_number, pairing_number, shown
from pairing.terms import Reach

ACME_KEY = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
CODE = InvitationCode(Reach.PRIVATE, bytes(range(0x40, 0x50)), commitment_to(ACME_KEY), "https://bridge.acme.example")
CLAIM = (
    b'{"v":1,"token":"QEFCQ0RFRkdISUpLTE1OTw","key":"Kay64UG8yvCyLhqU000LxzYeUm0L_hLIl5S8kyKWbdc",'
    b'"side":"bbbbbbbbbbbbbbbbbbbbbbbbbb","mode":"private","url":null,"name":"Globex","team":"T0GLOBEX"}'
)


def test_i1_the_number_of_the_vector() -> None:
    number = pairing_number(CODE.raw, ACME_KEY, hashlib.sha256(CLAIM).digest())
    assert (number, shown(number)) == ("274578", "274 578")


def test_the_number_depends_on_the_code_the_key_and_every_byte_of_the_claim() -> None:
    claim = hashlib.sha256(CLAIM).digest()
    numbers = {
        pairing_number(CODE.raw, ACME_KEY, claim),
        pairing_number(CODE.raw[:-1] + b"\0", ACME_KEY, claim),
        pairing_number(CODE.raw, ACME_KEY[:-1] + b"\0", claim),
        pairing_number(CODE.raw, ACME_KEY, hashlib.sha256(CLAIM + b" ").digest()),
    }
    assert len(numbers) == 4


def test_the_number_always_has_six_digits() -> None:
    numbers = [pairing_number(b"code", b"key", n.to_bytes(32, "big")) for n in range(2000)]
    assert all(len(number) == 6 and number.isdigit() for number in numbers)
    assert any(number.startswith("0") for number in numbers)


@pytest.mark.parametrize(
    "typed",
    ["274578", "274 578", " 274578\n", "274-578", "2 7 4 5 7 8", "274\u00a0578", "274\u2011578", "２７４５７８"],
)
def test_spaces_and_dashes_do_not_count(typed: str) -> None:
    assert is_same_number(typed, "274578")


@pytest.mark.parametrize(
    "typed", ["", "274579", "27457", "2745788", "0274578", "274578x", "274.578", "+274578", "\ud800", "274_578"]
)
def test_p2_anything_else_is_another_number(typed: str) -> None:
    assert not is_same_number(typed, "274578")


# ---- P4: somebody between the two, with a number cut to few digits so that chance can be counted ----


def relay(chance: random.Random, digits: int, *, is_committed: bool) -> bool:
    """One attempt of a relay: it claims Acme's code as itself, gives Globex a code of its own, and hopes that both
    sides see the same number. With the commitment its key is fixed before it learns anything; without, it searches."""

    def number(code: bytes, inviter_key: bytes, claim: bytes) -> str:
        return pairing_number(code, inviter_key, hashlib.sha256(claim).digest())[-digits:]

    acme_key, relay_key = chance.randbytes(32), chance.randbytes(32)
    acme_code = chance.randbytes(50) + commitment_to(acme_key)
    relay_code = chance.randbytes(50) + commitment_to(relay_key)
    globex_claim, relay_claim = chance.randbytes(32), chance.randbytes(32)
    seen_by_acme = number(acme_code, acme_key, relay_claim)
    if is_committed:
        return number(relay_code, relay_key, globex_claim) == seen_by_acme
    return any(number(relay_code, chance.randbytes(32), globex_claim) == seen_by_acme for _ in range(2000))


@pytest.mark.parametrize(("digits", "attempts"), [(1, 2_000), (2, 20_000)])
def test_p4_a_relay_hits_at_the_rate_of_chance(digits: int, attempts: int) -> None:
    chance = random.Random(4)
    hits = sum(relay(chance, digits, is_committed=True) for _ in range(attempts))
    expected = attempts / 10**digits
    assert 0.8 * expected < hits < 1.2 * expected


def test_p4_without_the_commitment_it_would_always_hit() -> None:
    chance = random.Random(4)
    assert all(relay(chance, 2, is_committed=False) for _ in range(20))
