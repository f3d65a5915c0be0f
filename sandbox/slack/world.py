"""Who and what there is: organisations, people, apps, channels and what was said in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sandbox.slack.clock import Clock, MachineClock
from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Form, Json
from sandbox.slack.ids import Ids, secret
from sandbox.slack.manifest import Manifest
from sandbox.slack.permits import Permits
from sandbox.slack.places import current
from sandbox.slack.signal import Changes
from sandbox.slack.views import Screens, with_ids

Transport = Literal["http", "socket"]


@dataclass(slots=True, eq=False)
class Person:
    """A member of one organisation; the bot users of apps are people too. `name` is what others read."""

    id: str
    team: Team
    name: str
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_single_channel_guest: bool = False
    is_deactivated: bool = False
    is_bot: bool = False
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)

    @property
    def handle(self) -> str:
        """The user name, as in the payloads: `alice`."""
        return self.name.lower().replace(" ", ".")


@dataclass(slots=True, eq=False)
class UserGroup:
    id: str
    handle: str
    people: list[Person]


@dataclass(slots=True, eq=False)
class Team:
    """One organisation's workspace."""

    id: str
    name: str
    domain: str
    world: World = field(repr=False)
    people: dict[str, Person] = field(default_factory=dict, repr=False)
    channels: dict[str, Channel] = field(default_factory=dict, repr=False)
    groups: dict[str, UserGroup] = field(default_factory=dict, repr=False)
    installs: dict[str, Install] = field(default_factory=dict, repr=False)  # by app id
    commands: dict[str, Install] = field(default_factory=dict, repr=False)  # the app installed last wins

    def add_person(
        self,
        name: str,
        *,
        admin: bool = False,
        owner: bool = False,
        guest: bool = False,
        single_channel_guest: bool = False,
        deactivated: bool = False,
        bot: bool = False,
    ) -> Person:
        """`owner` makes an admin too, and `single_channel_guest` a guest, as at Slack."""
        person = Person(
            self.world.ids.draw("U"),
            self,
            name,
            is_admin=admin or owner,
            is_owner=owner,
            is_guest=guest or single_channel_guest,
            is_single_channel_guest=single_channel_guest,
            is_deactivated=deactivated,
            is_bot=bot,
        )
        self.people[person.id] = person
        self.world.people[person.id] = person
        self.world.changes.ring()
        return person

    def add_user_group(self, handle: str, people: Iterable[Person]) -> UserGroup:
        group = UserGroup(self.world.ids.draw("S"), handle, list(people))
        self.groups[group.id] = group
        return group


@dataclass(slots=True, eq=False)
class App:
    """One Slack app. `request_url` is where HTTP deliveries of every kind go; None until the app listens."""

    id: str
    manifest: Manifest
    transport: Transport
    request_url: str | None
    world: World = field(repr=False)
    signing_secret: str = field(repr=False)
    app_token: str = field(repr=False)
    verification_token: str = field(repr=False)
    installs: dict[str, Install] = field(default_factory=dict, repr=False)  # by team id

    @property
    def name(self) -> str:
        return self.manifest.name

    def install(self, team: Team) -> Install:
        """The app in this organisation, with a bot user; installing twice changes nothing but who owns the commands."""
        install = self.installs.get(team.id) or self._new_install(team)
        team.commands.update(dict.fromkeys(self.manifest.commands, install))
        self.world.changes.ring()
        return install

    def _new_install(self, team: Team) -> Install:
        bot_user = team.add_person(self.manifest.bot_name, bot=True)
        token = secret("xoxb-", 20)
        install = Install(self, team, token, bot_user, self.world.ids.draw("B"), self.manifest.scopes)
        self.installs[team.id] = team.installs[self.id] = self.world.tokens[token] = install
        self.world.installs_by_bot[bot_user.id] = install
        return install


@dataclass(slots=True, eq=False)
class Install:
    """An app in one organisation."""

    app: App
    team: Team
    bot_token: str = field(repr=False)
    bot_user: Person
    bot_id: str
    scopes: tuple[str, ...]
    is_revoked: bool = False  # the Web API answers `token_revoked` from then on

    @property
    def bot_user_id(self) -> str:
        return self.bot_user.id


