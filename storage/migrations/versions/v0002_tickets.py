"""Tickets travel: pairs, traces, intents, what is parked or disagreed on, and how far each desk was read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# SQLite numbers rows by itself in a column of exactly this type.
SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cursor",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("high_water", sa.DateTime(timezone=True), nullable=False),
        sa.Column("interval_seconds", sa.Double(), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sweep_after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "desk_id"],
            ["desk.organisation_id", "desk.id"],
            name="fk_cursor_organisation_id_desk_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_cursor_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "desk_id", name="pk_cursor"),
    )
    op.create_table(
        "hook",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "desk_id"],
            ["desk.organisation_id", "desk.id"],
            name="fk_hook_organisation_id_desk_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_hook_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "desk_id", name="pk_hook"),
        sa.UniqueConstraint("token_hash", name="uq_hook_token_hash"),
    )
    op.create_table(
        "sighting",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("version", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "desk_id"],
            ["desk.organisation_id", "desk.id"],
            name="fk_sighting_organisation_id_desk_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_sighting_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "desk_id", "ticket_id", name="pk_sighting"),
    )
    op.create_index("ix_sighting_version", "sighting", ["organisation_id", "desk_id", "version"])
    op.create_table(
        "asked",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("our_ticket", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_asked_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_asked_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "connection_id", "our_ticket", name="pk_asked"),
    )
    op.create_table(
        "backfill",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_backfill_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_backfill_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "connection_id", name="pk_backfill"),
    )
    op.create_table(
        "blob",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("first_byte", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("their_ticket", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_blob_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_blob_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "connection_id", "file_id", "first_byte", name="pk_blob"),
    )
    op.create_index("ix_blob_received_at", "blob", ["received_at"])
    op.create_table(
        "link",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("our_ticket", sa.Text(), nullable=True),
        sa.Column("their_ticket", sa.Text(), nullable=True),
        sa.Column("born_here", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("let_out", sa.Text(), nullable=False),
        sa.Column("received", sa.Text(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("sent_number", sa.BigInteger(), nullable=False),
        sa.Column("applied_number", sa.BigInteger(), nullable=False),
        sa.Column("their_shown", sa.Text(), nullable=False),
        sa.Column("their_url", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_link_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_link_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name="pk_link"),
    )
    op.create_index(
        "ix_link_linked",
        "link",
        ["organisation_id", "connection_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'linked'"),
        postgresql_where=sa.text("state = 'linked'"),
    )
    op.create_index("uq_link_our_ticket", "link", ["organisation_id", "connection_id", "our_ticket"], unique=True)
    op.create_index("uq_link_their_ticket", "link", ["organisation_id", "connection_id", "their_ticket"], unique=True)
    op.create_table(
        "moment",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_moment_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_moment_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_moment"),
    )
    op.create_index("ix_moment_at", "moment", ["at"])
    op.create_index("ix_moment_counted", "moment", ["organisation_id", "connection_id", "kind", "at"])
    op.create_table(
        "parked",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("envelope_id", sa.Text(), nullable=False),
        sa.Column("their_ticket", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_parked_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_parked_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_parked"),
    )
    op.create_index("ix_parked_ticket", "parked", ["organisation_id", "connection_id", "their_ticket"])
    op.create_index("uq_parked_envelope", "parked", ["organisation_id", "connection_id", "envelope_id"], unique=True)
    op.create_table(
        "scope",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_scope_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_scope_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "connection_id", name="pk_scope"),
    )
    op.create_table(
        "disagreement",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("ours_stays", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_disagreement_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["link.organisation_id", "link.id"],
            name="fk_disagreement_organisation_id_link_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_disagreement_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_disagreement"),
    )
    op.create_index("ix_disagreement_connection", "disagreement", ["organisation_id", "connection_id", "seq"])
    op.create_index("ix_disagreement_link", "disagreement", ["organisation_id", "link_id"])
    op.create_index("uq_disagreement_id", "disagreement", ["organisation_id", "id"], unique=True)
    op.create_table(
        "intent",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=False),
        sa.Column("envelope_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "connection_id"],
            ["connection.organisation_id", "connection.id"],
            name="fk_intent_organisation_id_connection_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["link.organisation_id", "link.id"],
            name="fk_intent_organisation_id_link_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_intent_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name="pk_intent"),
    )
    op.create_index("ix_intent_envelope", "intent", ["organisation_id", "connection_id", "envelope_id"])
    op.create_index("ix_intent_link", "intent", ["organisation_id", "link_id"])
    op.create_table(
        "trace",
        sa.Column("seq", SEQUENCE, autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("link_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_us", sa.Boolean(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("our_id", sa.Text(), nullable=True),
        sa.Column("their_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("marker", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "link_id"],
            ["link.organisation_id", "link.id"],
            name="fk_trace_organisation_id_link_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name="fk_trace_organisation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_trace"),
    )
    op.create_index("uq_trace_ref", "trace", ["organisation_id", "link_id", "kind", "from_us", "ref"], unique=True)
    op.create_index(
        "ix_inbox_ticket",
        "inbox",
        ["organisation_id", "connection_id", "ticket", "seq"],
        unique=False,
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    )
