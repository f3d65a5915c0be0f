"""Bad days: what is done, what is answered, and for how long."""

import aiohttp
import pytest

from sandbox.freshservice import FreshserviceStandIn, Person, Trouble
from tests.sandbox.freshservice.conftest import Client

DONE = [Trouble.LOST, Trouble.CUT, Trouble.LATE, Trouble.DRIPPED, Trouble.ERROR_AFTER, Trouble.NOT_JSON]
CUT_OFF = [Trouble.RESET, Trouble.NO_ANSWER, Trouble.LOST, Trouble.CUT]


@pytest.fixture(autouse=True)
def ticket(lena: Person) -> None:
    lena.raise_ticket("A")


@pytest.mark.parametrize("trouble", [one for one in Trouble if one is not Trouble.REPEATED])
async def test_it_is_done_or_not_as_the_trouble_says(desk: FreshserviceStandIn, call: Client, trouble: Trouble) -> None:
    fault = desk.faults.add(trouble, method="POST", path="tickets/1/notes", seconds=0.001)
    try:
        got = await call("POST", "tickets/1/notes", {"body": "x"})
    except aiohttp.ClientError:
        assert trouble in CUT_OFF
    else:
        assert trouble not in CUT_OFF
        assert (got.status < 300) is (trouble in (Trouble.SLOW, Trouble.LATE, Trouble.DRIPPED, Trouble.NOT_JSON))
    assert len(desk.said_on(1)) == (trouble in [*DONE, Trouble.SLOW])
    assert fault.struck == 1
    assert (await call("POST", "tickets/1/notes", {"body": "y"})).status == 201


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (Trouble.KEY_REFUSED, 401, "invalid_credentials"),
        (Trouble.FORBIDDEN, 403, "access_denied"),
        (Trouble.CONFLICT, 409, "inconsistent_state"),
    ],
)
async def test_a_refusal_looks_like_the_real_one(
    desk: FreshserviceStandIn, call: Client, trouble: Trouble, status: int, code: str
) -> None:
    desk.faults.add(trouble)
    got = await call("GET", "tickets/1")
    assert (got.status, got.body["code"]) == (status, code)
    assert "X-RateLimit-Total" in got.headers


@pytest.mark.parametrize("seconds", [None, 7])
async def test_too_many_calls_may_come_with_a_wait_or_without(
    desk: FreshserviceStandIn, call: Client, seconds: int | None
) -> None:
    desk.faults.add(Trouble.TOO_MANY, seconds=seconds)
    got = await call("GET", "tickets")
    assert got.status == 429
    assert got.headers.get("Retry-After") == (None if seconds is None else "7")


async def test_an_error_page_is_html(desk: FreshserviceStandIn, call: Client) -> None:
    desk.faults.add(Trouble.ERROR, status=503)
    got = await call("GET", "tickets")
    assert (got.status, got.body) == (503, None)
    assert got.text.startswith("<!DOCTYPE html>")


async def test_a_fault_strikes_what_fits_as_often_as_it_should(
    desk: FreshserviceStandIn, call: Client, lena: Person
) -> None:
    lena.raise_ticket("B")
    desk.faults.add(Trouble.FORBIDDEN, path=r"tickets/1(/|$)", times=2, skip=1)
    statuses = [(await call("GET", path)).status for path in ("tickets/1", "tickets/2", "tickets/1")]
    assert statuses == [200, 200, 403]
    assert (await call("GET", "tickets/1/conversations")).status == 403
    assert (await call("GET", "tickets/1")).status == 200


async def test_an_answer_may_come_again_from_a_cache(desk: FreshserviceStandIn, call: Client, ana: Person) -> None:
    desk.faults.add(Trouble.REPEATED, method="GET", path="tickets/1$")
    assert (await call.get("tickets/1"))["ticket"]["status"] == 2
    ana.edit(1, status="Pending")
    assert (await call.get("tickets/1"))["ticket"]["status"] == 2
    assert (await call.get("tickets/1"))["ticket"]["status"] == 3


async def test_a_cut_call_is_remembered_with_status_nought(desk: FreshserviceStandIn, call: Client) -> None:
    desk.faults.add(Trouble.LOST)
    with pytest.raises(aiohttp.ClientError):
        await call("POST", "tickets/1/reply", {"body": "x"})
    assert [(one.method, one.status) for one in desk.calls] == [("POST", 0)]
    assert len(desk.said_on(1)) == 1


async def test_faults_can_be_taken_back(desk: FreshserviceStandIn, call: Client) -> None:
    desk.faults.add(Trouble.ERROR, times=100)
    desk.faults.clear()
    assert (await call("GET", "tickets")).status == 200
