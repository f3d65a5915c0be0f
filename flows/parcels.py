"""Ticket envelopes: how an update, a file's piece, a result and a goodbye are written into a body and read out of it.

The partner is authenticated, not trusted: whatever is read here is typed, bounded and cleaned, or refused.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pairing.names import stated_name
from sync.envelope import Envelope
from sync.fields import Fields
from sync.replica import ReplicaComment, ReplicaFile, Update
from sync.ticket import Person

UPDATE, CHUNK, GONE, RESULT, ASK = "ticket.update", "ticket.chunk", "ticket.gone", "result", "ticket.ask"
CHECK = "ticket.check"
CHUNK_BYTES = 128 * 1024
MAX_TEXT = 128 * 1024
MAX_BODY = 250 * 1024
MAX_FILE = 10 * 1024 * 1024
_CUT = "\n\n… (cut here: the text is longer than Drawbridge carries)"
_TIME = "%Y-%m-%dT%H:%M:%SZ"

_Model = TypeVar("_Model", bound=BaseModel)

Id = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(max_length=MAX_TEXT + 200)]
Short = Annotated[str, Field(max_length=200)]
Time = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
FieldName = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,200}$")]
MAX_ITEMS, MAX_FIELDS = 1000, 200
MAX_NESTED = 10
_MAX_NUMBER = 2**53


def _bounded(value: object, depth: int = 0) -> object:
    """What a field may hold, lists and maps inside each other included. Raises ValueError."""
    if isinstance(value, str):
        if len(value) > MAX_TEXT + 200:
            raise ValueError("a text that is too long")
    elif isinstance(value, int):
        if abs(value) > _MAX_NUMBER:
            raise ValueError("a number that is too large")
    elif isinstance(value, list | dict):
        if len(value) > MAX_ITEMS or depth > MAX_NESTED:
            raise ValueError("too many values inside each other")
        for item in value.values() if isinstance(value, dict) else value:
            _bounded(item, depth + 1)
    return value


WireValue = Annotated[Any, AfterValidator(_bounded)]


def cannot_travel(fields: Fields) -> str | None:
    """Why a replica would be refused over there; None for one that is fine. Texts that are too long are cut."""
    held = {name: _cut(value) for name, value in fields.to_json().items()}
    if len(held) > MAX_FIELDS:
        return f"it has more than {MAX_FIELDS} fields"
    odd = next((name for name in held if not 0 < len(name) <= 200 or not name.isprintable()), None)
    if odd is not None:
        return "one of its fields has a name that is empty, too long, or not printable"
    for name, value in held.items():
        try:
            _bounded(value)
        except ValueError as error:
            return f"“{name}” holds {error}"
    if len(_write(held).encode("utf-8", "surrogatepass")) > MAX_BODY:
        return f"it is larger than {MAX_BODY // 1024} kB"
    return None


class ParcelNotReadable(ValueError):
    """The partner sent a ticket envelope that is not of the agreed shape."""


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class _Person(_Wire):
    name: Short
    email: Short | None = None


class _Comment(_Wire):
    id: Id
    author: Short
    text: Text
    at: Time
    public: bool = True
    email: Short | None = None


class _File(_Wire):
    id: Id
    name: Annotated[str, Field(max_length=1000)]
    size: Annotated[int, Field(ge=0, le=MAX_FILE)]
    type: Short
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    comment: Id | None = None


class _Update(_Wire):
    number: Annotated[int, Field(ge=1, le=2**53)]
    knows: Annotated[int, Field(ge=0, le=2**53)]
    at: Time
    shown: Short = ""
    fields: Annotated[dict[FieldName, WireValue], Field(max_length=MAX_FIELDS)]
    changed: Annotated[list[FieldName], Field(max_length=200)]
    was: Annotated[dict[FieldName, WireValue], Field(max_length=MAX_FIELDS)] = {}
    comments: Annotated[list[_Comment], Field(max_length=500)] = []
    files: Annotated[list[_File], Field(max_length=100)] = []
    removed: Annotated[list[Id], Field(max_length=500)] = []
    requester: _Person | None = None
    backfill: bool = False
    whole: bool = False


class _Chunk(_Wire):
    file: Id
    size: Annotated[int, Field(ge=0, le=MAX_FILE)]
    offset: Annotated[int, Field(ge=0, le=MAX_FILE)]
    data: Annotated[str, Field(max_length=CHUNK_BYTES * 2)]


class _Gone(_Wire):
    reason: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]


class _Result(_Wire):
    id: Id
    status: Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
    ticket: Id | None = None
    shown: Short = ""
    url: Annotated[str, Field(max_length=500)] = ""
    reason: Annotated[str, Field(max_length=300)] = ""
    known: Annotated[int, Field(ge=0, le=2**53)] = 0
    refused: Annotated[int, Field(ge=0, le=2**54)] = 0


class _Check(_Wire):
    number: Annotated[int, Field(ge=0, le=2**53)]
    knows: Annotated[int, Field(ge=0, le=2**53)]


class _Ask(_Wire):
    theirs: Id
    shown: Short = ""
    summary: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file: at most 128 KiB from `offset` of `size` bytes."""

    file: str
    size: int
    offset: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of our envelopes: status applied, failed, skipped, unsupported, or behind where the partner
    lacks what came before it: `known` is the number of the last update of the ticket that it has, `refused` that of the
    first which it did not take."""

    envelope_id: str
    status: str
    ticket: str | None = None
    shown: str = ""
    url: str = ""
    reason: str = ""
    known: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The partner would like to join its ticket with `ours`."""

    ours: str
    shown: str
    summary: str


