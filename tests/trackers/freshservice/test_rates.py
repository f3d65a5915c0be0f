"""I12: inside the limits, whatever the account is and whoever else uses it. The account is a model with a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import RemoteUnavailable
from trackers.freshservice.rates import WINDOW_SECONDS, Windows
from trackers.port import CallKind, Reading

GROWTH = {"all": 200, CallKind.LIST: 70, CallKind.VIEW: 80, CallKind.CREATE: 80, CallKind.UPDATE: 80}


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Bucket:
    total: int
    opened_at: float | None = None
    used: int = 0

    def take(self, now: float, price: int) -> bool:
        if self.opened_at is None or now >= self.opened_at + WINDOW_SECONDS:
            self.opened_at, self.used = now, 0
        self.used += price
        return self.used <= self.total


@dataclass
class Desk:
    """The other end: fixed windows that start with their first call, headers about the tightest one."""

    clock: Clock
    limits: dict[str, int] = field(default_factory=lambda: {str(name): total for name, total in GROWTH.items()})
    refused: int = 0
    answered: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)
    spent: list[tuple[float, str, int]] = field(default_factory=list)

    def call(self, kind: CallKind, price: int = 1) -> Reading:
        names = ["all"] + ([str(kind)] if str(kind) in self.limits else [])
        buckets = [self.buckets.setdefault(name, Bucket(self.limits[name])) for name in names]
        taken = [bucket.take(self.clock.now, price) for bucket in buckets]
        tightest = min(buckets, key=lambda bucket: bucket.total - bucket.used)
        remaining = max(0, tightest.total - tightest.used)
        self.spent += [(self.clock.now, name, price) for name in names]
        if all(taken):
            self.answered += 1
            return Reading(price, tightest.total, remaining, price)
        self.refused += 1
        over = max(b.opened_at or 0.0 for b in buckets if b.used > b.total) + WINDOW_SECONDS
        return Reading(price, tightest.total, remaining, price, max(1.0, over - self.clock.now), refused=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return Desk(clock)


def windows(clock: Clock, **more: float) -> Windows:
    return Windows(clock=clock, sleep=clock.sleep, **more)


async def spend(budget: Windows, desk: Desk, kind: CallKind, price: int = 1, *, urgent: bool = False) -> None:
    await budget.reserve(kind, price, urgent=urgent)
    desk.clock.now += 0.05
    budget.learned(kind, desk.call(kind, price))


async def spend_all(budget: Windows, desk: Desk, kind: CallKind, price: int = 1, *, urgent: bool = False) -> int:
    """How many calls pass before the budget says to come later."""
    for number in range(1000):
        try:
            await spend(budget, desk, kind, price, urgent=urgent)
        except RemoteUnavailable:
            return number
    raise AssertionError("no end")


async def test_i12_background_calls_take_their_share_and_then_give_way(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    assert await spend_all(budget, desk, CallKind.CREATE) == 64  # 80 % of 80
    with pytest.raises(RemoteUnavailable) as refused:
        await budget.reserve(CallKind.CREATE)
    assert refused.value.retry_after == pytest.approx(WINDOW_SECONDS - 3.2 + 0.25, abs=0.1)
    assert desk.refused == 0


async def test_there_is_room_while_no_limit_is_half_spent_and_again_in_the_next_minute(
    clock: Clock, desk: Desk
) -> None:
    budget = windows(clock)
    for _ in range(32):  # half of 80 % of 80
        assert budget.has_room
        await spend(budget, desk, CallKind.UPDATE)
    await spend(budget, desk, CallKind.UPDATE)
    assert not budget.has_room
    clock.now += WINDOW_SECONDS + 0.25
    assert budget.has_room
    budget.learned(CallKind.VIEW, Reading(1, 80, 0, 1, 30.0, refused=True))
    assert not budget.has_room


async def test_people_may_use_what_is_held_back(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    await spend_all(budget, desk, CallKind.UPDATE)
    assert await spend_all(budget, desk, CallKind.UPDATE, urgent=True) == 16
    assert desk.refused == 0


async def test_one_spent_limit_leaves_the_others_alone(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    await spend_all(budget, desk, CallKind.VIEW)
    await spend(budget, desk, CallKind.OTHER)
    await spend(budget, desk, CallKind.UPDATE)
    assert desk.refused == 0


async def test_i12_all_kinds_together_stay_inside_the_accounts_limit(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    for kind in (CallKind.VIEW, CallKind.UPDATE, CallKind.CREATE, CallKind.OTHER):
        await spend_all(budget, desk, kind)
    assert desk.answered == 160  # 80 % of 200
    assert desk.refused == 0


async def test_a_call_that_costs_more_is_counted_at_its_price(clock: Clock, desk: Desk) -> None:
    assert await spend_all(windows(clock), desk, CallKind.VIEW, price=2) == 32
    assert desk.refused == 0


async def test_a_short_wait_is_waited_and_a_long_one_is_not(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    await spend_all(budget, desk, CallKind.CREATE)
    clock.now += 55
    before = clock.now
    await spend(budget, desk, CallKind.CREATE)
    assert clock.now - before < 3.1
    assert desk.refused == 0


@pytest.mark.parametrize("plan", [(100, 40, 50), (500, 140, 160), (2000, 480, 600), (77, 33, 44)])
async def test_the_plan_is_learned_from_the_headers(clock: Clock, plan: tuple[int, int, int]) -> None:
    desk = Desk(clock, {"all": plan[0], "create": plan[2]})
    assert await spend_all(windows(clock), desk, CallKind.CREATE) == int(min(plan[2], plan[0]) * 0.8)
    assert desk.refused == 0


async def test_an_account_whose_limits_are_all_the_same_is_used_like_any_other(clock: Clock) -> None:
    """Those on the old hourly plan: no header ever tells the limit of looks from the one over all."""
    desk = Desk(clock, {"all": 5000, str(CallKind.VIEW): 5000})
    windows = Windows(clock=clock, sleep=clock.sleep)
    for kind in (CallKind.OTHER, *[CallKind.VIEW, CallKind.LIST] * 500):
        await windows.reserve(kind)
        windows.learned(kind, desk.call(kind))
    assert clock.now < 1010
    assert desk.refused == 0


async def test_retry_after_is_obeyed_by_everybody(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    await budget.reserve(CallKind.OTHER)
    budget.learned(CallKind.OTHER, Reading(1, None, None, None, 30.0, refused=True))
    for urgent in (False, True):
        with pytest.raises(RemoteUnavailable) as refused:
            await budget.reserve(CallKind.VIEW, urgent=urgent)
        assert refused.value.retry_after == pytest.approx(30, abs=0.5)
    clock.now += 31
    await budget.reserve(CallKind.VIEW)


async def test_a_refusal_without_a_time_waits_out_the_minute(clock: Clock) -> None:
    budget = windows(clock)
    await budget.reserve(CallKind.OTHER)
    budget.learned(CallKind.OTHER, Reading(1, refused=True))
    with pytest.raises(RemoteUnavailable) as refused:
        await budget.reserve(CallKind.OTHER)
    assert refused.value.retry_after == pytest.approx(WINDOW_SECONDS, abs=0.5)


async def test_the_first_call_of_a_window_goes_alone(clock: Clock) -> None:
    budget = windows(clock)
    await budget.reserve(CallKind.VIEW)
    with pytest.raises(RemoteUnavailable):
        await budget.reserve(CallKind.VIEW)  # waits as long as it may, for the answer of the first
    budget.learned(CallKind.VIEW, Reading(1, 80, 79, 1))
    await budget.reserve(CallKind.VIEW)


async def test_a_call_without_an_answer_does_not_block_the_others(clock: Clock) -> None:
    budget = windows(clock)
    await budget.reserve(CallKind.VIEW)
    budget.learned(CallKind.VIEW, Reading(1))
    await budget.reserve(CallKind.VIEW)


async def test_what_other_programs_spend_is_seen_in_the_headers(clock: Clock, desk: Desk) -> None:
    budget = windows(clock)
    for _ in range(60):
        desk.call(CallKind.CREATE)
    assert await spend_all(budget, desk, CallKind.CREATE) == 16  # of 80, four are left for people
    assert desk.refused == 0


async def test_i12_a_long_back_fill_ends_within_a_twentieth_of_the_floor(clock: Clock, desk: Desk) -> None:
    """G11: 1,000 tickets on the Growth plan, a create each: 64 a minute."""
    budget, started, made = windows(clock), clock.now, 0
    while made < 1000:
        try:
            await spend(budget, desk, CallKind.CREATE)
            made += 1
        except RemoteUnavailable as later:
            clock.now += later.retry_after or 1.0
    assert desk.refused == 0
    assert clock.now - started <= 1.05 * (1000 / 64) * 60


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ours", "ours", "ours", "theirs", "pause"]),
        st.sampled_from([CallKind.VIEW, CallKind.UPDATE, CallKind.LIST, CallKind.OTHER]),
        st.integers(1, 30),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from([{"all": 40, "view": 10, "update": 20, "list": 8}, {"all": 20}]))
async def test_i12_no_refusal_is_our_own_doing(steps: list[tuple[str, CallKind, int]], limits: dict[str, int]) -> None:
    """Others may spend the account empty between two calls of ours; then one refusal is all it takes to wait."""
    clock = Clock()
    desk = Desk(clock, limits)
    budget = windows(clock)
    emptied: Callable[[], bool] = lambda: any(b.used >= b.total for b in desk.buckets.values())  # noqa: E731
    for who, kind, amount in steps:
        if who == "pause":
            clock.now += amount * 4
        for _ in range(amount if who != "pause" else 0):
            if who == "theirs":
                desk.call(kind)
                continue
            was_empty, before = emptied(), desk.refused
            try:
                await spend(budget, desk, kind)
            except RemoteUnavailable:
                break
            assert desk.refused == before or was_empty
