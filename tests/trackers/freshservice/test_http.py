"""Each answer means one thing, and the key goes nowhere else. Checklist 1, 2, 3, 4 and 5 of the desk's reference."""

import asyncio
import base64
import logging
import re
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sync.errors import RemoteError, RemoteGone, RemoteRefusedTicket, RemoteRefusedUs, RemoteUnavailable
from sync.fields import Fields
from tests.trackers.freshservice.scripted import KEY, WRITTEN, ScriptedDesk, Unlimited, answered, opened
from trackers.errors import DeskAddressNotUsable
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.tracker import FreshserviceTracker
from trackers.port import CallKind, Reading

STATUS = Fields({"status": "Closed"})
VALIDATION = {
    "description": "Validation failed",
    "errors": [
        {"field": "priority", "message": "Since Monday. is no priority", "code": "invalid_value"},
        {"field": "group_id", "message": ["Mandatory attribute missing"], "code": "missing_field"},
        {"field": "x"},
        {"message": "no field at all"},
    ],
}


@pytest.mark.parametrize(
    ("answer", "family", "words"),
    [
        (
            answered(VALIDATION, 400),
            RemoteRefusedTicket,
            r"priority \(invalid value\), group_id \(missing field\), x\.",
        ),
        (answered({"code": "invalid_field", "message": "no"}, 400), RemoteRefusedTicket, "invalid field"),
        (answered("", 400), RemoteRefusedTicket, "status 400"),
        (answered({"message": "no"}, 405), RemoteRefusedTicket, "status 405"),
        (answered({"code": "conflict"}, 409), RemoteRefusedTicket, "conflict"),
        (answered("<html>", 413), RemoteRefusedTicket, "status 413"),
        (answered({"code": "unsupported"}, 415), RemoteRefusedTicket, "unsupported"),
        (answered({}, 422), RemoteRefusedTicket, "status 422"),
        (answered({"code": "invalid_credentials"}, 401), RemoteRefusedUs, "refused the API key"),
        (answered({"code": "invalid_credentials"}, 403), RemoteRefusedUs, "refused the API key"),
        (answered("<html>", 403), RemoteRefusedUs, "refused the API key"),
        (answered({"code": "account_suspended"}, 403), RemoteRefusedUs, "suspended"),
        (answered({"code": "access_denied"}, 403), RemoteRefusedTicket, "may not do this"),
        (answered("", 404), RemoteGone, "no such record"),
        (answered({"message": "slow"}, 429, **{"Retry-After": "17"}), RemoteUnavailable, "17 seconds"),
        (answered({"code": "internal_error", "message": "x"}, 500), RemoteUnavailable, "Try again"),
        (answered("<html>", 502), RemoteUnavailable, "Try again"),
        (answered("<html>", 503, **{"Retry-After": "9"}), RemoteUnavailable, "Try again"),
        (answered("<html>ok</html>"), RemoteUnavailable, "Try again"),
        (answered("[]"), RemoteUnavailable, "Try again"),
        (answered({"ticket": {"subject": "no id"}}), RemoteUnavailable, "Try again"),
        (answered({"ticket": {"id": 372}}), RemoteUnavailable, "Try again"),
        (answered({"ticket": WRITTEN}, 302, Location="https://evil.example/"), RemoteUnavailable, "points to another"),
        (answered({"code": "ssl_required"}, 403), RemoteUnavailable, "https"),
        (answered('{"ticket": {"id": 3'), RemoteUnavailable, "Try again"),
    ],
)
async def test_each_answer_to_a_write_says_whose_move_it_is(
    script: ScriptedDesk,
    tracker: FreshserviceTracker,
    answer: Callable[[web.Request], Any],
    family: type[RemoteError],
    words: str,
) -> None:
    script.on("PUT tickets/372", answer)
    with pytest.raises(family, match=words) as raised:
        await tracker.update("372", STATUS)
    assert isinstance(raised.value, family)
    assert "Since Monday" not in str(raised.value)  # their message may repeat what we sent
    assert script.lines().count("PUT tickets/372") == 1  # whether it is tried again is not for us to say


