"""Everything on one person's screen, and around it what only the stand-in has: who to be, and the fault switches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sandbox.slack.page_drawing import Drawing
from sandbox.slack.person import PersonDriver
from sandbox.slack.world import Channel, Install, Message, Person, StoredFile, Team

if TYPE_CHECKING:
    from sandbox.slack.server import SlackStandIn

_MOST_MESSAGES = 200
_MOST_REFUSALS = 5
_MOST_CALLS = 12
_HUES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What the person looks at: a channel (direct messages, too), or the Home of an app."""

    channel: Channel
    home_of: Install | None = None


@dataclass(frozen=True, slots=True)
class Badge:
    """`name` as the style sheet knows it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A line of the side bar: `unread` counts what is new, `shared_with` names other organisations."""

    name: str
    href: str
    is_here: bool
    unread: int = 0
    mark: str = ""
    shared_with: tuple[str, ...] = ()
    badges: tuple[Badge, ...] = ()
    hue: int = 0
    is_off: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """An organisation and its people."""

    name: str
    hue: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command as it is offered while somebody types: what is put in, how it looks, what it does."""

    insert: str
    shown: str
    about: str


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One message in the channel."""

    drawing: Drawing
    at: datetime
    author: Person
    hue: int
    is_edited: bool
    is_reply: bool
    files: tuple[StoredFile, ...] = ()

    @property
    def is_ephemeral(self) -> bool:
        return self.drawing.surface.is_ephemeral


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Drawn by `screen.html`. Times are aware, in the zone of the machine."""

    slack: SlackStandIn
    driver: PersonDriver
    place: Place
    now: datetime

    @property
    def person(self) -> Person:
        return self.driver.person

    @property
    def hue(self) -> int:
        return hue_of(self.person.team)

    @property
    def version(self) -> int:
        return self.slack.world.changes.version

    # the left side

    @property
    def groups(self) -> tuple[Group, ...]:
        return groups(self.slack, self.place.channel, self.person)

    @property
    def channels(self) -> tuple[Row, ...]:
        found = [one for one in self.person.channels.values() if not one.is_dm]
        return tuple(self._row(one, "lock" if one.is_private else "#") for one in sorted(found, key=lambda c: c.name))

    @property
    def directs(self) -> tuple[Row, ...]:
        """With oneself and with people; those with apps stand under Apps."""
        notes = self.driver.notes
        found = [one for one in self.person.channels.values() if one.is_dm and self._bot_in(one) is None]
        return self._row(notes, "@", " (you)"), *(self._row(one, "@") for one in found if one is not notes)

    @property
    def apps(self) -> tuple[Row, ...]:
        return tuple(self._app_row(one) for one in self.person.team.installs.values())

    @property
    def people_to_write_to(self) -> tuple[Row, ...]:
        found = [one for one in self.driver.people_offered() if not one.is_bot and one is not self.person]
        return tuple(Row(one.name, f"/as/{self.person.id}/with/{one.id}", False, hue=hue_of(one.team)) for one in found)

    def _app_row(self, install: Install) -> Row:
        path = f"app/{install.app.id}" if install.app.manifest.has_home else f"c/{self.driver.dm(install).id}"
        unread = self.driver.unread(self.driver.dm(install))
        return Row(install.bot_user.name, f"/as/{self.person.id}/{path}", self.app is install, unread, "app")

    def _row(self, channel: Channel, mark: str, addition: str = "") -> Row:
        return Row(
            channel.name_for(self.person) + addition,
            f"/as/{self.person.id}/c/{channel.id}",
            self.place.home_of is None and self.place.channel is channel,
            self.driver.unread(channel),
            mark,
            others_in(channel, self.person),
        )

    def _bot_in(self, channel: Channel) -> Person | None:
        return next((one for one in channel.members.values() if one.is_bot), None) if channel.is_dm else None

    # the middle

    @property
    def app(self) -> Install | None:
        """The app whose Home or messages these are."""
        bot = self._bot_in(self.place.channel)
        return self.slack.world.installs_by_bot.get(bot.id) if bot else None

    @property
    def title(self) -> str:
        channel = self.place.channel
        return channel.name_for(self.person) if channel.is_dm else f"#{channel.name}"

    @property
    def shared_with(self) -> tuple[str, ...]:
        return others_in(self.place.channel, self.person)

    @property
    def members(self) -> tuple[Person, ...]:
        return tuple(self.place.channel.members.values())

    @property
    def messages_href(self) -> str:
        return f"/as/{self.person.id}/c/{self.place.channel.id}"

    @property
    def home_href(self) -> str:
        """Empty where there is no Home tab."""
        app = self.app
        has_home = app is not None and app.team is self.person.team and app.app.manifest.has_home
        return f"/as/{self.person.id}/app/{app.app.id}" if app is not None and has_home else ""

    @property
    def home(self) -> Drawing | None:
        surface = self.driver.home(self.place.home_of) if self.place.home_of else None
        return Drawing.of(self.driver, surface, self.now) if surface else None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Oldest first, the newest 200."""
        channel = self.place.channel
        surfaces = (*self.driver.messages(channel), *self.driver.ephemerals(channel))
        newest = sorted(surfaces, key=lambda one: one.ts)[-_MOST_MESSAGES:]
        return tuple(self._line(Drawing.of(self.driver, one, self.now)) for one in newest)

    def _line(self, drawing: Drawing) -> Line:
        raw = drawing.surface.raw
        at = datetime.fromtimestamp(float(raw["ts"]), self.now.tzinfo)
        author = self.slack.world.people[raw["user"]]
        is_reply = raw.get("thread_ts", raw["ts"]) != raw["ts"]
        source = drawing.surface.source
        files = tuple(source.files) if isinstance(source, Message) else ()
        return Line(drawing, at, author, hue_of(author.team), "edited" in raw, is_reply, files)

    @property
    def can_write(self) -> bool:
        return self.place.channel.has(self.person) and not self.person.is_deactivated

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        return tuple(one for install in set(self.person.team.commands.values()) for one in _suggestions(install))

    # over it

    @property
    def modal(self) -> Drawing | None:
        surface = self.driver.modal
        return Drawing.of(self.driver, surface, self.now) if surface else None

    @property
    def below(self) -> tuple[str, ...]:
        """The titles of the modals under the topmost one, lowest first."""
        return tuple(one.title for one in self.driver.modals[:-1])

    # around it

    @property
    def refusals(self) -> Sequence[str]:
        """The newest, newest first."""
        return tuple(self.slack.refusals)[: -_MOST_REFUSALS - 1 : -1]

    @property
    def calls(self) -> Iterator[tuple[str, str, str]]:
        """Method, organisation and outcome of the newest calls of the Web API, newest first."""
        for call in tuple(self.slack.calls)[: -_MOST_CALLS - 1 : -1]:
            team = self.slack.world.teams.get(call.team)
            yield call.method, team.name if team else "", call.summary


