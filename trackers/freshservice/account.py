"""What is remembered of one account and key."""

from collections.abc import Callable
from dataclasses import dataclass

from trackers.freshservice.fields import Forms
from trackers.freshservice.files import Links
from trackers.freshservice.people import People
from trackers.freshservice.places import Places
from trackers.freshservice.tags import KnownTags
from trackers.port import Budget


@dataclass(slots=True)
class Account:
    """What is remembered of one account and key, for all trackers that are opened on it."""

    budget: Budget
    forms: Forms
    people: People
    links: Links
    places: Places
    tags: KnownTags
    has_workspaces: bool = True

    @classmethod
    def fresh(cls, budget: Budget, clock: Callable[[], float]) -> "Account":
        return cls(budget, Forms(clock), People(clock), Links(clock), Places(clock), KnownTags(clock))
