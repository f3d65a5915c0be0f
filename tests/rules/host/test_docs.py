"""Every example of docs/rules.md that has a ticket does what stands below it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules.errors import RuleError
from rules.host.known import known_names
from rules.host.scene import Outcome
from rules.language.check import check
from rules.language.host import HostObject
from sync.rule import RuleSide
from tests.rules.host.scenes import FACTS, Node, incoming, outgoing

DOCS = Path(__file__).parents[3] / "docs" / "rules.md"
NODE = Node(answers={("ticket", "12"): {"id": "12", "shown": "#12"}})
Example = tuple[str, str, dict[str, Any]]


def documented_kinds() -> Iterator[type[HostObject]]:
    """What a rule may hold, but the shims of classes that it names with `new`."""
    shims = {"Trace", "Tuple", "Sequence"}
    todo = list(HostObject.__subclasses__())
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__.startswith("rules.host.") and kind.__name__ not in shims:
            yield kind


def examples() -> Iterator[Example]:
    fence = r"^```groovy (outgoing|incoming|first)\n(.*?)^```$"
    blocks = re.finditer(fence, DOCS.read_text(), re.DOTALL | re.MULTILINE)
    for found in blocks:
        text, _, told = found[2].rstrip().rpartition("\n")
        yield found[1], text, json.loads(re.sub(r"^// (leaves|writes) ", "", told))


def played(side: str, text: str) -> Outcome:
    if side == "outgoing":
        return outgoing(text, node=NODE)
    if side == "first":
        return incoming(text, node=NODE, ticket=None, first_sync=True)
    return incoming(text, node=NODE, previous={"status": "New"})


def shown(outcome: Outcome, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields, and of the rest what the example speaks of."""
    rest = {
        "comments": [one.text for one in outcome.comments],
        "own_comments": [one.text for one in outcome.own_comments],
        "files": list(outcome.files),
        "removed": list(outcome.removed),
        "log": [text for _, text in outcome.log],
        "link_to": outcome.link_to,
    }
    return {**outcome.fields, **{name: value for name, value in rest.items() if name in wanted}}


@pytest.mark.parametrize(("side", "text", "wanted"), list(examples()))
def test_an_example_does_what_it_says(side: str, text: str, wanted: dict[str, Any]) -> None:
    if "stops" in wanted:
        with pytest.raises(RuleError, match=re.escape(wanted["stops"])):
            played(side, text)
    else:
        assert shown(played(side, text), wanted) == wanted


@pytest.mark.parametrize(("side", "text", "wanted"), list(examples()))
def test_an_example_may_be_saved(side: str, text: str, wanted: dict[str, Any]) -> None:
    of = RuleSide.OUTGOING if side == "outgoing" else RuleSide.INCOMING
    assert check(text, known_names(of, FACTS)) == ()


def test_there_are_examples() -> None:
    assert len(list(examples())) >= 17


@pytest.mark.parametrize("kind", [*documented_kinds()], ids=lambda kind: kind.kind_name)
def test_every_name_of_every_object_is_in_the_docs(kind: type[HostObject]) -> None:
    text = DOCS.read_text()
    told = text[text.index("## What a rule sees") : text.index("## Limits")]
    words = set(re.findall(r"[\w.]+", told)) | set(re.findall(r"\w+", told))
    assert sorted(set(kind.MEMBERS) - words) == []


def test_every_variable_is_in_the_docs() -> None:
    words = set(re.findall(r"\w+", DOCS.read_text()))
    known = known_names(RuleSide.INCOMING)
    assert sorted({*known.variables, *known.functions} - words) == []
