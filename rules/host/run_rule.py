"""Runs one rule on one scene: builds what it sees, and reads off what it made of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from rules.errors import RuleError
from rules.host.helpers import (
    AttachmentHelper,
    CommentHelper,
    Debug,
    IssueKey,
    Log,
    SyncHelper,
    WorkLogHelper,
    ticket_key,
)
from rules.host.http_client import HttpClient
from rules.host.issue import Draft, Entity, Issue
from rules.host.letters import Attachment, Comment, signed
from rules.host.node_helper import NodeHelper
from rules.host.replica import Replica
from rules.host.scene import HostCalls, Outcome, OutComment, Scene, SeenReplica
from rules.host.shims import Tuple
from rules.host.stage import Stage
from rules.host.words import User
from rules.language import kinds, values
from rules.language.closures import NativeClosure
from rules.language.compile import Program
from rules.language.errors import PlacedError
from rules.language.evaluate import PROGRAMS, RuleStopped, execute, guarded, read
from rules.language.host import HostObject, Member
from rules.language.limits import DEFAULT, Limits
from rules.language.members import all as _all_members  # noqa: F401 - enters the methods of every kind
from rules.language.members.tuples import TUPLE
from rules.language.run import Run
from sync.rule import RuleSide
from sync.ticket import Person

__all__ = ["read", "run_incoming", "run_outgoing", "run_rule"]

# A field of these that the other side does not tell is left alone, not emptied.
_BASIC = ("summary", "description", "type", "status", "priority", "tags")
ISSUE_NAMES = ("issue", "workItem")
ENTITY_NAMES = ("entity", "incident", "defect", "problem", "requestItem")


class Connection(HostObject):
    __slots__ = ("seen",)

    kind_name = "Connection"
    MEMBERS: ClassVar[Mapping[str, Member]] = {
        name: Member(get=lambda held, run, name=attribute: getattr(held.seen, name))  # type: ignore[misc]
        for name, attribute in (
            ("name", "name"),
            ("partner", "partner"),
            ("remoteName", "partner"),
            ("ours", "ours"),
            ("localName", "ours"),
            ("reach", "reach"),
            ("side", "side"),
            ("trackerUrl", "our_url"),
            ("remoteTrackerUrl", "their_url"),
        )
    }

    def __init__(self, seen: Any) -> None:
        self.seen = seen


class Play:
    """The objects of one run."""

    def __init__(self, scene: Scene, calls: HostCalls) -> None:
        self.scene = scene
        self.is_outgoing = scene.side is RuleSide.OUTGOING
        self.stage = Stage(scene, calls)
        self.draft = Draft(self.stage, scene.ticket)
        self.issue = Issue(self.draft)
        self.replica = Replica(self.stage, scene.replica, empty=self.is_outgoing)

    def variables(self) -> dict[str, Any]:
        scene, stage, entity = self.scene, self.stage, Entity(self.draft)
        before = None
        if scene.previous is not None:
            before = Replica(stage, SeenReplica(key=scene.replica.key, fields=scene.previous), read_only=True)
        return {
            **dict.fromkeys(ISSUE_NAMES, self.issue),
            **dict.fromkeys(ENTITY_NAMES, entity),
            "replica": self.replica,
            "previous": before,
            "firstSync": scene.first_sync,
            "issueBeforeScript": Issue(Draft(stage, scene.ticket)),
            "connection": Connection(scene.connection),
            "nodeHelper": NodeHelper(stage, _custom_fields(self.issue)),
            "commentHelper": CommentHelper(stage),
            "attachmentHelper": AttachmentHelper(stage),
            "syncHelper": SyncHelper(stage),
            "workLogHelper": WorkLogHelper(),
            "debug": Debug(),
            "log": Log(),
            "traces": stage.traces,
            "httpClient": HttpClient(stage),
            "store": NativeClosure(self.store, 1),
            "issueKey": self.key(),
            "issueUrl": scene.ticket.url if scene.ticket is not None else None,
            "entityType": scene.entity,
        }

    def key(self) -> IssueKey | None:
        ticket = self.draft.ticket
        return IssueKey(ticket.id, ticket.shown or ticket.id, url=ticket.url) if self.draft.exists else None

    def store(self, run: Run, given: Sequence[Any]) -> Any:
        """Writes what the rule asked for so far, so that the ticket has its id; in a dry run only noted."""
        if self.is_outgoing:
            return self.key()
        self.stage.wrote = True
        if not self.scene.dry_run:
            answer = self.stage.ask(run, "store", self.wanted(run))
            found = ticket_key(run, answer)
            if found is not None:
                self.draft.ticket = replace(self.draft.ticket, id=found.id, shown=found.key, url=found.url)
                self.draft.exists = True
        self.stage.stored = self.draft.ticket.id
        run.globals["issueKey"] = self.key()
        return self.key()

    def wanted(self, run: Run) -> dict[str, Any]:
        told = self.replica.raw
        return {
            name: value
            for name, value in self.draft.wanted(run).items()
            if not (name in _BASIC and value in (None, []) and name not in told)
        }

    # What the rule made

    def outcome(self, run: Run, value: Any, log: tuple[tuple[str, str], ...]) -> Outcome:
        made = self._leaving(run) if self.is_outgoing else self._arriving(run, value)
        return replace(made, http=tuple(self.stage.http), log=log, used_once=self.stage.wrote)

    def _leaving(self, run: Run) -> Outcome:
        there = self.draft.ticket.fields
        fields = self.replica.leaving(run)
        for name in _BASIC:
            if fields.get(name, 0) in (None, []) and name not in there:
                del fields[name]
        requester = self.replica.held.get("requester")
        fields.pop("requester", None)
        comments = tuple(_leaving_comment(one) for one in self.replica.comments if isinstance(one, Comment))
        out = {one.id for one in comments}
        # A file that hangs at an internal note goes where the note goes, whatever else a rule lets out.
        files = tuple(
            one.source.id
            for one in self.replica.attachments
            if isinstance(one, Attachment) and not (one.is_internal and one.source.comment_id not in out)
        )
        person = Person(requester.name, requester.email, requester.key) if isinstance(requester, User) else None
        extras = self.stage
        return Outcome(fields, comments, files, person, unlink_after=extras.unlink_after)

    def _arriving(self, run: Run, value: Any) -> Outcome:
        stage, fields = self.stage, self.wanted(run)
        key = _key_given(value)
        if key is not None and self.scene.ticket is None:
            stage.link_to = key.key or key.id
        comments = [one for one in self.draft.comments if isinstance(one, Comment)] if self.draft.saw_comments else []
        theirs = tuple(self._standing(one) for one in comments if one.from_partner)
        own = tuple(_own(one) for one in comments if one.source is None)
        files = tuple(one.source.id for one in self.draft.attachments if _is_new(one))
        is_empty = not (fields or theirs or own or files or stage.stored is not None or stage.link_to)
        return Outcome(
            fields,
            theirs,
            files,
            own_comments=own,
            removed=tuple(one.remote for one in self.replica.removed if isinstance(one, Comment) and one.remote),
            link_to=stage.link_to,
            is_dropped=is_empty and self.scene.ticket is None,
            unlink_after=stage.unlink_after,
            sync_back_after=stage.sync_back_after,
            stored=stage.stored,
        )

    def _standing(self, comment: Comment) -> OutComment:
        """A text that the rule left as it was gets a first line that names its author."""
        source = comment.source
        assert source is not None
        is_untouched = comment.body == source.text and comment.executor is None
        text = signed(comment, self.scene.connection.partner) if is_untouched else comment.body
        return _out(comment, source.id, text)


def _custom_fields(issue: Issue) -> Any:
    return issue.MEMBERS["customFields"].get(issue, None)  # type: ignore[misc, arg-type]


def _is_new(file: Any) -> bool:
    return isinstance(file, Attachment) and file.from_partner


def _out(comment: Comment, identity: str, text: str) -> OutComment:
    name, email = comment.signature
    at = comment.source.at if comment.source is not None else None
    return OutComment(identity, text, name, email, at, not comment.internal)


def _leaving_comment(comment: Comment) -> OutComment:
    return _own(comment) if comment.source is None else _out(comment, comment.source.id, comment.body)


def _key_given(value: Any) -> IssueKey | None:
    """The ticket to link to, where a rule gave back `new Tuple2(issueKey, traces)`: Scala's, or Groovy's own."""
    first = value.first if isinstance(value, Tuple) else None
    if isinstance(value, values.OtherList) and kinds.is_kind(value.kind, TUPLE) and value:
        first = value[0]
    return first if isinstance(first, IssueKey) else None


def _own(comment: Comment) -> OutComment:
    digest = hashlib.sha256(f"{comment.internal}\0{comment.body}".encode("utf-8", "surrogatepass")).hexdigest()
    return _out(comment, f"rule:{digest[:20]}", comment.body)


def run_rule(rule: str | Program, scene: Scene, calls: HostCalls, limits: Limits = DEFAULT) -> Outcome:
    """Raises RuleError with the line where it ended."""
    play = Play(scene, calls)
    lines: list[tuple[str, str]] = []
    try:
        program = PROGRAMS.program(rule, limits) if isinstance(rule, str) else rule
        zone = ZoneInfo(scene.zone)
        run = Run(
            now=scene.now,
            zone=zone,
            log=lambda level, text: lines.append((level, text)),
            variables=play.variables(),
            limits=limits,
        )
        outcome: Outcome = guarded(run, lambda: _played(play, program, run, lines))
        return outcome
    except PlacedError as error:
        raise RuleError(f"{error.message} (line {error.line}, column {error.column})", scene.side, error.line) from None
    except RuleStopped as stop:
        raise RuleError(_sentence(stop), scene.side, stop.line) from None


def _played(play: Play, program: Program, run: Run, lines: list[tuple[str, str]]) -> Outcome:
    value = execute(program, run)
    return play.outcome(run, value, tuple(lines))


def _sentence(stop: RuleStopped) -> str:
    """What a rule says itself stands alone; anything else is Groovy's wording with its place."""
    if stop.class_name.startswith("IssueTracker") and stop.message:
        return stop.message
    named = f"{stop.class_name}: " if stop.class_name not in ("LimitReached", "SecurityStop") else ""
    where = f" (line {stop.line}, column {stop.column})" if stop.line else ""
    return f"{named}{stop.message}{where}"


def run_outgoing(rule: str | Program, scene: Scene, calls: HostCalls, limits: Limits = DEFAULT) -> Outcome:
    """What of our ticket the partner may see. Raises RuleError."""
    return run_rule(rule, replace(scene, side=RuleSide.OUTGOING), calls, limits)


def run_incoming(rule: str | Program, scene: Scene, calls: HostCalls, limits: Limits = DEFAULT) -> Outcome:
    """What the partner's replica stands for at our desk. Raises RuleError."""
    return run_rule(rule, replace(scene, side=RuleSide.INCOMING), calls, limits)
