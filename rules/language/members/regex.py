"""Patterns, and the methods of texts that take a pattern."""

from typing import TYPE_CHECKING, Any

from rules.language import operators, values
from rules.language.equality import TEXTS
from rules.language.host import HostObject
from rules.language.java import patterns, replacements
from rules.language.kinds import CHAR_SEQUENCE, MATCHER, PATTERN
from rules.language.members import collections, constant, method, static
from rules.language.members.arguments import ambiguous, is_callable, is_text, wanted
from rules.language.members.text import built, needs

if TYPE_CHECKING:
    from rules.language.run import Run


def compiled(run: "Run", value: Any) -> Any:
    if not is_text(value) and type(value) is not values.Pattern and not isinstance(value, HostObject):
        raise TypeError("a text or a pattern is wanted")
    return operators.pattern_of(run, value).compiled


def parts(found: Any) -> list[Any]:
    """What a closure gets of a match: the whole, then the groups."""
    return patterns.groups(found)


def item(found: Any) -> Any:
    """A match as a value: its text, or a list where there are groups."""
    every = patterns.groups(found)
    return every[0] if len(every) == 1 else every


def told(run: "Run", function: Any, found: Any) -> Any:
    """Call a closure on a match: with all groups where it takes several or any number, else with the text or the
    list."""
    every = parts(found)
    takes_any = type(function) is values.Closure and function.code.most is None
    if len(every) > 1 and (run.takes(function) > 1 or takes_any):
        return run.call(function, every)
    return run.call(function, [item(found)])


def replaced(run: "Run", text: str, pattern: Any, replacement: Any, most: int = 0) -> str:
    """Replace all (or the first `most`) matches by a template or by what a closure gives."""
    if is_callable(replacement):
        return str(
            replacements.replace_with(
                pattern, text, lambda found: run.text(told(run, replacement, found)), run, run.string, most=most
            )
        )
    template = needs(run, replacement, "replacement")
    return str(replacements.replace_all(pattern, text, template, run, run.string, most=most))


@method(CHAR_SEQUENCE, "replaceAll", 2)
def replace_all(run: "Run", value: Any, arguments: list[Any]) -> str:
    if type(arguments[0]) is not values.Pattern:
        needs(run, arguments[0], "regex")
    return replaced(run, run.text(value), compiled(run, arguments[0]), arguments[1])


@method(CHAR_SEQUENCE, "replaceFirst", 2)
def replace_first(run: "Run", value: Any, arguments: list[Any]) -> str:
    return replaced(run, run.text(value), compiled(run, arguments[0]), arguments[1], 1)


@method(CHAR_SEQUENCE, "replace", (1, 2))
def replace(run: "Run", value: Any, arguments: list[Any]) -> str:
    if len(arguments) == 1:
        text = run.text(value)
        for entry in run.items(arguments[0]):
            text = _literally(run, text, run.text(entry.key), run.text(entry.value))
        return text
    return _literally(run, run.text(value), needs(run, arguments[0], "target"), needs(run, arguments[1], "replacement"))


def _literally(run: "Run", text: str, old: str, new: str) -> str:
    count = text.count(old)
    run.string(len(text) + count * (len(new) - len(old)))
    return text.replace(old, new)


@method(CHAR_SEQUENCE, "minus", 1)
def minus(run: "Run", value: Any, arguments: list[Any]) -> str:
    gone = arguments[0]
    if type(gone) is values.Pattern:
        return str(replacements.replace_first(gone.compiled, run.text(value), "", run, run.string))
    return built(run, run.text(value).replace(run.text(gone), "", 1))


@method(CHAR_SEQUENCE, "split", (0, 2))
def split(run: "Run", value: Any, arguments: list[Any]) -> Any:
    text = run.text(value)
    if not arguments:
        words = text.split()
        run.collection(len(words))
        return values.Array(words, "String")
    if is_callable(arguments[0]):
        yes = [c for c in text if run.truth(run.call(arguments[0], [c]))]
        no = [c for c in text if c not in yes]
        return [yes, no]
    if arguments[0] is None:
        run.fail("java.lang.NullPointerException", 'Cannot invoke "String.length()" because "regex" is null')
    limit = int(arguments[1]) if len(arguments) > 1 else 0
    found = patterns.split(compiled(run, arguments[0]), text, limit, run, run.string)
    run.collection(len(found))
    return values.Array(found, "String")


