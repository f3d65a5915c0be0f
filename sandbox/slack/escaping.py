"""How what a person types reaches an app as a command's text."""

from __future__ import annotations

import re

from sandbox.slack.world import Channel, Person

_URL = re.compile(r"https?://[^\s<>|]+")
_NAME = re.compile(r"(?<![\w<])([@#])([\w.-]+)")


def command_text(typed: str, person: Person, channel: Channel, *, should_escape: bool) -> str:
    """`&`, `<` and `>` are always escaped; with `should_escape` people, channels and links become references."""
    text = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not should_escape:
        return text
    text = _URL.sub(lambda found: f"<{found.group()}>", text)
    return _NAME.sub(lambda found: _reference(found, person, channel), text)


def _reference(found: re.Match[str], person: Person, channel: Channel) -> str:
    sign, name = found.groups()
    if sign == "@":
        people = (*person.team.people.values(), *channel.members.values())
        known = next((one for one in people if one.handle == name), None)
        return f"<@{known.id}|{known.handle}>" if known else found.group()
    channels = (*person.team.channels.values(), *person.channels.values())
    place = next((one for one in channels if one.name == name), None)
    return f"<#{place.id}|{place.name}>" if place else found.group()
