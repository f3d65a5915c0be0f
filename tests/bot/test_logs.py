"""L1: what must never reach a log does not, at any level."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs
from pairing.errors import DrawbridgeError, UserError


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("DEBUG", stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_the_allowed_extras_only(stream: io.StringIO) -> None:
    logging.getLogger("flows.accept").info("sent", extra={"envelope": "e1", "count": 3, "ticket_text": "canary"})
    (line,) = lines(stream)
    assert line["message"] == "sent"
    assert (line["level"], line["logger"], line["envelope"], line["count"]) == ("INFO", "flows.accept", "e1", 3)
    assert line["at"].endswith("+00:00")
    assert "canary" not in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "code brg_canary0canary1",
        "code BRG_CANARY0CANARY1",
        "token xoxb-12-34-canary",
        "token xoxe.xoxp-1-canary",
        "token xapp-1-A-2-canary",
        "Authorization: Bearer canary.canary",
        "Authorization: Basic Y2FuYXJ5Y2FuYXJ5OlgcanaryQ==",
        "Signature: sig1=:canarycanarycanarycanary==:",
        "{'x-slack-signature': 'v0=canary'}",
        "X-Slack-Signature: v0=0123456789abcdef0123456789abcdefcanary",
        '{"Signature": "canary"}',
        "POST https://hooks.slack.com/commands/T1/canary",
        "wss://wss.slack.com/link/?ticket=canary&app_id=1",
        "postgresql://drawbridge:canary@db/drawbridge",
    ],
)
@pytest.mark.parametrize("logger", ["flows.accept", "slack_sdk.web", "somebody.else"])
def test_what_looks_secret_is_masked_in_whatever_is_said(stream: io.StringIO, logger: str, text: str) -> None:
    logging.getLogger(logger).error("before %s after", text)
    assert "canary" not in stream.getvalue().lower()
    assert "before" in stream.getvalue()


def test_ordinary_words_are_not_masked() -> None:
    for text in ("Basic mode for acme_to_globex", "the signature is wrong", "a ticket of theirs", "at 10:00:00"):
        assert logs.redacted(text) == text


def test_libraries_are_silent_below_warning_whatever_the_level(stream: io.StringIO) -> None:
    for name in ("slack_bolt.AsyncApp", "slack_sdk.web.async_client", "aiohttp.access", "app.py", "asyncio"):
        # Bolt sets each logger of its own to the root's level when it makes it.
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).info("canary")
    assert stream.getvalue() == ""


def test_of_a_librarys_warning_only_the_words_before_a_payload_are_kept(stream: io.StringIO) -> None:
    logging.getLogger("slack_bolt.AsyncApp").warning("Unhandled request ({'text': 'canary'})\n canary")
    assert lines(stream)[0]["message"] == "Unhandled request"


def test_an_error_is_told_by_its_type_and_place_not_by_what_it_holds(stream: io.StringIO) -> None:
    def read(text: str) -> None:
        raise ValueError(f"cannot read {text}")

    try:
        try:
            read("canary")
        except ValueError as exc:
            raise UserError("You typed canary") from exc
    except UserError:
        logging.getLogger("handlers.app").exception("went wrong", extra={"reference": "r1"})
    (line,) = lines(stream)
    assert [error["type"] for error in line["errors"]] == ["UserError", "ValueError"]
    assert "bot/test_logs.py" in line["errors"][1]["where"][-1]
    assert line["reference"] == "r1"
    assert "canary" not in stream.getvalue()


def test_our_own_errors_keep_their_sentence(stream: io.StringIO) -> None:
    try:
        raise DrawbridgeError("The desk does not answer.")
    except DrawbridgeError:
        logging.getLogger("flows.setup").exception("failed")
    assert lines(stream)[0]["errors"][0]["text"] == "The desk does not answer."


def test_errors_inside_a_group_are_told_too(stream: io.StringIO) -> None:
    try:
        raise ExceptionGroup("canary", [KeyError("canary"), RuntimeError("canary")])
    except ExceptionGroup:
        logging.getLogger("bot.workers").exception("stopped")
    assert [error["type"] for error in lines(stream)[0]["errors"]] == ["ExceptionGroup", "KeyError", "RuntimeError"]
    assert "canary" not in stream.getvalue()


def test_of_what_a_library_says_about_an_error_only_the_first_words_are_kept(stream: io.StringIO) -> None:
    logging.getLogger("drawbridge:AsyncApp").error("Failed to run a listener: canary")
    assert lines(stream)[0]["message"] == "Failed to run a listener"


def test_a_long_message_is_cut(stream: io.StringIO) -> None:
    logging.getLogger("bot").info("x" * 5000)
    assert len(lines(stream)[0]["message"]) == 301


def test_line_breaks_do_not_make_new_lines(stream: io.StringIO) -> None:
    logging.getLogger("bot").info('one\n{"level": "forged"}')
    assert len(stream.getvalue().splitlines()) == 1


def test_slack_sdk_does_not_build_its_long_texts_for_nothing(stream: io.StringIO) -> None:
    assert logging.getLogger("slack_sdk.web.async_base_client").level == logging.WARNING
