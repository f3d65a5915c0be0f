"""Matchers."""

from typing import TYPE_CHECKING, Any

from rules.language import values
from rules.language.java import patterns, replacements
from rules.language.kinds import MATCHER, STREAM
from rules.language.members import method
from rules.language.members.arguments import is_whole
from rules.language.members.regex import item, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules.language.run import Run

# Matcher


def _all(run: "Run", value: values.Matcher) -> "Iterator[Any]":
    return patterns.find_all(value.pattern.compiled, value.text, run, run.allocate)


def _walk(run: "Run", value: Any) -> "Iterator[Any]":
    for found in _all(run, value):
        run.steps()
        yield item(found)


values.WALKS[MATCHER] = _walk


@method(MATCHER, "find", (0, 1))
def matcher_find(run: "Run", value: Any, arguments: list[Any]) -> bool:
    if arguments and is_whole(arguments[0]):
        value.at = int(arguments[0])
    if value.at > len(value.text):
        value.match = None
        return False
    value.match = patterns.search(value.pattern.compiled, value.text, value.at, run)
    if value.match is None:
        value.at = len(value.text) + 1
        return False
    value.at = patterns.next_start(value.match)
    return True


@method(MATCHER, "asBoolean")
def as_boolean(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return bool(matcher_find(run, value, []))


@method(MATCHER, "matches")
def matcher_matches(run: "Run", value: Any, arguments: list[Any]) -> bool:
    value.match = patterns.full_match(value.pattern.compiled, value.text, run)
    return value.match is not None


@method(MATCHER, "lookingAt")
def looking_at(run: "Run", value: Any, arguments: list[Any]) -> bool:
    value.match = patterns.prefix_match(value.pattern.compiled, value.text, run)
    return value.match is not None


@method(MATCHER, "reset", (0, 1))
def reset(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if arguments:
        value.text = run.text(arguments[0])
    value.match, value.at, value.appended = None, 0, 0
    return value


@method(MATCHER, "hitEnd")
def hit_end(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return value.at > len(value.text) if value.match is None else bool(value.match.end() == len(value.text))


def _matched(run: "Run", value: Any) -> Any:
    if value.match is None:
        run.fail("java.lang.IllegalStateException", "No match found")
    return value.match


@method(MATCHER, "group", (0, 1))
def group(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = _matched(run, value)
    which = arguments[0] if arguments else 0
    which = int(which) if is_whole(which) else run.text(which)
    return patterns.group(found, value.pattern.compiled, which)


@method(MATCHER, "groupCount")
def group_count(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(value.pattern.compiled.groups)


@method(MATCHER, "hasGroup")
def has_group(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return int(value.pattern.compiled.groups) > 0


@method(MATCHER, "start", (0, 1))
def start(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(_matched(run, value).start(*(int(item) for item in arguments)))


@method(MATCHER, "end", (0, 1))
def end(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(_matched(run, value).end(*(int(item) for item in arguments)))


@method(MATCHER, "getCount")
def get_count(run: "Run", value: Any, arguments: list[Any]) -> int:
    return sum(1 for _ in _all(run, value))


@method(MATCHER, "results")
def results(run: "Run", value: Any, arguments: list[Any]) -> Any:
    made: list[Any] = []
    for found in _all(run, value):
        run.grow(len(made) + 1)
        one = values.Matcher(value.pattern, value.text)
        one.match = found
        made.append(one)
    return values.Box(STREAM, made)


@method(MATCHER, "size")
def matcher_size(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Long(get_count(run, value, arguments))


@method(MATCHER, "getAt", 1)
def get_at(run: "Run", value: Any, arguments: list[Any]) -> Any:
    key = arguments[0]
    matched = list(_all(run, value))
    found = [item(one) for one in matched]
    if not is_whole(key):
        return run.call_method(found, "getAt", [key])
    at = int(key) + len(found) if key < 0 else int(key)
    if not 0 <= at < len(found):
        message = f"index is out of range {-len(found)}..{len(found) - 1} (index = {key})"
        if not found:
            message = f"index is out of range 0..-1 (index = {key})"
        run.fail("java.lang.IndexOutOfBoundsException", message)
    value.match = matched[at]
    value.at = patterns.next_start(matched[at])
    return found[at]


@method(MATCHER, "replaceAll", 1)
def matcher_replace_all(run: "Run", value: Any, arguments: list[Any]) -> str:
    return replaced(run, value.text, value.pattern.compiled, arguments[0])


@method(MATCHER, "replaceFirst", 1)
def matcher_replace_first(run: "Run", value: Any, arguments: list[Any]) -> str:
    return replaced(run, value.text, value.pattern.compiled, arguments[0], 1)


@method(MATCHER, "appendReplacement", 2)
def append_replacement(run: "Run", value: Any, arguments: list[Any]) -> Any:
    found = _matched(run, value)
    text = value.text[value.appended : found.start()]
    text += replacements.expand(found, value.pattern.compiled, run.text(arguments[1]))
    run.string(arguments[0].length + len(text))
    arguments[0].append(text)
    value.appended = found.end()
    return value


@method(MATCHER, "appendTail", 1)
def append_tail(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = value.text[value.appended :]
    run.string(arguments[0].length + len(text))
    arguments[0].append(text)
    return arguments[0]


@method(MATCHER, "pattern")
def pattern(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return value.pattern
