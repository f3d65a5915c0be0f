"""Every refusal of an inviter's node is a sentence that says what to do."""

import pytest

from exchange.errors import CLAIM_REFUSALS
from flows.refusals import refusal_sentence


@pytest.mark.parametrize("code", sorted(CLAIM_REFUSALS))
def test_every_code_has_its_own_sentence(code: str) -> None:
    sentence = refusal_sentence(code)
    assert sentence != refusal_sentence("a code of a later version")
    assert sentence.endswith(".") and code not in sentence


def test_an_unknown_code_still_says_what_to_do() -> None:
    assert "Ask your partner for a new one." in refusal_sentence("a code of a later version")
