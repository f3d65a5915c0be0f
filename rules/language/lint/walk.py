"""Walks over the tree of a rule with its scopes, and notes what would go wrong when it runs."""

from collections.abc import Callable, Iterable
from typing import Any

from rules.language import kinds, members, tree
from rules.language.errors import Finding
from rules.language.lint.known import KnownKind, KnownNames, meant
from rules.language.lint.names import Resolver

Scope = dict[str, str]

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


class Walker:
    """Collects findings. `scopes` are the locals around the present place, innermost last."""

    def __init__(self, script: tree.Script, known: KnownNames) -> None:
        self.script = script
        self.known = known
        self.findings: list[Finding] = []
        self.resolver = Resolver(script, known, self.note)
        self.scopes: list[Scope] = []
        self.loops = 0
        self.switches = 0
        self.labels: list[str] = []
        self.delegated = 0
        self.closures = 0
        self.of: tree.ClassDef | None = None
        self.in_function = False
        self.functions = {function.name for function in script.functions}
        self.own = _own_variables(script)
        self.sets_delegates = _sets_delegates(script)
        self.body_locals = {node.name: node for node in _top_declarations(script)}

    def note(self, node: tree.Node, message: str, *, is_error: bool = True) -> None:
        self.findings.append(Finding(node.line, node.column, message, is_error))

    def note_of(self, node: tree.Node, of: KnownKind, message: str, *, may_be: bool) -> None:
        """About a name that is not listed; one that `may_be` there is remarked only where there is doubt."""
        if not may_be:
            self.note(node, message)
        elif of.doubt:
            self.note(node, of.doubt + message, is_error=False)

    def run(self) -> None:
        """The body, then every function and class, in the order of the text."""
        self.scopes = [{}]
        self.statements(self.script.statements)
        self.in_function = True
        for function in self.script.functions:
            self.function(function)
        for of in self.script.classes:
            self.class_(of)

    # Scopes

    def declare(self, node: tree.Node, name: str, kind: str = "") -> None:
        if self.local(name) is not None:
            self.note(node, f"there is already a variable '{name}' here")
        self.scopes[-1][name] = kind

    def local(self, name: str) -> str | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def function(self, node: tree.FunctionDef) -> None:
        outside, self.scopes = self.scopes, [{}]
        self.resolver.type(node.return_type)
        self.parameters(node.parameters)
        self.statements(node.body.statements)
        self.scopes = outside

    def parameters(self, parameters: Iterable[tree.Parameter]) -> None:
        for parameter in parameters:
            self.resolver.type(parameter.type)
            self.optional(parameter.default)
            self.declare(parameter, parameter.name)

    def class_(self, node: tree.ClassDef) -> None:
        outside, self.of = self.of, node
        self.resolver.type(node.superclass)
        for field in node.fields:
            self.resolver.type(field.type)
            self.optional(field.value)
        for method in (*node.constructors, *node.methods):
            self.function(method)
        self.of = outside

    def block(self, node: tree.Block) -> None:
        self.scopes.append({})
        self.statements(node.statements)
        self.scopes.pop()

    def statements(self, nodes: Iterable[tree.Statement]) -> None:
        for node in nodes:
            self.visit(node)

    def optional(self, node: tree.Node | None) -> None:
        if node is not None:
            self.visit(node)

    def visit(self, node: Any) -> None:
        """One node with everything below it."""
        handler = HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        else:
            self.children(node)

    def children(self, node: tree.Node) -> None:
        for name in _parts(type(node)):
            value = getattr(node, name)
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, tree.TypeRef):
                    self.resolver.type(item)
                elif isinstance(item, tree.Node):
                    self.visit(item)

    # What a place gives

    def kind_of(self, node: tree.Node | None) -> KnownKind | None:
        """The host kind that an expression certainly gives."""
        found = ""
        if isinstance(node, tree.Name):
            found = "" if self.local(node.name) is not None else self.known.variables.get(node.name, "")
            found = "" if node.name in self.own else found
        elif isinstance(node, tree.Property) and isinstance(node.name, str) and not node.spread:
            of = self.kind_of(node.target)
            found = of.properties.get(node.name, "") if of is not None else ""
        elif isinstance(node, tree.Call) and node.target is not None and isinstance(node.name, str) and not node.spread:
            of = self.kind_of(node.target)
            found = of.methods.get(node.name, "") if of is not None else ""
        return self.known.kinds.get(found)

    def is_name_known(self, name: str) -> bool:
        if (
            self.local(name) is not None
            or name in self.own
            or name in self.resolver.statics | self.resolver.static_members
        ):
            return True
        if self.of is not None:
            return self._is_member(name) or self.resolver.is_class(name)
        return name in self.known.variables or name in self.functions or self.resolver.is_class(name)

    def _is_member(self, name: str) -> bool:
        # A superclass may bring any name; a getter of the class counts as its property.
        assert self.of is not None
        upper = name[:1].upper() + name[1:]
        names = {field.name for field in self.of.fields} | {constant.name for constant in self.of.constants}
        methods = {method.name for method in self.of.methods}
        return _has_more(self.of) or name in names | methods or f"get{upper}" in methods


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
    if walker.of is not None and (_has_more(walker.of) or _is_of_enum(walker.of, name)):
        return
    if name in walker.resolver.static_members or members.find_method(kinds.OBJECT, name) is not None:
        return
    if walker.in_function and _hidden(walker, tree.Name(node.line, node.column, name)):
        return
    known = walker.functions | set(walker.known.functions) | _visible(walker)
    walker.note(node, f"there is no function '{name}'{meant(name, known)}")


