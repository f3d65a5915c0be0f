"""The probe against the strict stand-in: what each answer means, and where the key may go."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from pairing.secret import Secret
from sandbox.freshservice import FreshserviceStandIn
from sync.errors import RemoteError, RemoteGone, RemoteRefusedUs, RemoteUnavailable
from trackers.errors import DeskAddressNotUsable
from trackers.freshservice.desks import MAX_BODY, FreshserviceDesks

KEY = Secret("desk-key-1")


@pytest.fixture
async def desk() -> AsyncIterator[FreshserviceStandIn]:
    stand_in = await FreshserviceStandIn(keys={KEY.reveal()}, limited_keys={"limited-key"}).start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def kind(desk: FreshserviceStandIn, session: aiohttp.ClientSession) -> FreshserviceDesks:
    return FreshserviceDesks(session, frozenset({desk.origin}), timeout_seconds=0.5)


async def test_a_good_key_costs_one_call_that_reads_one_ticket(
    desk: FreshserviceStandIn, kind: FreshserviceDesks
) -> None:
    await kind.check(desk.origin, KEY)
    assert [(call.method, call.path, call.query) for call in desk.calls] == [("GET", "/api/v2/tickets", "per_page=1")]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_bad_key_is_refused(desk: FreshserviceStandIn, kind: FreshserviceDesks, status: int) -> None:
    desk.switches.refusal_status = status
    with pytest.raises(RemoteRefusedUs, match="Copy it again from your Freshservice profile"):
        await kind.check(desk.origin, Secret("other-key"))


async def test_a_key_without_the_right_says_so(desk: FreshserviceStandIn, kind: FreshserviceDesks) -> None:
    with pytest.raises(RemoteRefusedUs, match="may not read tickets"):
        await kind.check(desk.origin, Secret("limited-key"))


@pytest.mark.parametrize("typed", ["", "has space", "two\nlines", "a:b", "clé", "k" * 201])
async def test_what_cannot_be_a_key_is_never_sent(
    desk: FreshserviceStandIn, kind: FreshserviceDesks, typed: str
) -> None:
    with pytest.raises(RemoteRefusedUs, match="not an API key"):
        await kind.check(desk.origin, Secret(typed))
    assert desk.calls == []


async def test_the_key_does_not_follow_a_redirect(desk: FreshserviceStandIn, kind: FreshserviceDesks) -> None:
    elsewhere = await FreshserviceStandIn(keys={KEY.reveal()}).start()
    desk.switches.redirect_to = f"{elsewhere.origin}/api/v2/tickets"
    try:
        with pytest.raises(RemoteGone, match="points to another one"):
            await kind.check(desk.origin, KEY)
        assert elsewhere.calls == []
    finally:
        await elsewhere.stop()


@pytest.mark.parametrize(
    "address", ["https://evil.example", "http://acme.freshservice.com.evil.example", "memory:acme"]
)
async def test_r8_the_key_goes_to_no_host_that_is_not_a_desk(session: aiohttp.ClientSession, address: str) -> None:
    with pytest.raises(DeskAddressNotUsable):
        await FreshserviceDesks(session).check(address, KEY)


async def test_too_many_calls_carries_the_wait(desk: FreshserviceStandIn, kind: FreshserviceDesks) -> None:
    desk.switches.retry_after = "42"
    with pytest.raises(RemoteUnavailable, match="in 42 seconds") as failed:
        await kind.check(desk.origin, KEY)
    assert failed.value.retry_after == 42.0


@pytest.mark.parametrize(
    ("switch", "value", "family", "words"),
    [
        ("server_error", 503, RemoteUnavailable, "Try again"),
        ("internal_error", True, RemoteUnavailable, "Try again"),
        ("html", True, RemoteUnavailable, "Try again"),
        ("compressed", True, RemoteUnavailable, "Try again"),
        ("huge_bytes", MAX_BODY, RemoteUnavailable, "Try again"),
        ("delay_seconds", 2.0, RemoteUnavailable, "Try again"),
        ("drip_seconds", 0.2, RemoteUnavailable, "Try again"),
        ("ssl_required", True, RemoteGone, "over https only"),
        ("suspended", True, RemoteRefusedUs, "suspended"),
        ("unknown", True, RemoteGone, "no Freshservice desk at this address"),
    ],
)
async def test_every_other_answer_gets_its_sentence(
    desk: FreshserviceStandIn,
    kind: FreshserviceDesks,
    switch: str,
    value: object,
    family: type[RemoteError],
    words: str,
) -> None:
    setattr(desk.switches, switch, value)
    with pytest.raises(family, match=words) as failed:
        await kind.check(desk.origin, KEY)
    assert desk.origin not in str(failed.value)
    assert KEY.reveal() not in str(failed.value)


async def test_a_desk_that_is_not_there_is_unavailable(desk: FreshserviceStandIn, kind: FreshserviceDesks) -> None:
    await desk.stop()
    with pytest.raises(RemoteUnavailable):
        await kind.check(desk.origin, KEY)
