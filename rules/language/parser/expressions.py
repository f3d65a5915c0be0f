"""Expressions by binding strength."""

from typing import Any

from rules.language import tree
from rules.language.errors import NotGroovy
from rules.language.parser.cursor import PRIMITIVES, RESERVED
from rules.language.parser.paths import Paths
from rules.language.parser.tokens import GSTRING, NAME, NEWLINE, NUMBER, OP, STRING, Token

ASSIGNMENTS = {"=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "?="}
LEVELS: dict[str, int] = {}
for _level, _operators in enumerate(
    ("||", "&&", "|", "^", "&", "=~ ==~", "== != <=> === !==", "< > <= >= in !in", "instanceof !instanceof as",
     "<< >> >>> .. ..< <.. <..<", "+ -", "* / %")
):  # fmt: skip
    for _operator in _operators.split():
        LEVELS[_operator] = _level
NESTING = {"as", "instanceof", "!instanceof", "..", "..<", "<..", "<..<"}


class Expressions(Paths):
    """Operators, choices and assignments."""

    def expression(self) -> tree.Expression:
        """A whole expression, assignments included."""
        self.deeper()
        found = self.lambda_() or self.ternary()
        operator = self.assignment_operator()
        if operator is not None:
            at = self.token
            self.at += operator[1]
            self.skip_newlines()
            if not isinstance(found, tree.Name | tree.Property | tree.Index):
                message = f"a value stands in front of '{operator[0]}' that cannot be set"
                raise NotGroovy(message, at.line, at.column)
            found = tree.Assign(at.line, at.column, operator[0], found, self.expression())
        self.depth -= 1
        return found

    def assignment_operator(self) -> tuple[str, int] | None:
        if self.token.kind != OP:
            return None
        text, count = self.joined()
        return (text, count) if text in ASSIGNMENTS else None

    def joined(self) -> tuple[str, int]:
        """The operator here and how many tokens it takes: `>` is read singly because of generics."""
        text, count = self.token.value, 1
        while text in (">", ">>") or (text == "<.." and count == 1):
            following = self.peek(count)
            adjacent = following.kind == OP and following.start == self.peek(count - 1).end
            if not adjacent or following.value not in ((">", ">=") if text[0] == ">" else ("<",)):
                break
            text += following.value
            count += 1
        return text, count

    def lambda_(self) -> tree.Expression | None:
        """`x -> …` and `(a, b) -> …`."""
        token = self.token
        if self.no_lambda:
            return None
        if token.kind == NAME and token.value not in RESERVED and self.peek().value == "->" and self.peek().kind == OP:
            self.advance()
            parameters = [tree.Parameter(token.line, token.column, token.value)]
        elif token.value == "(" and token.kind == OP and self.tokens[token.partner + 1].value == "->":
            self.advance()
            parameters = self.parameters(")")
            self.expect(")")
        else:
            return None
        self.advance()
        return self.lambda_body(token, tuple(parameters))

    def lambda_body(self, token: Token, parameters: tuple[tree.Parameter, ...]) -> tree.Expression:
        self.skip_newlines()
        if self.is_op("{"):
            body = self.block()
        else:
            value = self.expression()
            body = tree.Block(value.line, value.column, (tree.ExpressionStatement(value.line, value.column, value),))
        return tree.ClosureLiteral(token.line, token.column, parameters, body, is_lambda=True)

    def ternary(self) -> tree.Expression:
        condition = self.binary(0)
        following = self.after_newlines()
        if following.kind != OP or following.value not in ("?", "?:"):
            return condition
        self.skip_newlines()
        at = self.advance()
        self.skip_newlines()
        if at.value == "?:":
            return tree.Elvis(at.line, at.column, condition, self.branch())
        outside, self.no_lambda = self.no_lambda, self.no_lambda
        yes = self.branch()
        self.no_lambda = outside
        self.expect(":")
        self.skip_newlines()
        return tree.Ternary(condition.line, condition.column, condition, yes, self.branch())

    def branch(self) -> tree.Expression:
        """What stands behind `?`, `:` and `?:`."""
        self.deeper()
        found = self.lambda_() or self.ternary()
        if self.assignment_operator() is not None and self.token.value == "=":
            raise self.unexpected()
        self.depth -= 1
        return found

    def operator_here(self) -> tuple[str, int, int]:
        """The binary operator ahead, how many tokens it takes, and how many line ends stand before it."""
        skipped = 0
        token = self.token
        if token.kind == NEWLINE:
            index = self.at
            while self.tokens[index].kind == NEWLINE:
                index += 1
            following = self.tokens[index]
            if following.kind not in (OP, NAME) or following.value not in LEVELS or following.value in ("+", "-"):
                return "", 0, 0
            skipped = index - self.at
            token = following
        outside, self.at = self.at, self.at + skipped
        text, count = self.word_operator(token) if token.kind == NAME or token.value == "!" else self.joined_or_none()
        self.at = outside
        return text, count, skipped

    def joined_or_none(self) -> tuple[str, int]:
        if self.token.kind != OP:
            return "", 0
        text, count = self.joined()
        return (text, count) if text in LEVELS else ("", 0)

    def word_operator(self, token: Token) -> tuple[str, int]:
        if token.kind == NAME:
            return (token.value, 1) if token.value in ("in", "instanceof", "as") else ("", 0)
        following = self.peek()
        if following.kind == NAME and following.value in ("in", "instanceof") and following.start == token.end:
            return "!" + following.value, 2
        return "", 0

    def binary(self, level: int) -> tree.Expression:
        """Operators of this binding strength and tighter ones, by climbing."""
        left = self.unary()
        return self.climb(left, level)

    def climb(self, left: tree.Expression, level: int) -> tree.Expression:
        """Operators of one strength in a row are kept in `links` and become one flat node."""
        links: list[tree.Link] = []
        strength = -1
        nested = 0
        while True:
            text, count, skipped = self.operator_here()
            mine = LEVELS.get(text, -1)
            if links and (mine != strength or text in NESTING):
                left, links = folded(left, links), []
            if mine < level:
                return left
            if text in ("&&", "||"):
                left = self.logical(left, text)
                continue
            self.at += skipped
            at = self.token
            self.at += count
            self.skip_newlines()
            if text in NESTING:
                nested += 1
                self.check_length(nested)
                left = self.nesting(left, text, at)
                continue
            right = self.climb(self.unary(), mine + 1)
            links.append(tree.Link(at.line, at.column, text, right))
            strength = mine

    def nesting(self, left: tree.Expression, text: str, at: Token) -> tree.Expression:
        """Operators that cannot be kept flat: types and ranges."""
        if ".." not in text:
            return self.typed(left, text, at)
        right = self.climb(self.unary(), LEVELS[text] + 1)
        return tree.RangeLiteral(
            at.line, at.column, left, right, excludes_last=text.endswith("<"), excludes_first=text.startswith("<")
        )

    def logical(self, left: tree.Expression, text: str) -> tree.Expression:
        operands = [left]
        level = LEVELS[text] + 1
        place = self.after_newlines()
        while True:
            following, _, skipped = self.operator_here()
            if following != text:
                break
            self.at += skipped + 1
            self.skip_newlines()
            operands.append(self.climb(self.unary(), level))
        return tree.Logical(place.line, place.column, text, tuple(operands))

    def typed(self, left: tree.Expression, text: str, at: Token) -> tree.Expression:
        type_ = self.type_ref()
        if text == "as":
            return tree.Cast(at.line, at.column, type_, left, is_as=True)
        return tree.InstanceOf(at.line, at.column, left, type_, negated=text[0] == "!")

    def type_ref(self) -> tree.TypeRef:
        start = self.token
        end = self.skip_type(self.at)
        if end < 0:
            raise self.unexpected("a type")
        name = self.type_name(self.at)
        dimensions = 0
        index = end
        while index - 2 >= self.at and self.tokens[index - 1].value == "]" and self.tokens[index - 2].value == "[":
            dimensions += 1
            index -= 2
        self.at = end
        return tree.TypeRef(start.line, start.column, name, dimensions)

    def unary(self) -> tree.Expression:
        token = self.token
        if token.kind == OP and token.value in ("!", "~", "-", "+", "++", "--"):
            self.deeper()
            found = self.prefixed(token)
            self.depth -= 1
            return found
        if token.kind == OP and token.value == "(" and self.is_cast():
            self.deeper()
            self.advance()
            type_ = self.type_ref()
            self.expect(")")
            found = tree.Cast(token.line, token.column, type_, self.unary(), is_as=False)
            self.depth -= 1
            return found
        return self.power(self.postfix())

    def prefixed(self, token: Token) -> tree.Expression:
        self.advance()
        if token.value in ("++", "--"):
            return tree.Increment(token.line, token.column, token.value, self.unary(), is_prefix=True)
        if token.value in ("-", "+"):
            operand = self.unary()
            if token.value == "-" and isinstance(operand, tree.Literal):
                return negative(operand, token)
            return tree.Unary(token.line, token.column, token.value, operand)
        # `!a ** b` negates a alone; `! ~` bind tighter than the power.
        return self.power(tree.Unary(token.line, token.column, token.value, self.tight()))

    def tight(self) -> tree.Expression:
        """The operand of `!` and `~`."""
        token = self.token
        if (token.kind == OP and token.value in ("!", "~", "-", "+", "++", "--")) or (
            token.kind == OP and token.value == "(" and self.is_cast()
        ):
            return self.unary()
        return self.postfix()

    def power(self, left: tree.Expression) -> tree.Expression:
        links: list[tree.Link] = []
        while self.is_op("**"):
            at = self.advance()
            self.skip_newlines()
            links.append(tree.Link(at.line, at.column, "**", self.power_operand()))
        return folded(left, links) if links else left

    def power_operand(self) -> tree.Expression:
        if self.is_op("-", "+", "!", "~"):
            token = self.token
            self.deeper()
            self.advance()
            found: tree.Expression = tree.Unary(token.line, token.column, token.value, self.power_operand())
            if token.value == "-" and isinstance(found, tree.Unary) and isinstance(found.operand, tree.Literal):
                found = negative(found.operand, token)
            self.depth -= 1
            return found
        return self.postfix()

    def is_cast(self) -> bool:
        """Whether the bracket here holds the type of a cast."""
        opening = self.at
        end = self.skip_type(opening + 1)
        partner = self.tokens[opening].partner
        if end < 0 or end != partner:
            return False
        name = self.type_name(opening + 1)
        following = self.tokens[partner + 1]
        if following.kind == NAME:
            fits = following.value not in RESERVED or following.value in ("new", "null", "true", "false", "switch")
        else:
            allowed = ("(", "[", "{", "!", "~") + (("-", "+", "++", "--") if name in PRIMITIVES else ())
            fits = following.kind in (NUMBER, STRING, GSTRING) or (following.kind == OP and following.value in allowed)
        last = name.rpartition(".")[2]
        return fits and (name in PRIMITIVES or last[:1].isupper())


def folded(left: tree.Expression, links: list[tree.Link]) -> tree.Expression:
    """`left` with one or more operators behind it."""
    if len(links) == 1:
        return tree.Binary(links[0].line, links[0].column, links[0].op, left, links[0].right)
    return tree.Chain(left.line, left.column, left, tuple(links))


def negative(operand: tree.Literal, token: Token) -> tree.Expression:
    """A number with its sign."""
    value: Any = operand.value
    if operand.kind == "long" and value == 2**31:
        return tree.Literal(token.line, token.column, -value, "int")
    if operand.kind == "bigint" and value == 2**63:
        return tree.Literal(token.line, token.column, -value, "long")
    return tree.Unary(token.line, token.column, "-", operand)
