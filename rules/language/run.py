"""One run of a rule: its budget, its clock and its script variables, and the operations every member may ask for."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any, NoReturn

from rules.language import (
    access,
    constructing,
    equality,
    invoking,
    iteration,
    kinds,
    members,
    operators,
    sorting,
    text_of,
    truth,
    values,
)
from rules.language import limits as limits_module
from rules.language.limits import ITEM_COST, STEPS_BETWEEN_LOOKS, Limits
from rules.language.members import all as every_member
from rules.language.raised import LimitReached, Raised

Log = Callable[[str, str], None]

# With them imported, the tables of members are filled.
MEMBERS = every_member.PARTS


class Run:
    """A budget that only ever shrinks, and the entry points into the language's semantics.

    `now` is aware, `zone` is what dates are shown in, `chance` is seeded: the same run gives the same result."""

    __slots__ = (
        "_deadline",
        "_log",
        "_look",
        "_monotonic",
        "allocated",
        "chance",
        "depth",
        "globals",
        "host_calls",
        "http_calls",
        "limits",
        "log_left",
        "now",
        "program",
        "regex_left",
        "scratch",
        "script",
        "statics",
        "steps_left",
        "zone",
    )

    def __init__(
        self,
        *,
        now: datetime,
        zone: tzinfo,
        seed: int = 0,
        log: Log | None = None,
        variables: dict[str, Any] | None = None,
        limits: Limits = limits_module.DEFAULT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self.now = now
        self.zone = zone
        self.chance = random.Random(seed)  # noqa: S311 - a rule's chance has to repeat, not to be secret
        self.globals: dict[str, Any] = dict(variables or {})
        self.statics: dict[Any, dict[str, Any]] = {}
        self.program: Any = None
        self.script: Any = None
        self.scratch: dict[str, Any] = {}
        self.steps_left = limits.steps
        self.allocated = 0
        self.depth = 0
        self.regex_left = limits.regex_total_seconds
        self.log_left = limits.log_characters
        self.host_calls = 0
        self.http_calls = 0
        self._log = log
        self._monotonic = monotonic
        self._deadline = monotonic() + limits.wall_seconds
        self._look = STEPS_BETWEEN_LOOKS

    # The budget

    def steps(self, n: int = 1) -> None:
        """Pay for `n` turns of work. Raises LimitReached."""
        self.steps_left -= n
        if self.steps_left < 0:
            raise LimitReached(f"the rule took more than {self.limits.steps:,} steps")
        self._look -= n
        if self._look < 0:
            self._look = STEPS_BETWEEN_LOOKS
            if self._monotonic() > self._deadline:
                raise LimitReached(f"the rule ran longer than {self.limits.wall_seconds:g} seconds")

    def allocate(self, size: int) -> None:
        """Pay for `size` characters before they are built; nothing is ever given back. Raises LimitReached."""
        self.allocated += size
        if self.allocated > self.limits.allocated:
            raise LimitReached(f"the rule built more than {self.limits.allocated // 1_000_000} MB of values")

    def string(self, length: int) -> None:
        """Pay for one text of that length before it is built. Raises LimitReached."""
        if length > self.limits.string:
            raise LimitReached(f"a text would be longer than {self.limits.string:,} characters")
        self.allocate(length)

    def collection(self, size: int) -> None:
        """Pay for a new collection of that many items before it is built. Raises LimitReached."""
        if size > self.limits.collection:
            raise LimitReached(f"a collection would hold more than {self.limits.collection:,} items")
        self.allocate(size * ITEM_COST)
        self.steps(size >> 4)

    def grow(self, size: int) -> None:
        """Pay for one more item in a collection that will then hold `size`. Raises LimitReached."""
        if size > self.limits.collection:
            raise LimitReached(f"a collection would hold more than {self.limits.collection:,} items")
        self.allocate(ITEM_COST)

    def integer(self, bits: int) -> None:
        """Refuse an integer of that many bits before it is computed. Raises LimitReached."""
        if bits > self.limits.integer_bits:
            raise LimitReached(f"a number would have more than {self.limits.integer_bits:,} bits")

    def regex_seconds(self) -> float:
        """How long the next match may take, at most the single limit. Raises LimitReached when none is left."""
        if self.regex_left <= 0:
            raise LimitReached(f"regular expressions took more than {self.limits.regex_total_seconds:g} seconds")
        return min(self.limits.regex_seconds, self.regex_left)

    def regex_took(self, seconds: float) -> None:
        """Count what a match really took."""
        self.regex_left -= seconds

    def host_call(self, *, http: bool = False) -> None:
        """Count a question to the host before it is asked. Raises LimitReached."""
        self.host_calls += 1
        self.http_calls += http
        if self.host_calls > self.limits.host_calls:
            raise LimitReached(f"the rule asked its desk more than {self.limits.host_calls} times")
        if self.http_calls > self.limits.http_calls:
            raise LimitReached(f"the rule made more than {self.limits.http_calls} HTTP calls")

    def host_took(self, seconds: float) -> None:
        """Time the host needed does not count as the rule's own."""
        self._deadline += seconds

    def log(self, level: str, text: str) -> None:
        """Hand a line to the run's log. Raises LimitReached."""
        self.log_left -= len(text) + 1
        if self.log_left < 0:
            raise LimitReached(f"the rule wrote more than {self.limits.log_characters // 1000} kB to its log")
        if self._log is not None:
            self._log(level, text)

    # Exceptions

    def throwable(self, class_name: str, message: str | None) -> Any:
        """A new exception value of that full Java name."""
        kind = kinds.class_named(class_name) or kinds.RUNTIME
        return values.Throwable(kind, message)

    def fail(self, class_name: str, message: str | None) -> NoReturn:
        """Raise an exception of that full Java name, which the script may catch. Raises Raised."""
        raise Raised(self.throwable(class_name, message))

    def fail_at(self, class_name: str, message: str | None, line: int, column: int) -> NoReturn:
        """The same with its place. Raises Raised."""
        raise Raised(self.throwable(class_name, message), line, column)

    def throw(self, value: Any) -> NoReturn:
        """What `throw value` does. Raises Raised."""
        invoking.throw(self, value)

    def no_property(self, name: str, class_name: str) -> NoReturn:
        """`No such property: name for class: …`. Raises Raised."""
        self.fail("groovy.lang.MissingPropertyException", f"No such property: {name} for class: {class_name}")

    def no_method(self, class_name: str, name: str, arguments: Sequence[Any]) -> NoReturn:
        """`No signature of method: …` in Groovy's words. Raises Raised."""
        invoking.no_method(self, class_name, name, arguments)

    def is_missing(self, value: Any) -> bool:
        """Whether an exception value says that there is no such property."""
        return bool(kinds.kind_of(value).simple == "MissingPropertyException")

    # Semantics

    def call(self, function: Any, arguments: Sequence[Any] = ()) -> Any:
        """Call a closure, method pointer or anything else with a `call` method. One list argument is unpacked when the
        closure takes several."""
        return invoking.call(self, function, arguments)

    def takes(self, function: Any) -> int:
        """How many parameters a closure declares, an implicit `it` counting as one."""
        return invoking.count_of(function)

    def call_entry(self, function: Any, entry: Any) -> Any:
        """Call a closure on one entry of a map: two parameters get key and value, one gets the entry."""
        if invoking.count_of(function) == 2:
            return invoking.call(self, function, (entry.key, entry.value))
        return invoking.call(self, function, (entry,))

    def call_with(self, function: Any, receiver: Any, arguments: Sequence[Any] = ()) -> Any:
        """Call a closure with `receiver` as its delegate, looked at first: `with`, `tap`."""
        return invoking.call_with(self, function, receiver, arguments)

    def call_method(self, receiver: Any, name: str, arguments: Sequence[Any] = ()) -> Any:
        """`receiver.name(arguments)`, on null with Groovy's wording."""
        return invoking.call_method(self, receiver, name, arguments)

    def responds(self, receiver: Any, name: str) -> bool:
        """Whether there is a method of that name at all."""
        return invoking.responds(self, receiver, name)

    def new(self, kind: Any, arguments: Sequence[Any] = ()) -> Any:
        """`new Kind(arguments)` of a class that is not the script's own."""
        return invoking.new(self, kind, arguments)

    def pointer(self, receiver: Any, name: str) -> Any:
        """`receiver.&name`."""
        return invoking.pointer(self, receiver, name)

    def constructor_pointer(self, reference: Any) -> Any:
        """`Name::new`."""
        return invoking.constructor_pointer(self, reference)

    def get(self, receiver: Any, name: str) -> Any:
        """`receiver.name`; on a collection, the list of its elements' properties."""
        return access.get(self, receiver, name)

    def set(self, receiver: Any, name: str, value: Any) -> None:
        """`receiver.name = value`."""
        access.put(self, receiver, name, value)

    def truth(self, value: Any) -> bool:
        return truth.truth(self, value)

    def equal(self, a: Any, b: Any) -> bool:
        """`a == b`."""
        return equality.equal(self, a, b)

    def compare(self, a: Any, b: Any) -> int:
        """`a <=> b`."""
        return equality.compare(self, a, b)

    def text(self, value: Any) -> str:
        """`value.toString()` as a GString or `+` shows it: null is `null`."""
        return text_of.text(self, value)

    def items(self, value: Any) -> Iterator[Any]:
        """What `for (x in value)` walks over: null is empty, a map gives entries, a text its characters, anything else
        itself. A list that is changed meanwhile raises ConcurrentModificationException. One step an item."""
        return iteration.items(self, value)

    def plain(self, value: Any) -> Any:
        """What a host object receives: a GString becomes the String it shows."""
        return text_of.text(self, value) if type(value) is values.GString else value

    def sorted(self, items: list[Any]) -> list[Any]:
        """A new list in the order of `<=>`, by merging: no code in C holds our frames while a script's compares."""
        return sorting.merged(self, items, self.compare)

    def script_class(self, kind: Any) -> Any:
        """The script's own class of that kind, None where it is a built-in one."""
        return invoking.script_class(self, values.ClassRef(kind))

    def construct(self, of: Any, arguments: Sequence[Any]) -> Any:
        """`new Name(arguments)` of a class of the script."""
        return constructing.construct(self, of, list(arguments))

    def play(self, of: Any, stand_in: Any) -> Any:
        """An object of the script's interface `of` for which a closure, or a map of closures, answers."""
        return constructing.play(self, of, stand_in)

    def has_constructor(self, kind: Any) -> bool:
        """Whether a rule may make objects of a built-in class."""
        return members.find_constructor(kind) is not None

    def binary(self, symbol: str, a: Any, b: Any) -> Any:
        """`a symbol b`."""
        return operators.BINARY[symbol](self, a, b)

    def coerce(self, value: Any, kind: Any) -> Any:
        """`value as Kind`."""
        return operators.coerce(self, value, kind)
