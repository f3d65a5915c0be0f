"""From the tree to Python closures: `compile_script` gives a Program that any number of runs may share."""

from rules.language import kinds, tree
from rules.language.classes import ScriptClass
from rules.language.closures import Code
from rules.language.compile import access, assertions, assignments, calls, expressions, loops, names, statements
from rules.language.compile.context import Context, Program, names_in_closures
from rules.language.compile.declarations import announce, descend, fill
from rules.language.compile.functions import body, function
from rules.language.compile.scope import Scope
from rules.language.errors import NotGroovy

__all__ = ["Program", "compile_script"]

# The modules that fill the tables by being imported.
PARTS = (access, assertions, assignments, calls, expressions, loops, names, statements)

SCRIPT_NAME = "Script1"


def compile_script(script: tree.Script) -> Program:
    """Raises NotGroovy for what can be seen to be wrong before anything runs."""
    made = ScriptClass(SCRIPT_NAME)
    made.is_script = True
    made.kind = kinds.Kind(SCRIPT_NAME, SCRIPT_NAME, (kinds.SCRIPT,))
    program = Program(made)
    _classes(program, script)
    for imported in script.imports:
        _import(program, imported)
    _fill(program, script)
    shared = names_in_closures(script.statements)
    scope = Scope(None, shared)
    context = Context(program, scope, made)
    main = Code("run", SCRIPT_NAME, 1, 1)
    main.body = body(context, script.statements)
    main.size = scope.size
    program.main = main
    return program


def _classes(program: Program, script: tree.Script) -> None:
    for node in script.classes:
        if node.name in program.classes:
            raise NotGroovy(f"Invalid duplicate class definition of class {node.name}", node.line, node.column)
        announce(program, node)


def _fill(program: Program, script: tree.Script) -> None:
    for node in _ancestors_first(script.classes):
        descend(program, node)
    for node in script.classes:
        fill(program, node)
    for made in program.classes.values():
        made.own_get = bool(made.methods_named("getProperty"))
        made.own_set = bool(made.methods_named("setProperty"))
        made.own_key = bool(made.methods_named("equals") and made.methods_named("hashCode"))
    context = Context(program, Scope(None, frozenset()), program.script)
    for node_ in script.functions:
        overloads = program.script.methods.setdefault(node_.name, [])
        code = function(context, node_, SCRIPT_NAME)
        if any(_same_signature(code, other) for other in overloads):
            raise NotGroovy(
                f"The method {node_.name} duplicates another method of the same signature", node_.line, node_.column
            )
        overloads.append(code)


def _same_signature(a: Code, b: Code) -> bool:
    def names(code: Code) -> list[str]:
        return ["Object" if parameter.type is None else parameter.type.name for parameter in code.parameters]

    return names(a) == names(b)


def _ancestors_first(nodes: tuple[tree.ClassDef, ...]) -> list[tree.ClassDef]:
    """Every class after the one it extends and the interfaces it has. Raises NotGroovy on a circle."""
    by_name = {node.name: node for node in nodes}
    order: list[tree.ClassDef] = []
    waiting = list(nodes)
    while waiting:
        ready = [node for node in waiting if not any(up in by_name and by_name[up] in waiting for up in _ups(node))]
        if not ready:
            raise NotGroovy(f"Cyclic inheritance involving {waiting[0].name}", waiting[0].line, waiting[0].column)
        order.extend(ready)
        waiting = [node for node in waiting if node not in ready]
    return order


def _ups(node: tree.ClassDef) -> list[str]:
    return [ref.name for ref in ((node.superclass,) if node.superclass is not None else ()) + node.interfaces]


def _import(program: Program, node: tree.Import) -> None:
    if node.is_static:
        owner = kinds.class_named(node.name if node.is_star else node.name.rpartition(".")[0])
        member = node.name.rpartition(".")[2]
        if owner is None:
            program.unknown_imports[node.alias or member] = node.name
        elif node.is_star:
            program.static_stars.append(owner)
        else:
            program.static_imports[node.alias or member] = (owner, member)
    elif node.is_star:
        program.packages.append(node.name)
    else:
        name = node.alias or node.name.rpartition(".")[2]
        if kinds.class_named(node.name) is not None:
            program.imports[name] = node.name
        elif name not in program.classes:
            program.unknown_imports[name] = node.name
