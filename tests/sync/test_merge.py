"""Two sides that only exchange updates: nothing is lost, both end equal, and both pick the same winner."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.terms import ConflictPolicy, Side
from tests.sync.model import FIELDS, End, at, settle, two_ends

EDITS = st.tuples(st.booleans(), st.sampled_from(FIELDS), st.text("abc", min_size=1, max_size=2))
ACTS = st.one_of(
    st.tuples(st.just("edit"), st.booleans(), st.sampled_from(FIELDS), st.sampled_from("abcdefgh")),
    st.tuples(st.just("comment"), st.booleans(), st.sampled_from("abcdefgh")),
    st.tuples(st.just("take"), st.booleans()),
    st.tuples(st.just("deliver"), st.booleans()),
    st.tuples(st.just("again"), st.booleans()),
)


def test_edits_of_different_fields_both_survive_I3() -> None:
    one, other = two_ends()
    one.edit("summary", "printer", at(1))
    other.edit("priority", "High", at(1))
    settle(one, other)
    assert one.ticket.fields == other.ticket.fields
    assert (one.ticket.fields["summary"], one.ticket.fields["priority"]) == ("printer", "High")
    assert not one.conflicts
    assert not other.conflicts


@pytest.mark.parametrize(
    ("policy", "inviter_at", "invitee_at", "winner"),
    [
        (ConflictPolicy.LATEST, 5, 6, "invitee"),
        (ConflictPolicy.LATEST, 6, 5, "inviter"),
        (ConflictPolicy.LATEST, 5, 5, "inviter"),
        (ConflictPolicy.INVITER, 1, 9, "inviter"),
        (ConflictPolicy.INVITEE, 9, 1, "invitee"),
    ],
)
def test_both_sides_pick_the_same_winner_without_talking_I8(
    policy: ConflictPolicy, inviter_at: int, invitee_at: int, winner: str
) -> None:
    one, other = two_ends(policy)
    one.edit("status", "inviter", at(inviter_at))
    other.edit("status", "invitee", at(invitee_at))
    settle(one, other)
    assert one.ticket.fields["status"] == other.ticket.fields["status"] == winner
    assert [(c.ours, c.theirs, c.ours_stays) for c in one.conflicts] == [("inviter", "invitee", winner == "inviter")]
    assert [(c.ours, c.theirs, c.ours_stays) for c in other.conflicts] == [("invitee", "inviter", winner == "invitee")]


def test_a_later_change_wins_although_its_desk_clock_is_behind() -> None:
    one, other = two_ends()
    one.edit("status", "first", at(100))
    settle(one, other)
    other.edit("status", "second", at(3))
    settle(one, other)
    assert one.ticket.fields["status"] == other.ticket.fields["status"] == "second"
    assert not one.conflicts


def test_our_own_write_is_not_sent_back() -> None:
    one, other = two_ends()
    one.edit("summary", "printer", at(1))
    one.take()
    other.apply(one.outbox.pop())
    assert not other.take()


def test_the_same_update_again_changes_nothing_I6() -> None:
    one, other = two_ends()
    one.edit("summary", "printer", at(1))
    one.comment("it smokes", at(1))
    one.take()
    update = one.outbox.pop()
    other.apply(update)
    after, writes = other.ticket, other.writes
    other.apply(update)
    assert other.ticket == after
    assert other.writes == writes


def test_comments_keep_their_order_and_come_once_I2_I7() -> None:
    one, other = two_ends()
    for number in range(5):
        one.comment(f"note {number}", at(number))
    other.comment("answer", at(2))
    settle(one, other)
    assert [c.text for c in other.ticket.comments if c.marker] == [f"note {number}" for number in range(5)]
    assert [c.text for c in one.ticket.comments if c.marker] == ["answer"]


@settings(max_examples=600, deadline=None)
@given(st.lists(ACTS, max_size=24), st.sampled_from(ConflictPolicy))
def test_after_any_edits_and_orders_both_ends_are_equal_and_then_quiet_I4_I5(
    acts: list[Any], policy: ConflictPolicy
) -> None:
    _walk(acts, policy)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(st.lists(ACTS, max_size=60), st.sampled_from(ConflictPolicy))
def test_after_many_edits_both_ends_are_equal_and_then_quiet_I4_I5(acts: list[Any], policy: ConflictPolicy) -> None:
    _walk(acts, policy)


def _walk(acts: list[Any], policy: ConflictPolicy) -> None:
    ends = two_ends(policy)
    last: dict[tuple[Side, str], str] = {}
    for moment, (act, first, *rest) in enumerate(acts):
        end, other = (ends[0], ends[1]) if first else (ends[1], ends[0])
        if act == "edit":
            value = f"{rest[1]}{moment}"
            end.edit(rest[0], value, at(moment // 2))
            last[end.side, rest[0]] = value
        elif act == "comment":
            end.comment(f"{rest[0]}{moment}", at(moment // 2))
        elif act == "take":
            end.take()
        elif end.outbox:
            update = end.outbox[0] if act == "again" else end.outbox.pop(0)
            other.apply(update)
    settle(*ends)
    _check(ends, last)


def _check(ends: tuple[End, End], last: dict[tuple[Side, str], str]) -> None:
    one, other = ends
    assert one.ticket.fields == other.ticket.fields
    for name in FIELDS:
        edits = {value for (_, field), value in last.items() if field == name}
        # The last value of one of the two sides, or what stood there when nobody touched it.
        assert one.ticket.fields[name] in (edits or {"same"})
    for end, source in ((one, other), (other, one)):
        copies = [comment.text for comment in end.ticket.comments if comment.marker]
        assert copies == [comment.text for comment in source.ticket.comments if not comment.marker]
    writes = one.writes + other.writes
    assert settle(one, other) == 0
    assert one.writes + other.writes == writes
