"""Rules and their trees, and what the parser says of a text that is none."""

from pathlib import Path

import pytest

from rules.language import tree
from rules.language.errors import NotGroovy, PlacedError, TooMuch, caret
from rules.language.parser import parse
from tests.rules.language.dump import dump

TABLE = (Path(__file__).parent / "trees.tsv").read_text(encoding="utf-8").splitlines()
TREES = [line.split("\t") for line in TABLE if not line.startswith("# ")]


def refused(source: str) -> str:
    with pytest.raises(NotGroovy) as caught:
        parse(source)
    return str(caught.value)


def test_every_snippet_of_the_table_has_its_tree() -> None:
    assert len(TREES) > 400
    different = [
        (source, wanted, found)
        for source, wanted in TREES
        if (found := dump(parse(source.replace("⏎", "\n")))) != wanted
    ]
    assert different == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("foo(a", "1:4: '(' is never closed"),
        ("foo(a replica)", "1:7: expected ')' but found 'replica'"),
        ("x = [1, 2", "1:5: '[' is never closed"),
        ("if (a {\n}", "1:4: '(' is never closed"),
        ("if a { }", "1:4: expected '(' but found 'a'"),
        ("x = )", "1:5: ')' closes nothing"),
        ("x = [1)", "1:7: expected ']' for the '[' in line 1 but found ')'"),
        ("x = 'abc", "1:5: the text is never closed"),
        ('x = "a\nb"', "1:5: the text is never closed"),
        ("x = '''abc", "1:5: the text is never closed"),
        ("/* no end", "1:1: the comment is never closed"),
        ("x = 1 +", "1:8: expected a value but found the end"),
        ("x = \n", "2:1: expected a value but found the end"),
        ('a b "c"', "1:5: expected the end of the statement but found a text"),
        ("a.b(c) d", "1:8: expected the end of the statement but found 'd'"),
        ("x = 5 6", "1:7: expected the end of the statement but found a number"),
        ("a = b = ", "1:9: expected a value but found the end"),
        ("else { }", "1:1: expected a value but found 'else'"),
        ("for (x in) { }", "1:10: expected a value but found ')'"),
        ("for (k, v in m) { }", "1:7: a for loop has one name; for two write 'map.each { key, value -> … }'"),
        ("try { }", "1:8: expected 'catch' or 'finally' but found the end"),
        ("do { }", "1:7: expected 'while' but found the end"),
        ("switch (a) { b }", "1:14: expected 'case' but found 'b'"),
        ("x.", "1:3: expected a name after the point but found the end"),
        ("new", "1:4: expected a class name but found the end"),
        ("def = 1", "1:5: expected a name but found '='"),
        ("def (a, b)", "1:11: expected '=' but found the end"),
        ("[a: 1, 2]", "1:1: a list and a map in one"),
        (
            "new A() { def x = 1 }",
            "1:9: an anonymous class has methods in rules, and nothing else",
        ),
        ("try (x = f()) { }", "1:1: try with resources is not part of rules"),
        ("if (a) { import b.C }", "1:10: imports belong at the top level"),
        ("if (a) { def f() { } }", "1:14: functions belong at the top level of the rule"),
        ("if (a) { class B { } }", "1:10: classes belong at the top level of the rule"),
        ("x = 'a\\qb'", "1:7: '\\q' means nothing in a text; a backslash itself is written '\\\\'"),
        ("x = '\\u12'", "1:6: '\\u' needs four hexadecimal digits"),
        ('x = "5 $"', "1:8: a '$' in double quotes needs a name or '{' behind it; as a character write '\\$'"),
        ('x = "${a"', "1:9: the text is never closed"),
        ('x = "${a', "1:6: '${' is never closed"),
        ("x = 09", "1:5: '09' is no number"),
        ("x = 1abc", "1:6: a number cannot go on with 'a'"),
        ("x = 99999999999i", "1:5: the number is too large for its type"),
        ("x = a §", "1:7: unexpected character '§'"),
        ("1 = 2", "1:3: a value stands in front of '=' that cannot be set"),
        ("f() = 2", "1:5: a value stands in front of '=' that cannot be set"),
        ("a + b = 2", "1:7: a value stands in front of '=' that cannot be set"),
        ("void x = 1", "1:1: a variable cannot be void"),
        ("}", "1:1: '}' closes nothing"),
    ],
)
def test_a_text_that_is_no_rule_is_refused_with_its_place(source: str, message: str) -> None:
    assert refused(source) == message


def test_places_count_from_one_and_survive_line_ends_of_any_kind() -> None:
    script = parse("a\r\n  b.c(1)\r\n'''x\r\ny''' + d")
    first, second, third = script.statements
    assert (first.line, first.column) == (1, 1)
    assert isinstance(second, tree.ExpressionStatement)
    assert (second.expression.line, second.expression.column) == (2, 5)
    assert isinstance(third, tree.ExpressionStatement)
    assert isinstance(third.expression, tree.Binary)
    assert (third.expression.line, third.expression.column) == (4, 6)
    assert (third.expression.right.line, third.expression.right.column) == (4, 8)


def test_what_is_interpolated_has_its_own_place() -> None:
    (statement,) = parse('x = """a\n$b ${\n c.d }"""').statements
    assert isinstance(statement, tree.ExpressionStatement)
    assert isinstance(statement.expression, tree.Assign)
    text = statement.expression.value
    assert isinstance(text, tree.GText)
    places = [(part.line, part.column) for part in text.parts if isinstance(part, tree.Node)]
    assert places == [(2, 2), (3, 4)]


