"""Basic mode: the common fields, public comments and files, both ways, without configuration."""

from rules.errors import RuleError
from sync.fields import Fields, Value
from sync.replica import LetOut, ReplicaComment
from sync.ticket import DeskFacts, Ticket

FREE = ("summary", "description", "tags")
CHOICES = ("status", "priority")
_SENT = (*FREE, "type", *CHOICES)


class BasicRules:
    """Implements rules.pair.RulePair. Internal notes, and files that hang at them, never leave."""

    async def outgoing(self, ticket: Ticket) -> LetOut:
        public = tuple(comment for comment in ticket.comments if comment.is_public)
        shown = {comment.id for comment in public} | {None}
        return LetOut(
            fields=ticket.fields.only(_SENT),
            comments=tuple(ReplicaComment(c.id, c.author.name, c.text, c.at) for c in public),
            files=tuple(file for file in ticket.files if file.comment_id in shown),
            requester=ticket.requester,
        )

    async def incoming(self, replica: Fields, facts: DeskFacts) -> Fields:
        wanted: dict[str, Value] = {name: replica[name] for name in FREE if name in replica}
        for name in CHOICES:
            if name in replica:
                wanted[name] = _own_label(name, replica[name], facts)
        kind = _label_like(replica.get("type"), facts.labels("type"))
        if kind is not None:  # a type that we do not have stays what our desk makes of it
            wanted["type"] = kind
        return Fields(wanted)

    async def comment_text(self, comment: ReplicaComment, partner: str) -> str:
        return f"**{_plain(comment.author)}** ({_plain(partner)}):\n\n{comment.text}"


def _own_label(name: str, theirs: Value, facts: DeskFacts) -> Value:
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


def _label_like(theirs: Value, ours: tuple[str, ...] | None) -> str | None:
    """Our spelling of the same word."""
    if ours is None or not isinstance(theirs, str):
        return None
    return next((label for label in ours if label.strip().casefold() == theirs.strip().casefold()), None)


def _plain(name: str) -> str:
    """A name as text: what CommonMark would read as markup is escaped."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()#+!|<>~" else character for character in name)
