"""Lanes, and what may still be spent at a desk account."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "lane",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("halted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lane"),
        sa.UniqueConstraint("organisation_id", "kind", "key", name="uq_lane_organisation_id_kind_key"),
        sqlite_autoincrement=True,
    )
    for name, columns, where in (
        ("ix_lane_due", ["kind", "due_at"], sa.text("due_at IS NOT NULL")),
        ("ix_lane_owner", ["owner"], sa.text("owner IS NOT NULL")),
    ):
        op.create_index(name, "lane", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "rate_bucket",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_rate_bucket"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Few rows that change all the time: room on their pages, and cleaning long before they have piled up.
        op.execute(
            "ALTER TABLE lane SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02,"
            " autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0)"
        )
