"""The manifest of the Slack app: one for a node that opens a socket, one for a node that Slack can call."""

import json
from typing import Any

from handlers import needs

SLACK_PATH = "/slack/events"
_NAME = "Drawbridge"
_SHORT = "Connects your service desk with a partner's, from a shared channel."
_LONG = (
    "Two companies that work on the same incidents connect their service desks from Slack. One admin makes an"
    " invitation code, the other accepts it, a six-digit number proves that it was really them. Neither side sees the"
    " other's credentials, and each side's rules are its own. Each company runs its own Drawbridge, or both use one."
)


def manifest(*, command: str = "/connect", url: str | None = None) -> dict[str, Any]:
    """`url` is the node's canonical public address; None makes the Socket Mode variant."""
    request_url = None if url is None else url + SLACK_PATH
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": _NAME, "description": _SHORT, "long_description": _LONG},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # People type the command in their conversation with the bot, too.
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": [_slash_command(command, request_url)],
        },
        "oauth_config": {"scopes": {"bot": sorted(needs.SCOPES)}},
        "settings": {
            "event_subscriptions": _reached({"bot_events": sorted(needs.EVENTS)}, request_url),
            "interactivity": _reached({"is_enabled": True}, request_url),
            "socket_mode_enabled": request_url is None,
            "org_deploy_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(*, command: str, url: str | None) -> str:
    """JSON, which Slack's page takes as well as YAML."""
    return json.dumps(manifest(command=command, url=url), indent=2, ensure_ascii=False)


def _slash_command(command: str, request_url: str | None) -> dict[str, Any]:
    described = {
        "command": command,
        "description": "Connect to a partner's service desk, accept an invitation, see your connections",
        "usage_hint": " | ".join("accept <code>" if word == "accept" else word for word in needs.COMMAND_WORDS),
        # Turns @person and #channel into ids; the parser unwraps what Slack makes of addresses.
        "should_escape": True,
    }
    return described if request_url is None else described | {"url": request_url}


def _reached(setting: dict[str, Any], request_url: str | None) -> dict[str, Any]:
    return setting if request_url is None else setting | {"request_url": request_url}
