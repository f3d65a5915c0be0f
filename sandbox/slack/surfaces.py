"""What is in front of a person: a modal, a Home or a message, and how they find things in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.slack.errors import NotOnScreen
from sandbox.slack.forms import Field, Form, Json, Key, interactive
from sandbox.slack.views import View
from sandbox.slack.visible import all_text, block_text, plain
from sandbox.slack.world import Message, Person


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """One modal, Home or message as one person sees it."""

    person: Person
    source: View | Message

    @property
    def blocks(self) -> Sequence[Json]:
        return self.source.blocks

    @property
    def form(self) -> Form:
        return self.source.form if isinstance(self.source, View) else self.source.form_of(self.person)

    @property
    def raw(self) -> Json:
        """As the app sees it."""
        return self.source.payload(with_state=True) if isinstance(self.source, View) else self.source.payload()

    @property
    def title(self) -> str:
        """Of a modal; empty elsewhere."""
        return self._word("title")

    @property
    def submit_text(self) -> str:
        return self._word("submit")

    @property
    def close_text(self) -> str:
        return self._word("close") or ("Cancel" if self.title else "")

    @property
    def author(self) -> str:
        """Who a message is from; for a view the app it belongs to."""
        return self.source.install.bot_user.name if isinstance(self.source, View) else self.source.author.name

    @property
    def ts(self) -> str:
        """Of a message; empty for a view."""
        return "" if isinstance(self.source, View) else self.source.ts

    @property
    def is_ephemeral(self) -> bool:
        return isinstance(self.source, Message) and self.source.is_ephemeral

    @property
    def text(self) -> str:
        """All visible text. A message with blocks shows these; its `text` is for notifications then."""
        if isinstance(self.source, Message):
            words = all_text(self.blocks, self.name_of) if self.blocks else plain(self.source.text, self.name_of)
            return "\n".join(filter(None, (words, *(one.title or one.name for one in self.source.files))))
        frame = (self.title, all_text(self.blocks, self.name_of), *self.errors.values(), self.submit_text)
        return "\n".join(part for part in (*frame, self.close_text) if part)

    @property
    def notification(self) -> str:
        """What a message's notification and a screen reader say."""
        return plain(self.source.text, self.name_of) if isinstance(self.source, Message) else ""

    @property
    def errors(self) -> dict[str, str]:
        """What stands below the inputs, by label."""
        errors = self.source.errors if isinstance(self.source, View) else {}
        labels = {block.get("block_id"): label_of(block, None, self) for block in self.blocks}
        return {labels.get(block_id, block_id): text for block_id, text in errors.items()}

    @property
    def labels(self) -> tuple[str, ...]:
        """Of everything that can be filled in, in the order shown."""
        return tuple(label_of(field.block, field.element, self) for field in self.form.fields.values())

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in, by label: texts, option texts, ids."""
        return {label_of(field.block, field.element, self): readable(field) for field in self.form.fields.values()}

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(element["text"]["text"] for _, element in self.clickable())

    def name_of(self, some_id: str) -> str | None:
        world = self.person.team.world
        if some_id in world.people:
            return world.people[some_id].name
        channel = world.channels.get(some_id)
        return channel.name_for(self.person) if channel else None

    def clickable(self) -> Iterator[tuple[Json, Json]]:
        """The buttons, each with its block."""
        return ((block, element) for block, element in interactive(self.blocks) if element["type"] == "button")

    def field(self, name: str | Key) -> Field:
        """By label, block_id, action_id or placeholder, or exactly by (block_id, action_id). Raises NotOnScreen."""
        found = [field for field in self.form.fields.values() if name == field.key or name in self._names(field)]
        if len(found) != 1:
            raise NotOnScreen(f"{len(found)} fields are called “{name}” in {self.described()}; there are {self.labels}")
        return found[0]

    def _names(self, field: Field) -> tuple[str, ...]:
        label = label_of(field.block, field.element, self)
        placeholder = field.element.get("placeholder", {}).get("text", "")
        return (label, label.rstrip(" *:"), field.block["block_id"], field.element["action_id"], placeholder)

    def described(self) -> str:
        kind = "the message" if isinstance(self.source, Message) else f"the {self.source.content['type']}"
        return f"{kind} “{self.title or self.text[:60]}”"

    def _word(self, name: str) -> str:
        part = self.source.content.get(name) if isinstance(self.source, View) else None
        return str(part["text"]) if part else ""


def label_of(block: Json, element: Json | None, surface: Surface) -> str:
    """The words that stand at a field: its label, else the text of its block, else its placeholder."""
    if block["type"] == "input":
        return str(block["label"]["text"])
    if block["type"] == "section" and "text" in block:
        return plain(block["text"]["text"], surface.name_of)
    if element and "placeholder" in element:
        return str(element["placeholder"]["text"])
    return str(element["action_id"]) if element else block_text(block, surface.name_of)


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def option_called(element: Json, text: str, among: Iterable[Json] | None = None) -> Json:
    """The option whose text is this one or, when only one does, begins with it. Raises NotOnScreen."""
    options = options_of(element) if among is None else list(among)
    exact = [option for option in options if text in (_option_text(option), option.get("value"))]
    found = exact or [option for option in options if _option_text(option).startswith(text)]
    if len(found) != 1:
        raise NotOnScreen(
            f"{len(found)} options are called “{text}”; there are {[_option_text(one) for one in options]}"
        )
    return found[0]


def readable(field: Field) -> Any:
    """The value with options as their texts."""
    value = field.value
    if isinstance(value, Mapping):
        return _option_text(value) if "text" in value else value
    if isinstance(value, list):
        return [_option_text(one) if isinstance(one, Mapping) and "text" in one else one for one in value]
    return value


def _option_text(option: Mapping[str, Any]) -> str:
    return str(option["text"]["text"])
