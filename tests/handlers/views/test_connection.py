from dataclasses import replace

import pytest

from handlers.blocks import in_code
from handlers.views.connection import (
    MOST_LISTED,
    close_view,
    edit_view,
    listed,
    menu,
    pending_message,
    status_message,
    status_view,
    which,
)
from pairing.connection import Connection, ConnectionState
from pairing.terms import ConflictPolicy, Reach, Side
from tests.handlers.samples import (
    ACTIVE,
    CLAIMED,
    CONNECTION,
    INVITATION,
    PARTNER,
    WORST,
    assert_mrkdwn_harmless,
    found,
    line,
    read_message,
    read_view,
)
from tests.handlers.world import seen

INVITEE = replace(PARTNER, side=Side.INVITEE)
CLOSED = replace(ACTIVE, state=ConnectionState.CLOSED, closed_at=ACTIVE.created_at, closed_reason="moved <on>")


@pytest.mark.parametrize(
    ("connection", "words"),
    [
        (CONNECTION, "*Pending*: waiting for your partner to use the code, until"),
        (INVITEE, "*Pending*: your partner has to type the number that your Slack showed."),
        (ACTIVE, "*Active*"),
        (replace(ACTIVE, state=ConnectionState.PAUSED, paused_by_us=True), "*Paused* by you\n"),
        (replace(ACTIVE, state=ConnectionState.PAUSED, paused_by_them=True), "*Paused* by your partner\n"),
        (
            replace(ACTIVE, state=ConnectionState.PAUSED, paused_by_us=True, paused_by_them=True),
            "*Paused* by you and by your partner\n",
        ),
        (replace(ACTIVE, state=ConnectionState.BROKEN), "*Broken*: its key is lost. Close it and connect again."),
        (CLOSED, "moved &lt;on&gt;"),
    ],
)
def test_the_state_is_said_in_words(connection: Connection, words: str) -> None:
    invitation = INVITATION if connection.side is Side.INVITER else None
    assert words in read_message(listed((line(connection, invitation),), "/connect"))


def test_a_pending_partner_is_unknown_until_the_code_is_used() -> None:
    assert "partner: unknown" in read_message(listed((line(),), "/connect"))
    assert "partner: Globex (as stated)" in read_message(listed((line(PARTNER, CLAIMED),), "/connect"))
    assert "partner: Globex\n" in read_message(listed((line(ACTIVE),), "/connect"))


def test_a_claim_asks_for_the_number() -> None:
    text = read_message(listed((line(PARTNER, CLAIMED, needs_number=True),), "/connect"))
    assert "Enter the number that your partner's Slack shows" in text


def test_no_connection_says_how_to_make_one() -> None:
    text = read_message(listed((), "/bridge"))
    assert "`/bridge initiate`" in text and "`/bridge accept`" in text


def test_a_long_list_is_cut_and_says_so() -> None:
    lines = tuple(line(replace(WORST, name=f"n{number}")) for number in range(40))
    assert f"And {40 - MOST_LISTED} more: the app's Home tab shows all of them." in read_message(listed(lines, "/c"))


def test_the_status_says_everything_there_is() -> None:
    text = read_message(status_message(line(ACTIVE, waiting=3), None))
    for words in (
        "Partner: Globex",
        "Side: You invited them",
        "Reach: Private: only the side without a URL calls",
        "Mode: Basic",
        "Desk: acme-desk (https://acme.freshservice.com)",
        "Waiting to be sent: 3",
        "The later change wins",
        "Active since <!date^",
        "Last contact: <!date^",
    ):
        assert words in text
    assert "Last contact: none yet" in read_message(status_message(line(), None))


def test_the_status_counts_tickets_once_they_travel() -> None:
    text = read_message(status_message(line(ACTIVE, linked=12, parked=2, scope="priority:>3"), None))
    assert "Linked tickets: 12" in text and "Waiting for a person: 2" in text
    assert "Taken by themselves: tickets that match priority:>3" in text
    assert "none, only those you name" in read_message(status_message(line(ACTIVE), None))
    assert "Linked tickets" not in read_message(status_message(line(), None))


def test_the_worst_status_fits_and_harms_nobody() -> None:
    text = read_message(status_message(line(WORST, waiting=10**6, linked=10**6, parked=50, scope="s" * 512), "123456"))
    assert "7 min behind your partner's" in text and "*123 456*" in text
    view = status_view(line(WORST), "123456")
    read_view(view)
    assert_mrkdwn_harmless(view)


@pytest.mark.parametrize(
    ("policy", "side", "words"),
    [
        (ConflictPolicy.INVITER, Side.INVITER, "Your side wins"),
        (ConflictPolicy.INVITER, Side.INVITEE, "Your partner's side wins"),
        (ConflictPolicy.INVITEE, Side.INVITER, "Your partner's side wins"),
        (ConflictPolicy.INVITEE, Side.INVITEE, "Your side wins"),
    ],
)
def test_who_wins_is_said_from_the_readers_side(policy: ConflictPolicy, side: Side, words: str) -> None:
    assert words in read_message(status_message(line(replace(ACTIVE, policy=policy, side=side)), None))


@pytest.mark.parametrize(
    ("connection", "offered"),
    [
        (CONNECTION, ["Status", "Edit", "Cancel invitation"]),
        (INVITEE, ["Status", "Edit", "Withdraw"]),
        (ACTIVE, ["Status", "Edit", "Pause", "Close"]),
        (replace(ACTIVE, state=ConnectionState.PAUSED, paused_by_us=True), ["Status", "Edit", "Resume", "Close"]),
        (replace(ACTIVE, state=ConnectionState.PAUSED, paused_by_them=True), ["Status", "Edit", "Pause", "Close"]),
        (replace(ACTIVE, state=ConnectionState.BROKEN), ["Status", "Edit", "Close"]),
        (CLOSED, ["Status"]),
    ],
)
def test_the_menu_offers_what_is_possible(connection: Connection, offered: list[str]) -> None:
    options = menu(line(connection))["options"]
    assert isinstance(options, list)
    assert [option["text"]["text"] for option in options] == offered
    assert all(option["value"].endswith(f":{connection.id}") for option in options)


def test_pending_says_who_made_it_and_until_when() -> None:
    text = read_message(pending_message((found(), found(PARTNER, CLAIMED)), "/connect"))
    assert "not used yet" in text and "used by Globex (as stated), waits for the number" in text
    assert "reference `74747474`" in text and in_code("/connect cancel <name>") in text
    assert "No invitation is waiting" in read_message(pending_message((), "/connect"))


def test_closing_says_what_stops_and_what_stays() -> None:
    text = read_view(close_view(ACTIVE))
    assert "*What stops:*" in text and "*What stays:* all tickets on both desks" in text and "Keep it" in text


def test_closing_a_pending_one_is_called_by_its_name() -> None:
    assert "Its code is worth nothing from then on" in read_view(close_view(CONNECTION))
    assert "To connect later you need a new code" in read_view(close_view(INVITEE))


@pytest.mark.parametrize("view", [close_view(WORST), edit_view(WORST), close_view(replace(WORST, reach=Reach.LOCAL))])
def test_the_worst_names_fit(view: dict[str, object]) -> None:
    read_view(view)
    assert_mrkdwn_harmless(view)


def test_several_that_fit_are_named() -> None:
    text = read_message(which(["a", "b"], "/connect", "pause"))
    assert in_code("a") in text and in_code("/connect pause <name>") in text


def test_the_menu_reads_as_text() -> None:
    assert "Status" in seen(menu(line()))
