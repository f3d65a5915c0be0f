"""Assignment in all its forms: to names, properties and indexes, compound, multiple, declaring, counting up."""

from collections.abc import Callable
from typing import Any

from rules.language import free, instances, operators, tree, truth
from rules.language.closures import RUN, SELF, THIS, Frame, Node
from rules.language.compile.access import index_value, key_of, name_of, set_index_value
from rules.language.compile.context import EXPRESSIONS, STATEMENTS, Context, expression
from rules.language.compile.expressions import OPERATIONS
from rules.language.compile.names import name as read_name
from rules.language.compile.scope import Variable
from rules.language.errors import NotGroovy
from rules.language.raised import PROBLEMS, placed

# A place to write: `find` evaluates what the place consists of once, `read` and `write` then use it.
Change = Callable[[Any, Any], Any]


class Place:
    """Something that can be assigned to. `find(f)` gives what `read(f, found)` and `write(f, found, value)` need;
    `write` gives back the value as it was stored."""

    __slots__ = ("find", "read", "write")

    def __init__(self, find: Node, read: Callable[[Frame, Any], Any], write: Callable[[Frame, Any, Any], Any]) -> None:
        self.find = find
        self.read = read
        self.write = write


def place(context: Context, node: tree.Expression) -> Place:
    """The place that an expression on the left of `=` means. Raises NotGroovy where it means none."""
    if isinstance(node, tree.Name):
        return _name_place(context, node)
    if isinstance(node, tree.Property):
        return _property_place(context, node)
    if isinstance(node, tree.Index):
        return _index_place(context, node)
    raise NotGroovy("this cannot be assigned to", node.line, node.column)


def write_local(variable: Variable, *, declares: bool = False) -> Callable[[Frame, Any], Any]:
    """Stores into a local, converted to its type; declaring makes a new shared cell."""
    slot, type_ = variable.slot, variable.type

    def write(f: Frame, value: Any) -> Any:
        if type_ is not None:
            value = type_.assign(f[RUN], value)
        if not variable.cell:
            f[slot] = value
        elif declares:
            f[slot] = [value]
        else:
            f[slot][0] = value
        return value

    return write


def _name_place(context: Context, node: tree.Name) -> Place:
    text = node.name
    if text in ("this", "super"):
        raise NotGroovy(f"{text} cannot be assigned to", node.line, node.column)
    variable = context.local(text)
    if variable is not None:
        if variable.is_final:
            raise NotGroovy(f"The variable [{text}] is declared final but is reassigned", node.line, node.column)
        store = write_local(variable)
        read = read_name(context, node)
        return Place(_nothing, lambda f, found: read(f), lambda f, found, value: store(f, value))
    own = _own_field(context, text)
    reader = read_name(context, node)
    if own is not None:
        return Place(_nothing, lambda f, found: reader(f), own)

    def write(f: Frame, found: Any, value: Any) -> Any:
        free.put(f[RUN], f[THIS], f[SELF], text, value)
        return value

    return Place(_nothing, lambda f, found: reader(f), write)


def _nothing(f: Frame) -> Any:
    return None


def _own_field(context: Context, text: str) -> Callable[[Frame, Any, Any], Any] | None:
    """Writes a field that the class around declares, without its setter."""
    of = context.of
    field = of.fields.get(text)
    if field is None or of.is_script or context.in_closure:
        return None

    def write(f: Frame, found: Any, value: Any) -> Any:
        if field.type is not None:
            value = field.type.assign(f[RUN], value)
        if field.is_static:
            instances.statics(f[RUN], of)[text] = value
        elif context.is_static:
            return f[RUN].no_property(text, of.name)
        else:
            f[THIS].fields[text] = value
        return value

    return write


def _property_place(context: Context, node: tree.Property) -> Place:
    target = expression(context, node.target)
    name = name_of(context, node.name)
    is_this = isinstance(node.target, tree.Name) and node.target.name == "this"
    if is_this and isinstance(name, str):
        own = _own_field(context, name)
        if own is not None:
            return Place(target, lambda f, held: held.fields.get(name), own)
    if isinstance(name, str):
        return _plain_place(target, name, node.safe, node.spread)

    def find(f: Frame) -> Any:
        return target(f), f[RUN].text(name(f))

    def read(f: Frame, found: Any) -> Any:
        return None if found[0] is None and node.safe else f[RUN].get(*found)

    def write(f: Frame, found: Any, value: Any) -> Any:
        if not (found[0] is None and node.safe):
            f[RUN].set(*found, value)
        return value

    return Place(find, read, write)


def _plain_place(target: Node, name: str, safe: bool, spread: bool) -> Place:
    def read(f: Frame, held: Any) -> Any:
        return None if held is None and safe else f[RUN].get(held, name)

    def write(f: Frame, held: Any, value: Any) -> Any:
        if held is None and safe:
            return value
        if spread:
            for item in f[RUN].items(held):
                f[RUN].set(item, name, value)
        else:
            f[RUN].set(held, name, value)
        return value

    return Place(target, read, write)


