"""Declarations of variables, and parameters."""

from typing import Any

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.commands import Commands
from rules.language.parser.cursor import MODIFIERS, PRIMITIVES, RESERVED
from rules.language.parser.tokens import NAME, OP, Token

# The annotations that give a class members of its own.
ANNOTATIONS = {
    "ToString", "EqualsAndHashCode", "TupleConstructor", "MapConstructor", "Canonical", "Immutable",
    "InheritConstructors", "Sortable", "Singleton",
}  # fmt: skip
# Those that change nothing, or are understood elsewhere.
_SILENT = {"Field", "Override", "SuppressWarnings", "Deprecated", "CompileStatic", "TypeChecked", "DelegatesTo"}


# What no variable may be called: they would hide the object itself from what is written for its class.
_OBJECTS = ("this", "super")


class Declarations(Commands):
    """Everything that gives a name to a place."""

    annotations: list[tree.Annotation]

    def declaration(self) -> list[tree.Statement]:
        """The declarations that stand here, or nothing when this is an expression."""
        start = self.at
        modifiers, is_field = self.modifiers()
        if self.is_op("(") and modifiers & {"def", "var", "final"}:
            return [self.multi_declaration("final" in modifiers)]
        found = self.typed_name(bool(modifiers) or is_field)
        if found is None:
            if modifiers or is_field:
                raise self.unexpected("a name")
            self.at = start
            return []
        type_, name = found
        if self.is_op("("):
            raise NotGroovy("functions belong at the top level of the rule", name.line, name.column)
        return self.variables(type_, name, is_final="final" in modifiers, is_field=is_field)

    def modifiers(self) -> tuple[set[str], bool]:
        """Go over modifiers and annotations; whether one was @Field. `annotations` keeps those that mean something."""
        found: set[str] = set()
        self.annotations = []
        is_field = False
        while True:
            if self.is_op("@"):
                is_field = self.annotation() == "Field" or is_field
                self.skip_newlines()
            elif self.is_word(*MODIFIERS) and not (self.is_word("var") and self.peek().kind != NAME):
                found.add(self.advance().value)
            else:
                return found, is_field

    def annotation(self) -> str:
        """Go over `@Name(…)` and give the name."""
        at = self.expect("@")
        name = str(self.expect_name().value)
        while self.take("."):
            name = str(self.expect_name().value)
        if name in ANNOTATIONS:
            self.annotations.append(tree.Annotation(at.line, at.column, name, self.options()))
            return name
        if self.is_op("("):
            self.at = self.token.partner + 1
        if name not in _SILENT:
            self.remark(f"@{name} is ignored", at)
        return name

    def options(self) -> dict[str, Any]:
        """What stands in the brackets of an annotation, as constants; anything else is left out. Raises NotGroovy."""
        given = self.arguments() if self.is_op("(") else ()
        return {
            one.target.name: _option(one.target.name, one.value)
            for one in given
            if isinstance(one, tree.Assign) and isinstance(one.target, tree.Name)
        }

    def remark(self, message: str, token: Token) -> None:
        raise NotImplementedError

    def typed_name(self, has_modifier: bool) -> tuple[tree.TypeRef | None, Token] | None:
        """The type and the name of a declaration here, None where none stands here."""
        after = self.skip_type(self.at)
        if after >= 0 and self._declares(self.at, after):
            type_ = self.type_ref()
            return type_, self.expect_name()
        if has_modifier and self.token.kind == NAME and self.token.value not in RESERVED:
            return None, self.advance()
        return None

    def _declares(self, start: int, after: int) -> bool:
        name = self.tokens[after]
        if name.kind != NAME or name.value in RESERVED:
            return False
        written = self.type_name(start)
        last = written.rpartition(".")[2]
        if last in PRIMITIVES or last[:1].isupper():
            return True
        following = self.tokens[after + 1]
        return following.kind == OP and following.value == "="

    def variables(
        self, type_: tree.TypeRef | None, name: Token, *, is_final: bool, is_field: bool
    ) -> list[tree.Statement]:
        found: list[tree.Statement] = []
        while True:
            if name.value in _OBJECTS:
                raise NotGroovy(f"expected a name but found '{name.value}'", name.line, name.column)
            value = None
            if self.take("="):
                self.skip_newlines()
                value = self.with_command(self.expression())
            if type_ is not None and type_.name == "void":
                raise NotGroovy("a variable cannot be void", type_.line, type_.column)
            found.append(tree.Declaration(name.line, name.column, type_, name.value, value, is_field, is_final))
            if not self.take(","):
                return found
            self.skip_newlines()
            name = self.expect_name()

    def multi_declaration(self, is_final: bool) -> tree.Statement:
        opening = self.expect("(")
        targets = self.parameters(")")
        self.expect(")")
        if not self.is_op("="):
            raise self.unexpected("'='")
        self.advance()
        self.skip_newlines()
        value = self.with_command(self.expression())
        return tree.MultiDeclaration(opening.line, opening.column, tuple(targets), value, is_final)

    def parameters(self, end: str) -> list[tree.Parameter]:
        found: list[tree.Parameter] = []
        self.skip_newlines()
        while not self.is_op(end):
            found.append(self.parameter())
            self.skip_newlines()
            if not self.take(","):
                break
            self.skip_newlines()
        return found

    def parameter(self) -> tree.Parameter:
        self.modifiers()
        type_ = None
        after = self.skip_type(self.at)
        if after >= 0 and (self.tokens[after].kind == NAME or self.tokens[after].value == "..."):
            type_ = self.type_ref()
        is_rest = self.take("...")
        if is_rest and type_ is not None:
            type_ = tree.TypeRef(type_.line, type_.column, type_.name, type_.dimensions + 1)
        name = self.expect_name("a parameter")
        if name.value in RESERVED or name.value in _OBJECTS:
            self.at -= 1
            raise self.unexpected("a parameter")
        default = None
        if self.take("="):
            self.skip_newlines()
            default = self.expression()
        return tree.Parameter(name.line, name.column, name.value, type_, default, is_rest)


def _option(name: str, value: tree.Expression) -> Any:
    """The value of an annotation's option. Raises NotGroovy where names are due and something else stands."""
    found = _constant(value)
    if name in ("includes", "excludes"):
        for one in found if isinstance(found, list) else (found,):
            if one is not None and not isinstance(one, str):
                raise NotGroovy(f"{name} takes names, a text or a list of texts", value.line, value.column)
    return found


def _constant(value: tree.Expression) -> Any:
    if isinstance(value, tree.ListLiteral):
        return [_constant(item) for item in value.items]
    return value.value if isinstance(value, tree.Literal) else None
