"""commentHelper, attachmentHelper, workLogHelper, syncHelper, debug and log."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rules.host.letters import Attachment, Comment, escaped, signed
from rules.host.stage import TROUBLE, Stage
from rules.language import values
from rules.language.host import HostObject, Member

if TYPE_CHECKING:
    from rules.language.run import Run

_CLOSURES = (values.Closure, values.NativeClosure)


class CommentHelper(HostObject):
    __slots__ = ("stage",)

    kind_name = "CommentHelper"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "mergeComments": Member(call=lambda held, run, given: held.merge(run, given), arity=(2, 4)),
        "addComment": Member(call=lambda held, run, given: held.add(run, given), arity=(1, 3)),
        "filterLocal": Member(call=lambda held, run, given: held.local(run, given[0]), arity=(1, 2)),
        "signed": Member(call=lambda held, run, given: held.signed(run, given), arity=(1, 1)),
    }

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def merge(self, run: "Run", given: list[Any]) -> list[Any]:
        """Our comments with the partner's new and edited ones. A closure changes each of them; what it gives back does
        not count, unless that is another comment."""
        issue, replica = given[0], given[1]
        found = list(run.items(run.get(issue, "comments")))
        came = [one for one in run.items(run.get(replica, "comments")) if isinstance(one, Comment)]
        changed = {one.remote for one in came if one.remote is not None}
        kept = [one for one in found if getattr(one, "identity", None) not in changed]
        for comment in came:
            for closure in given[2:]:
                if type(closure) in _CLOSURES:
                    answer = run.call(closure, [comment])
                    comment = answer if isinstance(answer, Comment) else comment
            kept.append(comment)
        return kept

    def signed(self, run: "Run", given: list[Any]) -> str:
        if not isinstance(given[0], Comment):
            run.no_method(self.kind_name, "signed", given)
        return signed(given[0], self.stage.scene.connection.partner)

    def add(self, run: "Run", given: list[Any]) -> list[Any]:
        """Text and list in either order, with or without a flag for an internal note."""
        lists = [one for one in given if type(one) in (list, values.OtherList)]
        flags = [one for one in given if type(one) is bool]
        texts = [one for one in given if type(one) is str]
        note = Comment(texts[0] if texts else "", internal=bool(flags and flags[0]))
        return [*(lists[0] if lists else []), note]

    def local(self, run: "Run", comments: Any) -> list[Any]:
        """Those that our own people wrote."""
        return [one for one in run.items(comments) if isinstance(one, Comment) and one.is_local]


class AttachmentHelper(HostObject):
    __slots__ = ("stage",)

    kind_name = "AttachmentHelper"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "mergeAttachments": Member(call=lambda held, run, given: held.merge(run, given), arity=(2, 3)),
        "filterLocal": Member(call=lambda held, run, given: held.local(run, given[0]), arity=(1, 2)),
    }

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def merge(self, run: "Run", given: list[Any]) -> list[Any]:
        """Our files with the partner's new ones; a closure chooses: null or false leaves a file out."""
        found = list(run.items(run.get(given[0], "attachments")))
        for file in run.items(run.get(given[1], "attachments")):
            if len(given) < 3 or run.truth(run.call(given[2], [file])):
                found.append(file)
        return found

    def local(self, run: "Run", files: Any) -> list[Any]:
        return [one for one in run.items(files) if isinstance(one, Attachment) and not one.source.is_theirs]


class WorkLogHelper(HostObject):
    """Service desks like ours keep no work logs that travel: what there is stays as it is."""

    __slots__ = ()

    kind_name = "WorkLogHelper"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "mergeWorkLogs": Member(
            call=lambda held, run, given: list(run.items(run.get(given[0], "workLogs"))), arity=(2, 4)
        ),
        "addWorkLog": Member(call=lambda held, run, given: [], arity=(1, None)),
    }


def _key(run: "Run", value: Any) -> str:
    """The key of a ticket out of a BasicIssueKey, an issue or a text."""
    if isinstance(value, HostObject):
        return run.text(run.get(value, "URN") if "URN" in value.MEMBERS else run.get(value, "key"))
    if type(value) is values.GMap:
        return run.text(value.get("urn") or value.get("key") or value.get("id"))
    return run.text(value)