@dataclass(slots=True, eq=False)
class Message:
    """`only_for` is the one person who sees it (ephemeral). `thread_ts` is the first message of its thread."""

    ts: str
    channel: Channel
    author: Person
    install: Install | None
    text: str
    blocks: list[Json]
    attachments: list[Json] = field(default_factory=list)
    only_for: Person | None = None
    thread_ts: str | None = None
    is_edited: bool = False
    files: list[StoredFile] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict, repr=False)  # by person: what each has filled in

    @property
    def is_ephemeral(self) -> bool:
        return self.only_for is not None

    def form_of(self, person: Person) -> Form:
        form = self.forms.get(person.id)
        if form is None:
            form = self.forms[person.id] = Form.of(self.blocks, current=current(self.channel, person))
        return form

    def payload(self) -> Json:
        """The message as the Web API and the interactions show it."""
        shape: Json = {"type": "message", "user": self.author.id, "ts": self.ts, "text": self.text}
        shape["team"] = self.author.team.id
        if self.install is not None:
            shape |= {"bot_id": self.install.bot_id, "app_id": self.install.app.id}
        if self.blocks:
            shape["blocks"] = self.blocks
        if self.attachments:
            shape["attachments"] = self.attachments
        if self.files:
            shape["files"] = [file_shape(one, "") for one in self.files]
        if self.thread_ts:
            shape["thread_ts"] = self.thread_ts
        if self.is_edited:
            shape["edited"] = {"user": self.author.id, "ts": self.ts}
        return shape


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, or the direct messages of two people (`is_dm`). Messages are kept oldest first."""

    id: str
    name: str
    teams: tuple[Team, ...]
    world: World = field(repr=False)
    is_private: bool = False
    is_dm: bool = False
    is_archived: bool = False
    members: dict[str, Person] = field(default_factory=dict, repr=False)
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
    ephemerals: dict[str, dict[str, Message]] = field(default_factory=dict, repr=False)  # by person, then by ts

    @property
    def is_ext_shared(self) -> bool:
        return len(self.teams) > 1

    def invite(self, *who: Person | Install) -> None:
        """People and bots join; for an app it is its bot user that does."""
        for one in who:
            person = one.bot_user if isinstance(one, Install) else one
            self.members[person.id] = person
            person.channels[self.id] = self
        self.world.changes.ring()

    def remove(self, who: Person | Install) -> None:
        person = who.bot_user if isinstance(who, Install) else who
        self.members.pop(person.id, None)
        person.channels.pop(self.id, None)
        self.world.changes.ring()

    def has(self, person: Person) -> bool:
        return person.id in self.members

    def name_for(self, person: Person) -> str:
        """What the person reads as its name: for direct messages the other one's."""
        if not self.is_dm:
            return self.name
        others = [member.name for member in self.members.values() if member is not person]
        return others[0] if others else person.name


@dataclass(slots=True, eq=False)
class StoredFile:
    """`content` is None until the bytes of an app's upload have arrived."""

    id: str
    owner: Person
    name: str
    content: bytes | None
    title: str = ""


