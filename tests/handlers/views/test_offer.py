from dataclasses import replace

import pytest

from handlers import ids
from handlers.views.offer import accepted_view, decline_view, declined_view, offer_view, paste_view
from tests.handlers.samples import (
    DESK,
    LONG,
    NASTY,
    OFFER,
    TERMS,
    accepted,
    assert_mrkdwn_harmless,
    read_view,
)


def test_p7_the_host_of_the_code_stands_first_and_the_rest_is_as_stated() -> None:
    view = offer_view(OFFER)
    text = read_view(view)
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    assert blocks[0]["type"] == "header" and blocks[0]["text"]["text"] == "bridge.acme.example"
    assert "verified by its certificate" in text
    assert "Organisation (as stated): Acme" in text and "Description (as stated): Our incidents" in text
    assert "Script: Groovy rules" in text and "Public: both sides call each other" in text
    assert "Your partner's side wins" in text and "The code is good until <!date^" in text
    assert "*Did you expect this?*" in text
    assert "Accept" in text and "Decline" in text


def test_an_unencrypted_host_is_called_so() -> None:
    assert "*Unencrypted test connection:*" in read_view(offer_view(replace(OFFER, unencrypted=True)))


def test_on_this_node_no_host_takes_part() -> None:
    assert "no other host takes part" in read_view(offer_view(replace(OFFER, host="this node")))


def test_the_only_desk_is_chosen_and_the_names_are_proposed() -> None:
    view = offer_view(OFFER)
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    inputs = {block["block_id"]: block["element"] for block in blocks if block["type"] == "input"}
    assert inputs[ids.DESK]["initial_option"]["value"] == DESK.id
    assert inputs[ids.LOCAL_NAME]["initial_value"] == "globex"
    assert inputs[ids.NAME]["initial_value"] == "globex_to_acme"


def test_the_worst_offer_fits_and_harms_nobody() -> None:
    terms = replace(TERMS, organisation=LONG, description=(NASTY * 10)[:300], inviter_name=LONG, invitee_name=LONG)
    view = offer_view(replace(OFFER, terms=terms, host="h" * 180, proposed_name="n" * 40))
    read_view(view)
    assert_mrkdwn_harmless(view)
    declined = declined_view(LONG)
    read_view(declined)
    assert_mrkdwn_harmless(declined)


def test_only_the_opaque_reference_travels_through_the_client() -> None:
    assert offer_view(OFFER)["private_metadata"] == OFFER.ref
    assert decline_view(OFFER.ref)["private_metadata"] == OFFER.ref


def test_a_code_can_be_pasted_with_all_that_stands_around_it() -> None:
    assert "or the whole message that it came in" in read_view(paste_view())
    assert "A character was &lt;changed&gt;" in read_view(paste_view("A character was <changed>"))


def test_after_accepting_the_number_is_shown_large_and_who_types_it() -> None:
    text = read_view(accepted_view(accepted("274578")))
    assert "Tell the person at Globex who sent you the code this number: *274 578*. It is not secret." in text
    assert "They have to type it into their Slack" in text


@pytest.mark.parametrize(
    ("number", "at_once", "words"),
    [
        (None, False, "did not answer in time, so we keep trying"),
        (None, True, "is active.* Globex wanted no number"),
        ("123456", True, "is active.* Globex wanted no number"),
    ],
)
def test_without_a_number_it_is_said_why(number: str | None, at_once: bool, words: str) -> None:
    assert words in read_view(accepted_view(accepted(number, at_once=at_once)))


def test_declining_asks_for_a_reason_that_may_be_empty() -> None:
    view = decline_view("r")
    assert "with your reason" in read_view(view) and "Back" in read_view(view)
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    assert blocks[1]["optional"] is True


def test_without_a_number_it_may_still_take_a_moment_to_become_active() -> None:
    soon = replace(accepted(None, at_once=True), connection=accepted(None).connection)
    assert "becomes active by itself" in read_view(accepted_view(soon))
