import pytest

from flows.rule_check import Remark, remarks_about, tidied, unprintable
from sync.rule import RuleSide
from sync.ticket import DeskFacts

OUT = RuleSide.OUTGOING


def nothing(side: RuleSide, text: str, facts: DeskFacts | None) -> tuple[Remark, ...]:
    return ()


def test_a_remark_shows_the_line_and_a_caret_under_the_column() -> None:
    source = "def a = 1\n\tif (a {\n}"
    assert Remark(2, 8, "expected ')' but found '{'").shown(source) == (
        "2:8: expected ')' but found '{'\n    \tif (a {\n    \t      ^"
    )


def test_of_a_long_line_the_part_around_the_column_is_shown() -> None:
    source = "x = '" + "a" * 500 + "' + oops + '" + "b" * 500 + "'"
    _, line, caret = Remark(1, source.index("oops") + 1, "what").shown(source).split("\n")
    assert len(line) <= 104 and line[caret.index("^") :].startswith("oops")


@pytest.mark.parametrize(("line", "column"), [(0, 1), (9, 1), (3, 40)])
def test_a_place_outside_of_the_text_shows_an_empty_line(line: int, column: int) -> None:
    shown = Remark(line, column, "what").shown("a\nb\n")
    assert shown.startswith(f"{line}:{column}: what\n    \n") and shown.endswith("^")


def test_line_ends_of_any_machine_and_a_byte_order_mark_are_tidied() -> None:
    assert tidied("\ufeffa\r\nb\rc") == tidied("a\nb\nc\n\n ") == "a\nb\nc\n"
    assert tidied(" \n\t") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("a = '\u202ex'", "\\u202e"), ("ab = \x00", "\\u0000"), ("a = '\x1b'", "\\u001b"), ("s = '\ud83c'", "\\ud83c")],
)
def test_what_nobody_can_see_is_refused_with_its_place(text: str, code: str) -> None:
    (remark,) = unprintable("first\n" + text)
    assert (remark.line, remark.column) == (2, 6)
    assert code in remark.text and not remark.may_pass


def test_tabs_umlauts_and_joined_emoji_are_plain_text() -> None:
    assert unprintable("\tissue.status = 'Über 👨\u200d👩\u200d👧'") == ()


@pytest.mark.parametrize(
    ("text", "words"), [(" \n\t", "write a comment"), ("x" * 300_000, "300,000 characters are too many")]
)
def test_nothing_and_too_much_are_said_before_the_language_is_asked(text: str, words: str) -> None:
    def never(side: RuleSide, text: str, facts: DeskFacts | None) -> tuple[Remark, ...]:
        raise AssertionError

    (remark,) = remarks_about(OUT, text, never)
    assert words in remark.text


def test_remarks_come_in_the_order_of_the_text() -> None:
    found = (Remark(3, 1, "c"), Remark(1, 9, "b"), Remark(1, 2, "a", may_pass=True))
    assert [one.text for one in remarks_about(OUT, "x\ny\nz", lambda side, text, facts: found)] == ["a", "b", "c"]
    assert remarks_about(OUT, "x", nothing) == ()
