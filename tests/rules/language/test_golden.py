"""What Groovy 4.0.26 answers to one-line scripts, and the short list of what we answer differently on purpose."""

from pathlib import Path

import pytest

from rules.language.check import check
from rules.language.evaluate import eval_line
from rules.language.lint.known import KnownNames

GOLDEN = Path(__file__).parents[2] / "golden"


def rows(name: str) -> list[tuple[str, str]]:
    lines = (GOLDEN / name).read_text(encoding="utf-8").split("\n")
    return [(line.split("\t", 1)[0], line.split("\t", 1)[1]) for line in lines if "\t" in line and line[0] != "#"]


def compared(answer: str) -> str:
    """Class and text of a value; of an exception the class only; of a text that is no script only that."""
    if answer.startswith("EXC "):
        return answer.split(":")[0]
    return "COMPILE" if answer.startswith("COMPILE") else answer.rstrip()


def test_scripts_answer_as_groovy_does() -> None:
    probes = rows("groovy-semantics.tsv")
    known = dict(rows("groovy-differences.tsv"))
    different = {probe for probe, answer in probes if compared(eval_line(probe)) != compared(answer)}
    share = 1 - len(different) / len(probes)
    print(f"{len(probes) - len(different)} of {len(probes)} probes agree: {share:.1%}")  # noqa: T201
    assert different == set(known)
    assert share >= 0.98


def test_further_scripts_answer_as_groovy_does() -> None:
    """What people write in sync rules, and what was found to differ once."""
    different = [
        (probe, answer, found)
        for probe, answer in rows("groovy-probes.tsv")
        if compared(found := eval_line(probe.replace("⏎", "\n"))) != compared(answer)
    ]
    assert different == []


WHOLE = rows("rules/answers.tsv")


def whole_rule(name: str) -> str:
    """The rule on the ticket, with what it put into the replica as its result."""
    ticket, rule, shown = (
        (GOLDEN / "rules" / file).read_text(encoding="utf-8") for file in ("ticket.txt", f"{name}.groovy", "shown.txt")
    )
    lines = rule.splitlines()
    imports = [line for line in lines if line.startswith("import ")]
    return "\n".join([*imports, ticket, *(line for line in lines if line not in imports), shown])


@pytest.mark.parametrize(("name", "answer"), WHOLE, ids=[name for name, _ in WHOLE])
def test_whole_rules_answer_as_groovy_does(name: str, answer: str) -> None:
    assert eval_line(whole_rule(name)) == answer


@pytest.mark.parametrize("name", [name for name, _ in WHOLE])
def test_whole_rules_may_be_saved(name: str) -> None:
    assert [str(found) for found in check(whole_rule(name), KnownNames()) if found.is_error] == []


def test_every_difference_has_a_reason() -> None:
    assert all(len(reason) > 20 for _, reason in rows("groovy-differences.tsv"))
