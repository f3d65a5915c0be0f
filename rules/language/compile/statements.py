"""Statements. A compiled statement gives None to go on, or a signal: RETURN, or a Leave for break and continue."""

from typing import Any

from rules.language import operators, tree, truth
from rules.language.closures import RESULT, RUN, Frame, Node
from rules.language.compile.assignments import write_local
from rules.language.compile.context import STATEMENTS, Context, expression, statement
from rules.language.errors import NotGroovy
from rules.language.raised import PROBLEMS, Raised, placed

RETURN = object()


class Leave:
    """The signal of `break` or `continue`, with the label it names."""

    __slots__ = ("goes_on", "label")

    def __init__(self, goes_on: bool, label: str | None) -> None:
        self.goes_on = goes_on
        self.label = label


BREAK, CONTINUE = Leave(False, None), Leave(True, None)


def block(context: Context, node: tree.Block) -> Node:
    context.scope.enter()
    code = sequence(context, node.statements)
    context.scope.leave()
    return code


def sequence(context: Context, statements: tuple[tree.Statement, ...]) -> Node:
    """The statements in the present scope, one after the other until one gives a signal."""
    codes = [statement(context, node) for node in statements]
    if len(codes) == 1:
        only = codes[0]

        def run_one(f: Frame) -> Any:
            f[RUN].steps()
            return only(f)

        return run_one

    def run(f: Frame) -> Any:
        pay = f[RUN].steps
        for code in codes:
            pay()
            signal = code(f)
            if signal is not None:
                return signal
        return None

    return run


def expression_statement(context: Context, node: tree.ExpressionStatement) -> Node:
    code = expression(context, node.expression)

    def run(f: Frame) -> Any:
        code(f)

    return run


def if_(context: Context, node: tree.If) -> Node:
    branches = [(expression(context, branch.condition), block(context, branch.body)) for branch in node.branches]
    otherwise = None if node.otherwise is None else block(context, node.otherwise)

    def run(f: Frame) -> Any:
        for condition, body in branches:
            if truth.truth(f[RUN], condition(f)):
                return body(f)
        return None if otherwise is None else otherwise(f)

    return run


def switch(context: Context, node: tree.Switch) -> Node:
    subject = expression(context, node.subject)
    labels = tuple(context.scope.labels)
    context.scope.labels = []
    for case in node.cases[:-1]:
        if case.value is None:
            raise NotGroovy("a default branch must only appear as the last branch of a switch", case.line, case.column)
    context.scope.switches += 1
    cases = [_case(context, case) for case in node.cases]
    context.scope.switches -= 1

    def run(f: Frame) -> Any:
        found = subject(f)
        matched = False
        for wanted, body, line, column in cases:
            if not matched:
                matched = wanted is None or _matches(f, wanted, found, line, column)
            if matched:
                signal = body(f)
                if signal is BREAK or (type(signal) is Leave and not signal.goes_on and signal.label in labels):
                    return None
                if signal is not None:
                    return signal
        return None

    return run


def _case(context: Context, case: tree.Case) -> tuple[Node | None, Node, int, int]:
    wanted = None if case.value is None else expression(context, case.value)
    context.scope.enter()
    body = sequence(context, case.statements)
    context.scope.leave()
    return wanted, body, case.line, case.column


def _matches(f: Frame, wanted: Node, found: Any, line: int, column: int) -> bool:
    run = f[RUN]
    run.steps()
    try:
        value = wanted(f)
        if value is None:
            return found is None
        return bool(operators.is_case(run, value, found))
    except PROBLEMS as problem:
        raise placed(f[RUN], problem, line, column) from None


def leave(context: Context, node: tree.Break | tree.Continue) -> Node:
    goes_on = isinstance(node, tree.Continue)
    scope = context.scope
    if not scope.loops and (goes_on or not scope.switches) and node.label is None:
        where = "loops" if goes_on else "loops or switches"
        word = "continue" if goes_on else "break"
        raise NotGroovy(f"{word} statement is only allowed inside {where}", node.line, node.column)
    signal = Leave(goes_on, node.label) if node.label is not None else CONTINUE if goes_on else BREAK
    return lambda f: signal


def labeled(context: Context, node: tree.Labeled) -> Node:
    context.scope.labels.append(node.label)
    code = statement(context, node.statement)
    if node.label in context.scope.labels:
        context.scope.labels.remove(node.label)
    label = node.label

    def run(f: Frame) -> Any:
        signal = code(f)
        return None if type(signal) is Leave and signal.label == label and not signal.goes_on else signal

    return run


def return_(context: Context, node: tree.Return) -> Node:
    if node.value is None:
        return _return_nothing
    code = expression(context, node.value)

    def run(f: Frame) -> Any:
        f[RESULT] = code(f)
        return RETURN

    return run


def _return_nothing(f: Frame) -> Any:
    f[RESULT] = None
    return RETURN


def throw(context: Context, node: tree.Throw) -> Node:
    code = expression(context, node.value)
    line, column = node.line, node.column

    def run(f: Frame) -> Any:
        value = code(f)
        the_run = f[RUN]
        the_run.steps()
        try:
            the_run.throw(value)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return run


def try_(context: Context, node: tree.Try) -> Node:
    body = block(context, node.body)
    catches = [_catch(context, catch) for catch in node.catches]
    guarded = _guarded(body, catches) if catches else body
    if node.finally_body is None:
        return guarded
    return _with_finally(guarded, block(context, node.finally_body))


def _catch(context: Context, node: tree.Catch) -> tuple[Any, Any, Node]:
    types = [context.named_type(ref) for ref in node.types] or [
        context.named_type(tree.TypeRef(node.line, node.column, "Exception"))
    ]
    context.scope.enter()
    variable = context.scope.declare(node.name, node.line, node.column)
    body = block(context, node.body)
    context.scope.leave()
    return types, write_local(variable, declares=True), body


def _guarded(body: Node, catches: list[tuple[Any, Any, Node]]) -> Node:
    def run(f: Frame) -> Any:
        try:
            return body(f)
        except Raised as raised:
            problem = raised
        for types, store, handler in catches:
            if any(type_.holds(problem.value) for type_ in types):
                store(f, problem.value)
                return handler(f)
        raise problem

    return run


def _with_finally(body: Node, last: Node) -> Node:
    """`finally` runs after a value, a signal or a script's exception, but never after a limit."""

    def run(f: Frame) -> Any:
        try:
            signal = body(f)
        except Raised:
            ending = last(f)
            if ending is not None:
                return ending
            raise
        result = f[RESULT]
        ending = last(f)
        if ending is not None:
            return ending
        f[RESULT] = result
        return signal

    return run


STATEMENTS.update(
    {
        tree.Block: block,
        tree.ExpressionStatement: expression_statement,
        tree.If: if_,
        tree.Switch: switch,
        tree.Break: leave,
        tree.Continue: leave,
        tree.Labeled: labeled,
        tree.Return: return_,
        tree.Throw: throw,
        tree.Try: try_,
    }
)
