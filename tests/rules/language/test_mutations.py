"""Rules with mistakes in them: the parser and the lint answer each one with a tree or with a place."""

import random
import re

import pytest

from rules.language.check import check
from rules.language.errors import PlacedError
from rules.language.lint.known import KnownNames
from rules.language.parser import parse
from tests.rules.language.test_parser import TREES

RULES = [
    '''
    def statuses = ["Open": "New", "Pending": "On hold", 'Resolved': 'Done']
    replica.summary = "[${issue.key}] ${issue.summary ?: 'no summary'}"
    replica.status = statuses[issue.status?.name] ?: "New"
    if (firstSync && !issue.labels*.label.contains("internal")) {
        replica.caller = issue.reporter?.email
    } else if (issue.customFields."Needs review"?.value in ["yes", 'maybe']) {
        replica.note = """Reviewed by $issue.assignee.displayName
            at ${new Date().format("yyyy-MM-dd")}"""
    }
    replica.comments = issue.comments.findAll { !it.internal }.collect { c ->
        c.body = c.body.replaceAll(/\\[~(.*?)\\]/) { all, name -> "@${name}" }
        c
    }
    ''',
    """
    import groovy.json.JsonSlurper
    @Field Map<String, List<Integer>> cache = [:]
    class Money {
        BigDecimal amount; String unit = "EUR"
        Money(BigDecimal amount) { this.amount = amount }
        static Money of(x) { new Money((x as BigDecimal) * 1.5) }
    }
    int size(List things, int most = 10) { Math.min(things?.size() ?: 0, most) }
    for (int i = 0; i < size([1, *[2, 3]]); i++) { total += i ** 2 % 7 }
    outer: for (x in 1..<5) { while (true) { if (x > 2) break outer; else continue outer } }
    switch (issue.priority.name) {
        case ~/H.*/: case "Urgent": a = 1; break
        case { it == null }: throw new Exception("no priority")
        default: a = b == 2 ? c : d
    }
    try { new JsonSlurper().parseText('{"a": 1}').a } catch (IOException | RuntimeException e) { f e.a } finally { }
    def (first, second) = issue.key.split('-'); issue.x = (int) -1 + (a <=> b) - x[0..-2][1]
    """,
]
_PIECES = """
( ) [ ] { } , ; : -> . ?. *. .& ?: ? = += ++ -- ! ~ - + * / ** % << >> .. ..< < > == =~ ==~ && || in as if else
instanceof for while do switch case default break continue return def int new throw try catch finally class import
static final null true 1 1.5 'a' "b$x" "${ \'\'\' /re/ $/ @ # \\ é 😀 *: ?[ :: @Field
"""
PIECES = _PIECES.split()
WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def mutated(text: str, chance: random.Random) -> str:
    """One to three changes to words or to single characters."""
    for _ in range(chance.randint(1, 3)):
        parts = WORDS.findall(text) if chance.random() < 0.7 else list(text)
        at = chance.randrange(len(parts))
        kind = chance.randrange(5)
        if kind == 0:
            del parts[at]
        elif kind == 1:
            parts.insert(at, chance.choice(PIECES))
        elif kind == 2:
            parts[at] = chance.choice(PIECES)
        elif kind == 3:
            parts[at], parts[at - 1] = parts[at - 1], parts[at]
        else:
            parts = parts[:at] if chance.random() < 0.3 else parts[at:]
        text = "".join(parts) or "x"
    return text


def broken(seed: int, rounds: int) -> list[str]:
    """What the reader let through that it should not have, each with its text."""
    chance = random.Random(seed)
    sources = RULES * 10 + [source.replace("⏎", "\n") for source, _ in TREES]
    found = []
    for _ in range(rounds):
        text = mutated(chance.choice(sources), chance)
        try:
            parse(text)
            check(text, KnownNames())
        except PlacedError as problem:
            lines = text.count("\n") + 1
            if not (1 <= problem.line <= lines and problem.column >= 1 and problem.message):
                found.append(f"{problem} in {text!r}")
        except Exception as problem:
            found.append(f"{problem!r} in {text!r}")
    return found


def test_rules_with_mistakes_are_answered_with_a_place() -> None:
    assert broken(seed=4, rounds=700) == []


@pytest.mark.slow
def test_many_rules_with_mistakes_are_answered_with_a_place() -> None:
    assert broken(seed=2024, rounds=30_000) == []


def test_our_rules_are_right_before_they_are_broken() -> None:
    for rule in RULES:
        parse(rule)
