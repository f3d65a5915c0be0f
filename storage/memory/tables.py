"""Tables in memory: rows by key, with unique keys, references and an undo log.

Rows are immutable, so a table may hand them out. What a transaction writes is written at once and taken back, newest
first, when it fails.
"""

from collections.abc import Callable
from itertools import count
from typing import Any, Generic, TypeAlias, TypeVar

from storage.errors import RowConflict, StatementRefused

# An id, or a tuple of what together names a row.
Key: TypeAlias = Any
R = TypeVar("R")
# What a row is found by; None keeps it out of the index.
Part = Callable[[Any, R], Key | None]


class Journal:
    """What the running transaction has written, and whether it may. `next_number` orders rows as they come."""

    def __init__(self) -> None:
        self.is_writable = False
        self.next_number = count(1).__next__
        self._entries: list[tuple[Table[Any], Key, Any]] = []

    def begin(self, *, writable: bool) -> None:
        self.is_writable = writable
        self._entries.clear()

    def note(self, table: "Table[Any]", key: Key, old: Any) -> None:
        """Raises StatementRefused in a transaction that only reads."""
        if not self.is_writable:
            raise StatementRefused("`Store.read` cannot write: use `Store.run`.")
        self._entries.append((table, key, old))

    def undo(self) -> None:
        while self._entries:
            table, key, old = self._entries.pop()
            table.exchange(key, old)


class Unique(Generic[R]):
    """At most one row for each part, of one table or, when they share it, of the tables of all organisations."""

    def __init__(self) -> None:
        self.held: dict[Key, tuple[str, Key]] = {}

    def owner(self, part: Key) -> tuple[str, Key] | None:
        """Organisation and key of the row."""
        return self.held.get(part)


class Table(Generic[R]):
    """The rows of one kind of one organisation. `uniques` and `indexes` say what else a row is found by."""

    def __init__(self, journal: Journal, organisation_id: str) -> None:
        self.rows: dict[Key, R] = {}
        self._journal = journal
        self._organisation_id = organisation_id
        self._uniques: list[tuple[Unique[R], Part[R]]] = []
        self._indexes: list[tuple[dict[Key, dict[Key, None]], Part[R]]] = []
        self._parents: list[tuple[Table[Any], Part[R]]] = []
        self._children: list[tuple[Table[Any], dict[Key, dict[Key, None]]]] = []

    def unique(self, part: Part[R], shared: Unique[R] | None = None) -> Unique[R]:
        made = shared if shared is not None else Unique[R]()
        self._uniques.append((made, part))
        return made

    def index(self, part: Part[R]) -> dict[Key, dict[Key, None]]:
        """Keys by part, which it keeps up to date."""
        made: dict[Key, dict[Key, None]] = {}
        self._indexes.append((made, part))
        return made

    def belongs_to(self, parent: "Table[Any]", part: Part[R]) -> dict[Key, dict[Key, None]]:
        """A row whose part is not None needs that parent and goes with it. Returns the index by parent."""
        made = self.index(part)
        self._parents.append((parent, part))
        parent._children.append((self, made))
        return made

    def get(self, key: Key) -> R | None:
        return self.rows.get(key)

    def found(self, index: dict[Key, dict[Key, None]], part: Key) -> list[R]:
        rows = self.rows
        return [rows[key] for key in index.get(part, ())]

    def of(self, unique: Unique[R], part: Key) -> R | None:
        owner = unique.held.get(part)
        return None if owner is None else self.rows[owner[1]]

    def add(self, key: Key, row: R) -> None:
        """Raises RowConflict when the key is taken, too."""
        if key in self.rows:
            raise RowConflict("A row breaks a rule of its table.")
        self.put(key, row)

    def put(self, key: Key, row: R) -> None:
        """Adds or replaces. Raises RowConflict when a unique part is taken or a parent is not there."""
        for unique, part in self._uniques:
            owner = unique.held.get(part(key, row))
            if owner is not None and owner != (self._organisation_id, key):
                raise RowConflict("A row breaks a rule of its table.")
        for parent, part in self._parents:
            needed = part(key, row)
            if needed is not None and needed not in parent.rows:
                raise RowConflict("A row breaks a rule of its table.")
        self._journal.note(self, key, self.rows.get(key))
        self.exchange(key, row)

    def remove(self, key: Key) -> bool:
        """With the rows that belong to it; whether it was there."""
        row = self.rows.get(key)
        if row is None:
            return False
        for child, index in self._children:
            for belonging in tuple(index.get(key, ())):
                child.remove(belonging)
        self._journal.note(self, key, row)
        self.exchange(key, None)
        return True

    def remove_where(self, is_over: Callable[[R], bool]) -> int:
        """How many it was."""
        keys = [key for key, row in self.rows.items() if is_over(row)]
        for key in keys:
            self.remove(key)
        return len(keys)

    def exchange(self, key: Key, new: R | None) -> None:
        """Puts the row in the place of the old one, None for none, without a look at rules or log."""
        old = self.rows.get(key)
        if new is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = new
        for unique, part in self._uniques:
            before, after = _parts(part, key, old, new)
            if before != after:
                unique.held.pop(before, None)
                if after is not None:
                    unique.held[after] = (self._organisation_id, key)
        for index, part in self._indexes:
            before, after = _parts(part, key, old, new)
            if before != after:
                _leave(index, before, key)
                if after is not None:
                    index.setdefault(after, {})[key] = None


def _parts(part: Part[R], key: Key, old: R | None, new: R | None) -> tuple[Key | None, Key | None]:
    return None if old is None else part(key, old), None if new is None else part(key, new)


def _leave(index: dict[Key, dict[Key, None]], part: Key | None, key: Key) -> None:
    keys = index.get(part)
    if keys is not None:
        keys.pop(key, None)
        if not keys:
            del index[part]