async def test_too_many_calls_carries_the_wait_in_seconds_or_as_a_date(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    dates = {"Retry-After": "Tue, 03 Mar 2026 09:15:30 GMT", "Date": "Tue, 03 Mar 2026 09:15:00 GMT"}
    script.on("PUT tickets/372", answered({}, 429, **{"Retry-After": "17"}), answered({}, 429, **dates))
    for seconds in (17.0, 30.0):
        with pytest.raises(RemoteUnavailable) as raised:
            await tracker.update("372", STATUS)
        assert raised.value.retry_after == seconds


async def test_a_right_that_is_missing_everywhere_is_the_keys(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    script.on("PUT tickets/372", answered({"code": "access_denied"}, 403))
    script.on("GET tickets", answered({"code": "access_denied"}, 403))
    with pytest.raises(RemoteRefusedUs, match="may not read tickets"):
        await tracker.update("372", STATUS)


@pytest.mark.parametrize(
    ("listed", "family"),
    [
        (answered("", 404), RemoteUnavailable),  # the whole account is not there: nobody's ticket is gone for that
        (answered("<html>", 502), RemoteUnavailable),
        (answered({"code": "invalid_credentials"}, 401), RemoteRefusedUs),
    ],
)
async def test_i13_a_404_counts_only_while_the_desk_is_there(
    script: ScriptedDesk,
    tracker: FreshserviceTracker,
    listed: Callable[[web.Request], Any],
    family: type[RemoteError],
) -> None:
    script.on("GET tickets/372", answered("", 404))
    script.on("GET tickets", listed)
    with pytest.raises(family):
        await tracker.read("372")


async def _cut(request: web.Request) -> web.StreamResponse:
    """The write took place, and its answer broke off."""
    answer = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await answer.prepare(request)
    await answer.write(b'{"ticket"')
    assert request.transport is not None
    request.transport.close()
    return answer


async def _slow(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return answered({"ticket": WRITTEN})(request)


@pytest.mark.parametrize("answer", [_cut, _slow, answered("x" * 64, **{"Content-Encoding": "gzip"})])
async def test_i9_a_write_whose_answer_is_lost_may_have_happened(
    script: ScriptedDesk, http_session: aiohttp.ClientSession, answer: Callable[[web.Request], Any]
) -> None:
    tracker, budget = opened(script, http_session, seconds=0.3)
    script.on("PUT tickets/372", answer)
    with pytest.raises(RemoteUnavailable):
        await tracker.update("372", STATUS)
    assert script.lines().count("PUT tickets/372") == 1
    assert len(budget.asked) == len(budget.told)


async def test_a_desk_that_is_not_there_is_unavailable(
    script: ScriptedDesk, http_session: aiohttp.ClientSession
) -> None:
    tracker, budget = opened(script, http_session)
    await script.stop()
    with pytest.raises(RemoteUnavailable):
        await tracker.read("372")
    assert len(budget.asked) == len(budget.told)


async def test_every_call_shows_the_key_and_says_what_it_wants(
    script: ScriptedDesk, tracker: FreshserviceTracker
) -> None:
    await tracker.read("372")
    for call in script.calls:
        assert call.headers["Authorization"] == "Basic " + base64.b64encode(b"desk-key-1:X").decode()
        assert call.headers["Accept"] == "application/json"
        assert call.headers["Accept-Encoding"] == "identity"


async def test_a_body_is_json_and_not_wrapped(script: ScriptedDesk, tracker: FreshserviceTracker) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN})
    await tracker.update("372", STATUS)
    (put,) = [call for call in script.calls if call.method == "PUT"]
    assert put.body == {"status": 5}
    assert put.headers["Content-Type"] == "application/json"


async def test_the_budget_is_asked_before_and_told_after(
    script: ScriptedDesk, tracker: FreshserviceTracker, budget: Unlimited
) -> None:
    script.on("PUT tickets/372", {"ticket": WRITTEN}, answered({}, 429, **{"Retry-After": "5"}))
    await tracker.update("372", STATUS)
    assert (CallKind.UPDATE, 1, False) in budget.asked
    assert (CallKind.UPDATE, Reading(1, 140, 139, 1)) in budget.told
    with pytest.raises(RemoteUnavailable):
        await tracker.update("372", STATUS)
    assert budget.told[-1] == (CallKind.UPDATE, Reading(1, 140, 139, 1, 5.0, refused=True))


async def test_limits_that_cannot_be_read_are_no_limits(
    script: ScriptedDesk, tracker: FreshserviceTracker, budget: Unlimited
) -> None:
    script.on(
        "PUT tickets/372",
        answered({"ticket": WRITTEN}, **{"X-RateLimit-Total": "7000.0", "X-Ratelimit-Remaining": "?"}),
    )
    await tracker.update("372", STATUS)
    assert budget.told[-1][1].total == 7000
    assert budget.told[-1][1].remaining is None


async def test_nothing_is_asked_when_the_budget_is_spent(
    script: ScriptedDesk, tracker: FreshserviceTracker, budget: Unlimited
) -> None:
    budget.is_spent = True
    with pytest.raises(RemoteUnavailable) as raised:
        await tracker.read("372")
    assert raised.value.retry_after == 7.0
    assert script.calls == []


async def test_what_a_person_waits_for_is_urgent(script: ScriptedDesk, http_session: aiohttp.ClientSession) -> None:
    tracker, budget = opened(script, http_session, urgent=True)
    await tracker.read("372")
    assert {urgent for _, _, urgent in budget.asked} == {True}


async def test_r8_the_key_is_in_no_text_no_log_and_no_repr(
    script: ScriptedDesk, tracker: FreshserviceTracker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    script.on("PUT tickets/372", answered({"code": KEY.reveal(), "message": KEY.reveal()}, 400))
    with pytest.raises(RemoteRefusedTicket) as raised:
        await tracker.update("372", Fields({"summary": "secret summary"}))
    encoded = base64.b64encode(b"desk-key-1:X").decode()
    for text in (repr(tracker), repr(tracker.client), caplog.text):
        assert KEY.reveal() not in text
        assert encoded not in text
    assert "secret summary" not in str(raised.value) + caplog.text


async def test_opening_an_account_refuses_an_address_that_is_no_desk(http_session: aiohttp.ClientSession) -> None:
    with pytest.raises(DeskAddressNotUsable):
        FreshserviceDesks(http_session).open("https://evil.example", KEY)


async def test_what_is_opened_on_one_account_shares_its_budget(http_session: aiohttp.ClientSession) -> None:
    kind = FreshserviceDesks(http_session)
    one, two = (kind.open("https://acme.freshservice.com", KEY) for _ in range(2))
    other = kind.open("https://globex.freshservice.com", KEY)
    assert one.client.budget is two.client.budget
    assert one.account is two.account
    assert one.client.budget is not other.client.budget


@pytest.mark.parametrize("ticket_id", ["", "1/../2", "1?x=y", "abc", "²", "1" * 21, "-1"])
async def test_an_id_that_is_no_number_is_never_put_into_an_address(
    script: ScriptedDesk, tracker: FreshserviceTracker, ticket_id: str
) -> None:
    with pytest.raises(RemoteGone):
        await tracker.update(ticket_id, Fields())
    with pytest.raises(RemoteGone):
        await tracker.remove_comment("372", ticket_id)
    assert not [line for line in script.lines() if not re.fullmatch("GET (tickets|ticket_form_fields)", line)]
