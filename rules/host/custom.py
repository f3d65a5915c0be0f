"""Custom fields: holders with a `value`, found by label or by name."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host.values_out import date_of, inward, outward, user_of
from rules.host.words import Cascading, Named
from rules.language import values
from rules.language.host import HostObject, Member
from sync.form import CUSTOM, DeskFacts, DeskField, FieldType

if TYPE_CHECKING:
    from rules.language.run import Run


class Holder(HostObject):
    """One custom field. `write` is told of a new value; None where it may only be read."""

    __slots__ = ("field", "label", "value", "write")

    kind_name = "CustomField"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "value": Member(get=lambda held, run: held.value, set=lambda held, run, value: held.put(run, value)),
        "name": Member(get=lambda held, run: held.label),
        "label": Member(get=lambda held, run: held.label),
        "id": Member(get=lambda held, run: held.label if held.field is None else held.field.name.removeprefix(CUSTOM)),
        "type": Member(get=lambda held, run: None if held.field is None else held.field.type.value),
        "values": Member(get=lambda held, run: held.value if isinstance(held.value, list) else [held.value]),
    }

    def __init__(
        self, label: str, value: Any, write: Callable[["Run", Any], None] | None, field: DeskField | None = None
    ) -> None:
        self.label = label
        self.value = value
        self.write = write
        self.field = field

    def put(self, run: "Run", value: Any) -> None:
        write = self.write
        if write is None:
            run.fail("groovy.lang.ReadOnlyPropertyException", f"The custom field {self.label} can only be read here")
        self.value = value.value if isinstance(value, Holder) else value
        write(run, self.value)

    def shown(self, run: "Run") -> str:
        return run.text(self.value)

    def to_outside(self, run: "Run") -> Any:
        return outward(run, self.value)


class HolderBag(HostObject):
    """`customFields`: `find` gives the holder for a label or a name, None where there is none; `put` is told of what a
    rule assigns; `names` lists what there is."""

    __slots__ = ("find", "names", "put")

    kind_name = "CustomFields"
    open_bag = True
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "getAt": Member(call=lambda held, run, given: held.get_open(run, run.text(given[0])), arity=(1, 1)),
        "get": Member(call=lambda held, run, given: held.get_open(run, run.text(given[0])), arity=(1, 1)),
        "putAt": Member(call=lambda held, run, given: held.set_open(run, run.text(given[0]), given[1]), arity=(2, 2)),
        "put": Member(call=lambda held, run, given: held.set_open(run, run.text(given[0]), given[1]), arity=(2, 2)),
        "keySet": Member(call=lambda held, run, given: values.GSet(held.names()), arity=(0, 0)),
        "containsKey": Member(
            call=lambda held, run, given: held.find(run, run.text(given[0])) is not None, arity=(1, 1)
        ),
        "values": Member(call=lambda held, run, given: held.holders(run), arity=(0, 0)),
        "each": Member(call=lambda held, run, given: held.over(run, "each", given), arity=(1, 1)),
        "find": Member(call=lambda held, run, given: held.over(run, "find", given), arity=(1, 1)),
        "findAll": Member(call=lambda held, run, given: held.over(run, "findAll", given), arity=(1, 1)),
        "collect": Member(call=lambda held, run, given: held.over(run, "collect", given), arity=(1, 1)),
        "size": Member(call=lambda held, run, given: len(held.names()), arity=(0, 0)),
    }

    def __init__(self, find: Any, put: Any, names: Callable[[], list[str]]) -> None:
        self.find = find
        self.put = put
        self.names = names

    def get_open(self, run: "Run", name: str) -> Any:
        return self.find(run, name)

    def set_open(self, run: "Run", name: str, value: Any) -> None:
        self.put(run, name, value)

    def holders(self, run: "Run") -> list[Any]:
        return [self.find(run, name) for name in self.names()]

    def over(self, run: "Run", method: str, given: list[Any]) -> Any:
        """The method of a map from names to holders."""
        return run.call_method(values.GMap((name, self.find(run, name)) for name in self.names()), method, given)


def read_as(run: "Run", held: Any, field: DeskField | None) -> Any:
    """What a holder shows of a desk's plain value, by the field's kind."""
    if held is None or field is None:
        return inward(run, held)
    of = field.type
    if of in (FieldType.DATE, FieldType.TIME):
        return date_of(held)
    if of is FieldType.CHOICE:
        return Named(str(held))
    if of is FieldType.NESTED:
        return Cascading(str(held))
    if of is FieldType.CHOICES and isinstance(held, list | tuple):
        return [Named(str(one)) for one in held]
    if of is FieldType.PERSON:
        return user_of(held)
    if of is FieldType.DECIMAL and isinstance(held, int | float):
        return Decimal(str(held))
    return inward(run, held)


def nested(run: "Run", facts: DeskFacts, field: DeskField, fields: Mapping[str, Any]) -> Any:
    """The option of the upper level, with the options of the levels below as children."""
    chain = [fields.get(name) for name in (field.name, *field.levels)]
    found: Cascading | None = None
    for label in reversed([one for one in chain if one]):
        found = Cascading(str(label), found)
    return found


def written_as(run: "Run", value: Any, field: DeskField | None) -> Any:
    """What the desk is asked to write: addresses for people, labels for options, days for dates."""
    plain = outward(run, value)
    if field is not None and field.type is FieldType.DATE and isinstance(plain, str):
        return plain[:10]
    if isinstance(plain, Mapping):
        for name in ("value", "email", "name", "displayName"):
            if plain.get(name) is not None:
                return plain[name]
    return plain
