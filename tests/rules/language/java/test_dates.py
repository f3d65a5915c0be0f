"""java.util.Date, SimpleDateFormat, Calendar and zones: every answer here is Java's own."""

from datetime import UTC

import pytest

from rules.language.java import calendars, date_reading, dates, zones
from rules.language.java.errors import JavaError, OverLimit

PARIS = zones.zone_of("Europe/Paris")
SUMMER = 1_720_000_000_000
NEW_YEARS_EVE = 1_735_603_200_000
# Eighty years before 2024: what two digits of a year are read by.
CENTURY = -820_454_400_000

FORMATTED = [
    (0, "UTC", "EEE, d MMM yyyy HH:mm:ss.SSS Z z X XX XXX", "Thu, 1 Jan 1970 00:00:00.000 +0000 UTC Z Z Z"),
    (
        0,
        "UTC",
        "a h K k u D w W F G yy y YYYY E EEEE MMMM L",
        "AM 12 0 24 4 1 1 1 1 AD 70 1970 1970 Thu Thursday January 1",
    ),
    (0, "Europe/Paris", "yyyy-MM-dd HH:mm z Z XXX", "1970-01-01 01:00 CET +0100 +01:00"),
    (SUMMER, "Europe/Paris", "yyyy-MM-dd HH:mm z Z XXX", "2024-07-03 11:46 CEST +0200 +02:00"),
    (SUMMER, "GMT+5:30", "HH:mm z Z XXX zzzz", "15:16 GMT+05:30 +0530 +05:30 GMT+05:30"),
    (SUMMER, "UTC", "w W F D u Y", "27 1 1 185 3 2024"),
    (NEW_YEARS_EVE, "UTC", "w YYYY yyyy", "1 2025 2024"),
    (0, "UTC", "yyyy 'at' HH'h'mm''", "1970 at 00h00'"),
    (0, "UTC", "b", "!Illegal pattern character 'b'"),
    (0, "UTC", "yyyy 'at", "!Unterminated quote"),
]


@pytest.mark.parametrize(("millis", "zone", "pattern", "expected"), FORMATTED)
def test_dates_are_written_by_patterns(millis: int, zone: str, pattern: str, expected: str) -> None:
    try:
        found = dates.format_date(pattern, millis, zones.zone_of(zone))
    except JavaError as error:
        found = f"!{error.message}"
    assert found == expected


PARSED = [
    ("yyyy-MM-dd", "2024-13-45", "Fri Feb 14 00:00:00 UTC 2025"),
    ("yyyy-MM-dd", "2024-1-2 trailing", "Tue Jan 02 00:00:00 UTC 2024"),
    ("yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2024-01-02T03:04:05.678+0200", "Tue Jan 02 01:04:05 UTC 2024"),
    ("yyyy-MM-dd'T'HH:mm:ssXXX", "2024-01-02T03:04:05+02:00", "Tue Jan 02 01:04:05 UTC 2024"),
    ("yyyy-MM-dd'T'HH:mm:ssX", "2024-01-02T03:04:05Z", "Tue Jan 02 03:04:05 UTC 2024"),
    ("yyyy-MM-dd HH:mm z", "2024-01-02 03:04 PST", "Tue Jan 02 11:04:00 UTC 2024"),
    ("yyyy-MM-dd HH:mm z", "2024-01-02 03:04 UTC", "Tue Jan 02 03:04:00 UTC 2024"),
    ("yyyyMMddHHmmss", "20240102030405", "Tue Jan 02 03:04:05 UTC 2024"),
    ("dd/MM/yy", "02/01/24", "Tue Jan 02 00:00:00 UTC 2024"),
    ("dd/MM/yy", "02/01/99", "Sat Jan 02 00:00:00 UTC 1999"),
    ("dd/MM/yy", "02/01/2024", "Tue Jan 02 00:00:00 UTC 2024"),
    ("dd/MM/yyyy", "02/01/24", "Tue Jan 02 00:00:00 UTC 24"),  # a Sunday in Java, which goes back to Julius Caesar
    ("EEE, d MMM yyyy", "Tue, 2 Jan 2024", "Tue Jan 02 00:00:00 UTC 2024"),
    ("d MMMM yyyy", "2 january 2024", "Tue Jan 02 00:00:00 UTC 2024"),
    ("d MMM yyyy", "2 January 2024", "Tue Jan 02 00:00:00 UTC 2024"),
    ("hh:mm a", "01:30 PM", "Thu Jan 01 13:30:00 UTC 1970"),
    ("hh:mm a", "12:30 am", "Thu Jan 01 00:30:00 UTC 1970"),
    ("kk:mm", "24:30", "Thu Jan 01 00:30:00 UTC 1970"),
    ("HH:mm", "25:61", "Fri Jan 02 02:01:00 UTC 1970"),
    ("yyyy-DDD", "2024-060", "Thu Feb 29 00:00:00 UTC 2024"),
    ("yyyy MM dd", "2024   01  02", "Tue Jan 02 00:00:00 UTC 2024"),
    ("yyyy-MM-dd", "x", '!Unparseable date: "x"'),
    ("yyyy-MM-dd", "", '!Unparseable date: ""'),
    ("yyyy-MM-dd", "2024/01/02", '!Unparseable date: "2024/01/02"'),
    ("yyyy-MM-dd'T'HH:mm:ssZ", "2024-01-02T03:04:05Z", '!Unparseable date: "2024-01-02T03:04:05Z"'),
    ("yyyy-MM-dd HH:mm z", "2024-01-02 03:04 GMT+2", '!Unparseable date: "2024-01-02 03:04 GMT+2"'),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), PARSED)
