"""The last value of a body is its result: the last statement of each way through becomes a `return`."""

from dataclasses import replace

from rules.language import tree


def with_result(statements: tuple[tree.Statement, ...]) -> tuple[tree.Statement, ...]:
    """The statements, with the last one giving back its value if it has one."""
    return (*statements[:-1], *_returning(statements[-1])) if statements else ()


def _returning(node: tree.Statement) -> tuple[tree.Statement, ...]:
    if isinstance(node, tree.ExpressionStatement):
        return (tree.Return(node.line, node.column, node.expression),)
    if isinstance(node, tree.Declaration) and not node.is_field:
        return (node, tree.Return(node.line, node.column, tree.Name(node.line, node.column, node.name)))
    if isinstance(node, tree.MultiDeclaration):
        names: tuple[tree.Expression, ...] = tuple(tree.Name(node.line, node.column, it.name) for it in node.targets)
        return (node, tree.Return(node.line, node.column, tree.ListLiteral(node.line, node.column, names)))
    if isinstance(node, tree.Block):
        return (_block(node),)
    return (_branching(node),)


def _block(node: tree.Block) -> tree.Block:
    return replace(node, statements=with_result(node.statements))


def _branching(node: tree.Statement) -> tree.Statement:
    if isinstance(node, tree.If):
        branches = tuple(replace(branch, body=_block(branch.body)) for branch in node.branches)
        return replace(node, branches=branches, otherwise=None if node.otherwise is None else _block(node.otherwise))
    if isinstance(node, tree.Try):
        catches = tuple(replace(catch, body=_block(catch.body)) for catch in node.catches)
        return replace(node, body=_block(node.body), catches=catches)
    if isinstance(node, tree.Switch):
        last = len(node.cases) - 1
        return replace(node, cases=tuple(_case(case, at == last) for at, case in enumerate(node.cases)))
    if isinstance(node, tree.Labeled):
        inner = _returning(node.statement)
        return replace(node, statement=inner[0]) if len(inner) == 1 else node
    return node


def _case(case: tree.Case, is_last: bool) -> tree.Case:
    """A case that ends with `break` gives its last value, and so does the last one; the others fall through."""
    statements = case.statements
    if statements and isinstance(statements[-1], tree.Break) and statements[-1].label is None:
        return replace(case, statements=(*with_result(statements[:-1]), statements[-1]))
    return replace(case, statements=with_result(statements)) if is_last else case
