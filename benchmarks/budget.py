"""What changes cost at the two desks, beside the least that they can cost; and a back-fill under a plan's limits.

Calls are counted by the stand-ins, and so is every refusal. Time is that of the pair's clock.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.pair import Half, Pair, pair_of_desks
from flows.tickets import start_backfill
from sandbox.freshservice import GROWTH, UNLIMITED, Call, Person, Plan, Trouble

SHARE = 0.8
_VIEW = re.compile(r"/api/v2/tickets/\d+")
_IN_MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done: tickets of the back-fill, changes of each kind, and updates a minute in a stream."""

    backfill: int = 1000
    changes: int = 20
    stream: int = 60


SMALL = Scale(backfill=150, changes=2, stream=48)


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls by what they are, for one change. `units` is what they count for in the limits: some looks cost more."""

    calls: dict[str, float]
    units: float

    @property
    def total(self) -> float:
        """Without the polls, which cost the same whether one ticket moved or a hundred."""
        return sum(number for name, number in self.calls.items() if name != "poll")


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one kind of change; `floor` is the least at the source and at the destination, in calls."""

    kind: str
    source: Spent
    target: Spent
    floor: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Backfilled:
    """`minutes` from the first call to the last ticket that was created, `floor` by formula 4 of the reference: what
    the limits allow at best, of `share` of the plan."""

    tickets: int
    minutes: float
    floor: float
    refused: int
    source: Spent
    target: Spent

    @property
    def ratio(self) -> float:
        return self.minutes / self.floor


@dataclass(frozen=True, slots=True)
class Budgets:
    costs: tuple[Cost, ...]
    backfilled: Backfilled


async def measured(scale: Scale, say: Callable[[str], None]) -> Budgets:
    say("calls for each kind of change")
    costs = (*await _costs(scale.changes), await _cost_in_a_stream(scale.stream))
    say(f"a back-fill of {scale.backfill:,} tickets, plan Growth")
    return Budgets(costs, await _backfilled(scale.backfill, GROWTH))


# one change of each kind, again and again


@dataclass
class _People:
    pair: Pair
    ana: Person
    tickets: list[int]

    @property
    def acme(self) -> Half:
        return self.pair.acme

    async def raise_ticket(self, number: int) -> None:
        made = self.ana.raise_ticket(f"Printer {number} smokes", "In room 4.", priority="Medium", tags=["printer"])
        self.tickets.append(made.id)

    async def edit(self, number: int) -> None:
        self.ana.edit(self.tickets[number], priority="High" if number % 2 else "Urgent", subject=f"Printer {number}")

    async def comment(self, number: int) -> None:
        self.ana.note(self.tickets[number], f"Note {number}.", private=False)

    async def attach(self, number: int) -> None:
        self.ana.attach(self.tickets[number], f"{number}.txt", b"log" * 100)

    async def lose_the_answer(self, number: int) -> None:
        """To the write at the destination, which did take place."""
        self.pair.globex.desk.faults.add(Trouble.LOST, method="PUT", times=1)
        self.ana.edit(self.tickets[number], priority="Low" if number % 2 else "Medium", subject=f"Printer {number}!")


async def _costs(changes: int) -> tuple[Cost, ...]:
    async with pair_of_desks(UNLIMITED) as pair:
        people = _People(pair, pair.acme.desk.add_agent("Ana Ruiz"), [])
        pair.globex.desk.add_agent("Ana Ruiz", "ana.ruiz@acme.example")
        await people.raise_ticket(-1)  # people and forms are met for the first time
        await pair.run_until(300)
        people.tickets.clear()
        kinds: tuple[tuple[str, Callable[[int], Awaitable[None]], tuple[int, int]], ...] = (
            ("create", people.raise_ticket, (1, 1)),
            ("update", people.edit, (1, 1)),
            ("comment", people.comment, (1, 1)),
            ("file", people.attach, (2, 1)),
            ("update, answer lost", people.lose_the_answer, (1, 2)),
        )
        return tuple([await _cost(pair, kind, act, floor, changes) for kind, act, floor in kinds])


