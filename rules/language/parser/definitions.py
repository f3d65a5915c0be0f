"""The top level of a script: imports, functions, classes."""

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.cursor import MODIFIERS, RESERVED
from rules.language.parser.statements import Statements
from rules.language.parser.tokens import END, NAME, NEWLINE, OP, Token


class Definitions(Statements):
    def __init__(self, tokens: list[Token], depth: int = 0, source: str = "") -> None:
        super().__init__(tokens, depth)
        self.source = source
        self.functions: list[tree.FunctionDef] = []
        self.classes: list[tree.ClassDef] = []
        self.imports: list[tree.Import] = []
        self.remarks: list[tree.Remark] = []

    def source_text(self, start: int, end: int) -> str:
        return self.source[start:end]

    def remark(self, message: str, token: Token) -> None:
        self.remarks.append(tree.Remark(token.line, token.column, message))

    def script(self) -> tree.Script:
        statements: list[tree.Statement] = []
        while True:
            while self.token.kind == NEWLINE or self.is_op(";"):
                self.advance()
            if self.token.kind == END:
                break
            if self.is_op("}"):
                raise self.unexpected()
            statements.extend(self.top_level())
            self.end_of_statement(())
        return tree.Script(
            1,
            1,
            tuple(statements),
            tuple(self.functions),
            tuple(self.classes),
            tuple(self.imports),
            tuple(self.remarks),
        )

    def top_level(self) -> list[tree.Statement]:
        if self.is_word("import"):
            self.imports.append(self.import_clause())
            return []
        if self.is_word("package"):
            while self.token.kind not in (NEWLINE, END) and not self.is_op(";"):
                self.advance()
            return []
        start = self.at
        modifiers, _ = self.modifiers() if not self._is_plain_word() else (set(), False)
        if self.is_word("import", "package"):
            # Only an annotation, such as @Grab, may have stood in front.
            return self.top_level()
        if self.is_word("class", "interface", "enum", "trait"):
            self.class_("abstract" in modifiers)
            return []
        function = self.function(modifiers)
        if function is not None:
            self.functions.append(function)
            return []
        self.at = start
        return self.statement()

    def _is_plain_word(self) -> bool:
        return not (self.is_op("@") or self.is_word(*MODIFIERS))

    def import_clause(self) -> tree.Import:
        token = self.advance()
        is_static = self.take_word("static")
        parts = [str(self.expect_name().value)]
        is_star = False
        while self.take("."):
            if self.take("*"):
                is_star = True
                break
            parts.append(str(self.expect_name().value))
        if self.is_op("*.") or self.is_op("*"):
            raise self.unexpected()
        alias = str(self.expect_name().value) if self.take_word("as") else None
        return tree.Import(token.line, token.column, ".".join(parts), alias, is_static, is_star)

    def function(self, modifiers: set[str]) -> tree.FunctionDef | None:
        """The function that is defined here, None where something else stands."""
        type_: tree.TypeRef | None = None
        if modifiers and self.is_op("<"):
            self.at = max(self.skip_generics(self.at), self.at)
        index = self.at
        if not self._is_signature(index, bool(modifiers)):
            after = self.skip_type(index)
            if after < 0 or not self._is_signature(after, True):
                return None
            type_ = self.type_ref()
        name = self.advance()
        self.expect("(")
        parameters = self.parameters(")")
        self.expect(")")
        self.throws()
        self.skip_newlines()
        body = self.block()
        return tree.FunctionDef(
            name.line,
            name.column,
            name.value,
            tuple(parameters),
            body,
            type_,
            "static" in modifiers,
            "final" in modifiers,
        )

    def _is_signature(self, index: int, has_type: bool) -> bool:
        """Whether a name, a parameter list and a body stand at that index."""
        token = self.tokens[index]
        if not has_type or token.kind != NAME or token.value in RESERVED:
            return False
        opening = self.tokens[index + 1]
        if opening.kind != OP or opening.value != "(":
            return False
        after = opening.partner + 1
        while self.tokens[after].kind == NEWLINE:
            after += 1
        following = self.tokens[after]
        return following.value == "{" or (following.kind == NAME and following.value == "throws")

    def throws(self) -> None:
        if self.take_word("throws"):
            self.type_ref()
            while self.take(","):
                self.type_ref()

    def class_(self, is_abstract: bool, outside: str = "") -> None:
        token = self.advance()
        if token.value == "trait":
            raise NotGroovy("traits are not part of rules", token.line, token.column)
        name = self.expect_name("a class name")
        if self.is_op("<"):
            self.at = max(self.skip_generics(self.at), self.at + 1)
        superclass, interfaces = self.ancestors(token.value)
        self.skip_newlines()
        self.expect("{")
        parts = Members(f"{outside}.{name.value}" if outside else name.value, token.value)
        if is_abstract:
            parts.abstract.append("")
        if token.value == "enum":
            self.enum_constants(parts)
        self.members(parts)
        self.expect("}")
        self.classes.append(parts.built(name, superclass, interfaces))

    def ancestors(self, kind: str) -> tuple[tree.TypeRef | None, list[tree.TypeRef]]:
        superclass = None
        interfaces: list[tree.TypeRef] = []
        self.skip_newlines()
        if self.take_word("extends"):
            first = self.type_ref()
            if kind == "interface":
                interfaces.append(first)
                while self.take(","):
                    interfaces.append(self.type_ref())
            else:
                superclass = first
        self.skip_newlines()
        if self.take_word("implements"):
            interfaces.append(self.type_ref())
            while self.take(","):
                interfaces.append(self.type_ref())
        return superclass, interfaces

    def enum_constants(self, parts: "Members") -> None:
        self.skip_newlines()
        while self.token.kind == NAME and self.token.value not in RESERVED:
            following = self.peek()
            if not (following.kind == NEWLINE or following.value in (",", ";", "(", "}")):
                return
            name = self.advance()
            arguments = self.arguments() if self.is_op("(") else ()
            parts.constants.append(tree.EnumConstant(name.line, name.column, name.value, arguments))
            self.skip_newlines()
            if not self.take(","):
                return
            self.skip_newlines()

    def members(self, parts: "Members") -> None:
        while True:
            while self.token.kind == NEWLINE or self.is_op(";"):
                self.advance()
            if self.is_op("}") or self.token.kind == END:
                return
            self.member_of(parts)

    def member_of(self, parts: "Members") -> None:
        modifiers, _ = self.modifiers()
        if self.is_word("class", "interface", "enum"):
            self.class_("abstract" in modifiers, parts.name)
            return
        if self.is_op("{"):
            block = self.block()
            if "static" not in modifiers:
                raise NotGroovy("initializer blocks without 'static' are not part of rules", block.line, block.column)
            parts.starters.append(block)
            return
        simple = parts.name.rpartition(".")[2]
        if self.is_word(simple) and self._is_signature(self.at, True):
            constructor = self.function(modifiers | {"def"})
            assert constructor is not None
            parts.constructors.append(constructor)
            return
        method = self.function(modifiers) or self.abstract_method(modifiers, parts)
        if method is not None:
            parts.methods.append(method)
            return
        self.fields(modifiers, parts)

    def abstract_method(self, modifiers: set[str], parts: "Members") -> tree.FunctionDef | None:
        """A method without a body, in an interface or marked abstract."""
        if "abstract" not in modifiers and parts.kind != "interface":
            return None
        start = self.at
        after = self.skip_type(self.at)
        type_ = None
        if after >= 0 and self.tokens[after].kind == NAME and self.tokens[after + 1].value == "(":
            type_ = self.type_ref()
        if not (self.token.kind == NAME and self.peek().value == "("):
            self.at = start
            return None
        name = self.advance()
        self.expect("(")
        parameters = self.parameters(")")
        self.expect(")")
        self.throws()
        parts.abstract.append(name.value)
        body = tree.Block(name.line, name.column, ())
        return tree.FunctionDef(name.line, name.column, name.value, tuple(parameters), body, type_)

    def fields(self, modifiers: set[str], parts: "Members") -> None:
        found = self.typed_name(bool(modifiers))
        if found is None:
            raise self.unexpected("a field or a method")
        type_, name = found
        for made in self.variables(type_, name, is_final="final" in modifiers, is_field=False):
            assert isinstance(made, tree.Declaration)
            parts.fields.append(
                tree.FieldDef(
                    made.line,
                    made.column,
                    made.name,
                    made.type,
                    made.value,
                    "static" in modifiers,
                    "final" in modifiers,
                    not modifiers & {"private", "public", "protected"},
                )
            )
        self.end_of_statement(())


class Members:
    """What a class consists of, while it is read."""

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.fields: list[tree.FieldDef] = []
        self.constructors: list[tree.FunctionDef] = []
        self.methods: list[tree.FunctionDef] = []
        self.starters: list[tree.Block] = []
        self.constants: list[tree.EnumConstant] = []
        self.abstract: list[str] = []

    def built(self, at: Token, superclass: tree.TypeRef | None, interfaces: list[tree.TypeRef]) -> tree.ClassDef:
        return tree.ClassDef(
            at.line,
            at.column,
            self.name,
            superclass,
            tuple(interfaces),
            tuple(self.fields),
            tuple(self.constructors),
            tuple(self.methods),
            tuple(self.starters),
            tuple(self.constants),
            self.kind,
            tuple(self.abstract),
        )
