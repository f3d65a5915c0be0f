from dataclasses import replace

import pytest

from flows.ticket_facts import Progress
from flows.tickets import Preview, Trouble
from handlers import ids
from handlers.blocks import Message
from handlers.views import tickets as views
from pairing.terms import RulesMode
from tests.handlers.samples import (
    ACTIVE,
    CONFLICT,
    FILL,
    LINK,
    NASTY,
    NOW,
    PARKED,
    WORST,
    assert_mrkdwn_harmless,
    line,
    read_message,
    read_view,
)

HERE = line(ACTIVE, None)
WORST_LINE = line(WORST, None)
WORST_PARKED = replace(PARKED, shown=NASTY[:60], text=(NASTY * 20)[:1000])
WORST_CONFLICT = replace(CONFLICT, field=NASTY[:60], ours='"' + "x" * 5000 + '"', theirs='["<!channel>", "b"]')


def test_the_scope_view_says_what_a_filter_does() -> None:
    text = read_view(views.scope_view(ACTIVE, "priority:>3"))
    assert "Empty: none is taken by itself" in text and "Show what it matches" in text


def test_a_preview_says_how_many_match_and_names_some() -> None:
    preview = Preview("priority:>3", 2, 40, ("#372 Printer smokes", "#373 Mail"), is_partial=False)
    text = read_view(views.scope_view(ACTIVE, "priority:>3", preview))
    assert (
        "*Matches now:* 2 of 40 tickets of the last 30 days." in text and "• #372 Printer smokes\n• #373 Mail" in text
    )
    some = replace(preview, is_partial=True, matches=500, looked_at=500)
    assert "at least 500 of 500" in read_view(views.scope_view(ACTIVE, "priority:>3", some))
    nothing = replace(preview, matches=0, examples=())
    assert "0 of 40" in read_view(views.scope_view(ACTIVE, "priority:>3", nothing))


def test_a_filter_that_cannot_be_read_is_shown_as_it_was_typed() -> None:
    text = read_view(views.scope_view(ACTIVE, "priority:", trouble="A value is missing <here>."))
    assert "*Please correct:* A value is missing &lt;here&gt;." in text


def test_a_card_of_a_ticket_that_a_rule_stopped_leads_to_its_line() -> None:
    stopped = replace(PARKED, code="rule", text="Cannot get property 'x' on null object (line 12, column 7)")
    script = replace(ACTIVE, rules=RulesMode.SCRIPT)
    buttons = views.parked_blocks(script, stopped)[2]["elements"]
    (edit,) = [one for one in buttons if one["action_id"] == ids.PARKED_RULE]  # type: ignore[attr-defined]
    assert edit["value"] == f"{script.id}:incoming:12:7"
    for connection, parked in ((ACTIVE, stopped), (script, replace(stopped, code="refused"))):
        assert "Edit rule" not in read_message(views.parked_card(line(connection, None), parked))
    assert "Edit rule" in read_message(views.parked_card(line(script, None), replace(stopped, text="It stopped.")))


def test_what_was_saved_is_said_in_words() -> None:
    assert "tickets that match `priority:&gt;3` travel" in read_view(views.scope_saved(ACTIVE, "priority:>3"))
    assert "takes no ticket by itself any more" in read_view(views.scope_saved(ACTIVE, " "))


def test_a_back_fill_says_what_it_does_before_it_begins() -> None:
    text = read_view(views.backfill_view(ACTIVE, ""))
    assert "created at your partner's desk" in text and "linked already are left out" in text and "Start" in text


@pytest.mark.parametrize(
    ("fill", "words", "can_stop"),
    [
        (FILL, "3 of 9 tickets taken; more are looked for.", True),
        (replace(FILL, is_looking=False), "the desk's list is complete", True),
        (replace(FILL, ended_at=NOW), "is done:* 3 tickets taken", False),
        (replace(FILL, ended_at=NOW, is_stopped=True), "stopped.* 3 tickets were taken; they stay linked.", False),
    ],
)
def test_progress_says_how_far_it_is(fill: Progress, words: str, can_stop: bool) -> None:
    message = views.progress(HERE, fill)
    assert words in read_message(message)
    assert (ids.BACKFILL_STOP in str(message.blocks)) is can_stop


