"""Whatever a rule passes to a member or assigns to it: the answer is a value or an error in Groovy's words."""

import pytest

from rules.errors import RuleError
from rules.host.known import known_names
from sync.rule import RuleSide
from tests.rules.host.scenes import incoming

KNOWN = known_names(RuleSide.INCOMING)
ODD = (
    "null", "-1.5", '"x"', '"${1}x"', "[null]", "[1, [2]]", "[a: [b: 1]]", "true", "{ it }", "issue",
    "replica.comments", "issue.reporter", "String", "1..3", "replica.comments[0]", "issue.customFields", "nodeHelper",
)  # fmt: skip
CALLS = [
    f"{variable}.{name}({{}})"
    for variable, kind in KNOWN.variables.items()
    if kind and variable not in ("workItem", "incident", "defect", "problem", "requestItem", "issueBeforeScript")
    for name in KNOWN.kinds[kind].methods
] + ["store({})", "throw new IssueTrackerException({})", "new BasicIssueKey({})", "traces.add({})"]
PROPERTIES = [
    f"{variable}.{name} = {{}}"
    for variable in ("issue", "replica")
    for name in KNOWN.kinds[KNOWN.variables[variable]].properties
    if name.isidentifier()
]
SINKS = [
    "replica.comments[0].author = {}\nissue.comments = replica.comments",
    "issue.customFields.Cost = {}",
    "replica.customFields = {}",
    'issue.customFields."Go live".value = {}',
    "return new scala.Tuple2({}, {})",
]


def troubles(texts: list[str]) -> list[str]:
    """The texts that end with an error which is not the rule's."""
    found = []
    for text in texts:
        try:
            incoming(text, previous={"a": 1}, http_allowed=True, dry_run=True)
        except RuleError as error:
            if "InternalError" in str(error):
                found.append(text)
    return found


@pytest.mark.parametrize("one", ODD)
def test_members_take_one_argument_of_any_kind(one: str) -> None:
    assert troubles([call.replace("{}", one) for call in CALLS]) == []


@pytest.mark.parametrize("one", ODD[::3])
def test_members_take_two_arguments_of_any_kind(one: str) -> None:
    assert troubles([call.replace("{}", f"{one}, {one}") for call in CALLS]) == []


@pytest.mark.parametrize("one", ODD[::2])
def test_properties_take_values_of_any_kind(one: str) -> None:
    assert troubles([text.replace("{}", one) for text in PROPERTIES + SINKS]) == []
