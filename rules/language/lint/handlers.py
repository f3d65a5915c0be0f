"""What would go wrong with each kind of node, noted by the walker."""

from typing import Any

from rules.language import kinds, members, tree
from rules.language.lint.known import meant
from rules.language.lint.walk import HANDLERS, Walker, has_more

# Free functions of every script.
BUILT_IN = {"println", "print", "printf", "sprintf", "sleep", "use", "this", "super", "it", "call", "trampoline"}
# Inside closures of these, free names may belong to the receiver.
_DELEGATING = {"with", "tap", "withDefault", "http", "use", "build", "configure"}
_REFUSED_PROPERTIES = {
    "metaClass": "rules cannot change classes (metaClass)",
    "classLoader": "rules cannot look into classes (classLoader)",
}
_REFUSED_FUNCTIONS = {"evaluate": "rules cannot run text as a rule (evaluate)"}
_REFUSED_STATICS = {
    ("System", "exit"): "rules cannot end the program (System.exit)",
    ("System", "getenv"): "rules cannot see the machine they run on (System.getenv)",
    ("System", "getProperty"): "rules cannot see the machine they run on (System.getProperty)",
    ("Class", "forName"): "rules cannot look into classes (Class.forName)",
}


def _declaration(walker: Walker, node: tree.Declaration) -> None:
    walker.resolver.type(node.type)
    walker.optional(node.value)
    if not node.is_field:
        walker.declare(node, node.name)


def _multi(walker: Walker, node: tree.MultiDeclaration) -> None:
    walker.optional(node.value)
    for target in node.targets:
        walker.resolver.type(target.type)
        walker.declare(target, target.name)


def _loop(walker: Walker, node: Any) -> None:
    walker.scopes.append({})
    if isinstance(node, tree.ForIn):
        walker.resolver.type(node.type)
        walker.visit(node.value)
        walker.declare(node, node.name)
    elif isinstance(node, tree.ForClassic):
        walker.statements(node.start)
        walker.optional(node.condition)
        for update in node.update:
            walker.visit(update)
    else:
        walker.visit(node.condition)
    walker.loops += 1
    walker.visit(node.body)
    walker.loops -= 1
    walker.scopes.pop()


def _switch(walker: Walker, node: tree.Switch) -> None:
    walker.visit(node.subject)
    walker.switches += 1
    walker.scopes.append({})
    for case in node.cases:
        walker.optional(case.value)
        walker.statements(case.statements)
    walker.scopes.pop()
    walker.switches -= 1


def _leave(walker: Walker, node: tree.Break | tree.Continue) -> None:
    word = "break" if isinstance(node, tree.Break) else "continue"
    if walker.loops or (word == "break" and walker.switches) or (word == "break" and node.label in walker.labels):
        return
    if walker.closures:
        instead = "'return' ends this turn" if word == "continue" else "use a for loop, or find { } and any { }"
        walker.note(node, f"'{word}' does not work in a closure; {instead}")
    else:
        walker.note(node, f"'{word}' is only allowed in a loop")


def _labeled(walker: Walker, node: tree.Labeled) -> None:
    walker.labels.append(node.label)
    walker.visit(node.statement)
    walker.labels.pop()


def _closure(walker: Walker, node: tree.ClosureLiteral) -> None:
    outside = walker.loops, walker.switches, walker.labels
    walker.loops, walker.switches, walker.labels = 0, 0, []
    walker.closures += 1
    walker.delegated += walker.sets_delegates
    walker.scopes.append({"it": ""} if node.parameters is None else {})
    walker.parameters(node.parameters or ())
    walker.statements(node.body.statements)
    walker.scopes.pop()
    walker.closures -= 1
    walker.delegated -= walker.sets_delegates
    walker.loops, walker.switches, walker.labels = outside


def _try(walker: Walker, node: tree.Try) -> None:
    walker.visit(node.body)
    for caught in node.catches:
        for type_ in caught.types:
            walker.resolver.type(type_)
        walker.scopes.append({})
        walker.declare(caught, caught.name)
        walker.visit(caught.body)
        walker.scopes.pop()
    walker.optional(node.finally_body)


def _assign(walker: Walker, node: tree.Assign) -> None:
    walker.visit(node.value)
    if isinstance(node.target, tree.Name):
        if walker.local(node.target.name) is None and walker.in_function and walker.of is None:
            _hidden(walker, node.target)
    else:
        walker.visit(node.target)


def _hidden(walker: Walker, node: tree.Name) -> bool:
    """Notes a function that uses a local of the rule's body."""
    declared = walker.body_locals.get(node.name)
    if declared is None or node.name in walker.own or node.name in walker.known.variables:
        return False
    walker.note(
        node,
        f"functions do not see '{node.name}', which line {declared.line} declares for the rule's body only; "
        f"hand it over as an argument, or write '{node.name} = …' there without def or type",
    )
    return True


def _name(walker: Walker, node: tree.Name) -> None:
    if node.name in ("this", "super", "owner", "delegate", "binding", "thisObject") or walker.is_name_known(node.name):
        return
    if walker.in_function and _hidden(walker, node):
        return
    if walker.of is not None and node.name in walker.known.variables:
        walker.note(node, f"classes do not see '{node.name}'; hand it over to the constructor or the method")
    elif node.name[:1].isupper():
        walker.resolver.refuse(node, node.name)
    elif not walker.delegated:
        walker.note(node, f"nothing is called '{node.name}' here{meant(node.name, _visible(walker))}")


