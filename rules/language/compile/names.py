"""Names: locals by slot, then fields of the class, classes, and at last what only the run can know."""

from typing import Any

from rules.language import free, instances, members, tree, values
from rules.language.closures import RUN, SELF, THIS, Frame, Node
from rules.language.compile.context import EXPRESSIONS, Context
from rules.language.compile.scope import Variable
from rules.language.raised import PROBLEMS, placed


def read_local(variable: Variable) -> Node:
    slot = variable.slot
    if variable.cell:
        return lambda f: f[slot][0]
    return lambda f: f[slot]


def name(context: Context, node: tree.Name) -> Node:
    """`this`, a local, a name of the closure itself, a field, a class, or a free name."""
    text = node.name
    if text in ("this", "super"):
        return lambda f: f[THIS]
    variable = context.local(text)
    if variable is not None:
        return read_local(variable)
    if context.in_closure and text in ("owner", "delegate", "thisObject"):
        return _own_name(text)
    own = own_field(context, text)
    if own is not None:
        return own
    kind = context.class_named(text)
    if kind is not None:
        reference = values.ClassRef(kind)
        return lambda f: reference
    return free_name(context, node)


def _own_name(text: str) -> Node:
    if text == "owner":
        return lambda f: f[SELF].owner
    if text == "delegate":
        return lambda f: f[SELF].delegate
    return lambda f: f[THIS]


def own_field(context: Context, text: str) -> Node | None:
    """Reads a field that the class around declares itself, without its getter; None where that is not meant."""
    of = context.of
    field = of.fields.get(text)
    if field is None or of.is_script or context.in_closure:
        return None
    if field.is_static:
        return lambda f: instances.statics(f[RUN], of).get(text)
    if context.is_static:
        return None
    return lambda f: f[THIS].fields.get(text)


def free_name(context: Context, node: tree.Name) -> Node:
    """A script variable, a property of `this`, or of a closure's delegate. Raises Raised."""
    text, line, column = node.name, node.line, node.column
    static = static_import(context, text)
    in_script, in_closure = context.of.is_script, context.in_closure

    def read(f: Frame) -> Any:
        run = f[RUN]
        try:
            if in_script and text in run.globals and (not in_closure or f[SELF].plain):
                return run.globals[text]
            if static is not None:
                return static(run)
            return free.get(run, f[THIS], f[SELF], text)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return read


def static_import(context: Context, text: str) -> Any:
    """Reads a constant that `import static` brought in."""
    found = context.program.static_imports.get(text)
    kinds_ = [found] if found is not None else [(kind, text) for kind in context.program.static_stars]
    for kind, member in kinds_:
        getter = members.find_static_property(kind, member)
        if getter is not None:
            reference = values.ClassRef(kind)
            return lambda run: getter(run, reference)
    return None


EXPRESSIONS[tree.Name] = name
