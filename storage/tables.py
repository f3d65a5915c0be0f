"""The tables of pairing and of what travels; those of tickets are in storage/ticket_tables.py.

Each row of an organisation carries `organisation_id`, and rows refer to each other only together with it: the database
itself refuses a reference across organisations.

Four keys are unique over all organisations, because strangers look up by them: Slack's team id, a side's id, and the
hashes of an invitation's and of a desk hook's token. Columns are named like the fields of the values they hold.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, MetaData, Text
from sqlalchemy import text as sql_text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from pairing.connection import ConnectionState
from pairing.invitation import InvitationState
from pairing.notice import NoticeKind
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from storage.columns import FieldsText, OwnChangesText, UtcTime, Word
from sync.envelope import Stream
from sync.fields import Fields
from sync.intent import IntentKind
from sync.link import LinkState, OwnChange, TraceKind
from sync.rule import RuleSide

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_ENUMS = (
    *(ConnectionState, InvitationState, NoticeKind, ConflictPolicy, Reach, RulesMode, Side, Stream),
    *(IntentKind, LinkState, RuleSide, TraceKind),
)
_SEQUENCE: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        bytes: LargeBinary(),
        datetime: UtcTime(),
        Fields: FieldsText(),
        tuple[OwnChange, ...]: OwnChangesText(),
        **{words: Word(words) for words in _ENUMS},
    }


class Owned:
    """A row of one organisation; OrganisationSession narrows every statement about it."""

    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, sort_order=-10
    )


class Numbered(Owned):
    """A row whose number, drawn by the database, tells the order in which rows came."""

    seq: Mapped[int] = mapped_column(_SEQUENCE, primary_key=True, autoincrement=True, sort_order=-20)
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=False, sort_order=-10
    )


def of_connection(**options: Any) -> ForeignKeyConstraint:
    columns, target = ["organisation_id", "connection_id"], ["connection.organisation_id", "connection.id"]
    return ForeignKeyConstraint(columns, target, ondelete="CASCADE", **options)


class NodeRow(Base):
    """One row: this deployment's own id, and a known text sealed by its key."""

    __tablename__ = "node"

    id: Mapped[str] = mapped_column(primary_key=True)
    canary: Mapped[str]


