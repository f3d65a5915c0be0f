"""What happens when a person does something: the payload an app gets, and what its acknowledgement changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.slack.answers import acknowledge_command
from sandbox.slack.delivery import Delivery
from sandbox.slack.errors import ApiError, NoAnswer, SlackRefused
from sandbox.slack.escaping import command_text
from sandbox.slack.forms import Json
from sandbox.slack.methods_views import checked_view, may_ask_for_files
from sandbox.slack.record import Record
from sandbox.slack.views import View
from sandbox.slack.world import App, Channel, Install, Message, Person, Team, World

TROUBLE = "We had some trouble connecting. Try again?"


class Interactions:
    """`base_url` is the stand-in's own, without a slash at its end."""

    def __init__(self, world: World, delivery: Delivery, record: Record) -> None:
        self._world = world
        self._delivery = delivery
        self._record = record
        self.base_url = ""

    async def command(self, person: Person, channel: Channel, typed: str) -> None:
        """A slash command. Raises SlackRefused with what Slack shows instead."""
        name, _, rest = typed.strip().partition(" ")
        install = person.team.commands.get(name)
        if install is None or "commands" not in install.scopes:
            raise SlackRefused(
                f"{name} is not a valid command. In Slack, all messages that start with the “/” character are "
                "interpreted as commands. If you are trying to send a message and not run a command, try preceding "
                "the “/” with an empty space."
            )
        payload = self._command_payload(install, person, channel, name, rest.strip())
        try:
            ack = await self._delivery.send(install.app, "slash_commands", payload)
        except NoAnswer as error:
            raise SlackRefused(f"{name} failed with the error “{error.code}”") from None
        try:
            acknowledge_command(self._world, install, person, channel, typed, ack)
        except ApiError as error:
            self._record.refuse(f"the answer of {install.app.name} to {name}: {error}")
            raise SlackRefused(f"{name} failed with the error “invalid_command_response”") from None

    def _command_payload(self, install: Install, person: Person, channel: Channel, name: str, text: str) -> Json:
        should_escape = install.app.manifest.commands[name].should_escape
        return {
            "token": install.app.verification_token,
            "team_id": person.team.id,
            "team_domain": person.team.domain,
            "channel_id": channel.id,
            "channel_name": "privategroup" if channel.is_private and not channel.is_dm else channel.name,
            "user_id": person.id,
            "user_name": person.handle,
            "command": name,
            "text": command_text(text, person, channel, should_escape=should_escape),
            "api_app_id": install.app.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(install, person, channel, None),
            "trigger_id": self._world.permits.trigger(install, person, channel).id,
        }

    async def act_on_view(self, view: View, action: Json) -> None:
        """A `block_actions` from a modal or from Home."""
        trigger_view = view if view.content["type"] == "modal" else None
        payload = self._base("block_actions", view.install, view.person, view.person.team)
        payload |= {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._world.permits.trigger(view.install, view.person, view.channel, trigger_view).id,
            "view": view.payload(with_state=True),
            "actions": [action],
        }
        await self._deliver_action(view.install.app, payload)

    async def act_on_message(self, person: Person, message: Message, action: Json) -> None:
        """A `block_actions` from a message; in a shared channel `team` is the one that has the app."""
        install = message.install
        if install is None:
            raise SlackRefused("This message has no app behind it.")
        channel = message.channel
        payload = self._base("block_actions", install, person, install.team)
        payload |= {
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": channel.id,
                "is_ephemeral": message.is_ephemeral,
            },
            "trigger_id": self._world.permits.trigger(install, person, channel).id,
            "channel": {"id": channel.id, "name": channel.name},
            "state": message.form_of(person).state(),
            "response_url": self._response_url(install, person, channel, message),
            "actions": [action],
        }
        if not message.is_ephemeral:
            payload["message"] = message.payload()
        await self._deliver_action(install.app, payload)

    async def _deliver_action(self, app: App, payload: Json) -> None:
        self._interactive(app)
        try:
            await self._delivery.send(app, "interactive", payload)
        except NoAnswer as error:
            raise SlackRefused(f"{TROUBLE} ({error.code})") from None

    async def submit(self, view: View) -> dict[str, str]:
        """What stands below the inputs now, by block_id; empty when the submission was taken."""
        payload = self._base("view_submission", view.install, view.person, view.person.team)
        payload |= {
            "trigger_id": self._world.permits.trigger(view.install, view.person, view.channel, view).id,
            "view": view.payload(with_state=True),
            "response_urls": self._chosen_response_urls(view),
        }
        self._interactive(view.install.app)
        try:
            ack = await self._delivery.send(view.install.app, "interactive", payload)
        except NoAnswer as error:
            raise SlackRefused(f"{TROUBLE} ({error.code})") from None
        try:
            return self._take_submission_ack(view, ack)
        except ApiError as error:
            self._record.refuse(f"the answer of {view.install.app.name} to a submission: {error}")
            raise SlackRefused(TROUBLE) from None
        finally:
            self._world.changes.ring()

    def _take_submission_ack(self, view: View, ack: Mapping[str, Any]) -> dict[str, str]:
        screens, action = self._world.screens, ack.get("response_action")
        if action is None:
            screens.close(view)
        elif action == "clear":
            screens.clear(view.person)
        elif action == "errors":
            view.errors = _checked_errors(view, ack.get("errors"))
        elif action == "update":
            screens.update(view, _modal_in(ack, view.install), None)
        elif action == "push":
            screens.push(view.install, view.person, view.channel, _modal_in(ack, view.install))
        else:
            raise ApiError("invalid_arguments", f"[ERROR] unknown response_action: {action}")
        return view.errors if action == "errors" else {}

    async def close(self, view: View, *, everything: bool) -> None:
        """Cancel closes this view, the × (`everything`) all of them; the app hears of it where it asked to."""
        everything = everything or bool(view.content.get("clear_on_close"))
        told = self._world.screens.stack(view.person)[0] if everything else view
        payload = self._base("view_closed", told.install, told.person, told.person.team)
        payload |= {"view": told.payload(with_state=True), "is_cleared": everything}
        if everything:
            self._world.screens.clear(view.person)
        else:
            self._world.screens.close(view)
        self._world.changes.ring()
        if not told.content.get("notify_on_close"):
            return
        try:
            await self._delivery.send(told.install.app, "interactive", payload)
        except NoAnswer as error:
            self._record.refuse(f"no acknowledgement of view_closed by {told.install.app.name}: {error.code}")

    async def open_home(self, person: Person, install: Install) -> None:
        """The person looks at the app's Home; the app is told when it subscribed to that."""
        if not install.app.manifest.has_home:
            raise SlackRefused(f"{install.app.name} has no Home tab.")
        if "app_home_opened" not in install.app.manifest.events:
            return
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": self._world.dm(person, install.bot_user).id,
            "tab": "home",
            "event_ts": self._world.ids.timestamp(),
        }
        if home := self._world.screens.home(install.app.id, person):
            event["view"] = home.payload(with_state=True)
        await self._delivery.event(install, event)

    def _base(self, kind: str, install: Install, person: Person, team: Team) -> Json:
        return {
            "type": kind,
            "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": person.team.id},
            "api_app_id": install.app.id,
            "token": install.app.verification_token,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _interactive(self, app: App) -> None:
        if not app.manifest.is_interactive:
            self._record.refuse(f"a click for {app.name}: interactivity is not enabled in its manifest")
            raise SlackRefused(f"{app.name} is not configured to handle interactive responses.")

    def _response_url(self, install: Install, person: Person, channel: Channel, message: Message | None) -> str:
        url = self._world.permits.response_url(install, person, channel, message)
        return f"{self.base_url}/actions/{url.path}"

    def _chosen_response_urls(self, view: View) -> list[Json]:
        found: list[Json] = []
        for field in view.form.fields.values():
            channel = self._world.channels.get(str(field.value))
            if field.element.get("response_url_enabled") and field.block["type"] == "input" and channel:
                url = self._response_url(view.install, view.person, channel, None)
                block_id, action_id = field.key
                found.append(
                    {"block_id": block_id, "action_id": action_id, "channel_id": channel.id, "response_url": url}
                )
        return found


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise ApiError("invalid_arguments", "[ERROR] errors must map block_ids to texts [json-pointer:/errors]")
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    for block_id, text in errors.items():
        if block_id not in inputs:
            raise ApiError(
                "invalid_arguments", f"[ERROR] no input block has this block_id [json-pointer:/errors/{block_id}]"
            )
        if not isinstance(text, str) or not text:
            raise ApiError("invalid_arguments", f"[ERROR] must be a string [json-pointer:/errors/{block_id}]")
    return dict(errors)


def _modal_in(ack: Mapping[str, Any], install: Install) -> Json:
    content = checked_view(_view_in(ack), "modal")
    may_ask_for_files(install, content)
    return content


def _view_in(ack: Mapping[str, Any]) -> Json:
    view = ack.get("view")
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", "[ERROR] missing required field: view [json-pointer:/view]")
    return view
