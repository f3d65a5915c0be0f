"""Syntax trees as short text, so that a table of rules and trees can be read."""

from collections.abc import Iterable
from typing import Any

from rules.language import tree

_SUFFIXES = {"long": "L", "bigint": "G", "double": "d", "float": "f", "decimal": "m"}


def dump(script: tree.Script) -> str:
    """Everything of a script but positions, on one line."""
    groups = (script.imports, script.classes, script.functions, script.statements)
    return " ".join(show(node) for group in groups for node in group)


def show(node: Any) -> str:
    """One node; a str is a quoted text, None is `-`."""
    if node is None:
        return "-"
    if isinstance(node, str):
        return repr(node)
    return str(_SHOWS[type(node)](node))


def _list(*parts: Any) -> str:
    return "(" + " ".join(part if isinstance(part, str) else _group(part) for part in parts) + ")"


def _group(parts: Iterable[Any]) -> str:
    return " ".join(show(part) for part in parts)


def _named(name: Any) -> str:
    return name if isinstance(name, str) else show(name)


def _spaced(*parts: str) -> str:
    return "(" + " ".join(part for part in parts if part) + ")"


def _literal(node: tree.Literal) -> str:
    if node.kind == "string":
        return repr(node.value)
    if node.kind in ("null", "boolean"):
        return {None: "null", True: "true", False: "false"}[node.value]  # type: ignore[index]
    return f"{node.value}{_SUFFIXES.get(node.kind, '')}"


def _type(node: tree.TypeRef) -> str:
    return node.name + "[]" * node.dimensions


def _property(node: tree.Property) -> str:
    operator = ("?." if node.safe else "*." if node.spread else ".") + ("@" if node.is_direct else "")
    return _spaced(operator, show(node.target), _named(node.name))


def _call(node: tree.Call) -> str:
    operator = "?call" if node.safe else "*call" if node.spread else "call"
    target = show(node.target) if node.target is not None else ""
    return _spaced(operator, target, f"{_named(node.name)}:", _group(node.arguments))


def _entry(node: tree.MapEntry) -> str:
    return f"*:{show(node.value)}" if node.key is None else f"{show(node.key)}:{show(node.value)}"


def _range(node: tree.RangeLiteral) -> str:
    operator = ("<" if node.excludes_first else "") + ".." + ("<" if node.excludes_last else "")
    return _spaced(operator, show(node.first), show(node.last))


def _chain(node: tree.Chain) -> str:
    return _spaced("chain", show(node.first), *(f"{link.op} {show(link.right)}" for link in node.links))


def _parameter(node: tree.Parameter) -> str:
    type_ = f"{_type(node.type)}|" if node.type else ""
    default = f"={show(node.default)}" if node.default else ""
    return f"{type_}{node.name}{'...' if node.is_rest else ''}{default}"


def _closure(node: tree.ClosureLiteral) -> str:
    parameters = "it" if node.parameters is None else ",".join(_parameter(each) for each in node.parameters)
    mark = "lambda" if node.is_lambda else "fn"
    return _spaced(f"{mark}[{parameters}]", _group(node.body.statements))


def _block(node: tree.Block) -> str:
    return "{" + _group(node.statements) + "}"


def _declaration(node: tree.Declaration) -> str:
    word = "field" if node.is_field else "final" if node.is_final else "def"
    type_ = _type(node.type) if node.type else ""
    return _spaced(word, type_, node.name, show(node.value) if node.value else "")


def _if(node: tree.If) -> str:
    branches = " ".join(f"{show(each.condition)} {show(each.body)}" for each in node.branches)
    return _spaced("if", branches, show(node.otherwise) if node.otherwise else "")


def _for(node: tree.ForClassic) -> str:
    parts = _group(node.start), show(node.condition), _group(node.update)
    return f"(for {'; '.join(parts)} {show(node.body)})"


def _for_in(node: tree.ForIn) -> str:
    type_ = f"{_type(node.type)}|" if node.type else ""
    return _spaced("each", f"{type_}{node.name}", show(node.value), show(node.body))


def _case(node: tree.Case) -> str:
    label = "default" if node.value is None else show(node.value)
    return f"[{label}: {_group(node.statements)}]".replace(": ]", ":]")


def _try(node: tree.Try) -> str:
    catches = " ".join(
        f"(catch {'|'.join(_type(each) for each in caught.types) or '-'} {caught.name} {show(caught.body)})"
        for caught in node.catches
    )
    return _spaced("try", show(node.body), catches, f"(finally {show(node.finally_body)})" if node.finally_body else "")


def _function(node: tree.FunctionDef) -> str:
    type_ = _type(node.return_type) + " " if node.return_type else ""
    static = "static " if node.is_static else ""
    parameters = ",".join(_parameter(each) for each in node.parameters)
    return f"({static}function {type_}{node.name}[{parameters}] {show(node.body)})"


