"""Workflows that call: when, with what, and how it goes wrong."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from sandbox.freshservice import FreshserviceStandIn, Person, Rule
from tests.sandbox.freshservice.conftest import Client


@dataclass(slots=True)
class Hook:
    """Somebody who is called."""

    url: str = ""
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)  # the next answers; 200 when there are none

    async def answer(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.text())
        self.headers.append(dict(request.headers))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_a_workflow_calls_with_the_number_and_the_secret(
    desk: FreshserviceStandIn, lena: Person, hook: Hook
) -> None:
    desk.automator.rules.append(Rule(hook.url, headers={"X-Secret": "s"}))
    lena.raise_ticket("A")
    await desk.automator.settle()
    assert json.loads(hook.bodies[0]) == {"ticket_id": "1", "event": "updated"}
    assert hook.headers[0]["X-Secret"] == "s"
    assert [one.status for one in desk.automator.deliveries] == [200]


async def test_a_workflow_minds_events_fields_people_and_conditions(
    desk: FreshserviceStandIn, call: Client, lena: Person, ana: Person, hook: Hook
) -> None:
    desk.automator.rules.append(
        Rule(
            hook.url,
            events=frozenset({"updated"}),
            watched=frozenset({"status"}),
            unless_by=frozenset({desk.people.bridge.id}),
            condition=lambda ticket: ticket.subject != "quiet",
        )
    )
    lena.raise_ticket("A")
    lena.raise_ticket("quiet")
    ana.edit(2, status="Pending")
    ana.edit(1, priority="High")
    ana.note(1, "x")
    await call.put("tickets/1", {"status": 3})
    await desk.automator.settle()
    assert hook.bodies == []
    ana.edit(1, status="Open")
    await desk.automator.settle()
    assert len(hook.bodies) == 1


async def test_values_are_labels_and_raw_text(desk: FreshserviceStandIn, lena: Person, hook: Hook) -> None:
    template = '{"id": {{ticket.id}}, "subject": "{{ticket.subject}}", "status": "{{ ticket.status }}"}'
    desk.automator.rules.append(Rule(hook.url, template=template))
    lena.raise_ticket('say "hi"')
    await desk.automator.settle()
    desk.automator.quirks.percent_encode = True
    lena.raise_ticket("a b")
    await desk.automator.settle()
    assert hook.bodies == [
        '{"id": INC-1, "subject": "say "hi"", "status": "Open"}',
        '{"id": INC-2, "subject": "a%20b", "status": "Open"}',
    ]


async def test_simple_content_has_a_wrapper_of_another_product(
    desk: FreshserviceStandIn, lena: Person, hook: Hook
) -> None:
    desk.automator.rules.append(Rule(hook.url, template=None))
    lena.raise_ticket("A", priority="High")
    await desk.automator.settle()
    content = json.loads(hook.bodies[0])["freshdesk_webhook"]
    assert (content["ticket_id"], content["ticket_priority"]) == ("INC-1", "High")


async def test_calls_come_twice_swapped_late_or_never(desk: FreshserviceStandIn, lena: Person, hook: Hook) -> None:
    desk.automator.rules.append(Rule(hook.url))
    quirks = desk.automator.quirks
    quirks.lose = 1
    lena.raise_ticket("lost")
    quirks.twice, quirks.pairs_swapped, quirks.delay_seconds = True, True, 0.001
    lena.raise_ticket("B")
    lena.raise_ticket("C")
    await desk.automator.settle()
    assert [json.loads(body)["ticket_id"] for body in hook.bodies] == ["3", "2", "3", "2"]


async def test_json_may_be_broken(desk: FreshserviceStandIn, lena: Person, hook: Hook) -> None:
    desk.automator.rules.append(Rule(hook.url))
    desk.automator.quirks.break_json = True
    lena.raise_ticket("A")
    await desk.automator.settle()
    with pytest.raises(ValueError):
        json.loads(hook.bodies[0])


async def test_a_refused_call_may_be_tried_again(desk: FreshserviceStandIn, lena: Person, hook: Hook) -> None:
    desk.automator.rules.append(Rule(hook.url))
    desk.automator.quirks.retries = (0.001, 0.001, 0.001)
    hook.statuses = [500, 503]
    lena.raise_ticket("A")
    await desk.automator.settle()
    assert [one.status for one in desk.automator.deliveries] == [500, 503, 200]


async def test_nobody_answering_is_no_harm(desk: FreshserviceStandIn, lena: Person) -> None:
    desk.automator.rules.append(Rule("http://127.0.0.1:9/"))
    lena.raise_ticket("A")
    await desk.automator.settle()
    assert [one.status for one in desk.automator.deliveries] == [None]
