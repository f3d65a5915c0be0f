"""A budget of patience for tests: it counts nothing, but is small enough that nothing hangs."""


class Patience:
    """Half a second for each match, without end in sum."""

    def __init__(self, seconds: float = 0.5) -> None:
        self.seconds = seconds
        self.taken = 0.0

    def regex_seconds(self) -> float:
        return self.seconds

    def regex_took(self, seconds: float) -> None:
        self.taken += seconds


class Meter:
    """Counts what is charged, up to `most`."""

    def __init__(self, most: int = 2_000_000) -> None:
        self.most = most
        self.charged = 0

    def __call__(self, size: int) -> None:
        self.charged += size
        if self.charged > self.most:
            raise OutOfRoom


class OutOfRoom(Exception):
    pass