def test_a_parked_ticket_says_why_and_what_can_be_done() -> None:
    text = read_message(views.parked_card(HERE, PARKED))
    for words in ("Globex's ticket #118 could not be written", "no status “Frozen”", "Retry", "Skip this change?"):
        assert words in text


def test_nothing_parked_says_so() -> None:
    assert "Nothing is parked" in read_message(views.troubles(()))
    assert "Nothing is parked" in read_view(views.troubles_view(ACTIVE, ()))


def test_many_parked_fit_and_the_rest_is_counted() -> None:
    many = tuple(Trouble(WORST, replace(WORST_PARKED, envelope_id=f"e{number:025}")) for number in range(50))
    assert "And 40 more" in read_message(views.troubles(many))
    view = views.troubles_view(WORST, many, "Skipped.")
    assert "And 40 more" in read_view(view) and "Skipped." in read_view(view)
    assert_mrkdwn_harmless(view)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("rule", "a rule or a value over there does not fit"),
        ("refused", "their desk refused it"),
        ("linked_already", "is linked already"),
        ("not_joined", "they said no"),
        ("something new", "their node could not read it"),
    ],
)
def test_what_the_partner_could_not_write_is_said_with_its_reason(code: str, words: str) -> None:
    assert words in read_message(views.parked_there(HERE, "372", code))


def test_a_conflict_shows_both_values_and_offers_the_other() -> None:
    text = read_message(views.conflict_card(HERE, LINK, CONFLICT))
    assert "Yours stays" in text and "Stays: High\nWas set aside: Low" in text and "Take the other value" in text
    theirs = read_message(views.conflict_card(HERE, LINK, replace(CONFLICT, ours_stays=False)))
    assert "Your partner's stays" in theirs and "Stays: Low\nWas set aside: High" in theirs


def test_a_conflict_whose_other_value_was_taken_has_no_button() -> None:
    card = views.conflict_card(HERE, LINK, CONFLICT.after_taking())
    assert "The other value was taken." in read_message(card) and ids.CONFLICT_TAKE not in str(card.blocks)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [('"High"', "High"), ("null", "(empty)"), ('""', "(empty)"), ("[]", "(none)"), ('["a", "b"]', "a, b"), ("3", "3")],
)
def test_values_are_shown_as_people_write_them(stored: str, shown: str) -> None:
    assert f"Stays: {shown}\n" in read_message(views.conflict_card(HERE, LINK, replace(CONFLICT, ours=stored)))


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("deleted here", "yours was deleted"),
        ("spam there", "your partner's was marked as spam"),
        ("merged there", "your partner's was merged"),
        ("unlinked there", "your partner's was unlinked"),
        ("", "your partner's is gone"),
    ],
)
def test_a_cut_says_what_happened_and_what_stays(why: str, words: str) -> None:
    text = read_message(views.cut(HERE, "372", "#118", why))
    assert words in text and "neither is created again by itself" in text


def test_what_is_asked_and_told_reads_as_a_sentence() -> None:
    assert "would like to link their ticket #118 with your `#372`" in read_message(
        views.join_asked(HERE, "372", "#118", "Printer")
    )
    assert "was paused to be safe:* 50 new tickets" in read_message(views.braked(HERE, "50 new tickets"))
    assert "Replace the key with `/connect setup`" in read_message(views.desk_refused("acme", "/connect"))
    assert "takes the key again" in read_message(views.desk_back("acme"))
    assert "has not been heard of for ten minutes" in read_message(views.out_of_reach(HERE))
    assert "is back" in read_message(views.in_reach(HERE))


@pytest.mark.parametrize(
    "message",
    [
        views.progress(WORST_LINE, FILL),
        views.parked_card(WORST_LINE, WORST_PARKED),
        views.parked_there(WORST_LINE, NASTY, NASTY),
        views.conflict_card(WORST_LINE, replace(LINK, our_ticket=NASTY[:40]), WORST_CONFLICT),
        views.cut(WORST_LINE, NASTY, NASTY, NASTY),
        views.braked(WORST_LINE, NASTY),
        views.join_asked(WORST_LINE, NASTY, NASTY, NASTY * 3),
        views.desk_refused(NASTY, "/connect"),
        views.desk_back(NASTY),
        views.out_of_reach(WORST_LINE),
        views.in_reach(WORST_LINE),
    ],
)
def test_c1_nothing_that_a_partner_wrote_does_anything(message: Message) -> None:
    read_message(message)
