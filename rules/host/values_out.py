"""From the values of a rule to JSON and back: what a replica holds and what a desk is asked to write."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rules.host.words import Named, User
from rules.language import kinds, values
from rules.language.raised import LimitReached
from sync.ticket import Person

if TYPE_CHECKING:
    from rules.language.run import Run

_DEEPEST = 50
_WHOLE = (int, values.Long, values.BigInt, values.Short, values.Byte)


def outward(run: "Run", value: Any, depth: int = 0) -> Any:
    """JSON of a value: named things are their names, users their address and name, times texts in UTC. What is left
    is its text. Raises LimitReached for values nested too deeply."""
    if depth > _DEEPEST:
        raise LimitReached(f"a value is nested more than {_DEEPEST} deep")
    run.steps()
    of = type(value)
    if value is None or of in (bool, str):
        return value
    if of in _WHOLE:
        return int(value)
    if of is Decimal or of in (float, values.Float):
        return _number(value)
    if of is values.Date:
        return moment(value)
    if isinstance(value, Named):
        return value.name
    if isinstance(value, User):
        return {"displayName": value.name, "email": value.email}
    if of is values.GMap:
        return {run.text(key): outward(run, one, depth + 1) for key, one in value.items()}
    if of in (list, values.OtherList, values.Array, values.GSet, values.Range):
        return [outward(run, one, depth + 1) for one in run.items(value)]
    plain = getattr(type(value), "to_outside", None)
    return run.text(value) if plain is None else plain(value, run)


def _number(value: Any) -> int | float | None:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(value) if number == int(number) else number


def inward(run: "Run", held: Any, depth: int = 0) -> Any:
    """JSON as a value of the language. Raises LimitReached."""
    if depth > run.limits.walk_depth:
        raise LimitReached("JSON is nested too deeply")
    if isinstance(held, Mapping):
        run.collection(len(held))
        return values.GMap((str(key), inward(run, one, depth + 1)) for key, one in held.items())
    if isinstance(held, list | tuple):
        run.collection(len(held))
        return [inward(run, one, depth + 1) for one in held]
    if isinstance(held, str):
        run.string(len(held))
        return held
    if type(held) is int:
        return held if -(2**31) <= held < 2**31 else values.Long(held)
    return Decimal(repr(held)) if type(held) is float else held


def parsed(run: "Run", text: str) -> Any:
    """JSON text as a value; the text itself where it is no JSON."""
    run.string(len(text))
    try:
        return inward(run, json.loads(text))
    except (ValueError, RecursionError):
        return text


def moment(date: values.Date) -> str:
    """ "2026-03-02T09:15:04Z" """
    return datetime.fromtimestamp(date.millis / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def date_of(text: Any) -> Any:
    """A Date for an ISO text, anything else as it is."""
    if isinstance(text, datetime):
        return values.Date(round(text.timestamp() * 1000), kinds.DATE)
    if not isinstance(text, str):
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return date_of(found if found.tzinfo else found.replace(tzinfo=UTC))


def user_of(held: Any) -> User | None:
    """A user from a person, from what a replica holds of one, or from a name or an address."""
    if held is None or isinstance(held, User):
        return held
    if isinstance(held, Person):
        return User(held.name, held.email, held.id)
    if isinstance(held, Mapping):
        name, email = held.get("displayName") or held.get("name"), held.get("email")
        return User(str(name or email or ""), None if email is None else str(email)) if name or email else None
    text = str(held)
    return User(text, text if "@" in text else None) if text else None
