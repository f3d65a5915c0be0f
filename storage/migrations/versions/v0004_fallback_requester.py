"""Who stands in at a desk for people whom it does not know."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("desk", sa.Column("fallback_requester", sa.Text(), nullable=False, server_default=sa.text("''")))
