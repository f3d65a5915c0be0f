"""The twin in memory offers what the store with a database offers, method by method."""

import inspect
from collections.abc import Coroutine
from typing import Any

import pytest

from storage.memory.store import MemoryStore
from storage.store import Store, SystemTransaction, Transaction
from storage.vault import KeyRing
from tests.storage import samples

# For storage/ alone: the end of a transaction, and what storage/rotation.py needs.
FOR_STORAGE = {"session", "keys", "settle", "woken", "book", "prove", "topic"}
NOTHING: Any = object()


def outcome(work: Coroutine[Any, Any, Any]) -> Any:
    """What it returns without waiting for anything."""
    with pytest.raises(StopIteration) as ended:
        work.send(None)
    return ended.value.value


def transactions() -> tuple[Any, Any]:
    twin = outcome(MemoryStore(clock=lambda: samples.NOW).read("nobody", lambda tx: tx))
    return Transaction(NOTHING, KeyRing((b"k" * 32,))), twin


def system_transactions() -> tuple[Any, Any]:
    twin = outcome(MemoryStore(clock=lambda: samples.NOW).system(lambda tx: tx))
    return SystemTransaction(NOTHING, KeyRing((b"k" * 32,))), twin


def public(thing: object) -> set[str]:
    found = {name for name in (*vars(thing), *dir(type(thing))) if not name.startswith("_")}
    return found - FOR_STORAGE


def shapes(thing: object) -> dict[str, Any]:
    """Each public method of a class with its signature, each property with None."""
    shapes: dict[str, Any] = {}
    for name in dir(type(thing)):
        member = inspect.getattr_static(type(thing), name)
        if not name.startswith("_") and name not in FOR_STORAGE:
            shapes[name] = inspect.signature(member) if inspect.isfunction(member) else None
    return shapes


@pytest.mark.parametrize("pair", [transactions, system_transactions])
def test_both_transactions_offer_the_same(pair: Any) -> None:
    real, twin = pair()
    assert public(twin) == public(real)
    assert shapes(twin) == shapes(real)


REPOSITORIES = sorted(name for name in vars(transactions()[0]) if not name.startswith("_"))


@pytest.mark.parametrize("name", REPOSITORIES)
def test_each_repository_offers_the_same(name: str) -> None:
    real, twin = transactions()
    assert shapes(getattr(twin, name)) == shapes(getattr(real, name))


def test_every_way_to_a_database_is_replaced() -> None:
    inherited = {"open"}  # opens a database: nothing for memory
    ways = {name for name, member in vars(Store).items() if not name.startswith("_")}
    assert ways - inherited <= set(vars(MemoryStore))
