"""What an operator sets, and what they read when it is wrong."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import Settings, StorageSettings, Transport, database_url, unknown_variables, variable
from pairing.secret import Secret
from storage.errors import ConfigError
from storage.vault import new_key_text

ROOT = Path(__file__).parents[2]
KEY = new_key_text()
BOT = "xoxb-1-canary-bot"
APP = "xapp-1-canary-app"
SIGNING = "canary0123456789abcdef"
PRIVATE = {
    "DRAWBRIDGE_SECRET_KEYS": KEY,
    "DRAWBRIDGE_SLACK_BOT_TOKENS": BOT,
    "DRAWBRIDGE_SLACK_APP_TOKEN": APP,
}
PUBLIC = {
    "DRAWBRIDGE_SECRET_KEYS": KEY,
    "DRAWBRIDGE_SLACK_BOT_TOKENS": BOT,
    "DRAWBRIDGE_SLACK_SIGNING_SECRET": SIGNING,
    "DRAWBRIDGE_PUBLIC_BASE_URL": "https://Bridge.Example.com/",
}


def problems_of(env: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        Settings.from_env(env)
    return list(refused.value.problems)


def test_a_node_that_nobody_can_call_needs_a_key_and_two_tokens() -> None:
    settings = Settings.from_env(PRIVATE)
    assert settings.public_base_url is None
    assert settings.transport is Transport.SOCKET
    assert settings.slack_bot_tokens == (Secret(BOT),)
    assert settings.database_url == "sqlite:///drawbridge.sqlite3"


def test_a_node_with_an_address_takes_slack_over_http() -> None:
    settings = Settings.from_env(PUBLIC)
    assert settings.public_base_url == "https://bridge.example.com"
    assert settings.transport is Transport.HTTP
    assert settings.listen == ("127.0.0.1", 8080)


def test_a_node_with_an_address_may_take_slack_through_a_socket() -> None:
    env = PRIVATE | {
        "DRAWBRIDGE_PUBLIC_BASE_URL": "https://bridge.example.com",
        "DRAWBRIDGE_SLACK_TRANSPORT": "Socket",
    }
    assert Settings.from_env(env).transport is Transport.SOCKET


def test_an_empty_environment_is_told_all_that_is_missing_at_once() -> None:
    problems = problems_of({})
    assert [problem.partition(" ")[0] for problem in problems] == [
        "DRAWBRIDGE_SECRET_KEYS",
        "DRAWBRIDGE_SLACK_BOT_TOKENS",
        "DRAWBRIDGE_SLACK_APP_TOKEN",
    ]
    assert "python -m bot keygen" in problems[0]
    assert "OAuth & Permissions" in problems[1]
    assert "connections:write" in problems[2]


def test_slack_over_http_needs_the_secret_and_an_address() -> None:
    problems = problems_of(PRIVATE | {"DRAWBRIDGE_SLACK_TRANSPORT": "http"})
    assert any("DRAWBRIDGE_SLACK_SIGNING_SECRET is missing" in problem for problem in problems)
    assert any("DRAWBRIDGE_PUBLIC_BASE_URL is missing" in problem for problem in problems)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://x", "sqlite:///file.sqlite3"),
        ("SECRET_KEYS", "c2hvcnQ=", "not base64 of 32 bytes"),
        ("SECRET_KEYS_FILE", "/nowhere/at/all", "cannot be read"),
        ("PUBLIC_BASE_URL", "http://bridge.example.com", "https://"),
        ("PUBLIC_BASE_URL", "https://10.0.0.1", "public host name"),
        ("PUBLIC_BASE_URL", "https://acme.freshservice.com", "service desk"),
        ("PUBLIC_BASE_URL", "local:" + "a" * 26, "nothing when nobody can call"),
        ("LISTEN", "8080", "host:port"),
        ("LISTEN", "127.0.0.1:0", "host:port"),
        ("LISTEN", "127.0.0.1:99999", "host:port"),
        ("SLACK_BOT_TOKENS", "xoxp-1-person", "starts with xoxb-"),
        ("SLACK_SIGNING_SECRET", "short", "no signing secret"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-2-3-4-5-6-7-8", "no signing secret"),
        ("SLACK_APP_TOKEN", "xoxb-1", "starts with xapp-"),
        ("SLACK_TRANSPORT", "carrier pigeon", "auto, http or socket"),
        ("SLACK_API_URL", "http://slack.example/api/", "starts with https://"),
        ("COMMAND", "connect", "a slash and 1 to 31"),
        ("COMMAND", "/" + "c" * 32, "a slash and 1 to 31"),
        ("ADMIN_GROUPS", "admins", "starts with S"),
        ("ALLOWED_TEAMS", "acme", "starts with T"),
        ("TRUSTED_ORIGINS", "127.0.0.1:8101", "separated by commas"),
        ("TRUSTED_ORIGINS", "http://127.0.0.1:8101/bridge", "has no path"),
        ("TRUSTED_ORIGINS", "http://user@127.0.0.1:8101", "separated by commas"),
        ("CA_FILE", "/nowhere/ca.pem", "PEM form"),
        ("EGRESS_PROXY", "http://user:pass@proxy:3128", "without a user name"),
        ("EGRESS_PROXY", "socks5://proxy:1080", "http://host:port"),
        ("EGRESS_PROXY", "http://proxy:none", "http://host:port"),
        ("TOY_DESKS", "perhaps", "true or false"),
        ("PARKED_POLLS", "many", "a number from 1"),
        ("PARKED_POLLS", "0", "a number from 1"),
        ("POLL_SECONDS", "0.5", "a number of seconds from 1 to 3600"),
        ("DESK_SHARE", "0", "percent, from 1 to 100"),
        ("DESK_SHARE", "120%", "percent, from 1 to 100"),
        ("EXCLUDED_FILES", "*.tar.gz", "endings of file names"),
        ("BRAKE_CREATIONS", "none", "a number from 1 to 10000"),
        ("BRAKE_ROUNDS", "5000", "a number from 1 to 1000"),
        ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_each_wrong_variable_is_named_with_what_to_write(name: str, value: str, words: str) -> None:
    env = PUBLIC | PRIVATE | {"DRAWBRIDGE_" + name: value}
    if name == "SECRET_KEYS_FILE":
        del env["DRAWBRIDGE_SECRET_KEYS"]
    problems = problems_of(env)
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"DRAWBRIDGE_{name}: ")
    assert words in problems[0]


def test_limits_are_read_as_people_write_them() -> None:
    more = {"DRAWBRIDGE_DESK_SHARE": "60 %", "DRAWBRIDGE_EXCLUDED_FILES": "EXE, .bat *.cmd"}
    settings = Settings.from_env(PRIVATE | more)
    assert settings.desk_share == 0.6
    assert settings.excluded_files == {"exe", "bat", "cmd"}
    assert (settings.brake_creations, settings.brake_rounds) == (50, 10)


def test_a_wrong_value_is_never_repeated() -> None:
    wrong = {variable(setting.name): "canary-canary" for setting in fields(Settings)}
    assert "canary" not in " ".join(problems_of(wrong))


def test_the_keys_come_from_a_file_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{KEY}\n{new_key_text()}\n")
    env = PRIVATE | {"DRAWBRIDGE_SECRET_KEYS": "", "DRAWBRIDGE_SECRET_KEYS_FILE": str(file)}
    assert Settings.from_env(env).secret_keys[0] == Secret(KEY)
    assert len(Settings.from_env(env).secret_keys) == 2


def test_keys_in_both_places_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(KEY)
    problems = problems_of(PRIVATE | {"DRAWBRIDGE_SECRET_KEYS_FILE": str(file)})
    assert problems == ["DRAWBRIDGE_SECRET_KEYS and DRAWBRIDGE_SECRET_KEYS_FILE are both set. Keep one."]


def test_trusted_origins_may_be_plain_and_have_any_port() -> None:
    env = PUBLIC | {
        "DRAWBRIDGE_TRUSTED_ORIGINS": "http://127.0.0.1:8101, HTTP://Node-B:8080/ https://bridge.corp.example:443",
        "DRAWBRIDGE_PUBLIC_BASE_URL": "http://127.0.0.1:8101",
        "DRAWBRIDGE_SLACK_API_URL": "http://127.0.0.1:8101/api",
    }
    settings = Settings.from_env(env)
    assert settings.trusted_origins == {
        "http://127.0.0.1:8101",
        "http://node-b:8080",
        "https://bridge.corp.example",
    }
    assert settings.public_base_url == "http://127.0.0.1:8101"
    assert settings.slack_api_url == "http://127.0.0.1:8101/api/"


def test_lists_take_commas_and_spaces_and_repeat_nothing() -> None:
    env = PRIVATE | {"DRAWBRIDGE_SLACK_BOT_TOKENS": f"{BOT}, xoxb-2 {BOT}", "DRAWBRIDGE_ADMIN_GROUPS": "S012,S034"}
    settings = Settings.from_env(env)
    assert settings.slack_bot_tokens == (Secret(BOT), Secret("xoxb-2"))
    assert settings.admin_groups == {"S012", "S034"}


def test_l2_no_secret_shows_in_a_repr() -> None:
    env = PRIVATE | PUBLIC | {"DRAWBRIDGE_DATABASE_URL": "postgresql://drawbridge:canary-password@db/drawbridge"}
    for shown in (repr(Settings.from_env(env)), repr(StorageSettings.from_env(env))):
        assert "canary" not in shown
        assert KEY not in shown


def test_keeping_the_secrets_needs_no_word_about_slack() -> None:
    settings = StorageSettings.from_env({"DRAWBRIDGE_SECRET_KEYS": KEY})
    assert settings.database_url == "sqlite:///drawbridge.sqlite3"
    with pytest.raises(ConfigError, match="python -m bot keygen"):
        StorageSettings.from_env({})


def test_migrating_needs_only_the_database() -> None:
    assert database_url({"DRAWBRIDGE_DATABASE_URL": "sqlite:///x.sqlite3"}) == "sqlite:///x.sqlite3"
    with pytest.raises(ConfigError, match="DRAWBRIDGE_DATABASE_URL"):
        database_url({"DRAWBRIDGE_DATABASE_URL": "oracle"})


def test_a_misspelled_variable_is_noticed() -> None:
    assert unknown_variables({"DRAWBRIDGE_SLACK_BOT_TOKEN": "x", "DRAWBRIDGE_PORT_80_TCP": "y", "HOME": "/"}) == (
        "DRAWBRIDGE_PORT_80_TCP is no setting of Drawbridge: it has no effect.",
        "DRAWBRIDGE_SLACK_BOT_TOKEN is no setting of Drawbridge. Did you mean DRAWBRIDGE_SLACK_BOT_TOKENS?",
    )


def test_env_example_names_every_setting_once_with_its_default_and_a_comment() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]", line))
    assert list(example) == list(dict.fromkeys(example))
    assert set(example) == {variable(setting.name) for setting in fields(Settings)}
    for number, line in enumerate(lines):
        assert not re.match(r"[A-Z]", line) or lines[number - 1].startswith("# "), f"{line} has no comment above it"
    assert Settings.from_env(example | PRIVATE) == Settings.from_env(PRIVATE)


def test_what_the_documentation_says_about_settings_exists() -> None:
    known = {variable(setting.name) for setting in fields(Settings)}
    texts = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "Makefile"]
    named = {name for text in texts for name in re.findall(r"DRAWBRIDGE_[A-Z_]+[A-Z]", text.read_text())}
    assert named <= known
