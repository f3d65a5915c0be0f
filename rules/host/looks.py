"""Whether a rule looks at more of our ticket than its fields: only then a call of our desk is worth it.

Found in the text, before the rule runs, and so that doubt means yes. `issue.comments =
commentHelper.mergeComments(issue, replica)` looks at nothing: what stands there stays, whatever it is.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rules.host.issue import PEOPLE, neutral
from rules.host.run_rule import ENTITY_NAMES, ISSUE_NAMES
from rules.language import tree
from rules.language.errors import NotGroovy, TooMuch
from rules.language.lint.script_facts import every_node
from rules.language.parser import parse

_OURS = frozenset((*ISSUE_NAMES, *ENTITY_NAMES, "issueBeforeScript"))
_LETTERS = frozenset(("comments", "attachments"))
_HIDDEN = frozenset((*_LETTERS, "created"))
_PEOPLE = frozenset((*PEOPLE, "creator"))
_GENERIC = frozenset(("getAt", "getProperty"))
_MERGERS = frozenset(("mergeComments", "mergeAttachments"))
_HELPERS = frozenset(("nodeHelper", "commentHelper", "attachmentHelper", "workLogHelper", "syncHelper"))
# What a helper of these names tells of a ticket that it is given is a field or nothing.
_ASIDE = ("get", "create", "is", "mergeWorkLogs", "addWorkLog")
_APPENDS = frozenset(("add", "addAll", "leftShift"))
# What these give back is not what their closure does.
_EACH = frozenset(("each", "eachWithIndex", "reverseEach", "times"))
# The names of a script's variables are found by these, too, also those of our ticket.
_AROUND = frozenset(("this", "binding", "owner", "delegate", "thisObject"))
_AROUND_CALLS = frozenset(("getProperty", "invokeMethod"))
_NO_WAY_AROUND = frozenset((*_OURS, *_HELPERS, "replica", "previous"))
# A rule that gives one of these names to something of its own says nothing by it.
_OWN = frozenset((*_HELPERS, *_EACH, "store"))


@lru_cache(maxsize=64)
def looks_at_our_ticket(text: str) -> bool:
    """True where an incoming rule may read comments, attachments, names of people or the age of our ticket. A text that
    is no rule looks at nothing."""
    try:
        script = parse(text)
    except NotGroovy:
        return False
    except TooMuch:
        # Where the rule runs there may be more room.
        return True
    nodes = tuple(every_node(script.statements, script.functions, script.classes))
    harmless = _harmless_names(nodes)
    return any(_is_ours(node) and id(node) not in harmless for node in nodes) or any(map(_reaches, nodes))


def _harmless_names(nodes: tuple[tree.Node, ...]) -> set[int]:
    """The ids of the names of our ticket by which nothing but fields can be read."""
    if any(name in _OWN for node in nodes for name in _named(node)):
        return set()
    ends = {id(one) for node in nodes for one in _given_back(node)}
    ends -= {id(one) for node in nodes for one in _given_to_each(node)}
    people = {id(one) for node in nodes for one in _known_person(node)}
    people -= {id(one) for node in nodes for one in _shown(node)}
    found: set[int] = set()
    for node in nodes:
        found |= {id(name) for name in _of_field(node, id(node) in people)}
        found |= {id(name) for name in _handed(node)}
        if isinstance(node, tree.ExpressionStatement) and id(node) not in ends:
            found |= {id(name) for name in _added(node.expression)}
    return found


def _of_field(node: tree.Node, is_known_person: bool) -> Iterator[tree.Node]:
    """Our ticket where this node reads or sets one field of it that the last look tells."""
    target, name = _read_of(node)
    if name is None or name.casefold() in _HIDDEN:
        return
    if neutral(name).casefold() not in _PEOPLE or is_known_person:
        yield target


def _read_of(node: tree.Node) -> tuple[tree.Node, str | None]:
    """What is read or set here, and of what; no name where it is computed, or where this is something else."""
    match node:
        case tree.Property(target=target, name=str(name)):
            return target, name
        case tree.Index(target=target, items=(tree.Literal(value=str(name)),)):
            return target, name
        case tree.Call(name="getHtmlField", arguments=(ours, tree.Literal(value=str(name)))) if _is_of_helper(node):
            return ours, name
        case tree.Call(target=tree.Name() as target, name=str(name)) if name[:3] == "get" and name not in _GENERIC:
            return target, name[3:4].lower() + name[4:]
    return node, None


def _is_of_helper(call: tree.Call) -> bool:
    return isinstance(call.target, tree.Name) and call.target.name in _HELPERS


def _known_person(node: tree.Node) -> Iterator[tree.Node]:
    """Where a person stands of whom no more than the address is read: that is a field, and who it belongs to is not."""
    match node:
        case tree.Property(target=person, name="email") | tree.Call(target=person, name="getEmail"):
            yield from (person,) if person is not None else ()
        case tree.Assign(op="=", target=person):
            yield person
        case tree.MultiAssign(targets=targets):
            yield from targets


def _shown(node: tree.Node) -> Iterable[tree.Node]:
    """What a failed assert shows: each part of its condition."""
    return every_node(node.condition) if isinstance(node, tree.Assert) else ()


def _handed(node: tree.Node) -> Iterator[tree.Node]:
    """Our ticket where it is handed to what reads no more than fields of it."""
    match node:
        case tree.Call(target=None, name="store", arguments=given):
            yield from given
        case tree.Call(target=tree.Name(name=helper), name=str(name), arguments=given) if helper in _HELPERS:
            yield from given if name.startswith(_ASIDE) and not name.startswith("getHtml") else ()
        case tree.Call(target=tree.Name() as target, name=str(name)) if name[:3] == "set":
            yield target


def _named(node: tree.Node) -> Iterator[str]:
    """The names that a rule gives to something of its own, also where it only may."""
    match node:
        case tree.Assign(target=tree.Name(name=name)) | tree.Literal(value=str(name)):
            yield name
        case tree.MultiAssign(targets=targets):
            yield from (one.name for one in targets if isinstance(one, tree.Name))
        case tree.Name() | tree.Call():
            return
        case _ if isinstance(called := getattr(node, "name", None), str):
            yield called


def _given_back(node: tree.Node) -> Iterator[tree.Statement]:
    """The statements whose value a function or a closure gives back."""
    if isinstance(node, tree.ClosureLiteral | tree.FunctionDef):
        yield from _last_of(node.body)


def _given_to_each(node: tree.Node) -> Iterator[tree.Statement]:
    if isinstance(node, tree.Call) and node.target is not None and node.name in _EACH:
        for one in node.arguments:
            yield from _given_back(one)


def _last_of(node: tree.Statement) -> Iterator[tree.Statement]:
    match node:
        case tree.Block(statements=(*_, last)):
            yield from _last_of(last)
        case tree.If(branches=branches, otherwise=otherwise):
            for one in (*(branch.body for branch in branches), *((otherwise,) if otherwise else ())):
                yield from _last_of(one)
        case tree.Try(body=body, catches=catches):
            for one in (body, *(catch.body for catch in catches)):
                yield from _last_of(one)
        case tree.Switch(cases=cases):
            for statement in (one for case in cases for one in case.statements):
                yield from _last_of(statement)
        case tree.Labeled(statement=statement):
            yield from _last_of(statement)
        case tree.ExpressionStatement():
            yield node


def _added(expression: tree.Expression) -> Iterator[tree.Node]:
    """Of a statement that adds to our letters, or sets them, without looking at them."""
    match expression:
        case tree.Assign(op="=" | "+=", target=tree.Property(target=ours, name=name), value=value) if name in _LETTERS:
            yield ours
            yield from _kept(value)
        case tree.Call(target=tree.Property(target=ours, name=name), name=method, arguments=(one,), spread=False) if (
            name in _LETTERS and method in _APPENDS and not isinstance(one, tree.SpreadArgument)
        ):
            # With a place as well it would matter how many there are.
            yield ours
        case tree.Binary(op="<<", left=tree.Property(target=ours, name=name)) if name in _LETTERS:
            yield ours


def _kept(value: tree.Expression) -> Iterator[tree.Node]:
    """Of a new value of our letters that only adds to the old one."""
    match value:
        case tree.Call(target=tree.Name(name=helper), name=name, arguments=(ours, *_)) if (
            helper in _HELPERS and name in _MERGERS
        ):
            yield ours
        case tree.Call(target=tree.Name(name=helper), name="addComment", arguments=given) if helper in _HELPERS:
            for one in given:
                yield from _kept(one)
        case tree.Binary(op="+", left=left):
            yield from _kept(left)
        case tree.Property(target=ours, name=name) if name in _LETTERS:
            yield ours


def _is_ours(node: tree.Node) -> bool:
    return isinstance(node, tree.Name) and node.name in _OURS


def _reaches(node: tree.Node) -> bool:
    """By a way around the name."""
    match node:
        case tree.Name(name=name):
            return name in _AROUND
        case tree.Call(target=target, name=name) if name in _AROUND_CALLS:
            return not _is_plain(target)
        case tree.Property(target=target, name=name) if name in _AROUND:
            return not _is_plain(target)
        case tree.Literal(value=name):
            return name in _AROUND
        case tree.MethodPointer(name=name):
            return name in _AROUND_CALLS
    return False


def _is_plain(target: tree.Expression | None) -> bool:
    return isinstance(target, tree.Name) and target.name in _NO_WAY_AROUND
