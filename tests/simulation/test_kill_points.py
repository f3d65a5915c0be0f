"""Canonical histories in which a process dies before and after every commit, call and send, each in turn (L5, I16).

It starts again, everything runs to its quiet end, and both sides have exactly what they have when nobody dies.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import repeat

import pytest

from flows.connections import pause, resume
from pairing.terms import Reach
from sync.ticket import TicketState
from tests.simulation.course import Act, Course, Kill, SideState, played

SHARE_IN_A_NORMAL_RUN = 16  # every so many points


def raise_it(course: Course) -> None:
    course.account(course.acme).raise_ticket("Printer smokes", "In room 4.", priority="High", tags=("a",))


def raise_both(course: Course) -> None:
    course.account(course.acme).raise_ticket("Printer smokes", "In room 4.", priority="High")
    course.account(course.globex).raise_ticket("Door stuck", "At the back.", priority="Medium")


def edit(course: Course) -> None:
    course.clock.advance(5)
    ticket = course.only_ticket(course.acme)
    course.account(course.acme).edit(ticket, summary="Printer burns", status="Pending", tags=("b", "c"))


def comment_twice(course: Course) -> None:
    course.clock.advance(5)
    ticket = course.only_ticket(course.acme)
    course.account(course.acme).comment(ticket, "Ana", "We come.")
    course.account(course.acme).comment(ticket, "Ana", "The customer is difficult.", public=False)
    course.account(course.acme).comment(ticket, "Ana", "We are here.")


def answer(course: Course) -> None:
    course.account(course.globex).comment(course.only_ticket(course.globex), "Bob", "Good.")


def reword(course: Course) -> None:
    account, ticket = course.account(course.acme), course.only_ticket(course.acme)
    first = next(iter(account.records[ticket].comments))
    account.edit_comment(ticket, first, "We come at nine.")


def unsay(course: Course) -> None:
    account, ticket = course.account(course.acme), course.only_ticket(course.acme)
    account.remove_comment(ticket, next(iter(account.records[ticket].comments)))


def attach(course: Course) -> None:
    course.clock.advance(5)
    course.account(course.acme).attach(course.only_ticket(course.acme), "a.bin", b"smoke" * 60_000)
    course.account(course.globex).attach(course.only_ticket(course.globex), "b.txt", b"water")


def edit_the_same_field(course: Course) -> None:
    course.clock.advance(5)
    course.account(course.globex).edit(course.only_ticket(course.globex), priority="Urgent")
    course.clock.advance(5)
    course.account(course.acme).edit(course.only_ticket(course.acme), priority="Low")


def edit_other_fields(course: Course) -> None:
    course.clock.advance(5)
    course.account(course.globex).edit(course.only_ticket(course.globex), status="Resolved")
    course.account(course.acme).edit(course.only_ticket(course.acme), summary="Printer burns")


def throw_away(course: Course) -> None:
    course.account(course.globex).set_state(course.only_ticket(course.globex), TicketState.TRASHED)


def delete_for_good(course: Course) -> None:
    course.account(course.acme).purge(course.only_ticket(course.acme))


def hold(course: Course) -> None:
    course.command(course.acme, pause)


def edit_both_and_raise(course: Course) -> None:
    edit_other_fields(course)
    course.account(course.acme).comment(course.only_ticket(course.acme), "Ana", "We wait.")
    course.account(course.globex).raise_ticket("Door stuck", "At the back.", priority="Medium")


def go_on(course: Course) -> None:
    course.command(course.acme, resume)


@dataclass(frozen=True, slots=True)
class Canon:
    """`before` is another history's business: nobody dies there."""

    before: tuple[Act, ...]
    acts: tuple[Act, ...]


