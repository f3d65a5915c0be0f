from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.slack.page_text import Piece, Pieces, Reader, formatted_date, mrkdwn, rich_pieces, text_pieces

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
READER = Reader({"U1": "Alice", "C1": "acme-globex"}.get, NOW)


def shown(pieces: Pieces) -> str:
    """As text, with the kind of everything that is not plain."""
    return "".join(
        piece.text if piece.kind == "text" else f"[{piece.kind} {shown(piece.parts) or piece.text}]" for piece in pieces
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("*bold* and _italic_ and ~gone~", "[bold bold] and [italic italic] and [strike gone]"),
        ("*bold _both_*", "[bold bold [italic both]]"),
        ("*`code` in bold*", "[bold [code code] in bold]"),
        ("`*code*`", "[code *code*]"),
        ("snake_case_name 2*3*4 a ~ b", "snake_case_name 2*3*4 a ~ b"),
        ("* not bold * _ no _", "* not bold * _ no _"),
        ("*open\nend*", "*open\nend*"),
        ("&lt;b&gt; &amp;lt;", "<b> &lt;"),
        ("before ```\n*raw* &lt;i&gt;\n``` after", "before [pre *raw* <i>] after"),
        ("&gt; said\n&gt; *more*\nnot", "[quote said\n[bold more]]not"),
        ("<@U1> in <#C1|x>", "[mention @Alice] in [mention #acme-globex]"),
        ("<@U9|bob> <@U9> <#C9>", "[mention @bob] [mention @U9] [mention #C9]"),
        ("<!here> <!subteam^S1|@ops> <!channel>", "[mention @here] [mention @ops] [mention @channel]"),
        ("<https://x.example|*x*> <https://x.example>", "[link *x*] [link https://x.example]"),
        ("<mailto:a@b.example|a@b.example>", "[link a@b.example]"),
        ("see https://x.example/a?b=1&amp;c=2.", "see [link https://x.example/a?b=1&c=2]."),
        ("<!date^1795608000^{date_short_pretty} at {time}|then>", "[time today at 12:00]"),
        ("<!date^never^{date}|then>", "then"),
        ("<!date^99999999999999^{date}|then>", "then"),
        ("<>", "<>"),
        ("", ""),
    ],
)
def test_mrkdwn_is_read_as_slack_reads_it(text: str, expected: str) -> None:
    assert shown(mrkdwn(text, READER)) == expected


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "//x.example", "file:///etc"]
)
def test_only_links_to_the_web_and_to_mail_are_links(target: str) -> None:
    assert mrkdwn(f"<{target}|words>", READER) == (Piece("text", "words"),)


def test_verbatim_text_finds_no_bare_links() -> None:
    text = {"type": "mrkdwn", "text": "see https://x.example", "verbatim": True}
    assert shown(text_pieces(text, READER)) == "see https://x.example"
    assert shown(text_pieces({"type": "plain_text", "text": "*x* <@U1>"}, READER)) == "*x* <@U1>"


def test_hostile_lengths_end_soon() -> None:
    for text in ("*" * 3000, "*a" * 1500, "<" * 3000, "`" * 3000, "_*~" * 1000, "&gt; " * 900, "*a _b " * 500):
        mrkdwn(text, READER)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{date_num} {time_secs}", "2026-11-24 08:05:09"),
        ("{date}", "November 24, 2026"),
        ("{date_short}", "Nov 24, 2026"),
        ("{date_long}", "Tuesday, November 24, 2026"),
        ("{date_pretty} {time}", "yesterday 08:05"),
        ("{ago}", "1 days ago"),
        ("{unknown}", "{unknown}"),
    ],
)
def test_dates_are_written_as_the_format_says(form: str, expected: str) -> None:
    assert formatted_date(datetime(2026, 11, 24, 8, 5, 9, tzinfo=UTC), form, NOW) == expected


def test_pretty_dates_far_away_are_dates() -> None:
    assert formatted_date(NOW + timedelta(days=1), "{date_long_pretty}", NOW) == "tomorrow"
    assert formatted_date(NOW + timedelta(days=9), "{date_short_pretty}", NOW) == "Dec 4, 2026"


def test_rich_text_keeps_its_parts_apart() -> None:
    line = {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": "a", "style": {"bold": True, "italic": True}},
            {"type": "text", "text": "b", "style": {"code": True}},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C9"},
            {"type": "broadcast", "range": "here"},
            {"type": "emoji", "name": "wave"},
            {"type": "link", "url": "https://x.example"},
            {"type": "link", "url": "javascript:x", "text": "no"},
            {"type": "date", "timestamp": 1795608000, "format": "{time}", "fallback": "then"},
            {"type": "color", "value": "#fff"},
        ],
    }
    pre = {
        "type": "rich_text_preformatted",
        "elements": [{"type": "text", "text": "x "}, {"type": "text", "text": "<y>"}],
    }
    steps = {"type": "rich_text_list", "style": "ordered", "elements": [line]}
    block = {"type": "rich_text", "elements": [line, pre, steps, {"type": "rich_text_quote", "elements": []}]}
    words = (
        "[italic [bold a]][code b][mention @Alice][mention #C9][mention @here]:wave:"
        "[link https://x.example]no[time 12:00]#fff"
    )
    assert shown(rich_pieces(block, READER)) == f"[line {words}][pre x <y>][numbers [line {words}]][quote ]"