class World:
    """Everything in one simulated Slack. Nothing here waits or talks to a network."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or MachineClock()
        self.ids = Ids(self.clock)
        self.changes = Changes()
        self.permits = Permits(self.clock)
        self.screens = Screens(self.ids)
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Person] = {}
        self.apps: dict[str, App] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, StoredFile] = {}
        self.uploads: dict[str, tuple[StoredFile, int]] = {}  # by the token of their address, with their lengths
        self.tokens: dict[str, Install] = {}
        self.app_tokens: dict[str, App] = {}
        self.installs_by_bot: dict[str, Install] = {}
        self._dms: dict[frozenset[str], Channel] = {}

    def add_team(self, name: str, *, domain: str | None = None) -> Team:
        team = Team(self.ids.draw("T"), name, domain or name.lower().replace(" ", "-"), self)
        self.teams[team.id] = team
        self.changes.ring()
        return team

    def add_app(
        self,
        name: str,
        *,
        manifest: Mapping[str, Any] | Path | str,
        transport: Transport,
        request_url: str | None = None,
    ) -> App:
        """`name` is what people read, whatever the manifest calls the app: two copies can be told apart."""
        read = Manifest.read(manifest).renamed(name)
        app = App(
            self.ids.draw("A"),
            read,
            transport,
            request_url,
            self,
            signing_secret=secret("", 16),
            app_token=secret("xapp-1-", 20),
            verification_token=secret("", 12),
        )
        self.apps[app.id] = self.app_tokens[app.app_token] = app
        self.changes.ring()
        return app

    def add_channel(
        self, name: str, *, teams: Iterable[Team], members: Iterable[Person | Install] = (), private: bool = False
    ) -> Channel:
        """A channel of one organisation, or a shared one (Slack Connect) of several; bots join by `invite`."""
        channel = Channel(self.ids.draw("C"), name, tuple(teams), self, is_private=private)
        self.channels[channel.id] = channel
        for team in channel.teams:
            team.channels[channel.id] = channel
        channel.invite(*members)
        return channel

    def dm(self, one: Person, other: Person) -> Channel:
        """Their direct messages, opened when there are none yet; with oneself they are notes."""
        pair = frozenset((one.id, other.id))
        channel = self._dms.get(pair)
        if channel is None:
            teams = tuple({person.team.id: person.team for person in (one, other)}.values())
            channel = Channel(self.ids.draw("D"), "directmessage", teams, self, is_private=True, is_dm=True)
            self._dms[pair] = self.channels[channel.id] = channel
            channel.invite(one, other)
        return channel

    def share_a_channel(self, one: Person, other: Person) -> bool:
        return any(channel.has(other) for channel in one.channels.values() if not channel.is_dm)

    def post(
        self,
        channel: Channel,
        author: Person,
        *,
        text: str,
        blocks: list[Json] | None = None,
        attachments: list[Json] | None = None,
        thread_ts: str | None = None,
        install: Install | None = None,
        only_for: Person | None = None,
        files: Iterable[StoredFile] = (),
    ) -> Message:
        """A message for all in the channel, or for one person alone."""
        message = Message(
            self.ids.timestamp(),
            channel,
            author,
            install,
            text,
            self._with_block_ids(blocks or []),
            attachments or [],
            only_for,
            thread_ts,
            files=list(files),
        )
        self._shelf(message)[message.ts] = message
        self.changes.ring()
        return message

    def edit(self, message: Message, *, text: str, blocks: list[Json], attachments: list[Json] | None = None) -> None:
        message.text, message.blocks = text, self._with_block_ids(blocks)
        message.attachments = message.attachments if attachments is None else attachments
        message.is_edited = True
        message.forms.clear()
        self.changes.ring()

    def delete(self, message: Message) -> None:
        self._shelf(message).pop(message.ts, None)
        self.changes.ring()

    def add_file(self, owner: Person, name: str, content: bytes | None) -> StoredFile:
        stored = StoredFile(self.ids.draw("F"), owner, name, content)
        self.files[stored.id] = stored
        return stored

    def person_seen_by(self, install: Install, user_id: str) -> tuple[Person, bool]:
        """A person as an app may look them up, and whether they are a stranger: of another team, no common channel.

        Raises ApiError `user_not_found` for people of organisations that share nothing with the app's.
        """
        person = self.people.get(user_id)
        if person is None:
            raise ApiError("user_not_found")
        if person.team is install.team:
            return person, False
        if self.share_a_channel(install.bot_user, person):
            return person, False
        if any(person.team in channel.teams for channel in install.team.channels.values()):
            return person, True
        raise ApiError("user_not_found")

    def _with_block_ids(self, blocks: list[Json]) -> list[Json]:
        made: list[Json] = with_ids({"blocks": blocks}, self.ids)["blocks"]
        return made

    def _shelf(self, message: Message) -> dict[str, Message]:
        if message.only_for is None:
            return message.channel.messages
        return message.channel.ephemerals.setdefault(message.only_for.id, {})


def file_shape(stored: StoredFile, base_url: str) -> Json:
    extension = stored.name.rpartition(".")[2].lower()
    url = f"{base_url}/files/{stored.id}/{stored.name}"
    return {
        "id": stored.id,
        "name": stored.name,
        "title": stored.title or stored.name,
        "mimetype": "text/plain",
        "filetype": extension,
        "user": stored.owner.id,
        "user_team": stored.owner.team.id,
        "size": len(stored.content or b""),
        "mode": "hosted",
        "url_private": url,
        "url_private_download": url,
    }
