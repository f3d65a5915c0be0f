"""From the text of a rule to its tree."""

from rules.language import tree
from rules.language.errors import TooMuch
from rules.language.limits import DEFAULT
from rules.language.parser.definitions import Definitions
from rules.language.parser.lexer import Lexer

__all__ = ["parse"]


def parse(source: str) -> tree.Script:
    """Raises NotGroovy or TooMuch, each with a place."""
    if len(source) > DEFAULT.source_characters:
        raise TooMuch(f"a rule may have at most {DEFAULT.source_characters:,} characters", 1, 1)
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    lexer = Lexer(source)
    try:
        parser = Definitions(lexer.run(), source=source)
    except RecursionError:
        raise lexer.too_much("the rule is nested too deeply") from None
    try:
        return parser.script()
    except RecursionError:
        raise TooMuch("the rule is nested too deeply", parser.token.line, parser.token.column) from None
