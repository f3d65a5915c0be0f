"""Reading what values hold: properties, indexes, method pointers."""

from typing import Any

from rules.language import instances, operators, tree, values
from rules.language.classes import Instance
from rules.language.closures import RUN, Frame, Node
from rules.language.compile.context import EXPRESSIONS, Context, expression
from rules.language.compile.expressions import arguments
from rules.language.raised import PROBLEMS, placed


def dotted(node: tree.Expression) -> str | None:
    """`a.b.C` as one text, where the node is nothing but names and points."""
    parts: list[str] = []
    while isinstance(node, tree.Property) and isinstance(node.name, str) and not (node.safe or node.spread):
        parts.append(node.name)
        node = node.target
    if not isinstance(node, tree.Name):
        return None
    return ".".join([node.name, *reversed(parts)])


def named_class(context: Context, node: tree.Expression) -> Any:
    """The class that a dotted name means, as a value; None where it means something else."""
    text = dotted(node)
    if text is None or "." not in text or context.local(text.split(".")[0]) is not None:
        return None
    kind = context.class_named(text)
    return None if kind is None else values.ClassRef(kind)


def name_of(context: Context, name: str | tree.Expression) -> str | Node:
    return name if isinstance(name, str) else expression(context, name)


def property_(context: Context, node: tree.Property) -> Node:
    reference = named_class(context, node)
    if reference is not None:
        return lambda f: reference
    whole = _class_literal(context, node)
    if whole is not None:
        return lambda f: whole
    target = expression(context, node.target)
    name = name_of(context, node.name)
    if node.spread:
        return _spread(target, name, node)
    if _is_own(context, node):
        return _own(target, str(name), node)
    if not isinstance(name, str):
        return _dynamic(target, name, node)
    return _plain(target, name, node)


def _class_literal(context: Context, node: tree.Property) -> Any:
    """`Name.class` and `Name[].class`; None for anything else."""
    target, dimensions = node.target, 0
    while isinstance(target, tree.Index) and not target.items:
        target, dimensions = target.target, dimensions + 1
    if node.name != "class" or not isinstance(target, tree.Name) or context.local(target.name) is not None:
        return None
    kind = context.class_named(target.name)
    for _ in range(dimensions if kind is not None else 0):
        kind = values.array_kind(kind.simple)
    return None if kind is None else values.ClassRef(kind)


def _is_own(context: Context, node: tree.Property) -> bool:
    """Whether this is `this.field` inside the class itself, or `x.@field`: the field without its getter."""
    if node.is_direct:
        return isinstance(node.name, str)
    is_this = isinstance(node.target, tree.Name) and node.target.name == "this"
    return is_this and not context.in_closure and not context.of.is_script and node.name in context.of.fields


def _own(target: Node, name: str, node: tree.Property) -> Node:
    def read(f: Frame) -> Any:
        held = target(f)
        if type(held) is Instance and name in held.fields:
            return held.fields[name]
        try:
            return f[RUN].get(held, name)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return read


def _plain(target: Node, name: str, node: tree.Property) -> Node:
    line, column, safe = node.line, node.column, node.safe

    def read(f: Frame) -> Any:
        held = target(f)
        if held is None and safe:
            return None
        try:
            return f[RUN].get(held, name)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return read


def _dynamic(target: Node, name: Node, node: tree.Property) -> Node:
    def read(f: Frame) -> Any:
        held = target(f)
        if held is None and node.safe:
            return None
        run = f[RUN]
        text = run.text(name(f))
        if node.is_direct and type(held) is Instance and text in held.fields:
            return held.fields[text]
        try:
            return run.get(held, text)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return read


def _spread(target: Node, name: str | Node, node: tree.Property) -> Node:
    """`list*.name`: null elements give null."""

    def read(f: Frame) -> Any:
        held = target(f)
        if held is None:
            return None
        run = f[RUN]
        text = name if isinstance(name, str) else run.text(name(f))
        try:
            found: list[Any] = []
            for item in run.items(held):
                run.grow(len(found) + 1)
                found.append(None if item is None else run.get(item, text))
            return found
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return read


def key_of(context: Context, items: tuple[tree.Expression, ...]) -> Node:
    """What stands between the brackets, as one value: several items are a list."""
    if len(items) == 1 and not isinstance(items[0], tree.SpreadArgument):
        return expression(context, items[0])
    return arguments(context, items)


def index(context: Context, node: tree.Index) -> Node:
    target, key = expression(context, node.target), key_of(context, node.items)
    line, column, safe = node.line, node.column, node.safe

    def read(f: Frame) -> Any:
        held = target(f)
        if held is None and safe:
            return None
        wanted = key(f)
        try:
            return index_value(f[RUN], held, wanted)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return read


def index_value(run: Any, held: Any, key: Any) -> Any:
    """`held[key]`, through `getAt` of a script class."""
    if type(held) is list and type(key) is int and 0 <= key < len(held):
        return held[key]
    if type(held) is Instance:
        found = instances.find_call(run, held, "getAt", [key])
        return run.get(held, run.text(key)) if found is instances.NO else found
    return operators.index(run, held, key)


def set_index_value(run: Any, held: Any, key: Any, value: Any) -> None:
    """`held[key] = value`, through `putAt` of a script class."""
    if type(held) is Instance:
        if instances.find_call(run, held, "putAt", [key, value]) is instances.NO:
            run.set(held, run.text(key), value)
        return
    operators.set_index(run, held, key, value)


def method_pointer(context: Context, node: tree.MethodPointer) -> Node:
    reference = named_class(context, node.target)
    target: Node = expression(context, node.target) if reference is None else (lambda f: reference)
    name = node.name
    if name == "new":
        return lambda f: f[RUN].constructor_pointer(target(f))
    return lambda f: f[RUN].pointer(target(f), name)


EXPRESSIONS.update({tree.Property: property_, tree.Index: index, tree.MethodPointer: method_pointer})