def _visible(walker: Walker) -> set[str]:
    names = set(walker.known.variables) | walker.own
    for scope in walker.scopes:
        names |= set(scope)
    return names


def _property(walker: Walker, node: tree.Property) -> None:
    if walker.resolver.qualified(node, walker.is_name_known):
        return
    walker.visit(node.target)
    if not isinstance(node.name, str):
        walker.visit(node.name)
        return
    refused = _REFUSED_PROPERTIES.get(node.name)
    if refused:
        walker.note(node, refused)
    of = walker.kind_of(node.target)
    if of is not None and not node.spread and not of.closed.has_property(node.name):
        message = f"{of.name} has no property '{node.name}'{meant(node.name, of.properties)}"
        walker.note_of(node, of, message, may_be=of.has_property(node.name))


def _call(walker: Walker, node: tree.Call) -> None:
    name = node.name if isinstance(node.name, str) else ""
    if node.target is None:
        _free_call(walker, node, name)
    elif not walker.resolver.qualified(node.target, walker.is_name_known):
        walker.visit(node.target)
        _method(walker, node, name)
    if isinstance(node.name, tree.Expression):
        walker.visit(node.name)
    # A builder, or a function of the rule that sets a delegate, gives closures names that stand nowhere else.
    delegating = name in _DELEGATING or walker.sets_delegates
    walker.delegated += delegating
    for argument in node.arguments:
        walker.visit(argument)
    walker.delegated -= delegating


def _statement(walker: Walker, node: tree.ExpressionStatement) -> None:
    """A value that a statement of the body leaves; the last one of a closure or a function is its result."""
    call = node.expression
    if isinstance(call, tree.Call) and isinstance(call.name, str) and not (walker.closures or walker.in_function):
        of = walker.kind_of(call.target)
        if of is not None and call.name in of.idle:
            walker.note(call, f"'{call.name}' changes nothing by itself; write {of.idle[call.name]}", is_error=False)
    walker.visit(call)


def _method(walker: Walker, node: tree.Call, name: str) -> None:
    of = walker.kind_of(node.target)
    if of is not None and name and not node.spread and not of.closed.has_method(name):
        message = f"{of.name} has no method '{name}'{meant(name, of.methods)}"
        walker.note_of(node, of, message, may_be=of.has_method(name))
    if isinstance(node.target, tree.Name) and walker.local(node.target.name) is None and name:
        refused = _REFUSED_STATICS.get((node.target.name, name))
        known = walker.resolver.static_methods(node.target.name)
        if refused is not None:
            walker.note(node, refused)
        elif known is not None and name not in known:
            walker.note(node, f"the class {node.target.name} has no method '{name}' in rules{meant(name, known)}")


def _free_call(walker: Walker, node: tree.Call, name: str) -> None:
    refused = _REFUSED_FUNCTIONS.get(name)
    if refused and name not in walker.functions:
        walker.note(node, refused)
        return
    if not name or name in BUILT_IN or walker.delegated:
        return
    if walker.is_name_known(name) or name in walker.functions or name in walker.known.functions:
        return
    if walker.of is not None and (has_more(walker.of) or _is_of_enum(walker.of, name)):
        return
    if name in walker.resolver.static_members or members.find_method(kinds.OBJECT, name) is not None:
        return
    if walker.in_function and _hidden(walker, tree.Name(node.line, node.column, name)):
        return
    known = walker.functions | set(walker.known.functions) | _visible(walker)
    walker.note(node, f"there is no function '{name}'{meant(name, known)}")


def _is_of_enum(of: tree.ClassDef, name: str) -> bool:
    return of.kind == "enum" and name in ("values", "valueOf", "name", "ordinal", "compareTo", "next", "previous")


def _cast(walker: Walker, node: tree.Cast) -> None:
    """A map of closures that plays an interface: they may call each other."""
    walker.resolver.type(node.type)
    outside = walker.functions
    if node.is_as and isinstance(node.value, tree.MapLiteral):
        keys = (entry.key for entry in node.value.entries)
        walker.functions = outside | {str(key.value) for key in keys if isinstance(key, tree.Literal)}
    walker.visit(node.value)
    walker.functions = outside


def _pointer(walker: Walker, node: tree.MethodPointer) -> None:
    if not walker.resolver.qualified(node.target, walker.is_name_known):
        walker.visit(node.target)


HANDLERS.update(
    {
        tree.ExpressionStatement: _statement,
        tree.Declaration: _declaration,
        tree.MultiDeclaration: _multi,
        tree.ForIn: _loop,
        tree.ForClassic: _loop,
        tree.While: _loop,
        tree.DoWhile: _loop,
        tree.Switch: _switch,
        tree.Break: _leave,
        tree.Continue: _leave,
        tree.Labeled: _labeled,
        tree.ClosureLiteral: _closure,
        tree.Block: lambda walker, node: walker.block(node),
        tree.Try: _try,
        tree.Assign: _assign,
        tree.Name: _name,
        tree.Property: _property,
        tree.Call: _call,
        tree.Cast: _cast,
        tree.MethodPointer: _pointer,
    }
)