class OrganisationRow(Base):
    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(primary_key=True)
    enterprise_id: Mapped[str | None]
    team_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class DeskRow(Owned, Base):
    __tablename__ = "desk"
    __table_args__ = (
        Index(
            "uq_desk_short_name",
            "organisation_id",
            "short_name",
            unique=True,
            sqlite_where=sql_text("removed_at IS NULL"),
            postgresql_where=sql_text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    short_name: Mapped[str]
    address: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    fallback_requester: Mapped[str] = mapped_column(server_default=sql_text("''"))
    # A removed desk stays as long as closed connections name it.
    removed_at: Mapped[datetime | None]


class ConnectionRow(Owned, Base):
    __tablename__ = "connection"
    __table_args__ = (
        ForeignKeyConstraint(["organisation_id", "desk_id"], ["desk.organisation_id", "desk.id"]),
        Index(
            "uq_connection_name",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=sql_text("state <> 'closed'"),
            postgresql_where=sql_text("state <> 'closed'"),
        ),
        Index("ix_connection_id", "id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    side: Mapped[Side]
    reach: Mapped[Reach]
    rules: Mapped[RulesMode]
    policy: Mapped[ConflictPolicy]
    state: Mapped[ConnectionState]
    # When `state` last changed: how a process learns of a move that another one made.
    moved_at: Mapped[datetime]
    desk_id: Mapped[str]
    local_name: Mapped[str]
    remote_name: Mapped[str]
    description: Mapped[str]
    our_id: Mapped[str] = mapped_column(unique=True)
    our_key: Mapped[bytes]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    their_id: Mapped[str | None]
    their_key: Mapped[bytes | None]
    their_url: Mapped[str | None]
    address_proved: Mapped[bool]
    partner_name: Mapped[str | None]
    partner_team: Mapped[str | None]
    partner_team_name: Mapped[str | None]
    partner_desk: Mapped[str | None]
    paused_by_us: Mapped[bool]
    paused_by_them: Mapped[bool]
    have: Mapped[int] = mapped_column(BigInteger)
    acked: Mapped[int] = mapped_column(BigInteger)
    claim_sha256: Mapped[bytes | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None]
    last_contact_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    clock_diff_seconds: Mapped[int | None]


class InvitationRow(Owned, Base):
    __tablename__ = "invitation"
    __table_args__ = (
        of_connection(),
        Index("ix_invitation_connection", "organisation_id", "connection_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str]
    state: Mapped[InvitationState]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    own_key: Mapped[bytes]
    partner_url: Mapped[str | None]
    auto: Mapped[bool]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    posted_kind: Mapped[str]
    posted_channel: Mapped[str | None]
    posted_ts: Mapped[str | None]
    claim_sha256: Mapped[bytes | None]
    claimed_at: Mapped[datetime | None]
    tries: Mapped[int]
    closed_by: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    reason: Mapped[str | None]


class OutboxRow(Numbered, Base):
    """An envelope of ours that the partner has not acknowledged. `size` is the bytes of its body."""

    __tablename__ = "outbox"
    __table_args__ = (
        of_connection(),
        Index("uq_outbox_id", "organisation_id", "id", unique=True),
        Index("ix_outbox_stream", "organisation_id", "connection_id", "stream", "seq"),
    )

    connection_id: Mapped[str]
    stream: Mapped[Stream]
    id: Mapped[str]
    type: Mapped[str]
    at: Mapped[datetime]
    ticket: Mapped[str | None]
    peer: Mapped[str | None]
    body: Mapped[str]
    size: Mapped[int]


class InboxRow(Numbered, Base):
    """An envelope of the partner's. `state` is received, done, parked or unsupported; the body goes a week after."""

    __tablename__ = "inbox"
    __table_args__ = (
        of_connection(),
        Index("uq_inbox_id", "organisation_id", "connection_id", "id", unique=True),
        Index(
            "ix_inbox_received",
            "organisation_id",
            "connection_id",
            "stream",
            "seq",
            sqlite_where=sql_text("state = 'received'"),
            postgresql_where=sql_text("state = 'received'"),
        ),
        Index(
            "ix_inbox_unconfirmed",
            "organisation_id",
            "connection_id",
            "seq",
            sqlite_where=sql_text("NOT confirmed"),
            postgresql_where=sql_text("NOT confirmed"),
        ),
        Index(
            "ix_inbox_ticket",
            "organisation_id",
            "connection_id",
            "ticket",
            "seq",
            sqlite_where=sql_text("state = 'received'"),
            postgresql_where=sql_text("state = 'received'"),
        ),
        Index("ix_inbox_received_at", "received_at"),
    )

    connection_id: Mapped[str]
    stream: Mapped[Stream]
    id: Mapped[str]
    type: Mapped[str]
    at: Mapped[datetime]
    ticket: Mapped[str | None]
    peer: Mapped[str | None]
    body: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="received")
    tries: Mapped[int] = mapped_column(default=0)
    # True once the partner knows that we have it.
    confirmed: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class NonceRow(Owned, Base):
    __tablename__ = "seen_nonce"
    __table_args__ = (of_connection(), Index("ix_seen_nonce_expires_at", "expires_at"))

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class SecretRow(Owned, Base):
    """The only place where anything secret lies; `token` is sealed by the key named `kid`."""

    __tablename__ = "secret"
    __table_args__ = (Index("ix_secret_kid", "kid"), Index("ix_secret_expires_at", "expires_at"))

    kind: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]
    kid: Mapped[str]
    expires_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class AuditRow(Numbered, Base):
    """Rows are added, never changed."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_actor", "organisation_id", "actor_user", "action", "at"),)

    at: Mapped[datetime]
    actor_team: Mapped[str | None]
    actor_user: Mapped[str | None]
    action: Mapped[str]
    object: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str]


class NoticeRow(Numbered, Base):
    """What Slack still has to be told; gone once it was."""

    __tablename__ = "notice"
    __table_args__ = (
        of_connection(),
        Index("uq_notice_id", "organisation_id", "id", unique=True),
        Index("ix_notice_due", "due_at", "organisation_id"),
    )

    id: Mapped[str]
    kind: Mapped[NoticeKind]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    connection_id: Mapped[str | None]
    user_id: Mapped[str | None]
    text: Mapped[str]
    tries: Mapped[int]


class CardRow(Owned, Base):
    """Where in Slack a message about a connection stands that will be replaced."""

    __tablename__ = "card"
    __table_args__ = (of_connection(),)

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    ts: Mapped[str]


class HomeRow(Owned, Base):
    """A person to whom a Home was published."""

    __tablename__ = "home"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    published_at: Mapped[datetime]


# Everything else is Owned: a test holds the two lists against each other.
OF_NO_ORGANISATION: tuple[type[Base], ...] = (NodeRow, OrganisationRow)