@method(CHAR_SEQUENCE, "matches", 1)
def matches(run: "Run", value: Any, arguments: list[Any]) -> bool:
    if arguments[0] is None:
        ambiguous(run, value, "matches", "class java.lang.String", "class java.util.regex.Pattern")
    return patterns.full_match(compiled(run, arguments[0]), run.text(value), run) is not None


def _is_pattern_call(arguments: list[Any]) -> bool:
    return bool(arguments) and (type(arguments[0]) in TEXTS or type(arguments[0]) is values.Pattern)


@method(CHAR_SEQUENCE, "find", (0, 2))
def find(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not _is_pattern_call(arguments):
        return collections.find(run, value, arguments)
    found = patterns.search(compiled(run, arguments[0]), run.text(value), 0, run)
    if found is None:
        return None
    return run.text(told(run, arguments[1], found)) if len(arguments) > 1 else found.group()


@method(CHAR_SEQUENCE, "findAll", (0, 2))
def find_all(run: "Run", value: Any, arguments: list[Any]) -> Any:
    if not _is_pattern_call(arguments):
        return collections.find_all(run, value, arguments)
    made: list[Any] = []
    for found in patterns.find_all(compiled(run, arguments[0]), run.text(value), run, run.allocate):
        run.grow(len(made) + 1)
        made.append(told(run, arguments[1], found) if len(arguments) > 1 else found.group())
    return made


@method(CHAR_SEQUENCE, "eachMatch", 2)
def each_match(run: "Run", value: Any, arguments: list[Any]) -> Any:
    for found in patterns.find_all(compiled(run, arguments[0]), run.text(value), run, run.allocate):
        told(run, arguments[1], found)
    return value


@method(CHAR_SEQUENCE, "count", 1)
def count(run: "Run", value: Any, arguments: list[Any]) -> int:
    text = run.text(value)
    if type(arguments[0]) is values.Pattern:
        return len(patterns.found_at_once(arguments[0].compiled, text, run))
    wanted(run, value, "count", arguments, not is_callable(arguments[0]))
    return _count(run, text, run.text(arguments[0]))


def _count(run: "Run", text: str, part: str) -> int:
    """How often a text holds another; they may overlap."""
    run.steps(len(text) * len(part) >> 8)
    found, at = 0, text.find(part)
    while at >= 0:
        run.steps()
        found, at = found + 1, text.find(part, at + 1)
    return found


@method(CHAR_SEQUENCE, "bitwiseNegate")
def bitwise_negate(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return operators.pattern_of(run, value)


# Pattern


@static(PATTERN, "compile", (1, 2))
def compile_(run: "Run", reference: Any, arguments: list[Any]) -> Any:
    flags = int(arguments[1]) if len(arguments) > 1 else 0
    return values.Pattern(patterns.compile_pattern(run.text(arguments[0]), flags, run))


@method(PATTERN, "asPredicate")
def as_predicate(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.NativeClosure(
        lambda run, given: patterns.search(value.compiled, run.text(given[0]), 0, run) is not None
    )


@static(PATTERN, "quote", 1)
def quote(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return built(run, patterns.quote(run.text(arguments[0])))


@static(PATTERN, "matches", 2)
def static_matches(run: "Run", reference: Any, arguments: list[Any]) -> bool:
    return patterns.full_match(compiled(run, arguments[0]), run.text(arguments[1]), run) is not None


for _name, _flag in patterns.FLAGS.items():
    constant(PATTERN, _name, _flag)


@method(PATTERN, "matcher", 1)
def matcher(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return values.Matcher(value, run.text(arguments[0]))


@method(PATTERN, "pattern toString")
def pattern_source(run: "Run", value: Any, arguments: list[Any]) -> str:
    return str(value.compiled.source)


@method(PATTERN, "flags")
def flags(run: "Run", value: Any, arguments: list[Any]) -> int:
    return int(value.compiled.flags)


@method(PATTERN, "split", (1, 2))
def pattern_split(run: "Run", value: Any, arguments: list[Any]) -> Any:
    return split(run, arguments[0], [value, *arguments[1:]])


@method(PATTERN, "isCase", 1)
def pattern_is_case(run: "Run", value: Any, arguments: list[Any]) -> bool:
    return operators.is_case(run, value, arguments[0])


@static(MATCHER, "quoteReplacement", 1)
def quote_replacement(run: "Run", reference: Any, arguments: list[Any]) -> str:
    return built(run, replacements.quote_replacement(run.text(arguments[0])))
