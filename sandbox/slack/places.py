"""Which conversations and people the lists of selects offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.slack.forms import Current, Json

if TYPE_CHECKING:
    from sandbox.slack.world import Channel, Person


def not_offered(element: Json, channel: Channel, person: Person) -> str | None:
    """Why this select does not offer the channel to the person; None when it does."""
    if person.team not in channel.teams or (channel.is_private and not channel.has(person)):
        return "they cannot see it"
    chosen = element.get("filter", {})
    kind = "im" if channel.is_dm else "private" if channel.is_private else "public"
    if "include" in chosen and kind not in chosen["include"]:
        return f"its filter leaves {kind} out"
    if channel.is_ext_shared and chosen.get("exclude_external_shared_channels"):
        return "its filter leaves shared channels out"
    if channel.is_dm and chosen.get("exclude_bot_users") and any(one.is_bot for one in channel.members.values()):
        return "its filter leaves bots out"
    if element["type"].endswith("channels_select") and kind != "public":
        return "it lists public channels only"
    return None


def not_listed(someone: Person, person: Person) -> str | None:
    """Why this person's lists do not offer someone, to follow their name; None when they do."""
    if someone.team is not person.team and not person.team.world.share_a_channel(person, someone):
        return f"is not in the list that {person.name} sees"
    return "is deactivated and not in the list" if someone.is_deactivated else None


def current(channel: Channel | None, person: Person) -> Current:
    """For selects that begin with the conversation the person came from: its id, where their list has it."""
    return lambda element: channel.id if channel and not not_offered(element, channel, person) else None
