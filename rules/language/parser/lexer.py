"""Cuts a rule into tokens: one pass, with every bracket's partner known afterwards."""

from rules.language.errors import NotGroovy, TooMuch
from rules.language.parser.texts import TextReader
from rules.language.parser.tokens import (
    END,
    GSTRING,
    NAME,
    NEWLINE,
    NUMBER,
    OP,
    STRING,
    TOKEN,
    Token,
    ends_value,
    read_number,
)

_CLOSING = {")": ("(",), "]": ("[", "?["), "}": ("{",)}
_OPENING = frozenset(("(", "[", "{", "?["))
_DEEPEST_BRACKETS = 400
_DEEPEST_TEXTS = 30
# A rule of the greatest length in one-letter names has more; rules that people write have a tenth of it.
_MOST_TOKENS = 60_000


class Lexer:
    """Reads one source, whose lines end with `\\n` alone. `at` is the offset of the next character."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.line = 1
        self.line_start = 0
        self.depth = 0
        self.tokens: list[Token] = []
        self.open: list[int] = []

    def run(self) -> list[Token]:
        """All tokens, with an END behind the last. Raises NotGroovy and TooMuch."""
        while self.step():
            pass
        return self.finished()

    def finished(self) -> list[Token]:
        if self.open:
            token = self.tokens[self.open[-1]]
            raise NotGroovy(f"'{token.value}' is never closed", token.line, token.column)
        self.add(END, "", self.at, self.at)
        return self.tokens

    def embedded(self) -> list[Token]:
        """The tokens of `{…}` from here to the brace that closes it, both included, and an END."""
        if self.depth >= _DEEPEST_TEXTS:
            raise self.too_much("texts in texts are nested too deeply")
        outside = self.tokens, self.open
        self.tokens, self.open = [], []
        self.depth += 1
        while self.step() and self.open:
            pass
        self.depth -= 1
        found = self.finished()
        self.tokens, self.open = outside
        return found

    def fail(self, message: str, at: int) -> NotGroovy:
        """An error at an offset, which may lie before the present line."""
        line = self.source.count("\n", 0, at) + 1
        return NotGroovy(message, line, at - self.source.rfind("\n", 0, at))

    def too_much(self, message: str) -> TooMuch:
        return TooMuch(message, self.line, self.at - self.line_start + 1)

    def add(self, kind: str, value: object, start: int, end: int) -> Token:
        token = Token(kind, value, self.line, start - self.line_start + 1, start, end)
        self.tokens.append(token)
        if len(self.tokens) > _MOST_TOKENS:
            raise TooMuch("the rule has too many words and signs", token.line, token.column)
        return token

    def lines_passed(self, start: int, end: int) -> None:
        """Count the line ends between two offsets that were gone over at once."""
        count = self.source.count("\n", start, end)
        if count:
            self.line += count
            self.line_start = self.source.rfind("\n", start, end) + 1

    def step(self) -> bool:
        """Read what comes next; False at the end."""
        start = self.at
        found = TOKEN.match(self.source, start)
        if found is None:
            if start >= len(self.source):
                return False
            raise self.fail(f"unexpected character {self.source[start]!r}", start)
        group = found.lastgroup
        end = self.at = found.end()
        # The commonest first.
        if group == "op":
            self.operator(found.group(), start)
        elif group == "blank":
            if end - start > 1:
                self.lines_passed(start, end)
        elif group in ("name", "money"):
            self.add(NAME, found.group(), start, end)
        elif group == "plain":
            self.add(STRING, self.source[start + 1 : end - 1], start, end)
        elif group == "newline":
            self.newline(start)
        elif group == "number":
            self.number(found.group(), start)
        elif group == "quote":
            self.text(found.group(), found.group(), start)
        elif group == "dollar":
            self.text("$/", "/$", start)
        elif group == "block":
            self.comment(start)
        return True

    def newline(self, start: int) -> None:
        inside = self.open and self.tokens[self.open[-1]].value != "{"
        if not inside and self.tokens and self.tokens[-1].kind != NEWLINE:
            self.add(NEWLINE, "\n", start, start + 1)
        self.line += 1
        self.line_start = start + 1

    def comment(self, start: int) -> None:
        stop = self.source.find("*/", start + 2)
        if stop < 0:
            raise self.fail("the comment is never closed", start)
        self.at = stop + 2
        self.lines_passed(start, self.at)

    def number(self, text: str, start: int) -> None:
        following = self.source[self.at : self.at + 1]
        if following.isalnum() or (following in ("_", "$") and following):
            raise self.fail(f"a number cannot go on with {following!r}", self.at)
        read_number(text, self.add(NUMBER, None, start, self.at))

    def text(self, opening: str, closing: str, start: int) -> None:
        """A quoted text that needs a closer look."""
        line, line_start = self.line, self.line_start
        before = len(self.tokens)
        parts = TextReader(self, opening, closing, start).run()
        assert before == len(self.tokens)
        is_plain = all(isinstance(part, str) for part in parts)
        value: object = "".join(str(part) for part in parts) if is_plain else parts
        token = Token(STRING if is_plain else GSTRING, value, line, start - line_start + 1, start, self.at)
        self.tokens.append(token)

    def operator(self, text: str, start: int) -> None:
        if text[0] == "/" and not ends_value(self.tokens[-1] if self.tokens else None) and not self.names_property():
            self.at = start + 1
            self.text("/", "/", start)
            return
        if text == "?[" and self.tokens and self.tokens[-1].end != start:
            # `a ?[1] : b` is a choice, `a?[1]` an index.
            text = "?"
            self.at -= 1
        token = self.add(OP, text, start, self.at)
        here = len(self.tokens) - 1
        if text in _OPENING:
            if len(self.open) >= _DEEPEST_BRACKETS:
                raise TooMuch("brackets are nested too deeply", token.line, token.column)
            self.open.append(here)
        elif text in _CLOSING:
            self.close(token, here)
        elif text == "->" and self.open:
            outer = self.tokens[self.open[-1]]
            if outer.value == "{" and outer.arrow < 0:
                outer.arrow = here

    def names_property(self) -> bool:
        """Whether the last word is the name of a property, `m.in`, though elsewhere it means something."""
        return len(self.tokens) > 1 and self.tokens[-1].kind == NAME and self.tokens[-2].value in (".", "?.", "*.")

    def close(self, token: Token, here: int) -> None:
        if not self.open:
            raise NotGroovy(f"'{token.value}' closes nothing", token.line, token.column)
        opening = self.open.pop()
        other = self.tokens[opening]
        if other.value not in _CLOSING[token.value]:
            wanted = {"(": ")", "{": "}"}.get(other.value, "]")
            message = f"expected '{wanted}' for the '{other.value}' in line {other.line} but found '{token.value}'"
            raise NotGroovy(message, token.line, token.column)
        other.partner = here
        token.partner = opening
