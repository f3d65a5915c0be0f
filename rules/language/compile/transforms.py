"""What an annotation such as @Canonical, or being a record, adds to a class: members written in the language itself."""

from dataclasses import replace
from typing import Any

from rules.language import tree
from rules.language.classes import ScriptClass

_CANONICAL = ("ToString", "EqualsAndHashCode", "TupleConstructor", "MapConstructor")


def transformed(node: tree.ClassDef, made: ScriptClass) -> tree.ClassDef:
    """The class with the members that its annotations give it; what it declares itself is kept."""
    wanted = {note.name: note.options for note in node.annotations}
    for whole in ("Canonical", "Immutable"):
        if whole in wanted:
            wanted = {**dict.fromkeys(_CANONICAL, wanted[whole]), **wanted}
    if node.kind == "record":
        wanted = {**{name: {} for name in _CANONICAL}, **wanted}
    if not wanted:
        return node
    made.named_arguments = "MapConstructor" in wanted or "TupleConstructor" in wanted
    made.inherits_constructors = "InheritConstructors" in wanted
    if "Immutable" in wanted:
        node = replace(node, fields=tuple(replace(field, is_final=True) for field in node.fields))
    return _with_members(node, wanted)


def _with_members(node: tree.ClassDef, wanted: dict[str, dict[str, Any]]) -> tree.ClassDef:
    added: list[tree.FunctionDef] = []
    for name, write in _WRITERS.items():
        if name in wanted:
            added += _read(write(node, wanted[name]))
    if node.kind == "record":
        added += _read(_accessors(node))
    own = {(method.name, len(method.parameters)) for method in node.methods}
    methods = [method for method in added if (method.name, len(method.parameters)) not in own]
    constructors = node.constructors
    if "TupleConstructor" in wanted and not constructors:
        constructors = (_constructor(node, wanted["TupleConstructor"]),)
    fields = node.fields
    if "Singleton" in wanted:
        fields = (*fields, _single(node))
    return replace(node, methods=(*node.methods, *methods), constructors=constructors, fields=fields)


def _read(source: str) -> list[tree.FunctionDef]:
    # The parser reads class bodies; the compiler does not depend on it anywhere else.
    from rules.language.parser import parse

    return list(parse(source).functions)


def _properties(node: tree.ClassDef, options: dict[str, Any]) -> list[tree.FieldDef]:
    """The properties that count, in their order: all, those of `includes`, or all but `excludes`."""
    fields = [field for field in node.fields if field.is_property and not field.is_static]
    chosen, left_out = _names(options.get("includes")), _names(options.get("excludes"))
    return [field for field in fields if (not chosen or field.name in chosen) and field.name not in left_out]


def _names(option: Any) -> list[str]:
    if isinstance(option, str):
        return [name.strip() for name in option.split(",")]
    return list(option or ())


def _text(node: tree.ClassDef, options: dict[str, Any]) -> str:
    name = node.name.rpartition(".")[2]
    fields = [field.name for field in _properties(node, options)]
    if node.kind == "record":
        shown = ", ".join(f"{field}=${{this.{field}}}" for field in fields)
        return f'String toString() {{ "{name}[{shown}]" }}'
    label = options.get("includeNames") is True
    parts = [f'"{f"{field}:" if label else ""}${{this.{field}}}"' for field in fields]
    if options.get("ignoreNulls") is True:
        parts = [f"this.{field} == null ? null : {part}" for field, part in zip(fields, parts, strict=True)]
        return f"String toString() {{ '{name}(' + [{', '.join(parts)}].findAll {{ it != null }}.join(', ') + ')' }}"
    return f"String toString() {{ '{name}(' + [{', '.join(parts)}].join(', ') + ')' }}"


def _equality(node: tree.ClassDef, options: dict[str, Any]) -> str:
    names = [field.name for field in _properties(node, options)]
    same = " && ".join(["true", *(f"this.{name} == other.{name}" for name in names)])
    held = ", ".join(f"this.{name}" for name in names)
    return (
        f"boolean equals(other) {{ this.is(other) || (other instanceof {node.name} && {same}) }}\n"
        f"int hashCode() {{ Objects.hash([{held}]) }}"
    )


def _order(node: tree.ClassDef, options: dict[str, Any]) -> str:
    names = [field.name for field in _properties(node, options)]
    return f"int compareTo(other) {{ {' ?: '.join([*(f'this.{name} <=> other.{name}' for name in names), '0'])} }}"


def _accessors(node: tree.ClassDef) -> str:
    return "\n".join(f"def {field.name}() {{ this.{field.name} }}" for field in node.fields if not field.is_static)


_WRITERS = {"ToString": _text, "EqualsAndHashCode": _equality, "Sortable": _order}


def _constructor(node: tree.ClassDef, options: dict[str, Any]) -> tree.FunctionDef:
    """One parameter for each property, left out from the right; a record needs them all."""
    at = node.line, node.column
    fields = _properties(node, options)
    parameters, statements = [], []
    for field in fields:
        default = field.value if node.kind == "record" else field.value or _zero(field)
        parameters.append(tree.Parameter(*at, field.name, field.type, default))
        target = tree.Property(*at, tree.Name(*at, "this"), field.name)
        value = tree.Assign(*at, "=", target, tree.Name(*at, field.name))
        statements.append(tree.ExpressionStatement(*at, value))
    return tree.FunctionDef(*at, node.name, tuple(parameters), tree.Block(*at, tuple(statements)))


def _zero(field: tree.FieldDef) -> tree.Literal:
    name = "" if field.type is None or field.type.dimensions else field.type.name
    if name == "boolean":
        return tree.Literal(field.line, field.column, False, "boolean")
    if name in ("int", "long", "short", "byte", "double", "float"):
        return tree.Literal(field.line, field.column, 0, "int")
    return tree.Literal(field.line, field.column, None, "null")


def _single(node: tree.ClassDef) -> tree.FieldDef:
    at = node.line, node.column
    made = tree.New(*at, tree.TypeRef(*at, node.name), ())
    return tree.FieldDef(*at, "instance", None, made, is_static=True, is_final=True)