def _index_place(context: Context, node: tree.Index) -> Place:
    target, key = expression(context, node.target), key_of(context, node.items)

    def read(f: Frame, found: Any) -> Any:
        return None if found[0] is None and node.safe else index_value(f[RUN], *found)

    def write(f: Frame, found: Any, value: Any) -> Any:
        if not (found[0] is None and node.safe):
            held, wanted = found
            set_index_value(f[RUN], held, wanted, value)
        return value

    return Place(lambda f: (target(f), key(f)), read, write)


def assign(context: Context, node: tree.Assign) -> Node:
    value = expression(context, node.value)
    target = place(context, node.target)
    line, column = node.target.line, node.target.column
    if node.op == "=":
        return _placed(_simple(target, value), line, column)
    if node.op == "?=":
        return _placed(_if_absent(target, value), line, column)
    return _placed(_compound(target, OPERATIONS[node.op[:-1]], value), node.line, node.column)


def _placed(code: Node, line: int, column: int) -> Node:
    def run(f: Frame) -> Any:
        try:
            return code(f)
        except PROBLEMS as problem:
            raise placed(f[RUN], problem, line, column) from None

    return run


def _simple(target: Place, value: Node) -> Node:
    find, write = target.find, target.write

    def run(f: Frame) -> Any:
        found = find(f)
        given = value(f)
        write(f, found, given)
        return given

    return run


def _compound(target: Place, act: Any, value: Node) -> Node:
    def run(f: Frame) -> Any:
        found = target.find(f)
        old = target.read(f, found)
        made = act(f[RUN], old, value(f))
        target.write(f, found, made)
        return made

    return run


def _if_absent(target: Place, value: Node) -> Node:
    def run(f: Frame) -> Any:
        found = target.find(f)
        old = target.read(f, found)
        return old if truth.truth(f[RUN], old) else target.write(f, found, value(f))

    return run


def increment(context: Context, node: tree.Increment) -> Node:
    if not isinstance(node.target, tree.Name | tree.Property | tree.Index):
        # `5++` counts a value that nobody keeps.
        value = expression(context, node.target)
        method = "next" if node.op == "++" else "previous"
        if not node.is_prefix:
            return value
        return _placed(lambda f: operators.step(f[RUN], value(f), method), node.line, node.column)
    target = place(context, node.target)
    method = "next" if node.op == "++" else "previous"
    is_prefix = node.is_prefix

    def run(f: Frame) -> Any:
        found = target.find(f)
        old = target.read(f, found)
        new = operators.step(f[RUN], old, method)
        target.write(f, found, new)
        return new if is_prefix else old

    return _placed(run, node.line, node.column)


def multi_assign(context: Context, node: tree.MultiAssign) -> Node:
    places = [place(context, target) for target in node.targets]
    value = expression(context, node.value)

    def run(f: Frame) -> Any:
        whole = value(f)
        for position, target in enumerate(places):
            item = item_of(f[RUN], whole, position)
            target.write(f, target.find(f), item)
        return whole

    return _placed(run, node.line, node.column)


def item_of(run: Any, whole: Any, position: int) -> Any:
    """The part of a multiple assignment: `getAt(position)` of what stands on the right."""
    return index_value(run, whole, position)


def declaration(context: Context, node: tree.Declaration) -> Node:
    type_ = context.type_of(node.type)
    value = None if node.value is None else expression(context, node.value)
    if node.is_field:
        return _field(context, node, type_, value)
    # Without a value it may be given one later on.
    is_final = node.is_final and node.value is not None
    variable = context.scope.declare(node.name, node.line, node.column, type_, is_final=is_final)
    store = write_local(variable, declares=True)
    zero = None if type_ is None else type_.zero
    if value is None:
        untyped = Variable(variable.name, variable.slot, variable.cell)
        store = write_local(untyped, declares=True)
        return lambda f: drop(store(f, zero))
    return _placed(_stored(store, value), node.line, node.column)


def _stored(store: Callable[[Frame, Any], Any], value: Node) -> Node:
    def run(f: Frame) -> Any:
        store(f, value(f))

    return run


def drop(value: Any) -> None:
    """A declaration as a statement has no signal."""


def _field(context: Context, node: tree.Declaration, type_: Any, value: Node | None) -> Node:
    """`@Field`: a script variable that is there before the first statement."""
    name = node.name

    def prepare(f: Frame) -> Any:
        found = None if value is None else value(f)
        if type_ is not None:
            found = type_.zero if value is None else type_.assign(f[RUN], found)
        f[RUN].globals[name] = found

    context.program.fields.append(_placed(prepare, node.line, node.column))
    return _nothing


def multi_declaration(context: Context, node: tree.MultiDeclaration) -> Node:
    value = None if node.value is None else expression(context, node.value)
    stores = []
    for target in node.targets:
        type_ = context.type_of(target.type)
        variable = context.scope.declare(target.name, target.line, target.column, type_, is_final=node.is_final)
        stores.append(write_local(variable, declares=True))

    def run(f: Frame) -> Any:
        whole = None if value is None else value(f)
        for position, store in enumerate(stores):
            store(f, None if value is None else item_of(f[RUN], whole, position))

    return _placed(run, node.line, node.column)


EXPRESSIONS.update({tree.Assign: assign, tree.Increment: increment, tree.MultiAssign: multi_assign})
STATEMENTS.update({tree.Declaration: declaration, tree.MultiDeclaration: multi_declaration})
