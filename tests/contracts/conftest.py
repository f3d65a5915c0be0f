from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from pairing.secret import Secret
from sandbox.freshservice import UNLIMITED, FreshserviceStandIn
from tests.contracts.desk_people import AGENT, REQUESTER, FreshservicePeople, ToyPeople
from tests.contracts.tracker_case import Case
from tests.flows.two_sides import START, Clock
from trackers.freshservice.desks import FreshserviceDesks
from trackers.memory import MemoryDesks


@pytest.fixture(params=["memory", "freshservice"])
async def case(request: pytest.FixtureRequest) -> AsyncIterator[Case]:
    clock = Clock(START + timedelta(seconds=0.25))  # never at the turn of a second
    if request.param == "memory":
        desks = MemoryDesks(clock=clock)
        account = desks.account("memory:acme")
        account.people |= {str(one.email): one for one in (AGENT, REQUESTER)}
        yield Case(desks.open("memory:acme", Secret("toy-1")), ToyPeople(account), clock)
        return
    desk = await FreshserviceStandIn(keys={"right"}, plan=UNLIMITED, now=clock).start()
    desk.add_agent(AGENT.name, str(AGENT.email))
    desk.add_requester(REQUESTER.name, REQUESTER.email)
    async with aiohttp.ClientSession() as session:
        kind = FreshserviceDesks(session, frozenset({desk.origin}))
        yield Case(kind.open(desk.origin, Secret("right")), FreshservicePeople(desk), clock)
    await desk.stop()
