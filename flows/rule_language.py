"""The check of the rule language, as flows and the people above them see it."""

from flows.rule_check import Remark
from rules.host.known import known_names
from rules.language.check import check
from sync.rule import RuleSide


def language_check(side: RuleSide, text: str) -> tuple[Remark, ...]:
    """Everything that can be known of a rule before it runs."""
    found = check(text, known_names(side))
    return tuple(Remark(one.line, one.column, one.message, may_pass=not one.is_error) for one in found)
