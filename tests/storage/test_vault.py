import base64

import pytest

from storage.errors import ConfigError, SecretUnreadable
from storage.vault import KeyRing, kid_of, new_key_text

ONE, TWO = KeyRing((b"1" * 32,)), KeyRing((b"2" * 32,))
PLACE = ("organisation", "desk_token", "desk")


def test_what_was_sealed_can_be_opened() -> None:
    assert ONE.open(*PLACE, ONE.seal(*PLACE, b"secret")) == b"secret"


def test_the_same_secret_never_looks_the_same() -> None:
    assert ONE.seal(*PLACE, b"secret") != ONE.seal(*PLACE, b"secret")


def test_a_sealed_text_names_its_version_and_its_key_but_shows_nothing() -> None:
    version, kid, rest = ONE.seal(*PLACE, b"secret").split(".")
    assert (version, kid) == ("s1", ONE.kid)
    assert len(kid) == 8
    assert b"secret" not in base64.urlsafe_b64decode(rest + "==")


@pytest.mark.parametrize("place", range(3))
def test_v2_a_secret_that_was_moved_does_not_open(place: int) -> None:
    sealed = ONE.seal(*PLACE, b"secret")
    elsewhere = [*PLACE]
    elsewhere[place] = "other"
    with pytest.raises(SecretUnreadable):
        ONE.open(elsewhere[0], elsewhere[1], elsewhere[2], sealed)


def test_v2_parts_of_a_place_cannot_be_shifted_into_each_other() -> None:
    with pytest.raises(SecretUnreadable):
        ONE.open("organisation", "desk_tokend", "esk", ONE.seal(*PLACE, b"secret"))


def test_v2_no_changed_character_opens() -> None:
    sealed = ONE.seal(*PLACE, b"secret")
    for at, character in enumerate(sealed):
        changed = sealed[:at] + ("A" if character != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(SecretUnreadable):
            ONE.open(*PLACE, changed)


def test_v2_no_truncated_text_opens() -> None:
    sealed = ONE.seal(*PLACE, b"secret")
    for end in range(len(sealed)):
        with pytest.raises(SecretUnreadable):
            ONE.open(*PLACE, sealed[:end])


@pytest.mark.parametrize("text", ["", "s1", "s2.aaaaaaaa.bbbb", "s1..", "s1.é.é", "a.b.c.d", "s1.aaaaaaaa.====="])
def test_v2_nonsense_does_not_open(text: str) -> None:
    with pytest.raises(SecretUnreadable):
        ONE.open(*PLACE, text)


def test_v3_another_key_does_not_open_and_the_error_names_the_key_that_would() -> None:
    with pytest.raises(SecretUnreadable, match=ONE.kid):
        TWO.open(*PLACE, ONE.seal(*PLACE, b"secret"))


def test_v3_with_two_keys_both_open_and_the_first_seals() -> None:
    both = KeyRing((*TWO.masters, *ONE.masters))
    assert both.open(*PLACE, ONE.seal(*PLACE, b"secret")) == b"secret"
    assert kid_of(both.seal(*PLACE, b"secret")) == TWO.kid


def test_x7_the_key_of_one_organisation_does_not_open_the_secret_of_another() -> None:
    # The master is the same, and even the place is claimed to be the same: only the derived key differs.
    sealed = ONE.seal("theirs", "desk_token", "desk", b"secret")
    with pytest.raises(SecretUnreadable):
        ONE.open("ours", "desk_token", "desk", sealed)


def test_a_fresh_key_fits_the_settings() -> None:
    text = new_key_text()
    assert KeyRing.from_texts([text]).masters == (base64.b64decode(text),)
    assert new_key_text() != text


def test_no_key_is_refused_with_the_way_out() -> None:
    with pytest.raises(ConfigError, match="python -m bot keygen"):
        KeyRing.from_texts([])


@pytest.mark.parametrize("text", ["", "short", "ä", base64.b64encode(b"k" * 31).decode(), "*" * 44])
def test_an_unusable_key_is_named_by_its_place_and_never_shown(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        KeyRing.from_texts([new_key_text(), text])
    assert "Secret key 2" in str(caught.value)
    assert "keygen" in str(caught.value)
    assert not text or text not in str(caught.value)


def test_every_unusable_key_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        KeyRing.from_texts(["x", new_key_text(), "y"])
    assert len(caught.value.problems) == 2


def test_keys_do_not_print() -> None:
    assert "1111" not in repr(ONE)
