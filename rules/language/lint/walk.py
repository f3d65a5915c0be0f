"""Walks over the tree of a rule with its scopes, and notes what would go wrong when it runs."""

from collections.abc import Callable, Iterable
from typing import Any

from rules.language import tree
from rules.language.errors import Finding
from rules.language.lint.known import KnownKind, KnownNames
from rules.language.lint.names import Resolver
from rules.language.lint.script_facts import own_variables, parts_of, sets_delegates, top_declarations

Scope = dict[str, str]

HANDLERS: dict[type, Callable[["Walker", Any], None]] = {}
"""What to do with each kind of node; handlers.py fills it. Of all others the parts are visited."""


def has_more(of: tree.ClassDef) -> bool:
    """Whether the class may have members that do not stand in it: from above, or from what has a trait."""
    return of.superclass is not None or bool(of.interfaces) or of.kind == "trait"


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
        self.own = own_variables(script)
        self.sets_delegates = sets_delegates(script)
        self.body_locals = {node.name: node for node in top_declarations(script)}

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
        for name in parts_of(type(node)):
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
        return has_more(self.of) or name in names | methods or f"get{upper}" in methods
