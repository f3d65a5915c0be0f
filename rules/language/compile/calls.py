"""Calls: of methods, functions, closures in variables, constructors."""

from typing import Any

from rules.language import constructing, free, instances, members, operators, tree, values
from rules.language.closures import RUN, SELF, THIS, Frame, Node
from rules.language.compile.access import name_of, named_class
from rules.language.compile.context import EXPRESSIONS, Context, expression
from rules.language.compile.expressions import arguments
from rules.language.compile.names import read_local
from rules.language.errors import NotGroovy
from rules.language.raised import PROBLEMS, placed


def call(context: Context, node: tree.Call) -> Node:
    if node.target is None:
        return _function(context, node)
    if isinstance(node.target, tree.Name) and node.target.name == "super" and isinstance(node.name, str):
        return _super(context, node, node.name)
    reference = named_class(context, node.target)
    target: Node = expression(context, node.target) if reference is None else (lambda f: reference)
    build = arguments(context, node.arguments)
    if node.spread:
        return _spread(context, target, build, node)
    if not isinstance(node.name, str):
        return _dynamic(context, target, build, node)
    if node.name == "remove" and _is_object(node):
        return _method(target, "removeElement", build, node)
    return _method(target, node.name, build, node)


def _is_object(node: tree.Call) -> bool:
    """Whether `remove((Object) 3)` says that it means the item and not its place."""
    first = node.arguments[0] if len(node.arguments) == 1 else None
    return isinstance(first, tree.Cast) and first.type.name == "Object"


def _method(target: Node, name: str, build: Node, node: tree.Call) -> Node:
    line, column, safe = node.line, node.column, node.safe

    def invoke(f: Frame) -> Any:
        held = target(f)
        if held is None and safe:
            return None
        given = build(f)
        run = f[RUN]
        run.steps()
        try:
            return run.call_method(held, name, given)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return invoke


def _dynamic(context: Context, target: Node, build: Node, node: tree.Call) -> Node:
    name = name_of(context, node.name)

    def invoke(f: Frame) -> Any:
        held = target(f)
        if held is None and node.safe:
            return None
        run = f[RUN]
        run.steps()
        called = name(f)  # type: ignore[operator]
        given = build(f)
        try:
            if type(called) is str or type(called) is values.GString:
                return run.call_method(held, run.text(called), given)
            return run.call(called, given)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return invoke


def _spread(context: Context, target: Node, build: Node, node: tree.Call) -> Node:
    """`list*.name(arguments)`: null elements give null."""
    name = name_of(context, node.name)

    def invoke(f: Frame) -> Any:
        held = target(f)
        if held is None:
            return None
        run = f[RUN]
        text = name if isinstance(name, str) else run.text(name(f))
        found: list[Any] = []
        try:
            for item in run.items(held):
                run.grow(len(found) + 1)
                found.append(None if item is None else run.call_method(item, text, build(f)))
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None
        return found

    return invoke


def _super(context: Context, node: tree.Call, name: str) -> Node:
    build = arguments(context, node.arguments)
    of = context.of

    def invoke(f: Frame) -> Any:
        try:
            return instances.call_super(f[RUN], of, f[THIS], name, build(f))
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return invoke


def _function(context: Context, node: tree.Call) -> Node:
    """`name(arguments)`: a constructor of this class, a local closure, or a free name."""
    if not isinstance(node.name, str):
        return _named_by_value(context, node, node.name)
    if node.name in ("this", "super"):
        return _constructor(context, node, is_super=node.name == "super")
    build = arguments(context, node.arguments)
    variable = context.local(node.name)
    if variable is not None:
        return _value(read_local(variable), build, node)
    static = _static_import(context, node.name)
    name, line, column = node.name, node.line, node.column

    def invoke(f: Frame) -> Any:
        given = build(f)
        run = f[RUN]
        run.steps()
        try:
            if static is not None:
                return static(run, given)
            return free.call(run, f[THIS], f[SELF], name, given)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return invoke


