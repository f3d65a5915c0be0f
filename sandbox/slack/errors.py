"""What goes wrong between an app, the stand-in and the people in it."""

from __future__ import annotations


class SlackRefused(Exception):
    """What Slack shows a person instead of doing what they asked; the text is Slack's own where it is known."""


class NotOnScreen(AssertionError):
    """A person was told to use something that they cannot see; the text lists what they do see."""


class ApiError(Exception):
    """An `ok: false` answer of the Web API: its code, the lines of `response_metadata.messages`, and further fields."""

    def __init__(self, code: str, *messages: str, **fields: str) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = messages
        self.fields = fields

    def __str__(self) -> str:
        details = [*self.messages, *(f"{name}: {value}" for name, value in self.fields.items())]
        return ": ".join([self.code, "; ".join(details)]) if details else self.code


class NoAnswer(Exception):
    """The app did not acknowledge a payload; `code` is the word that Slack shows for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
