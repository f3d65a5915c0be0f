"""A4: what does not carry Slack's signature is refused, whatever its headers hold."""

import pytest

from handlers.verification import is_from_slack, signature_of
from pairing.secret import Secret

SECRET = Secret("8f742231b10e8888abcd99yyyzzz85a5")
NOW = 1531420618.4
STAMP = "1531420618"
BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    b"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d"
    b"10d2c447fce8b6703c"
)
# The example of Slack's own page.
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
GOOD = {"X-Slack-Request-Timestamp": STAMP, "X-Slack-Signature": SIGNATURE}


def test_the_example_of_slacks_page_is_slacks() -> None:
    assert is_from_slack(SECRET, GOOD, BODY, now=NOW)


def test_header_names_may_have_any_case() -> None:
    assert is_from_slack(SECRET, {name.lower(): value for name, value in GOOD.items()}, BODY, now=NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": SIGNATURE},
        {"X-Slack-Request-Timestamp": STAMP},
        GOOD | {"X-Slack-Signature": ""},
        GOOD | {"X-Slack-Signature": SIGNATURE.upper()},
        GOOD | {"X-Slack-Signature": SIGNATURE + "0"},
        GOOD | {"X-Slack-Signature": SIGNATURE[3:]},
        GOOD | {"X-Slack-Signature": "v1" + SIGNATURE[2:]},
        GOOD | {"X-Slack-Signature": "v0=" + "é" * 64},
        GOOD | {"X-Slack-Signature": "v0=" + "\udcff" * 64},
        GOOD | {"X-Slack-Request-Timestamp": ""},
        GOOD | {"X-Slack-Request-Timestamp": "now"},
        GOOD | {"X-Slack-Request-Timestamp": "-1531420618"},
        GOOD | {"X-Slack-Request-Timestamp": "1531420618.0"},
        GOOD | {"X-Slack-Request-Timestamp": "1e9"},
        GOOD | {"X-Slack-Request-Timestamp": "١٥٣١٤٢٠٦١٨"},
        GOOD | {"X-Slack-Request-Timestamp": "9" * 400},
        GOOD | {"X-Slack-Request-Timestamp": " 1531420618"},
        GOOD | {"X-Slack-Request-Timestamp": "nan"},
        GOOD | {"x-slack-signature": SIGNATURE},
    ],
)
def test_headers_that_are_missing_malformed_or_twice_are_refused(headers: dict[str, str]) -> None:
    assert not is_from_slack(SECRET, headers, BODY, now=NOW)


@pytest.mark.parametrize(("seconds", "good"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_a_signature_is_good_for_five_minutes(seconds: int, good: bool) -> None:
    stamp = str(int(NOW) + seconds)
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature_of(SECRET, stamp, BODY)}
    assert is_from_slack(SECRET, headers, BODY, now=int(NOW)) is good


@pytest.mark.parametrize("body", [BODY + b" ", BODY[:-1], b"", b"\xff" + BODY])
def test_another_body_is_refused(body: bytes) -> None:
    assert not is_from_slack(SECRET, GOOD, body, now=NOW)


def test_another_secret_is_refused() -> None:
    assert not is_from_slack(Secret("another"), GOOD, BODY, now=NOW)