def _named_by_value(context: Context, node: tree.Call, name: tree.Expression) -> Node:
    """`"$name"(arguments)`: a function or method of that name."""
    read, build = expression(context, name), arguments(context, node.arguments)

    def invoke(f: Frame) -> Any:
        run = f[RUN]
        run.steps()
        called, given = run.text(read(f)), build(f)
        try:
            return free.call(run, f[THIS], f[SELF], called, given)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return invoke


def _static_import(context: Context, name: str) -> Any:
    """Calls a method that `import static` brought in, unless the script has a function of that name."""
    if name in context.program.script.methods or name in context.of.methods:
        return None
    found = context.program.static_imports.get(name)
    candidates = [found] if found is not None else [(kind, name) for kind in context.program.static_stars]
    for kind, member in candidates:
        method = members.find_static(kind, member)
        if method is not None:
            reference = values.ClassRef(kind)
            return lambda run, given: method(run, reference, given)
    return None


def _constructor(context: Context, node: tree.Call, *, is_super: bool) -> Node:
    build = arguments(context, node.arguments)
    of = context.of
    if of.is_script:
        raise NotGroovy("this(…) and super(…) belong at the start of a constructor", node.line, node.column)

    def invoke(f: Frame) -> Any:
        try:
            constructing.call_constructor(f[RUN], of, f[THIS], build(f), is_super=is_super)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, node.line, node.column) from None

    return invoke


def call_value(context: Context, node: tree.CallValue) -> Node:
    return _value(expression(context, node.callee), arguments(context, node.arguments), node)


def _value(callee: Node, build: Node, node: tree.Call | tree.CallValue) -> Node:
    line, column = node.line, node.column

    def invoke(f: Frame) -> Any:
        called = callee(f)
        given = build(f)
        run = f[RUN]
        run.steps()
        try:
            return run.call(called, given)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return invoke


def new(context: Context, node: tree.New) -> Node:
    build = arguments(context, node.arguments)
    script_class = context.program.classes.get(node.type.name)
    line, column = node.line, node.column
    if script_class is None:
        kind = context.class_named(node.type.name)
        if kind is None:
            raise NotGroovy(f"unable to resolve class {node.type.name}", node.type.line, node.type.column)
    elif script_class.is_abstract or script_class.is_interface:
        message = f"You cannot create an instance from the abstract class '{script_class.name}'."
        raise NotGroovy(message, line, column)
    elif script_class.is_enum:
        raise NotGroovy(f"an enum has its constants and nothing else: {script_class.name}", line, column)

    def make(f: Frame) -> Any:
        run = f[RUN]
        given = build(f)
        run.steps()
        try:
            if script_class is not None:
                return constructing.construct(run, script_class, given)
            return run.new(kind, given)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return make


def new_array(context: Context, node: tree.NewArray) -> Node:
    component = context.named_type(tree.TypeRef(node.type.line, node.type.column, node.type.name))
    dimensions = node.type.dimensions
    if node.items is not None:
        build = arguments(context, node.items)
        return lambda f: operators.assign_array(f[RUN], build(f), component.kind)
    sizes = [expression(context, size) for size in node.sizes]
    line, column = node.line, node.column

    def make(f: Frame) -> Any:
        run = f[RUN]
        try:
            return _filled(run, component, [_size(run, size(f)) for size in sizes], dimensions)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return make


def _size(run: Any, value: Any) -> int:
    size = int(operators.assign(run, value, members.INT))
    if size < 0:
        run.fail("java.lang.NegativeArraySizeException", str(size))
    return size


def _filled(run: Any, component: Any, sizes: list[int], dimensions: int) -> Any:
    run.collection(sizes[0])
    name = component.name + "[]" * (dimensions - 1)
    if len(sizes) == 1:
        return values.Array([component.zero if dimensions == 1 else None] * sizes[0], name)
    return values.Array([_filled(run, component, sizes[1:], dimensions - 1) for _ in range(sizes[0])], name)


EXPRESSIONS.update({tree.Call: call, tree.CallValue: call_value, tree.New: new, tree.NewArray: new_array})
