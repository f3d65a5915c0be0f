"""What each rule is shown, from what the engine knows, and what came out of it, as the engine needs it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from flows.parcels import cannot_travel
from pairing.connection import Connection
from pairing.terms import RulesMode
from rules.errors import RuleError
from rules.host.scene import (
    JsonFields,
    Outcome,
    Scene,
    SeenComment,
    SeenConnection,
    SeenFile,
    SeenReplica,
    SeenTicket,
)
from rules.script import RuleTexts
from sync.fields import Fields
from sync.link import Link, Trace, TraceKind
from sync.replica import LetOut, ReplicaComment, Update
from sync.rule import RuleSide
from sync.ticket import DeskFacts, Person, Ticket

_Traces = dict[tuple[TraceKind, str], Trace]


def outgoing_scene(
    connection: Connection,
    texts: RuleTexts,
    ticket: Ticket,
    link: Link | None,
    traces: Sequence[Trace],
    facts: DeskFacts,
    now: datetime,
    *,
    our_url: str = "",
    dry_run: bool = False,
) -> Scene:
    """What was let out last stands in `replica`."""
    return Scene(
        side=RuleSide.OUTGOING,
        now=now,
        ticket=_seen_ticket(ticket, traces),
        replica=SeenReplica(fields=link.let_out.to_json() if link is not None else {}),
        previous=None if link is None else link.let_out.to_json(),
        first_sync=link is None or link.sent_number == 0,
        connection=_seen_connection(connection, link, our_url),
        facts=facts,
        people=_people(ticket.requester, ticket.assignee),
        http_allowed=texts.may_call,
        dry_run=dry_run,
    )


def incoming_scene(
    connection: Connection,
    texts: RuleTexts,
    link: Link | None,
    traces: Sequence[Trace],
    update: Update,
    fields: Fields,
    previous: Fields | None,
    facts: DeskFacts,
    now: datetime,
    *,
    ticket: Ticket | None = None,
    our_url: str = "",
    url: str = "",
    is_before: bool = False,
    dry_run: bool = False,
) -> Scene:
    """`fields` is the replica that the rule is asked about: the new one with what the update brings, or the one before,
    which brings nothing. `ticket` is ours where it was read; otherwise the rule sees the fields that we saw last.
    `our_url` is our desk's address, `url` our ticket's. In a dry run nothing is written by a rule itself."""
    return Scene(
        side=RuleSide.INCOMING,
        now=now,
        ticket=_last_seen(link, url) if ticket is None else _seen_ticket(ticket, traces),
        replica=_seen_replica(link, traces, update, fields, brings=not is_before),
        previous=None if previous is None else previous.to_json(),
        first_sync=link is None or link.is_first_sync,
        connection=_seen_connection(connection, link, our_url),
        facts=facts,
        people=_people(update.requester, *((ticket.requester, ticket.assignee) if ticket is not None else ())),
        http_allowed=texts.may_call,
        dry_run=dry_run,
    )


def let_out_of(outcome: Outcome, ticket: Ticket, mode: RulesMode) -> LetOut:
    """Raises RuleError for a replica that cannot travel."""
    fields = fields_of(outcome.fields, RuleSide.OUTGOING)
    problem = cannot_travel(fields)
    if problem is not None:
        raise RuleError(f"The replica cannot travel: {problem}.", RuleSide.OUTGOING)
    files = set(outcome.files)
    written = {comment.id: comment for comment in ticket.comments}
    return LetOut(
        fields=fields,
        comments=tuple(
            ReplicaComment(
                id=c.id,
                author=c.author,
                text=c.text,
                at=written[c.id].at if c.id in written else ticket.version,
                is_public=c.is_public,
                email=c.email if mode is RulesMode.SCRIPT else None,
            )
            for c in outcome.comments
        ),
        files=tuple(file for file in ticket.files if file.id in files),
        requester=outcome.requester,
    )


def fields_of(held: JsonFields, side: RuleSide) -> Fields:
    """Raises RuleError for a value that no field can hold."""
    try:
        return Fields(held)
    except (AssertionError, TypeError, RecursionError) as error:
        raise RuleError("The rule gave a value that cannot be kept.", side) from error


def _last_seen(link: Link | None, url: str) -> SeenTicket | None:
    """Its fields: reading it again before each write would halve what a desk's limits allow."""
    if link is None or link.our_ticket is None:
        return None
    return SeenTicket(link.our_ticket, f"#{link.our_ticket}", url, link.seen.to_json())


