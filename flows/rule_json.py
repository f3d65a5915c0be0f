"""Tickets and replicas in files, for rules that are run at the command line: docs/rules.md shows both shapes."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sync.fields import Fields
from sync.replica import ReplicaComment, ReplicaFile
from sync.ticket import Comment, FileRef, Person, Ticket

_F = TypeVar("_F", bound="_Form")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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


class CommentForm(_Form):
    id: Id
    author: Annotated[PersonForm, BeforeValidator(_person_of_name)] = PersonForm()
    text: str = ""
    at: Annotated[datetime, Field(strict=False)] = _LONG_AGO
    is_public: bool = True


class FileForm(_Form):
    id: Id
    name: str
    size: int = 0
    content_type: str = "application/octet-stream"
    sha256: str = ""
    comment_id: Id | None = None


class TicketForm(_Form):
    id: Id
    fields: dict[str, Word | list[str]]
    shown: str = ""
    url: str = ""
    version: Annotated[datetime, Field(strict=False)] = _LONG_AGO
    requester: Annotated[PersonForm, BeforeValidator(_person_of_name)] | None = None
    comments: list[CommentForm] = []
    files: list[FileForm] = []

    def value(self) -> Ticket:
        fields = Fields(self.fields)
        return Ticket(
            id=self.id,
            version=_utc(self.version),
            fields=fields,
            native=fields,
            comments=tuple(
                Comment(one.id, one.author.value(), one.text, _utc(one.at), _utc(one.at), one.is_public)
                for one in self.comments
            ),
            files=tuple(FileRef(one.id, one.name, one.size, one.content_type, one.comment_id) for one in self.files),
            requester=self.requester.value() if self.requester is not None else None,
            shown=self.shown or f"#{self.id}",
            url=self.url,
        )


class ReplicaForm(_Form):
    """`previous` holds the fields of the replica before, where there was one."""

    fields: dict[str, Any]
    previous: dict[str, Any] | None = None
    requester: Annotated[PersonForm, BeforeValidator(_person_of_name)] | None = None
    comments: list[CommentForm] = []
    files: list[FileForm] = []
    key: str = ""

    def comment_values(self) -> tuple[ReplicaComment, ...]:
        return tuple(
            ReplicaComment(one.id, one.author.name, one.text, _utc(one.at), one.is_public) for one in self.comments
        )

    def file_values(self) -> tuple[ReplicaFile, ...]:
        return tuple(
            ReplicaFile(one.id, one.name, one.size, one.content_type, one.sha256, one.comment_id) for one in self.files
        )


def read_ticket_form(text: str) -> TicketForm:
    """Raises NotThisShape."""
    return _read(TicketForm, text)


def read_replica_form(text: str) -> ReplicaForm:
    """Raises NotThisShape."""
    return _read(ReplicaForm, text)


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
