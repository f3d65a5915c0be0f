"""Block Kit as plain values, and the one place where text is escaped for Slack."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Block = dict[str, object]
View = dict[str, object]

_KEPT = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `text` is the notification and what a screen reader says: mrkdwn, partner text escaped."""

    text: str
    blocks: tuple[Block, ...] = ()


def escape(text: str) -> str:
    """Text that anybody may have written, for mrkdwn: only & < > carry meaning to Slack, each is replaced once."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def visible(text: str) -> str:
    """Without control, direction and zero-width characters, which could make a name look like another one."""
    if text.isprintable():  # then nothing in it is of these kinds, and no letter has to be looked at
        return text
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c)[0] != "C")


def in_code(text: str) -> str:
    """The text between backticks, escaped; backticks inside would end the code early."""
    return f"`{escape(text.replace('`', ''))}`"


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def date(at: datetime) -> str:
    """In mrkdwn: the reader's own time zone and language; the fallback is UTC."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{at:%Y-%m-%d %H:%M} UTC>"


def mention(user_id: str) -> str:
    return f"<@{user_id}>"


def channel_link(channel_id: str) -> str:
    return f"<#{channel_id}>"


# --- text objects


def plain(text: str) -> Block:
    """Shown as it is: no mentions, links or formatting."""
    return {"type": "plain_text", "text": visible(text), "emoji": False}


def mrkdwn(text: str) -> Block:
    # verbatim: Slack turns no bare word into a link or a mention; what we write explicitly still works.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


# --- blocks


def header(text: str) -> Block:
    return {"type": "header", "text": plain(shortened(text, 150))}


def section(text: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    return _with({"type": "section", "text": mrkdwn(text)}, accessory=accessory, block_id=block_id)


def plain_section(text: str) -> Block:
    """For what a partner wrote."""
    return {"type": "section", "text": plain(shortened(text, 3000))}


def fields(pairs: Iterable[tuple[str, str]]) -> Block:
    """Label and value side by side, at most ten; values are plain text, so a partner may have written them."""
    texts = [plain(shortened(f"{label}: {value}", 2000)) for label, value in pairs]
    return {"type": "section", "fields": texts}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def preformatted(text: str) -> Block:
    """A block to copy from; nothing in it is read as formatting."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def input_block(
    field: str, label: str, element: Block, *, hint: str = "", optional: bool = False, live: bool = False
) -> Block:
    """One field of a form. `live` ones tell us at once what was typed or chosen."""
    block: Block = {
        "type": "input",
        "block_id": field,
        "label": plain(label),
        "element": element,
        "optional": optional,
        "dispatch_action": live,
    }
    return _with(block, hint=plain(hint) if hint else None)


# --- elements


def button(
    text: str, action: str, value: str = "", *, style: str = "", sure: Block | None = None, label: str = ""
) -> Block:
    """`label` is what a screen reader says where `text` alone would not tell one button from the next."""
    element: Block = {"type": "button", "action_id": action, "text": plain(shortened(text, 75))}
    return _with(element, value=value, style=style, confirm=sure, accessibility_label=shortened(label, 75))


def confirm(title: str, text: str, yes: str, no: str = "Keep it") -> Block:
    return {
        "title": plain(shortened(title, 100)),
        "text": plain(shortened(text, 300)),
        "confirm": plain(yes),
        "deny": plain(no),
        "style": "danger",
    }


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `text` and `note` have at most 75 characters each in Slack and are cut there."""

    value: str
    text: str
    note: str = ""

    @property
    def block(self) -> Block:
        option: Block = {"text": plain(shortened(self.text, 75)), "value": self.value}
        return _with(option, description=plain(shortened(self.note, 75)) if self.note else None)


def _chosen(options: Iterable[Option], value: str) -> Block | None:
    """Slack refuses a view whose initial option is not exactly one of its options."""
    return next((option.block for option in options if option.value == value), None)


def radio(action: str, options: tuple[Option, ...], value: str = "") -> Block:
    element: Block = {"type": "radio_buttons", "action_id": action, "options": [o.block for o in options]}
    return _with(element, initial_option=_chosen(options, value))


def select(action: str, options: tuple[Option, ...], value: str = "", *, placeholder: str = "Choose") -> Block:
    element: Block = {"type": "static_select", "action_id": action, "placeholder": plain(placeholder)}
    element["options"] = [o.block for o in options[:100]]
    return _with(element, initial_option=_chosen(options[:100], value))


def tick(action: str, option: Option, *, ticked: bool) -> Block:
    element: Block = {"type": "checkboxes", "action_id": action, "options": [option.block]}
    return _with(element, initial_options=[option.block] if ticked else None)


def overflow(action: str, options: tuple[Option, ...]) -> Block:
    return {"type": "overflow", "action_id": action, "options": [option.block for option in options]}


def people(action: str, value: str = "") -> Block:
    element: Block = {"type": "users_select", "action_id": action, "placeholder": plain("Choose a person")}
    return _with(element, initial_user=value)


def channels(action: str, value: str = "") -> Block:
    """Public and private channels, shared ones too; no DMs, because the bot is in none of them."""
    element: Block = {
        "type": "conversations_select",
        "action_id": action,
        "placeholder": plain("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return _with(element, initial_conversation=value)


def text_input(
    action: str, value: str = "", *, longest: int, multiline: bool = False, placeholder: str = "", live: bool = False
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": action, "max_length": longest, "multiline": multiline}
    return _with(
        element,
        initial_value=shortened(visible(value), longest),
        placeholder=plain(shortened(placeholder, 150)) if placeholder else None,
        dispatch_action_config={"trigger_actions_on": ["on_character_entered"]} if live else None,
    )


def file_input(action: str, *endings: str) -> Block:
    """One file. The endings are a convenience of Slack's: what it holds is looked at again."""
    return {"type": "file_input", "action_id": action, "filetypes": list(endings), "max_files": 1}


# --- views


def modal(
    callback: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str = "",
    close: str = "Cancel",
    meta: str = "",
    tell_when_closed: bool = False,
    close_all: bool = False,
) -> View:
    """`meta` is an opaque id at most: it travels through the person's client. `close_all`: closing it closes the modals
    under it too."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title),
        "close": plain(close),
        "blocks": list(blocks),
        "notify_on_close": tell_when_closed,
        "clear_on_close": close_all,
    }
    return _with(view, submit=plain(submit) if submit else None, private_metadata=meta)


def home_view(blocks: Iterable[Block], *, meta: str = "") -> View:
    return _with({"type": "home", "callback_id": "home", "blocks": list(blocks)}, private_metadata=meta)


def _with(block: Block, **extras: object) -> Block:
    """The block with those extras that say something."""
    return block | {name: extra for name, extra in extras.items() if extra}
