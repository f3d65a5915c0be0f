"""What is wrong with a rule before it runs, always with a place in its text."""

from dataclasses import dataclass


class PlacedError(Exception):
    """`line` and `column` start at 1; `message` is one sentence without the place."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.message = message
        self.line = line
        self.column = column


class NotGroovy(PlacedError):
    """The text is not a rule: the message says what was expected and what was found."""


class TooMuch(PlacedError):
    """The text is too long or nested deeply to be read. Not a NotGroovy: nothing may mistake one for the other."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about a rule at save time. Errors stop the save, the others do not."""

    line: int
    column: int
    message: str
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.message}"


def caret(source: str, line: int, column: int, width: int = 100) -> str:
    """The line with a `^` under the column, at most `width` characters of it around the place; two lines, no newline at
    the end. Tabs become single spaces and control characters `?`, so that the caret stands where it should."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    text = "".join(c if c.isprintable() else " " if c == "\t" else "?" for c in text)
    start = max(0, column - 1 - width * 2 // 3) if len(text) > width else 0
    return f"{text[start : start + width].rstrip()}\n{' ' * (column - 1 - start)}^"
