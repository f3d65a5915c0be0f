import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pairing.keys import is_good_key, key_id

P = 2**255 - 19
LOW_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]


@pytest.mark.parametrize("low", LOW_ORDER)
@pytest.mark.parametrize("sign", [0, 0x80])
def test_s8_a_point_of_low_order_is_no_key(low: str, sign: int) -> None:
    raw = bytes.fromhex(low)
    assert not is_good_key(raw[:31] + bytes([raw[31] | sign]))


@pytest.mark.parametrize("y", [P, P + 1, 2**255 - 1])
def test_s8_a_second_spelling_of_a_point_is_no_key(y: int) -> None:
    assert not is_good_key(y.to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_s8_a_key_of_another_size_is_no_key(size: int) -> None:
    assert not is_good_key(b"\x05" * size)


def test_every_key_that_the_library_makes_is_good() -> None:
    for number in range(200):
        seed = number.to_bytes(32, "big")
        assert is_good_key(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def test_the_library_itself_takes_a_point_of_low_order_for_which_one_signature_fits_all() -> None:
    """Why is_good_key exists."""
    identity = bytes.fromhex(LOW_ORDER[1])
    for message in (b"one", b"another"):
        Ed25519PublicKey.from_public_bytes(identity).verify(identity + bytes(32), message)
    assert not is_good_key(identity)


def test_i1_the_key_ids_of_the_vector() -> None:
    acme = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
    globex = bytes.fromhex("29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7")
    assert key_id(acme) == "lsybd6vtb5iao65uat5cs454gy"
    assert key_id(globex) == "rp6ai26e3rvc27sob4gurclzse"
