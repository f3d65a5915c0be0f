"""Every feature of the language, run and checked by its result."""

import pytest

from rules.language.evaluate import EVAL_NOW, RuleStopped, eval_line, evaluate

FEATURES = [
    # functions
    ("def f(a, b = 2) { a + b }; f(1)", "Integer 3"),
    ("def f(int... xs) { xs.sum() }; f(1, 2, 3)", "Integer 6"),
    ('def f(String s) { s.class.simpleName }; f("a${1}")', "String String"),
    ("def f(int i) { i }; f(null)", "EXC MissingMethodException"),
    ("def f(x) { 'one' }; def f(x, y) { 'two' }; f(1) + f(1, 2)", "String onetwo"),
    ("def f(Map m, s) { m.a + s }; f('x', a: 1)", "String 1x"),
    ("def r = f(3); def f(x) { x <= 1 ? 1 : x * f(x - 1) }; r", "Integer 6"),
    ("int f() { 5L }; f().class.simpleName", "String Integer"),
    ("void f() { 5 }; f()", "null"),
    # scope
    ("def x = 1; def f() { x }; f()", "EXC MissingPropertyException"),
    ("x = 1; def f() { x }; f()", "Integer 1"),
    ("@groovy.transform.Field def x = 1; def f() { x }; f()", "Integer 1"),
    ("x = 5; class A { def f() { x } }; new A().f()", "EXC MissingPropertyException"),
    ("if (true) { def y = 1 }; y", "EXC MissingPropertyException"),
    ("def x = 1; { -> x = 2 }(); x", "Integer 2"),
    ("def fs = []; for (i in 1..3) { def j = i; fs << { j } }; fs.collect { it() }", "ArrayList [1, 2, 3]"),
    ("def fs = []; for (i in 1..3) { fs << { i } }; fs.collect { it() }", "ArrayList [3, 3, 3]"),
    ("def x = 1; [1].each { def x = 2 }", "COMPILE"),
    # closures
    ("def c = { a, b = 2 -> a + b }; [c(1), c(1, 1)]", "ArrayList [3, 2]"),
    ('def c = { a, b -> "$a$b" }; c([1, 2])', "GStringImpl 12"),
    ("({ it + 1 } >> { it * 2 })(3)", "Integer 8"),
    ("def c = { a, b -> a - b }; [c.curry(5)(3), c.rcurry(5)(3)]", "ArrayList [2, -2]"),
    ("'abc'.with { length() + it.size() }", "Integer 6"),
    ("[].tap { add(3) }", "ArrayList [3]"),
    ("[1, 2].collect(this.&f); def f(x) { x + 1 }", "ArrayList [2, 3]"),
    ("['a'].collect(String::toUpperCase)", "ArrayList [A]"),
    ("[1, 2].collect(x -> x * 2)", "ArrayList [2, 4]"),
    # classes
    ("class A { def x = 1; A(x) { this.x = x } }; new A(5).x", "Integer 5"),
    ("class A { String n }; new A(n: 5).n.class.simpleName", "String String"),
    ("class A { static n = 0; static inc() { n++ } }; A.inc(); A.inc(); A.n", "Integer 2"),
    ("class A { def f() { 'A' } }; class B extends A { def f() { super.f() + 'B' } }; new B().f()", "String AB"),
    ("class A { def x; void setX(v) { x = v * 2 } }; def a = new A(); a.x = 3; a.x", "Integer 6"),
    ("class A { String toString() { 'me' } }; \"${new A()}\"", "GStringImpl me"),
    ("class E extends Exception { E(m) { super(m) } }; try { throw new E('q') } catch (E e) { e.message }", "String q"),
    ("class E extends Exception { E(m) { super(m) } }; throw new E('q')", "EXC E: q"),
    (
        "enum E { A, B(2); int n; E(int n = 0) { this.n = n } }; [E.B.n, E.A.name(), E.values().size()]",
        "ArrayList [2, A, 2]",
    ),
    ("class A { def methodMissing(String n, a) { n + a.size() } }; new A().foo(1, 2)", "String foo2"),
    # java.time with what Groovy's module for dates adds
    ("java.time.LocalDate.of(2024, 2, 28) + 3", "LocalDate 2024-03-02"),
    ("java.time.LocalDate.of(2024, 3, 1) - 1", "LocalDate 2024-02-29"),
    ("java.time.LocalDateTime.of(2024, 1, 2, 3, 4) + 90", "LocalDateTime 2024-01-02T03:05:30"),
    ("java.time.LocalDate.of(2024, 1, 2).format('dd.MM.yyyy')", "String 02.01.2024"),
    ("java.time.LocalDate.parse('02/01/2024', 'dd/MM/yyyy')", "LocalDate 2024-01-02"),
    ("import java.time.*; LocalDate.of(2024, 1, 2) << LocalTime.of(3, 4)", "LocalDateTime 2024-01-02T03:04"),
    ("import java.time.*; LocalDate.of(2024, 1, 2) >> LocalDate.of(2024, 3, 5)", "Period P2M3D"),
    (
        "import java.time.*; (LocalDate.of(2024, 1, 30)..LocalDate.of(2024, 2, 2))*.dayOfMonth",
        "ArrayList [30, 31, 1, 2]",
    ),
    ("import java.time.*; def n = 0; LocalDate.EPOCH.upto(LocalDate.of(1970, 1, 3)) { n++ }; n", "Integer 3"),
    ("import java.time.*; [Duration.ofHours(2) * 3, Duration.ofHours(3) / 2].toString()", "String [PT6H, PT1H30M]"),
    ("import java.time.*; Duration.ofHours(2) / 0", "EXC ArithmeticException: Cannot divide by zero"),
    ("java.time.LocalDateTime.of(2024, 1, 2, 3, 4).toDate()", "Date Tue Jan 02 03:04:00 UTC 2024"),
    ("new Date(0).toLocalDateTime()", "LocalDateTime 1970-01-01T00:00"),
    ("new Date(0).toLocalDate().dateString", "String 1970-01-01"),
    ("java.time.LocalDate.of(2024, 1, 6).dayOfWeek.weekend", "Boolean true"),
    ("java.time.LocalDate.of(2024, 1, 6)[java.time.temporal.ChronoField.YEAR]", "Integer 2024"),
    ("java.time.Duration.ofHours(5) + java.time.LocalDateTime.now()", "EXC MissingMethodException"),
    ("java.time.Duration.ofHours(5) - java.time.Duration.ofHours(6)", "Duration PT-1H"),
    ("java.time.LocalDateTime.now().zone", "EXC MissingMethodException"),
    ("java.time.LocalDate.now().toOffsetDateTime()", "EXC MissingMethodException"),
    ("java.time.LocalDateTime.now().toZonedDateTime()", "EXC MissingMethodException"),
    ("java.time.LocalTime.MIDNIGHT.toLocalDateTime()", "EXC MissingMethodException"),
    # enums
    ("enum E { Y(E.values()); def a; E(x) { a = x } }; E.Y.a.length", "Integer 0"),
    ("enum E { A, B; def n; E() { n = name() + ordinal() } }; E.B.n", "String B1"),
    ("enum E { Z }; '' + new E()", "COMPILE an enum has its constants and nothing else: E @ line 1, column 20."),
    ("enum E { Z }; '' + new E() { def f() { 1 } }", "EXC GroovyCastException"),
    ("enum E { Z }; '' + ({ 1 } as E)", "EXC GroovyCastException"),
    ("enum E { Z }; '' + E.newInstance()", "EXC InstantiationException: E"),
    # flow
    ("outer: for (i in 1..3) { for (j in 1..3) { if (j == 2) continue outer; x = i * 10 + j } }; x", "Integer 31"),
    ("switch ('b') { case 'a': 1; break; case ['b', 'c']: 2; break; default: 3 }", "Integer 2"),
    ("switch (3) { case 1, 3 -> 'odd'; default -> 'x' }", "String odd"),
    ("def n = 0; do { n++ } while (n < 3); n", "Integer 3"),
    ("def n = 0; for (int i = 0, j = 5; i < j; i++, j--) n++; n", "Integer 3"),
    ("def f() { try { throw new Exception('a') } finally { return 5 } }; f()", "Integer 5"),
    ("try { 1 / 0 } catch (IllegalStateException | ArithmeticException e) { e.message }", "String Division by zero"),
    ("try { throw new Error('a') } catch (e) { 1 }", "EXC Error: a"),
    ("assert 1 == 2", "EXC PowerAssertionError"),
    ("assert 1 == 2 : 'm'", "EXC AssertionError: m. Expression: (1 == 2)"),
    # assignment
    ("def (a, b) = [1]; [a, b]", "ArrayList [1, null]"),
    ("def m = [:]; m.a ?= 5; m.a += 2; m", "LinkedHashMap [a:7]"),
    ("def i = 0; def l = [1, 2]; l[i++] += 10; [i, l]", "ArrayList [1, [11, 2]]"),
    ("def x = null; x?.y = 5; x", "null"),
    ("def l = [[a: 1], [a: 2]]; l*.a + l.a", "ArrayList [1, 2, 1, 2]"),
    ("[*1..3, *[4]]", "ArrayList [1, 2, 3, 4]"),
    ("def f(a, b) { a + b }; f(*[1, 2])", "Integer 3"),
    ("new int[2].length + ([1, 2] as int[]).length", "Integer 4"),
    ('def x = 1; def g = "${-> x}"; x = 2; g.toString()', "String 2"),
    ("import static java.lang.Math.max; max(1, 2)", "Integer 2"),
]


