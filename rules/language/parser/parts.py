"""What the halves of the parser ask of one another."""

from rules.language import tree
from rules.language.parser.cursor import Cursor


class Parts(Cursor):
    """Each method is defined by one of the classes that build on this one."""

    def expression(self) -> tree.Expression:
        """A whole expression, assignments included. Raises NotGroovy and TooMuch, as everything here does."""
        raise NotImplementedError

    def unary(self) -> tree.Expression:
        """A value with what stands directly before and behind it."""
        raise NotImplementedError

    def item(self) -> tree.Expression:
        """One of several values; `*x` is spread."""
        raise NotImplementedError

    def map_entry(self) -> tree.MapEntry | None:
        """`key: value` where it stands here, else None and nothing is read."""
        raise NotImplementedError

    def arguments(self) -> tuple[tree.Expression, ...]:
        """`(…)`: named ones become one map in front."""
        raise NotImplementedError

    def type_ref(self) -> tree.TypeRef:
        """A type, generics left out."""
        raise NotImplementedError

    def parameters(self, end: str) -> list[tree.Parameter]:
        """Parameters up to that sign."""
        raise NotImplementedError

    def block(self) -> tree.Block:
        """`{…}` as statements."""
        raise NotImplementedError

    def statements_until(self, *ends: str) -> tuple[tree.Statement, ...]:
        """Statements up to a `}` or one of these words."""
        raise NotImplementedError

    def switch(self, *, is_value: bool) -> tree.Statement:
        """A whole `switch`; as a value, its arrows return."""
        raise NotImplementedError
