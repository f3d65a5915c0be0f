"""The payloads of intents: what exactly is to be done at our desk, kept so that a restart does the same thing."""

import json
from dataclasses import dataclass

from sync.fields import Fields, Value
from sync.replica import ReplicaFile
from sync.ticket import Person


@dataclass(frozen=True, slots=True)
class TicketDeed:
    """Creates our ticket or writes these fields; `files` are the partner's, pieced together from what arrived; `before`
    are the values that stood where these are written."""

    fields: Fields
    files: tuple[ReplicaFile, ...] = ()
    requester: Person | None = None
    marker_line: str = ""
    before: Fields = Fields()

    def to_json(self) -> str:
        person = {"name": self.requester.name, "email": self.requester.email} if self.requester else None
        return json.dumps(
            {
                "fields": self.fields.to_json(),
                "files": [_file_json(file) for file in self.files],
                "requester": person,
                "marker_line": self.marker_line,
                "before": self.before.to_json(),
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
            before=Fields(stored.get("before", {})),
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
    is_public: bool = True

    def to_json(self) -> str:
        values: dict[str, Value | list[dict[str, Value]]] = {
            "their_id": self.their_id,
            "digest": self.digest,
            "text": self.text,
            "our_id": self.our_id,
            "files": [_file_json(file) for file in self.files],
            "marker_line": self.marker_line,
            "is_public": self.is_public,
        }
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> "CommentDeed":
        stored = json.loads(text)
        files = tuple(ReplicaFile(**file) for file in stored.pop("files"))
        return cls(files=files, **stored)


@dataclass(frozen=True, slots=True)
class RuleCall:
    """A rule's own call that writes at our desk: `digest` of what it asked, and the answer once there was one."""

    digest: str
    answer: object = None
    is_answered: bool = False

    def to_json(self) -> str:
        return json.dumps({"digest": self.digest, "answer": self.answer, "is_answered": self.is_answered})

    @classmethod
    def from_json(cls, text: str) -> "RuleCall":
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What a rule wants when everything is written: the pair cut, or our ticket looked at for the partner at once."""

    unlink: bool = False
    sync_back: bool = False

    def to_json(self) -> str:
        return json.dumps({"unlink": self.unlink, "sync_back": self.sync_back})

    @classmethod
    def from_json(cls, text: str) -> "Afterwards":
        return cls(**json.loads(text))


def _file_json(file: ReplicaFile) -> dict[str, Value]:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "comment_id": file.comment_id,
    }
