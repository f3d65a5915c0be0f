from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.trackers.freshservice.scripted import AGENT, FORM, NOTE, REQUESTER, VIEWED, ScriptedDesk, Unlimited, opened
from trackers.freshservice.tracker import FreshserviceTracker


@pytest.fixture
async def http_session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def script() -> AsyncIterator[ScriptedDesk]:
    """A desk with one ticket, one note, two people and a form."""
    desk = await ScriptedDesk().start()
    desk.on("GET tickets", {"tickets": []})
    desk.on("GET tickets/372", {"ticket": VIEWED})
    desk.on("GET tickets/372/conversations", {"conversations": [NOTE]})
    desk.on("GET ticket_form_fields", FORM)
    desk.on("GET agents/27001930207", AGENT)
    desk.on("GET requesters/27001930551", REQUESTER)
    yield desk
    await desk.stop()


@pytest.fixture
def opening(script: ScriptedDesk, http_session: aiohttp.ClientSession) -> tuple[FreshserviceTracker, Unlimited]:
    return opened(script, http_session, fallback="desk@acme.example", seconds=2.0)


@pytest.fixture
def tracker(opening: tuple[FreshserviceTracker, Unlimited]) -> FreshserviceTracker:
    return opening[0]


@pytest.fixture
def budget(opening: tuple[FreshserviceTracker, Unlimited]) -> Unlimited:
    return opening[1]
