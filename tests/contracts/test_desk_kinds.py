"""One suite over every kind of desk, so that the toy desk cannot drift from the real ones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from pairing.secret import Secret
from sandbox.freshservice import FreshserviceStandIn, Switches
from sync.errors import RemoteError, RemoteGone, RemoteRefusedUs, RemoteUnavailable
from trackers.errors import DeskAddressNotUsable
from trackers.freshservice.desks import FreshserviceDesks
from trackers.memory import MemoryDesks
from trackers.port import DeskKind


@dataclass(frozen=True)
class Case:
    """A kind, and an address of it for each thing that can happen there."""

    kind: DeskKind
    good: str
    missing: str
    silent: str
    good_key: Secret
    bad_key: Secret


@pytest.fixture(params=["memory", "freshservice"])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    if request.param == "memory":
        kind = MemoryDesks(missing=frozenset({"memory:missing"}), silent=frozenset({"memory:silent"}))
        yield Case(kind, "memory:good", "memory:missing", "memory:silent", Secret("toy-1234"), Secret("wrong-1234"))
        return
    good = await FreshserviceStandIn(keys={"right"}).start()
    missing = await FreshserviceStandIn(switches=Switches(unknown=True)).start()
    silent = await FreshserviceStandIn(switches=Switches(delay_seconds=5)).start()
    trusted = frozenset({good.origin, missing.origin, silent.origin})
    async with aiohttp.ClientSession() as session:
        real = FreshserviceDesks(session, trusted, timeout_seconds=0.3)
        yield Case(real, good.origin, missing.origin, silent.origin, Secret("right"), Secret("wrong"))
    for desk in (good, missing, silent):
        await desk.stop()


async def test_a_kind_names_itself_and_shows_an_example(case: Case) -> None:
    assert case.kind.name
    assert case.kind.label
    assert case.kind.address_hint


async def test_a_canonical_address_stays_what_it_is(case: Case) -> None:
    assert case.kind.canonical_address(f" {case.good} ") == case.good
    assert case.kind.canonical_address(case.good) == case.good


@pytest.mark.parametrize("typed", ["", "   ", "javascript:alert(1)", "https://evil.example/", "a b", "x" * 500])
async def test_what_is_no_address_is_refused(case: Case, typed: str) -> None:
    with pytest.raises(DeskAddressNotUsable):
        case.kind.canonical_address(typed)


async def test_a_good_key_passes(case: Case) -> None:
    await case.kind.check(case.good, case.good_key)


async def test_a_bad_key_is_refused(case: Case) -> None:
    with pytest.raises(RemoteRefusedUs):
        await case.kind.check(case.good, case.bad_key)


async def test_an_empty_key_is_refused(case: Case) -> None:
    with pytest.raises(RemoteRefusedUs):
        await case.kind.check(case.good, Secret(""))


async def test_no_desk_at_the_address_is_gone(case: Case) -> None:
    with pytest.raises(RemoteGone):
        await case.kind.check(case.missing, case.good_key)


async def test_a_desk_that_does_not_answer_is_unavailable(case: Case) -> None:
    with pytest.raises(RemoteUnavailable):
        await case.kind.check(case.silent, case.good_key)


async def test_no_error_repeats_the_key_or_the_address(case: Case) -> None:
    for address, key in ((case.good, case.bad_key), (case.missing, case.good_key), (case.silent, case.good_key)):
        with pytest.raises(RemoteError) as failed:
            await case.kind.check(address, key)
        assert address not in str(failed.value)
        assert key.reveal() not in str(failed.value)