def test_an_annotation_is_ignored_with_a_remark() -> None:
    script = parse("@Grab('a:b:1')\nimport c.D\n@Field def x = 1")
    assert [(each.line, each.column, each.message) for each in script.warnings] == [(1, 1, "@Grab is ignored")]
    (field,) = script.statements
    assert isinstance(field, tree.Declaration)
    assert field.is_field


def test_an_assertion_keeps_its_text() -> None:
    (statement,) = parse("assert a ==  b : 'no'").statements
    assert isinstance(statement, tree.Assert)
    assert statement.text == "a ==  b"


def test_long_sums_and_long_if_ladders_stay_flat() -> None:
    (sum_,) = parse("x" + " + x" * 5_000).statements
    assert isinstance(sum_, tree.ExpressionStatement)
    assert isinstance(sum_.expression, tree.Chain)
    assert len(sum_.expression.links) == 5_000
    (ladder,) = parse("if (a) { }" + " else if (a) { }" * 3_000).statements
    assert isinstance(ladder, tree.If)
    assert len(ladder.branches) == 3_001


MANY = 3_000
DEEP = {
    "round brackets": "(" * MANY,
    "square brackets": "[" * MANY,
    "braces": "{" * MANY,
    "closures": "{->" * MANY,
    "not": "!" * MANY + "a",
    "complements": "~" * MANY + "a",
    "minus": "-" * MANY + "1",
    "increments": "++" * MANY + "a",
    "ifs": "if(a)" * MANY,
    "ifs with braces": "if(a){" * MANY,
    "loops": "while(a)" * MANY,
    "do loops": "do " * MANY,
    "for loops": "for(x in y)" * MANY,
    "switches": "switch(a){case 1:" * MANY,
    "tries": "try{" * MANY,
    "labels": "a:" * MANY,
    "classes": "class A{" * MANY,
    "texts in texts": '"${' * MANY,
    "closed texts in texts": '"${' * 200 + "a" + '}"' * 200,
    "casts": "(A)" * MANY + "a",
    "primitive casts": "(int)" * MANY + "a",
    "assignments": "a = " * MANY + "a",
    "choices": "a?b:" * MANY + "c",
    "choices in the middle": "a?" * MANY,
    "elvis": "a" + "?:a" * MANY,
    "lambdas": "a->" * MANY + "a",
    "calls in calls": "f(" * MANY,
    "lists in calls": "f(a[" * MANY,
    "news": "new A(" * MANY,
    "array sizes": "new A[" * MANY,
    "maps": "[a:" * MANY,
    "spread lists": "[*" * MANY,
    "path": "a" + ".b" * MANY,
    "safe path": "a" + "?.b" * MANY,
    "path over lines": "a" + "\n.b" * MANY,
    "calls of calls": "f" + "()" * MANY,
    "indexes": "a" + "[0]" * MANY,
    "closures of closures": "f" + "{}" * MANY,
    "postfix": "a" + "++" * MANY,
    "as": "a" + " as B" * MANY,
    "instanceof": "a" + " instanceof B" * MANY,
    "ranges": "1" + "..2" * MANY,
    "mixed brackets": "([{" * MANY,
    "products in sums": "a+(b*" * MANY,
    "annotations": "@A(" * MANY,
    "a long number": "9" * MANY,
    "a long decimal": "1." + "9" * MANY,
    "a huge exponent": "1e999999999",
    "a huge negative exponent": "1e-500",
    "a huge hexadecimal": "0x" + "f" * MANY,
    "a long text": "x = '" + "a" * 256_000 + "'",
    "empty lines": "\n" * 256_001,
    "statements": "a\n" * 200_000,
    "many names": "a\n" * 31_000,
    "many signs": ";" * 61_000,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP.keys())
def test_a_text_without_measure_is_too_much(source: str) -> None:
    with pytest.raises(TooMuch) as caught:
        parse(source)
    assert caught.value.line >= 1
    assert caught.value.column >= 1


LONG = {
    "elses": "if(a)b else " * MANY,
    "open at the end": "f(a, " * 300,
    "generics": "A<" * MANY,
    "backslashes": "\\" * MANY,
    "quotes": "'" * (MANY + 1),
    "dollars": '"' + "$" * MANY,
    "slashes": "a = /" + "a" * MANY,
    "comments": "/*" * MANY,
    "zero bytes": "\0" * MANY,
    "half a character": "\ud800" * MANY,
    "interpolations": '"""' + "$a\n" * MANY,
    "unicode escapes": "'" + "\\u" * MANY,
    "parameters": "def f(" + "A a," * MANY,
    "words": "a " * MANY,
    "operators": "a" + "+*" * MANY,
    "returns": "return " * MANY,
}


@pytest.mark.parametrize("source", LONG.values(), ids=LONG.keys())
def test_a_long_text_that_is_no_rule_is_refused(source: str) -> None:
    with pytest.raises(PlacedError):
        parse(source)


def test_the_caret_stands_under_the_place() -> None:
    assert caret("a\n\tb = )\nc", 2, 6) == " b = )\n     ^"
    assert caret("", 1, 1) == "\n^"
    long = caret("x" * 300 + "!" + "y" * 300, 1, 301)
    text, mark = long.split("\n")
    assert len(text) == 100
    assert text[len(mark) - 1] == "!"
