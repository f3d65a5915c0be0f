"""The check of the rule language, as flows and the people above them see it."""

from flows.rule_check import Remark
from rules.language.errors import PlacedError
from rules.language.parser import parse
from sync.rule import RuleSide


def language_check(side: RuleSide, text: str) -> tuple[Remark, ...]:
    """What can be known of a rule before it runs."""
    try:
        script = parse(text)
    except PlacedError as error:
        return (Remark(error.line, error.column, error.message),)
    return tuple(Remark(one.line, one.column, one.message, may_pass=True) for one in script.warnings)
