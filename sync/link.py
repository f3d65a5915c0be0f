"""The stored pair of two tickets' ids, with what each side is known to know."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sync.fields import Fields, Value

MISSING = "missing"
_BEHIND = "behind"
LEFT = "left"  # the digest of a file that stands at a comment which was taken back: no copy of anything any more


class LinkState(StrEnum):
    LINKED = "linked"
    ASKED = "asked"  # one side wants to join two existing tickets, the other has not said yes
    CUT = "cut"  # kept, so that the pair is never made again by itself


@dataclass(frozen=True, slots=True)
class OwnChange:
    """Somebody on our side changed this field of our desk: told to the partner in our update `number`, at our desk's
    time `at`."""

    field: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """One pair on one connection. `our_ticket` is None until our twin is created, `their_ticket` until we are told.

    `seen` holds our desk's fields as we last knew them, answers to our own writes included. `let_out` is the replica
    that the partner is taken to know: the last one sent, or what its own update made of our ticket. `received` is the
    partner's last replica that was applied. `sent_number` and `applied_number` count our updates and theirs.
    `marker` is the code in the last line of a ticket that we created. `unlooked_since` is when we wrote into our ticket
    and put off the look that follows, None once somebody looked.
    `revision` grows with each save: a decision made on an older one is void.
    """

    id: str
    connection_id: str
    our_ticket: str | None
    their_ticket: str | None
    born_here: bool
    state: LinkState = LinkState.LINKED
    reason: str = ""
    revision: int = 0
    seen: Fields = Fields()
    let_out: Fields = Fields()
    received: Fields = Fields()
    own: tuple[OwnChange, ...] = ()
    sent_number: int = 0
    applied_number: int = 0
    their_shown: str = ""
    their_url: str = ""
    marker: str = ""
    unlooked_since: datetime | None = None

    @property
    def is_first_sync(self) -> bool:
        """Nothing of the partner's was applied yet."""
        return self.applied_number == 0

    @property
    def is_untold(self) -> bool:
        """The partner knows nothing of our ticket yet: we sent nothing, and applied nothing of its own."""
        return self.is_first_sync and self.sent_number == 0

    @property
    def is_partner_behind(self) -> bool:
        """The partner forgot what we told it: the next update tells everything."""
        return self.reason == _BEHIND

    def own_change(self, field: str) -> OwnChange | None:
        return next((change for change in self.own if change.field == field), None)

    def after_sending(self, seen: Fields, let_out: Fields, at: datetime) -> "Link":
        """One more update is on its way; what our people changed since is remembered until the partner knows it."""
        number = self.sent_number + 1
        changed = tuple(OwnChange(field, number, at) for field in _changed(seen, self.seen))
        names = {change.field for change in changed}
        kept = tuple(change for change in self.own if change.field not in names)
        return replace(
            self,
            seen=seen,
            let_out=let_out,
            own=kept + changed,
            sent_number=number,
            reason="",
            unlooked_since=None,
        )

    def after_looking(self, seen: Fields, at: datetime) -> "Link":
        """Nothing to tell; fields that stay on our side may have moved all the same, and count as ours."""
        changed = tuple(OwnChange(field, self.sent_number + 1, at) for field in _changed(seen, self.seen))
        names = {change.field for change in changed}
        kept = tuple(change for change in self.own if change.field not in names)
        return replace(self, seen=seen, own=kept + changed, reason="", unlooked_since=None)

    def after_applying(
        self, *, number: int, knows: int, received: Fields, written: Fields, let_out: Fields, settled: frozenset[str]
    ) -> "Link":
        """The partner's update `number` is settled here. `written` are the values as our desk answered them, `settled`
        the fields in which the partner's value stands now; what the partner `knows` of ours needs no guard any more."""
        return replace(
            self,
            seen=self.seen.with_values(written),
            let_out=let_out,
            received=received,
            own=tuple(c for c in self.own if c.number > knows and c.field not in settled),
            sent_number=max(self.sent_number, knows),
            applied_number=number,
        )

    def after_putting_off(self, at: datetime) -> "Link":
        """We wrote into our ticket, and a look at it has to wait until its desk has calls to spare."""
        return replace(self, unlooked_since=self.unlooked_since or at)

    def after_naming_theirs(self, their_ticket: str, shown: str, url: str) -> "Link":
        """The partner told which ticket of theirs is the twin."""
        return replace(self, their_ticket=their_ticket, their_shown=shown, their_url=url)

    def after_joining(self) -> "Link":
        """Both sides want these two existing tickets to be twins."""
        return replace(self, state=LinkState.LINKED, reason="")

    def after_being_behind(self, known: int, refused: int) -> "Link":
        """The partner knows our updates up to `known`, which may be more than we remember, or fewer. What our people
        changed in the update `refused` or later it learns from the whole update that comes next."""
        sent = max(self.sent_number, known)
        own = tuple(replace(one, number=sent + 1) if one.number >= refused else one for one in self.own)
        return replace(self, sent_number=sent, reason=_BEHIND, own=own)

    def after_hearing(self, knows: int) -> "Link":
        """The partner knows our updates up to `knows`: more than we remember, where we forgot some."""
        return replace(self, sent_number=max(self.sent_number, knows))

    def after_passing_over(self, number: int) -> "Link":
        """Somebody let the partner's update go."""
        return replace(self, applied_number=max(self.applied_number, number))

    def after_adopting(self, our_ticket: str, marker: str) -> "Link":
        """The pair was forgotten here; our copy of their ticket is still there."""
        return replace(self, our_ticket=our_ticket, marker=marker)

    def after_missing(self) -> "Link":
        """One look did not find our ticket; the next one that does forgets it."""
        return replace(self, reason=MISSING)

    def after_cut(self, reason: str) -> "Link":
        return replace(self, state=LinkState.CUT, reason=reason)


def _changed(now: Fields, before: Fields) -> tuple[str, ...]:
    return tuple(now.differing_from(before))


class TraceKind(StrEnum):
    COMMENT = "comment"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Trace:
    """One comment or file that stands at both sides. `digest` is of what was last sent or written; `missing` counts how
    often in a row a look did not find it; `marker` is the code of the line under a comment that we wrote."""

    link_id: str
    kind: TraceKind
    from_us: bool
    our_id: str | None
    their_id: str | None
    digest: str
    missing: int = 0
    marker: str | None = None

    def after_missing(self) -> "Trace":
        return replace(self, missing=self.missing + 1)

    def after_found(self) -> "Trace":
        return self if not self.missing else replace(self, missing=0)


def value_digest(*parts: Value) -> str:
    return Fields({str(index): part for index, part in enumerate(parts)}).digest