HISTORIES = {
    "create": Canon((), (raise_it,)),
    "create on both sides": Canon((), (raise_both,)),
    "update": Canon((raise_it,), (edit,)),
    "comment and answer": Canon((raise_it,), (comment_twice, answer)),
    "edit a comment": Canon((raise_it, comment_twice), (reword,)),
    "remove a comment": Canon((raise_it, comment_twice), (unsay,)),
    "files both ways": Canon((raise_it,), (attach,)),
    "the same field on both sides": Canon((raise_it,), (edit_the_same_field,)),
    "different fields on both sides": Canon((raise_it,), (edit_other_fields,)),
    "to the trash": Canon((raise_it,), (throw_away,)),
    "deleted for good": Canon((raise_it,), (delete_for_good,)),
    "all that waited for the end of a pause": Canon((raise_it,), (hold, edit_both_and_raise, go_on)),
}
REACHES = (Reach.PRIVATE, Reach.PUBLIC)
EVERY = pytest.mark.parametrize("title", HISTORIES)
BOTH_WAYS = pytest.mark.parametrize("reach", REACHES)
End = tuple[SideState, SideState]


def play(title: str, reach: Reach, kill: Kill | None = None) -> tuple[Course, End]:
    return played(HISTORIES[title].before, HISTORIES[title].acts, reach, kill)


@cache
def undisturbed(title: str, reach: Reach) -> tuple[tuple[Kill, ...], End]:
    """Where somebody may die, and how it ends when nobody does."""
    course, end = play(title, reach)
    kills = [Kill(point.number) for point in course.points]
    return (*kills, *(Kill(point.number, partner=True) for point in course.points if point.has_partner)), end


def difference(title: str, reach: Reach, kill: Kill) -> str | None:
    """What is not as it is without the death, None when all is."""
    course, end = play(title, reach, kill)
    assert course.killed, f"nobody died: {kill}"
    # A recovery that is over sooner than its second death leaves nothing to die in.
    assert len(course.killed) <= (2 if kill.again else 1)
    for name, ours, theirs in zip(("acme", "globex"), end, undisturbed(title, reach)[1], strict=True):
        if ours != theirs:
            return f"{title}, {reach}: {name} after the death of {course.killed}:\n{ours}\ninstead of\n{theirs}"
    return None


def check_all(title: str, reach: Reach, kills: Sequence[Kill]) -> None:
    with ProcessPoolExecutor() as pool:
        found = pool.map(difference, repeat(title), repeat(reach), kills, chunksize=20)
        differences = [one for one in found if one is not None]
    assert not differences, f"{len(differences)} of {len(kills)}: {differences[0]}"


@BOTH_WAYS
@EVERY
def test_two_undisturbed_runs_are_the_same_and_both_desks_end_equal(title: str, reach: Reach) -> None:
    kills, end = undisturbed(title, reach)
    course, again = play(title, reach)
    assert end == again
    assert len(kills) > len(course.points) > 50
    if title not in ("to the trash", "deleted for good"):
        assert shown(end[0]) == shown(end[1])


def shown(state: SideState) -> list[str]:
    return sorted(repr(sorted(ticket.fields.items())) for ticket in state.tickets)


@EVERY
def test_after_a_death_at_some_points_both_sides_end_as_without_it_I16(title: str) -> None:
    kills, _ = undisturbed(title, Reach.PRIVATE)
    for kill in kills[len(title) % SHARE_IN_A_NORMAL_RUN :: SHARE_IN_A_NORMAL_RUN]:
        assert difference(title, Reach.PRIVATE, kill) is None


@pytest.mark.slow
@BOTH_WAYS
@EVERY
def test_after_a_death_at_any_point_both_sides_end_as_without_it_I16(title: str, reach: Reach) -> None:
    check_all(title, reach, undisturbed(title, reach)[0])


@pytest.mark.slow
@EVERY
def test_a_second_death_during_the_recovery_changes_nothing_I16(title: str) -> None:
    own = [kill for kill in undisturbed(title, Reach.PRIVATE)[0] if not kill.partner]
    twice = [Kill(kill.at, again=1 + kill.at % 5) for kill in own]
    died = sum(len(play(title, Reach.PRIVATE, kill)[0].killed) == 2 for kill in twice[::10])
    assert died > len(twice[::10]) / 2, "most of them do die twice"
    check_all(title, Reach.PRIVATE, twice)
