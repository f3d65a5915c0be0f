"""Named things of a desk as rules see them: they have a name, and stand for their text wherever a text may stand."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rules.language.host import HostObject, Member

if TYPE_CHECKING:
    from rules.language.run import Run


def slot(name: str) -> Member:
    """A property that is read only."""
    return Member(get=lambda held, run: getattr(held, name))


def open_slot(name: str) -> Member:
    """A property that a rule may write."""
    return Member(get=lambda held, run: getattr(held, name), set=lambda held, run, value: setattr(held, name, value))


class Named(HostObject):
    """A status, a priority, a type, a label, an option …"""

    __slots__ = ("key", "name")

    kind_name = "Option"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "name": slot("name"),
        "key": slot("key"),
        "id": slot("key"),
        "value": slot("name"),
        "label": slot("name"),
        "displayName": slot("name"),
        "description": Member(get=lambda held, run: None),
        "statusCategory": Member(get=lambda held, run: None),
    }

    def __init__(self, name: str, key: str | None = None) -> None:
        self.name = name
        self.key = name if key is None else key

    def has_member(self, name: str) -> bool:
        return True

    def call_member(self, run: "Run", name: str, arguments: list[Any]) -> Any:
        if super().has_member(name):
            return super().call_member(run, name, arguments)
        return run.call_method(self.name, name, arguments)

    def shown(self, run: "Run") -> str:
        return self.name

    def as_text(self) -> str:
        return self.name


class Status(Named):
    __slots__ = ()
    kind_name = "Status"


class Priority(Named):
    __slots__ = ()
    kind_name = "Priority"


class TicketType(Named):
    __slots__ = ()
    kind_name = "IssueType"


class Project(Named):
    __slots__ = ()
    kind_name = "Project"


class Resolution(Named):
    __slots__ = ()
    kind_name = "Resolution"


def _renamed(held: "Named", run: "Run", value: Any) -> None:
    held.name = held.key = run.text(value)


class Label(Named):
    """Rules change the text of one in place."""

    __slots__ = ()
    kind_name = "Label"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        **Named.MEMBERS,
        **{name: Member(get=lambda held, run: held.name, set=_renamed) for name in ("label", "name", "value")},
    }


class Group(Named):
    __slots__ = ()
    kind_name = "Group"


class Version(Named):
    __slots__ = ()
    kind_name = "Version"


class Component(Named):
    __slots__ = ()
    kind_name = "Component"


class Cascading(Named):
    """An option of a nested field: `parent` is the level above where there is one, `child` the level below."""

    __slots__ = ("child", "parent")
    kind_name = "CascadingOption"
    MEMBERS: ClassVar[Mapping[str, Member]] = {**Named.MEMBERS, "parent": slot("parent"), "child": slot("child")}

    @classmethod
    def of(cls, held: Any) -> "Cascading | None":
        """Of a text, or of a map with a value and a child."""
        if isinstance(held, Mapping):
            child = held.get("child")
            return cls(str(held.get("value")), None if child is None else cls.of(child))
        return cls(str(held)) if held is not None else None

    def __init__(self, name: str, child: "Cascading | None" = None) -> None:
        super().__init__(name)
        self.child = child
        self.parent: Named = self
        if child is not None:
            child.parent = self


class User(HostObject):
    """Somebody. Two are equal when they have the same e-mail, or the same name where there is none."""

    __slots__ = ("email", "is_known", "key", "name")

    kind_name = "User"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "displayName": open_slot("name"),
        "name": slot("name"),
        "fullName": slot("name"),
        "email": open_slot("email"),
        "emailAddress": slot("email"),
        "key": slot("key"),
        "id": slot("key"),
        "accountId": slot("key"),
        "username": Member(get=lambda held, run: held.email or held.name),
        "active": Member(get=lambda held, run: True),
    }

    def __init__(self, name: str, email: str | None = None, key: str | None = None) -> None:
        self.name = name
        self.email = email
        self.key = key if key is not None else (email or name)

    def shown(self, run: "Run") -> str:
        return self.name or self.email or ""

    def as_text(self) -> str:
        return self.email or self.name
