"""What a person has filled into the inputs of a view or a message, as Slack's client keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Key = tuple[str, str]  # block_id, action_id
Current = Callable[[Json], str | None]  # for a select that begins with the current conversation: its id, if it fits


@dataclass(frozen=True, slots=True)
class Kind:
    """How one type of element keeps its value: the word in the state, the empty value, where the first value stands."""

    word: str
    empty: Any
    initial: str | None


_OPTION = Kind("selected_option", None, "initial_option")
_OPTIONS = Kind("selected_options", [], "initial_options")
_TYPED = Kind("value", None, "initial_value")

KINDS: Mapping[str, Kind] = {
    "plain_text_input": _TYPED,
    "url_text_input": _TYPED,
    "email_text_input": _TYPED,
    "number_input": _TYPED,
    "rich_text_input": Kind("rich_text_value", None, "initial_value"),
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "users_select": Kind("selected_user", None, "initial_user"),
    "conversations_select": Kind("selected_conversation", None, "initial_conversation"),
    "channels_select": Kind("selected_channel", None, "initial_channel"),
    "checkboxes": _OPTIONS,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "multi_users_select": Kind("selected_users", [], "initial_users"),
    "multi_conversations_select": Kind("selected_conversations", [], "initial_conversations"),
    "multi_channels_select": Kind("selected_channels", [], "initial_channels"),
    "datepicker": Kind("selected_date", None, "initial_date"),
    "timepicker": Kind("selected_time", None, "initial_time"),
    "datetimepicker": Kind("selected_date_time", None, "initial_date_time"),
    "file_input": Kind("files", [], None),
}


@dataclass(slots=True)
class Field:
    """One element that keeps a value, in the block where it stands."""

    block: Json
    element: Json
    value: Any

    @property
    def key(self) -> Key:
        return self.block["block_id"], self.element["action_id"]

    @property
    def kind(self) -> Kind:
        return KINDS[self.element["type"]]

    @property
    def is_required(self) -> bool:
        return self.block["type"] == "input" and not self.block.get("optional", False)

    @property
    def sends_actions(self) -> bool:
        """Elements outside of input blocks always tell the app; those inside only when the block says so."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action", False))

    @property
    def state(self) -> Json:
        """As in `view.state.values[block_id][action_id]`."""
        return {"type": self.element["type"], self.kind.word: self.value}


class Form:
    """The fields of one surface, by (block_id, action_id), in the order shown."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields: dict[Key, Field] = {field.key: field for field in fields}

    @classmethod
    def of(cls, blocks: Sequence[Json], *, current: Current, before: Form | None = None) -> Form:
        """A form for these blocks.

        A value filled in before stays exactly where block_id, action_id and type are the same, even when the options
        or the initial value are others now.
        """
        fields = [Field(block, element, _first_value(element, current)) for block, element in elements(blocks)]
        for field in fields:
            old = before.fields.get(field.key) if before else None
            if old is not None and old.element["type"] == field.element["type"]:
                field.value = old.value
        return cls(fields)

    def state(self) -> Json:
        """As in `view.state`."""
        values: dict[str, Json] = {}
        for (block_id, action_id), field in self.fields.items():
            values.setdefault(block_id, {})[action_id] = field.state
        return {"values": values}


def _first_value(element: Json, current: Current) -> Any:
    kind = KINDS[element["type"]]
    if element.get("default_to_current_conversation") and (here := current(element)):
        return [here] if isinstance(kind.empty, list) else here
    if kind.initial and kind.initial in element:
        return element[kind.initial]
    return list(kind.empty) if isinstance(kind.empty, list) else kind.empty


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that keeps a value, with its block."""
    return ((block, element) for block, element in interactive(blocks) if element["type"] in KINDS)


def interactive(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that a person can use, with the block that its actions carry the id of."""
    for block in blocks:
        if "element" in block and block["type"] == "input":
            yield block, block["element"]
        if "accessory" in block and block["accessory"]["type"] != "image":
            yield block, block["accessory"]
        for element in block.get("elements", ()) if block["type"] in ("actions", "context_actions") else ():
            yield block, element
        for button in block.get("actions", ()) if block["type"] == "card" else ():
            yield block, button
        for inner in _inner_blocks(block):
            yield from interactive([inner])


def _inner_blocks(block: Json) -> Sequence[Json]:
    if block["type"] == "carousel":
        inner: Sequence[Json] = block.get("elements", ())
        return inner
    if block["type"] == "container":
        children: Sequence[Json] = block.get("child_blocks", ())
        return children
    return ()
