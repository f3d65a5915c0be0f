"""`replica`: an open bag. Outgoing it is what leaves, incoming what came; `previous` is one that may only be read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host.custom import Holder, HolderBag, read_as
from rules.host.issue import NAMED, PEOPLE, TIMES
from rules.host.letters import Attachment, Comment
from rules.host.scene import SeenReplica
from rules.host.stage import Stage
from rules.host.values_out import date_of, inward, outward, user_of
from rules.host.words import Cascading, Label, Named, User
from rules.language import values
from rules.language.host import HostObject, Member
from sync.form import CUSTOM

if TYPE_CHECKING:
    from rules.language.run import Run

_PEOPLE = (*PEOPLE, "creator", "owner")
# One thing in a replica, whatever it is called; anything else is what it is called.
_ALIASES = {
    "labels": "tags", "issueType": "type", "typeName": "type", "issueTypeName": "type", "reporter": "requester",
    "due": "due_by", "dueDate": "due_by",
}  # fmt: skip
_TIMES = (*TIMES, "created", "updated", "resolutionDate")


def _kept(name: str) -> Member:
    def put(held: "Replica", run: "Run", value: Any) -> None:
        held.writes(run, name)
        setattr(held, name, list(run.items(value)))

    return Member(get=lambda held, run: getattr(held, name), set=put)


def _seen(name: str) -> Member:
    return Member(get=lambda held, run: list(getattr(held, name)))


class Replica(HostObject):
    """`held` are values of the language by neutral name; custom fields lie among them as "custom.<label or name>"."""

    __slots__ = (
        "added", "added_files", "attachments", "changed", "comments", "held", "raw", "read_only", "removed",
        "removed_files", "seen", "stage",
    )  # fmt: skip

    kind_name = "Replica"
    open_bag = True
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "comments": _kept("comments"),
        "attachments": _kept("attachments"),
        "addedComments": _seen("added"),
        "changedComments": _seen("changed"),
        "removedComments": _kept("removed"),
        "addedAttachments": _seen("added_files"),
        "changedAttachments": Member(get=lambda held, run: []),
        "removedAttachments": _seen("removed_files"),
        "customFields": Member(
            get=lambda held, run: HolderBag(held.holder, held.put_custom, held.custom_names),
            set=lambda held, run, value: held.put_all(run, value),
        ),
        "key": Member(
            get=lambda held, run: held.held.get("key", held.seen.key or None),
            set=lambda held, run, value: held.set_open(run, "key", value),
        ),
        "issueUrl": Member(get=lambda held, run: held.held.get("issueUrl", held.seen.url or None)),
        "reporter": Member(
            get=lambda held, run: held.reporter(run), set=lambda held, run, value: held.set_open(run, "reporter", value)
        ),
        "containsKey": Member(call=lambda held, run, given: held.has(run.text(given[0])), arity=(1, 1)),
        "getAt": Member(call=lambda held, run, given: held.get_member(run, run.text(given[0])), arity=(1, 1)),
        "putAt": Member(call=lambda held, run, given: held.set_member(run, run.text(given[0]), given[1]), arity=(2, 2)),
    }

    def __init__(self, stage: Stage, seen: SeenReplica, *, read_only: bool = False, empty: bool = False) -> None:
        self.stage = stage
        self.seen = seen
        self.read_only = read_only
        self.raw: Mapping[str, Any] = {} if empty else seen.fields
        self.held: dict[str, Any] = {}
        came = [Comment.seen(one, from_partner=True) for one in seen.comments]
        files = [Attachment(one, from_partner=True) for one in seen.files]
        self.comments: list[Any] = [] if empty else came
        self.attachments: list[Any] = [] if empty else files
        self.added = [one for one in came if one.remote is None]
        self.changed = [one for one in came if one.remote is not None]
        self.removed = [Comment.seen(one, from_partner=True) for one in seen.removed]
        self.added_files = files
        self.removed_files = [Attachment(one, from_partner=True) for one in seen.removed_files]

    def writes(self, run: "Run", name: str) -> None:
        if self.read_only:
            message = f"Cannot set readonly property: {name} for class: Replica"
            run.fail("groovy.lang.ReadOnlyPropertyException", message)

    def has(self, name: str) -> bool:
        return neutral(name) in self.held or neutral(name) in self.raw

    def reporter(self, run: "Run") -> Any:
        found = self.get_open(run, "reporter")
        return found if found is not None else user_of(self.seen.requester)

    def get_open(self, run: "Run", name: str) -> Any:
        name = neutral(name)
        if name not in self.held and name in self.raw:
            self.held[name] = self._read(run, name, self.raw[name])
        if name == "tags" and name not in self.held:
            return []
        if name == "customKeys" and name not in self.held:
            self.held[name] = values.GMap()  # a map of the rules' own, to be filled
        return self.held.get(name)

    def set_open(self, run: "Run", name: str, value: Any) -> None:
        self.writes(run, name)
        self.held[neutral(name)] = value.value if isinstance(value, Holder) else value

    def _read(self, run: "Run", name: str, raw: Any) -> Any:
        if raw is None:
            return None
        if name == "tags":
            return [Label(str(one)) for one in raw] if isinstance(raw, list | tuple) else [Label(str(raw))]
        if name in NAMED:
            return NAMED[name](str(raw.get("name") if isinstance(raw, Mapping) else raw))
        if name in _PEOPLE or _is_person(raw):
            return user_of(raw)
        return date_of(raw) if name in _TIMES else inward(run, raw)

    # Custom fields

    def _custom_key(self, called: str) -> str | None:
        """Under which name the field lies here: as called, or as our own desk relates label and name."""
        for name in (CUSTOM + called, called if called.startswith(CUSTOM) else "", self.stage.custom_name(called)):
            if name and self.has(name):
                return name
        field = self.stage.field(CUSTOM + called)
        name = CUSTOM + field.label if field is not None else ""
        wanted = (CUSTOM + called).casefold()
        if name and self.has(name):
            return name
        return next((one for one in (*self.held, *self.raw) if one.casefold() == wanted), None)

    def holder(self, run: "Run", called: str) -> Holder | None:
        """None for a field that is not there: rules ask `?.value`."""
        name = self._custom_key(called)
        if name is None:
            return None
        held = self.held.get(name)
        if not isinstance(held, Holder):
            raw = self.raw.get(name)
            value = user_of(raw) if _is_person(raw) else _option(run, raw)
            held = self.held[name] = Holder(called, value, lambda run, value: self.writes(run, called))
        return held

    def put_custom(self, run: "Run", called: str, value: Any) -> None:
        """The whole holder of our ticket, or a plain value."""
        self.writes(run, called)
        inner = value.value if isinstance(value, Holder) else value
        self.held[CUSTOM + called] = Holder(called, inner, lambda run, value: self.writes(run, called))

    def put_all(self, run: "Run", bag: Any) -> None:
        """All custom fields of our ticket, or of a map, at once."""
        self.writes(run, "customFields")
        if isinstance(bag, HolderBag):
            pairs = [(name, bag.find(run, name)) for name in bag.names()]
        else:
            pairs = [(run.text(key), value) for key, value in bag.items()] if type(bag) is values.GMap else []
        for name, value in pairs:
            self.put_custom(run, name, value)

    def custom_names(self) -> list[str]:
        return [name.removeprefix(CUSTOM) for name in {**self.raw, **self.held} if name.startswith(CUSTOM)]

    def leaving(self, run: "Run") -> dict[str, Any]:
        """The fields as JSON."""
        kept = {name: value for name, value in self.held.items() if name != "customKeys" or value}
        return {name: _left(run, name, value) for name, value in kept.items()}

    def shown(self, run: "Run") -> str:
        return f"Replica {self.seen.key}".strip()

    def to_outside(self, run: "Run") -> Any:
        return self.leaving(run)


def neutral(name: str) -> str:
    return _ALIASES.get(name, name)


def _left(run: "Run", name: str, value: Any) -> Any:
    if isinstance(value, Named) and getattr(value, "child", None) is not None:
        value = values.GMap((("value", value.name), ("child", value.child)))  # type: ignore[attr-defined]
    if isinstance(value, Holder):
        return _left(run, name, value.value)
    if name in ("tags",) and type(value) is str:
        return [value]
    return outward(run, value)


def _is_person(raw: Any) -> bool:
    return isinstance(raw, Mapping) and "displayName" in raw and "email" in raw


def _option(run: "Run", raw: Any, depth: int = 0) -> Any:
    """A replica tells no kinds: a cascading option is a map there."""
    if isinstance(raw, Mapping) and set(raw) == {"value", "child"}:
        return Cascading(str(raw["value"]), _option(run, raw["child"], depth + 1) if raw["child"] else None)
    return Cascading(raw) if depth and isinstance(raw, str) else read_as(run, raw, None)


__all__ = ["Replica", "User"]
