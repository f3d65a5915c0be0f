"""What Slack refuses to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.slack.forms import Json


@dataclass(frozen=True, slots=True)
class Problems:
    code: str
    messages: tuple[str, ...]


def view_problems(view: Json, surface: str) -> Problems | None:
    return None


def message_problems(blocks: Sequence[Json]) -> Problems | None:
    return None
