"""Views and messages that every conversation uses."""

from collections.abc import Mapping
from typing import Any

from handlers import ids
from handlers.blocks import Block, Message, View, escape, modal, section

_WRONG = "wrong"


def note(title: str, *blocks: Block, close: str = "Done") -> View:
    """Shows something and takes nothing; closing it ends the whole dialog."""
    return modal(ids.VIEW_NOTE, title, blocks, close=close, close_all=True)


def waiting(title: str, text: str) -> View:
    return note(title, section(f"{text} This takes a few seconds; you can leave this window open."), close="Close")


def trouble_view(text: str) -> View:
    """`text` is mrkdwn: what happened and what to do now."""
    return note("That did not work", section(text), close="Close")


def said(text: str) -> Message:
    """`text` is mrkdwn."""
    return Message(text, (section(text),))


def unexpected(error_id: str) -> str:
    return (
        f"Something went wrong on our side, and nothing more was changed. Try again; if it happens again, give your"
        f" operator this reference: `{error_id}`"
    )


def late() -> str:
    return "Slack gave us too little time to open the window. Please try again."


def slack_busy() -> str:
    return "Slack or your partner's node did not answer in time. Please try again in a minute."


def again(view: Mapping[str, Any], typed: Mapping[str, Mapping[str, Any]], errors: Mapping[str, str]) -> View:
    """The form that was submitted, as it was filled in, with a sentence under each field that was wrong.

    `view` and `typed` (its state) are Slack's own; `errors` is by block id, "" for what belongs to no field. What must
    never be repeated (a key, a code, a number) stands empty.
    """
    blocks: list[Block] = [_wrong(errors[""], "")] if errors.get("") else []
    for block in view["blocks"]:
        block_id = block.get("block_id", "")
        if ids.field_of(block_id) == _WRONG:
            continue
        blocks.append(_filled(block, typed.get(block_id, {})))
        if block_id and (sentence := errors.get(block_id)):
            blocks.append(_wrong(sentence, block_id))
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata", "notify_on_close")
    return {name: view[name] for name in kept if view.get(name)} | {"blocks": blocks}


def _wrong(sentence: str, block_id: str) -> Block:
    return section(f"*Please correct:* {escape(sentence)}", block_id=f"{_WRONG}.{block_id}")


_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_conversation": "initial_conversation",
}


def _filled(block: Mapping[str, Any], typed: Mapping[str, Mapping[str, Any]]) -> Block:
    if block["type"] != "input":
        return dict(block)
    element = {name: held for name, held in block["element"].items() if name not in _INITIAL.values()}
    state = next(iter(typed.values()), {})
    if ids.field_of(block["block_id"]) not in ids.NEVER_REPEATED:
        element |= {initial: state[word] for word, initial in _INITIAL.items() if state.get(word)}
    return dict(block) | {"element": element}
