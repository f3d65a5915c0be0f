"""What an operator reads at the command line."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import VERSION
from bot.cli import environment, main
from storage.vault import KeyRing, new_key_text

ROOT = Path(__file__).parents[2]
PRIVATE = {
    "DRAWBRIDGE_SECRET_KEYS": new_key_text(),
    "DRAWBRIDGE_SLACK_BOT_TOKENS": "xoxb-canary",
    "DRAWBRIDGE_SLACK_APP_TOKEN": "xapp-canary",
    "DRAWBRIDGE_SLACK_API_URL": "http://127.0.0.1:1/api/",
    "DRAWBRIDGE_TRUSTED_ORIGINS": "http://127.0.0.1:1",
}


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def database(tmp_path: Path) -> dict[str, str]:
    return {"DRAWBRIDGE_DATABASE_URL": f"sqlite:///{tmp_path}/node.sqlite3"}


def bot(*arguments: str, env: dict[str, str] | None = None) -> Result:
    """Runs the command line with these variables only. A bug's exception is raised, not swallowed."""
    cleared: dict[str, str | None] = dict.fromkeys(PRIVATE)
    return CliRunner().invoke(main, ["--no-env-file", *arguments], env=cleared | (env or {}), catch_exceptions=False)


def test_the_version_is_that_of_the_project() -> None:
    assert bot("--version").output == f"Drawbridge {VERSION}\n"
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


def test_a_key_is_printed_alone_so_that_it_can_be_sent_to_a_file() -> None:
    result = bot("keygen")
    assert KeyRing.from_texts(result.stdout.split())
    assert len(result.stdout.splitlines()) == 1
    assert "every sealed secret is lost" in result.stderr


def test_a_node_without_settings_refuses_to_start_and_lists_what_to_do() -> None:
    result = bot("run")
    assert result.exit_code == 1
    assert "\n- DRAWBRIDGE_SECRET_KEYS is missing: make a key with `python -m bot keygen`" in result.stderr
    assert "\n- DRAWBRIDGE_SLACK_BOT_TOKENS is missing" in result.stderr
    assert "Traceback" not in result.output


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence() -> None:
    result = bot("migrate", env={"DRAWBRIDGE_DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"})
    assert result.exit_code == 1
    assert "DRAWBRIDGE_DATABASE_URL" in result.stderr


def test_migrating_twice_does_no_harm(database: dict[str, str]) -> None:
    for _ in range(2):
        result = bot("migrate", env=database)
        assert (result.exit_code, result.output) == (0, "The database is up to date.\n")


def test_a_check_names_all_settings_that_are_wrong() -> None:
    result = bot("check", env=PRIVATE | {"DRAWBRIDGE_LISTEN": "nowhere", "DRAWBRIDGE_LISTN": "x"})
    assert result.exit_code == 1
    assert "WRONG  DRAWBRIDGE_LISTEN: write host:port" in result.output
    assert "Did you mean DRAWBRIDGE_LISTEN?" in result.output


def test_a_check_goes_on_to_the_database_and_to_slack(database: dict[str, str]) -> None:
    result = bot("check", env=PRIVATE | database)
    assert result.exit_code == 1
    assert "ok     The settings can be read." in result.output
    assert "opens no listening socket" in result.output
    assert "WRONG  The database has no tables yet: run `python -m bot migrate`." in result.output
    assert "Slack does not answer at http://127.0.0.1:1/api/" in result.output
    assert "canary" not in result.output


def test_a_check_says_that_the_key_opens_the_database(database: dict[str, str]) -> None:
    bot("migrate", env=database)
    assert "ok     The database is up to date, and the key opens it." in bot("check", env=PRIVATE | database).output


def test_v4_another_key_is_refused_by_name_of_the_one_that_is_needed(database: dict[str, str]) -> None:
    bot("migrate", env=database)
    bot("check", env=PRIVATE | database)
    needed = KeyRing.from_texts([PRIVATE["DRAWBRIDGE_SECRET_KEYS"]]).kid
    result = bot("check", env=PRIVATE | database | {"DRAWBRIDGE_SECRET_KEYS": new_key_text()})
    assert f"WRONG  Secrets in this database are sealed by the key {needed}, which is not set" in result.output


def test_v3_secrets_are_sealed_anew_by_the_first_key(database: dict[str, str]) -> None:
    bot("migrate", env=database)
    old, new = PRIVATE["DRAWBRIDGE_SECRET_KEYS"], new_key_text()
    bot("check", env=PRIVATE | database)
    result = bot("secrets", "rotate", env=database | {"DRAWBRIDGE_SECRET_KEYS": f"{new},{old}"})
    assert f"sealed by the key {KeyRing.from_texts([new]).kid} now; no other key is needed" in result.output
    alone = bot("check", env=PRIVATE | database | {"DRAWBRIDGE_SECRET_KEYS": new})
    assert "the key opens it" in alone.output


def test_sealing_anew_without_the_old_key_names_it(database: dict[str, str]) -> None:
    bot("migrate", env=database)
    bot("check", env=PRIVATE | database)
    result = bot("secrets", "rotate", env=database | {"DRAWBRIDGE_SECRET_KEYS": new_key_text()})
    assert result.exit_code == 1
    assert KeyRing.from_texts([PRIVATE["DRAWBRIDGE_SECRET_KEYS"]]).kid in result.stderr


def test_forgetting_a_lost_key_is_asked_about_first_and_lets_the_node_start(database: dict[str, str]) -> None:
    bot("migrate", env=database)
    bot("check", env=PRIVATE | database)
    lost = PRIVATE | database | {"DRAWBRIDGE_SECRET_KEYS": new_key_text()}
    assert "Stop the node first. Go on?" in bot("secrets", "forget", env=lost).output
    assert "the key opens it" not in bot("check", env=lost).output
    assert "Cleared secrets: 0. Broken connections: 0." in bot("secrets", "forget", "--yes", env=lost).output
    assert "the key opens it" in bot("check", env=lost).output


def test_a_manifest_is_printed_for_either_transport() -> None:
    assert json.loads(bot("manifest").output)["settings"]["socket_mode_enabled"] is True
    http = json.loads(bot("manifest", "--url", "https://Bridge.Example.com/", "--command", "/bridge").output)
    assert http["features"]["slash_commands"][0]["url"] == "https://bridge.example.com/slack/events"
    assert http["features"]["slash_commands"][0]["command"] == "/bridge"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--url", "http://bridge.example.com"), "must start with https://"),
        (("--url", "local:" + "a" * 26), "starts with https://"),
        (("--command", "connect"), "a slash and 1 to 31"),
    ],
)
def test_a_manifest_that_slack_would_refuse_is_not_printed(arguments: tuple[str, str], words: str) -> None:
    result = bot("manifest", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_an_unknown_command_or_story_is_refused_with_the_choices() -> None:
    assert "No such command 'jump'" in bot("jump").stderr
    assert "'public', 'private', 'local'" in bot("demo", "--reach", "sideways").stderr


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "node.env"
    file.write_text("A=file\nB=file\nEMPTY\n")
    assert environment({"A": "environment"}, file) == {"A": "environment", "B": "file"}
    assert environment({"A": "1"}, None) == {"A": "1"}
    assert environment({"A": "1"}, tmp_path / "none") == {"A": "1"}


def test_a_file_that_is_named_must_exist() -> None:
    result = CliRunner().invoke(main, ["--env-file", "/nowhere/node.env", "check"])
    assert "there is no file /nowhere/node.env" in result.stderr
