"""A form that the page sent: what it holds, and the person's doing that it stands for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from aiohttp import web

from sandbox.slack.errors import NotOnScreen
from sandbox.slack.forms import Field, Json, Key, interactive
from sandbox.slack.page_drawing import chosen_values, control_name, ref_of, written
from sandbox.slack.person import PersonDriver
from sandbox.slack.surfaces import Surface, options_of

T = TypeVar("T")

_TYPED = frozenset({"plain_text_input", "url_text_input", "email_text_input", "number_input", "rich_text_input"})
_TIMES = frozenset({"datepicker", "timepicker", "datetimepicker"})
_TICKED = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})


@dataclass(frozen=True, slots=True)
class Posted:
    """The names of the form, each with its values in order.

    `on` names the surface; `has` lists the controls that the form speaks of: a tick taken away sends nothing else.
    """

    fields: Mapping[str, Sequence[object]]

    @classmethod
    async def read(cls, request: web.Request) -> Posted:
        sent = await request.post()
        return cls({name: sent.getall(name) for name in sent})

    def has(self, action: str) -> bool:
        return action in self.fields

    def texts(self, name: str) -> list[str]:
        return [one.replace("\r\n", "\n") for one in self.fields.get(name, ()) if isinstance(one, str)]

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def number(self, name: str, most: int) -> int:
        """Zero where there is none; never more than `most`."""
        digits = self.text(name)
        return min(int(digits), most) if re.fullmatch(r"[0-9]{1,9}", digits) else 0

    def files(self, name: str) -> list[web.FileField]:
        return [one for one in self.fields.get(name, ()) if isinstance(one, web.FileField) and one.filename]


def parts_of(text: str) -> tuple[str, ...]:
    """What a button carries: block_id, action_id and perhaps a value. Raises NotOnScreen."""
    try:
        parts = json.loads(text)
    except ValueError:
        parts = None
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not all(isinstance(one, str) for one in parts):
        raise NotOnScreen("This is no button of this page.")
    return tuple(parts)


def surface_called(driver: PersonDriver, ref: str) -> Surface:
    """Raises NotOnScreen when it is gone, or below another modal."""
    kind, _, rest = ref.partition(":")
    found: Sequence[Surface | None] = ()
    if kind == "view":
        found = (driver.modal,)
    elif kind == "home":
        found = [driver.home(one) for one in driver.person.team.installs.values() if one.app.id == rest]
    elif kind == "message" and (channel := driver.person.channels.get(rest.partition(":")[0])):
        found = (*driver.messages(channel), *driver.ephemerals(channel))
    surface = next((one for one in found if one is not None and ref_of(one) == ref), None)
    if surface is None:
        raise NotOnScreen("This is not on the screen any more.")
    return surface


async def fill_in(driver: PersonDriver, surface: Surface, posted: Posted, *, but: str = "") -> None:
    """Does what the person did to the controls since the page was drawn, in the order shown; not to `but`."""
    changed = set(posted.texts("has")) - {but}
    for key in list(surface.form.fields):
        name = control_name(ref_of(surface), key)
        if name in changed and key in surface.form.fields:
            await _fill_one(driver, surface, surface.form.fields[key], name, posted)


def field_named(surface: Surface, name: str) -> Key:
    """The control with this name. Raises NotOnScreen."""
    for key in surface.form.fields:
        if control_name(ref_of(surface), key) == name:
            return key
    raise NotOnScreen("This field is not on the screen any more.")


async def _fill_one(driver: PersonDriver, surface: Surface, field: Field, name: str, posted: Posted) -> None:
    kind, key = field.element["type"], field.key
    if kind == "file_input":
        for file in posted.files(name):
            await driver.upload(key, file.filename, file.file.read(), where=surface)
    elif kind in _TYPED:
        if (text := posted.text(name)) != written("line", field.value):
            await driver.type(key, text, where=surface)
    elif kind in _TIMES:
        await _set_time(driver, surface, field, posted.text(name))
    elif kind in _TICKED or kind.startswith("multi_"):
        await _set_many(driver, surface, field, posted.texts(name))
    elif (chosen := posted.text(name)) not in (chosen_values(field.value) or {""}):
        await _pick(driver, surface, field, chosen)


async def _set_time(driver: PersonDriver, surface: Surface, field: Field, text: str) -> None:
    shape = "datetime-local" if field.element["type"] == "datetimepicker" else "line"
    if text == written(shape, field.value):
        return
    if not text:
        await driver.clear(field.key, where=surface)
    elif shape == "line":
        await driver.pick_time(field.key, text, where=surface)
    else:
        await driver.pick_time(field.key, _seconds(text), where=surface)


def _seconds(text: str) -> int:
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise NotOnScreen(f"“{text}” is no date with a time.") from None


async def _set_many(driver: PersonDriver, surface: Surface, field: Field, wanted: Sequence[str]) -> None:
    before = chosen_values(field.value)
    for value in wanted:
        if value not in before:
            await _pick(driver, surface, field, value)
    for value in sorted(before - set(wanted)):
        await _put_back(driver, surface, field, value)


async def _pick(driver: PersonDriver, surface: Surface, field: Field, value: str) -> None:
    """One option, person or channel by its value or id; nothing chosen empties the field."""
    kind, key = field.element["type"], field.key
    if not value:
        await driver.clear(key, where=surface)
    elif "users_select" in kind:
        await driver.pick_user(key, _known(driver.person.team.world.people, value), where=surface)
    elif "conversations_select" in kind or "channels_select" in kind:
        await driver.pick_channel(key, _known(driver.person.team.world.channels, value), where=surface)
    elif kind in _TICKED:
        await driver.tick(key, _offered(options_of(field.element), value), where=surface)
    else:
        await driver.choose(key, _offered(options_of(field.element), value), where=surface)


async def _put_back(driver: PersonDriver, surface: Surface, field: Field, value: str) -> None:
    if field.element["type"] in _TICKED:
        await driver.untick(field.key, _offered(field.value, value), where=surface)
    else:
        await driver.unpick(field.key, value, where=surface)


def _offered(options: Sequence[Json], value: str) -> str:
    if all(one["value"] != value for one in options):
        raise NotOnScreen("This choice is not offered any more.")
    return value


def _known(things: Mapping[str, T], some_id: str) -> T:
    if some_id not in things:
        raise NotOnScreen("This choice is not offered any more.")
    return things[some_id]


def element_at(surface: Surface, key: Key) -> Json:
    """The button or menu with these two ids. Raises NotOnScreen."""
    for block, element in interactive(surface.blocks):
        if (block["block_id"], element["action_id"]) == key:
            return element
    raise NotOnScreen("This is not on the screen any more.")
