"""Whole rules as people bring them from other tools: they may be saved, and give what they gave there."""

from typing import Any

import pytest

from rules.errors import RuleError
from rules.host.known import known_names
from rules.language.check import check
from sync.rule import RuleSide
from tests.rules.host.migrated_rules import ANSWERS, CASES
from tests.rules.host.rules_of_people import Case
from tests.rules.host.scenes import FACTS, Node, incoming, outgoing


def outcome_of(case: Case) -> Any:
    """What a rule gives; the sentence it stops with, where it does."""
    _, side, text, _, _ = case
    node = Node(answers=ANSWERS)
    try:
        if side == "out":
            return outgoing(text)
        if side == "first":
            return incoming(text, ticket=None, first_sync=True)
        return incoming(text, previous={"priority": "Low"}, node=node, http_allowed=True)
    except RuleError as stopped:
        return str(stopped)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_migrated_rules_run(case: Case) -> None:
    read, expected = case[3:]
    assert read(outcome_of(case)) == expected


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_migrated_rules_may_be_saved(case: Case) -> None:
    side = RuleSide.OUTGOING if case[1] == "out" else RuleSide.INCOMING
    for facts in (None, FACTS):
        assert [str(one) for one in check(case[2], known_names(side, facts)) if one.is_error] == []
