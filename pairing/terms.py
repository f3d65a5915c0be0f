"""The choices two sides make when they connect."""

from enum import StrEnum


class Reach(StrEnum):
    """Who calls whom: both sides, only the side without a URL, or nobody because one node serves both desks."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOCAL = "local"


class RulesMode(StrEnum):
    BASIC = "basic"
    SCRIPT = "script"


class Side(StrEnum):
    INVITER = "inviter"
    INVITEE = "invitee"


class ConflictPolicy(StrEnum):
    """Whose value stays when both sides changed the same field: the later one, or always the one side's."""

    LATEST = "latest"
    INVITER = "inviter"
    INVITEE = "invitee"
