"""`assert`: a failure shows the value of every part under the text of the condition."""

from typing import Any

from rules.language import text_of, tree, truth
from rules.language.closures import RUN, Frame, Node
from rules.language.compile.context import STATEMENTS, Context, expression, parts_of

POWER = "org.codehaus.groovy.runtime.powerassert.PowerAssertionError"


def assert_(context: Context, node: tree.Assert) -> Node:
    slot = context.scope.reserve()
    outside, context.recording = context.recording, slot
    condition = expression(context, node.condition)
    context.recording = outside
    message = None if node.message is None else expression(context, node.message)
    named = [
        (found.name, expression(context, found)) for found in names_in(node.condition) if context.local(found.name)
    ]
    shown = f"assert {node.text}"
    offset = node.column - 1

    def run(f: Frame) -> Any:
        the_run = f[RUN]
        found: list[tuple[int, Any]] = []
        f[slot] = found
        if truth.truth(the_run, condition(f)):
            return
        if message is not None:
            text = f"{the_run.text(message(f))}. Expression: {written(node.condition, node.text)}"
            if named:
                text += ". Values: " + ", ".join(f"{name} = {the_run.text(read(f))}" for name, read in named)
            the_run.fail_at("java.lang.AssertionError", text, node.line, node.column)
        the_run.fail_at(POWER, rendered(the_run, shown, found, offset), node.line, node.column)

    return run


def names_in(node: Any) -> list[tree.Name]:
    """The names that stand in a condition outside closures, each once."""
    found: dict[str, tree.Name] = {}
    work = [node]
    while work:
        step = work.pop(0)
        if isinstance(step, tree.Name):
            found.setdefault(step.name, step)
        elif isinstance(step, tuple):
            work[:0] = step
        elif isinstance(step, tree.Node) and not isinstance(step, tree.ClosureLiteral):
            work[:0] = [getattr(step, name) for name in parts_of(type(step))]
    return list(found.values())


def written(condition: tree.Expression, text: str) -> str:
    """The condition as Groovy repeats it: an operator in parentheses."""
    return f"({text})" if isinstance(condition, tree.Binary) and not text.startswith("(") else text


def rendered(run: Any, text: str, found: list[tuple[int, Any]], offset: int) -> str:
    """The text with each recorded value under its column, rightmost first, on the first line with room."""
    lines = [text, ""]
    starts = [0, 0]
    last = {column - offset: value for column, value in found}
    for at in sorted(last, reverse=True) if "\n" not in text else ():
        if 1 <= at <= len(text):
            _place(lines, starts, at, text_of.inspected(run, last[at]).split("\n"))
    return "\n".join(lines)


def _place(lines: list[str], starts: list[int], at: int, parts: list[str]) -> None:
    """Put a value where nothing to its right is in the way, and a bar on every line above it."""
    end = at + len(parts[0]) if len(parts) == 1 else 10**9
    for number in range(1, len(lines)):
        if end < starts[number]:
            lines[number] = _written(lines[number], parts[0], at)
            starts[number] = at
            return
        lines[number] = _written(lines[number], "|", at)
        if number > 1:
            starts[number] = at + 1
    for part in parts:
        lines.append(_written("", part, at))
        starts.append(at)


def _written(line: str, part: str, at: int) -> str:
    if len(line) < at - 1:
        line = line.ljust(at - 1)
    return line[: at - 1] + part + line[at - 1 + len(part) :]


STATEMENTS[tree.Assert] = assert_
