"""Every example of the language in docs/rules.md gives the result that stands behind its arrow."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.language.evaluate import eval_line

DOCS = Path(__file__).parents[1] / "docs" / "rules.md"
DIFFERENCES = Path(__file__).parent / "golden" / "groovy-differences.tsv"
ARROW = "// → "


def blocks() -> Iterator[str]:
    """What stands in fences marked as Groovy and has an arrow in it."""
    for found in re.finditer(r"^```groovy\n(.*?)^```$", DOCS.read_text(), re.DOTALL | re.MULTILINE):
        if ARROW in found[1]:
            yield found[1]


def examples() -> Iterator[tuple[str, str]]:
    """Scripts and their results: each line of a block by itself where each has an arrow, else the block as a whole."""
    for block in blocks():
        lines = [line for line in block.splitlines() if line.strip()]
        if all(ARROW in line for line in lines):
            for line in lines:
                script, result = line.split(ARROW)
                yield script.strip(), result.strip()
        else:
            *script_lines, last = lines
            yield "\n".join(script_lines), last.removeprefix(ARROW)


@pytest.mark.parametrize(("script", "result"), list(examples()))
def test_an_example_gives_what_the_docs_say(script: str, result: str) -> None:
    assert eval_line(script) == result


def test_there_are_examples() -> None:
    assert len(list(examples())) >= 40


def test_every_known_difference_from_groovy_is_listed_with_its_reason() -> None:
    listed = DOCS.read_text()
    lines = [line for line in DIFFERENCES.read_text().splitlines() if line and not line.startswith("#")]
    missing = [
        script for script, why in (line.split("\t") for line in lines) if f"| `{script}` | {why} |" not in listed
    ]
    assert not missing
