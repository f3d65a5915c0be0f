"""Field values as both sides exchange them: an immutable mapping with one digest."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

# What a field may hold. Lists become tuples and maps become Fields where they enter; desks take tuples of texts only,
# what is nested deeper exists between two rules.
Value: TypeAlias = "str | int | float | bool | tuple[Value, ...] | Fields | None"


class Fields(Mapping[str, Value]):
    """By name, in the order of the names. Equal when names and values are."""

    __slots__ = ("_held",)

    def __init__(self, values: Mapping[str, object] | Iterable[tuple[str, object]] = ()) -> None:
        self._held: dict[str, Value] = {name: _frozen(value) for name, value in sorted(dict(values).items())}

    def __getitem__(self, name: str) -> Value:
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        return hash(tuple(self._held.items()))

    def __repr__(self) -> str:
        return f"Fields({', '.join(self._held)})"  # names only: values are ticket text

    def with_values(self, values: Mapping[str, Value]) -> "Fields":
        """A copy in which these values stand."""
        return Fields({**self._held, **values}) if values else self

    def only(self, names: Iterable[str]) -> "Fields":
        kept = set(names)
        return _some({name: value for name, value in self._held.items() if name in kept})

    def without(self, names: Iterable[str]) -> "Fields":
        dropped = set(names)
        return _some({name: value for name, value in self._held.items() if name not in dropped})

    def differing_from(self, other: Mapping[str, Value]) -> "Fields":
        """What stands here and stands otherwise, or not at all, there."""
        missing = object()
        return _some({name: value for name, value in self._held.items() if other.get(name, missing) != value})

    def to_json(self) -> dict[str, object]:
        return {name: plain(value) for name, value in self._held.items()}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Value) -> object:
    """As JSON has it: lists and dicts."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.to_json() if isinstance(value, Fields) else value


def _some(held: dict[str, Value]) -> Fields:
    """Out of other fields, so in their order and frozen."""
    fields = Fields.__new__(Fields)
    fields._held = held
    return fields


def _frozen(value: object) -> Value:
    if value is None or isinstance(value, str):  # nearly all of them
        return value
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, Mapping):
        return value if isinstance(value, Fields) else Fields(value)
    assert isinstance(value, int | float), type(value)
    return value
