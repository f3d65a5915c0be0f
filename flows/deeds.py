"""The payloads of intents: what exactly is to be done at our desk, kept so that a restart does the same thing."""

import json
from dataclasses import dataclass

from sync.fields import Fields, Value
from sync.replica import ReplicaFile
from sync.ticket import Person


@dataclass(frozen=True, slots=True)
class TicketDeed:
    """Creates our ticket or writes these fields; `files` are the partner's, pieced together from what arrived."""

    fields: Fields
    files: tuple[ReplicaFile, ...] = ()
    requester: Person | None = None
    marker_line: str = ""

    def to_json(self) -> str:
        person = {"name": self.requester.name, "email": self.requester.email} if self.requester else None
        return json.dumps(
            {
                "fields": self.fields.to_json(),
                "files": [_file_json(file) for file in self.files],
                "requester": person,
                "marker_line": self.marker_line,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "TicketDeed":
        stored = json.loads(text)
        person = stored["requester"]
        return cls(
            fields=Fields(stored["fields"]),
            files=tuple(ReplicaFile(**file) for file in stored["files"]),
            requester=Person(person["name"], person["email"]) if person else None,
            marker_line=stored["marker_line"],
        )


@dataclass(frozen=True, slots=True)
class CommentDeed:
    """Adds, edits or removes one comment. `our_id` is None for an addition; `their_id`, `digest` go into the trace."""

    their_id: str
    digest: str
    text: str = ""
    our_id: str | None = None
    files: tuple[ReplicaFile, ...] = ()
    marker_line: str = ""

    def to_json(self) -> str:
        values: dict[str, Value | list[dict[str, Value]]] = {
            "their_id": self.their_id,
            "digest": self.digest,
            "text": self.text,
            "our_id": self.our_id,
            "files": [_file_json(file) for file in self.files],
            "marker_line": self.marker_line,
        }
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> "CommentDeed":
        stored = json.loads(text)
        files = tuple(ReplicaFile(**file) for file in stored.pop("files"))
        return cls(files=files, **stored)


def _file_json(file: ReplicaFile) -> dict[str, Value]:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "comment_id": file.comment_id,
    }
