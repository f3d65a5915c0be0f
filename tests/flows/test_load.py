"""L8, small: minutes at four fifths of what a plan allows, and nothing is refused, late for ever, or forgotten."""

from random import Random

import pytest

from benchmarks.pair import pair_of_desks
from sandbox.freshservice import GROWTH

_MINUTES, _SECONDS_APART, _TICKETS = 10, 5, 40


@pytest.mark.slow
async def test_i12_ten_minutes_near_a_plans_limit_are_refused_nothing_and_leave_nothing_behind() -> None:
    chance, said = Random(4), []
    async with pair_of_desks(GROWTH) as pair:
        ana = pair.acme.desk.add_agent("Ana Ruiz")
        tickets = [ana.raise_ticket(f"Ticket {number}", "…", priority="Medium").id for number in range(_TICKETS)]
        await pair.run_until(240)
        for number in range(_MINUTES * 60 // _SECONDS_APART):
            ticket_id = chance.choice(tickets)
            ana.edit(ticket_id, subject=f"Ticket {ticket_id}, {number}")
            if number % 4 == 0:
                said.append(f"word{number}end")
                ana.note(ticket_id, said[-1], private=False)
            await pair.run_until(_SECONDS_APART)
        await pair.run_until(300)  # what waits for its limit, and the last polls
        assert [half.desk.limits.refused for half in pair.halves] == [0, 0]
        subjects = sorted(ticket.subject for ticket in pair.acme.desk.tickets)
        assert sorted(ticket.subject for ticket in pair.globex.desk.tickets) == subjects
        there = [note.body for ticket in pair.globex.desk.tickets for note in pair.globex.desk.said_on(ticket.id)]
        assert [sum(word in body for body in there) for word in said] == [1] * len(said)
