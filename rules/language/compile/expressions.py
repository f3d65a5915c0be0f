"""Values and operators: literals, texts, lists, maps, ranges, arithmetic, comparison, truth, casts."""

from collections.abc import Callable
from typing import Any

from rules.language import equality, kinds, operators, tree, truth, values
from rules.language.closures import RUN, Frame, Node
from rules.language.compile.context import EXPRESSIONS, Context, expression
from rules.language.java import numbers_text
from rules.language.raised import PROBLEMS, placed

SMALLEST, LARGEST = -(2**31), 2**31 - 1


def literal(context: Context, node: tree.Literal) -> Node:
    value = _literal_value(node)
    return lambda f: value


def _literal_value(node: tree.Literal) -> Any:
    value: Any = node.value
    if node.kind == "long":
        return values.Long(value)
    if node.kind == "bigint":
        return values.BigInt(value)
    if node.kind == "float":
        return values.Float(numbers_text.to_float32(value))
    return value


def g_text(context: Context, node: tree.GText) -> Node:
    strings, codes = [""], []
    for part in node.parts:
        if isinstance(part, str):
            strings[-1] += part
        else:
            codes.append(expression(context, part))
            strings.append("")

    def build(f: Frame) -> Any:
        f[RUN].allocate(16)
        return values.GString(strings, [code(f) for code in codes])

    return build


def list_literal(context: Context, node: tree.ListLiteral) -> Node:
    build = arguments(context, node.items)

    def make(f: Frame) -> Any:
        items = build(f)
        f[RUN].collection(len(items))
        return items

    return make


def arguments(context: Context, nodes: tuple[tree.Expression, ...]) -> Node:
    """Code that gives a new list of the values; `*x` puts all of x's items in."""
    if any(isinstance(node, tree.SpreadArgument) for node in nodes):
        return _spread(context, nodes)
    codes = [expression(context, node) for node in nodes]
    if not codes:
        return lambda f: []
    if len(codes) == 1:
        only = codes[0]
        return lambda f: [only(f)]
    if len(codes) == 2:
        first, second = codes
        return lambda f: [first(f), second(f)]
    return lambda f: [code(f) for code in codes]


def _spread(context: Context, nodes: tuple[tree.Expression, ...]) -> Node:
    codes = [
        (True, expression(context, node.value))
        if isinstance(node, tree.SpreadArgument)
        else (False, expression(context, node))
        for node in nodes
    ]

    def build(f: Frame) -> Any:
        items: list[Any] = []
        run = f[RUN]
        for is_spread, code in codes:
            value = code(f)
            if not is_spread:
                items.append(value)
            elif value is None:
                items.append(None)
            else:
                for item in run.items(value):
                    run.grow(len(items) + 1)
                    items.append(item)
        return items

    return build


def map_literal(context: Context, node: tree.MapLiteral) -> Node:
    entries = [
        (None if entry.key is None else expression(context, entry.key), expression(context, entry.value))
        for entry in node.entries
    ]

    def make(f: Frame) -> Any:
        run = f[RUN]
        run.collection(len(entries))
        made = values.GMap()
        for key, value in entries:
            if key is None:
                for entry in run.items(value(f)):
                    run.grow(len(made) + 1)
                    made.put(entry.key, entry.value)
            else:
                made.put(key(f), value(f))
        return made

    return make


def range_literal(context: Context, node: tree.RangeLiteral) -> Node:
    first, last = expression(context, node.first), expression(context, node.last)
    line, column = node.line, node.column
    excludes_first, excludes_last = node.excludes_first, node.excludes_last

    def make(f: Frame) -> Any:
        low, high = first(f), last(f)
        try:
            return operators.make_range(f[RUN], low, high, excludes_first, excludes_last)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return make


def unary(context: Context, node: tree.Unary) -> Node:
    operand = expression(context, node.operand)
    if node.op == "!":
        return lambda f: not truth.truth(f[RUN], operand(f))
    return _acted(operators.UNARY[node.op], operand, node)


def _acted(act: Callable[[Any, Any], Any], operand: Node, node: tree.Node) -> Node:
    """`act` on one value; what goes wrong in it happens at the node."""
    line, column = node.line, node.column

    def apply(f: Frame) -> Any:
        value = operand(f)
        try:
            return act(f[RUN], value)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return apply


def binary(context: Context, node: tree.Binary) -> Node:
    left, right = expression(context, node.left), expression(context, node.right)
    return _applied(node.op, left, right, node.line, node.column)


def _applied(op: str, left: Node, right: Node, line: int, column: int) -> Node:
    act = OPERATIONS[op]

    def apply(f: Frame) -> Any:
        a, b = left(f), right(f)
        try:
            return act(f[RUN], a, b)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return apply