async def _cost(
    pair: Pair, kind: str, act: Callable[[int], Awaitable[None]], floor: tuple[int, int], changes: int
) -> Cost:
    for half in pair.halves:
        half.desk.calls.clear()
    for number in range(changes):
        await act(number)
        await pair.run_until(180)  # echoes and second looks are over by then
    source, target = (_spent(half.desk.calls, changes) for half in pair.halves)
    return Cost(kind, source, target, floor)


async def _cost_in_a_stream(number: int) -> Cost:
    """Of an update where each minute brings so many, on the plan Growth: until the last of three minutes arrived."""
    async with pair_of_desks(GROWTH, share=SHARE) as pair:
        people = _People(pair, pair.acme.desk.add_agent("Ana Ruiz"), [])
        for at in range(number):
            await people.raise_ticket(at)
        await pair.run_until(900)
        for half in pair.halves:
            half.desk.calls.clear()
        for minute in range(3):
            for at in range(number):
                people.ana.edit(people.tickets[at], subject=f"Printer {at} in minute {minute}")
            await pair.run_until(60)
        await pair.run_until(60, is_over=lambda: _all_say(pair, "in minute 2"))
        source, target = (_spent(half.desk.calls, number * 3) for half in pair.halves)
    return Cost(f"update, {number} a minute", source, target, (1, 1))


def _all_say(pair: Pair, word: str) -> bool:
    return all(word in ticket.subject for ticket in pair.globex.desk.tickets)


def _spent(calls: list[Call], changes: int) -> Spent:
    counted: Counter[str] = Counter()
    units = 0
    for call in calls:
        name, price = _kind_of(call)
        counted[name] += 1
        units += price if name != "poll" else 0
    return Spent({name: number / changes for name, number in sorted(counted.items())}, units / changes)


def _kind_of(call: Call) -> tuple[str, int]:
    included = call.query.count("include=") and 1 + call.query.count("%2C") + call.query.count(",")
    if call.method == "GET" and call.path == "/api/v2/tickets":
        return "poll", 1 + 2 * included
    if _VIEW.fullmatch(call.path):
        return ("view" if call.method == "GET" else "update"), 1 + included
    if call.method == "POST" and call.path == "/api/v2/tickets":
        return "create", 1
    if call.path.endswith("/conversations") or "/conversations/" in call.path or call.path.endswith("/notes"):
        return ("conversations" if call.method == "GET" else "note"), 1
    return "other", 1


# a back-fill under limits


async def _backfilled(tickets: int, plan: Plan) -> Backfilled:
    async with pair_of_desks(plan, share=SHARE) as pair:
        await _raise_before(pair, tickets)
        pair.acme.desk.calls.clear()
        pair.globex.desk.calls.clear()
        began, ended = pair.clock.now, pair.clock.now
        await start_backfill(pair.acme.node, pair.acme.actor, "acme_to_globex", "priority:>1", 30)

        def is_over() -> bool:
            return len(pair.globex.desk.tickets) >= tickets

        await pair.run_until(3600 * 24, is_over=is_over)
        ended = pair.clock.now
        refused = sum(half.desk.limits.refused for half in pair.halves)
        source, target = (_spent(half.desk.calls, tickets) for half in pair.halves)
    minutes = (ended - began).total_seconds() / _IN_MINUTES
    return Backfilled(tickets, minutes, _floor(tickets, plan), refused, source, target)


async def _raise_before(pair: Pair, tickets: int) -> None:
    """Old enough that no poll takes them by itself."""
    people = [pair.acme.desk.add_requester(f"Person {number}") for number in range(10)]
    for half in pair.halves:
        org, connection_id = half.organisation_id, half.connection_id
        await half.node.store.run(org, lambda tx, c=connection_id: tx.scopes.remove(c))  # type: ignore[misc]
    for number in range(tickets):
        person = people[number % len(people)]
        person.raise_ticket(f"Ticket {number}", f"Number {number}.", priority="Medium", tags=["old"])
        pair.clock.advance(pair.clock.now + timedelta(seconds=1))
    await pair.run_until(120)


def _floor(tickets: int, plan: Plan) -> float:
    """Minutes: one create a ticket at the destination; one look and its conversations at the source."""
    return max(tickets / plan.tickets, 2 * tickets / plan.overall) / SHARE