def test_dates_are_read_by_patterns(pattern: str, text: str, expected: str) -> None:
    try:
        found = dates.date_text(date_reading.parse_date(pattern, text, UTC, century_start=CENTURY), UTC)
    except JavaError as error:
        found = f"!{error.message}"
    assert found == expected


@pytest.mark.parametrize("text", ["2024-13-45", "2024-02-30"])
def test_a_strict_reader_takes_no_day_that_there_is_not(text: str) -> None:
    with pytest.raises(JavaError, match="Unparseable date"):
        date_reading.parse_date("yyyy-MM-dd", text, UTC, century_start=CENTURY, lenient=False)


def test_a_time_in_the_gap_moves_on_and_one_that_comes_twice_is_the_later() -> None:
    def read(text: str) -> int:
        return date_reading.parse_date("yyyy-MM-dd HH:mm", text, PARIS, century_start=CENTURY)

    assert read("2024-03-31 02:30") == 1711848600000
    assert read("2024-10-27 02:30") == 1729992600000


def test_other_texts_of_a_date() -> None:
    assert dates.timestamp_text(0, UTC) == "1970-01-01 00:00:00.0"
    assert dates.timestamp_text(1234, UTC) == "1970-01-01 00:00:01.234"
    assert dates.json_date(0) == "1970-01-01T00:00:00+0000"
    assert dates.date_text(SUMMER, PARIS) == "Wed Jul 03 11:46:40 CEST 2024"


def test_fields_of_a_calendar_have_javas_numbers() -> None:
    fields = [calendars.get_field(0, UTC, number) for number in range(17)]
    assert fields == [1, 1970, 0, 1, 1, 1, 1, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    fields = [calendars.get_field(NEW_YEARS_EVE, UTC, number) for number in range(9)]
    assert fields == [1, 2024, 11, 1, 5, 31, 366, 3, 5]
    with pytest.raises(JavaError):
        calendars.get_field(0, UTC, 17)


def test_calendars_add_and_set_with_javas_care() -> None:
    def shown(millis: int) -> str:
        return dates.format_date("yyyy-MM-dd", millis, UTC)

    month, day_of_week = calendars.FIELDS["MONTH"], calendars.FIELDS["DAY_OF_WEEK"]
    assert shown(calendars.add_field(0, UTC, month, 13)) == "1971-02-01"
    assert shown(calendars.add_field(2_592_000_000, UTC, month, 1)) == "1970-02-28"
    assert shown(calendars.set_field(0, UTC, month, 14)) == "1971-03-01"
    assert shown(calendars.set_field(0, UTC, day_of_week, calendars.FIELDS["MONDAY"])) == "1969-12-29"
    assert calendars.clear_time(SUMMER, PARIS) == SUMMER - (11 * 3600 + 46 * 60 + 40) * 1000


def test_days_and_dates_go_both_ways() -> None:
    for days in (-719_529, -1, 0, 59, 60, 19_782, 3_000_000):
        assert calendars.days_of(*calendars.civil(days)) == days


ZONES = [
    ("Nowhere", "GMT"),
    ("GMT+1", "GMT+01:00"),
    ("GMT", "GMT"),
    ("UTC", "UTC"),
    ("../../etc/passwd", "GMT"),
    ("/etc/passwd", "GMT"),
    ("Europe", "GMT"),
    ("Europe/Paris", "Europe/Paris"),
]


@pytest.mark.parametrize(("name", "expected"), ZONES)
def test_a_zone_that_nobody_knows_is_gmt(name: str, expected: str) -> None:
    assert zones.zone_id(zones.zone_of(name)) == expected


STRICT = [
    ("Z", "Z"),
    ("+01:00", "+01:00"),
    ("UTC+1", "UTC+01:00"),
    ("Europe/Paris", "Europe/Paris"),
    ("Europe/Nowhere", "!Unknown time-zone ID: Europe/Nowhere"),
    ("bad zone", "!Invalid ID for region-based ZoneId, invalid format: bad zone"),
    ("+99", "!Invalid ID for ZoneOffset, invalid format: +99"),
]


@pytest.mark.parametrize(("name", "expected"), STRICT)
def test_a_zone_of_java_time_has_to_be_known(name: str, expected: str) -> None:
    try:
        found = zones.zone_id(zones.strict_zone(name))
    except JavaError as error:
        found = f"!{error.message}"
    assert found == expected


def test_offsets_hold_far_away_too() -> None:
    assert zones.offset_seconds(0, PARIS) == 3600
    assert zones.offset_seconds(10**17, PARIS) == 3600
    assert dates.format_date("yyyy", 10**17, PARIS) == "3170843"


@pytest.mark.parametrize("pattern", ["y" * 101, "'a'" * 400])
def test_a_pattern_that_would_write_too_much_is_refused(pattern: str) -> None:
    with pytest.raises(OverLimit):
        dates.format_date(pattern, 0, UTC)


def test_dates_beyond_all_dates_are_refused() -> None:
    with pytest.raises(OverLimit):
        calendars.add_field(0, UTC, 1, 10**30)
    with pytest.raises(OverLimit):
        dates.date_text(10**30, UTC)
    with pytest.raises(OverLimit):
        calendars.from_parts(10**30, 1, 1, 0, 0, 0, 0, UTC)
