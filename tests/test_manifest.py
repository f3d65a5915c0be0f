"""The manifest of the Slack app: within Slack's limits, and granting what the code uses, no more and no less."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.manifest import manifest
from handlers import needs
from handlers.app import LISTENERS
from handlers.arrivals import Kind

ROOT = Path(__file__).parents[1]
URL = "https://bridge.example.com/drawbridge"
BOTH = [manifest(), manifest(url=URL, command="/" + "c" * 31)]

# What Slack's pages of the methods ask for (read 2026-11). im:write and groups:read: to people and private channels.
SCOPES_OF = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "views.open": set(),
    "views.push": set(),
    "views.update": set(),
    "views.publish": set(),
    "chat.postMessage": {"chat:write", "im:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.open": {"im:write"},
    "conversations.info": {"channels:read", "groups:read"},
    "users.info": {"users:read"},
    "usergroups.users.list": {"usergroups:read"},
    "team.info": {"team:read"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
}


def trees() -> Iterator[ast.AST]:
    for room in ("handlers", "bot"):
        yield from trees_of(room)


def trees_of(room: str) -> Iterator[ast.AST]:
    for file in (ROOT / room).rglob("*.py"):
        yield ast.parse(file.read_text())


def calls_of(name: str) -> Iterator[ast.Call]:
    for tree in trees_of("handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield node


def methods_called() -> set[str]:
    """Web API methods, as the SDK's client names them (chat_postMessage)."""
    known = {name for name in vars(AsyncWebClient) if "_" in name.strip("_")}
    attributes = {node.attr for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return known & attributes


def bot_scopes(of: dict[str, Any]) -> list[str]:
    scopes: list[str] = of["oauth_config"]["scopes"]["bot"]
    return scopes


def test_the_file_is_what_the_code_makes() -> None:
    assert yaml.safe_load((ROOT / "manifest.yml").read_text()) == manifest()


@pytest.mark.parametrize("of", BOTH)
def test_texts_keep_slacks_limits(of: dict[str, Any]) -> None:
    display = of["display_information"]
    assert 1 <= len(display["name"]) <= 35
    assert 1 <= len(display["description"]) <= 140
    assert 175 <= len(display["long_description"]) <= 4000
    assert 1 <= len(of["features"]["bot_user"]["display_name"]) <= 80


@pytest.mark.parametrize("of", BOTH)
def test_commands_and_events_keep_slacks_limits(of: dict[str, Any]) -> None:
    commands = of["features"]["slash_commands"]
    assert 1 <= len(commands) <= 50
    for command in commands:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 1 <= len(command["description"]) <= 2000
        assert 1 <= len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is True
    assert len(of["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_through_a_socket_no_address_is_named() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "url" not in yaml.safe_dump(manifest())


def test_over_http_every_door_has_the_same_address() -> None:
    http = manifest(url=URL)
    settings = http["settings"]
    assert settings["socket_mode_enabled"] is False
    assert http["features"]["slash_commands"][0]["url"] == f"{URL}/slack/events"
    assert settings["event_subscriptions"]["request_url"] == f"{URL}/slack/events"
    assert settings["interactivity"] == {"is_enabled": True, "request_url": f"{URL}/slack/events"}


def test_the_bot_cannot_post_where_nobody_invited_it() -> None:
    assert "chat:write.public" not in bot_scopes(manifest())


def test_every_method_that_the_code_calls_is_listed_and_the_reverse() -> None:
    listed = {name.replace(".", "_") for name in needs.METHODS}
    assert methods_called() == listed


def test_every_listed_method_asks_for_the_scopes_of_slacks_page() -> None:
    assert {name: set(scopes) for name, scopes in needs.METHODS.items()} == {
        name: SCOPES_OF[name] for name in needs.METHODS
    }


def test_scopes_are_those_of_the_methods_of_the_command_and_of_files_in_forms() -> None:
    needed = set().union(*(SCOPES_OF[name] for name in needs.METHODS)) | {"commands", "files:read"}
    assert set(bot_scopes(manifest())) == needed
    assert len(bot_scopes(manifest())) == len(needed)


def test_every_event_that_the_code_listens_to_is_subscribed_and_the_reverse() -> None:
    listened = {listener.name for listener in LISTENERS if listener.kind is Kind.EVENT}
    assert listened == set(manifest()["settings"]["event_subscriptions"]["bot_events"])


def test_every_word_that_the_command_takes_is_in_its_hint_and_the_reverse() -> None:
    taken = {listener.name for listener in LISTENERS if listener.kind is Kind.COMMAND}
    hinted = manifest()["features"]["slash_commands"][0]["usage_hint"].replace(" <code>", "").split(" | ")
    assert taken == set(hinted)
    assert len(hinted) == len(taken)


def test_one_command_is_listened_to_by_its_configured_name() -> None:
    named = [ast.unparse(call.args[0]) for call in calls_of("command")]
    assert named == ["front.command"]
    assert len(manifest()["features"]["slash_commands"]) == 1
