from dataclasses import replace

from handlers import ids
from handlers.actor import Right
from handlers.views.home import PAGE, HomeState, home
from pairing.connection import ConnectionState
from tests.handlers.samples import ACTIVE, CLAIMED, PARTNER, WORST, assert_mrkdwn_harmless, line, read_view
from tests.handlers.world import seen

ADMIN = HomeState("Acme", "/connect", Right.ACT)


def action_ids(state: HomeState) -> list[str]:
    found: list[str] = []

    def look(held: object) -> None:
        if isinstance(held, dict):
            found.extend([held["action_id"]] if "action_id" in held else [])
            for value in held.values():
                look(value)
        for one in held if isinstance(held, list) else []:
            look(one)

    look(home(state))
    return found


def test_an_admin_without_connections_is_shown_the_way() -> None:
    text = read_view(home(ADMIN))
    assert "No connections yet" in text and "Got a code?" in text and "`/connect accept`" in text
    assert action_ids(ADMIN) == [ids.HOME_INITIATE, ids.HOME_ACCEPT, ids.HOME_DESKS]


def test_without_a_desk_the_first_step_is_named() -> None:
    assert "*First step:* press *Desks*" in read_view(home(replace(ADMIN, has_desk=False)))
    assert "First step" not in read_view(home(ADMIN))


def test_a_member_sees_states_and_no_button_that_would_refuse() -> None:
    state = HomeState("Acme", "/connect", Right.SEE, (line(ACTIVE),))
    assert "ask a workspace admin" in read_view(home(state))
    assert action_ids(state) == [ids.HOME_STATUS]


def test_no_rights_is_said_once_and_shows_nothing() -> None:
    state = HomeState("Acme", "/connect", Right.NOTHING, (line(ACTIVE),))
    text = read_view(home(state))
    assert text.count("Only full members of Acme") == 1 and "acme_to_globex" not in text
    assert action_ids(state) == []


def test_while_slack_does_not_know_nothing_is_claimed() -> None:
    state = HomeState("Acme", "/connect", Right.NOTHING, is_known=False)
    assert "Open this tab again in a minute" in read_view(home(state))


def test_a_claim_has_its_button() -> None:
    state = replace(ADMIN, lines=(line(PARTNER, CLAIMED, needs_number=True),))
    assert "Enter number" in read_view(home(state))
    assert ids.CLAIM_NUMBER in action_ids(state)


def test_last_contact_and_what_waits_are_shown() -> None:
    text = read_view(home(replace(ADMIN, lines=(line(ACTIVE, waiting=2),))))
    assert "Last contact: <!date^" in text and "2 waiting to be sent" in text


def test_tickets_are_counted_and_a_missing_scope_is_named() -> None:
    text = read_view(home(replace(ADMIN, lines=(line(ACTIVE, linked=12, parked=2),))))
    assert "12 linked" in text and "no scope yet" in text and "*2 waiting for a person*" in text
    assert "no scope yet" not in read_view(home(replace(ADMIN, lines=(line(ACTIVE, scope="priority:>3"),))))


def test_many_connections_come_in_pages() -> None:
    lines = tuple(
        line(replace(WORST, name=f"n{number:03}"), CLAIMED, waiting=5, needs_number=True)
        for number in range(2 * PAGE + 1)
    )
    first, second, last, beyond = (home(replace(ADMIN, lines=lines, page=page)) for page in (0, 1, 2, 99))
    assert "n000" in read_view(first) and "Page 1 of 3" in seen(first) and "Previous page" not in seen(first)
    assert "n020" in read_view(second) and "Previous page" in seen(second) and "Next page" in seen(second)
    assert "n040" in read_view(last) and "Next page" not in seen(last)
    assert seen(beyond) == seen(last)
    assert_mrkdwn_harmless(first)


def test_a_closed_one_is_only_looked_at() -> None:
    state = replace(ADMIN, lines=(line(replace(ACTIVE, state=ConnectionState.CLOSED)),))
    assert "*Closed*" in read_view(home(state))
