"""The check of the rule language, as flows and the people above them see it."""

from flows.rule_check import Check, Remark
from rules.host.known import known_names
from rules.language.check import check as check_language
from sync.rule import RuleSide
from sync.ticket import DeskFacts


def language_check(side: RuleSide, text: str) -> tuple[Remark, ...]:
    """Everything that can be known of a rule before it runs."""
    found = check_language(text, known_names(side))
    return tuple(Remark(one.line, one.column, one.message, may_pass=not one.is_error) for one in found)


def check_at(facts: DeskFacts, check: Check) -> Check:
    """`check`, and a word about each name that neither the language nor this desk has. It keeps no rule from being
    saved: a field may be added to the desk tomorrow."""

    def whole(side: RuleSide, text: str) -> tuple[Remark, ...]:
        found = check(side, text)
        if any(not one.may_pass for one in found):
            return found
        said = {(one.line, one.column) for one in found}
        more = _remarks(side, text, facts)
        return found + tuple(one for one in more if (one.line, one.column) not in said)

    return whole


def _remarks(side: RuleSide, text: str, facts: DeskFacts) -> tuple[Remark, ...]:
    found = check_language(text, known_names(side, facts))
    return tuple(Remark(one.line, one.column, f"at your desk, {one.message}", may_pass=True) for one in found)
