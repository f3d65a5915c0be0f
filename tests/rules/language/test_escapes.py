"""Attempts to get out of the language: none reaches anything of Python, of the machine or of the host."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from rules.language import kinds
from rules.language.errors import PlacedError
from rules.language.evaluate import RuleStopped, evaluate, guarded, read
from rules.language.host import HostObject, Member
from rules.language.run import Run

NOW = datetime(2024, 1, 2, tzinfo=UTC)
SECRET = "the secret of the host"


class Ticket(HostObject):
    __slots__ = ("secret", "title")

    kind_name = "Issue"

    def __init__(self) -> None:
        self.title = "a ticket"
        self.secret = SECRET

    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "title": Member(get=lambda it, run: it.title, set=lambda it, run, value: setattr(it, "title", value)),
        "shout": Member(call=lambda it, run, given: it.title.upper()),
    }


DUNDERS = (
    "__class__", "__dict__", "__init__", "__globals__", "__bases__", "__subclasses__", "__mro__", "__code__",
    "__builtins__", "__import__", "__getattribute__", "__reduce__", "__module__", "__doc__", "__slots__",
    "secret", "MEMBERS", "get_member", "kind_name", "func_globals", "gi_frame", "f_back", "mro",
)  # fmt: skip
HOLDERS = ("issue", "'a'", "[1]", "[a: 1].entrySet()", "{ -> 1 }", "5", "1.5", "new Date(0)", "(1..2)", "String")
WALKS = [f"{holder}.{name}" for holder in HOLDERS for name in DUNDERS[:8]]
WALKS += [f"issue.{name}" for name in DUNDERS] + [f"issue.{name}()" for name in DUNDERS]
WALKS += [f"issue['{name}']" for name in DUNDERS] + [f"issue.\"${{'{name}'}}\"" for name in DUNDERS]
WALKS += [f"issue.{name} = 1" for name in DUNDERS[:8]] + [f"issue.&{name}" + "()" for name in DUNDERS[:8]]

ATTEMPTS = [
    "''.class.forName('java.lang.Runtime')",
    "Class.forName('java.lang.Runtime').getRuntime().exec('ls')",
    "''.class.classLoader",
    "''.getClass().getMethods()",
    "String.getDeclaredMethods()",
    "''.class.getSuperclass()",
    "''.metaClass",
    "String.metaClass.foo = { 1 }",
    "''.getMetaClass()",
    "this.metaClass.methods",
    "'ls'.execute()",
    "['ls', '-l'].execute()",
    "new File('/etc/passwd').text",
    "new File('/etc/passwd')",
    "new java.io.FileReader('/etc/passwd')",
    "new ProcessBuilder('ls').start()",
    "Runtime.getRuntime().exec('ls')",
    "Runtime.runtime.exec('ls')",
    "System.exit(1)",
    "System.getenv()",
    "System.getenv('PATH')",
    "System.env",
    "System.properties",
    "System.getProperty('user.home')",
    "System.out.println('x')",
    "Eval.me('1 + 1')",
    "evaluate('1 + 1')",
    "new GroovyShell().evaluate('1')",
    "this.evaluate('1')",
    "this.class.classLoader.loadClass('java.lang.Runtime')",
    "this.binding",
    "binding.variables",
    "this.getBinding()",
    "Thread.start { }",
    "new Thread({ }).start()",
    "Thread.sleep(1000)",
    "sleep(1000)",
    "new URL('http://localhost').text",
    "new URL('http://localhost').openConnection()",
    "'http://localhost'.toURL().text",
    "'http://localhost'.toURL().getText()",
    "new Socket('localhost', 80)",
    "new ServerSocket(0)",
    "@Grab('x:y:1') import x.Y; new Y()",
    "import os; os.environ",
    "import sys; sys.modules",
    "__import__('os').system('ls')",
    "__builtins__",
    "globals()",
    "getattr(issue, 'secret')",
    "open('/etc/passwd')",
    "exec('1')",
    "String.format('%1$s{0.__class__}', issue)",
    "'{0.__class__}'.formatted(issue)",
    "'{0.secret}'.toString() + '%(secret)s'.toString()",
    '"${issue.secret}"',
    '"${issue.@secret}"',
    "issue.@secret",
    "issue.properties",
    "issue.getProperties()",
    "issue.invokeMethod('__class__', [])",
    "issue.getProperty('secret')",
    "issue.setProperty('secret', 1)",
    "issue.with { secret }",
    "issue.with { __class__ }",
    "def c = { secret }; c.delegate = issue; c.resolveStrategy = Closure.DELEGATE_ONLY; c()",
    "def c = { }; c.owner.binding",
    "def c = { }; c.thisObject.class.classLoader",
    "def c = { }; c.code",
    "def c = { }; c.captured",
    "def c = { }; c.function",
    "def c = { }; c.call.__globals__",
    "def m = issue.&shout; m.function",
    "def m = issue.&shout; m.owner.secret",
    "issue as Map",
    "issue as List",
    "issue as String[]",
    "(Map) issue",
    "groovy.json.JsonOutput.toJson(issue)",
    "issue.toString()",
    "issue.dump()",
    "issue.inspect()",
    "issue.hashCode()",
    "[issue].secret",
    "[issue]*.secret",
    "[a: issue].a.secret",
    "issue.each { it.secret }",
    "issue.collect { it.__class__ }",
    "issue + issue",
    "issue << 1",
    "issue[0]",
    "issue.class.newInstance()",
    "issue.getClass().newInstance()",
    "String.newInstance().__class__",
    "Object.newInstance().content",
    "new Expando().__class__",
    "new Object().content",
    "java.lang.Math.__class__",
    "[1].getClass().getField('x')",
    "try { issue.secret } catch (e) { e.__traceback__ }",
    "try { issue.secret } catch (e) { e.stackTrace[0] }",
    "try { issue.secret } catch (Throwable e) { e.message + e.cause }",
    "class A { def __class__ = 1; def __init__() { 2 } }; new A().__init__()",
    "class A extends issue { }",
    "class A extends java.io.File { }",
    "class A { static { System.exit(1) } }; new A()",
    "('a' =~ /a/).pattern().engine",
    "(~/a/).compiled",
    "new Date(0).millis",
    "new ArrayList().append(1)",
    "[1].__len__()",
    "'a'.encode('utf-8')",
    "'a'.join([1])",
    "'a'.format(1)",
    "5.bit_length()",
    "[a: 1].held",
    "[a: 1].keys()",
    "new java.util.Scanner(System.in)",
    "new javax.script.ScriptEngineManager()",
    "java.nio.file.Files.readAllLines(java.nio.file.Paths.get('/etc/passwd'))",
    "Class.class",
    "Integer.TYPE.classLoader",
]


def texts_of(value: Any, run: Run, depth: int = 0) -> str:
    """Everything a value shows, and a proof that it is a value of the language."""
    kinds.kind_of(value)
    if isinstance(value, list) and depth < 5:
        return " ".join(texts_of(item, run, depth + 1) for item in value)
    return run.text(value)


def attempt(source: str) -> str:
    """What a script shows in the end; its refusal counts as nothing."""
    from rules.language.evaluate import execute

    try:
        program = read(source)
    except PlacedError:
        return ""
    run = Run(now=NOW, zone=UTC, variables={"issue": Ticket()})
    try:
        return str(guarded(run, lambda: texts_of(execute(program, run), run)))
    except RuleStopped as stopped:
        return f"{stopped.class_name}: {stopped.message}"


@pytest.mark.parametrize("source", [*ATTEMPTS, *WALKS])
def test_an_attempt_reaches_nothing(source: str) -> None:
    shown = attempt(source)
    assert SECRET not in shown and not shown.startswith("InternalError")
    assert "<class '" not in shown and " object at 0x" not in shown and "<function" not in shown
    assert "root:" not in shown and os.environ.get("HOME", "/root") not in shown.replace(source, "")


def test_there_are_more_than_a_hundred_attempts() -> None:
    assert len({*ATTEMPTS, *WALKS}) > 250


def test_a_value_outside_the_model_ends_the_run() -> None:
    with pytest.raises(RuleStopped) as stopped:
        evaluate("try { thing.foo } catch (Throwable t) { 1 }", {"thing": object()}, now=NOW)
    assert stopped.value.class_name == "SecurityStop"


def test_a_host_object_answers_to_its_members_only() -> None:
    result = evaluate('issue.title = "new ${1}"; issue.getTitle() + issue.shout()', {"issue": Ticket()}, now=NOW)
    assert result.value == "new 1NEW 1"
