"""Objects of the host that a rule may hold: they answer to a declared list of members and to nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from rules.language.run import Run

Getter = Callable[[Any, "Run"], Any]
Setter = Callable[[Any, "Run", Any], None]
Caller = Callable[[Any, "Run", list[Any]], Any]


@dataclass(frozen=True, slots=True)
class Member:
    """What one name stands for: `get(self, run)`, `set(self, run, value)`, `call(self, run, arguments)`.
    `arity` is the least and the most number of arguments of `call`; most None means any number. A member that only
    has `get` also answers to `getName()`, one with `set` to `setName(value)`."""

    get: Getter | None = None
    set: Setter | None = None
    call: Caller | None = None
    arity: tuple[int, int | None] = (0, None)


class HostObject:
    """Base of everything a rule sees of us. Names of a script are keys of MEMBERS, never of Python attributes."""

    __slots__ = ()

    kind_name: ClassVar[str] = "Object"
    MEMBERS: ClassVar[Mapping[str, Member]] = {}
    open_bag: ClassVar[bool] = False

    def get_member(self, run: "Run", name: str) -> Any:
        """The property of that name, through `name`, `getName()` or `isName()`. Raises Raised."""
        member = self.MEMBERS.get(name)
        if member is not None and member.get is not None:
            return member.get(self, run)
        for prefix in ("get", "is"):
            getter = self.MEMBERS.get(prefix + name[:1].upper() + name[1:])
            if getter is not None and getter.call is not None and getter.arity[0] == 0:
                return getter.call(self, run, [])
        if self.open_bag:
            return self.get_open(run, name)
        return run.no_property(name, self.kind_name)

    def set_member(self, run: "Run", name: str, value: Any) -> None:
        """Write the property. What enters is plain: a GString has become a String. Raises Raised."""
        value = run.plain(value)
        member = self.MEMBERS.get(name)
        if member is not None and member.set is not None:
            member.set(self, run, value)
            return
        setter = self.MEMBERS.get("set" + name[:1].upper() + name[1:])
        if setter is not None and setter.call is not None:
            setter.call(self, run, [value])
            return
        if member is not None:
            run.fail(
                "groovy.lang.ReadOnlyPropertyException",
                f"Cannot set readonly property: {name} for class: {self.kind_name}",
            )
        if self.open_bag:
            self.set_open(run, name, value)
            return
        run.no_property(name, self.kind_name)

    def call_member(self, run: "Run", name: str, arguments: list[Any]) -> Any:
        """Call the method; `getName()` and `setName(x)` are the property. Raises Raised."""
        member = self.MEMBERS.get(name)
        if member is not None and member.call is not None:
            least, most = member.arity
            if least <= len(arguments) and (most is None or len(arguments) <= most):
                return member.call(self, run, [run.plain(argument) for argument in arguments])
        elif len(name) > 3 and name[:3] == "get" and not arguments and self.knows(name):
            return self.get_member(run, _uncapitalized(name[3:]))
        elif len(name) > 3 and name[:3] == "set" and len(arguments) == 1 and self.knows(name):
            self.set_member(run, _uncapitalized(name[3:]), arguments[0])
            return None
        return run.no_method(self.kind_name, name, arguments)

    def has_member(self, name: str) -> bool:
        """Whether a method call of that name is this object's own matter."""
        if name in self.MEMBERS:
            return True
        return len(name) > 3 and name[:3] in ("get", "set") and self.knows(name)

    def knows(self, name: str) -> bool:
        """Whether `getName`/`setName` stands for a property here: any name does in an open bag."""
        return self.open_bag or _uncapitalized(name[3:]) in self.MEMBERS

    def get_open(self, run: "Run", name: str) -> Any:
        """An undeclared name of an open bag: null unless a subclass holds it."""
        return None

    def set_open(self, run: "Run", name: str, value: Any) -> None:
        """Keep an undeclared name; open bags override this."""
        run.no_property(name, self.kind_name)

    def as_text(self) -> str | None:
        """The text that this object is equal to, also as a key of a map; None where it is equal to itself only."""
        return None

    def shown(self, run: "Run") -> str:
        """What `toString()` and a GString show."""
        return self.kind_name


def _uncapitalized(name: str) -> str:
    """The property of a getter's rest: `Key` is `key`, but `URL` stays `URL`, as in JavaBeans."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]
