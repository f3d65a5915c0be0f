"""From the text of a rule to its tree."""

from rules.language import tree
from rules.language.errors import NotGroovy, TooMuch
from rules.language.limits import DEFAULT
from rules.language.parser.definitions import Definitions
from rules.language.parser.lexer import Lexer

__all__ = ["parse"]


def parse(source: str) -> tree.Script:
    """Raises NotGroovy or TooMuch, each with a place."""
    if len(source) > DEFAULT.source_characters:
        raise TooMuch(f"a rule may have at most {DEFAULT.source_characters:,} characters", 1, 1)
    try:
        tokens = Lexer(source).run()
        return Definitions(tokens, source=source).script()
    except RecursionError:
        raise TooMuch("the rule is nested too deeply", 1, 1) from None
    except IndexError:
        raise NotGroovy("the rule ends too early", 1, 1) from None
