"""A Slack workspace that uses this node, and a person of it who acts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Organisation:
    """`id` is ours, `team_id` Slack's."""

    id: str
    team_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person whose right to act for this organisation was checked with Slack for this very request."""

    organisation_id: str
    team_id: str
    user_id: str
