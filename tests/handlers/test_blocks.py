"""C1, C5: text that anybody may have written does nothing but be read."""

from datetime import UTC, datetime

import pytest

from handlers import blocks
from handlers.blocks import Option, escape, in_code, visible


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "<!here>",
        "<!everyone>",
        "<@U123>",
        "<#C123>",
        "<!subteam^S123>",
        "<!date^0^{date}|x>",
        "<https://evil.example|https://bank.example>",
        "a & b",
    ],
)
def test_c1_no_sign_of_slacks_survives(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped and ">" not in escaped
    assert escaped.count("&") == escaped.count("&amp;") + escaped.count("&lt;") + escaped.count("&gt;")


@pytest.mark.parametrize(("typed", "shown"), [("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"), ("&amp;", "&amp;amp;")])
def test_c1_what_was_escaped_before_is_shown_as_it_was_typed(typed: str, shown: str) -> None:
    assert escape(typed) == shown


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\x00", "\x1b", "\u00ad"])
def test_c5_what_cannot_be_seen_is_left_out(hidden: str) -> None:
    assert visible(f"Ac{hidden}me") == "Acme"
    assert escape(f"Ac{hidden}me") == "Acme"
    assert blocks.plain(f"Ac{hidden}me")["text"] == "Acme"


def test_code_does_not_end_at_a_backtick_inside() -> None:
    assert in_code("a`b<`") == "`ab&lt;`"


def test_plain_text_shows_no_emoji_that_a_partner_typed() -> None:
    assert blocks.plain(":tada:")["emoji"] is False


def test_mrkdwn_makes_no_links_by_itself() -> None:
    assert blocks.mrkdwn("acme.io")["verbatim"] is True


def test_a_date_is_shown_in_the_readers_own_time() -> None:
    assert blocks.date(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == (
        "<!date^1767323040^{date_short_pretty} at {time}|2026-01-02 03:04 UTC>"
    )


def test_the_initial_option_is_one_of_the_options_or_there_is_none() -> None:
    options = (Option("a", "A" * 90, "n" * 90), Option("b", "B"))
    chosen = blocks.select("x", options, "a")
    assert isinstance(chosen["options"], list)
    assert chosen["initial_option"] == chosen["options"][0]
    assert "initial_option" not in blocks.radio("x", options, "gone")


def test_a_text_is_cut_where_slack_would_refuse_it() -> None:
    assert blocks.shortened("abcdef", 4) == "abc…"
    assert blocks.shortened("abcd", 4) == "abcd"
