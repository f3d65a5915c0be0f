"""The tables of the engine: duties that one worker holds at a time, and what may still be spent at a desk.

They belong to no organisation's session: storage/lanes.py narrows each of its statements by itself.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy import text as sql_text

from storage.columns import UtcTime
from storage.tables import Base

_IS_DUE = sql_text("due_at IS NOT NULL")
_IS_HELD = sql_text("owner IS NOT NULL")

lane = Table(
    "lane",
    Base.metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    # Empty for the duties of the node itself.
    Column("organisation_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    # The key up to its colon: what lanes of one connection or desk have in common.
    Column("stem", Text, nullable=False),
    # NULL: nothing to do. While somebody holds the lane, the end of the lease.
    Column("due_at", UtcTime()),
    Column("owner", Text),
    # Counts the claims: whoever holds an older one has lost the lane.
    Column("epoch", BigInteger, nullable=False),
    # Counts the news: what came while somebody worked is seen at the end of that work.
    Column("last_seq", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("halted", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("touched_at", UtcTime(), nullable=False),
    UniqueConstraint("organisation_id", "kind", "key"),
    Index("ix_lane_due", "kind", "due_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
    Index("ix_lane_owner", "owner", sqlite_where=_IS_HELD, postgresql_where=_IS_HELD),
    # A number that comes back would let an old lease pass for a new one.
    sqlite_autoincrement=True,
)

rate_bucket = Table(
    "rate_bucket",
    Base.metadata,
    Column("account", Text, primary_key=True),
    # When the next call would be due if every call so far had kept its distance.
    Column("next_at", UtcTime()),
    # What a kind of desk remembers of its limits, as JSON.
    Column("state", Text, nullable=False),
)
