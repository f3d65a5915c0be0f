"""What can go wrong with our own database, sorted by whose move it is."""

from collections.abc import Sequence

from pairing.errors import DrawbridgeError


class ConfigError(DrawbridgeError):
    """The operator's move: the process refuses to start. `problems` are sentences that say what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class SecretUnreadable(DrawbridgeError):
    """A sealed secret that no key of ours opens, or that was sealed for another place than where it lies."""


class RowGone(DrawbridgeError, LookupError):
    """Nothing with this id belongs to this organisation (any more)."""


class RowConflict(DrawbridgeError):
    """A row breaks a rule of its table: the name is taken, or what it refers to is not there."""


class StatementRefused(DrawbridgeError):
    """A bug of ours: a statement that could reach another organisation's rows. It was not run."""


class StorageUnavailable(DrawbridgeError):
    """Nobody's move: the database did not answer. The work may or may not have been done when `outcome_unknown`."""

    def __init__(self, *, outcome_unknown: bool = False) -> None:
        doubt = " It is not known whether the last change was saved." if outcome_unknown else ""
        super().__init__(f"The database did not answer. Look whether it runs and can be reached.{doubt}")
        self.outcome_unknown = outcome_unknown


class LeaseLost(DrawbridgeError):
    """Somebody else holds this lane by now, or it was given back: nothing of this transaction counts."""

    def __init__(self) -> None:
        super().__init__("Another worker took over this duty. Nothing is to be done: it goes on there.")
