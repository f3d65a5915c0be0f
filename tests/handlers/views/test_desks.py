from dataclasses import replace

from handlers import ids
from handlers.doors import DeskChoice
from handlers.views.desks import add_view, desk_options, desks_view, key_view, no_desk_view, requester_view
from tests.handlers.samples import DESK, NASTY, assert_mrkdwn_harmless, read_view

KINDS = (
    DeskChoice("freshservice", "Freshservice", "https://acme.freshservice.com"),
    DeskChoice("memory", "Toy", "memory:a"),
)


def test_no_desk_says_what_a_desk_is() -> None:
    assert "A desk is one account of a service desk" in read_view(desks_view((), KINDS))


def test_every_desk_has_its_buttons_and_removing_asks_first() -> None:
    text = read_view(desks_view((DESK,), KINDS, "*Done.*"))
    assert "*acme-desk*   Freshservice" in text and "https://acme.freshservice.com" in text and "*Done.*" in text
    assert "Replace key" in text and "Remove acme-desk?" in text and "tickets stay as they are" in text


def test_many_desks_fit() -> None:
    desks = tuple(replace(DESK, id=f"d{number:025}", short_name=f"d{number}") for number in range(60))
    read_view(desks_view(desks, KINDS))


def test_the_key_is_asked_with_a_warning_and_never_repeated() -> None:
    text = read_view(add_view(KINDS))
    assert "It is readable on your screen while you type" in text and "never shown again" in text
    assert "Freshservice: https://acme.freshservice.com" in text
    assert ids.API_KEY in ids.NEVER_REPEATED
    read_view(key_view(DESK))
    read_view(requester_view(replace(DESK, fallback_requester="a@b.example")))


def test_the_only_kind_is_chosen() -> None:
    blocks = add_view(KINDS[:1])["blocks"]
    assert isinstance(blocks, list)
    assert blocks[0]["element"]["initial_option"]["value"] == "freshservice"


def test_a_desk_to_choose_shows_where_it_is() -> None:
    assert desk_options((DESK,))[0].text == "acme-desk (acme.freshservice.com)"
    assert desk_options((replace(DESK, address="memory:acme"),))[0].text == "acme-desk (memory:acme)"


def test_nasty_texts_harm_nobody() -> None:
    view = desks_view((replace(DESK, kind=NASTY, address=NASTY, fallback_requester=NASTY),), KINDS)
    read_view(view)
    assert_mrkdwn_harmless(view)
    assert_mrkdwn_harmless(no_desk_view(NASTY))
