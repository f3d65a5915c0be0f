"""Tickets and replicas in files, for rules that are run at the command line: docs/rules.md shows both shapes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from rules.host.scene import SeenComment, SeenFile, SeenReplica, SeenTicket
from sync.ticket import Person

_F = TypeVar("_F", bound="_Form")


class NotThisShape(ValueError):
    """The sentence names the first thing that is wrong, with the way to it."""


def _text_of_number(value: object) -> object:
    return str(value) if type(value) is int else value


def _person_of_name(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Id = Annotated[str, BeforeValidator(_text_of_number)]
Word = str | int | float | bool | None


class _Form(BaseModel):
    """Unknown names are refused: a typo is better said than passed over."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class PersonForm(_Form):
    name: str = ""
    email: str | None = None

    def value(self) -> Person:
        return Person(self.name, self.email)


Person_ = Annotated[PersonForm, BeforeValidator(_person_of_name)]


class CommentForm(_Form):
    id: Id
    author: Person_ = PersonForm()
    text: str = ""
    at: Annotated[datetime | None, Field(strict=False)] = None
    is_public: bool = True
    twin: Id | None = None

    def value(self) -> SeenComment:
        at = _utc(self.at) if self.at is not None else None
        who = self.author
        return SeenComment(self.id, self.text, who.name, who.email, at, self.is_public, self.twin)


class FileForm(_Form):
    id: Id
    name: str
    size: int = 0
    content_type: str = "application/octet-stream"
    comment_id: Id | None = None
    twin: Id | None = None

    def value(self) -> SeenFile:
        return SeenFile(self.id, self.name, self.size, self.content_type, self.comment_id, self.twin)


class TicketForm(_Form):
    id: Id
    fields: dict[str, Word | list[str]]
    shown: str = ""
    url: str = ""
    requester: Person_ | None = None
    assignee: Person_ | None = None
    comments: list[CommentForm] = []
    files: list[FileForm] = []

    def value(self) -> SeenTicket:
        return SeenTicket(
            id=self.id,
            shown=self.shown or f"#{self.id}",
            url=self.url,
            fields=self.fields,
            comments=tuple(one.value() for one in self.comments),
            files=tuple(one.value() for one in self.files),
            requester=self.requester.value() if self.requester is not None else None,
            assignee=self.assignee.value() if self.assignee is not None else None,
        )


class ReplicaForm(_Form):
    """`previous` holds the fields of the replica before, where there was one."""

    fields: dict[str, Any]
    key: str = ""
    url: str = ""
    previous: dict[str, Any] | None = None
    requester: Person_ | None = None
    comments: list[CommentForm] = []
    files: list[FileForm] = []
    removed: list[CommentForm] = []

    def value(self) -> SeenReplica:
        return SeenReplica(
            key=self.key,
            url=self.url,
            fields=self.fields,
            comments=tuple(one.value() for one in self.comments),
            files=tuple(one.value() for one in self.files),
            removed=tuple(one.value() for one in self.removed),
            requester=self.requester.value() if self.requester is not None else None,
        )


def read_ticket(text: str) -> SeenTicket | None:
    """None for a JSON null: our ticket is not there yet. Raises NotThisShape."""
    return None if text.strip() == "null" else _read(TicketForm, text).value()


def read_replica(text: str) -> tuple[SeenReplica, Mapping[str, Any] | None]:
    """With the fields of the replica before, where there was one. Raises NotThisShape."""
    form = _read(ReplicaForm, text)
    return form.value(), form.previous


def _read(form: type[_F], text: str) -> _F:
    try:
        held = json.loads(text)
    except ValueError as error:
        raise NotThisShape(f"it is not JSON: {error}") from None
    except RecursionError:
        raise NotThisShape("it is nested too deeply") from None
    try:
        return form.model_validate(held)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        way = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise NotThisShape(f"{way}: {first['msg'][:1].lower()}{first['msg'][1:]}") from None


def _utc(at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
