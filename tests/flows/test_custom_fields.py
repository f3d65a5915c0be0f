"""Custom fields of every type, under another name at the other desk: at first, when changed, and on the way back."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from storage.memory.store import MemoryStore
from sync.fields import Value
from sync.form import DeskField, FieldChoice, FieldType
from sync.rule import RuleSide
from sync.ticket import Person
from tests.flows.test_script_rules import parked, rule
from tests.flows.two_sides import Clock, HalfPair, Pair, two_sides

_PLACES = (
    FieldChoice("North", (FieldChoice("Oslo"), FieldChoice("Turku"))),
    FieldChoice("South", (FieldChoice("Rome"),)),
)
# A type, and two values one after the other.
TYPES: dict[FieldType, tuple[Value, Value]] = {
    FieldType.TEXT: ("one line", "another"),
    FieldType.PARAGRAPH: ("two\nlines", "three\n\nlines"),
    FieldType.NUMBER: (3, 0),
    FieldType.DECIMAL: (2.5, 1200),
    FieldType.CHECKBOX: (True, False),
    FieldType.DATE: ("2026-03-02", "2027-01-31"),
    FieldType.TIME: ("2026-03-02T09:15:04Z", "2026-12-31T23:59:59Z"),
    FieldType.CHOICE: ("Red", "Blue"),
    FieldType.CHOICES: (("Red", "Blue"), ("Blue",)),
    FieldType.URL: ("https://a.example/x?y=1", "https://b.example"),
    FieldType.PERSON: ("ann@both.example", "bob@both.example"),
    FieldType.TEXTS: (("a", "b"), ("c",)),
}
_CHOSEN = (FieldType.CHOICE, FieldType.CHOICES)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    clock, random = Clock(), Random(5)
    stores = (MemoryStore(clock=clock, chance=random.randbytes), MemoryStore(clock=clock, chance=random.randbytes))
    async with two_sides(stores, clock) as both:
        for half in (both.acme, both.globex):
            await _furnish(half)
        yield both


async def _furnish(half: HalfPair) -> None:
    """Label "Acme text" and name "acme_text", and so on: by the label one side reads, by the name the other writes."""
    account, own = half.account, half.name
    for kind in TYPES:
        choices = (FieldChoice("Red"), FieldChoice("Blue")) if kind in _CHOSEN else ()
        account.add_field(DeskField(f"custom.{own}_{kind}", f"{own.capitalize()} {kind}", kind, choices))
    account.add_field(
        DeskField(f"custom.{own}_place", "Place", FieldType.NESTED, _PLACES, levels=(f"custom.{own}_town",))
    )
    account.add_field(DeskField(f"custom.{own}_town", "Town", FieldType.NESTED, above=f"custom.{own}_place"))
    for name in ("ann", "bob"):
        account.people[f"{name}@both.example"] = Person(name.capitalize(), f"{name}@both.example", name, is_agent=True)
    kinds = ", ".join(f'"{kind}"' for kind in TYPES)
    send = f'[{kinds}].each {{ replica.customFields."$it" = issue.customFields."{own.capitalize()} $it" }}'
    take = f'[{kinds}].each {{ issue.customFields."{own}_$it".value = replica.customFields."$it"?.value }}'
    await rule(half, RuleSide.OUTGOING, f'{send}\nreplica.customFields."Where" = issue.customFields."Place"')
    await rule(
        half, RuleSide.INCOMING, f'{take}\nissue.customFields."Place".value = replica.customFields."Where"?.value'
    )


def _named(own: str, index: int) -> dict[str, Value]:
    places: tuple[dict[str, Value], ...] = ({"place": "North", "town": "Oslo"}, {"place": "South", "town": "Rome"})
    values: dict[str, Value] = {**{str(kind): pair[index] for kind, pair in TYPES.items()}, **places[index]}
    return {f"custom.{own}_{name}": value for name, value in values.items()}


async def test_a_custom_field_of_every_type_crosses_and_so_do_its_changes_both_ways(pair: Pair) -> None:
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    pair.acme.account.edit(ours, **_named("acme", 0))
    await pair.settle()
    assert await parked(pair.acme) == [] and await parked(pair.globex) == []
    ((theirs, copy),) = pair.globex.account.records.items()
    assert {name: copy.fields.get(name) for name in _named("globex", 0)} == _named("globex", 0)
    pair.acme.account.edit(ours, **_named("acme", 1))
    await pair.settle()
    assert {name: copy.fields.get(name) for name in _named("globex", 1)} == _named("globex", 1)
    pair.globex.account.edit(theirs, **_named("globex", 0))
    await pair.settle()
    record = pair.acme.account.records[ours]
    assert {name: record.fields.get(name) for name in _named("acme", 0)} == _named("acme", 0)
    assert await parked(pair.acme) == [] and await parked(pair.globex) == []


async def test_a_custom_field_that_is_emptied_is_emptied_there(pair: Pair) -> None:
    ours = pair.acme.account.raise_ticket("Printer smokes", "In room 4.")
    pair.acme.account.edit(ours, **_named("acme", 0))
    await pair.settle()
    pair.acme.account.edit(ours, **dict.fromkeys(_named("acme", 0)))
    await pair.settle()
    (copy,) = pair.globex.account.records.values()
    assert await parked(pair.globex) == []
    assert {name: copy.fields.get(name) for name in _named("globex", 0) if copy.fields.get(name)} == {}
