"""Basic mode's two texts do what its plain functions did."""

import itertools
from dataclasses import replace

import pytest

from rules.errors import RuleError
from rules.host.known import known_names
from rules.host.scene import SeenComment, SeenReplica, SeenTicket
from rules.language.check import check
from rules.shipped import shipped
from sync.form import DeskFacts
from sync.rule import SIDES, RuleSide
from tests.rules.host.scenes import FACTS, REPLICA, TICKET, incoming, outgoing

OUT, IN = shipped(RuleSide.OUTGOING), shipped(RuleSide.INCOMING)
SENT = ("summary", "description", "type", "status", "priority", "tags")


@pytest.mark.parametrize("side", SIDES)
def test_the_texts_may_be_saved_as_they_are(side: RuleSide) -> None:
    assert check(shipped(side), known_names(side, FACTS)) == ()


def test_the_common_fields_leave_and_no_others() -> None:
    for count in range(len(SENT) + 1):
        for names in itertools.combinations(SENT, count):
            fields = {name: TICKET.fields[name] for name in names}
            out = outgoing(OUT, ticket=replace(TICKET, fields={**fields, "custom.cost": 1, "group": "Desktop"}))
            assert out.fields == fields


def test_an_empty_field_leaves_as_empty() -> None:
    fields: dict[str, object] = {"summary": "x", "description": "", "type": None, "tags": []}
    assert outgoing(OUT, ticket=SeenTicket("1", fields=fields)).fields == fields


def test_internal_notes_and_their_files_never_leave() -> None:
    out = outgoing(OUT)
    assert [comment.id for comment in out.comments] == ["1", "3"]
    assert out.files == ("5", "8")
    assert out.requester is not None
    assert out.requester.email == "bob@ours.example"


def test_fields_arrive_in_our_spelling() -> None:
    fields = {"summary": "s", "status": " open ", "priority": "HIGH", "type": "incident", "tags": ["a"]}
    assert incoming(IN, replica=SeenReplica(fields=fields)).fields == {
        "summary": "s", "status": "Open", "priority": "High", "type": "Incident", "tags": ["a"],
    }  # fmt: skip


@pytest.mark.parametrize("name", SENT)
def test_what_is_not_told_is_left_alone(name: str) -> None:
    fields = {
        "summary": "s",
        "description": "d",
        "type": "Incident",
        "status": "Open",
        "priority": "Low",
        "tags": ["a"],
    }
    told = {key: value for key, value in fields.items() if key != name}
    assert incoming(IN, replica=SeenReplica(fields=told)).fields == told


def test_an_emptied_field_is_emptied() -> None:
    assert incoming(IN, replica=SeenReplica(fields={"description": None, "tags": []})).fields == {
        "description": None, "tags": [],
    }  # fmt: skip


def test_a_type_that_we_do_not_have_is_left() -> None:
    assert incoming(IN, replica=SeenReplica(fields={"type": "Epic"})).fields == {}
    assert incoming(IN, replica=SeenReplica(fields={"type": "Epic"}), facts=DeskFacts(())).fields in (
        {},
        {"type": "Epic"},
    )


@pytest.mark.parametrize(
    ("name", "ours"), [("status", "Open, Pending, Resolved, Closed"), ("priority", "Low, Medium, High, Urgent")]
)
def test_a_choice_that_we_do_not_have_stops_the_ticket_and_names_ours(name: str, ours: str) -> None:
    with pytest.raises(RuleError) as stopped:
        incoming(IN, replica=SeenReplica(fields={name: "Odd"}))
    assert str(stopped.value) == (
        f"Your partner's {name} “Odd” is none of your desk's. Yours are: {ours}. Add it to your"
        " desk's form, or ask your partner to choose another one; then press Retry."
    )
    assert stopped.value.rule == "incoming"
    assert stopped.value.line > 0


def test_a_desk_that_tells_no_choices_takes_any() -> None:
    assert incoming(IN, replica=SeenReplica(fields={"status": "Odd"}), facts=DeskFacts(())).fields == {"status": "Odd"}


def test_comments_name_their_author_as_plain_text() -> None:
    came = SeenReplica(comments=(SeenComment("1", "hello *you*", "A_nn <b>"),))
    assert incoming(IN, replica=came).comments[0].text == "**A\\_nn \\<b\\>** (Globex):\n\nhello *you*"


def test_comments_and_files_arrive_in_order() -> None:
    out = incoming(IN, replica=replace(REPLICA, fields={}))
    assert [comment.id for comment in out.comments] == ["91", "92", "90"]
    assert out.files == ("95", "96")
    assert out.removed == ("4",), "our copy of 89, which is gone over there"
