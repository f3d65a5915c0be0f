"""What an app says about itself: the parts of its manifest that change how Slack treats it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """`description` and `usage_hint` are what Slack suggests while the command is typed."""

    name: str
    should_escape: bool
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    bot_name: str
    commands: Mapping[str, SlashCommand]
    events: frozenset[str]
    scopes: tuple[str, ...]
    is_interactive: bool
    has_home: bool
    has_messages_tab: bool

    @classmethod
    def read(cls, source: Mapping[str, Any] | Path | str) -> Manifest:
        """From parsed YAML or JSON, or from the path of such a file."""
        return cls._of(source if isinstance(source, Mapping) else _parsed(Path(source)))

    def renamed(self, name: str) -> Manifest:
        return replace(self, name=name, bot_name=name)

    @classmethod
    def _of(cls, given: Mapping[str, Any]) -> Manifest:
        name = given["display_information"]["name"]
        features, settings = given.get("features", {}), given.get("settings", {})
        home = features.get("app_home", {})
        commands = (
            SlashCommand(
                entry["command"],
                bool(entry.get("should_escape")),
                entry.get("description", ""),
                entry.get("usage_hint", ""),
            )
            for entry in features.get("slash_commands", ())
        )
        return cls(
            name=name,
            bot_name=features.get("bot_user", {}).get("display_name", name),
            commands={command.name: command for command in commands},
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            scopes=tuple(given.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            is_interactive=bool(settings.get("interactivity", {}).get("is_enabled")),
            has_home=bool(home.get("home_tab_enabled")),
            has_messages_tab=bool(home.get("messages_tab_enabled")),
        )


def _parsed(path: Path) -> Mapping[str, Any]:
    text = path.read_text(encoding="utf-8")
    parsed: Mapping[str, Any] = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    return parsed
