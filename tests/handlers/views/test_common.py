from typing import Any

from handlers import ids
from handlers.blocks import actions, button, input_block, modal, section, text_input
from handlers.views import common
from handlers.views.desks import add_view
from tests.handlers.samples import NASTY, assert_mrkdwn_harmless, read_view
from tests.handlers.views.test_desks import KINDS
from tests.handlers.world import as_sent, seen


def typed_again(view: dict[str, Any], errors: dict[str, str], **typed: str) -> dict[str, Any]:
    sent = as_sent(view, **typed)
    return common.again(sent, sent["state"]["values"], errors)


def test_a_form_comes_back_as_it_was_filled_in_with_the_sentence_under_its_field() -> None:
    view = typed_again(
        add_view(KINDS),
        {"address": "There is no desk."},
        kind="memory",
        short_name="acme",
        address="a",
        api_key="toy-1",
    )
    text = read_view(view)
    assert "*Please correct:* There is no desk." in text
    inputs = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert inputs[ids.KIND]["initial_option"]["value"] == "memory"
    assert inputs[ids.ADDRESS]["initial_value"] == "a"
    order = [block.get("block_id") for block in view["blocks"]]
    assert order.index("wrong.address") == order.index("address") + 1


def test_what_must_not_be_repeated_is_not() -> None:
    view = typed_again(add_view(KINDS), {}, short_name="acme", api_key="toy-secret")
    assert "toy-secret" not in str(view)


def test_the_second_sentence_replaces_the_first() -> None:
    once = typed_again(add_view(KINDS), {"address": "First."}, short_name="a")
    twice = typed_again(once, {"address": "Second."}, short_name="a")
    assert "First." not in seen(twice) and "Second." in read_view(twice)


def test_what_belongs_to_no_field_stands_at_the_top() -> None:
    view = typed_again(add_view(KINDS), {"": f"Too many. {NASTY}"})
    assert "Too many." in seen(view["blocks"][0])
    read_view(view)
    assert_mrkdwn_harmless(view)


def test_slacks_own_additions_do_not_travel_back() -> None:
    view = modal(
        "x", "X", [input_block("a", "A", text_input("t", longest=5)), actions(button("B", "b"))], submit="Go", meta="m"
    )
    sent = as_sent(view)
    assert {"id", "hash", "state", "team_id"} <= set(sent)
    assert not {"id", "hash", "state", "team_id"} & set(common.again(sent, sent["state"]["values"], {}))
    assert common.again(sent, sent["state"]["values"], {})["private_metadata"] == "m"


def test_a_note_closes_everything_under_it() -> None:
    assert common.note("T", section("x"))["clear_on_close"] is True
    read_view(common.waiting("Checking…", "Asking."))
    read_view(common.trouble_view("No."))


def test_an_unexpected_error_names_its_reference_and_nothing_else() -> None:
    assert "`ref1`" in common.unexpected("ref1")