def groups(slack: SlackStandIn, here: Channel | None = None, me: Person | None = None) -> tuple[Group, ...]:
    """All organisations and their people; the links stay in the channel where the other one is a member, too."""
    made = []
    for team in slack.world.teams.values():
        people = [one for one in team.people.values() if not one.is_bot]
        rows = tuple(_person_row(slack.person(one), here, me) for one in people)
        made.append(Group(team.name, hue_of(team), rows))
    return tuple(made)


def _person_row(driver: PersonDriver, here: Channel | None, me: Person | None) -> Row:
    person = driver.person
    stays = here is not None and not here.is_dm and here.has(person)
    href = f"/as/{person.id}/c/{here.id}" if stays and here else f"/as/{person.id}"
    unread = sum(driver.unread(channel) for channel in person.channels.values())
    return Row(
        person.name,
        href,
        person is me,
        unread,
        badges=tuple(badges(person)),
        hue=hue_of(person.team),
        is_off=person.is_deactivated,
    )


def badges(person: Person) -> Iterator[Badge]:
    if person.is_owner:
        yield Badge("owner", "owner")
    elif person.is_admin:
        yield Badge("admin", "admin")
    if person.is_single_channel_guest:
        yield Badge("guest", "single-channel guest")
    elif person.is_guest:
        yield Badge("guest", "guest")
    if person.is_deactivated:
        yield Badge("off", "deactivated")


def others_in(channel: Channel, person: Person) -> tuple[str, ...]:
    """The organisations it is shared with, without the person's own."""
    return () if channel.is_dm else tuple(team.name for team in channel.teams if team is not person.team)


def hue_of(team: Team) -> int:
    """Which of the style sheet's colours an organisation has."""
    return list(team.world.teams).index(team.id) % _HUES


def _suggestions(install: Install) -> Iterator[Suggestion]:
    for name, command in install.app.manifest.commands.items():
        yield Suggestion(f"{name} ", name, command.description)
        words = [word.strip(" []") for word in command.usage_hint.split("|")]
        for word in (one for one in words if one) if len(words) > 1 else ():
            first, _, rest = word.partition(" ")
            yield Suggestion(f"{name} {first}" + (" " if rest else ""), f"{name} {word}", "")