def chain(context: Context, node: tree.Chain) -> Node:
    first = expression(context, node.first)
    links = [(OPERATIONS[link.op], expression(context, link.right), link.line, link.column) for link in node.links]
    record = context.recording

    def apply(f: Frame) -> Any:
        value = first(f)
        run = f[RUN]
        for act, right, line, column in links:
            other = right(f)
            try:
                value = act(run, value, other)
            except PROBLEMS as problem:
                raise placed(f[RUN], problem, line, column) from None
            if record is not None:
                f[record].append((column, value))
        return value

    return apply


def _add(run: Any, a: Any, b: Any) -> Any:
    if type(a) is int and type(b) is int and SMALLEST <= a + b <= LARGEST:
        return a + b
    return _PLUS(run, a, b)


def _equal(run: Any, a: Any, b: Any) -> bool:
    if type(a) is type(b) and type(a) in _PLAIN:
        return bool(a == b)
    return equality.equal(run, a, b)


def _not_equal(run: Any, a: Any, b: Any) -> bool:
    return not _equal(run, a, b)


_PLAIN = {str, int, bool, type(None)}
_PLUS = operators.BINARY["+"]


def _less(run: Any, a: Any, b: Any) -> bool:
    if type(a) is int and type(b) is int:
        return a < b
    return equality.compare(run, a, b) < 0


def _contains(run: Any, a: Any, b: Any) -> bool:
    return a is None if b is None else operators.is_case(run, b, a)


def _is_same(run: Any, a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and type(a) in (str, int, bool) and bool(a == b))


OPERATIONS: dict[str, Any] = {
    **operators.BINARY,
    "+": _add,
    "==": _equal,
    "!=": _not_equal,
    "<": _less,
    ">": lambda run, a, b: equality.compare(run, a, b) > 0,
    "<=": lambda run, a, b: equality.compare(run, a, b) <= 0,
    ">=": lambda run, a, b: equality.compare(run, a, b) >= 0,
    "<=>": equality.compare,
    "in": _contains,
    "!in": lambda run, a, b: not _contains(run, a, b),
    "===": _is_same,
    "!==": lambda run, a, b: not _is_same(run, a, b),
}


def logical(context: Context, node: tree.Logical) -> Node:
    operands = [expression(context, operand) for operand in node.operands]
    decides = node.op == "||"

    def apply(f: Frame) -> Any:
        run = f[RUN]
        for operand in operands:
            if truth.truth(run, operand(f)) is decides:
                return decides
        return not decides

    return apply


_WIDER = ("int", "long", "float", "double")


def _alike(context: Context, one: tree.Expression, other: tree.Expression) -> tuple[Node, Node]:
    """Both sides of a choice. Of two literal numbers the narrower becomes what the wider is."""
    ranks = [_rank(one), _rank(other)]
    sides = [expression(context, one), expression(context, other)]
    if min(ranks) >= 0 and ranks[0] != ranks[1]:
        narrow = ranks.index(min(ranks))
        kind = kinds.PRIMITIVES[_WIDER[max(ranks)]]
        inner = sides[narrow]
        sides[narrow] = lambda f: operators.cast(f[RUN], inner(f), kind)
    return sides[0], sides[1]


def _rank(node: tree.Expression) -> int:
    """Where a literal number stands among the primitive types; -1 for anything else."""
    if isinstance(node, tree.Unary) and node.op == "-":
        node = node.operand
    return _WIDER.index(node.kind) if isinstance(node, tree.Literal) and node.kind in _WIDER else -1


def ternary(context: Context, node: tree.Ternary) -> Node:
    condition = expression(context, node.condition)
    yes, no = _alike(context, node.when_true, node.when_false)
    return lambda f: yes(f) if truth.truth(f[RUN], condition(f)) else no(f)


def elvis(context: Context, node: tree.Elvis) -> Node:
    value, default = _alike(context, node.value, node.default)

    def choose(f: Frame) -> Any:
        found = value(f)
        return found if truth.truth(f[RUN], found) else default(f)

    return choose


def cast(context: Context, node: tree.Cast) -> Node:
    value = expression(context, node.value)
    type_ = context.named_type(node.type)
    return _acted(type_.coerce if node.is_as else type_.cast, value, node)


def instance_of(context: Context, node: tree.InstanceOf) -> Node:
    value = expression(context, node.value)
    type_ = context.named_type(node.type)
    negated = node.negated
    return lambda f: type_.holds(value(f)) is not negated


EXPRESSIONS.update(
    {
        tree.Literal: literal,
        tree.GText: g_text,
        tree.ListLiteral: list_literal,
        tree.MapLiteral: map_literal,
        tree.RangeLiteral: range_literal,
        tree.Unary: unary,
        tree.Binary: binary,
        tree.Chain: chain,
        tree.Logical: logical,
        tree.Ternary: ternary,
        tree.Elvis: elvis,
        tree.Cast: cast,
        tree.InstanceOf: instance_of,
    }
)
