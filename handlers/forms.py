"""What was typed into the wizard, laid over the draft."""

from dataclasses import replace
from typing import TypeVar

from flows.wizard import Draft
from handlers import ids
from handlers.arrivals import Typing
from pairing.names import proposed_name
from pairing.terms import ConflictPolicy, Reach, RulesMode

E = TypeVar("E", Reach, RulesMode, ConflictPolicy)

STEP_OF = {callback: number for number, callback in ids.VIEW_WIZARD.items()}
FIELD_STEP = {
    "desk_id": 1,
    "reach": 1,
    "partner_url": 1,
    "rules": 2,
    "local_name": 3,
    "remote_name": 3,
    "name": 3,
    "description": 3,
}


def with_typing(draft: Draft, typing: Typing, step: int, taken: frozenset[str]) -> Draft:
    """The draft at `step` with what its view holds; fields that the view does not show stay as they were.

    Values that are none of the choices count as not chosen.
    """
    return _OVERLAYS[step](replace(draft, step=step), typing, taken)


def _reach(draft: Draft, typing: Typing, taken: frozenset[str]) -> Draft:
    return replace(
        draft,
        desk_id=typing[ids.DESK] if typing.shows(ids.DESK) else draft.desk_id,
        reach=_one_of(Reach, typing[ids.REACH]) if typing.shows(ids.REACH) else draft.reach,
        partner_url=typing[ids.PARTNER_URL] if typing.shows(ids.PARTNER_URL) else draft.partner_url,
    )


def _mode(draft: Draft, typing: Typing, taken: frozenset[str]) -> Draft:
    return replace(draft, rules=_one_of(RulesMode, typing[ids.RULES])) if typing.shows(ids.RULES) else draft


def _names(draft: Draft, typing: Typing, taken: frozenset[str]) -> Draft:
    if not typing.shows(ids.LOCAL_NAME):
        return draft
    typed = replace(
        draft,
        local_name=typing[ids.LOCAL_NAME],
        remote_name=typing[ids.REMOTE_NAME],
        name=typing[ids.NAME],
        description=typing[ids.DESCRIPTION],
    )
    # A name that is only our own proposal follows the two short names; one that the person typed stays.
    if typed.name.strip() in ("", *_proposed(draft, typing, taken)):
        return replace(typed, name=proposal(typed, taken))
    return typed


def _proposed(draft: Draft, typing: Typing, taken: frozenset[str]) -> tuple[str, ...]:
    """The proposal as the draft has it; also as the window still shows it, where the draft has moved on meanwhile."""
    newest = proposal(draft, taken)
    shown = typing.blocks[ids.NAME].partition(".")[2]
    return (newest, shown) if draft.name == newest else (newest,)


def proposal(draft: Draft, taken: frozenset[str]) -> str:
    """`local_to_remote`, or "" while one of the two is missing."""
    local, remote = draft.local_name.strip().lower(), draft.remote_name.strip().lower()
    return proposed_name(local, remote, taken) if local and remote else ""


def _delivery(draft: Draft, typing: Typing, taken: frozenset[str]) -> Draft:
    if not typing.shows(ids.DELIVER):
        return draft
    deliver = typing[ids.DELIVER] or "dm"
    where = {"person": ids.PERSON, "channel": ids.CHANNEL}.get(deliver, "")
    to = typing[where] if where else ""
    # The tick was given for one channel; it does not travel to another one.
    shared_ok = typing.blocks.get(ids.SHARED_OK) == f"{ids.SHARED_OK}.{to}" and bool(typing[ids.SHARED_OK])
    hours = typing[ids.EXPIRY]
    return replace(
        draft,
        deliver=deliver,
        deliver_to=to,
        shared_ok=shared_ok,
        expiry_hours=int(hours) if hours.isascii() and hours.isdigit() else 0,
        policy=_one_of(ConflictPolicy, typing[ids.POLICY]) or draft.policy,
        auto=bool(typing[ids.AUTO]),
    )


_OVERLAYS = {1: _reach, 2: _mode, 3: _names, 4: _delivery}


def _one_of(kind: type[E], value: str) -> E | None:
    return kind(value) if value in list(kind) else None