@pytest.mark.parametrize(("source", "answer"), FEATURES)
def test_a_feature_gives_its_result(source: str, answer: str) -> None:
    found = eval_line(source)
    assert found.startswith(answer) if answer.startswith(("EXC", "COMPILE")) else found == answer


@pytest.mark.parametrize("annotation", ["ToString", "EqualsAndHashCode", "TupleConstructor", "Canonical", "Sortable"])
@pytest.mark.parametrize("option", ["includes", "excludes"])
@pytest.mark.parametrize("value", ["5", "true", "1.5", "[5]", "[['a']]"])
def test_names_that_are_no_names_are_refused_with_their_place(annotation: str, option: str, value: str) -> None:
    found = eval_line(f"@{annotation}({option}={value}) class A {{ def a }}; new A()")
    column = len(annotation) + len(option) + 4
    assert found == f"COMPILE {option} takes names, a text or a list of texts @ line 1, column {column}."


def test_a_step_of_a_value_that_has_none_says_where_it_stands() -> None:
    with pytest.raises(RuleStopped) as stopped:
        evaluate("\n --java.time.Year.of(2024)", now=EVAL_NOW)
    assert (stopped.value.line, stopped.value.column) == (2, 2)


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("record R(def this) { }; new R(1)", 14),
        ("def f(int super) { 1 }; f(1)", 11),
        ("class A { def this }; new A()", 15),
        ("def a = 1, this = 2", 12),
        ("({ this -> 1 })(1)", 4),
    ],
)
def test_the_object_itself_is_no_name(source: str, column: int) -> None:
    assert eval_line(source).endswith(f"@ line 1, column {column}.")
