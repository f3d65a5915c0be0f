"""Loops: while, do, and both kinds of for."""

from typing import Any

from rules.language import tree, truth
from rules.language.closures import RUN, Frame, Node
from rules.language.compile.assignments import write_local
from rules.language.compile.context import STATEMENTS, Context, expression, statement
from rules.language.compile.statements import BREAK, CONTINUE, Leave, block
from rules.language.raised import PROBLEMS, placed


class Loop:
    """What the compiler knows of the loop it stands in: its own labels."""

    def __init__(self, context: Context) -> None:
        self.scope = context.scope
        self.labels = tuple(context.scope.labels)
        context.scope.labels = []

    def __enter__(self) -> "Loop":
        self.scope.loops += 1
        return self

    def __exit__(self, *problem: object) -> None:
        self.scope.loops -= 1

    def ends(self, signal: Any) -> tuple[bool, Any]:
        """What a signal of the body means here: whether the loop ends, and what it then gives."""
        if signal is BREAK:
            return True, None
        if signal is CONTINUE:
            return False, None
        if type(signal) is Leave and signal.label in self.labels:
            return (False, None) if signal.goes_on else (True, None)
        return True, signal


def while_(context: Context, node: tree.While) -> Node:
    loop = Loop(context)
    condition = expression(context, node.condition)
    with loop:
        body = block(context, node.body)
    return _turns(loop, [], condition, body, [])


def do_while(context: Context, node: tree.DoWhile) -> Node:
    loop = Loop(context)
    with loop:
        body = block(context, node.body)
    condition = expression(context, node.condition)

    def run(f: Frame) -> Any:
        the_run = f[RUN]
        while True:
            the_run.steps()
            signal = body(f)
            if signal is not None:
                ended, result = loop.ends(signal)
                if ended:
                    return result
            if not truth.truth(the_run, condition(f)):
                return None

    return run


def for_classic(context: Context, node: tree.ForClassic) -> Node:
    loop = Loop(context)
    context.scope.enter()
    start = [statement(context, part) for part in node.start]
    condition = None if node.condition is None else expression(context, node.condition)
    update = [expression(context, part) for part in node.update]
    with loop:
        body = block(context, node.body)
    context.scope.leave()
    return _turns(loop, start, condition, body, update)


def _turns(loop: Loop, start: list[Node], condition: Node | None, body: Node, update: list[Node]) -> Node:
    """A loop that asks before each turn."""

    def run(f: Frame) -> Any:
        the_run = f[RUN]
        for code in start:
            code(f)
        while condition is None or truth.truth(the_run, condition(f)):
            the_run.steps()
            signal = body(f)
            if signal is not None:
                ended, result = loop.ends(signal)
                if ended:
                    return result
            for code in update:
                code(f)
        return None

    return run


def for_in(context: Context, node: tree.ForIn) -> Node:
    loop = Loop(context)
    value = expression(context, node.value)
    context.scope.enter()
    variable = context.scope.declare(node.name, node.line, node.column, context.type_of(node.type))
    first, again = write_local(variable, declares=True), write_local(variable)
    with loop:
        body = block(context, node.body)
    context.scope.leave()
    line, column = node.line, node.column

    def run(f: Frame) -> Any:
        store = first
        try:
            for item in f[RUN].items(value(f)):
                store(f, item)
                store = again
                signal = body(f)
                if signal is not None:
                    ended, result = loop.ends(signal)
                    if ended:
                        return result
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None
        return None

    return run


STATEMENTS.update({tree.While: while_, tree.DoWhile: do_while, tree.ForClassic: for_classic, tree.ForIn: for_in})
