"""Basic mode: the common fields, public comments and files, both ways, without configuration."""

from rules.errors import RuleError
from rules.host.scene import Json, Outcome, OutComment, Scene
from rules.worker.runner import Answer
from sync.ticket import DeskFacts

FREE = ("summary", "description", "tags")
CHOICES = ("status", "priority")
_SENT = (*FREE, "type", *CHOICES)


class BasicRules:
    """Implements rules.pair.RulePair. Internal notes, and files that hang at them, never leave."""

    async def outgoing(self, scene: Scene, answer: Answer) -> Outcome:
        ticket = scene.ticket
        assert ticket is not None
        public = tuple(comment for comment in ticket.comments if comment.is_public)
        shown = {comment.id for comment in public} | {None}
        return Outcome(
            fields={name: ticket.fields[name] for name in _SENT if name in ticket.fields},
            comments=tuple(OutComment(c.id, c.text, c.author, c.email, c.at) for c in public),
            files=tuple(file.id for file in ticket.files if file.comment_id in shown),
            requester=ticket.requester,
        )

    async def incoming(self, scene: Scene, answer: Answer) -> Outcome:
        replica, facts = scene.replica.fields, scene.facts
        wanted = {name: replica[name] for name in FREE if name in replica}
        for name in CHOICES:
            if name in replica:
                wanted[name] = _own_label(name, replica[name], facts)
        kind = _label_like(replica.get("type"), facts.labels("type"))
        if kind is not None:  # a type that we do not have stays what our desk makes of it
            wanted["type"] = kind
        partner = _plain(scene.connection.partner)
        return Outcome(
            fields=wanted,
            comments=tuple(
                OutComment(c.id, f"**{_plain(c.author)}** ({partner}):\n\n{c.text}") for c in scene.replica.comments
            ),
            files=tuple(file.id for file in scene.replica.files),
        )


def _own_label(name: str, theirs: Json, facts: DeskFacts) -> Json:
    ours = facts.labels(name)
    if ours is None:
        return theirs
    label = _label_like(theirs, ours)
    if label is None:
        raise RuleError(
            f"Your partner's {name} “{theirs}” is none of your desk's. Yours are: {', '.join(ours)}. Add it to your"
            " desk's form, or ask your partner to choose another one; then press Retry.",
            "incoming",
        )
    return label


def _label_like(theirs: Json, ours: tuple[str, ...] | None) -> str | None:
    """Our spelling of the same word."""
    if ours is None or not isinstance(theirs, str):
        return None
    return next((label for label in ours if label.strip().casefold() == theirs.strip().casefold()), None)


def _plain(name: str) -> str:
    """A name as text: what CommonMark would read as markup is escaped."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()#+!|<>~" else character for character in name)
