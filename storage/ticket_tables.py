"""The tables of tickets on their way: pairs, what was done and is to be done at a desk, and how far each desk was read.

As in storage/tables.py, columns are named like the fields of the values they hold.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import Base, Numbered, Owned, of_connection
from sync.fields import Fields
from sync.intent import IntentKind
from sync.link import LinkState, OwnChange, TraceKind


def _of_link() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organisation_id", "link_id"], ["link.organisation_id", "link.id"], ondelete="CASCADE")


def _of_desk() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organisation_id", "desk_id"], ["desk.organisation_id", "desk.id"], ondelete="CASCADE")


def _unique(name: str, *columns: str, **options: Any) -> Index:
    return Index(name, "organisation_id", *columns, unique=True, **options)


class LinkRow(Owned, Base):
    __tablename__ = "link"
    __table_args__ = (
        of_connection(),
        _unique("uq_link_our_ticket", "connection_id", "our_ticket"),
        _unique("uq_link_their_ticket", "connection_id", "their_ticket"),
        Index(
            "ix_link_linked",
            "organisation_id",
            "connection_id",
            "id",
            sqlite_where=sql_text("state = 'linked'"),
            postgresql_where=sql_text("state = 'linked'"),
        ),
        Index(
            "ix_link_unlooked",
            "organisation_id",
            "connection_id",
            "unlooked_since",
            sqlite_where=sql_text("unlooked_since IS NOT NULL"),
            postgresql_where=sql_text("unlooked_since IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str]
    our_ticket: Mapped[str | None]
    their_ticket: Mapped[str | None]
    born_here: Mapped[bool]
    state: Mapped[LinkState]
    reason: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[Fields]
    let_out: Mapped[Fields]
    received: Mapped[Fields]
    own: Mapped[tuple[OwnChange, ...]]
    sent_number: Mapped[int] = mapped_column(BigInteger)
    applied_number: Mapped[int] = mapped_column(BigInteger)
    their_shown: Mapped[str]
    their_url: Mapped[str]
    marker: Mapped[str]
    unlooked_since: Mapped[datetime | None]


class TraceRow(Numbered, Base):
    """`ref` is the id at the side where it was written: with link, kind and side it is the trace's identity."""

    __tablename__ = "trace"
    __table_args__ = (_of_link(), _unique("uq_trace_ref", "link_id", "kind", "from_us", "ref"))

    link_id: Mapped[str]
    kind: Mapped[TraceKind]
    from_us: Mapped[bool]
    ref: Mapped[str]
    our_id: Mapped[str | None]
    their_id: Mapped[str | None]
    digest: Mapped[str]
    missing: Mapped[int]
    marker: Mapped[str | None]


class IntentRow(Owned, Base):
    """Gone once it is crossed out."""

    __tablename__ = "intent"
    __table_args__ = (
        of_connection(),
        _of_link(),
        Index("ix_intent_link", "organisation_id", "link_id"),
        Index("ix_intent_envelope", "organisation_id", "connection_id", "envelope_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str]
    link_id: Mapped[str]
    envelope_id: Mapped[str]
    position: Mapped[int]
    kind: Mapped[IntentKind]
    marker: Mapped[str]
    payload: Mapped[str]
    made_at: Mapped[datetime]


class ParkedRow(Numbered, Base):
    __tablename__ = "parked"
    __table_args__ = (
        of_connection(),
        _unique("uq_parked_envelope", "connection_id", "envelope_id"),
        Index("ix_parked_ticket", "organisation_id", "connection_id", "their_ticket"),
    )

    connection_id: Mapped[str]
    envelope_id: Mapped[str]
    their_ticket: Mapped[str]
    shown: Mapped[str]
    code: Mapped[str]
    text: Mapped[str]
    parked_at: Mapped[datetime]


class DisagreementRow(Numbered, Base):
    __tablename__ = "disagreement"
    __table_args__ = (
        of_connection(),
        _of_link(),
        _unique("uq_disagreement_id", "id"),
        Index("ix_disagreement_connection", "organisation_id", "connection_id", "seq"),
        Index("ix_disagreement_link", "organisation_id", "link_id"),
    )

    id: Mapped[str]
    connection_id: Mapped[str]
    link_id: Mapped[str]
    field: Mapped[str]
    ours: Mapped[str]
    theirs: Mapped[str]
    ours_stays: Mapped[bool]
    at: Mapped[datetime]
    taken: Mapped[bool]


class SightingRow(Owned, Base):
    """A ticket as its desk's list showed it last; pruned once the list's window has left it behind."""

    __tablename__ = "sighting"
    __table_args__ = (_of_desk(), Index("ix_sighting_version", "organisation_id", "desk_id", "version"))

    desk_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[datetime]
    digest: Mapped[str]
    marker: Mapped[str | None]


class CursorRow(Owned, Base):
    __tablename__ = "cursor"
    __table_args__ = (_of_desk(),)

    desk_id: Mapped[str] = mapped_column(primary_key=True)
    high_water: Mapped[datetime]
    interval_seconds: Mapped[float]
    swept_at: Mapped[datetime]
    sweep_after: Mapped[str]
    looked_at: Mapped[datetime | None]


class HookRow(Owned, Base):
    """A desk that tells us of changes by itself knows a token, of which we keep the hash."""

    __tablename__ = "hook"
    __table_args__ = (_of_desk(),)

    desk_id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)


class ScopeRow(Owned, Base):
    __tablename__ = "scope"
    __table_args__ = (of_connection(),)

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    since: Mapped[datetime]


class BackfillRow(Owned, Base):
    __tablename__ = "backfill"
    __table_args__ = (of_connection(),)

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    since: Mapped[datetime]
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    page: Mapped[str | None]
    found: Mapped[int]
    done: Mapped[int]
    ended_at: Mapped[datetime | None]
    is_stopped: Mapped[bool]


class AskedRow(Owned, Base):
    """A ticket of ours that a person wants taken whatever the scope says, until it was looked at."""

    __tablename__ = "asked"
    __table_args__ = (of_connection(),)

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    our_ticket: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class BlobRow(Owned, Base):
    """A piece of a file of the partner's that waits for the update which names the file. `size` is the whole file's."""

    __tablename__ = "blob"
    __table_args__ = (of_connection(), Index("ix_blob_received_at", "received_at"))

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(primary_key=True)
    first_byte: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    their_ticket: Mapped[str]
    data: Mapped[bytes]
    received_at: Mapped[datetime]


class MomentRow(Numbered, Base):
    """Something that the brakes count happened."""

    __tablename__ = "moment"
    __table_args__ = (
        of_connection(),
        Index("ix_moment_counted", "organisation_id", "connection_id", "kind", "at"),
        Index("ix_moment_at", "at"),
    )

    connection_id: Mapped[str]
    kind: Mapped[str]
    key: Mapped[str]
    at: Mapped[datetime]
