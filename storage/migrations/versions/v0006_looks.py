"""When we wrote into a ticket of ours at which nobody looked since, and when a desk's list was read last."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("cursor", sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("link", sa.Column("unlooked_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_link_unlooked",
        "link",
        ["organisation_id", "connection_id", "unlooked_since"],
        sqlite_where=sa.text("unlooked_since IS NOT NULL"),
        postgresql_where=sa.text("unlooked_since IS NOT NULL"),
    )
