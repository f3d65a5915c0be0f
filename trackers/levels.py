"""Choices that go over several levels, like category and sub-category: a level is written together with those above."""

from collections.abc import Mapping

from sync.errors import RemoteRefusedTicket
from sync.fields import Fields, Value
from sync.form import CUSTOM, DeskFacts, FieldChoice, FieldType, same
from trackers.typed import custom_field, no_such_choice, path_to


class ManyPlaces(RemoteRefusedTicket):
    """A choice stands below several others: what stands above it in this ticket must be known."""


def with_levels(fields: Fields, facts: DeskFacts, standing: Fields | None) -> Fields:
    """The same, with the levels above a lower one that is written: a desk takes it only together with them, while a
    merge writes only what differs. `standing` is what the ticket holds now; without it ManyPlaces is raised where more
    than one place is possible, RemoteRefusedTicket where none is."""
    named = {_called(facts, name): value for name, value in fields.items()}
    for top in facts.fields:
        if top.type is FieldType.NESTED and top.above is None and top.levels and top.choices:
            named |= _family((top.name, *top.levels), top.choices, named, standing)
    return Fields(named)


def _called(facts: DeskFacts, name: str) -> str:
    return custom_field(facts, name).name if name.startswith(CUSTOM) else name


def _family(
    names: tuple[str, ...], choices: tuple[FieldChoice, ...], named: Mapping[str, Value], standing: Fields | None
) -> dict[str, Value]:
    """The levels of one choice from the top to the lowest that is written, in the desk's spelling."""
    given = [depth for depth, name in enumerate(names) if named.get(name) not in (None, "")]
    if not given:
        return {}
    lowest = given[-1]
    paths = path_to(choices, lowest, str(named[names[lowest]]))
    for depth in given:
        paths = [path for path in paths if same(path[depth].label, str(named[names[depth]]))]
    if not paths:
        raise no_such_choice(names[lowest], _offered(names, choices, named, lowest))
    if len(paths) > 1:
        if standing is None:
            raise ManyPlaces
        paths = [path for path in paths if all(_stands(standing, names[d], path[d]) for d in range(lowest))]
    if len(paths) != 1:
        above, below = names[lowest - 1], names[lowest]
        raise RemoteRefusedTicket(f"Several choices have this {below} below them. Write {above} as well.")
    return {names[depth]: choice.label for depth, choice in enumerate(paths[0])}


def _stands(standing: Fields, name: str, choice: FieldChoice) -> bool:
    return same(str(standing.get(name) or ""), choice.label)


def _offered(
    names: tuple[str, ...], choices: tuple[FieldChoice, ...], named: Mapping[str, Value], lowest: int
) -> tuple[str, ...]:
    """What could stand there, below what was written above it."""
    level = list(choices)
    for name in names[:lowest]:
        above = named.get(name)
        level = [below for choice in level if above is None or same(choice.label, str(above)) for below in choice.below]
    return tuple(dict.fromkeys(choice.label for choice in level))
