"""httpClient: calls of the own desk, by paths relative to it. Off unless the connection allows it."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from rules.host.scene import HttpWrite
from rules.host.stage import TROUBLE, Stage
from rules.host.values_out import inward, outward, parsed
from rules.language import values
from rules.language.host import HostObject, Member

if TYPE_CHECKING:
    from rules.language.run import Run

OFF = (
    "httpClient is off for this connection. An admin switches it on where its rules are edited: /connect rules, then"
    " Turn on."
)
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def _verb(method: str) -> Member:
    def call(held: "HttpClient", run: "Run", given: list[Any]) -> Any:
        body = given[1] if len(given) > 1 and method != "GET" else None
        query = given[1] if len(given) > 1 and method == "GET" else given[2] if len(given) > 2 else None
        answer = held.send(run, method, given[0], body, query)
        if answer["status"] >= 400:
            run.fail(TROUBLE, f"{method} {run.text(given[0])} was answered with {answer['status']}")
        return parsed(run, answer["text"]) if answer["text"] else None

    return Member(call=call, arity=(1, 4))


class HttpClient(HostObject):
    __slots__ = ("stage",)

    kind_name = "HttpClient"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        **{method.lower(): _verb(method) for method in _METHODS},
        "http": Member(call=lambda held, run, given: held.whole(run, given), arity=(2, 7)),
    }

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def send(self, run: "Run", method: str, path: Any, body: Any, query: Any) -> dict[str, Any]:
        """The desk's answer; of a write in a dry run one that says so. Raises Raised."""
        text, _, tail = run.text(path).partition("?")
        payload = _payload(run, body)
        if method not in _METHODS:
            run.fail("java.lang.IllegalArgumentException", f"httpClient knows {', '.join(_METHODS)}, not {method}")
        if not text.startswith("/") or text.startswith("//") or "\\" in text:
            message = f"httpClient takes paths of your own desk, like /api/v2/tickets/1, not {text[:100]}"
            run.fail("java.lang.IllegalArgumentException", message)
        if not self.stage.scene.http_allowed:
            run.fail(TROUBLE, OFF)
        if method != "GET":
            self.stage.wrote = True
            if self.stage.scene.dry_run:
                run.host_call(http=True)
                self.stage.http.append(HttpWrite(method, text, payload))
                return {"status": 200, "headers": {}, "text": "{}"}
        answer = self.stage.ask(run, "http", method, text, {**dict(parse_qsl(tail)), **_query(run, query)}, payload, {})
        run.string(len(answer.get("text", "")))
        if method != "GET":
            self.stage.http.append(HttpWrite(method, text, payload, int(answer["status"])))
        return {"status": int(answer["status"]), "headers": answer.get("headers", {}), "text": answer.get("text", "")}

    def whole(self, run: "Run", given: list[Any]) -> Any:
        """`http(method, path[, body[, params[, headers]]]) { req, res -> … }`: what the closure gives, or the response.
        Headers are the desk's own matter: what a rule passes is not sent."""
        closure = given.pop() if type(given[-1]) in (values.Closure, values.NativeClosure) else None
        if len(given) < 2:
            run.no_method(self.kind_name, "http", given)
        rest = given[2:]
        body: Any = next((one for one in rest if type(one) is str), None)
        maps = [one for one in rest if type(one) is values.GMap]
        if body is None and rest and type(rest[0]) is values.GMap and len(maps) > 2:
            body = maps.pop(0)
        method = run.text(given[0]).upper()
        answer = self.send(run, method, given[1], body, maps[0] if maps else None)
        request = values.GMap((("method", method), ("path", run.text(given[1])), ("body", body)))
        response = Response(answer["status"], answer["text"], inward(run, answer["headers"]))
        return response if closure is None else run.call(closure, [request, response])


class Response(HostObject):
    __slots__ = ("body", "headers", "status")

    kind_name = "Response"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "code": Member(get=lambda held, run: held.status),
        "status": Member(get=lambda held, run: held.status),
        "statusCode": Member(get=lambda held, run: held.status),
        "body": Member(get=lambda held, run: held.body),
        "text": Member(get=lambda held, run: held.body),
        "json": Member(get=lambda held, run: parsed(run, held.body)),
        "headers": Member(get=lambda held, run: held.headers),
    }

    def __init__(self, status: int, body: str, headers: Any) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    def shown(self, run: "Run") -> str:
        return self.body


def _payload(run: "Run", body: Any) -> str:
    """Texts as they are, anything else as JSON."""
    if body is None or type(body) is str:
        return body or ""
    return json.dumps(outward(run, body), ensure_ascii=False)


def _query(run: "Run", query: Any) -> dict[str, str]:
    if type(query) is not values.GMap:
        return {}
    found = {}
    for key, value in query.items():
        one = value[0] if isinstance(value, list) and value else value
        found[run.text(key)] = run.text(one)
    return found
