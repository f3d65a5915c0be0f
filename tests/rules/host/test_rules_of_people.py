import pytest

from rules.host.known import known_names
from rules.language.check import check
from sync.rule import RuleSide
from tests.rules.host.rules_of_people import CASES, Case
from tests.rules.host.scenes import FACTS, incoming, outgoing


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_rules_of_people_run(case: Case) -> None:
    _, side, text, read, expected = case
    if side == "out":
        outcome = outgoing(text)
    elif side == "first":
        outcome = incoming(text, ticket=None, first_sync=True)
    else:
        outcome = incoming(text, previous={"priority": "Low"})
    assert read(outcome) == expected


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_rules_of_people_may_be_saved(case: Case) -> None:
    side = RuleSide.OUTGOING if case[1] == "out" else RuleSide.INCOMING
    for facts in (None, FACTS):
        assert [str(one) for one in check(case[2], known_names(side, facts)) if one.is_error] == []