def _seen_ticket(ticket: Ticket, traces: Iterable[Trace]) -> SeenTicket:
    known: _Traces = {(trace.kind, trace.our_id): trace for trace in traces if trace.our_id is not None}
    return SeenTicket(
        id=ticket.id,
        shown=ticket.shown,
        url=ticket.url,
        # When it was changed is left out: it changes with each of our own writes, and would be news each time.
        fields={**ticket.fields.to_json(), "created": ticket.native.get("created_at")},
        comments=tuple(
            SeenComment(
                id=one.id,
                text=one.text,
                author=one.author.name,
                email=one.author.email,
                at=one.at,
                is_public=one.is_public,
                twin=_twin(known, TraceKind.COMMENT, one.id),
                is_theirs=one.marker is not None,
            )
            for one in ticket.comments
        ),
        files=tuple(
            SeenFile(
                id=one.id,
                name=one.name,
                size=one.size,
                content_type=one.content_type,
                comment_id=one.comment_id,
                twin=_twin(known, TraceKind.FILE, one.id),
                is_theirs=not known[TraceKind.FILE, one.id].from_us if (TraceKind.FILE, one.id) in known else False,
            )
            for one in ticket.files
        ),
        requester=ticket.requester,
        assignee=ticket.assignee,
    )


def _twin(known: _Traces, kind: TraceKind, our_id: str) -> str | None:
    trace = known.get((kind, our_id))
    return None if trace is None else trace.their_id


def _seen_replica(
    link: Link | None, traces: Iterable[Trace], update: Update, fields: Fields, *, brings: bool
) -> SeenReplica:
    replica = SeenReplica(
        key=update.shown or (link.their_shown if link is not None else ""),
        url=link.their_url if link is not None else "",
        fields=fields.to_json(),
        requester=update.requester,
    )
    if not brings:
        return replica
    known = {(t.kind, t.their_id): t.our_id for t in traces if not t.from_us and t.their_id is not None}

    def twin(kind: TraceKind, their_id: str) -> str | None:
        return known.get((kind, their_id))

    return replace(
        replica,
        comments=tuple(
            SeenComment(
                id=c.id,
                text=c.text,
                author=c.author,
                email=c.email,
                at=c.at,
                is_public=c.is_public,
                twin=twin(TraceKind.COMMENT, c.id),
                is_theirs=True,
            )
            for c in update.comments
        ),
        files=tuple(
            SeenFile(f.id, f.name, f.size, f.content_type, f.comment_id, twin(TraceKind.FILE, f.id), is_theirs=True)
            for f in update.files
        ),
        removed=tuple(
            SeenComment(their_id, "", twin=twin(TraceKind.COMMENT, their_id), is_theirs=True)
            for their_id in update.removed
        ),
    )


def _seen_connection(connection: Connection, link: Link | None, our_url: str) -> SeenConnection:
    """The partner's desk is where the twin is."""
    twin = urlsplit(link.their_url) if link is not None else None
    return SeenConnection(
        name=connection.name,
        ours=connection.local_name,
        partner=connection.partner,
        reach=connection.reach,
        side=connection.side,
        our_url=our_url,
        their_url=f"{twin.scheme}://{twin.netloc}" if twin is not None and twin.netloc else "",
    )


def _people(*known: Person | None) -> tuple[Person, ...]:
    return tuple(person for person in known if person is not None)
