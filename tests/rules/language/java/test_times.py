"""java.time: every answer here is Java's own."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from rules.language.java import times
from rules.language.java.errors import JavaError
from rules.language.java.time_patterns import ISO, Formatter, format_time, formatter_of_pattern
from rules.language.java.time_reading import parse_time
from rules.language.java.zones import strict_zone


def told(act: Callable[[], Any]) -> str:
    try:
        return str(act())
    except JavaError as error:
        return f"!{error.message}"


READ = [
    ("LocalDate", "2024-01-02", None, "2024-01-02"),
    ("LocalDate", "2024-13-01", None, "!Text '2024-13-01' could not be parsed: "
        "Invalid value for MonthOfYear (valid values 1 - 12): 13"),
    ("LocalDate", "2024-02-30", None, "!Text '2024-02-30' could not be parsed: Invalid date 'FEBRUARY 30'"),
    ("LocalDate", "x", None, "!Text 'x' could not be parsed at index 0"),
    ("LocalDate", "2024-01-02x", None, "!Text '2024-01-02x' could not be parsed, unparsed text found at index 10"),
    ("LocalDate", "02/01/2024", "dd/MM/yyyy", "2024-01-02"),
    ("LocalDate", "30/02/2024", "dd/MM/yyyy", "2024-02-29"),
    ("LocalDate", "2/1/2024", "dd/MM/yyyy", "!Text '2/1/2024' could not be parsed at index 0"),
    ("LocalDate", "2/1/2024", "d/M/yyyy", "2024-01-02"),
    ("LocalDate", "20240102", "yyyyMMdd", "2024-01-02"),
    ("LocalDate", "Tue 2 Jan 24", "EEE d MMM yy", "2024-01-02"),
    ("LocalDateTime", "2024-01-02T03:04", None, "2024-01-02T03:04"),
    ("LocalDateTime", "2024-01-02T03:04:05.123456", None, "2024-01-02T03:04:05.123456"),
    ("LocalDateTime", "2024-01-02 03:04", "yyyy-MM-dd HH:mm", "2024-01-02T03:04"),
    ("LocalDateTime", "2024-01-02 03:04 PM", "yyyy-MM-dd hh:mm a", "2024-01-02T15:04"),
    ("LocalDateTime", "2024-01-02", "yyyy-MM-dd", "!Text '2024-01-02' could not be parsed: "
        "Unable to obtain LocalDateTime from TemporalAccessor: {},"
        "ISO resolved to 2024-01-02 of type java.time.format.Parsed"),
    ("LocalTime", "03:04:05", None, "03:04:05"),
    ("LocalTime", "25:04", None, "!Text '25:04' could not be parsed: "
        "Invalid value for HourOfDay (valid values 0 - 23): 25"),
    ("Instant", "2024-01-02T03:04:05Z", None, "2024-01-02T03:04:05Z"),
    ("Instant", "2024-01-02T03:04:05.5Z", None, "2024-01-02T03:04:05.500Z"),
    ("Instant", "2024-01-02T03:04:05+01:00", None, "2024-01-02T02:04:05Z"),
    ("Instant", "2024-01-02", None, "!Text '2024-01-02' could not be parsed at index 10"),
    ("OffsetDateTime", "2024-01-02T03:04:05+01:00", None, "2024-01-02T03:04:05+01:00"),
    ("OffsetDateTime", "2024-01-02T03:04:05Z", None, "2024-01-02T03:04:05Z"),
    ("ZonedDateTime", "2024-01-02T03:04:05+01:00[Europe/Paris]", None, "2024-01-02T03:04:05+01:00[Europe/Paris]"),
    ("ZonedDateTime", "2024-01-02T03:04:05Z", None, "2024-01-02T03:04:05Z"),
    ("ZonedDateTime", "2024-01-02T03:04:05+0100", "yyyy-MM-dd'T'HH:mm:ssZ", "2024-01-02T03:04:05+01:00"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "pattern", "expected"), READ)
def test_texts_are_read_as_in_java(what: str, text: str, pattern: str | None, expected: str) -> None:
    formatter = None if pattern is None else formatter_of_pattern(pattern)
    assert told(lambda: times.time_text(what, parse_time(what, text, formatter))) == expected


DAY = date(2024, 1, 2)
CLOCK = datetime(2024, 1, 2, 13, 4)  # noqa: DTZ001 - a LocalDateTime has no zone
SUMMER = parse_time("ZonedDateTime", "2024-07-02T03:04:05+02:00[Europe/Paris]")
MORNING = parse_time("ZonedDateTime", "2024-07-02T03:04:05Z")

WRITTEN = [
    ("LocalDate", DAY, "EEE d MMM yy u D Q e w", "Tue 2 Jan 24 2024 2 1 3 1"),
    ("LocalDate", DAY, "EEEE MMMM", "Tuesday January"),
    ("LocalDate", DAY, "HH:mm", "!Unsupported field: HourOfDay"),
    ("LocalDate", DAY, "BASIC_ISO_DATE", "20240102"),
    ("LocalDateTime", CLOCK, "hh:mm a, K k S n A", "01:04 PM, 1 13 0 0 47040000"),
    ("LocalDateTime", CLOCK, "ISO_DATE_TIME", "2024-01-02T13:04:00"),
    ("LocalDateTime", CLOCK, "ISO_LOCAL_DATE", "2024-01-02"),
    ("ZonedDateTime", SUMMER, "yyyy-MM-dd'T'HH:mm:ss.SSSXXX VV z O Z x",
     "2024-07-02T03:04:05.000+02:00 Europe/Paris CEST GMT+2 +0200 +02"),
    ("ZonedDateTime", MORNING, "ISO_INSTANT", "2024-07-02T03:04:05Z"),
    ("Instant", MORNING, "yyyy", "!Unsupported field: YearOfEra"),
    ("LocalDate", DAY, "b", "!Unknown pattern letter: b"),
    ("LocalDate", DAY, "yyyy 'x", "!Pattern ends with an incomplete string literal: yyyy 'x"),
]  # fmt: skip


def by_name(pattern: str) -> Formatter:
    return ISO.get(pattern) or formatter_of_pattern(pattern)


@pytest.mark.parametrize(("what", "value", "pattern", "expected"), WRITTEN)
def test_values_are_written_as_in_java(what: str, value: Any, pattern: str, expected: str) -> None:
    assert told(lambda: format_time(what, value, by_name(pattern))) == expected


def test_an_instant_is_written_with_a_zone() -> None:
    formatter = formatter_of_pattern("yyyy-MM-dd HH:mm").with_zone(strict_zone("Europe/Paris"))
    assert format_time("Instant", times.from_millis(0), formatter) == "1970-01-01 01:00"


DURATIONS = [
    (timedelta(0), "PT0S"),
    (timedelta(milliseconds=1500), "PT1.5S"),
    (timedelta(milliseconds=-1500), "PT-1.5S"),
    (timedelta(days=2), "PT48H"),
    (timedelta(seconds=-61), "PT-1M-1S"),
    (timedelta(seconds=3661), "PT1H1M1S"),
    (timedelta(milliseconds=90_061_001), "PT25H1M1.001S"),
]


@pytest.mark.parametrize(("value", "expected"), DURATIONS)
def test_durations_go_both_ways(value: timedelta, expected: str) -> None:
    assert times.duration_text(value) == expected
    assert times.parse_duration(expected) == value


def test_other_durations_and_periods() -> None:
    assert times.duration_text(times.parse_duration("P1DT2H")) == "PT26H"
    assert told(lambda: times.parse_duration("x")) == "!Text cannot be parsed to a Duration"
    assert told(lambda: times.duration(days=10**12)) == "!long overflow"
    assert [times.period_text(period) for period in ((1, 2, 3), (0, 0, 0))] == ["P1Y2M3D", "P0D"]
    assert times.parse_period("P1Y2M") == (1, 2, 0)
    assert times.period_text(times.period_between(date(2024, 1, 31), date(2024, 3, 1))) == "P1M1D"


def test_sums_of_dates() -> None:
    assert times.plus_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert times.plus_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert times.between("DAYS", date(2024, 1, 1), date(2024, 3, 1)) == 60
    assert times.between("MONTHS", date(2024, 1, 31), date(2024, 3, 1)) == 1
    assert times.between("DAYS", date(2024, 3, 1), date(2024, 1, 1)) == -60
    assert times.plus(time(23, 30), 60, "MINUTES") == time(0, 30)
    assert times.time_text("LocalDateTime", times.truncate(CLOCK, "HOURS")) == "2024-01-02T13:00"
    assert told(lambda: times.plus(DAY, 1, "HOURS")) == "!Unsupported unit: Hours"
    assert told(lambda: times.plus(DAY, 10**12, "YEARS")).startswith("!a date lies outside")
    assert told(lambda: times.plus(DAY, 10**30, "DAYS")).startswith("!a date lies outside")


def test_days_that_there_are_not() -> None:
    assert told(lambda: times.local_date(2024, 2, 30)) == "!Invalid date 'FEBRUARY 30'"
    assert told(lambda: times.local_date(2023, 2, 29)) == "!Invalid date 'February 29' as '2023' is not a leap year"
    assert told(lambda: times.local_time(25, 0)) == "!Invalid value for HourOfDay (valid values 0 - 23): 25"


def test_a_zone_moves_over_its_gap_and_takes_the_first_of_two() -> None:
    paris = strict_zone("Europe/Paris")
    spring = times.at_zone(datetime(2024, 3, 31, 2, 30), paris)  # noqa: DTZ001
    autumn = times.at_zone(datetime(2024, 10, 27, 2, 30), paris)  # noqa: DTZ001
    assert times.time_text("ZonedDateTime", spring) == "2024-03-31T03:30+02:00[Europe/Paris]"
    assert times.time_text("ZonedDateTime", autumn) == "2024-10-27T02:30+02:00[Europe/Paris]"
    there = times.in_zone(SUMMER, strict_zone("America/New_York"))
    assert times.time_text("ZonedDateTime", there) == "2024-07-01T21:04:05-04:00[America/New_York]"
    assert times.time_text("ZonedDateTime", times.at_zone(CLOCK, UTC)) == "2024-01-02T13:04Z[UTC]"
