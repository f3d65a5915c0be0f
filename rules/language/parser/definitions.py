"""The top level of a script: imports, functions, classes."""

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.cursor import MODIFIERS, RESERVED
from rules.language.parser.statements import Statements
from rules.language.parser.tokens import END, NAME, NEWLINE, OP, STRING, Token


class Definitions(Statements):
    def __init__(self, tokens: list[Token], depth: int = 0, source: str = "") -> None:
        super().__init__(tokens, depth)
        self.source = source
        self.functions: list[tree.FunctionDef] = []
        self.classes: list[tree.ClassDef] = []
        self.imports: list[tree.Import] = []
        self.remarks: list[tree.Remark] = []
        self.annotations: list[tree.Annotation] = []

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
        self.annotations = []
        modifiers, _ = self.modifiers() if not self._is_plain_word() else (set(), False)
        if self.is_word("import", "package"):
            # Only an annotation, such as @Grab, may have stood in front.
            return self.top_level()
        if self.is_word("class", "interface", "enum", "trait") or self.is_record():
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

    def is_record(self) -> bool:
        """Whether `record Name(` stands here; alone the word is a name like any other."""
        return self.is_word("record") and self.peek().kind == NAME and self.peek(2).value == "("

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
        """Whether a name, which may be a text, a parameter list and a body stand at that index."""
        token = self.tokens[index]
        if not has_type or not (token.kind == STRING or (token.kind == NAME and token.value not in RESERVED)):
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
        annotations = self.annotations
        token = self.advance()
        name = self.expect_name("a class name")
        if self.is_op("<"):
            self.at = max(self.skip_generics(self.at), self.at + 1)
        parts = Members(f"{outside}.{name.value}" if outside else name.value, token.value)
        parts.annotations = annotations
        if token.value == "record":
            self.components(parts)
        superclass, interfaces = self.ancestors(token.value)
        self.skip_newlines()
        self.expect("{")
        if is_abstract:
            parts.abstract.append("")
        if token.value == "enum":
            self.enum_constants(parts)
        self.members(parts)
        self.expect("}")
        self.classes.append(parts.built(name, superclass, interfaces))

    def components(self, parts: "Members") -> None:
        """What a record holds: `(Type name, …)` behind its name."""
        self.expect("(")
        for made in self.parameters(")"):
            parts.fields.append(
                tree.FieldDef(made.line, made.column, made.name, made.type, made.default, is_final=True)
            )
        self.expect(")")

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
            if not (following.kind == NEWLINE or following.value in (",", ";", "(", "}", "{")):
                return
            name = self.advance()
            arguments = self.arguments() if self.is_op("(") else ()
            body = self.constant_body(name, parts) if self.is_op("{") else None
            parts.constants.append(tree.EnumConstant(name.line, name.column, name.value, arguments, body))
            self.skip_newlines()
            if not self.take(","):
                return
            self.skip_newlines()

    def constant_body(self, name: Token, outside: "Members") -> str:
        """`{ … }` behind a constant: a class of its own below the enum, by the name that this gives back."""
        count = sum(1 for constant in outside.constants if constant.body is not None) + 1
        parts = Members(f"{outside.name}.{count}", "class")
        self.expect("{")
        self.members(parts)
        self.expect("}")
        self.classes.append(parts.built(name, tree.TypeRef(name.line, name.column, outside.name), []))
        return parts.name

    def anonymous(self, type_: tree.TypeRef, arguments: tuple[tree.Expression, ...]) -> tree.Expression:
        """`new T() { … }` with methods only: a map of closures that plays T, so that they see the locals around."""
        self.deeper()
        opening, parts = self.token, Members("", "class")
        self.expect("{")
        self.members(parts)
        self.expect("}")
        self.depth -= 1
        at = opening.line, opening.column
        others = parts.fields or parts.constructors or parts.starters or parts.openers or parts.abstract
        if others or arguments or type_.name == "Object" or len({it.name for it in parts.methods}) < len(parts.methods):
            raise NotGroovy("an anonymous class has methods in rules, and nothing else", *at)
        entries = [
            tree.MapEntry(
                it.line,
                it.column,
                tree.Literal(it.line, it.column, it.name, "string"),
                tree.ClosureLiteral(it.line, it.column, it.parameters, it.body),
            )
            for it in parts.methods
        ]
        return tree.Cast(*at, type_, tree.MapLiteral(*at, tuple(entries)), is_as=True)

    def members(self, parts: "Members") -> None:
        while True:
            while self.token.kind == NEWLINE or self.is_op(";"):
                self.advance()
            if self.is_op("}") or self.token.kind == END:
                return
            self.member_of(parts)

    def member_of(self, parts: "Members") -> None:
        modifiers, _ = self.modifiers()
        if parts.kind == "interface" and self.take_word("default"):
            modifiers |= {"def"}
        if self.is_word("class", "interface", "enum", "trait") or self.is_record():
            self.class_("abstract" in modifiers, parts.name)
            return
        if self.is_op("{"):
            (parts.starters if "static" in modifiers else parts.openers).append(self.block())
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
        return tree.FunctionDef(name.line, name.column, name.value, tuple(parameters), body, type_, is_abstract=True)

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
        self.openers: list[tree.Block] = []
        self.annotations: list[tree.Annotation] = []
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
            tuple(self.openers),
            tuple(self.annotations),
        )
