"""What a script says about itself as a whole: its variables, and whether closures find names in a delegate."""

from collections.abc import Iterable
from typing import Any

from rules.language import tree


def parts_of(of: type) -> tuple[str, ...]:
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
            work.extend(getattr(item, name) for name in parts_of(type(item)))


def sets_delegates(script: tree.Script) -> bool:
    """Whether closures of this rule may find their names in a builder or in a delegate that the rule sets."""
    for node in every_node(script.statements, script.functions, script.classes):
        if isinstance(node, tree.New) and node.type.name.endswith("Builder") and "String" not in node.type.name:
            return True
        if isinstance(node, tree.Assign) and isinstance(node.target, tree.Property) and node.target.name == "delegate":
            return True
        if isinstance(node, tree.Call) and node.name in ("setDelegate", "rehydrate"):
            return True
        if isinstance(node, tree.Call) and node.name in ("with", "tap") and _is_handed_over(node.arguments):
            return True
    return False


def _is_handed_over(arguments: tuple[tree.Expression, ...]) -> bool:
    """Whether a closure comes from somewhere else in the rule."""
    return bool(arguments) and not isinstance(arguments[-1], tree.ClosureLiteral)


def top_declarations(script: tree.Script) -> Iterable[Any]:
    for node in script.statements:
        if isinstance(node, tree.Declaration) and not node.is_field:
            yield node
        elif isinstance(node, tree.MultiDeclaration):
            yield from node.targets


def own_variables(script: tree.Script) -> set[str]:
    """Script variables: `x = …` without a declaration of the body, and `@Field`."""
    locals_ = {node.name for node in top_declarations(script)}
    found = set()
    for node in every_node(script.statements, script.functions):
        if isinstance(node, tree.Declaration) and node.is_field:
            found.add(node.name)
        elif isinstance(node, tree.Assign) and isinstance(node.target, tree.Name) and node.target.name not in locals_:
            found.add(node.target.name)
        elif isinstance(node, tree.MultiAssign):
            found |= {item.name for item in node.targets if isinstance(item, tree.Name) and item.name not in locals_}
    return found
