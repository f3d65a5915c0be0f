"""The windows of rules within Slack's limits, whatever people and desks wrote."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.rule_check import Remark
from flows.rule_drafts import RuleDraft
from flows.rule_trial import Counted, Summary, TicketTrial, Tried, Verdict
from flows.rules import RulesOpen, RuleText
from handlers import ids
from handlers.blocks import View
from handlers.views.rule_trials import trial_message, try_view
from handlers.views.rule_versions import compare_view, diff_view, saved_view, versions_view
from handlers.views.rules import LONGEST, Editor, editor_view, fits_in_a_field
from pairing.terms import RulesMode
from sync.rule import RuleEntry, RuleSide, RuleVersion
from tests.handlers import samples

OUT, IN = RuleSide.OUTGOING, RuleSide.INCOMING
CONNECTION = replace(samples.CONNECTION, rules=RulesMode.SCRIPT)
FULL = ("x = '" + samples.NASTY + "'\n") * 100
LONG = "// " + "y" * 200_000 + "\n" + FULL * 5


def opened(outgoing: str = "// out\n", incoming: str = "// in\n", number: int = 0) -> RulesOpen:
    """What runs is version `number` of short texts; the draft holds these."""
    out, into = (RuleText(side, number, f"// {side}\n", "U1", "why", samples.NOW) for side in RuleSide)
    return RulesOpen(CONNECTION, out, into, bool(number), RuleDraft(outgoing, incoming, (number, number)))


def accepted(view: View) -> str:
    """Its text, once Slack would have taken it."""
    assert len(json.dumps(view)) < 250_000
    return samples.read_view(view)


def wrong(count: int) -> tuple[Remark, ...]:
    return tuple(Remark(number, 50, samples.LONG * 10) for number in range(1, count + 1))


@pytest.mark.parametrize("text", ["// short\n", FULL[:LONGEST], LONG])
def test_the_editor_takes_texts_of_any_length(text: str) -> None:
    view = editor_view(Editor(opened(text, text, 3), {OUT: wrong(30), IN: wrong(30)}, said="said", at=(IN, 9, 9)))
    said = accepted(view)
    assert "And 22 more" in said and "version 3 by <@U1>" in said and "`httpClient` is *on*" in said
    fields = {block["block_id"].partition(".")[0] for block in view["blocks"] if block["type"] == "input"}  # type: ignore[attr-defined]
    texts = set(ids.RULE_TEXT.values()) if fits_in_a_field(text) else set()
    assert fields == texts | set(ids.RULE_FILE.values())


def test_what_fits_is_counted_as_browsers_count() -> None:
    assert fits_in_a_field("x" * LONGEST + "\n") and not fits_in_a_field("x" * (LONGEST + 1))
    assert not fits_in_a_field("🌉" * (LONGEST // 2 + 1))


def test_another_text_of_ours_stands_in_another_field() -> None:
    def fields(editor: Editor) -> list[str]:
        return [block["block_id"] for block in editor_view(editor)["blocks"] if block["type"] == "input"]  # type: ignore[attr-defined]

    assert fields(Editor(opened())) == fields(Editor(opened(), said="x"))
    assert not set(fields(Editor(opened()))) & set(fields(Editor(opened("// other\n", "// other\n"))))
    assert not set(fields(Editor(opened()))) & set(fields(Editor(opened(), salt="1")))


def test_a_difference_of_any_size_fits_and_the_rest_is_counted() -> None:
    said = accepted(diff_view(opened(LONG, FULL, 998), {OUT: wrong(9)}))
    assert "does not fit into this window" in said and "Save version 999" in said
    assert "\u202e" not in said


def test_versions_with_long_notes_fit() -> None:
    entries = tuple(
        RuleEntry(OUT, number, "U1", samples.LONG + "n" * 100, samples.NOW - timedelta(days=number), "a" * 64, 9)
        for number in range(50, 0, -1)
    )
    said = accepted(versions_view(opened(number=50), OUT, entries, said="said"))
    assert "*Version 50* (runs now)" in said and "Older ones are in the menus below." in said


def test_a_comparison_says_what_restoring_does() -> None:
    look, against = RuleText(OUT, 7, LONG), RuleText(OUT, 9, FULL)
    said = accepted(compare_view(opened(number=9), look, against, {OUT: wrong(9)}))
    assert "Restore version 7" in said and "Restoring makes version 10" in said
    assert "It cannot be restored as it is" in said


def test_what_was_saved_counts_the_tickets_that_wait() -> None:
    version = RuleVersion.of("c", OUT, 3, "x", author="U1", note="", at=samples.NOW)
    assert "2 tickets wait for a person" in accepted(saved_view(CONNECTION, (version,), 2))
    assert "1 ticket waits for a person: *Retry* on its card" in accepted(saved_view(CONNECTION, (version,), 1))
    both = accepted(saved_view(CONNECTION, (version, replace(version, side=IN)), 0))
    assert "They run from the next change" in both and "restore it from the versions" in both and "Versions" in both
    assert "for a person" not in accepted(saved_view(CONNECTION, (version,), 0))


LINES = tuple(f"custom.{number}: {samples.LONG * 3}" for number in range(60))
TRIED = Tried(OUT, Verdict.UPDATE, LINES, LINES, LINES, samples.LONG * 50, 3, ("What is gone is <not> tried.",))


def test_a_trial_of_a_ticket_with_much_in_it_fits() -> None:
    trial = TicketTrial("#372", samples.LONG * 9, TRIED, replace(TRIED, side=IN))
    recent = tuple((str(number), samples.LONG * 3) for number in range(25))
    said = accepted(try_view(opened("// typed\n", number=3), recent, trial=trial, said="said"))
    assert "outgoing: what you typed" in said and "your ticket would change" in said
    assert "What is gone is &lt;not&gt; tried." in said
    accepted(try_view(opened(), None))


@pytest.mark.parametrize("end", ["", "over", "stopped", "trouble"])
def test_a_trial_of_many_tickets_is_one_message_within_limits(end: str) -> None:
    counted = Counted(dict.fromkeys(Verdict, 9999), dict.fromkeys(Verdict, (samples.LONG * 20,) * 3))
    summary = Summary(30, 9999, counted, counted, 12345, 678, is_over=bool(end), was_stopped=end == "stopped")
    message = trial_message("acme_to_globex", "c" * 26, summary, samples.NASTY if end == "trouble" else "")
    said = samples.read_message(message)
    assert ("Stop" in said.splitlines()) is (end == "")
    assert "comments and files as they stand at your ticket" in said
    assert ("12,345 calls of your desk and 678 of your partner's" in said) is bool(end)
    assert not end or "124 minutes or less" in said
