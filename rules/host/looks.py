"""Whether a rule looks at more of our ticket than its fields: only then a call of our desk is worth it.

Found in the text, before the rule runs, and so that doubt means yes. `issue.comments =
commentHelper.mergeComments(issue, replica)` looks at nothing: what stands there stays, whatever it is.
"""

from collections.abc import Iterator
from functools import lru_cache

from rules.host.issue import PEOPLE, neutral
from rules.host.run_rule import ENTITY_NAMES, ISSUE_NAMES
from rules.language import tree
from rules.language.errors import PlacedError
from rules.language.lint.script_facts import every_node
from rules.language.parser import parse

_OURS = frozenset((*ISSUE_NAMES, *ENTITY_NAMES, "issueBeforeScript"))
_LETTERS = frozenset(("comments", "attachments"))
_READERS = frozenset(("getComments", "getAttachments", "getAt", "getProperty", "getProperties"))
_ADDERS = frozenset(("mergeComments", "mergeAttachments", "addComment"))
_HELPERS = frozenset(("nodeHelper", "commentHelper", "attachmentHelper", "workLogHelper", "syncHelper"))
_APPENDS = frozenset(("add", "addAll", "leftShift"))
# The address is a field; who it belongs to is not.
_OF_PEOPLE = frozenset(("displayName", "name", "fullName", "key", "id", "accountId"))


@lru_cache(maxsize=64)
def looks_at_our_ticket(text: str) -> bool:
    """True where an incoming rule may read comments, attachments, names of people or the age of our ticket. A text that
    is no rule looks at nothing."""
    try:
        script = parse(text)
    except (PlacedError, RecursionError):
        return False
    nodes = tuple(every_node(script.statements, script.functions, script.classes))
    harmless = {id(name) for node in nodes for name in _harmless(node)}
    return any(_is_ours(node) and id(node) not in harmless for node in nodes) or any(map(_reaches, nodes))


def _harmless(node: tree.Node) -> Iterator[tree.Node]:
    """The names of our ticket in this node by which nothing but fields can be read."""
    match node:
        case tree.Property(target=target, name=str(name)) if name not in (*_LETTERS, "created"):
            yield target
        case tree.Index(target=target, items=(tree.Literal(value=str(name)),)) if name not in _LETTERS:
            yield target
        case tree.Call(target=None, name="store", arguments=given):
            yield from given
        case tree.Call(target=tree.Name(name=helper), name=str(name), arguments=given) if helper in _HELPERS:
            yield from given if name not in _ADDERS and name != "getHtmlComments" else ()
        case tree.Call(target=tree.Name() as target, name=str(name)) if name[:3] in ("get", "set"):
            yield from (target,) if name not in _READERS else ()
        case tree.ExpressionStatement(expression=expression):
            yield from _added(expression)


def _added(expression: tree.Expression) -> Iterator[tree.Node]:
    """Of a statement that adds to our letters, or sets them, without looking at them."""
    match expression:
        case tree.Assign(op="=" | "+=", target=tree.Property(target=ours, name=name), value=value) if name in _LETTERS:
            yield ours
            yield from _kept(value)
        case tree.Call(target=tree.Property(target=ours, name=name), name=method) if (
            name in _LETTERS and method in _APPENDS
        ):
            yield ours
        case tree.Binary(op="<<", left=tree.Property(target=ours, name=name)) if name in _LETTERS:
            yield ours


def _kept(value: tree.Expression) -> Iterator[tree.Node]:
    """Of a new value of our letters that only adds to the old one."""
    match value:
        case tree.Call(target=tree.Name(name=helper), name=name, arguments=given) if (
            helper in _HELPERS and name in _ADDERS
        ):
            for one in given:
                yield from (one,) if _is_ours(one) else _kept(one)
        case tree.Binary(op="+", left=left):
            yield from _kept(left)
        case tree.Property(target=ours, name=name) if name in _LETTERS:
            yield ours


def _is_ours(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name in _OURS


def _reaches(node: tree.Node) -> bool:
    """By a way around the name, or to what a field does not tell of a person."""
    match node:
        case tree.Property(target=tree.Name(name="this" | "binding")):
            return True
        case tree.Property(target=tree.Property(target=ours, name=str(who)), name=str(what)) if _is_ours(ours):
            return neutral(who) in (*PEOPLE, "creator") and what in _OF_PEOPLE
    return False