def _field(node: tree.FieldDef) -> str:
    words = [word for word, holds in (("static", node.is_static), ("final", node.is_final)) if holds]
    words.append("property" if node.is_property else "field")
    type_ = _type(node.type) if node.type else ""
    return _spaced(*words, type_, node.name, show(node.value) if node.value else "")


def _class(node: tree.ClassDef) -> str:
    head = [node.kind, node.name]
    head += [f"extends {_type(node.superclass)}"] if node.superclass else []
    head += [f"implements {','.join(_type(each) for each in node.interfaces)}"] if node.interfaces else []
    head += [f"abstract {','.join(node.abstract)}"] if node.abstract else []
    constants = [_spaced("constant", each.name, _group(each.arguments)) for each in node.constants]
    starters = [f"(static {show(each)})" for each in node.starters]
    new = [show(each).replace("(function", "(constructor", 1) for each in node.constructors]
    return _spaced(*head, *constants, _group(node.fields), *starters, *new, _group(node.methods))


def _import(node: tree.Import) -> str:
    alias = f"as {node.alias}" if node.alias else ""
    return _spaced("import", "static" if node.is_static else "", node.name + (".*" if node.is_star else ""), alias)


_SHOWS: dict[type, Any] = {
    tree.Literal: _literal,
    tree.TypeRef: _type,
    tree.GText: lambda node: _list("text", node.parts),
    tree.Name: lambda node: node.name,
    tree.Property: _property,
    tree.MethodPointer: lambda node: _spaced(".&", show(node.target), node.name),
    tree.Index: lambda node: _spaced("?[]" if node.safe else "[]", show(node.target), _group(node.items)),
    tree.Call: _call,
    tree.CallValue: lambda node: _spaced("value-call", show(node.callee), _group(node.arguments)),
    tree.SpreadArgument: lambda node: f"*{show(node.value)}",
    tree.New: lambda node: _spaced("new", _type(node.type), _group(node.arguments)),
    tree.NewArray: lambda node: _spaced(
        "new-array", _type(node.type), _group(node.sizes), "" if node.items is None else "{" + _group(node.items) + "}"
    ),
    tree.ListLiteral: lambda node: "[" + _group(node.items) + "]",
    tree.MapLiteral: lambda node: "[" + (" ".join(_entry(each) for each in node.entries) or ":") + "]",
    tree.RangeLiteral: _range,
    tree.Unary: lambda node: _spaced(node.op, show(node.operand)),
    tree.Increment: lambda node: _spaced(f"{node.op}_" if node.is_prefix else f"_{node.op}", show(node.target)),
    tree.Binary: lambda node: _spaced(node.op, show(node.left), show(node.right)),
    tree.Chain: _chain,
    tree.Logical: lambda node: _spaced(node.op, _group(node.operands)),
    tree.Ternary: lambda node: _spaced("?", _group((node.condition, node.when_true, node.when_false))),
    tree.Elvis: lambda node: _spaced("?:", show(node.value), show(node.default)),
    tree.Assign: lambda node: _spaced(node.op, show(node.target), show(node.value)),
    tree.MultiAssign: lambda node: f"(= ({_group(node.targets)}) {show(node.value)})",
    tree.Cast: lambda node: _spaced("as" if node.is_as else "cast", _type(node.type), show(node.value)),
    tree.InstanceOf: lambda node: _spaced(
        "!instanceof" if node.negated else "instanceof", show(node.value), _type(node.type)
    ),
    tree.ClosureLiteral: _closure,
    tree.Block: _block,
    tree.ExpressionStatement: lambda node: show(node.expression),
    tree.Declaration: _declaration,
    tree.MultiDeclaration: lambda node: _spaced(
        "final" if node.is_final else "def",
        "(" + " ".join(_parameter(each) for each in node.targets) + ")",
        show(node.value) if node.value else "",
    ),
    tree.If: _if,
    tree.While: lambda node: _spaced("while", show(node.condition), show(node.body)),
    tree.DoWhile: lambda node: _spaced("do", show(node.body), show(node.condition)),
    tree.ForClassic: _for,
    tree.ForIn: _for_in,
    tree.Switch: lambda node: _spaced("switch", show(node.subject), " ".join(_case(each) for each in node.cases)),
    tree.Break: lambda node: _spaced("break", node.label or ""),
    tree.Continue: lambda node: _spaced("continue", node.label or ""),
    tree.Return: lambda node: _spaced("return", show(node.value) if node.value else ""),
    tree.Throw: lambda node: _spaced("throw", show(node.value)),
    tree.Try: _try,
    tree.Assert: lambda node: _spaced("assert", show(node.condition), show(node.message) if node.message else ""),
    tree.Labeled: lambda node: _spaced("label", node.label, show(node.statement)),
    tree.FunctionDef: _function,
    tree.FieldDef: _field,
    tree.ClassDef: _class,
    tree.Import: _import,
}
