"""What people type behind the command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import ids
from handlers.needs import COMMAND_WORDS
from handlers.parse import Typed, read_command

CODE = "brg_2scj3dtkf4"


@pytest.mark.parametrize("word", COMMAND_WORDS)
def test_every_command_is_understood(word: str) -> None:
    assert read_command(word).word == word


@pytest.mark.parametrize(
    "text",
    [
        "status acme",
        "  STATUS   acme ",
        "Status: acme",
        '"status" "acme"',
        "`status acme`",
        "status `acme`.",
        "status «Acme»!",
    ],
)
def test_case_spaces_quotes_and_punctuation_do_not_matter(text: str) -> None:
    typed = read_command(text)
    assert (typed.word, typed.names) == (ids.STATUS, ("acme",))


@pytest.mark.parametrize("text", ["", "   ", "\n", "help", "HELP!", "help?"])
def test_nothing_at_all_is_a_call_for_help(text: str) -> None:
    assert read_command(text).word == ids.HELP


@pytest.mark.parametrize(
    "text",
    [
        f"accept {CODE}",
        f"ACCEPT  `{CODE}`",
        f"accept\n{CODE}",
        f"accept Alice 10:42 here is the code: {CODE} thanks",
    ],
)
def test_what_follows_accept_is_handed_on_as_typed(text: str) -> None:
    typed = read_command(text)
    assert typed.word == ids.ACCEPT
    assert CODE in typed.rest


@pytest.mark.parametrize(
    "text",
    [CODE, f"`{CODE}`", f"please use {CODE}", f"/connect accept {CODE}", "BRG_2SCJ3DTKF4", "the code is b rg_2scj"],
)
def test_a_code_without_the_word_is_accepted_too(text: str) -> None:
    typed = read_command(text)
    assert typed.word == ids.ACCEPT
    assert typed.rest == text


def test_links_and_signs_that_slack_wraps_are_unwrapped() -> None:
    typed = read_command("edit <http://acme.io|acme.io> &amp; &lt;more&gt; <https://globex.com>")
    assert typed.rest == "http://acme.io & <more> https://globex.com"


@pytest.mark.parametrize(
    ("text", "repeated"), [("xyz", "xyz"), ("Frobnicate now", "frobnicate"), ("zu-rück", "zu-rück")]
)
def test_a_strange_word_is_repeated(text: str, repeated: str) -> None:
    assert read_command(text) == Typed("", unknown=repeated)


@pytest.mark.parametrize(
    "text", ["a" * 21, "2scj3dtkf4zzzz0123456789abcdef", "<@U123|x> hi", "a`b", "<https://evil|x>"]
)
def test_what_could_be_a_damaged_code_or_a_trick_is_not_repeated(text: str) -> None:
    assert read_command(text) == Typed("", unknown="")


def test_what_was_typed_never_prints() -> None:
    assert CODE not in repr(read_command(f"accept {CODE}"))


@given(st.text())
def test_whatever_was_typed_is_read_as_something(text: str) -> None:
    typed = read_command(text)
    assert typed.word in ("", *COMMAND_WORDS)
    assert "`" not in typed.unknown and len(typed.unknown) <= 20
