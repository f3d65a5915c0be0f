"""Random rules: whatever they say, they end in a value, an exception of the rule's own world, a limit, or a place where
they are no Groovy. Any other exception of Python fails the test."""

import sys
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.language.errors import PlacedError
from rules.language.evaluate import RECURSION, RuleStopped, evaluate, read
from rules.language.limits import Limits
from rules.language.members import METHODS, all

# Hypothesis wants to find the limit as it left it; the evaluator only ever raises it to this.
sys.setrecursionlimit(RECURSION)

NOW = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
SMALL = Limits(
    steps=5_000,
    wall_seconds=1.0,
    string=20_000,
    collection=5_000,
    allocated=400_000,
    regex_seconds=0.02,
    regex_total_seconds=0.05,
)

# Blanks part them; ∼ stands for a blank, or in TOKENS for a new line, inside of one.
_LITERALS = r"""
null true false 0 1 -1 2 3L 4G 1.5 2.50 1e3 0.1d 2f 'a' '' 'abc' '1' '2024-01-02' "$x" "a${y}b" /a+/ ~/b(.)/ [] [:]
[1,2,3] [3,1,2] ['a','b'] [a:1,b:2] [[1,2],[3]] 1..3 1..<1 'a'..'c' {it} {a,b->a} {->1} new∼Date(0) ([1]∼as∼Set)
('x'∼as∼char) ('abc'=~/b/) new∼StringBuilder('s') Integer String Math ([1,2]∼as∼String[]) x y z
"""
_OPERATORS = """
+ - * / % ** << >> >>> == != < > <= >= <=> && || & | ^ in !in =~ ==~ ?: .. ..< as instanceof
"""
_CLASSES = "String Integer Long int boolean List Map Set Date BigDecimal Double char Object Number"
_TOKENS = r"""
( ) [ ] { } , ; : -> . ?. *. .& ?: ? = += -= ++ -- ! ~ - + * / % if else for while do switch case default break
continue return def int String class new throw try catch finally import as in instanceof assert final static void
x y f it this super null true 1 1.5 'a' "b$x" "${ ''' /re/ $/ @ # \\ .. ..< *: ?[ :: @Field é 😀 _ $ ∼
"""
LITERALS = [text.replace("∼", " ") for text in _LITERALS.split()]
OPERATORS = _OPERATORS.split()
CLASSES = _CLASSES.split()
TOKENS = [*(text.replace("∼", "\n") for text in _TOKENS.split()), "\0"]
assert all  # fills the table
NAMES = sorted({name for _, name in METHODS})

literal = st.sampled_from(LITERALS)


def _larger(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arguments = st.lists(smaller, max_size=3).map(", ".join)
    return st.one_of(
        st.builds("({} {} {})".format, smaller, st.sampled_from(OPERATORS), smaller),
        st.builds("({}).{}({})".format, smaller, st.sampled_from(NAMES), arguments),
        st.builds("({}).{}({}) {{ {} }}".format, smaller, st.sampled_from(NAMES), arguments, smaller),
        st.builds("({}).{} {{ a, b -> {} }}".format, smaller, st.sampled_from(NAMES), smaller),
        st.builds("({})?.{}".format, smaller, st.sampled_from(NAMES)),
        st.builds("({})*.{}()".format, smaller, st.sampled_from(NAMES)),
        st.builds("({})[{}]".format, smaller, smaller),
        st.builds("({} as {})".format, smaller, st.sampled_from(CLASSES)),
        st.builds("(({}) {})".format, st.sampled_from(CLASSES), smaller),
        st.builds("({} ? {} : {})".format, smaller, smaller, smaller),
        st.builds("[{}: {}, (x): 2]".format, st.sampled_from(["a", "b"]), smaller),
        st.builds("[{}]".format, arguments),
        st.builds('"t${{{}}}"'.format, smaller),
        st.builds("{{ -> {} }}()".format, smaller),
        st.builds("-({})".format, smaller),
        st.builds("!({})".format, smaller),
    )


expression = st.recursive(literal, _larger, max_leaves=8)


def _statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = st.lists(inner, max_size=3).map("\n".join)
    return st.one_of(
        st.builds("if ({}) {{ {} }} else {{ {} }}".format, expression, block, block),
        st.builds("for (i in {}) {{ {} }}".format, expression, block),
        st.builds("while ({}) {{ {}; break }}".format, expression, block),
        st.builds("try {{ {} }} catch (e) {{ {} }} finally {{ {} }}".format, block, block, block),
        st.builds("switch ({}) {{ case {}: {}; break; default: {} }}".format, expression, expression, block, block),
        st.builds("({}).each {{ {} }}".format, expression, block),
    )


plain = st.one_of(
    expression,
    st.builds("x = {}".format, expression),
    st.builds("y += {}".format, expression),
    st.builds("x.{} = {}".format, st.sampled_from(["a", "b", "time", "class"]), expression),
    st.builds("x[{}] = {}".format, expression, expression),
    st.builds("{} {} = {}".format, st.sampled_from(CLASSES), st.sampled_from(["p", "q"]), expression),
    st.builds("throw new Exception({})".format, expression),
    st.builds("return {}".format, expression),
    st.builds("def (m, n) = {}".format, expression),
    st.builds("assert {}".format, expression),
)
rule = st.lists(st.recursive(plain, _statements, max_leaves=4), min_size=1, max_size=5).map("\n".join)
soup = st.lists(st.sampled_from(TOKENS), max_size=25).map(" ".join)


def ends_well(text: str) -> None:
    """Raises what is neither the rule's own nor a limit."""
    try:
        program = read(text)
    except PlacedError as refused:
        assert refused.line >= 1  # noqa: PT017
        return
    values = {"x": [1, "a", None], "y": "text", "z": 5}
    try:
        evaluate(program, values, now=NOW, limits=SMALL)
    except RuleStopped as stopped:
        # "a rule cannot …" answers a name that is walled off; anything else would be a value that got in.
        assert stopped.class_name != "SecurityStop" or stopped.message.startswith("a rule "), stopped  # noqa: PT017


FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MANY = settings(max_examples=6_000, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(rule)
def test_random_rules_end_well(text: str) -> None:
    ends_well(text)


@FEW
@given(soup)
def test_random_tokens_end_well(text: str) -> None:
    ends_well(text)


@FEW
@given(st.text(max_size=60))
def test_random_texts_end_well(text: str) -> None:
    ends_well(text)


@pytest.mark.slow
@MANY
@given(rule)
def test_a_minute_of_random_rules_ends_well(text: str) -> None:
    ends_well(text)


@pytest.mark.slow
@MANY
@given(soup)
def test_many_random_tokens_end_well(text: str) -> None:
    ends_well(text)
