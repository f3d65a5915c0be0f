"""What a writer of rules reads at the command line."""

import json
from pathlib import Path

import pytest

from tests.bot.test_cli import bot


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def test_a_good_rule_passes_in_silence(folder: Path) -> None:
    result = bot(
        "rule", "check", written(folder, "r.groovy", "\ufeffreplica.summary = issue.summary\r\n"), "--side", "outgoing"
    )
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "ok\n")


def test_an_empty_rule_is_told_with_its_place(folder: Path) -> None:
    result = bot("rule", "check", written(folder, "r.groovy", "  \n"), "--side", "incoming")
    assert result.exit_code == 1
    assert result.stdout == "1:1: the rule is empty; to let nothing through, write a comment: // nothing\n"


@pytest.mark.parametrize("command", [("check", "--side", "outgoing"), ("eval",)])
def test_what_cannot_be_read_is_said_in_one_sentence(folder: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    missing, latin = str(folder / "none.groovy"), written(folder, "latin.groovy", b"\xe9t\xe9")
    for file, words in ((missing, "no such file"), (latin, "is not UTF-8 text."), (str(folder), "is a directory")):
        result = bot("rule", name, file, *options)
        assert result.exit_code == 2 and words in result.stderr, result.stderr
        assert result.stdout == ""


def test_a_side_has_to_be_named(folder: Path) -> None:
    result = bot("rule", "check", written(folder, "r.groovy", "x = 1"))
    assert result.exit_code == 2 and "--side" in result.stderr


def test_what_is_wrong_is_a_line_with_its_place(folder: Path) -> None:
    result = bot("rule", "check", written(folder, "r.groovy", "def a = 1\nif (a {\n}\n"), "--side", "incoming")
    assert (result.exit_code, result.stdout) == (1, "2:4: '(' is never closed\n")


@pytest.mark.parametrize(
    ("ticket", "replica", "words"),
    [
        ("{", None, "t.json: it is not JSON"),
        ('{"id": "1"}', None, "t.json: fields: field required."),
        ('{"id": "1", "fields": {}, "coments": []}', None, "t.json: coments: extra inputs are not permitted."),
        ("null", None, "An outgoing rule needs a ticket."),
        ("null", "[]", "p.json: the whole: input should be a valid dictionary"),
        (b"\xff", None, "t.json is not UTF-8 text."),
    ],
)
def test_a_ticket_or_replica_that_cannot_be_read_is_said(
    folder: Path, ticket: str | bytes, replica: str | None, words: str
) -> None:
    options = ["--ticket", written(folder, "t.json", ticket)]
    if replica is not None:
        options += ["--replica", written(folder, "p.json", replica)]
    result = bot("rule", "run", written(folder, "r.groovy", "x = 1"), *options)
    assert result.exit_code == 2 and words in result.stderr, result.stderr


TICKET = '{"id": "372", "fields": {"summary": "Printer smokes", "status": "Open"}}'


def test_an_outgoing_rule_prints_the_replica(folder: Path) -> None:
    rule = written(folder, "r.groovy", 'replica.summary = "${issue.summary}!"\nlog.info("done")')
    result = bot("rule", "run", rule, "--ticket", written(folder, "t.json", TICKET))
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "replica": {"fields": {"summary": "Printer smokes!"}},
        "log": ["info: done"],
    }


def test_an_incoming_rule_prints_the_difference_of_two_runs(folder: Path) -> None:
    rule = written(folder, "r.groovy", "issue.summary = replica.summary\nissue.status = replica.status")
    replica = '{"fields": {"summary": "Same", "status": "Closed"}, "previous": {"summary": "Same", "status": "Open"}}'
    options = ("--ticket", written(folder, "t.json", TICKET), "--replica", written(folder, "p.json", replica))
    assert json.loads(bot("rule", "run", rule, *options).stdout) == {"writes": {"fields": {"status": "Closed"}}}


def test_a_rule_that_stops_says_where(folder: Path) -> None:
    rule = written(folder, "r.groovy", "def a = null\nreplica.summary = a.name")
    result = bot("rule", "run", rule, "--ticket", written(folder, "t.json", TICKET))
    assert result.exit_code == 1 and result.stdout == ""
    assert "Cannot get property 'name' on null object" in result.stderr and "line 2" in result.stderr


def test_files_are_evaluated_a_line_each(folder: Path) -> None:
    files = [written(folder, f"{n}.groovy", text) for n, text in enumerate(("1 + 1", "'a\\nb'", "null.x", "def ("))]
    lines = bot("rule", "eval", *files).stdout.splitlines()
    assert lines[:2] == ["Integer 2", "String a⏎b"]
    assert lines[2] == "EXC NullPointerException: Cannot get property 'x' on null object"
    assert lines[3].startswith("COMPILE ")


def test_an_unknown_name_is_told_at_its_place(folder: Path) -> None:
    rule = written(folder, "r.groovy", "replica.summary = issue.summary\nnodeHelper.getUserByMail('x')\n")
    result = bot("rule", "check", rule, "--side", "outgoing")
    assert result.exit_code == 1 and result.stdout.startswith("2:"), result.stdout
