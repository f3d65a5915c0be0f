"""What Basic mode's two rules say, in Python: for histories that try the engine, not the language.

Most of a history's time would go into the rules otherwise, and fewer histories could be told. That both say the same is
tested over whole histories, and so are histories with the rules themselves.
"""

from dataclasses import replace

from rules.errors import RuleError
from rules.host.scene import Outcome, OutComment, Scene, SeenComment, SeenFile
from rules.shipped import shipped
from rules.worker.in_process import InProcess
from rules.worker.runner import Answer, Job
from sync.rule import RuleSide

_SENT = ("summary", "description", "type", "status", "priority", "tags")
_CHOICES = ("status", "priority")


class PlainRules(InProcess):
    """A runner that plays the shipped texts without reading them, and all others as they are."""

    async def run(self, job: Job, answer: Answer) -> Outcome:
        if job.source != shipped(job.side):
            return await super().run(job, answer)
        return _outgoing(job.scene) if job.side is RuleSide.OUTGOING else _incoming(job.scene)


class BothRules(InProcess):
    """Plays the texts and the Python, which must agree."""

    runs = 0

    async def run(self, job: Job, answer: Answer) -> Outcome:
        spoken, plain = await super().run(job, answer), await PlainRules().run(job, answer)
        assert _comparable(spoken) == _comparable(plain)
        self.runs += 1
        return spoken


def _outgoing(scene: Scene) -> Outcome:
    ticket = scene.ticket
    assert ticket is not None
    public = tuple(comment for comment in ticket.comments if comment.is_public)
    return Outcome(
        fields={name: ticket.fields[name] for name in _SENT if name in ticket.fields},
        comments=tuple(_as_it_is(comment) for comment in public),
        files=_files(ticket.files, {comment.id for comment in public}),
        requester=ticket.requester,
    )


def _incoming(scene: Scene) -> Outcome:
    theirs = scene.replica
    fields = {name: theirs.fields[name] for name in _SENT if name in theirs.fields}
    for name in _CHOICES:
        if name in fields and fields[name] not in (scene.facts.labels(name) or ()):
            raise RuleError(f"“{fields[name]}” is none of ours.", "incoming")
    return Outcome(
        fields=fields,
        comments=tuple(_signed(comment, scene.connection.partner) for comment in theirs.comments),
        files=_files(theirs.files, {comment.id for comment in theirs.comments}),
        removed=tuple(one.twin for one in theirs.removed if one.twin is not None),
    )


def _files(files: tuple[SeenFile, ...], shown: set[str]) -> tuple[str, ...]:
    return tuple(file.id for file in files if file.comment_id is None or file.comment_id in shown)


def _as_it_is(comment: SeenComment) -> OutComment:
    return OutComment(comment.id, comment.text, comment.author, comment.email, comment.at, comment.is_public)


def _signed(comment: SeenComment, partner: str) -> OutComment:
    return _as_it_is(comment)._replace(text=f"**{comment.author}** ({partner}):\n\n{comment.text}")


def _comparable(outcome: Outcome) -> Outcome:
    """Without how a person is known at the desk: where only fields are asked for, nobody looks at it."""
    return replace(outcome, requester=None)
