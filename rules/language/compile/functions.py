"""Bodies of functions, methods and closures as Code."""

from typing import Any

from rules.language import tree
from rules.language.closures import RESULT, RUN, SELF, THIS, Closure, Code, Frame, Node, Parameter, nothing
from rules.language.compile.context import EXPRESSIONS, Context, expression, names_in_closures
from rules.language.compile.results import with_result
from rules.language.compile.scope import Scope
from rules.language.compile.statements import sequence


def function(context: Context, node: tree.FunctionDef, class_name: str) -> Code:
    """A script's function or a class's method, in a scope that sees no locals outside."""
    scope = Scope(None, names_in_closures(node.parameters, node.body))
    inner = context.inside(scope)
    inner.is_static = node.is_static
    inner.closure_name = f"{class_name}$_{node.name}"
    code = Code(node.name, class_name, node.line, node.column)
    code.is_static = node.is_static
    code.declare(parameters(inner, node.parameters))
    code.returns = inner.type_of(node.return_type)
    code.body = body(inner, node.body.statements)
    code.size = scope.size
    return code


def initializer(context: Context, value: tree.Expression, class_name: str, *, is_static: bool) -> Code:
    """An expression as Code without parameters: what a field holds at first."""
    scope = Scope(None, names_in_closures(value))
    inner = context.inside(scope)
    inner.is_static = is_static
    code = Code("init", class_name, value.line, value.column)
    code.body = expression(inner, value)
    code.size = scope.size
    return code


def parameters(context: Context, nodes: tuple[tree.Parameter, ...]) -> list[Parameter]:
    """The parameters as locals of the scope; a default may use those before it."""
    made = []
    for node in nodes:
        type_ = context.type_of(node.type)
        if node.is_rest and type_ is None:
            type_ = context.named_type(tree.TypeRef(node.line, node.column, "Object", 1))
        default = None if node.default is None else expression(context, node.default)
        # The type converts what comes in; what the body assigns later is converted too.
        variable = context.scope.declare(node.name, node.line, node.column, type_)
        made.append(Parameter(node.name, variable.slot, variable.cell, type_, default, _is_rest(node, nodes)))
    return made


def _is_rest(node: tree.Parameter, nodes: tuple[tree.Parameter, ...]) -> bool:
    """A last parameter of an array type takes any number of arguments, with or without the three points."""
    return node.is_rest or (node is nodes[-1] and node.type is not None and node.type.dimensions > 0)


def body(context: Context, statements: tuple[tree.Statement, ...]) -> Node:
    """Code that gives the result of the statements."""
    statements = with_result(statements)
    if not statements:
        return nothing
    if len(statements) == 1 and isinstance(statements[0], tree.Return) and statements[0].value is not None:
        return expression(context, statements[0].value)
    code = sequence(context, statements)

    def run(f: Frame) -> Any:
        return f[RESULT] if code(f) is not None else None

    return run


def closure(context: Context, node: tree.ClosureLiteral) -> Node:
    scope = Scope(context.scope, names_in_closures(node.parameters or (), node.body))
    inner = context.inside(scope)
    inner.in_closure = True
    context.program.closures += 1
    name = f"{context.closure_name}_closure{context.program.closures}"
    inner.closure_name = f"{name}$"
    code = Code("", name, node.line, node.column)
    if node.parameters is None:
        it = scope.shadow("it")
        code.implicit = True
        code.declare([Parameter("it", it.slot, it.cell, None, None, False)])
    else:
        code.declare(parameters(inner, node.parameters))
    code.body = body(inner, node.body.statements)
    code.size = scope.size
    code.captures = tuple(scope.captures)
    return _make(code)


def _make(code: Code) -> Node:
    captures = code.captures

    def make(f: Frame) -> Any:
        f[RUN].allocate(32)
        captured = [(inside, f[outside]) for outside, inside in captures]
        return Closure(code, captured, f[THIS], f[SELF] or f[THIS])

    return make


EXPRESSIONS[tree.ClosureLiteral] = closure
