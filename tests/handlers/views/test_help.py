from handlers.actor import Right
from handlers.needs import COMMAND_WORDS
from handlers.views.help import help_message
from tests.handlers.samples import read_message


def test_an_admin_is_shown_every_command_under_its_configured_name() -> None:
    text = read_message(help_message("/bridge", Right.ACT))
    assert all(f"`/bridge {word}" in text for word in COMMAND_WORDS)
    assert "`/bridge accept &lt;code&gt;` — use a code" in text


def test_a_member_is_shown_what_members_may_do() -> None:
    text = read_message(help_message("/connect", Right.SEE))
    assert "/connect list" in text and "/connect initiate" not in text and "/connect close" not in text
    assert "ask a workspace admin" in text


def test_a_strange_word_comes_first() -> None:
    assert read_message(help_message("/connect", Right.ACT, "xyz")).startswith("Unknown command: `xyz`.")


def test_a_word_that_must_not_be_repeated_is_not() -> None:
    assert read_message(help_message("/connect", Right.ACT, "")).startswith("That is none of the commands.")
