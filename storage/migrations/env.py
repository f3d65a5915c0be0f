"""Alembic's entry: runs on the connection that storage/migrate.py opened."""

from alembic import context

from storage import lane_tables, ticket_tables  # noqa: F401
from storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
