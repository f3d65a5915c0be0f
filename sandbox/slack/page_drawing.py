"""One modal, Home or message, prepared for the templates: its texts as pieces, its inputs as controls of a form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.slack.forms import KINDS, Json, Key
from sandbox.slack.page_text import Piece, Pieces, Reader, mrkdwn, rich_pieces, text_pieces
from sandbox.slack.person import PersonDriver
from sandbox.slack.surfaces import Surface, label_of, options_of
from sandbox.slack.views import View
from sandbox.slack.visible import block_text
from sandbox.slack.world import Channel, Person

# How each element is drawn: as one of the shapes that `fields.html` knows.
_SHAPES = {
    "plain_text_input": "line",
    "url_text_input": "line",
    "email_text_input": "line",
    "number_input": "line",
    "rich_text_input": "area",
    "radio_buttons": "radio",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "datetime-local",
    "file_input": "files",
}
_KEYBOARDS = {"url_text_input": "url", "email_text_input": "email", "number_input": "decimal"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its value in the form, its words, and what stands below them."""

    value: str
    words: Pieces
    note: Pieces
    is_chosen: bool

    @property
    def text(self) -> str:
        """For menus, which have no second line."""
        return " — ".join("".join(one.text for one in words) for words in (self.words, self.note) if words)


@dataclass(frozen=True, slots=True)
class Control:
    """An element that keeps a value. `name` is that of its values in the form, and its id in the page."""

    name: str
    shape: str
    label: str
    value: str
    choices: tuple[Choice, ...]
    placeholder: str
    keyboard: str
    accepts: str
    takes_many: bool  # files
    error: str
    is_required: bool
    takes_enter: bool  # Enter tells the app, instead of sending the form
    wants_focus: bool


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """`ref` is how a form says which surface it belongs to: see page_forms."""

    driver: PersonDriver
    surface: Surface
    reader: Reader
    ref: str

    @classmethod
    def of(cls, driver: PersonDriver, surface: Surface, now: datetime) -> Drawing:
        return cls(driver, surface, Reader(surface.name_of, now), ref_of(surface))

    @property
    def dom(self) -> str:
        return dom_id(self.ref)

    @property
    def blocks(self) -> Sequence[Json]:
        return self.surface.blocks

    @property
    def text(self) -> Pieces:
        """Of a message without blocks."""
        return mrkdwn(self.surface.raw.get("text", ""), self.reader)

    def id_of(self, block: Json) -> str:
        return dom_id(self.ref, block.get("block_id", ""), block["type"])

    def pieces(self, text: Json) -> Pieces:
        return text_pieces(text, self.reader)

    def rich(self, block: Json) -> Pieces:
        return rich_pieces(block, self.reader)

    def plain(self, block: Json) -> str:
        """All its words, for blocks that have no drawing of their own."""
        return block_text(block, self.surface.name_of)

    def key(self, block: Json, element: Json, option: Json | None = None) -> str:
        """What a button sends."""
        ids = [block["block_id"], element["action_id"]]
        return json.dumps([*ids, option["value"]] if option else ids)

    def control(self, block: Json, element: Json) -> Control | None:
        """None for an element without a value."""
        key = (block["block_id"], element["action_id"])
        if element["type"] not in KINDS or key not in self.surface.form.fields:
            return None
        return self._control(key, block, element, self.surface.form.fields[key].value)

    def _control(self, key: Key, block: Json, element: Json, value: Any) -> Control:
        shape = _shape(element)
        listens_to = element.get("dispatch_action_config", {}).get("trigger_actions_on", ["on_enter_pressed"])
        view = self.surface.source
        return Control(
            name=control_name(self.ref, key),
            shape=shape,
            label=label_of(block, element, self.surface),
            value=written(shape, value),
            choices=tuple(self._choices(element, value)),
            placeholder=element.get("placeholder", {}).get("text", ""),
            keyboard=_KEYBOARDS.get(element["type"], "text"),
            takes_many=element.get("max_files", 10) > 1,
            accepts=",".join(f".{one}" for one in element.get("filetypes", ())),
            error=view.errors.get(block["block_id"], "") if isinstance(view, View) else "",
            is_required=block["type"] == "input" and not block.get("optional", False),
            takes_enter=bool(block.get("dispatch_action")) and "on_enter_pressed" in listens_to,
            wants_focus=bool(element.get("focus_on_load")),
        )

    def _choices(self, element: Json, value: Any) -> Iterator[Choice]:
        kind, chosen = element["type"], chosen_values(value)
        if "users_select" in kind:
            for person in self.driver.people_offered():
                yield _choice(person.id, _person_words(person, self.driver.person), chosen)
        elif "conversations_select" in kind or "channels_select" in kind:
            for channel in self.driver.channels_offered(element):
                yield _choice(channel.id, _channel_words(channel, self.driver.person), chosen)
        else:
            for option in options_of(element):
                note = self.pieces(option["description"]) if "description" in option else ()
                yield Choice(option["value"], self.pieces(option["text"]), note, option["value"] in chosen)


def ref_of(surface: Surface) -> str:
    """`view:…` for a modal, `home:…` with the app, `message:…` with channel and ts."""
    source = surface.source
    if not isinstance(source, View):
        return f"message:{source.channel.id}:{source.ts}"
    return f"view:{source.id}" if source.content["type"] == "modal" else f"home:{source.install.app.id}"


def control_name(ref: str, key: Key) -> str:
    """Ids of Slack may hold what names of form fields may not."""
    return dom_id(ref, *key)


def dom_id(*parts: str) -> str:
    """Short, the same each time, and made of letters and digits whatever the parts hold."""
    return "x" + hashlib.blake2s("\n".join(parts).encode(), digest_size=8).hexdigest()


def chosen_values(value: Any) -> frozenset[str]:
    """The form's values of what is chosen: of options their values, ids as they are."""
    many = value if isinstance(value, list) else [] if value is None else [value]
    return frozenset(str(one["value"]) if isinstance(one, dict) and "value" in one else str(one) for one in many)


def written(shape: str, value: Any) -> str:
    """The value as a text input shows it; for files their names."""
    if shape == "files":
        return ", ".join(one["name"] for one in value)
    if shape == "datetime-local":
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%M}" if value else ""
    if isinstance(value, dict) and value.get("type") == "rich_text":
        return "\n".join("".join(one.get("text", "") for one in part["elements"]) for part in value["elements"])
    return value if isinstance(value, str) else ""


def _shape(element: Json) -> str:
    kind = element["type"]
    if kind == "checkboxes" or kind.startswith("multi_"):
        return "boxes"
    return "area" if element.get("multiline") else _SHAPES.get(kind, "select")


def _choice(value: str, words: str, chosen: frozenset[str]) -> Choice:
    return Choice(value, (Piece("text", words),), (), value in chosen)


def _person_words(person: Person, reader: Person) -> str:
    where = f" ({person.team.name})" if person.team is not reader.team else ""
    return person.name + where + (" · app" if person.is_bot else "") + (" · you" if person is reader else "")


def _channel_words(channel: Channel, reader: Person) -> str:
    others = ", ".join(team.name for team in channel.teams if team is not reader.team)
    name = channel.name_for(reader) if channel.is_dm else f"#{channel.name}"
    return f"{name} (shared with {others})" if others and not channel.is_dm else name
