"""`issue`: our ticket as a rule sees and changes it. Nothing is written before the rule has ended."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host.custom import Holder, HolderBag, nested, read_as, written_as
from rules.host.letters import Attachment, Comment
from rules.host.scene import SeenTicket
from rules.host.stage import ALIASES, Stage, neutral
from rules.host.values_out import date_of, outward, user_of
from rules.host.words import Cascading, Group, Label, Named, Priority, Project, Resolution, Status, TicketType, User
from rules.language import values
from rules.language.host import HostObject, Member
from sync.form import CUSTOM, FieldType

if TYPE_CHECKING:
    from rules.language.run import Run

NAMED: Mapping[str, type[Named]] = {
    "status": Status, "priority": Priority, "type": TicketType, "resolution": Resolution, "project": Project,
    "group": Group, "department": Group,
}  # fmt: skip
PEOPLE = ("assignee", "requester")
TIMES = ("due_by", "first_response_due_by")
WRITABLE = (
    "summary", "description", "status", "priority", "type", "tags", *PEOPLE, "group", "department", "category",
    "sub_category", "item", "urgency", "impact", "source", *TIMES,
)  # fmt: skip
# What service desks like ours have no place for: kept for the rest of the rule, written nowhere.
NOWHERE = (
    "resolution", "project", "projectKey", "components", "fixVersions", "affectedVersions", "workLogs", "issueLinks",
    "parentId", "parent", "sprint", "areaPath", "iterationPath", "environment", "securityLevel", "watchers", "voters",
    "originalEstimate", "remainingEstimate", "spent", "timeSpent", "tableName", "entityType", "internalMap", "fields",
    "internalFields", "doNotTransition", "statusChangedBy", "rank", "epicLink", "storyPoints", "assignees",
    "customKeys",
)  # fmt: skip
_LISTS = ("components", "fixVersions", "affectedVersions", "workLogs", "issueLinks", "watchers", "voters", "assignees")


class Draft:
    """A ticket and what the rule made of it so far; several names of the rule share one. `held` are values of the
    language by neutral name, `touched` what was assigned."""

    def __init__(self, stage: Stage, ticket: SeenTicket | None) -> None:
        self.stage = stage
        self.ticket = ticket if ticket is not None else SeenTicket("")
        self.exists = ticket is not None
        self.held: dict[str, Any] = {}
        self.touched: set[str] = set()
        self.extra: dict[str, Any] = {**{name: [] for name in _LISTS}, "customKeys": values.GMap()}
        self._comments: list[Any] | None = None
        self._attachments: list[Any] | None = None
        self.holders: dict[str, Holder] = {}

    # Most rules look at a part of their ticket only, so lists are made when somebody asks.

    @property
    def comments(self) -> list[Any]:
        if self._comments is None:
            self._comments = [Comment.seen(one, from_partner=False) for one in self.ticket.comments]
        return self._comments

    @comments.setter
    def comments(self, value: list[Any]) -> None:
        self._comments = value

    @property
    def attachments(self) -> list[Any]:
        if self._attachments is None:
            internal = {one.id for one in self.ticket.comments if not one.is_public}
            self._attachments = [
                Attachment(one, from_partner=False, is_internal=one.comment_id in internal) for one in self.ticket.files
            ]
        return self._attachments

    @attachments.setter
    def attachments(self, value: list[Any]) -> None:
        self._attachments = value

    @property
    def saw_comments(self) -> bool:
        return self._comments is not None

    def get(self, run: "Run", name: str) -> Any:
        """The value of a neutral name, the same object each time."""
        if name not in self.held:
            self.held[name] = self._read(run, name)
        return self.held[name]

    def _read(self, run: "Run", name: str) -> Any:
        held = self.ticket.fields.get(name)
        if name == "requester":
            return user_of(self.ticket.requester or held)
        if name == "assignee":
            return user_of(self.ticket.assignee or held)
        if name == "tags":
            return [Label(str(one)) for one in held or ()]
        if held is not None and name in NAMED:
            return NAMED[name](str(held))
        return date_of(held) if name in TIMES else read_as(run, held, None)

    def put(self, run: "Run", name: str, value: Any) -> None:
        self.touched.add(name)
        self.held[name] = self._taken(run, name, value)

    def _taken(self, run: "Run", name: str, value: Any) -> Any:
        if name == "tags":
            found = [value] if type(value) is str else list(run.items(value))
            return [one if isinstance(one, Named) else Label(_word(run, one)) for one in found if one is not None]
        if value is None or isinstance(value, Named | User):
            return value
        if name in PEOPLE:
            return user_of(outward(run, value))
        if name in NAMED:
            return NAMED[name](_word(run, value))
        if name in ("summary", "description"):
            return run.text(value)
        return value

    # Custom fields

    def holder(self, run: "Run", called: str) -> Holder:
        """Writable, also where the field has no value or is unknown yet."""
        name = self.stage.custom_name(called)
        if name not in self.holders:
            field = self.stage.field(name)
            value = read_as(run, self.ticket.fields.get(name), field)
            if field is not None and field.type is FieldType.NESTED:
                value = nested(run, self.stage.scene.facts, field, self.ticket.fields)
            label = field.label if field is not None else called

            def write(run: "Run", value: Any) -> None:
                self.touched.add(name)
                if type(value) is values.GMap and field is not None and field.type is FieldType.NESTED:
                    self.holders[name].value = Cascading.of(outward(run, value))

            self.holders[name] = Holder(label, value, write, field)
        return self.holders[name]

    def put_custom(self, run: "Run", called: str, value: Any) -> None:
        self.holder(run, called).put(run, value)

    def custom_names(self) -> list[str]:
        known = [field.label for field in self.stage.scene.facts.fields if field.name.startswith(CUSTOM)]
        names = {self.stage.custom_name(label) for label in known}
        return known + [name.removeprefix(CUSTOM) for name in self.ticket.fields if _is_custom(name, names)]

    def wanted(self, run: "Run") -> dict[str, Any]:
        """What the rule assigned, as the desk is asked to write it."""
        found: dict[str, Any] = {}
        tags = self.held.get("tags")
        if tags is not None and outward(run, tags) != list(self.ticket.fields.get("tags") or ()):
            self.touched.add("tags")
        for name in self.touched:
            if name.startswith(CUSTOM) and name in self.holders:
                found.update(self._custom_values(run, name))
            else:
                found[name] = written_as(run, self.held.get(name), None)
        return found

    def _custom_values(self, run: "Run", name: str) -> dict[str, Any]:
        holder = self.holders[name]
        found = {name: written_as(run, holder.value, holder.field)}
        below = getattr(holder.value, "child", None)
        for level in holder.field.levels if holder.field is not None else ():
            if below is not None:
                found[level] = below.name
                below = below.child
        return found


def _is_custom(name: str, known: set[str]) -> bool:
    return name.startswith(CUSTOM) and name not in known


def _word(run: "Run", value: Any) -> str:
    """A name out of a text or anything with a name."""
    if type(value) is values.GMap:
        value = next((one for key in ("name", "value", "label") if (one := value.get(key)) is not None), value)
    return run.text(value)


def _field(name: str) -> Member:
    return Member(
        get=lambda held, run: held.draft.get(run, name), set=lambda held, run, value: held.draft.put(run, name, value)
    )


def _extra(name: str) -> Member:
    return Member(
        get=lambda held, run: held.draft.extra.get(name),
        set=lambda held, run, value: held.draft.extra.__setitem__(name, value),
    )


def _list_of(name: str) -> Member:
    def put(held: "Issue", run: "Run", value: Any) -> None:
        setattr(held.draft, name, list(run.items(value)))

    return Member(get=lambda held, run: getattr(held.draft, name), set=put)


def _about(read: Any) -> Member:
    return Member(get=lambda held, run: read(held.draft))


class Issue(HostObject):
    """A name that the desk has as a field is that field; others are refused."""

    __slots__ = ("draft",)

    kind_name = "Issue"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        **{name: _field(name) for name in WRITABLE},
        **{alias: _field(name) for alias, name in ALIASES.items()},
        **{name: _extra(name) for name in NOWHERE},
        "comments": _list_of("comments"),
        "attachments": _list_of("attachments"),
        "customFields": Member(
            get=lambda held, run: HolderBag(held.draft.holder, held.draft.put_custom, held.draft.custom_names)
        ),
        "key": _about(lambda draft: draft.ticket.shown if draft.exists else None),
        "id": _about(lambda draft: draft.ticket.id if draft.exists else None),
        "number": _about(lambda draft: draft.ticket.shown if draft.exists else None),
        "url": _about(lambda draft: draft.ticket.url or None),
        "issueUrl": _about(lambda draft: draft.ticket.url or None),
        "addedComments": _about(lambda draft: []),
        "creator": Member(get=lambda held, run: held.draft.get(run, "requester")),
        "created": Member(get=lambda held, run: date_of(held.draft.ticket.fields.get("created"))),
        "updated": Member(get=lambda held, run: date_of(held.draft.ticket.fields.get("updated"))),
        "name": _field("summary"),
        "getAt": Member(call=lambda held, run, given: held.get_member(run, run.text(given[0])), arity=(1, 1)),
        "putAt": Member(call=lambda held, run, given: held.set_member(run, run.text(given[0]), given[1]), arity=(2, 2)),
        "setStatus": Member(call=lambda held, run, given: held.draft.put(run, "status", given[0]), arity=(1, 2)),
    }

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def get_member(self, run: "Run", name: str) -> Any:
        if name not in self.MEMBERS and self._desk_name(name) is not None:
            return self.draft.holder(run, name).value
        return super().get_member(run, name)

    def set_member(self, run: "Run", name: str, value: Any) -> None:
        if name not in self.MEMBERS and self._desk_name(name) is not None:
            self.draft.put_custom(run, name, run.plain(value))
            return
        super().set_member(run, name, value)

    def _desk_name(self, name: str) -> str | None:
        field = self.draft.stage.field(name)
        return None if field is None else field.name

    def shown(self, run: "Run") -> str:
        return self.draft.ticket.shown or "a new ticket"


class Entity(Issue):
    """The same ticket under the names of desks with tables: any name may be used; one that our desk does not have is
    kept for the rest of the rule and noted in its log."""

    __slots__ = ()

    kind_name = "Entity"
    open_bag = True

    def get_open(self, run: "Run", name: str) -> Any:
        return self.draft.extra.get(name)

    def set_open(self, run: "Run", name: str, value: Any) -> None:
        run.log("warn", f"your desk has no field {name}: it is not written")
        self.draft.extra[name] = value


__all__ = ["Draft", "Entity", "Issue", "neutral"]