class SyncHelper(HostObject):
    __slots__ = ("stage",)

    kind_name = "SyncHelper"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "getLocalIssueKeyFromRemoteId": Member(
            call=lambda held, run, given: ticket_key(run, held.stage.ask(run, "ours_of_theirs", run.text(given[0]))),
            arity=(1, 2),
        ),
        "exalate": Member(call=lambda held, run, given: held.link(run, given[0]), arity=(1, 3)),
        "syncBackAfterProcessing": Member(call=lambda held, run, given: held.flag("sync_back_after"), arity=(0, 1)),
        "unExalateAfterProcessing": Member(call=lambda held, run, given: held.flag("unlink_after"), arity=(0, 1)),
        "isUnderSync": Member(
            call=lambda held, run, given: held.stage.ask(run, "theirs_of_ours", _key(run, given[0])) is not None,
            arity=(1, 2),
        ),
        "getTrackerUrl": Member(call=lambda held, run, given: held.stage.scene.connection.our_url, arity=(0, 0)),
        "getRemoteTrackerUrl": Member(
            call=lambda held, run, given: held.stage.scene.connection.their_url, arity=(0, 0)
        ),
        "getExalateUrl": Member(call=lambda held, run, given: held.stage.scene.connection.our_url, arity=(0, 0)),
        "getRemoteExalateUrl": Member(
            call=lambda held, run, given: held.stage.scene.connection.their_url, arity=(0, 0)
        ),
        "getRemoteIssueUrl": Member(call=lambda held, run, given: held.remote_url(run, given), arity=(0, 1)),
    }

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def flag(self, name: str) -> None:
        setattr(self.stage, name, True)

    def link(self, run: "Run", value: Any) -> Any:
        """Our ticket of that key becomes the twin, where there is none yet."""
        if self.stage.scene.ticket is None:
            self.stage.link_to = _key(run, value)
        return value

    def remote_url(self, run: "Run", given: list[Any]) -> Any:
        if not given and self.stage.scene.replica.url:
            return self.stage.scene.replica.url
        ticket = self.stage.scene.ticket
        ours = _key(run, given[0]) if given else (ticket.id if ticket is not None else "")
        found = self.stage.ask(run, "theirs_of_ours", ours)
        return None if found is None else found.get("url")


class IssueKey(HostObject):
    """`new BasicIssueKey(id, key)`: names one of our tickets."""

    __slots__ = ("entity", "id", "key", "url")

    kind_name = "BasicIssueKey"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "id": Member(get=lambda held, run: held.id),
        "idStr": Member(get=lambda held, run: held.id),
        "key": Member(get=lambda held, run: held.key),
        "urn": Member(get=lambda held, run: held.key),
        "URN": Member(get=lambda held, run: held.key),
        "entityType": Member(get=lambda held, run: held.entity),
        "url": Member(get=lambda held, run: held.url),
    }

    def __init__(self, id: str, key: str, entity: str = "", url: str = "") -> None:
        self.id = id
        self.key = key
        self.entity = entity
        self.url = url

    def shown(self, run: "Run") -> str:
        return self.key


def ticket_key(run: "Run", answer: Any) -> IssueKey | None:
    """The node's answer about a ticket as a rule holds it."""
    if answer is None:
        return None
    return IssueKey(str(answer["id"]), str(answer.get("shown") or answer["id"]), "", str(answer.get("url") or ""))


class Debug(HostObject):
    __slots__ = ()

    kind_name = "Debug"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        "error": Member(call=lambda held, run, given: run.fail(TROUBLE, run.text(given[0])), arity=(1, 2)),
        "info": Member(call=lambda held, run, given: run.log("info", run.text(given[0])), arity=(1, 2)),
        "warn": Member(call=lambda held, run, given: run.log("warn", run.text(given[0])), arity=(1, 2)),
        "debug": Member(call=lambda held, run, given: run.log("debug", run.text(given[0])), arity=(1, 2)),
        "log": Member(call=lambda held, run, given: run.log("info", run.text(given[0])), arity=(1, 2)),
    }


def _said(level: str) -> Member:
    def say(held: Any, run: "Run", given: list[Any]) -> None:
        run.log(level, " ".join(run.text(one) for one in given))

    return Member(call=say, arity=(1, None))


class Log(HostObject):
    __slots__ = ()

    kind_name = "Log"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        **{level: _said(level) for level in ("info", "warn", "error", "debug", "trace")},
        **{
            f"is{level}Enabled": Member(call=lambda held, run, given: True, arity=(0, 0))
            for level in ("Info", "Warn", "Error", "Debug", "Trace")
        },
    }


__all__ = ["AttachmentHelper", "CommentHelper", "Debug", "Log", "SyncHelper", "WorkLogHelper", "escaped"]
