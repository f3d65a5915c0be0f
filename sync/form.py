"""What a desk's form offers: its fields with their kinds and choices, for rules and for people who write them."""

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """What a field holds, and how its value looks among `Fields`."""

    TEXT = "text"  # one line
    PARAGRAPH = "paragraph"
    NUMBER = "number"  # int
    DECIMAL = "decimal"  # float, or int where it is whole
    CHECKBOX = "checkbox"  # bool; None where nobody ever touched it
    DATE = "date"  # "2026-03-02"
    TIME = "time"  # "2026-03-02T09:15:04Z"
    CHOICE = "choice"  # a label
    CHOICES = "choices"  # labels
    NESTED = "nested"  # a label of one level; further fields hold the levels below
    URL = "url"
    PERSON = "person"  # an e-mail address
    LOOKUP = "lookup"  # the number of some other record
    TEXTS = "texts"  # free words, like tags


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """`below` are the choices of the next level, where there is one."""

    label: str
    below: "tuple[FieldChoice, ...]" = ()


@dataclass(frozen=True, slots=True)
class DeskField:
    """`name` is what fields are called in tickets and writes ("priority", "custom.affected_site"), `label` what people
    see. `levels` names the fields of the levels below this one, the next one first; `above` the field one level up,
    for those that are such a level."""

    name: str
    label: str
    type: FieldType
    choices: tuple[FieldChoice, ...] = ()
    is_required: bool = False
    is_required_to_close: bool = False
    levels: tuple[str, ...] = ()
    above: str | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(choice.label for choice in self.choices)


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What a desk offers: the labels of each choice field in the desk's order, what it demands, and all its fields.

    A form changes while rules stay: it is asked for again each time, and kept for minutes by the tracker.
    """

    choices: tuple[tuple[str, tuple[str, ...]], ...]
    required: frozenset[str] = frozenset()
    custom: frozenset[str] = frozenset()  # names of custom fields, without "custom."
    fields: tuple[DeskField, ...] = ()

    def labels(self, name: str) -> tuple[str, ...] | None:
        """None for a field that is free text, or unknown."""
        return dict(self.choices).get(name)

    def field(self, called: str) -> DeskField | None:
        """By name ("custom.affected_site", "affected_site") or by label ("Affected site"), the closest spelling first.
        None where there is none, or where several are called so: see `fields_called`."""
        found = self.fields_called(called)
        return found[0] if len(found) == 1 else None

    def fields_called(self, called: str) -> tuple[DeskField, ...]:
        """Custom fields go before the desk's own of the same name only where the prefix says so."""
        return fields_called(self.fields, called)


CUSTOM = "custom."


def fields_called(fields: tuple[DeskField, ...], called: str) -> tuple[DeskField, ...]:
    """All that fit at the first of these steps at which any fits: name, custom name, label, label in any case."""
    wanted, bare = called.strip(), called.strip().removeprefix(CUSTOM)
    is_custom = wanted.startswith(CUSTOM)
    among = tuple(one for one in fields if one.name.startswith(CUSTOM)) if is_custom else fields
    steps = (
        tuple(one for one in among if one.name == wanted),
        tuple(one for one in among if one.name == CUSTOM + bare),
        tuple(one for one in among if one.label == bare),
        tuple(one for one in among if one.label.casefold() == bare.casefold()),
    )
    return next((found for found in steps if found), ())


def same(one: str, other: str) -> bool:
    """One word in whatever letters."""
    return one.strip().casefold() == other.strip().casefold()
