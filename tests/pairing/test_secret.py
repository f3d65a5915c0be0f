import pytest

from pairing.secret import Secret


def test_l2_a_secret_never_prints_itself() -> None:
    secret = Secret("xoxb-canary")
    assert "canary" not in f"{secret} {secret!r} {[secret]} {{'a': secret}}"
    assert secret.reveal() == "xoxb-canary"


def test_secrets_are_equal_by_their_text_and_to_nothing_else() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_a_secret_has_no_attributes_to_be_dumped() -> None:
    assert not hasattr(Secret("a"), "__dict__")
    with pytest.raises(AttributeError):
        Secret("a").text = "b"  # type: ignore[attr-defined]
