"""What the compiler knows at one place of a rule, and the way from a node of the tree to its compiled form."""

from collections.abc import Callable
from typing import Any

from rules.language import kinds, tree
from rules.language.classes import ScriptClass
from rules.language.closures import Node
from rules.language.compile.scope import Scope, Variable
from rules.language.declared import Type, Void
from rules.language.errors import NotGroovy

# Filled by the modules of this package, one function for each kind of node.
EXPRESSIONS: dict[type, Callable[["Context", Any], Node]] = {}
STATEMENTS: dict[type, Callable[["Context", Any], Node]] = {}


class Program:
    """A rule compiled once. It holds no state of a run, so any number of runs may share it."""

    def __init__(self, script: ScriptClass) -> None:
        self.script = script
        self.classes: dict[str, ScriptClass] = {}
        self.imports: dict[str, str] = {}
        self.static_imports: dict[str, tuple[Any, str]] = {}
        self.static_stars: list[Any] = []
        self.unknown_imports: dict[str, str] = {}
        self.packages: list[str] = []
        self.fields: list[Node] = []
        self.field_names: set[str] = set()
        self.main: Any = None
        self.closures = 0


class Context:
    """A place: the scope, the class around it, and whether a closure or static method lies in between."""

    def __init__(self, program: Program, scope: Scope, of: ScriptClass) -> None:
        self.program = program
        self.scope = scope
        self.of = of
        self.is_static = False
        self.in_closure = False
        self.closure_name = f"{of.name}$_run"
        self.recording: int | None = None

    def inside(self, scope: Scope) -> "Context":
        """The same place with another scope."""
        context = Context(self.program, scope, self.of)
        context.is_static = self.is_static
        context.in_closure = self.in_closure
        context.closure_name = self.closure_name
        return context

    def local(self, name: str) -> Variable | None:
        return self.scope.find(name)

    def class_named(self, name: str) -> Any:
        """The kind that a name in the rule stands for, None where it is no class."""
        if name in self.program.classes:
            return self.program.classes[name].kind
        first, point, rest = name.partition(".")
        found = kinds.class_named(self.program.imports.get(first, first) + point + rest)
        if found is None and name[:1].isupper():
            for package in self.program.packages:
                found = found or kinds.class_named(f"{package}.{name}")
        return found

    def type_of(self, ref: tree.TypeRef | None) -> Type | None:
        """The declared type; None where any value fits. Raises NotGroovy for a class nobody knows."""
        if ref is None or (ref.name in ("Object", "java.lang.Object") and not ref.dimensions):
            return None
        return self.named_type(ref)

    def named_type(self, ref: tree.TypeRef) -> Type:
        """The type of that name, Object included."""
        if ref.name == "void":
            return Void(kinds.OBJECT)
        kind = self.class_named(ref.name)
        if kind is None:
            kind = self._unknown(ref)
        found = Type(kind)
        own = self.program.classes.get(ref.name)
        found.is_functional = found.is_functional or (own is not None and own.is_interface)
        for _ in range(ref.dimensions):
            found = Type(kind, found)
        return found

    def _unknown(self, ref: tree.TypeRef) -> Any:
        # A class that was imported but that no rule can make is only a remark on a parameter.
        if ref.name in self.program.unknown_imports or (len(ref.name) == 1 and ref.name.isupper()):
            return kinds.OBJECT
        raise NotGroovy(f"unable to resolve class {ref.name}", ref.line, ref.column)


def expression(context: Context, node: tree.Expression) -> Node:
    """The compiled form of an expression."""
    code = EXPRESSIONS[type(node)](context, node)
    if context.recording is not None and type(node) in _RECORDED:
        return _recorded(code, context.recording, node.column)
    return code


def statement(context: Context, node: tree.Statement) -> Node:
    """The compiled form of a statement: it gives None, or the signal that ends the block around it."""
    return STATEMENTS[type(node)](context, node)


_RECORDED = {
    tree.Name, tree.Property, tree.Call, tree.CallValue, tree.Index, tree.Binary, tree.Unary, tree.New,
    tree.InstanceOf, tree.Chain, tree.Logical,
}  # fmt: skip


def _recorded(code: Node, slot: int, column: int) -> Node:
    def record(f: list[Any]) -> Any:
        value = code(f)
        f[slot].append((column, value))
        return value

    return record


def names_in_closures(*roots: Any) -> frozenset[str]:
    """Every name that stands anywhere in a closure below: a local of such a name may be shared."""
    found: set[str] = set()
    work: list[tuple[Any, bool]] = [(root, False) for root in roots]
    while work:
        node, inside = work.pop()
        if isinstance(node, tuple):
            work.extend((item, inside) for item in node)
        elif isinstance(node, tree.Node):
            if inside and isinstance(node, tree.Name | tree.Call) and isinstance(node.name, str):
                found.add(node.name)
            deeper = inside or isinstance(node, tree.ClosureLiteral)
            work.extend((getattr(node, name), deeper) for name in parts_of(type(node)))
    return frozenset(found)


_PARTS: dict[type, tuple[str, ...]] = {}


def parts_of(of: type) -> tuple[str, ...]:
    """The fields of a node class that may hold nodes. The names come from our own classes, never from a rule."""
    found = _PARTS.get(of)
    if found is None:
        fields = getattr(of, "__dataclass_fields__")  # noqa: B009
        found = _PARTS[of] = tuple(name for name in fields if name not in ("line", "column"))
    return found
