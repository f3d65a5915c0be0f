"""The check of the rule language, as flows and the people above them see it."""

from flows.rule_check import Remark
from rules.host.known import known_names
from rules.language.check import check
from sync.rule import RuleSide
from sync.ticket import DeskFacts


def language_check(side: RuleSide, text: str, facts: DeskFacts | None = None) -> tuple[Remark, ...]:
    """Everything that can be known of a rule before it runs; with the form of the desk also a word about each name that
    neither the language nor the desk has, which keeps no rule from being saved."""
    found = check(text, known_names(side, facts))
    return tuple(Remark(one.line, one.column, one.message, may_pass=not one.is_error) for one in found)
