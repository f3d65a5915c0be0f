"""One history: people on both sides edit, comment, attach and raise tickets while everything goes wrong that can.

All chance comes from one seed, so a history replays exactly; when an invariant breaks, its story is printed.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pairing.terms import ConflictPolicy, Reach, Side
from rules.worker.runner import Runner
from storage.memory.store import MemoryStore
from storage.store import Store
from sync.intent import Scope
from sync.ticket import TicketState
from tests.flows.two_sides import WORK, Clock, HalfPair, make_half
from tests.simulation.plain import PlainRules
from tests.simulation.scripted import TWINS, furnish, value_for, with_scripts
from tests.simulation.world import Faults, ShakyDesks, ShakyWire, SimSide, SlowStore, as_client, now_done
from trackers.memory_desk import MemoryAccount

FIELDS = ("summary", "description", "status", "priority", "tags")
CHOICES = {"status": ("Open", "Pending", "Resolved", "Closed"), "priority": ("Low", "Medium", "High", "Urgent")}


def _in_memory(name: str, clock: Clock, chance: random.Random) -> Store:
    return MemoryStore(clock=clock, chance=chance.randbytes)


class Broken(AssertionError):
    """An invariant does not hold; the text names it and tells the story."""


@dataclass
class Said:
    """What a person wrote: `token` is unique in the history. `turns` counts changes of who may see it."""

    token: str
    side: str
    ticket: str
    removed: bool = False
    turns: int = 0

    @property
    def is_public(self) -> bool:
        return self.turns % 2 == 0


@dataclass
class History:
    """`acts` human acts, with faults and restarts in between, then a quiet end in which everything must come right.

    The seed chooses reach and policy where none is given. `open_store` gives each side its store; without it the sides
    are in memory. `runner` plays the rules; the usual one says in Python what the shipped ones say."""

    seed: int
    acts: int = 24
    only_reach: Reach | None = None
    only_policy: ConflictPolicy | None = None
    open_store: Callable[[str, Clock, random.Random], Store] | None = None
    scripted: bool = False  # both sides in Script mode, with rules that map statuses, people and custom fields
    runner: Runner = field(default_factory=PlainRules)
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.clock = Clock()
        self.faults = Faults(random.Random(self.seed + 1), desk=0.06, wire=0.12)
        reach, policy = self.random.choice((Reach.PRIVATE, Reach.PUBLIC)), self.random.choice(tuple(ConflictPolicy))
        self.reach, self.policy = self.only_reach or reach, self.only_policy or policy
        self.sides = [self._side("acme", Side.INVITER), self._side("globex", Side.INVITEE)]
        for side, other in (self.sides, self.sides[::-1]):
            cast(ShakyWire, cast(Any, side.node.wire)).other = other
        self.values: dict[tuple[str, str, str], list[Any]] = {}
        self.comments: list[Said] = []
        self.files: list[Said] = []
        self.raised: list[tuple[str, str]] = []
        self.count = 0

    def _side(self, name: str, side: Side) -> SimSide:
        store = (self.open_store or _in_memory)(name, self.clock, random.Random(f"{self.seed}{name}"))
        half: HalfPair = now_done(
            make_half(
                store,
                self.clock,
                name,
                side,
                self.reach,
                self.policy,
                random.Random(f"{self.seed}{name}2"),
            )
        )
        account = MemoryAccount(self.clock)
        wire = ShakyWire(self.faults)
        half.account = account
        half.node = replace(
            half.node,
            store=cast(Store, SlowStore(store, name)),
            runner=self.runner,
            wire=as_client(wire),
            desks=cast(Any, {"memory": ShakyDesks(account, self.faults)}),
        )

        if self.scripted:
            furnish(half)

        def scope(tx: Any) -> None:
            tx.scopes.put(half.connection_id, Scope("priority:>1", self.clock.now))
            if self.scripted:
                with_scripts(half, tx)

        now_done(store.run(half.organisation_id, scope))
        return SimSide(half, self.faults, self.clock, store)

    # the course of it

    def run(self) -> None:
        """Raises Broken."""
        try:
            left = self.acts
            while left:
                left -= self._something()
            self._end_quietly()
        except Broken:
            raise
        except Exception as error:
            raise Broken(f"seed {self.seed}: {type(error).__name__}: {error}\n{self.told()}") from error
        finally:
            for side in self.sides:
                side.kill()

    def told(self) -> str:
        return "\n".join(self.story[-400:])

    def _tell(self, what: str) -> None:
        self.story.append(f"{(self.clock.now.timestamp()) % 100000:9.1f}  {what}")

    def _something(self) -> int:
        """One thing that happens; 1 when it was a person's act."""
        side = self.random.choice(self.sides)
        dice = self.random.random()
        if dice < 0.10:
            self._act(side)
            return 1
        if dice < 0.16:
            self._let_pass(self.random.choice((0.2, 1, 1, 3, 15)))
        elif dice < 0.175:
            self._kill(side)
        elif dice < 0.24 and not side.is_down:
            side.wake_poll()
        elif dice < 0.36 and not side.is_down:
            side.begin_due(self.random.choice((1, 3)))
        elif dice < 0.42 and not side.is_down:
            side.begin_exchange()
        elif side.is_down:
            if self.random.random() < 0.3:
                self._tell(f"{side.half.name} starts again")
                side.restart()
        elif side.running:
            self._tell(side.step(self.random.randrange(len(side.running))))
        return 0

    def _let_pass(self, seconds: float) -> None:
        """Workers that live hold on to their leases meanwhile."""
        self.clock.advance(seconds)
        for side in self.sides:
            side.beat()

    def _kill(self, side: SimSide) -> None:
        if not side.is_down:
            self._tell(f"{side.half.name} is killed at {[running.place for running, _ in side.running]}")
            side.kill()

    def _act(self, side: SimSide) -> None:
        account, name = side.half.account, side.half.name
        self.count += 1
        token = f"t{self.count}{name[0]}"
        tickets = [record.id for record in account.records.values() if record.state is TicketState.LIVE]
        dice = self.random.random()
        if not tickets or dice < 0.12:
            ticket = account.raise_ticket(f"s{token}", f"d{token}")
            self.raised.append((name, ticket))
            self._said(name, ticket, {"summary": f"s{token}", "description": f"d{token}"})
            self._tell(f"{name} raises #{ticket} {token}")
            return
        ticket = self.random.choice(tickets)
        if dice < 0.6:
            self._edit(account, name, ticket, token)
        elif dice < 0.85:
            account.comment(ticket, f"{name} person", token)
            self.comments.append(Said(token, name, ticket))
            self._tell(f"{name} comments on #{ticket}: {token}")
        elif dice < 0.92:
            self._change_comment(account, name, ticket, token)
        else:
            account.attach(ticket, f"{token}.txt", token.encode() * 3)
            self.files.append(Said(token, name, ticket))
            self._tell(f"{name} attaches {token}.txt to #{ticket}")

    def _edit(self, account: MemoryAccount, name: str, ticket: str, token: str) -> None:
        field_name = self.random.choice((*FIELDS, *TWINS[name]) if self.scripted else FIELDS)
        value: Any = self.random.choice(CHOICES[field_name]) if field_name in CHOICES else f"{field_name[0]}{token}"
        if field_name in TWINS[name]:
            value = value_for(name, field_name, self.random, self.count)
        if field_name == "tags":
            value = (token,)
        written = value
        if field_name == "description":
            _, _, line = str(account.records[ticket].fields["description"]).rpartition("\n\n")
            written = f"{value}\n\n{line}" if "drawbridge:" in line else value
        account.edit(ticket, **{field_name: written})
        self._said(name, ticket, {field_name: value})
        self._tell(f"{name} sets {field_name} of #{ticket} to {value}")

    def _change_comment(self, account: MemoryAccount, name: str, ticket: str, token: str) -> None:
        own = [said for said in self.comments if (said.side, said.ticket) == (name, ticket) and not said.removed]
        if not own:
            return
        said = self.random.choice(own)
        identity = next(c.id for c in account.records[ticket].comments.values() if c.text == said.token)
        chance = self.random.random()
        if chance < 0.3:
            said.turns += 1
            account.show_comment(ticket, identity, public=said.is_public)
            self._tell(f"{name} makes comment {said.token} of #{ticket} {'public' if said.is_public else 'internal'}")
        elif chance < 0.65:
            account.edit_comment(ticket, identity, token)
            self._tell(f"{name} edits comment {said.token} of #{ticket}: {token}")
            said.token = token
        else:
            account.remove_comment(ticket, identity)
            said.removed = True
            self._tell(f"{name} removes comment {said.token} of #{ticket}")

    def _said(self, name: str, ticket: str, values: dict[str, Any]) -> None:
        for field_name, value in values.items():
            self.values.setdefault((name, ticket, field_name), []).append(value)

    # the end of it

    def _end_quietly(self) -> None:
        self._tell("-- quiet: no more faults")
        self.faults.desk = self.faults.wire = 0
        for side in self.sides:
            if side.is_down:
                side.restart()
        quiet = 0
        for _ in range(30):
            # The longest that anything waits by itself is 90 seconds; a sweep comes every 300.
            quiet = 0 if self._everything() else quiet + 1
            self.clock.advance(70)
            if quiet == 3:
                break
        for _ in range(3):
            self.clock.advance(700)
            self._everything()
        writes = self._writes()
        self.clock.advance(700)
        self._everything()
        self._check(writes)

    def _everything(self) -> bool:
        """Polls once and does all that is due; False when that was nothing but looking."""
        for side in self.sides:
            side.wake_poll()
        worked = False
        for _ in range(60):
            for side in self.sides:
                side.begin_due(20)
                worked = worked or any(lease is not None and lease.kind != "poll" for _, lease in side.running)
                side.begin_exchange()
                while side.running:
                    self._tell(side.step(0))
            if not any(self._is_busy(side) for side in self.sides):
                return worked
        raise self._broken("I5 rest", "both sides are still busy")

    def _is_busy(self, side: SimSide) -> bool:
        waiting = now_done(side.raw.system(lambda tx: tx.lanes.next_due(tuple(WORK))))
        queued = now_done(side.raw.read(side.half.organisation_id, lambda tx: tx.outbox.count(side.half.connection_id)))
        return bool(queued) or (waiting is not None and waiting <= self.clock.now)

    def _writes(self) -> int:
        calls = ("create", "update", "add_comment", "edit_comment", "remove_comment")
        return sum(side.half.account.calls[call] for side in self.sides for call in calls)

    def _broken(self, what: str, why: str) -> Broken:
        return Broken(f"seed {self.seed} ({self.reach}, {self.policy}): {what}: {why}\n{self.told()}")

    def _check(self, writes: int) -> None:
        from tests.simulation.invariants import broken_invariants

        found = broken_invariants(self)
        if self._writes() != writes:
            found.append(("I5 rest", "a quiet look wrote something"))
        if found:
            raise self._broken(*found[0])
