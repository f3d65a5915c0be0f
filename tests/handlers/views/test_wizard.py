from dataclasses import replace

import pytest

from flows.wizard import Draft, Initiated
from handlers import ids
from handlers.views.wizard import Step, resume_view, sent_view, step_view, where_words
from pairing.secret import Secret
from pairing.terms import Reach, RulesMode
from tests.handlers.samples import (
    CODE,
    CONNECTION,
    DESK,
    INVITATION,
    MADE,
    NASTY,
    START,
    WORST,
    assert_mrkdwn_harmless,
    read_view,
)
from tests.handlers.world import seen

FULL = Draft(
    step=4,
    desk_id=DESK.id,
    reach=Reach.PUBLIC,
    partner_url="https://bridge.globex.example/" + "p" * 150,
    rules=RulesMode.SCRIPT,
    local_name="l" * 18,
    remote_name="r" * 18,
    name="n" * 40,
    description=(NASTY * 9)[:300],
    deliver="channel",
    deliver_to="C1",
)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("shared", [False, True])
def test_every_step_fits_and_says_where_it_is(number: int, shared: bool) -> None:
    every_field = (
        *("desk_id", "reach", "partner_url", "rules", "local_name", "remote_name", "name", "description"),
        *("deliver", "deliver_to", "shared_ok", "expiry_hours", "auto"),
    )
    errors = dict.fromkeys(every_field, NASTY)
    view = step_view(Step(replace(FULL, step=number), START, errors, shared, "C0ORIGIN"))
    text = read_view(view)
    assert f"step {number} of 4" in text
    assert view["callback_id"] == ids.VIEW_WIZARD[number] and view["private_metadata"] == "C0ORIGIN"
    assert view["notify_on_close"] is True
    assert ("Back" in text) == (number > 1)
    assert ("Send invitation" if number == 4 else "Next") in text
    assert_mrkdwn_harmless(view)


def test_each_reach_says_who_calls_whom() -> None:
    text = read_view(step_view(Step(Draft(), START)))
    assert "Partner's address" in text and "both sides call each other" in text
    assert "I don't have a URL for my partner" in text and "only they call us" in text
    assert "On this node" in text and "nobody calls anybody" in text


def test_the_address_is_asked_only_where_it_matters() -> None:
    assert "not of their service desk" not in seen(step_view(Step(Draft(reach=Reach.PRIVATE), START)))
    assert "not of their service desk" in seen(step_view(Step(Draft(reach=Reach.PUBLIC), START)))


def test_a_node_without_a_url_offers_local_only_and_says_what_to_do_instead() -> None:
    text = read_view(step_view(Step(Draft(reach=Reach.PUBLIC), replace(START, can_be_called=False))))
    assert "This node has no public URL" in text and "Ask your partner to make the code" in text
    assert "I don't have a URL for my partner" not in text and "On this node" in text


def test_without_a_desk_the_way_to_one_is_shown() -> None:
    text = read_view(step_view(Step(Draft(), replace(START, desks=()))))
    assert "Add a desk" in text and "first add the desk" in text


def test_a_hundred_desks_and_more_still_make_a_view() -> None:
    desks = tuple(replace(DESK, id=f"d{number:025}") for number in range(150))
    read_view(step_view(Step(Draft(), replace(START, desks=desks))))


def test_both_modes_are_explained() -> None:
    text = read_view(step_view(Step(Draft(step=2), START)))
    assert "free, for simple needs" in text and "the rules cannot be edited" in text
    assert "for simple to advanced needs. Groovy rules" in text and "each side configures its own" in text


def test_a_new_proposal_is_a_new_field() -> None:
    def block_ids(draft: Draft) -> set[str]:
        blocks = step_view(Step(replace(draft, step=3), START))["blocks"]
        assert isinstance(blocks, list)
        return {block["block_id"] for block in blocks if block["type"] == "input"}

    changed = block_ids(Draft(name="a_to_b")) ^ block_ids(Draft(name="a_to_c"))
    assert {block_id.split(".")[0] for block_id in changed} == {ids.NAME}


@pytest.mark.parametrize(("deliver", "asked"), [("dm", None), ("person", ids.PERSON), ("channel", ids.CHANNEL)])
def test_the_receiver_is_asked_where_there_is_one(deliver: str, asked: str | None) -> None:
    blocks = step_view(Step(replace(FULL, deliver=deliver, deliver_to="X"), START))["blocks"]
    assert isinstance(blocks, list)
    shown = {block["block_id"] for block in blocks if "block_id" in block} & {ids.PERSON, ids.CHANNEL}
    assert shown == ({asked} if asked else set())


def test_a_shared_channel_says_who_can_read_it_wants_a_tick_and_has_no_shortcut() -> None:
    text = read_view(step_view(Step(FULL, START, shared=True)))
    assert "is shared with another organisation" in text and "on every side, can read the code" in text
    assert "I understand that everyone in this channel can read the code" in text
    assert "Activate as soon as the code is used" not in text
    assert "Activate as soon as the code is used" in seen(step_view(Step(FULL, START)))


def test_the_summary_stands_before_the_submit() -> None:
    text = read_view(step_view(Step(replace(FULL, partner_url="https://b.example", description="Hi <!here>"), START)))
    assert "*What will be sent*" in text and "Only from the partner at https://b.example" in text
    assert "Script mode, on your side with desk `acme-desk`" in text and "“Hi &lt;!here&gt;”" in text


def test_an_unfinished_one_can_be_continued_or_started_again() -> None:
    text = read_view(resume_view(FULL, "C1"))
    assert "You have an unfinished invitation" in text and "Continue" in text and "Start again" in text
    assert "at step 4 of 4" in text


def test_the_last_view_shows_the_code_once_in_a_block_to_copy() -> None:
    view = sent_view(MADE, "<#C1>")
    text = read_view(view)
    assert text.count(CODE) == 1 and "The invitation was sent to <#C1>." in text
    assert "it cannot be shown again" in text and "your partner is *unknown*" in text
    assert "enter the number" in text
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    assert [block["type"] for block in blocks if CODE in seen(block)] == ["rich_text"]


def test_when_posting_failed_the_code_is_still_shown_and_it_is_said() -> None:
    text = read_view(sent_view(MADE, "<#C1>", "Type `/invite @Drawbridge` there."))
    assert CODE in text and "*The code was not sent to <#C1>.* Type `/invite @Drawbridge` there." in text


def test_without_a_number_the_last_view_says_so() -> None:
    made = Initiated(CONNECTION, replace(INVITATION, auto=True), Secret(CODE))
    assert "the connection is active from that moment" in read_view(sent_view(made, "x"))


def test_the_worst_names_fit_in_the_last_view() -> None:
    read_view(sent_view(Initiated(WORST, INVITATION, Secret("brg_" + "z" * 500)), "x" * 200, "y" * 300))


@pytest.mark.parametrize(
    ("deliver", "to", "words"),
    [("dm", "", "your direct messages"), ("person", "U1", "your direct messages"), ("person", "U2", "<@U2>")],
)
def test_where_it_went_is_named(deliver: str, to: str, words: str) -> None:
    assert where_words(deliver, to, "U1") == words
