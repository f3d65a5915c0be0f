"""The query language of `GET /tickets/filter`.

API v2 reference, Filter tickets, read 2025-11: `:` equals, `:>` and `:<` include the bound, AND, OR, parentheses, no
NOT; strings and dates in single quotes, numbers, true, false and null bare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.freshservice.form import FormField
from sandbox.freshservice.moments import read_moment, zulu
from sandbox.freshservice.records import Json, Ticket
from sandbox.freshservice.wire import entry

MOST_CHARACTERS = 512
Test = Callable[[Ticket], bool]
_TOKEN = re.compile(
    r"\s*(?:(?P<paren>[()])|(?P<word>AND|OR)\b(?!\s*:)|(?P<name>[A-Za-z_]\w*)\s*:(?P<op>[<>])?\s*"
    r"(?:'(?P<string>(?:[^'\\]|\\.)*)'|(?P<bare>[^\s()']+)))"
)
_NUMBERS = {
    "workspace_id": "workspace_id",
    "requester_id": "requester_id",
    "agent_id": "responder_id",
    "group_id": "group_id",
    "priority": "priority",
    "status": "status",
    "impact": "impact",
    "urgency": "urgency",
}
_DATES = ("due_by", "fr_due_by", "created_at", "updated_at")
_NULLABLE = ("agent_id", "group_id", "impact", "urgency")
_CUSTOM = {
    "custom_number": "number",
    "custom_decimal": "number",
    "custom_checkbox": "flag",
    "custom_dropdown": "text",
    "custom_date": "date",
}


class NotAQuery(Exception):
    """`errors` are entries of the answer."""

    def __init__(self, *errors: Json) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class _Term:
    name: str
    op: str
    string: str | None
    bare: str | None


def read_query(text: str, custom: Mapping[str, FormField], email_of: Callable[[Ticket], tuple[str, ...]]) -> Test:
    """`text` comes with its double quotes. Raises NotAQuery."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise NotAQuery(entry("query", "It should be a query in double quotes.", "invalid_value"))
    if len(text) - 2 > MOST_CHARACTERS:
        raise NotAQuery(entry("query", f"It should have at most {MOST_CHARACTERS} characters.", "invalid_size"))
    reader = _Reader(_tokens(text[1:-1]), custom, email_of)
    test = reader.either()
    if reader.left:
        raise _unreadable()
    if reader.unknown:
        raise NotAQuery(*(entry(name, f"[:{code}]", "invalid_value") for name, code in reader.unknown.items()))
    return test


def _tokens(text: str) -> list[str | _Term]:
    tokens: list[str | _Term] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unreadable()
        at = found.end()
        mark = found["paren"] or found["word"]
        tokens.append(mark or _Term(found["name"], found["op"] or "", found["string"], found["bare"]))
    return tokens


def _unreadable() -> NotAQuery:
    return NotAQuery(entry("query", "It cannot be read as a query.", "invalid_value"))


class _Reader:
    """`unknown` gathers bad fields and what is bad about them, so that one answer names all."""

    def __init__(
        self, left: list[str | _Term], custom: Mapping[str, FormField], email_of: Callable[[Ticket], tuple[str, ...]]
    ) -> None:
        self.left = left
        self.unknown: dict[str, str] = {}
        self._custom = custom
        self._email_of = email_of

    def either(self) -> Test:
        tests = [self.both()]
        while self._next_is("OR"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda ticket: any(test(ticket) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self._next_is("AND"):
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda ticket: all(test(ticket) for test in tests)

    def one(self) -> Test:
        if self._next_is("("):
            inside = self.either()
            if not self._next_is(")"):
                raise _unreadable()
            return inside
        if not self.left or not isinstance(self.left[0], _Term):
            raise _unreadable()
        term = self.left.pop(0)
        assert isinstance(term, _Term)
        return self._test(term)

    def _next_is(self, mark: str) -> bool:
        if self.left and self.left[0] == mark:
            del self.left[0]
            return True
        return False

    def _test(self, term: _Term) -> Test:
        name = term.name
        if name in _NUMBERS:
            return self._compared(term, "number", lambda ticket: getattr(ticket, _NUMBERS[name]))
        if name in _DATES:
            return self._compared(term, "date", lambda ticket: zulu(getattr(ticket, name)))
        if name == "tag":
            return self._among(term, lambda ticket: ticket.tags)
        if name == "email":
            return self._among(term, self._email_of)
        kind = _CUSTOM.get(self._custom[name].field_type) if name in self._custom else None
        if kind is None:
            return self._bad(term, "invalid_field")
        return self._compared(term, kind, lambda ticket: _comparable(ticket.custom_fields.get(name), kind))

    def _among(self, term: _Term, values: Callable[[Ticket], tuple[str, ...]]) -> Test:
        if term.string is None or term.op:
            return self._bad(term, "invalid_value")
        wanted = _plain(term.string).lower()
        return lambda ticket: wanted in [value.lower() for value in values(ticket)]

    def _compared(self, term: _Term, kind: str, value_of: Callable[[Ticket], Any]) -> Test:
        try:
            wanted = _literal(term, kind)
        except ValueError:
            return self._bad(term, "invalid_value")
        if not term.op:
            return lambda ticket: value_of(ticket) == wanted
        above = term.op == ">"

        def compare(ticket: Ticket) -> bool:
            value = value_of(ticket)
            return value is not None and (value >= wanted if above else value <= wanted)

        return compare

    def _bad(self, term: _Term, code: str) -> Test:
        self.unknown[term.name] = code
        return lambda ticket: False


def _literal(term: _Term, kind: str) -> Any:
    """Raises ValueError for what this kind of field does not take."""
    if term.bare == "null" and not term.op and (kind == "text" or term.name in _NULLABLE):
        return None
    if kind == "number" and term.bare is not None:
        return float(term.bare) if "." in term.bare else int(term.bare)
    if kind == "flag" and term.bare in ("true", "false") and not term.op:
        return term.bare == "true"
    if kind == "text" and term.string is not None and not term.op:
        return _plain(term.string)
    if kind == "date" and term.string is not None and term.op:
        return _bound(_day(term.string), term)
    raise ValueError(term.name)


def _day(text: str) -> datetime:
    moment = read_moment(text)
    if moment is None:
        raise ValueError(text)
    return moment


def _bound(at: datetime, term: _Term) -> str:
    """Times compare as texts. A day as the upper bound is meant whole."""
    if term.op == "<" and len(term.string or "") == len("yyyy-mm-dd"):
        return f"{at:%Y-%m-%d}T23:59:59Z"
    return zulu(at)


def _comparable(value: Any, kind: str) -> Any:
    """A day among times is its first second."""
    is_day = kind == "date" and isinstance(value, str) and len(value) == len("yyyy-mm-dd")
    return f"{value}T00:00:00Z" if is_day else value


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
