"""`views.*`: modals and Home."""

from __future__ import annotations

from sandbox.slack.checks import view_problems
from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Json, elements
from sandbox.slack.methods import Ask, Method
from sandbox.slack.permits import Trigger
from sandbox.slack.world import Install


def open_view(ask: Ask) -> Json:
    """A trigger that came out of a modal opens on top of that modal, any other in place of what is open."""
    content = _given_modal(ask)
    trigger = _trigger(ask)
    screens = ask.world.screens
    put = screens.push if trigger.view is not None and screens.holds(trigger.view) else screens.open
    view = put(ask.install, trigger.person, trigger.channel, content)
    trigger.is_used = True
    ask.world.changes.ring()
    return {"view": view.payload(with_state=False)}


def push_view(ask: Ask) -> Json:
    content = _given_modal(ask)
    trigger = _trigger(ask)
    if trigger.view is None or not ask.world.screens.holds(trigger.view):
        raise ApiError("not_found")
    view = ask.world.screens.push(ask.install, trigger.person, trigger.channel, content)
    trigger.is_used = True
    ask.world.changes.ring()
    return {"view": view.payload(with_state=False)}


def update_view(ask: Ask) -> Json:
    view_id, external_id = ask.optional("view_id"), ask.optional("external_id")
    if view_id is None and external_id is None:
        raise ApiError("invalid_arguments", "[ERROR] either view_id or external_id is required [json-pointer:/view_id]")
    given = ask.structure("view")
    content = checked_view(given, str(given.get("type", "modal")))
    may_ask_for_files(ask.install, content)
    view = ask.world.screens.find(ask.install, view_id, external_id)
    if content["type"] != view.content["type"]:
        raise ApiError("invalid_arguments", f"[ERROR] a {view.content['type']} view cannot become a {content['type']}")
    ask.world.screens.update(view, content, ask.optional("hash"))
    ask.world.changes.ring()
    return {"view": view.payload(with_state=False)}


def publish_view(ask: Ask) -> Json:
    if not ask.install.app.manifest.has_home:
        raise ApiError("not_enabled")
    person = ask.world.people.get(ask.text("user_id"))
    if person is None or person.is_bot or person.team is not ask.install.team:
        raise ApiError("invalid_arguments", "[ERROR] invalid `user_id` [json-pointer:/user_id]")
    content = checked_view(ask.structure("view"), "home")
    view = ask.world.screens.publish(ask.install, person, content, ask.optional("hash"))
    ask.world.changes.ring()
    return {"view": view.payload(with_state=False)}


def _given_modal(ask: Ask) -> Json:
    content = checked_view(ask.structure("view"), "modal")
    may_ask_for_files(ask.install, content)
    return content


def may_ask_for_files(install: Install, view: Json) -> None:
    """An app that may not read files cannot ask for one either. Raises ApiError `missing_scope`."""
    asks = any(element["type"] == "file_input" for _, element in elements(view["blocks"]))
    if asks and "files:read" not in install.scopes:
        raise ApiError("missing_scope", needed="files:read", provided=",".join(install.scopes))


def checked_view(view: Json, surface: str) -> Json:
    """The view itself. Raises ApiError with everything that Slack would not take."""
    if problems := view_problems(view, surface):
        raise ApiError(problems.code, *problems.messages)
    return view


def _trigger(ask: Ask) -> Trigger:
    trigger_id = ask.optional("trigger_id") or ask.optional("interactivity_pointer")
    if trigger_id is None:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: trigger_id [json-pointer:/trigger_id]")
    return ask.world.permits.look_at_trigger(trigger_id, ask.install.app)


METHODS: dict[str, Method] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
