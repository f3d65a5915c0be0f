"""The views people look at: modals in stacks of at most three, and one Home for each app and person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.slack.errors import ApiError
from sandbox.slack.forms import Form, Json, interactive
from sandbox.slack.ids import Ids, secret
from sandbox.slack.places import current

if TYPE_CHECKING:
    from sandbox.slack.world import Channel, Install, Person

STACK_LIMIT = 3


@dataclass(slots=True, eq=False)
class View:
    """One view on one person's screen. `errors` are what stands below its inputs, by block_id."""

    id: str
    install: Install
    person: Person
    channel: Channel | None
    root_id: str
    previous_id: str | None
    content: Json
    form: Form
    hash: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.content["blocks"]
        return blocks

    @property
    def callback_id(self) -> str:
        return str(self.content.get("callback_id", ""))

    def payload(self, *, with_state: bool) -> Json:
        """The view as an app sees it: in answers without state, in interactions with what was filled in."""
        content = self.content
        shape: Json = {
            "id": self.id,
            "team_id": self.person.team.id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": self.form.state() if with_state else {"values": {}},
            "hash": self.hash,
            "title": content.get("title"),
            "clear_on_close": content.get("clear_on_close", False),
            "notify_on_close": content.get("notify_on_close", False),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": self.install.app.id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": self.install.team.id,
            "bot_id": self.install.bot_id,
        }
        return shape


class Screens:
    """All views of the world. No search goes through all of them."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._stacks: dict[str, list[View]] = {}
        self._by_id: dict[str, View] = {}
        self._by_external_id: dict[tuple[str, str], View] = {}
        self._homes: dict[tuple[str, str], View] = {}

    def top(self, person: Person) -> View | None:
        stack = self._stacks.get(person.id)
        return stack[-1] if stack else None

    def stack(self, person: Person) -> tuple[View, ...]:
        """Lowest first."""
        return tuple(self._stacks.get(person.id, ()))

    def home(self, app_id: str, person: Person) -> View | None:
        return self._homes.get((app_id, person.id))

    def find(self, install: Install, view_id: str | None, external_id: str | None) -> View:
        """Raises ApiError `not_found` for a view that is closed, another app's or unknown."""
        named = (install.team.id, external_id or "")
        view = self._by_id.get(view_id) if view_id else self._by_external_id.get(named)
        if view is None or view.install.app is not install.app:
            raise ApiError("not_found")
        return view

    def open(self, install: Install, person: Person, channel: Channel | None, content: Json) -> View:
        """A new modal in place of whatever the person had open."""
        self._external_id_is_free(install, content, instead_of=None)
        self.clear(person)
        return self._put_on_top(install, person, channel, content)

    def push(self, install: Install, person: Person, channel: Channel | None, content: Json) -> View:
        """On top of the person's stack; raises ApiError when it holds three already."""
        if len(self._stacks.get(person.id, ())) >= STACK_LIMIT:
            raise ApiError("push_limit_reached")
        self._external_id_is_free(install, content, instead_of=None)
        return self._put_on_top(install, person, channel, content)

    def update(self, view: View, content: Json, expected_hash: str | None) -> None:
        """Other content in the same view; what was filled in stays where the ids stay."""
        if expected_hash and expected_hash != view.hash:
            raise ApiError("hash_conflict")
        self._external_id_is_free(view.install, content, instead_of=view)
        self._forget_external_id(view)
        view.content = with_ids(content, self._ids)
        view.form = Form.of(view.blocks, current=current(view.channel, view.person), before=view.form)
        view.hash = self._new_hash()
        view.errors = {}
        self._remember(view)

    def publish(self, install: Install, person: Person, content: Json, expected_hash: str | None) -> View:
        home = self._homes.get((install.app.id, person.id))
        if home is not None:
            self.update(home, content, expected_hash)
            return home
        if expected_hash:
            raise ApiError("hash_conflict")
        self._external_id_is_free(install, content, instead_of=None)
        home = self._new_view(install, person, None, content, below=None)
        self._homes[install.app.id, person.id] = home
        return home

    def holds(self, view: View) -> bool:
        """Whether this modal is still open."""
        return view in self._stacks.get(view.person.id, ())

    def close(self, view: View) -> None:
        """Takes one view off its stack."""
        stack = self._stacks.get(view.person.id, [])
        if view in stack:
            stack.remove(view)
        self._forget(view)

    def clear(self, person: Person) -> None:
        for view in self._stacks.pop(person.id, []):
            self._forget(view)

    def _put_on_top(self, install: Install, person: Person, channel: Channel | None, content: Json) -> View:
        stack = self._stacks.setdefault(person.id, [])
        view = self._new_view(install, person, channel, content, below=stack[-1] if stack else None)
        stack.append(view)
        return view

    def _new_view(
        self, install: Install, person: Person, channel: Channel | None, content: Json, *, below: View | None
    ) -> View:
        view_id = self._ids.draw("V")
        content = with_ids(content, self._ids)
        form = Form.of(content["blocks"], current=current(channel, person))
        root, previous = (below.root_id, below.id) if below else (view_id, None)
        view = View(view_id, install, person, channel, root, previous, content, form, self._new_hash())
        self._remember(view)
        return view

    def _new_hash(self) -> str:
        return f"{self._ids.timestamp()}.{secret('', 4)}"

    def _remember(self, view: View) -> None:
        self._by_id[view.id] = view
        if external_id := view.content.get("external_id"):
            self._by_external_id[view.install.team.id, external_id] = view

    def _forget(self, view: View) -> None:
        self._by_id.pop(view.id, None)
        self._forget_external_id(view)

    def _forget_external_id(self, view: View) -> None:
        if external_id := view.content.get("external_id"):
            self._by_external_id.pop((view.install.team.id, external_id), None)

    def _external_id_is_free(self, install: Install, content: Json, *, instead_of: View | None) -> None:
        external_id = content.get("external_id")
        owner = self._by_external_id.get((install.team.id, external_id)) if external_id else None
        if owner is not None and owner is not instead_of:
            raise ApiError("duplicate_external_id")


def with_ids(content: Json, ids: Ids) -> Json:
    """A copy in which every block and every element has an id; Slack draws those that the app leaves out."""
    content = json.loads(json.dumps(content))  # five times as fast as deepcopy, and it is JSON anyway
    for block in _all_blocks(content["blocks"]):
        block.setdefault("block_id", ids.draw("b"))
    for _, element in interactive(content["blocks"]):
        element.setdefault("action_id", ids.draw("a"))
    return content


def _all_blocks(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        if block["type"] == "carousel":
            yield from block.get("elements", ())
        if block["type"] == "container":
            yield from block.get("child_blocks", ())
