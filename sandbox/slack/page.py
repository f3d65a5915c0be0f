"""The page: everything in the world, to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
from aiohttp import web

if TYPE_CHECKING:
    from sandbox.slack.server import SlackStandIn

_TEMPLATE = jinja2.Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="en">
<title>Stand-in for Slack</title>
<h1>Stand-in for Slack</h1>
{% for text in refusals %}<p><strong>{{ text }}</strong></p>{% endfor %}
{% for driver in drivers %}
<h2>{{ driver.person.name }} ({{ driver.person.team.name }})</h2>
<pre>{{ driver.screen() }}</pre>
{% endfor %}
</html>
"""
)


def page_routes(standin: SlackStandIn) -> list[web.RouteDef]:
    async def overview(request: web.Request) -> web.Response:
        people = [person for person in standin.world.people.values() if not person.is_bot]
        drivers = [standin.person(person) for person in people]
        text = _TEMPLATE.render(refusals=standin.refusals, drivers=drivers)
        return web.Response(text=text, content_type="text/html")

    return [web.get("/", overview)]
