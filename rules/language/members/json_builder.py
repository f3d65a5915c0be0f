"""JsonBuilder: closures whose calls become the pairs of a JSON object."""

from typing import TYPE_CHECKING, Any

from rules.language import kinds, text_of, values
from rules.language.kinds import OBJECT
from rules.language.members import DYNAMIC, constructor, method
from rules.language.members.arguments import is_callable, sequence
from rules.language.members.json import pretty_print, to_json

if TYPE_CHECKING:
    from rules.language.run import Run

BUILDER = kinds.kind("groovy.json.JsonBuilder", OBJECT)
_DELEGATE = kinds.Kind("groovy.json.JsonDelegate", "JsonDelegate", (OBJECT,))
_LISTS = (list, values.OtherList, values.Array, values.GSet, values.Range)


def _built(run: "Run", function: Any, arguments: list[Any]) -> Any:
    """The pairs that a closure calls for."""
    pairs = values.GMap()
    run.call_with(function, values.Box(_DELEGATE, pairs), arguments)
    return pairs


def _content(run: "Run", given: list[Any]) -> Any:
    """What the arguments of one call stand for."""
    last = given[-1] if given else None
    if len(given) == 2 and is_callable(last) and type(given[0]) in _LISTS:
        return [_built(run, last, [item]) for item in sequence(run, given[0])]
    if len(given) == 1:
        return _built(run, last, []) if is_callable(last) else last
    if len(given) == 2 and is_callable(last) and type(given[0]) is values.GMap:
        made = values.GMap(given[0].items())
        for key, value in _built(run, last, []).items():
            made.put(key, value)
        return made
    return list(given)


def _called(run: "Run", receiver: Any, name: str, given: list[Any]) -> Any:
    """`name value` in a closure: one more pair."""
    made = _content(run, given)
    run.grow(len(receiver.content) + 1)
    receiver.content.put(name, made)
    return made


def _rooted(run: "Run", receiver: Any, name: str, given: list[Any]) -> Any:
    """`builder.name { … }`: an object with that one pair."""
    receiver.content = values.GMap([(name, _content(run, given) if given else values.GMap())])
    return receiver.content


DYNAMIC[_DELEGATE] = _called
DYNAMIC[BUILDER] = _rooted


@constructor(BUILDER, (0, 2))
def new_builder(run: "Run", kind: Any, arguments: list[Any]) -> Any:
    return values.Box(kind, arguments[0] if arguments else None)


@method(BUILDER, "call", (0, None))
def call(run: "Run", value: Any, arguments: list[Any]) -> Any:
    value.content = _content(run, arguments)
    return value.content


@method(BUILDER, "getContent")
def content(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.content


@method(BUILDER, "toPrettyString")
def to_pretty(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(pretty_print(run, None, [to_json(run, None, [value.content])]))


text_of.TEXTS[BUILDER] = lambda run, value: to_json(run, None, [value.content])
