"""A person at their Slack client: sees what Slack shows them and does what they can do, nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from typing import Any

from sandbox.slack.errors import NotOnScreen, SlackRefused
from sandbox.slack.escaping import command_text
from sandbox.slack.forms import Field, Json, Key, interactive
from sandbox.slack.interactions import Interactions
from sandbox.slack.places import not_listed, not_offered
from sandbox.slack.submitting import client_errors
from sandbox.slack.surfaces import Surface, option_called, options_of
from sandbox.slack.views import View
from sandbox.slack.visible import all_text
from sandbox.slack.world import App, Channel, Install, Message, Person, World, file_shape

Where = str | Surface | None  # "modal", "home", "message", a surface; None: the modal, else messages, else Home

_RECHECK_SECONDS = 0.1  # a condition may also look at something outside of this world


class PersonDriver:
    """Everything the page can do for a person goes through here, so that tests and page cannot differ.

    Raises SlackRefused where Slack would refuse, NotOnScreen where there is no such thing in front of the person.
    """

    def __init__(self, person: Person, world: World, interactions: Interactions) -> None:
        self.person = person
        self._world = world
        self._interactions = interactions
        self._home_install: Install | None = None
        self._read: dict[str, str] = {}  # the `ts` up to which each channel was read

    # what they see

    @property
    def modal(self) -> Surface | None:
        """The topmost view."""
        view = self._world.screens.top(self.person)
        return Surface(self.person, view) if view else None

    @property
    def modals(self) -> tuple[Surface, ...]:
        """The whole stack, lowest first."""
        return tuple(Surface(self.person, view) for view in self._world.screens.stack(self.person))

    def home(self, app: App | Install | None = None) -> Surface | None:
        """The Home of an app in the person's organisation; without an app the one they opened last."""
        install = self._install_of(app) if app is not None else self._home_install
        view = self._world.screens.home(install.app.id, self.person) if install else None
        return Surface(self.person, view) if view else None

    def dm(self, app: App | Install) -> Channel:
        """The direct messages with the app's bot; for an app of another organisation give its install."""
        return self._world.dm(self.person, self._install_of(app).bot_user)

    @property
    def notes(self) -> Channel:
        """The direct messages with themselves: where a command is typed when no channel is named."""
        return self._world.dm(self.person, self.person)

    def direct(self, other: Person) -> Channel:
        """The direct messages with another person of their organisation or of a channel they share."""
        if problem := not_listed(other, self.person):
            raise NotOnScreen(f"{other.name} {problem}")
        return self._world.dm(self.person, other)

    def unread(self, channel: Channel) -> int:
        """How many messages others wrote since the person last looked."""
        shelves = (channel.messages, channel.ephemerals.get(self.person.id, {}))
        read = self._read.get(channel.id, "")
        new = (one for shelf in shelves for one in shelf.values() if one.ts > read)
        return sum(one.author is not self.person for one in new)

    def look_at(self, channel: Channel) -> None:
        """Nothing in it is unread now."""
        self._may_read(channel)
        shelves = (channel.messages, channel.ephemerals.get(self.person.id, {}))
        self._read[channel.id] = max((ts for shelf in shelves for ts in shelf), default="")

    def people_offered(self) -> tuple[Person, ...]:
        """The list of a select of people, by name."""
        known = {one.id: one for one in self.person.team.people.values()}
        known |= {one.id: one for channel in self.person.channels.values() for one in channel.members.values()}
        offered = (one for one in known.values() if not not_listed(one, self.person))
        return tuple(sorted(offered, key=lambda one: one.name))

    def channels_offered(self, element: Json) -> tuple[Channel, ...]:
        """The list of this select of conversations or channels, by name."""
        known = {**self.person.team.channels, **self.person.channels}
        offered = (one for one in known.values() if not not_offered(element, one, self.person))
        return tuple(sorted(offered, key=lambda one: one.name_for(self.person)))

    def messages(self, channel: Channel) -> tuple[Surface, ...]:
        """What everyone in the channel sees, oldest first."""
        self._may_read(channel)
        return tuple(Surface(self.person, message) for message in channel.messages.values())

    def ephemerals(self, channel: Channel | None = None) -> tuple[Surface, ...]:
        """What only this person sees, oldest first; without a channel from all of them."""
        channels = self.person.channels.values() if channel is None else (channel,)
        found = [message for one in channels for message in one.ephemerals.get(self.person.id, {}).values()]
        return tuple(Surface(self.person, message) for message in sorted(found, key=lambda one: one.ts))

    async def until(self, condition: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Waits until the condition holds and returns its value. Raises AssertionError with what is on the screen."""
        ends = time.monotonic() + seconds
        while True:
            version = self._world.changes.version
            if value := condition():
                return value
            left = ends - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {seconds} s. {self.person.name} sees:\n{self.screen()}")
            await self._world.changes.wait(min(left, _RECHECK_SECONDS), after=version)

    def screen(self) -> str:
        """Everything in front of the person, as text."""
        parts = [f"[modal] {surface.text}" for surface in self.modals]
        parts += [f"[only you] {surface.text}" for surface in self.ephemerals()]
        for channel in self.person.channels.values():
            parts += [f"[{channel.name_for(self.person)}] {one.text}" for one in self.messages(channel)]
        if home := self.home():
            parts.append(f"[home] {home.text}")
        return "\n".join(parts)

    # what they do

    async def command(self, typed: str, channel: Channel | None = None) -> None:
        """Types a slash command and waits for the acknowledgement."""
        self._may_act()
        place = channel or self.notes
        if not place.has(self.person):
            raise SlackRefused(f"{self.person.name} is not in #{place.name}.")
        name, _, rest = typed.strip().partition(" ")
        if name == "/invite":
            self._invite(place, rest.strip())
        else:
            await self._interactions.command(self.person, place, typed)

    def _invite(self, channel: Channel, called: str) -> None:
        """Slack's own command: `/invite @name` of a person or an app of the organisation."""
        wanted = called.removeprefix("@").casefold()
        known = (one for one in self.person.team.people.values() if wanted in (one.name.casefold(), one.handle))
        found = next((one for one in known if not one.is_deactivated), None)
        if channel.is_dm or found is None:
            raise SlackRefused(f"/invite: nobody called “{called}” can be added here.")
        channel.invite(found)

    async def say(self, channel: Channel, text: str) -> None:
        """Posts an ordinary message."""
        self._may_act()
        if not channel.has(self.person):
            raise SlackRefused(f"{self.person.name} is not in #{channel.name}.")
        self._world.post(channel, self.person, text=command_text(text, self.person, channel, should_escape=True))

    async def open_home(self, app: App | Install) -> None:
        self._may_act()
        install = self._install_of(app)
        if install.team is not self.person.team:
            raise SlackRefused(f"{install.app.name} has no Home for people of {self.person.team.name}.")
        self._home_install = install
        await self._interactions.open_home(self.person, install)

    async def fill(self, fields: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Fills several fields of the modal, each by its label or id, in the order given.

        Texts are typed, chosen or ticked by their words, people and channels picked, (name, content) pairs uploaded;
        a list does that with each of its values, None empties the field.
        """
        for name, value in {**(fields or {}), **more}.items():
            await self._fill_one(name, value)

    async def _fill_one(self, name: str, value: Any) -> None:
        kind = self._surface("modal").field(name).element["type"]
        if value is None:
            await self.clear(name)
        elif isinstance(value, list):
            for one in value:
                await self._fill_one(name, one)
        elif isinstance(value, Person):
            await self.pick_user(name, value)
        elif isinstance(value, Channel):
            await self.pick_channel(name, value)
        elif kind == "file_input":
            await self.upload(name, *value)
        elif kind in ("checkboxes", "multi_static_select"):
            await self.tick(name, value)
        elif kind in ("static_select", "radio_buttons", "external_select"):
            await self.choose(name, value)
        elif kind in ("datepicker", "timepicker", "datetimepicker"):
            await self.pick_time(name, value)
        else:
            await self.type(name, value)

    async def type(self, label: str | Key, text: str, *, where: Where = "modal", enter: bool = False) -> None:
        """Replaces what stands in a text field; `enter` presses the key afterwards."""
        surface = self._surface(where)
        field = surface.field(label)
        if not field.element["type"].endswith("_input") or field.element["type"] == "file_input":
            raise NotOnScreen(f"“{label}” is a {field.element['type']}: nothing can be typed there")
        if "\n" in text and not field.element.get("multiline"):
            text = text.replace("\n", " ")  # what a single line makes of pasted text
        field.value = _as_kept(field, text) if text else None
        listens_to = field.element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
        if "on_character_entered" in listens_to or (enter and "on_enter_pressed" in listens_to):
            await self._changed(surface, field)
        else:
            self._world.changes.ring()

    async def choose(self, label: str | Key, option_text: str, *, where: Where = "modal") -> None:
        """Picks one option of a select, of radio buttons or of an overflow menu."""
        surface = self._surface(where)
        if menu := _overflow(surface, label):
            block, element = menu
            option = option_called(element, option_text)
            await self._act(surface, block, element, {"selected_option": option})
            return
        field = surface.field(label)
        option = _sent_option(option_called(field.element, option_text))
        field.value = [*field.value, option] if isinstance(field.value, list) else option
        await self._changed(surface, field)

    async def tick(self, label: str | Key, option_text: str, *, where: Where = "modal") -> None:
        """Ticks one checkbox, or adds one option of a multi-select; a ticked one stays ticked."""
        surface = self._surface(where)
        field = surface.field(label)
        option = _sent_option(option_called(field.element, option_text))
        if option not in field.value:
            order = [_sent_option(one) for one in options_of(field.element)]
            field.value = sorted([*field.value, option], key=order.index)
            await self._changed(surface, field)

    async def untick(self, label: str | Key, option_text: str, *, where: Where = "modal") -> None:
        surface = self._surface(where)
        field = surface.field(label)
        option = option_called(field.element, option_text, among=field.value)
        field.value = [one for one in field.value if one != option]
        await self._changed(surface, field)

    async def clear(self, label: str | Key, *, where: Where = "modal") -> None:
        """Empties a field. Radio buttons cannot be emptied."""
        surface = self._surface(where)
        field = surface.field(label)
        if field.element["type"] == "radio_buttons":
            raise NotOnScreen(f"“{label}”: a chosen radio button cannot be taken back")
        field.value = list(field.kind.empty) if isinstance(field.kind.empty, list) else field.kind.empty
        await self._changed(surface, field)

    async def pick_user(self, label: str | Key, person: Person, *, where: Where = "modal") -> None:
        if problem := not_listed(person, self.person):
            raise NotOnScreen(f"{person.name} {problem}")
        await self._pick(label, person.id, where, ("users_select", "multi_users_select"))

    async def pick_channel(self, label: str | Key, channel: Channel, *, where: Where = "modal") -> None:
        """In a select of conversations or channels; its filter holds."""
        field = self._surface(where).field(label)
        if problem := not_offered(field.element, channel, self.person):
            raise NotOnScreen(f"#{channel.name} is not in the list: {problem}")
        kinds = ("conversations_select", "channels_select", "multi_conversations_select", "multi_channels_select")
        await self._pick(label, channel.id, where, kinds)

    async def unpick(self, label: str | Key, some_id: str, *, where: Where = "modal") -> None:
        """Takes one person or channel out of a multi-select again."""
        surface = self._surface(where)
        field = surface.field(label)
        if some_id not in (field.value or ()):
            raise NotOnScreen(f"“{label}” does not hold {some_id}")
        field.value = [one for one in field.value if one != some_id]
        await self._changed(surface, field)

    async def pick_time(self, label: str | Key, value: Any, *, where: Where = "modal") -> None:
        """A date `2026-11-30`, a time `08:30`, or for a date with time the seconds since 1970."""
        await self._pick(label, value, where, ("datepicker", "timepicker", "datetimepicker"))

    async def upload(self, label: str | Key, name: str, content: bytes, *, where: Where = "modal") -> None:
        surface = self._surface(where)
        field = surface.field(label)
        allowed = field.element.get("filetypes")
        if allowed and name.rpartition(".")[2].lower() not in allowed:
            raise SlackRefused(f"{name} can't be uploaded here: only {', '.join(allowed)}.")
        if len(field.value) >= field.element.get("max_files", 10):
            raise SlackRefused("You can't add more files here.")
        stored = self._world.add_file(self.person, name, content)
        field.value = [*field.value, file_shape(stored, self._interactions.base_url)]
        await self._changed(surface, field)

    async def click(
        self,
        text: str | Key,
        *,
        where: Where = None,
        near: str | None = None,
        value: str | None = None,
        confirm: bool = True,
    ) -> None:
        """Clicks the one visible button with this text or action_id, or exactly this (block_id, action_id).

        Where several have it, `near` is a text in its block or, for a row of buttons, above that row; `value` is the
        button's value. `confirm=False` says no in the dialog that some buttons ask with.
        """
        self._may_act()
        surface, block, button = self._button(text, where, near, value)
        if "confirm" in button and not confirm:
            return
        sent: Json = {name: button[name] for name in ("text", "value", "style") if name in button}
        await self._act(surface, block, button, sent)

    async def submit(self) -> dict[str, str]:
        """Presses the modal's submit button: what stands below the inputs then, by label; {} when it was taken."""
        self._may_act()
        surface = self._surface("modal")
        view = surface.source
        assert isinstance(view, View)
        if not surface.submit_text:
            raise NotOnScreen(f"{surface.described()} has no submit button")
        view.errors = client_errors(view.form)
        if view.errors:
            self._world.changes.ring()
        else:
            await self._interactions.submit(view)
        return surface.errors if view.errors else {}

    async def close_modal(self, *, everything: bool = False) -> None:
        """Presses Cancel, or the × that closes the whole stack."""
        view = self._surface("modal").source
        assert isinstance(view, View)
        await self._interactions.close(view, everything=everything)

    # how they find things

    def _surface(self, where: Where) -> Surface:
        if isinstance(where, Surface):
            return where
        surface = {"modal": lambda: self.modal, "home": self.home}.get(where or "modal", lambda: None)()
        if surface is None:
            raise NotOnScreen(f"{self.person.name} has no {where or 'modal'} open. They see:\n{self.screen()}")
        return surface

    def _surfaces(self, where: Where) -> Iterator[Surface]:
        """Where a button is looked for, the likeliest first."""
        modal = self.modal
        if isinstance(where, Surface):
            yield where
        elif where in ("modal", "home") or (where is None and modal is not None):
            yield self._surface(where)
        else:
            yield from self._messages_newest_first()
            if where is None and (home := self.home()):
                yield home

    def _messages_newest_first(self) -> Iterator[Surface]:
        shelves = [
            shelf
            for channel in self.person.channels.values()
            for shelf in (channel.messages, channel.ephemerals.get(self.person.id, {}))
        ]
        messages = [message for shelf in shelves for message in shelf.values()]
        for message in sorted(messages, key=lambda one: one.ts, reverse=True):
            yield Surface(self.person, message)

    def _button(self, text: str | Key, where: Where, near: str | None, value: str | None) -> tuple[Surface, Json, Json]:
        looked_at: list[str] = []
        for surface in self._surfaces(where):
            found = [
                (block, button)
                for block, button in surface.clickable()
                if text in (button["text"]["text"], button["action_id"], (block["block_id"], button["action_id"]))
                and (value is None or button.get("value") == value)
                and (near is None or near in _text_above(surface, block))
            ]
            if len(found) > 1:
                raise NotOnScreen(
                    f"{len(found)} buttons are called “{text}” in {surface.described()}: say near= or value="
                )
            if found:
                return surface, *found[0]
            looked_at += surface.buttons
        raise NotOnScreen(f"{self.person.name} sees no button “{text}”, only {looked_at}. They see:\n{self.screen()}")

    async def _pick(self, label: str | Key, value: Any, where: Where, kinds: tuple[str, ...]) -> None:
        surface = self._surface(where)
        field = surface.field(label)
        if field.element["type"] not in kinds:
            raise NotOnScreen(f"“{label}” is a {field.element['type']}")
        field.value = [*field.value, value] if isinstance(field.value, list) else value
        await self._changed(surface, field)

    async def _changed(self, surface: Surface, field: Field) -> None:
        self._world.changes.ring()
        if field.sends_actions:
            sent = {name: value for name, value in field.state.items() if name != "type"}
            await self._act(surface, field.block, field.element, sent)

    async def _act(self, surface: Surface, block: Json, element: Json, sent: Json) -> None:
        action = {
            "type": element["type"],
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            **sent,
            "action_ts": self._world.ids.timestamp(),
        }
        if isinstance(surface.source, View):
            await self._interactions.act_on_view(surface.source, action)
        else:
            self._still_there(surface.source)
            await self._interactions.act_on_message(self.person, surface.source, action)

    def _still_there(self, message: Message) -> None:
        shelf = message.channel.ephemerals.get(self.person.id, {}) if message.is_ephemeral else message.channel.messages
        if message.ts not in shelf or not message.channel.has(self.person):
            raise NotOnScreen("this message is no longer there")

    def _install_of(self, app: App | Install) -> Install:
        if isinstance(app, Install):
            return app
        install = app.installs.get(self.person.team.id)
        if install is None:
            raise SlackRefused(f"{app.name} is not installed in {self.person.team.name}.")
        return install

    def _may_act(self) -> None:
        if self.person.is_deactivated:
            raise SlackRefused(f"{self.person.name}'s account is deactivated.")

    def _may_read(self, channel: Channel) -> None:
        is_public_here = not channel.is_private and self.person.team in channel.teams
        if not channel.has(self.person) and not is_public_here:
            raise NotOnScreen(f"{self.person.name} cannot see #{channel.name}")


def _overflow(surface: Surface, name: str | Key) -> tuple[Json, Json] | None:
    menus = [pair for pair in interactive(surface.blocks) if pair[1]["type"] == "overflow"]
    return next((pair for pair in menus if name in _ids(*pair)), None)


def _ids(block: Json, element: Json) -> tuple[str | Key, ...]:
    return element["action_id"], block["block_id"], (block["block_id"], element["action_id"])


def _text_above(surface: Surface, block: Json) -> str:
    """The block's own text; for a row of buttons also what stands above it, up to a divider or another row."""
    if block["type"] != "actions":
        return all_text([block], surface.name_of)
    position = next(number for number, one in enumerate(surface.blocks) if one is block)
    above = takewhile(lambda one: one["type"] not in ("divider", "actions"), reversed(surface.blocks[:position]))
    return all_text([*above, block], surface.name_of)


def _as_kept(field: Field, text: str) -> Any:
    if field.element["type"] != "rich_text_input":
        return text
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [line]}


def _sent_option(option: Json) -> Json:
    """An option as the state and the payloads carry it."""
    return {name: option[name] for name in ("text", "value", "description") if name in option}
