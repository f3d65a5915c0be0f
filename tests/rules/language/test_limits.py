"""Each limit ends a run, and no script sees it coming."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from rules.language.errors import TooMuch
from rules.language.evaluate import RuleStopped, evaluate
from rules.language.limits import DEFAULT

NOW = datetime(2024, 1, 2, tzinfo=UTC)
SMALL = replace(DEFAULT, steps=20_000, allocated=3_000_000, string=200_000, collection=5_000)

GREEDY = [
    "while (true) { }",
    "for (;;) { }",
    "def f() { f() }; f()",
    "def f; f = { f() }; f()",
    "def s = 'a'; while (true) { s += s }",
    "def s = 'a' * 1000; def l = []; while (true) { l << (s + l.size()) }",
    "'a' * 1000000000",
    "'a'.padLeft(1000000000)",
    "String.format('%1000000000d', 1)",
    "9 ** (9 ** 7)",
    "1 << 1; 2G ** 100000",
    "new BigDecimal('1e3000000').toInteger()",
    "1e400 * 1e400",
    "('a' * 100000).replaceAll('a', 'b' * 1000)",
    "('a' * 100000).replace('a', 'b' * 1000)",
    "def l = [1]; 40.times { l = [l, l] }; l.toString()",
    'def l = [1]; 40.times { l = [l, l] }; l == l.collect { it }; "$l".toString()',
    'def l = []; 300.times { l = [l] }; "$l".toString()',
    "(1..1000000000).collect { it }",
    "(1..1000000000).toList()",
    "[0] * 1000000000",
    "def l = []; l[1000000000] = 1",
    "def m = [:]; while (true) { m[m.size()] = 1 }",
    "new int[1000000000]",
    "1000000000.times { }",
    "[1, 2, 3].each { while (true) { } }",
    "['b', 'a'].sort { a, b -> while (true) { } }",
    "'ab'.replaceAll(/./) { while (true) { } }",
    'class A { String toString() { while (true) { } } }; "${new A()}".toString()',
    "class A { def x = { while (true) { } }() }; new A()",
    "[1, 2].combinations(); ((1..9).collect { 1..9 }).combinations()",
    "(1..12).toList().permutations()",
    "def sb = new StringBuilder(); while (true) { sb << 'abcdefgh' }",
    "new groovy.json.JsonSlurper().parseText('[' * 100000)",
    "def l = []; l << l; groovy.json.JsonOutput.toJson(l)",
    "while (true) { println 'x' }",
    "while (true) { new Date() }",
    "def x = [:]; x.a = x; x.hashCode(); x == [a: [a: [:]]]; [(x): 1]",
    "def s = new HashSet(1..4000); while (true) { s << s.size() + 9000; for (x in s) break }",
    "'\\t'.unexpand(1000000000)",
    "use(groovy.time.TimeCategory) { (10 ** 300).days }",
    "new Random(1).ints(100000000, 0, 5).toArray()",
    "java.text.MessageFormat.format('{0}' * 10000, 'x' * 1000)",
    "def q = new PriorityQueue(); while (true) { q << -q.size() }",
    "def c; c = { n -> c.trampoline(n + 1) }.trampoline(); c(0)",
    "def j = new StringJoiner('x' * 100000); 1000.times { j.add('y') }; j.toString()",
    "def b = new groovy.json.JsonBuilder(); def f; f = { -> a f }; b(f)",
]


@pytest.mark.parametrize("source", GREEDY)
def test_a_greedy_rule_ends_and_cannot_catch_why(source: str) -> None:
    seen: list[tuple[str, str]] = []
    wrapped = (
        f"try {{ {{ -> {source} }}() }} catch (Throwable t) {{ println 'CAUGHT ' + t.class.name }} "
        "finally { println 'FINALLY' }"
        if "class A" not in source and "def f()" not in source
        else source
    )
    with pytest.raises((RuleStopped, TooMuch)) as stopped:
        evaluate(wrapped, now=NOW, limits=SMALL, log=lambda level, text: seen.append((level, text)))
    assert getattr(stopped.value, "class_name", "LimitReached") == "LimitReached"
    assert not [text for _, text in seen if text.startswith(("CAUGHT", "FINALLY"))]


def test_the_clock_ends_a_rule_that_takes_long() -> None:
    turns = iter(range(10_000))
    from rules.language.evaluate import execute, guarded, read
    from rules.language.run import Run

    run = Run(now=NOW, zone=UTC, monotonic=lambda: float(next(turns)))
    with pytest.raises(RuleStopped, match="longer than 10 seconds"):
        guarded(run, lambda: execute(read("while (true) { }"), run))


def test_a_limit_has_a_place() -> None:
    with pytest.raises(RuleStopped) as stopped:
        evaluate("def a = 1\n\ndef s = 'a' * 1000000000", now=NOW)
    assert (stopped.value.line, stopped.value.class_name) == (3, "LimitReached")


def test_an_error_has_groovys_words_and_a_place() -> None:
    with pytest.raises(RuleStopped) as stopped:
        evaluate("def x = null\nx.status", now=NOW)
    assert str(stopped.value) == "Cannot get property 'status' on null object (line 2, column 3)"


def test_a_source_may_be_too_long() -> None:
    with pytest.raises(TooMuch):
        evaluate("1\n" * 200_000, now=NOW)


def test_a_run_gives_its_value_its_log_and_its_steps() -> None:
    variables: dict[str, Any] = {"issue": 3}
    result = evaluate("println 'hello'; issue + 1", variables, now=NOW)
    assert (result.value, result.log, result.steps > 0) == (4, (("info", "hello"),), True)
