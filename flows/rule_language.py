"""The check of the rule language, as flows and the people above them see it."""

from flows.rule_check import Remark
from sync.rule import RuleSide


def language_check(side: RuleSide, text: str) -> tuple[Remark, ...]:
    """Everything that can be known of a rule before it runs."""
    return ()
