"""Groups and departments by name and number: out of the form where it shows them, else out of their own lists.

Freshservice API v2, View all agent groups, View all departments, read 2025-11.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.form import same
from trackers.freshservice.answers import DeskRefused
from trackers.freshservice.form import Choice, Form, FormField
from trackers.freshservice.http import Client
from trackers.freshservice.record import Record
from trackers.port import CallKind

KEPT_SECONDS = 3600.0
_AGAIN_SECONDS = 300.0
_MOST_PAGES = 20
_PATHS = {"group": "groups", "department": "departments"}


@dataclass(slots=True)
class Places:
    """Of one account. `clock` is monotonic seconds."""

    clock: Callable[[], float]
    _kept: dict[tuple[str, int], tuple[float, tuple[Choice, ...]]] = field(default_factory=dict)

    async def name(self, client: Client, kind: str, number: int | None, form: Form, workspace: int) -> str | None:
        """ "group" or "department" by its number; one that nobody names is called by its number."""
        if number is None:
            return None
        known = form.label(kind, number)
        if known is not None:
            return known
        listed = await self._listed(client, kind, workspace, lambda choice: choice.id == number)
        return next((choice.label for choice in listed if choice.id == number), str(number))

    async def number(self, client: Client, kind: str, name: str, form: Form, workspace: int) -> int | None:
        """By the exact name, else by the same letters in another case, else by its own digits; None for no such."""
        known = form.number(kind, name)
        if known is not None:
            return known
        listed = await self._listed(client, kind, workspace, lambda choice: same(choice.label, name))
        found = Form((FormField(kind, listed),)).number(kind, name)
        return int(name) if found is None and name.isascii() and name.isdecimal() and len(name) > 8 else found

    def names(self, kind: str, form: Form, workspace: int) -> tuple[str, ...]:
        """What is known of them without a call."""
        _, listed = self._kept.get((kind, workspace), (0.0, ()))
        return tuple(dict.fromkeys((*form.labels(kind), *(choice.label for choice in listed))))

    async def _listed(
        self, client: Client, kind: str, workspace: int, is_it: Callable[[Choice], bool]
    ) -> tuple[Choice, ...]:
        """Kept for an hour; read again after minutes when the one that is looked for is not among them."""
        at, kept = self._kept.get((kind, workspace), (float("-inf"), ()))
        age = self.clock() - at
        if age < _AGAIN_SECONDS or (age < KEPT_SECONDS and any(is_it(choice) for choice in kept)):
            return kept
        found = await _all(client, _PATHS[kind], {"workspace_id": str(workspace)} if workspace else {})
        self._kept[kind, workspace] = (self.clock(), found)
        return found


async def _all(client: Client, path: str, query: dict[str, str]) -> tuple[Choice, ...]:
    """Nothing where the key may not see them."""
    found: list[Choice] = []
    page: int | None = 1
    while page is not None and page <= _MOST_PAGES:
        try:
            asked = {"per_page": "100", "page": str(page), **(query if path == "groups" else {})}
            answer = await client.look_up(CallKind.OTHER, path, asked)
        except DeskRefused:
            break
        if answer is None:
            break
        found += [_choice(entry) for entry in answer.record.records(path) or ()]
        page = answer.next_page if answer.next_page is not None and answer.next_page > page else None
    return tuple(choice for choice in found if choice.label)


def _choice(entry: Record) -> Choice:
    return Choice(entry.number("id"), entry.text("name") or "")
