"""What the check at save time knows of each side: the names that the objects of a rule answer to."""

from rules.host.custom import Holder, HolderBag
from rules.host.helpers import AttachmentHelper, CommentHelper, Debug, IssueKey, Log, SyncHelper, WorkLogHelper
from rules.host.http_client import HttpClient
from rules.host.issue import Entity, Issue
from rules.host.node_helper import NodeHelper
from rules.host.replica import Replica
from rules.host.run_rule import ENTITY_NAMES, ISSUE_NAMES, Connection
from rules.host.shims import CLASSES
from rules.language.host import HostObject
from rules.language.lint.known import KnownKind, KnownNames
from sync.form import DeskFacts
from sync.rule import RuleSide

_KINDS: tuple[type[HostObject], ...] = (
    Issue, Entity, Replica, NodeHelper, CommentHelper, AttachmentHelper, SyncHelper, WorkLogHelper, Debug, Log,
    HttpClient, Connection, HolderBag, Holder, IssueKey,
)  # fmt: skip
_GIVES = {"customFields": HolderBag.kind_name}
_IDLE = {
    CommentHelper.kind_name: {
        "mergeComments": "issue.comments = commentHelper.mergeComments(…)",
        "addComment": "issue.comments = commentHelper.addComment(…)",
    },
    AttachmentHelper.kind_name: {"mergeAttachments": "issue.attachments = attachmentHelper.mergeAttachments(…)"},
}
_VARIABLES = {
    **dict.fromkeys(ISSUE_NAMES, Issue.kind_name),
    **dict.fromkeys(ENTITY_NAMES, Entity.kind_name),
    "replica": Replica.kind_name,
    "previous": Replica.kind_name,
    "issueBeforeScript": Issue.kind_name,
    "nodeHelper": NodeHelper.kind_name,
    "commentHelper": CommentHelper.kind_name,
    "attachmentHelper": AttachmentHelper.kind_name,
    "syncHelper": SyncHelper.kind_name,
    "workLogHelper": WorkLogHelper.kind_name,
    "debug": Debug.kind_name,
    "log": Log.kind_name,
    "httpClient": HttpClient.kind_name,
    "connection": Connection.kind_name,
    "firstSync": "",
    "traces": "",
    "issueKey": "",
    "issueUrl": "",
    "entityType": "",
}


def known_names(side: RuleSide, facts: DeskFacts | None = None) -> KnownNames:
    """Both sides have the same names. Any property of `issue` passes, for it may be a field of the desk, or one that is
    added tomorrow; with the desk's facts what it does not have today is remarked."""
    kinds = {of.kind_name: _kind(of) for of in _KINDS}
    own = kinds[Issue.kind_name]
    names = {} if facts is None else {field.name.removeprefix("custom."): "" for field in facts.fields}
    labels = {} if facts is None else {field.label: "" for field in facts.fields}
    kinds[Issue.kind_name] = KnownKind(
        *(own.name, {**own.properties, **names, **labels}, own.methods),
        is_open=True,
        doubt="" if facts is None else "at your desk, ",
    )
    return KnownNames(_VARIABLES, kinds, frozenset({"store"}), CLASSES)


def _kind(of: type[HostObject]) -> KnownKind:
    members = of.MEMBERS.items()
    return KnownKind(
        of.kind_name,
        {name: _GIVES.get(name, "") for name, member in members if member.get or member.set},
        {name: "" for name, member in members if member.call},
        is_open=of.open_bag,
        idle=_IDLE.get(of.kind_name, {}),
    )
