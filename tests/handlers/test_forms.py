"""The wizard's typing, laid over its draft."""

from dataclasses import replace

import pytest

from flows.wizard import Draft
from handlers import ids
from handlers.arrivals import Typing
from handlers.forms import proposal, with_typing
from pairing.terms import ConflictPolicy, Reach, RulesMode

NONE: frozenset[str] = frozenset()


def typing(**values: str) -> Typing:
    """Block ids with a suffix are written with two underscores: name__x."""
    blocks = {name.split("__")[0]: name.replace("__", ".") for name in values}
    return Typing({name.split("__")[0]: value for name, value in values.items()}, blocks)


def test_the_first_step() -> None:
    typed = with_typing(Draft(), typing(desk_id="d1", reach="public", partner_url="https://a.example"), 1, NONE)
    assert typed == Draft(desk_id="d1", reach=Reach.PUBLIC, partner_url="https://a.example")


def test_an_address_that_is_not_shown_any_more_is_kept() -> None:
    before = Draft(reach=Reach.PUBLIC, partner_url="https://a.example")
    assert with_typing(before, typing(desk_id="", reach="private"), 1, NONE).partner_url == "https://a.example"


def test_the_second_step() -> None:
    assert with_typing(Draft(), typing(rules="script"), 2, NONE) == Draft(step=2, rules=RulesMode.SCRIPT)


@pytest.mark.parametrize("value", ["", "groovy", "Basic"])
def test_what_is_none_of_the_choices_is_not_chosen(value: str) -> None:
    assert with_typing(Draft(rules=RulesMode.BASIC), typing(rules=value), 2, NONE).rules is None


def names(draft: Draft, local: str, remote: str, name: str, taken: frozenset[str] = NONE) -> Draft:
    return with_typing(draft, typing(local_name=local, remote_name=remote, name__x=name, description=""), 3, taken)


def test_a_name_is_proposed_once_both_sides_have_one() -> None:
    assert names(Draft(), "acme", "", "").name == ""
    assert names(Draft(), " Acme", "globex ", "").name == "acme_to_globex"


def test_a_proposal_that_was_not_touched_follows_the_short_names() -> None:
    before = names(Draft(), "acme", "globex", "")
    assert names(before, "acme", "initech", "acme_to_globex").name == "acme_to_initech"


def test_a_proposal_follows_where_the_draft_moved_on_before_the_window_was_drawn_again() -> None:
    old = "acme ltd!_to_globex"
    blocks = {"local_name": "local_name", "remote_name": "remote_name", "name": f"name.{old}"}
    shown = Typing({"local_name": "acme", "remote_name": "initech", "name": old}, blocks)
    moved_on = names(Draft(), "acme", "globex", "")
    assert with_typing(moved_on, shown, 3, NONE).name == "acme_to_initech"
    own = replace(moved_on, name=old)
    assert with_typing(own, shown, 3, NONE).name == old, "somebody typed it"


def test_a_name_that_was_typed_stays() -> None:
    before = names(Draft(), "acme", "globex", "")
    assert names(before, "acme", "initech", "my_name").name == "my_name"


def test_a_taken_name_is_not_proposed() -> None:
    assert names(Draft(), "acme", "globex", "", frozenset({"acme_to_globex"})).name == "acme_to_globex_2"
    assert proposal(Draft(local_name="a"), NONE) == ""


FRESH = Draft()


def delivery(draft: Draft = FRESH, **values: str) -> Draft:
    shown = {ids.DELIVER: "dm", ids.EXPIRY: "24", ids.POLICY: "latest", ids.AUTO: ""}
    return with_typing(draft, typing(**(shown | values)), 4, NONE)


def test_the_fourth_step() -> None:
    typed = delivery(deliver="person", person="U1", expiry_hours="168", policy="inviter", auto="yes")
    assert typed == Draft(
        4, deliver="person", deliver_to="U1", expiry_hours=168, policy=ConflictPolicy.INVITER, auto=True
    )


def test_a_channel_that_is_not_shown_any_more_is_no_receiver() -> None:
    assert delivery(Draft(deliver="channel", deliver_to="C1"), deliver="dm", channel="C1").deliver_to == ""


def test_the_tick_is_for_one_channel_only() -> None:
    assert delivery(deliver="channel", channel="C1", shared_ok__C1="yes").shared_ok
    assert not delivery(deliver="channel", channel="C2", shared_ok__C1="yes").shared_ok
    assert not delivery(deliver="channel", channel="C1", shared_ok__C1="").shared_ok


@pytest.mark.parametrize("hours", ["", "x", "-1", "1.5", "٢٤"])
def test_an_expiry_that_is_no_number_is_none_of_ours(hours: str) -> None:
    assert delivery(expiry_hours=hours).expiry_hours == 0


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_view_without_fields_changes_nothing(step: int) -> None:
    draft = Draft(1, "d", Reach.LOCAL, "u", RulesMode.BASIC, "a", "b", "n", "t", "person", "U1", auto=True)
    assert with_typing(draft, Typing(), step, NONE) == replace(draft, step=step)