def _has_more(of: tree.ClassDef) -> bool:
    """Whether the class may have members that do not stand in it: from above, or from what has a trait."""
    return of.superclass is not None or bool(of.interfaces) or of.kind == "trait"


def _is_of_enum(of: tree.ClassDef, name: str) -> bool:
    return of.kind == "enum" and name in ("values", "valueOf", "name", "ordinal", "compareTo", "next", "previous")


def _pointer(walker: Walker, node: tree.MethodPointer) -> None:
    if not walker.resolver.qualified(node.target, walker.is_name_known):
        walker.visit(node.target)


HANDLERS: dict[type, Callable[[Walker, Any], None]] = {
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
    tree.MethodPointer: _pointer,
}


def _parts(of: type) -> tuple[str, ...]:
    """The fields of a node class that may hold nodes. The names come from our own classes, never from a rule."""
    fields: dict[str, Any] = getattr(of, "__dataclass_fields__")  # noqa: B009
    return tuple(name for name in fields if name not in ("line", "column"))


def every_node(*roots: Any) -> Iterable[tree.Node]:
    """Every node below, in no order."""
    work = list(roots)
    while work:
        item = work.pop()
        if isinstance(item, tuple):
            work.extend(item)
        elif isinstance(item, tree.Node):
            yield item
            work.extend(getattr(item, name) for name in _parts(type(item)))


def _sets_delegates(script: tree.Script) -> bool:
    """Whether closures of this rule may find their names in a builder or in a delegate that the rule sets."""
    for node in every_node(script.statements, script.functions, script.classes):
        if isinstance(node, tree.New) and node.type.name.endswith("Builder") and "String" not in node.type.name:
            return True
        if isinstance(node, tree.Assign) and isinstance(node.target, tree.Property) and node.target.name == "delegate":
            return True
        if isinstance(node, tree.Call) and node.name in ("setDelegate", "rehydrate"):
            return True
    return False


def _top_declarations(script: tree.Script) -> Iterable[Any]:
    for node in script.statements:
        if isinstance(node, tree.Declaration) and not node.is_field:
            yield node
        elif isinstance(node, tree.MultiDeclaration):
            yield from node.targets


def _own_variables(script: tree.Script) -> set[str]:
    """Script variables: `x = …` without a declaration of the body, and `@Field`."""
    locals_ = {node.name for node in _top_declarations(script)}
    found = set()
    for node in every_node(script.statements, script.functions):
        if isinstance(node, tree.Declaration) and node.is_field:
            found.add(node.name)
        elif isinstance(node, tree.Assign) and isinstance(node.target, tree.Name) and node.target.name not in locals_:
            found.add(node.target.name)
        elif isinstance(node, tree.MultiAssign):
            found |= {item.name for item in node.targets if isinstance(item, tree.Name) and item.name not in locals_}
    return found