def update_body(update: Update) -> str:
    """Texts over 128 KiB are cut with a line that says so."""
    return _write(
        {
            "number": update.number,
            "knows": update.knows,
            "at": update.at.strftime(_TIME),
            "shown": update.shown,
            "fields": {name: _cut(value) for name, value in update.fields.to_json().items()},
            "changed": list(update.changed),
            "was": update.was.to_json(),
            "comments": [_comment_json(comment) for comment in update.comments],
            "files": [_file_json(file) for file in update.files],
            "removed": list(update.removed),
            "requester": {"name": update.requester.name, "email": update.requester.email} if update.requester else None,
            "backfill": update.is_backfill,
            "whole": update.is_whole,
        }
    )


def read_update(envelope: Envelope) -> Update:
    """Raises ParcelNotReadable."""
    wire = _read(_Update, envelope.body)
    return Update(
        number=wire.number,
        knows=wire.knows,
        at=_time(wire.at),
        shown=stated_name(wire.shown),
        fields=Fields(wire.fields),
        changed=tuple(wire.changed),
        was=Fields(wire.was),
        comments=tuple(_comment(one) for one in wire.comments),
        files=tuple(ReplicaFile(f.id, f.name, f.size, f.type, f.sha256, f.comment) for f in wire.files),
        removed=tuple(wire.removed),
        requester=Person(stated_name(wire.requester.name), wire.requester.email) if wire.requester else None,
        is_backfill=wire.backfill,
        is_whole=wire.whole,
    )


def chunk_body(chunk: Chunk) -> str:
    data = base64.b64encode(chunk.data).decode()
    return _write({"file": chunk.file, "size": chunk.size, "offset": chunk.offset, "data": data})


def read_chunk(envelope: Envelope) -> Chunk:
    wire = _read(_Chunk, envelope.body)
    try:
        data = base64.b64decode(wire.data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ParcelNotReadable("not base64") from error
    if len(data) > CHUNK_BYTES or wire.offset + len(data) > wire.size:
        raise ParcelNotReadable("a piece that does not fit")
    return Chunk(wire.file, wire.size, wire.offset, data)


def gone_body(reason: str) -> str:
    return _write({"reason": reason})


def read_gone(envelope: Envelope) -> str:
    return _read(_Gone, envelope.body).reason


def result_body(result: Result) -> str:
    return _write(
        {
            "id": result.envelope_id,
            "status": result.status,
            "ticket": result.ticket,
            "shown": result.shown,
            "url": result.url,
            "reason": result.reason[:300],
            "known": result.known,
            "refused": result.refused,
        }
    )


def read_result(envelope: Envelope) -> Result:
    wire = _read(_Result, envelope.body)
    return Result(
        envelope_id=wire.id,
        status=wire.status,
        ticket=wire.ticket,
        shown=stated_name(wire.shown),
        url=wire.url,
        reason=stated_name(wire.reason, 300),
        known=wire.known,
        refused=wire.refused,
    )


def check_body(number: int, knows: int) -> str:
    return _write({"number": number, "knows": knows})


def read_check(envelope: Envelope) -> tuple[int, int]:
    """The numbers of the sender's last update of this ticket and of ours that it has applied. Raises
    ParcelNotReadable."""
    wire = _read(_Check, envelope.body)
    return wire.number, wire.knows


def ask_body(theirs: str, shown: str, summary: str) -> str:
    return _write({"theirs": theirs, "shown": shown, "summary": summary[:300]})


def read_ask(envelope: Envelope) -> Asked:
    wire = _read(_Ask, envelope.body)
    return Asked(wire.theirs, stated_name(wire.shown), stated_name(wire.summary, 300))


def _read(model: type[_Model], body: str) -> _Model:
    try:
        return model.model_validate_json(body)
    except ValidationError:
        # The library's text repeats the partner's words: it goes no further.
        raise ParcelNotReadable("not of the agreed shape") from None


def _write(body: dict[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _comment_json(comment: ReplicaComment) -> dict[str, object]:
    email = {} if comment.email is None else {"email": comment.email[:200]}
    return {
        "id": comment.id,
        "author": comment.author[:200],
        "text": _cut(comment.text),
        "at": comment.at.strftime(_TIME),
        "public": comment.is_public,
        **email,
    }


def _comment(wire: _Comment) -> ReplicaComment:
    return ReplicaComment(wire.id, stated_name(wire.author), wire.text, _time(wire.at), wire.public, wire.email)


def _file_json(file: ReplicaFile) -> dict[str, object]:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "type": file.content_type[:200],
        "sha256": file.sha256,
        "comment": file.comment_id,
    }


def _cut(value: object) -> object:
    if not isinstance(value, str) or len(value.encode("utf-8", "surrogatepass")) <= MAX_TEXT:
        return value
    kept = value.encode("utf-8", "surrogatepass")[: MAX_TEXT - len(_CUT.encode())].decode("utf-8", "ignore")
    return kept + _CUT


def is_cut(value: object) -> bool:
    """A text that was cut on its way is never written back."""
    return isinstance(value, str) and value.endswith(_CUT)


def _time(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
