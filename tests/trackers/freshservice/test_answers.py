import pytest

from sync.errors import RemoteGone, RemoteRefusedUs, RemoteUnavailable
from trackers.freshservice.answers import codes_in, is_ticket_list, refusal, wait_seconds

VALIDATION = b'{"description":"Validation failed","errors":[{"field":"page","code":"invalid_value"},{"field":"x"}]}'
PLAIN = b'{"code":"access_denied","message":"no"}'


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (VALIDATION, {"invalid_value"}),
        (PLAIN, {"access_denied"}),
        (b"", set()),
        (b"<html>", set()),
        (b"[]", set()),
        (b'{"code":7}', set()),
        (b'{"message":"x"}', set()),
        (b"\xff", set()),
    ],
)
def test_both_shapes_of_a_refusal_and_everything_else_can_be_read(body: bytes, codes: set[str]) -> None:
    assert codes_in(body) == codes


@pytest.mark.parametrize("status", [401, 403])
def test_a_bad_key_is_a_refusal_whichever_status_the_account_uses(status: int) -> None:
    error = refusal(status, b'{"code":"invalid_credentials"}', None)
    assert isinstance(error, RemoteRefusedUs)
    assert "refused the API key" in str(error)


@pytest.mark.parametrize(
    ("status", "body", "family", "words"),
    [
        (403, PLAIN, RemoteRefusedUs, "may not read tickets"),
        (403, b'{"code":"account_suspended"}', RemoteRefusedUs, "suspended"),
        (403, b'{"code":"ssl_required"}', RemoteGone, "https"),
        (403, b"<html>", RemoteRefusedUs, "refused the API key"),
        (404, b"", RemoteGone, "no Freshservice desk"),
        (400, VALIDATION, RemoteUnavailable, "Try again"),
        (500, b'{"code":"internal_error"}', RemoteUnavailable, "Try again"),
        (502, b"<html>", RemoteUnavailable, "Try again"),
    ],
)
def test_each_refusal_says_whose_move_it_is(status: int, body: bytes, family: type[Exception], words: str) -> None:
    error = refusal(status, body, None)
    assert type(error) is family
    assert words in str(error)


def test_too_many_calls_says_when_to_come_back() -> None:
    error = refusal(429, b"{}", 17.0)
    assert isinstance(error, RemoteUnavailable)
    assert error.retry_after == 17.0
    assert str(error) == "The desk has had too many calls. Try again in 17 seconds."


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        (None, None, None),
        ("30", None, 30.0),
        (" 5 ", None, 5.0),
        ("999999999", None, 3600.0),
        ("Tue, 03 Mar 2026 09:15:30 GMT", "Tue, 03 Mar 2026 09:15:00 GMT", 30.0),
        ("Tue, 03 Mar 2026 09:14:00 GMT", "Tue, 03 Mar 2026 09:15:00 GMT", 0.0),
        ("Tue, 03 Mar 2026 09:15:30 GMT", None, None),
        ("soon", "Tue, 03 Mar 2026 09:15:00 GMT", None),
        ("-3", None, None),
        ("²", None, None),
    ],
)
def test_the_wait_is_read_from_digits_or_from_a_date(
    header: str | None, date: str | None, seconds: float | None
) -> None:
    assert wait_seconds(header, date) == seconds


@pytest.mark.parametrize(
    ("body", "is_list"),
    [
        (b'{"tickets":[]}', True),
        (b'{"tickets":[{"id":1}],"meta":{}}', True),
        (b'{"tickets":{}}', False),
        (b'{"tickets":[1]}', False),
        (b"{}", False),
        (b"", False),
        (b"<html>", False),
    ],
)
def test_only_a_list_of_tickets_is_taken_for_one(body: bytes, is_list: bool) -> None:
    assert is_ticket_list(body) is is_list
