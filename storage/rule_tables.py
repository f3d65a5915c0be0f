"""The tables of rules: every version of both texts of a connection, and what they may do beyond tickets."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import Base, Owned, of_connection
from sync.rule import RuleSide


class RuleVersionRow(Owned, Base):
    """Rows are added, never changed. `size` is the text's length in characters, so that a list reads no texts."""

    __tablename__ = "rule_version"
    __table_args__ = (of_connection(),)

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[RuleSide] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str]
    author: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]
    sha256: Mapped[str]
    size: Mapped[int]


class RuleSwitchRow(Owned, Base):
    """Whether the connection's rules may call their own desk by themselves; without a row they may not."""

    __tablename__ = "rule_switch"
    __table_args__ = (of_connection(),)

    connection_id: Mapped[str] = mapped_column(primary_key=True)
    may_call: Mapped[bool]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
