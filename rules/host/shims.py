"""Classes that rules of this kind name with `new` or import, as far as they mean something here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host.helpers import IssueKey
from rules.language import kinds, members
from rules.language.host import HostObject, Member

if TYPE_CHECKING:
    from rules.language.run import Run

_EXCEPTIONS = "com.exalate.api.exception."
_DOMAIN = "com.exalate.basic.domain."
_TRACES = "com.exalate.api.domain.twintrace."

ISSUE_TRACKER = kinds.kind(_EXCEPTIONS + "IssueTrackerException", kinds.RUNTIME)
_RARER = (kinds.kind(_EXCEPTIONS + "IssueTrackerRestException", ISSUE_TRACKER),)
ISSUE_KEY = kinds.kind(_DOMAIN + "BasicIssueKey", kinds.OBJECT)
TRACE = kinds.kind(_DOMAIN + "BasicNonPersistentTrace", kinds.OBJECT)
TRACE_TYPE = kinds.kind(_TRACES + "TraceType", kinds.OBJECT)
TRACE_ACTION = kinds.kind(_TRACES + "TraceAction", kinds.OBJECT)
TUPLE = kinds.kind("scala.Tuple2", kinds.OBJECT)
CONVERTERS = kinds.kind("scala.collection.JavaConverters", kinds.OBJECT)
_JAVA_CONVERSIONS = kinds.kind("scala.collection.JavaConversions", kinds.OBJECT)
_ALL = (ISSUE_TRACKER, *_RARER, ISSUE_KEY, TRACE, TRACE_TYPE, TRACE_ACTION, TUPLE, CONVERTERS, _JAVA_CONVERSIONS)
for _one in _ALL:
    # Without an import, Tuple2 is Groovy's own.
    if _one is not TUPLE:
        kinds.CLASSES.setdefault(_one.simple, _one)
for _full, _same in (
    ("com.exalate.api.domain.IIssueKey", ISSUE_KEY),
    ("com.exalate.basic.domain.hubobject.v1.BasicNonPersistentTrace", TRACE),
    ("com.exalate.basic.domain.BasicIssueKey", ISSUE_KEY),
    ("com.exalate.api.domain.INonPersistentTrace", TRACE),
):
    kinds.CLASSES.setdefault(_full, _same)

CLASSES = frozenset(name for name, kind in kinds.CLASSES.items() if kind in _ALL)
"""Simple and full names, for the check at save time."""


@members.prop(kinds.STRING, "value")
def text_itself(run: "Run", receiver: Any) -> Any:
    """A choice of the partner's arrives as its text, and rules ask a choice for its value."""
    return receiver


for _name in ("COMMENT", "ATTACHMENT", "WORKLOG", "ISSUE"):
    members.constant(TRACE_TYPE, _name, _name)
for _name in ("NONE", "ADD", "UPDATE", "DELETE"):
    members.constant(TRACE_ACTION, _name, _name)


class Tuple(HostObject):
    """`new scala.Tuple2(issueKey, traces)`: what a rule returns to link instead of create."""

    __slots__ = ("first", "second")

    kind_name = "Tuple2"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "_1": Member(get=lambda held, run: held.first, call=lambda held, run, given: held.first, arity=(0, 0)),
        "_2": Member(get=lambda held, run: held.second, call=lambda held, run, given: held.second, arity=(0, 0)),
    }

    def __init__(self, first: Any, second: Any) -> None:
        self.first = first
        self.second = second


class Sequence(HostObject):
    """A Scala list that holds a list of ours."""

    __slots__ = ("items",)

    kind_name = "Seq"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "toSeq": Member(call=lambda held, run, given: held, arity=(0, 0)),
        "toList": Member(call=lambda held, run, given: held, arity=(0, 0)),
        "size": Member(call=lambda held, run, given: len(held.items), arity=(0, 0)),
    }

    def __init__(self, items: list[Any]) -> None:
        self.items = items


class Trace(HostObject):
    """A pair of ids that stand for each other; every `setX(…)` gives the trace back."""

    __slots__ = ("held",)

    kind_name = "BasicNonPersistentTrace"
    open_bag = True

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def get_open(self, run: "Run", name: str) -> Any:
        return self.held.get(name)

    def set_open(self, run: "Run", name: str, value: Any) -> None:
        self.held[name] = value

    def call_member(self, run: "Run", name: str, arguments: list[Any]) -> Any:
        found = super().call_member(run, name, arguments)
        return self if name.startswith("set") else found


@members.constructor(ISSUE_KEY, (0, 4))
def new_issue_key(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    texts = [run.text(one) for one in arguments if one is not None]
    if not texts:
        return IssueKey("", "")
    return IssueKey(texts[0], texts[1] if len(texts) > 1 else texts[0], texts[2] if len(texts) > 2 else "")


@members.constructor(TUPLE, 2)
def new_tuple(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return Tuple(arguments[0], arguments[1])


@members.constructor(TRACE, (0, None))
def new_trace(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return Trace()


@members.static(CONVERTERS, "asScalaBuffer asScala seqAsJavaList asJava collectionAsScalaIterable", 1)
def as_scala(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return Sequence(list(run.items(arguments[0])))


@members.static(_JAVA_CONVERSIONS, "asScalaBuffer", 1)
def as_scala_too(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    return Sequence(list(run.items(arguments[0])))
