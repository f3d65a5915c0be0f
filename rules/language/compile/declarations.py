"""Classes of the script: fields, constructors, methods, enum constants."""

from typing import Any

from rules.language import calling, constructing, kinds, tree
from rules.language.classes import Field, Instance, ScriptClass
from rules.language.closures import Code
from rules.language.compile.context import Context, Program
from rules.language.compile.functions import function, initializer
from rules.language.compile.scope import Scope
from rules.language.compile.transforms import transformed
from rules.language.errors import NotGroovy


def announce(program: Program, node: tree.ClassDef) -> ScriptClass:
    """The class by name, before anything of it is compiled: others may mention it."""
    made = ScriptClass(node.name)
    made.is_enum = node.kind == "enum"
    made.is_interface = node.kind == "interface"
    made.is_abstract = bool(node.abstract) or node.kind == "trait"
    program.classes[node.name] = made
    program.classes.setdefault(node.name.rpartition(".")[2], made)
    return made


def descend(program: Program, node: tree.ClassDef) -> None:
    """Say what the class extends; ancestors come first. Raises NotGroovy."""
    made = program.classes[node.name]
    context = Context(program, Scope(None, frozenset()), program.script)
    parents = []
    if node.superclass is not None:
        made.parent = program.classes.get(node.superclass.name)
        kind = context.named_type(node.superclass).kind
        if made.parent is None and not kinds.is_kind(kind, kinds.THROWABLE) and kind is not kinds.OBJECT:
            message = f"a class of a rule may extend its own classes and exceptions, not {node.superclass.name}"
            raise NotGroovy(message, node.superclass.line, node.superclass.column)
        made.native = kind if made.parent is None else made.parent.native
        if kind is kinds.OBJECT:
            made.native = None
        parents.append(kind)
    parents.extend(context.named_type(ref).kind for ref in node.interfaces)
    if node.kind == "enum":
        parents.append(kinds.ENUM)
    if any(note.name == "Sortable" for note in node.annotations):
        parents.append(kinds.COMPARABLE)
    made.interfaces = [program.classes[ref.name] for ref in node.interfaces if ref.name in program.classes]
    made.is_enum = made.is_enum or (made.parent is not None and made.parent.is_enum)
    made.descend()
    simple = node.name.rpartition(".")[2]
    made.kind = kinds.Kind(node.name.replace(".", "$"), simple, tuple(parents) or (kinds.OBJECT,))


def fill(program: Program, node: tree.ClassDef) -> None:
    """Compile what the class consists of."""
    made = program.classes[node.name]
    node = transformed(node, made)
    context = Context(program, Scope(None, frozenset()), made)
    for field in node.fields:
        made.fields[field.name] = _field(context, field)
    for method in node.methods:
        if not method.is_abstract:
            made.methods.setdefault(method.name, []).append(function(context, method, node.name))
    for constructor in node.constructors:
        made.constructors.append(_constructor(context, constructor, node.name))
    for constant in node.constants:
        made.constants.append((constant.name, _constant(context, made, constant)))
    made.starters = [_block(context, block, node.name, is_static=True) for block in node.starters]
    made.openers = [_block(context, block, node.name, is_static=False) for block in node.openers]


def _block(context: Context, block: tree.Block, name: str, *, is_static: bool) -> Code:
    place = tree.FunctionDef(block.line, block.column, "static", (), block, is_static=is_static)
    return function(context, place, name)


def _field(context: Context, node: tree.FieldDef) -> Field:
    of = context.of
    code = None if node.value is None else initializer(context, node.value, of.name, is_static=node.is_static)
    return Field(
        node.name,
        context.type_of(node.type),
        code,
        is_static=node.is_static or of.is_interface,
        is_final=node.is_final,
        is_property=node.is_property,
    )


def _constructor(context: Context, node: tree.FunctionDef, name: str) -> Code:
    code = function(context, node, name)
    first = node.body.statements[0] if node.body.statements else None
    call = first.expression if isinstance(first, tree.ExpressionStatement) else None
    code.calls_constructor = isinstance(call, tree.Call) and call.target is None and call.name in ("this", "super")
    code.returns = None
    return code


def _constant(context: Context, of: ScriptClass, node: tree.EnumConstant) -> Any:
    arguments = tree.ListLiteral(node.line, node.column, node.arguments)
    code = initializer(context, arguments, of.name, is_static=True)
    body = of if node.body is None else context.program.classes[node.body]

    def make(run: Any, reference: Any, name: str, ordinal: int) -> Instance:
        made = Instance(body)
        # Its own constructor may ask for them.
        made.fields["$name"] = name
        made.fields["$ordinal"] = ordinal
        given = calling.invoke(code, run, reference, None, (), [])
        constructing.initialize(run, of, made, given)
        if body is not of:
            constructing.set_up_fields(run, body, made)
        return made

    return make
