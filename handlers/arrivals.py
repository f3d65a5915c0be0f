"""What Slack sent, as one typed value; nothing above reads the raw payload."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handlers.ids import HOME_OPENED, field_of

Json = Mapping[str, Any]


class Kind(StrEnum):
    COMMAND = "command"
    ACTION = "action"
    SUBMISSION = "submission"
    CLOSED = "closed"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was put into a form; `size` in bytes, as Slack says."""

    name: str
    size: int
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Typing:
    """The values of a form by field (ids.py); `blocks` gives each field's full block id in the view that was shown, and
    `files` the file of each field that has one."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    blocks: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Attached] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """What was typed or chosen; "" when it was nothing or the field was not shown."""
        return self.values.get(name, "")

    def shows(self, name: str) -> bool:
        return name in self.blocks

    def placed(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Sentences by field become sentences by block id; those of fields not shown stand at the first one."""
        first = next(iter(self.blocks.values()), "")
        placed: dict[str, str] = {}
        for name, sentence in errors.items():
            block = self.blocks.get(name, first)
            placed[block] = f"{placed[block]} {sentence}" if block in placed else sentence
        return placed


@dataclass(frozen=True, slots=True)
class Seen:
    """The view that a person acted in. `meta` is treated as input: an id that is looked up again."""

    id: str
    callback: str
    is_home: bool
    hash: str
    meta: str
    typing: Typing
    raw: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that a person did. `user_team` is the person's own workspace as Slack stated it, "" in events;
    `name` is the action, the view's callback or the event; `text` what was typed behind the command."""

    kind: Kind
    name: str
    key: str
    user_id: str
    user_team: str
    trigger: str = ""
    response_url: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    value: str = ""
    channel: str = ""
    message_ts: str = ""
    tab: str = ""
    view: Seen | None = None


def read_arrival(kind: Kind, body: Json) -> Arrival:
    """Raises KeyError or TypeError when Slack sent something of another shape."""
    match kind:
        case Kind.COMMAND:
            return _command(body)
        case Kind.ACTION:
            return _action(body)
        case Kind.EVENT:
            return _event(body)
        case _:
            return _view_arrival(kind, body)


def _command(body: Json) -> Arrival:
    return Arrival(
        kind=Kind.COMMAND,
        name=body["command"],
        key=f"command:{body['trigger_id']}",
        user_id=body["user_id"],
        user_team=body["team_id"],
        trigger=body["trigger_id"],
        response_url=body["response_url"],
        text=body.get("text", ""),
        channel=body.get("channel_id", ""),
    )


def _action(body: Json) -> Arrival:
    action, container = body["actions"][0], body.get("container", {})
    return Arrival(
        kind=Kind.ACTION,
        name=action["action_id"],
        key=f"action:{body['trigger_id']}",
        user_id=body["user"]["id"],
        user_team=body["user"].get("team_id") or "",
        trigger=body["trigger_id"],
        response_url=body.get("response_url") or "",
        value=_value_of(action),
        channel=container.get("channel_id") or (body.get("channel") or {}).get("id", ""),
        # What only one person sees cannot be edited.
        message_ts=(not container.get("is_ephemeral") and container.get("message_ts")) or "",
        view=_seen(body["view"]) if body.get("view") else None,
    )


def _view_arrival(kind: Kind, body: Json) -> Arrival:
    view = _seen(body["view"])
    return Arrival(
        kind=kind,
        name=view.callback,
        # A closed view has no trigger; it closes once.
        key=f"{kind}:{body.get('trigger_id') or view.id}",
        user_id=body["user"]["id"],
        user_team=body["user"].get("team_id") or "",
        trigger=body.get("trigger_id") or "",
        view=view,
    )


def _event(body: Json) -> Arrival:
    event = body["event"]
    user = event.get("user")
    return Arrival(
        kind=Kind.EVENT,
        name=event["type"],
        key=f"event:{body['event_id']}",
        user_id=user if isinstance(user, str) else "",
        user_team="",
        tab=event.get("tab", "") if event["type"] == HOME_OPENED else "",
        view=_seen(event["view"]) if event.get("view") else None,
    )


def _seen(view: Json) -> Seen:
    return Seen(
        id=view["id"],
        callback=view.get("callback_id") or "",
        is_home=view.get("type") == "home",
        hash=view.get("hash") or "",
        meta=view.get("private_metadata") or "",
        typing=_typing((view.get("state") or {}).get("values") or {}),
        raw=view,
    )


def _typing(values: Json) -> Typing:
    blocks = {field_of(block_id): block_id for block_id in values}
    typed = {field_of(block_id): _value_of(next(iter(held.values()))) for block_id, held in values.items() if held}
    files = {
        field_of(block_id): file
        for block_id, held in values.items()
        if held and (file := _attached(next(iter(held.values())))) is not None
    }
    return Typing(typed, blocks, files)


def _attached(element: Json) -> Attached | None:
    """The last one put there."""
    if element.get("type") != "file_input" or not element.get("files"):
        return None
    file = element["files"][-1]
    url = file.get("url_private_download") or file.get("url_private") or ""
    return Attached(str(file.get("name") or ""), int(file.get("size") or 0), str(url))


def _value_of(element: Json) -> str:
    """The one value of a button, menu or input; ticked boxes read as "yes"."""
    if element.get("type") == "checkboxes":
        return "yes" if element.get("selected_options") else ""
    option = element.get("selected_option")
    if option is not None:
        return str(option["value"])
    for word in ("value", "selected_user", "selected_conversation", "selected_channel"):
        if element.get(word) is not None:
            return str(element[word])
    return ""
