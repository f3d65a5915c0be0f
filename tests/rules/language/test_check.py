"""What a person learns about a rule when it is saved."""

import pytest

from rules.language.check import Finding, KnownKind, KnownNames, check

STATUS = KnownKind("Status", {"name": ""})
USER = KnownKind("User", {"email": "", "displayName": ""})
ISSUE = KnownKind("Issue", {"summary": "", "status": "Status", "labels": "", "comments": ""}, {"setStatus": ""})
REPLICA = KnownKind("Replica", {"summary": ""}, is_open=True)
NODE_HELPER = KnownKind("NodeHelper", methods={"getUserByEmail": "User", "stripHtml": ""})
KNOWN = KnownNames(
    variables={
        "issue": "Issue",
        "replica": "Replica",
        "nodeHelper": "NodeHelper",
        "firstSync": "",
    },
    kinds={kind.name: kind for kind in (STATUS, USER, ISSUE, REPLICA, NODE_HELPER)},
    functions=frozenset({"store"}),
    classes=frozenset({"org.example.TicketKey"}),
)


def findings(source: str) -> list[str]:
    return [str(finding) for finding in check(source, KNOWN)]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "issue.summary = replica.summary",
        "replica.whatever = issue.status.name; x = replica.whatever.at.all",
        "issue.setStatus('Done'); issue.getSummary(); issue.setSummary('x')",
        "nodeHelper.getUserByEmail(replica.caller)?.displayName",
        "store(issue); println issue",
        "def issue = [:]; issue.anything",
        "total = 1\ndef more() { total += 1 }\nmore()",
        "@Field x = 1\ndef f() { x }\nf()",
        "def names = [:]; issue.labels.each { names[it] = it }",
        "issue.labels.each { label -> label.parts.each { part -> part } }",
        "for (x in issue.labels) { if (x) continue; switch (x) { case 1: break } }",
        "outer: for (x in [1]) { for (y in [2]) { break outer } }",
        "if (firstSync) { def a = 1 } else { def a = 2 }",
        "issue.with { summary = status.name }",
        "class A { String a; A(a) { this.a = a }; def b() { a + c() }; def c() { 1 } }\nnew A('x').b()",
        "enum Level { LOW, HIGH }\nLevel.LOW.name()",
        "import groovy.json.JsonSlurper\nnew JsonSlurper().parseText('{}')",
        "import java.time.*\nInstant.parse('x').plus(Duration.ofDays(1))",
        "import org.example.TicketKey\nTicketKey",
        "java.time.Instant.now(); new java.text.SimpleDateFormat('yyyy'); java.util.List<String> x = []",
        "try { firstSync } catch (Exception | Error e) { e.message } finally { }",
        'def (a, b) = [1, 2]; (a, b) = [b, a]; "$a ${b}"',
        "def f(x, y = x) { x + y }\nf(1)",
        "Math.max(1, 2); Integer.parseInt('1'); String.valueOf(1); Integer.MAX_VALUE",
        "def f = { a, b = 1 -> a + b }; f(1); [2].collect(f)",
        "int x = 5.9; x++; for (int i = 0; i < x; i++) { }",
        "interface I { int X = 5 }\nclass A implements I { def f() { X } }\nnew A().f()",
        "interface I { default f() { toString() } }\nenum E implements I { A { def g() { 1 } }; def g() { 0 } }",
        "trait T { def f() { named() + name } }\nclass A implements T { def name; def named() { 1 } }",
        "import static java.lang.Math.*\nmax(1, abs(2)) + PI",
        "def c = { x + size() }; c.delegate = [x: 5]; c()",
        "def f = { n -> trampoline(n) }.trampoline()",
        "@Override def f() { hasProperty('x') }\nf()",
        "interface I { def a() }\nnew I() { def a() { b() }; def b() { 1 } }.a()",
    ],
)
def test_a_rule_that_runs_has_no_findings(source: str) -> None:
    assert findings(source) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = (1", "1:5: '(' is never closed"),
        ("issue.sumary = 1", "1:7: Issue has no property 'sumary'; did you mean 'summary'?"),
        ("issue?.sumary", "1:8: Issue has no property 'sumary'; did you mean 'summary'?"),
        ("issue.colour", "1:7: Issue has no property 'colour'"),
        ("issue.status.nme", "1:14: Status has no property 'nme'; did you mean 'name'?"),
        ("replicca.x", "1:1: nothing is called 'replicca' here; did you mean 'replica'?"),
        ('x = "$isue"', "1:7: nothing is called 'isue' here; did you mean 'issue'?"),
        (
            "nodeHelper.getUserByMail('a')",
            "1:12: NodeHelper has no method 'getUserByMail'; did you mean 'getUserByEmail'?",
        ),
        (
            "nodeHelper.getUserByEmail('a').mail",
            "1:32: User has no property 'mail'; did you mean 'email'?",
        ),
        ("stor(issue)", "1:1: there is no function 'stor'; did you mean 'store'?"),
        (
            "def x = 1\ndef f() { x }\nf()",
            "2:11: functions do not see 'x', which line 1 declares for the rule's body only; "
            "hand it over as an argument, or write 'x = …' there without def or type",
        ),
        (
            "class A { def go() { issue.summary } }",
            "1:22: classes do not see 'issue'; hand it over to the constructor or the method",
        ),
        ("[1].each { break }", "1:12: 'break' does not work in a closure; use a for loop, or find { } and any { }"),
        ("[1].each { continue }", "1:12: 'continue' does not work in a closure; 'return' ends this turn"),
        (
            "a: for (x in [1]) { [2].each { break a } }",
            "1:32: 'break' does not work in a closure; use a for loop, or find { } and any { }",
        ),
        ("continue", "1:1: 'continue' is only allowed in a loop"),
        ("def x = 1; def x = 2", "1:16: there is already a variable 'x' here"),
        ("def x = 1; [1].each { x -> x }", "1:23: there is already a variable 'x' here"),
        ("def x = 1; for (x in [1]) { }", "1:12: there is already a variable 'x' here"),
        ("final x = 1; x = 2", "1:14: The variable [x] is declared final but is reassigned"),
        (
            "new File('x')",
            "1:5: rules have no class File; rules have no files; attachments come through attachmentHelper",
        ),
        ("Thread.sleep(1)", "1:1: rules have no class Thread; rules run in one thread"),
        (
            "com.atlassian.jira.Users.all()",
            "1:1: rules have no class com.atlassian.jira.Users; use nodeHelper for people, types and statuses, "
            "and httpClient for the desk's own calls",
        ),
        ("Strin x = 1", "1:1: rules have no class Strin"),
        ("JsonOutput.toJson([])", "1:1: the class JsonOutput is used without 'import groovy.json.JsonOutput'"),
        ("Math.maxx(1)", "1:6: the class Math has no method 'maxx' in rules; did you mean 'max'?"),
        ("System.exit(0)", "1:8: rules cannot end the program (System.exit)"),
        ("evaluate('1')", "1:1: rules cannot run text as a rule (evaluate)"),
        ("issue.metaClass.x = { }", "1:7: rules cannot change classes (metaClass)"),
        ("import org.jsoup.Jsoup", "1:1: rules have no class org.jsoup.Jsoup; use nodeHelper.stripHtml or replaceAll"),
        ("@Grab('a:b:1')\nimport java.time.Instant", "1:1: @Grab is ignored"),
    ],
)
def test_what_would_go_wrong_is_said_with_its_place(source: str, found: str) -> None:
    said = findings(source)
    if found not in said or len(said) > 2:
        raise AssertionError(said)


def test_what_does_no_harm_is_no_error() -> None:
    unused, used = check("import org.jsoup.Jsoup\nJsoup.parse('x')", KNOWN)
    assert (unused.line, unused.is_error) == (1, False)
    assert (used.line, used.is_error) == (2, True)


def test_findings_come_in_the_order_of_the_text() -> None:
    source = "issue.a = 1\ndef f() { nobody }\nissue.b = 2\nreplcia.c = 3"
    assert [finding.line for finding in check(source, KNOWN)] == [1, 2, 3, 4]


def test_a_finding_reads_as_the_command_prints_it() -> None:
    assert str(Finding(3, 7, "no")) == "3:7: no"
