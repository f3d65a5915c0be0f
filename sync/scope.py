"""A filter in Freshservice's query language, evaluated by us on the desk's own field names and values.

`priority:>3 AND group_id:270 AND (status:2 OR tag:'vpn')`; operators `:` equal, `:>` at least, `:<` at most, AND, OR,
parentheses; no NOT. Literals: numbers, 'texts' with \\' inside, true, false, null, 'yyyy-mm-dd' (Freshservice API v2,
Filter Tickets, read 2025-11).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pairing.errors import UserError
from sync.fields import Fields, Value

MAX_QUERY = 512
_TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<word>(?:AND|OR)(?![\w:]))
    |(?P<field>[A-Za-z_][A-Za-z0-9_]*)\s*(?P<operator>:[<>]?)\s*
     (?P<value>'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?(?![\w])|true\b|false\b|null\b))""",
    re.VERBOSE,
)
_DATES = frozenset({"created_at", "updated_at", "due_by", "fr_due_by"})
_NUMBERS = frozenset(
    {"workspace_id", "requester_id", "agent_id", "group_id", "priority", "status", "impact", "urgency"}
)
_KNOWN = _DATES | _NUMBERS | {"tag", "email"}
# The query's word for a field of the ticket, where it is another one.
_ATTRIBUTE = {"agent_id": "responder_id", "tag": "tags"}
_MAX_DEPTH = 32


class ScopeNotReadable(UserError):
    """The filter breaks the grammar; the sentence says where."""

    code = "scope_not_readable"


@dataclass(frozen=True, slots=True)
class Test:
    field: str
    operator: str  # ":", ":>" or ":<"
    value: Value


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple["Query", ...]


Query = Test | Either | Both


def read_scope(text: str, custom: frozenset[str] = frozenset()) -> Query:
    """`custom` names the desk's custom fields. Raises ScopeNotReadable."""
    stripped = text.strip().removeprefix('"').removesuffix('"')
    if not stripped:
        raise ScopeNotReadable("The filter is empty. For example: `priority:>3 AND status:2`.")
    if len(stripped) > MAX_QUERY:
        raise ScopeNotReadable(f"The filter is too long: {MAX_QUERY} characters is the limit.")
    reader = _Reader(stripped, custom)
    query = reader.either(0)
    reader.end()
    return query


def is_in_scope(text: str, native: Fields) -> bool:
    """Does the ticket, by its desk's own names and values, match? A filter that was stored is readable."""
    custom = frozenset(name.removeprefix("custom_fields.") for name in native if name.startswith("custom_fields."))
    try:
        return matches(read_scope(text, custom | _fields_in(text)), native)
    except ScopeNotReadable:
        return False


def matches(query: Query, native: Mapping[str, Value]) -> bool:
    match query:
        case Either(parts):
            return any(matches(part, native) for part in parts)
        case Both(parts):
            return all(matches(part, native) for part in parts)
        case Test():
            return _holds(query, native)


def _fields_in(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"([A-Za-z_][A-Za-z0-9_]*)\s*:", text))


def _holds(test: Test, native: Mapping[str, Value]) -> bool:
    name = _ATTRIBUTE.get(test.field, test.field)
    value = native.get(name, native.get(f"custom_fields.{test.field}"))
    if isinstance(value, tuple):
        return test.operator == ":" and str(test.value).casefold() in {str(item).casefold() for item in value}
    if test.value is None or value is None:
        return test.operator == ":" and value is test.value
    if test.operator == ":":
        return _equal(value, test.value)
    return _ordered(value, test)


def _equal(value: Value, wanted: Value) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        day = _day(wanted)
        if day is not None and (moment := _day(value)) is not None:
            return moment == day
        return value.casefold() == wanted.casefold()
    return (type(value) is not bool and type(wanted) is not bool and value == wanted) or value is wanted


def _ordered(value: Value, test: Test) -> bool:
    """:> is at least, :< at most, as the desk has it."""
    if isinstance(value, str) and isinstance(test.value, str):
        left, right = _day(value), _day(test.value)
        if left is None or right is None:
            return False
        return left >= right if test.operator == ":>" else left <= right
    if isinstance(value, bool) or isinstance(test.value, bool):
        return False
    if isinstance(value, int | float) and isinstance(test.value, int | float):
        return value >= test.value if test.operator == ":>" else value <= test.value
    return False


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).date()
    except ValueError:
        return None


class _Reader:
    """One token ahead; AND binds closer than OR."""

    def __init__(self, text: str, custom: frozenset[str]) -> None:
        self._text = text
        self._custom = custom
        self._tokens = self._read()
        self._ahead = next(self._tokens)

    def either(self, depth: int) -> Query:
        parts = [self._both(depth)]
        while self._took("OR"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def end(self) -> None:
        if self._ahead is not None:
            raise self._trouble("AND or OR is missing")

    def _both(self, depth: int) -> Query:
        parts = [self._one(depth)]
        while self._took("AND"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _one(self, depth: int) -> Query:
        if depth > _MAX_DEPTH:
            raise ScopeNotReadable("The filter has too many parentheses inside each other.")
        if self._took("("):
            inside = self.either(depth + 1)
            if not self._took(")"):
                raise self._trouble("a closing parenthesis is missing")
            return inside
        found = self._ahead
        if found is None or found["field"] is None:
            raise self._trouble("a test like priority:3 is missing")
        self._ahead = next(self._tokens)
        return self._test(found)

    def _test(self, found: re.Match[str]) -> Test:
        field, operator = found["field"], found["operator"]
        if field not in _KNOWN | self._custom:
            known = ", ".join(sorted(_KNOWN))
            raise ScopeNotReadable(f"The filter asks for `{field}`, which is not one of these: {known}.")
        value = _literal(found["value"])
        if operator != ":" and (value is None or isinstance(value, bool)):
            raise ScopeNotReadable(f"`{field}{operator}` needs a number or a date.")
        if field in _DATES and (not isinstance(value, str) or _day(value) is None):
            raise ScopeNotReadable(f"`{field}` needs a date in quotes, like '2026-03-01'.")
        if field in _NUMBERS and not (value is None or (isinstance(value, int) and not isinstance(value, bool))):
            raise ScopeNotReadable(f"`{field}` needs a whole number without quotes.")
        return Test(field, operator, value)

    def _took(self, token: str) -> bool:
        found = self._ahead
        if found is None or token not in (found["word"], found["open"], found["close"]):
            return False
        self._ahead = next(self._tokens)
        return True

    def _read(self) -> Iterator[re.Match[str] | None]:
        at = 0
        while self._text[at:].strip():
            found = _TOKEN.match(self._text, at)
            if found is None:
                raise ScopeNotReadable(
                    f"The filter cannot be read from here: “{self._text[at : at + 30].strip()}”. Write tests like"
                    " `priority:>3`, `tag:'vpn'` or `status:2`, joined by AND and OR."
                )
            at = found.end()
            yield found
        while True:
            yield None

    def _trouble(self, what: str) -> ScopeNotReadable:
        where = f" before “{self._ahead[0].strip()}”" if self._ahead is not None else " at the end"
        return ScopeNotReadable(f"The filter cannot be read: {what}{where}.")


def _literal(text: str) -> Value:
    words: dict[str, Value] = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    if text.startswith("'"):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return float(text) if "." in text else int(text)
