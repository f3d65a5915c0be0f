"""`assert`: a failure shows the value of every part under the text of the condition."""

from typing import Any

from rules.language import tree, truth
from rules.language.closures import RUN, Frame, Node
from rules.language.compile.context import STATEMENTS, Context, expression

POWER = "org.codehaus.groovy.runtime.powerassert.PowerAssertionError"


def assert_(context: Context, node: tree.Assert) -> Node:
    slot = context.scope.reserve()
    outside, context.recording = context.recording, slot
    condition = expression(context, node.condition)
    context.recording = outside
    message = None if node.message is None else expression(context, node.message)
    shown = f"assert {node.text}"
    offset = node.column + len("assert ") - 1 - len("assert ")

    def run(f: Frame) -> Any:
        the_run = f[RUN]
        f[slot] = found = []
        if truth.truth(the_run, condition(f)):
            return
        if message is not None:
            text = (
                f"{the_run.text(message(f))}. Expression: {written(node.condition, node.text)}{_values(the_run, found)}"
            )
            the_run.fail_at("java.lang.AssertionError", text, node.line, node.column)
        the_run.fail_at(POWER, rendered(the_run, shown, found, offset), node.line, node.column)

    return run


def written(condition: tree.Expression, text: str) -> str:
    """The condition as Groovy repeats it: an operator in parentheses."""
    return f"({text})" if isinstance(condition, tree.Binary) and not text.startswith("(") else text


def _values(run: Any, found: list[tuple[int, Any]]) -> str:
    return ""


def rendered(run: Any, text: str, found: list[tuple[int, Any]], offset: int) -> str:
    """The text with each recorded value under its column, rightmost first, on the first line with room."""
    lines = [text, ""]
    starts = [0, 0]
    if "\n" in text:
        return text + "\n"
    for column, value in sorted(found, key=lambda pair: -pair[0]):
        at = column - offset
        if at < 1 or at > len(text):
            continue
        _place(lines, starts, at, _shown(run, value))
    return "\n".join(lines)


def _place(lines: list[str], starts: list[int], at: int, shown: str) -> None:
    parts = shown.split("\n")
    end = at + len(parts[0]) if len(parts) == 1 else 10**9
    for number in range(1, len(lines)):
        if end < starts[number] or not starts[number]:
            for part in parts:
                if number == len(lines):
                    lines.append("")
                    starts.append(0)
                lines[number] = _written(lines[number], part, at)
                starts[number] = at
                number += 1
            return
        lines[number] = _written(lines[number], "|", at)
        if number > 1:
            starts[number] = at
    for part in parts:
        lines.append(_written("", part, at))
        starts.append(at)


def _written(line: str, part: str, at: int) -> str:
    if len(line) < at - 1:
        line = line.ljust(at - 1)
    return line[: at - 1] + part + line[at - 1 + len(part) :]


def _shown(run: Any, value: Any) -> str:
    return f"'{value}'" if type(value) is str else run.text(value)


STATEMENTS[tree.Assert] = assert_
