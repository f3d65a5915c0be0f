"""What can go wrong in a rule."""

from pairing.errors import DrawbridgeError


class RuleError(DrawbridgeError):
    """The rule's owner has to act: this ticket waits. The text is a sentence for them; `line` is 0 where none is."""

    def __init__(self, text: str, rule: str, line: int = 0) -> None:
        super().__init__(text)
        self.rule = rule
        self.line = line
