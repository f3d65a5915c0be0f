"""Comments and attachments as rules see them."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host.scene import SeenComment, SeenFile
from rules.host.values_out import date_of, user_of
from rules.host.words import User, open_slot
from rules.language.host import HostObject, Member

if TYPE_CHECKING:
    from rules.language.run import Run

_AS_IT_CAME = object()


def _body(held: "Comment", run: "Run", value: Any) -> None:
    held.body = "" if value is None else run.text(value)


def _internal(held: "Comment", run: "Run", value: Any) -> None:
    held.internal = run.truth(value)


def _user(name: str) -> Member:
    return Member(
        get=lambda held, run: getattr(held, name), set=lambda held, run, value: setattr(held, name, user_of(value))
    )


class Comment(HostObject):
    """`source` is the comment it was made of, None for one that the rule wrote itself. `from_partner` tells whether it
    came with the replica."""

    __slots__ = ("_author", "body", "executor", "from_partner", "internal", "restriction", "source")

    kind_name = "Comment"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "body": Member(get=lambda held, run: held.body, set=_body),
        "text": Member(get=lambda held, run: held.body, set=_body),
        "internal": Member(get=lambda held, run: held.internal, set=_internal),
        "public": Member(
            get=lambda held, run: not held.internal, set=lambda held, run, value: _internal(held, run, not value)
        ),
        "author": _user("author"),
        "updateAuthor": _user("author"),
        "executor": _user("executor"),
        "id": Member(get=lambda held, run: held.identity),
        "idStr": Member(get=lambda held, run: held.identity),
        "remoteId": Member(get=lambda held, run: held.remote),
        "created": Member(get=lambda held, run: held.created),
        "updated": Member(get=lambda held, run: held.created),
        "role": open_slot("restriction"),
        "roleLevel": open_slot("restriction"),
        "group": open_slot("restriction"),
        "groupLevel": open_slot("restriction"),
        "restrictSync": Member(get=lambda held, run: False, set=lambda held, run, value: None),
        "attachments": Member(get=lambda held, run: []),
    }

    def __init__(
        self, body: str, *, internal: bool = False, source: SeenComment | None = None, from_partner: bool = False
    ) -> None:
        self.body = body
        self.internal = internal
        self.source = source
        self.from_partner = from_partner
        self._author: Any = _AS_IT_CAME
        self.executor: User | None = None
        self.restriction: Any = None

    @classmethod
    def seen(cls, source: SeenComment, *, from_partner: bool) -> "Comment":
        return cls(source.text, internal=not source.is_public, source=source, from_partner=from_partner)

    @property
    def author(self) -> User | None:
        """Made when somebody asks: most rules let authors be."""
        if self._author is _AS_IT_CAME:
            source = self.source
            self._author = None if source is None else User(source.author or source.email or "", source.email)
        found: User | None = self._author
        return found

    @author.setter
    def author(self, value: User | None) -> None:
        self._author = value

    @property
    def signature(self) -> tuple[str, str | None]:
        """The author's name and e-mail, as far as they are known."""
        if self._author is _AS_IT_CAME and self.source is not None:
            return self.source.author or self.source.email or "", self.source.email
        return ("", None) if self.author is None else (self.author.name, self.author.email)

    @property
    def is_local(self) -> bool:
        """Whether our own people wrote it."""
        return not (self.from_partner or (self.source is not None and self.source.is_theirs))

    @property
    def identity(self) -> str | None:
        return None if self.source is None else self.source.id

    @property
    def remote(self) -> str | None:
        return None if self.source is None else self.source.twin

    @property
    def created(self) -> Any:
        return None if self.source is None or self.source.at is None else date_of(self.source.at)

    def shown(self, run: "Run") -> str:
        return self.body

    def to_outside(self, run: "Run") -> Any:
        author = None if self.author is None else {"displayName": self.author.name, "email": self.author.email}
        return {"id": self.identity, "body": self.body, "author": author, "internal": self.internal}


class Attachment(HostObject):
    """A file of one side, without its content."""

    __slots__ = ("from_partner", "is_internal", "source")

    kind_name = "Attachment"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "id": Member(get=lambda held, run: held.source.id),
        "idStr": Member(get=lambda held, run: held.source.id),
        "remoteId": Member(get=lambda held, run: held.source.twin),
        "filename": Member(get=lambda held, run: held.source.name),
        "name": Member(get=lambda held, run: held.source.name),
        "filesize": Member(get=lambda held, run: held.source.size),
        "size": Member(get=lambda held, run: held.source.size),
        "mimetype": Member(get=lambda held, run: held.source.content_type),
        "mimeType": Member(get=lambda held, run: held.source.content_type),
        "contentType": Member(get=lambda held, run: held.source.content_type),
        "commentId": Member(get=lambda held, run: held.source.comment_id),
        "internal": Member(get=lambda held, run: held.is_internal),
        "author": Member(get=lambda held, run: None),
        "created": Member(get=lambda held, run: None),
    }

    def __init__(self, source: SeenFile, *, from_partner: bool, is_internal: bool = False) -> None:
        self.source = source
        self.from_partner = from_partner
        self.is_internal = is_internal

    def shown(self, run: "Run") -> str:
        return self.source.name

    def to_outside(self, run: "Run") -> Any:
        return {"id": self.source.id, "filename": self.source.name, "filesize": self.source.size}


_SIGNED = re.compile(r"\*\*(?P<author>[^\n]+)\*\* \([^\n]+\):\s*\n\s*(?P<text>.*)", re.DOTALL)
MARKUP = r"\`*_{}[]()#+!|<>~"
_ESCAPED = str.maketrans({character: f"\\{character}" for character in MARKUP})
_ESCAPE = re.compile(rf"\\([{re.escape(MARKUP)}])")


def escaped(text: str) -> str:
    """As text: what CommonMark would read as markup is escaped."""
    return text.translate(_ESCAPED)


def unescaped(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def signed(comment: Comment, partner: str) -> str:
    """The comment with a first line that names its author."""
    return f"**{escaped(comment.signature[0])}** ({escaped(partner)}):\n\n{comment.body}"


def unsigned(text: str) -> tuple[str, str] | None:
    """Author and body of a signed text; None for one without such a first line."""
    found = _SIGNED.fullmatch(text)
    return None if found is None else (unescaped(found["author"]), found["text"])
