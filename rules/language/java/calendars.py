"""java.util.Calendar over milliseconds: fields by number, lenient sums. Gregorian at all times, weeks as in the US."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from rules.language.java.errors import JavaError, OverLimit, illegal_argument
from rules.language.java.zones import local_offset, offset_seconds, zone_name

DAY = 86_400_000
# Beyond these years no arithmetic of dates makes sense here.
MOST_YEAR = 290_000_000

FIELDS = {
    "ERA": 0,
    "YEAR": 1,
    "MONTH": 2,
    "WEEK_OF_YEAR": 3,
    "WEEK_OF_MONTH": 4,
    "DATE": 5,
    "DAY_OF_MONTH": 5,
    "DAY_OF_YEAR": 6,
    "DAY_OF_WEEK": 7,
    "DAY_OF_WEEK_IN_MONTH": 8,
    "AM_PM": 9,
    "HOUR": 10,
    "HOUR_OF_DAY": 11,
    "MINUTE": 12,
    "SECOND": 13,
    "MILLISECOND": 14,
    "ZONE_OFFSET": 15,
    "DST_OFFSET": 16,
    "AM": 0,
    "PM": 1,
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
FIELDS.update({name.upper(): number for number, name in enumerate(MONTHS)})
FIELDS.update({name.upper(): number + 1 for number, name in enumerate(DAYS)})


@dataclass(frozen=True, slots=True)
class Parts:
    """A moment on a wall clock: month 1 to 12, weekday 1 (Sunday) to 7, offset in seconds east."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nano: int
    weekday: int
    yearday: int
    offset: int
    zone: str

    @property
    def milli(self) -> int:
        return self.nano // 1_000_000


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970; a month beyond 1 to 12 counts on into other years, a day into other months."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    shifted = year - (month <= 2)
    era_year = shifted % 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return shifted // 400 * 146_097 + era_year * 365 + era_year // 4 - era_year // 100 + day_of_year - 719_468


def civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of so many days since 1970."""
    days += 719_468
    era, of_era = divmod(days, 146_097)
    year_of_era = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


def check_millis(millis: int) -> int:
    if abs(millis) > (1 << 63) - 1:
        raise OverLimit("a date would lie beyond what dates can hold")
    return millis


def parts(millis: int, zone: tzinfo) -> Parts:
    check_millis(millis)
    offset = offset_seconds(millis, zone)
    days, rest = divmod(millis + offset * 1000, DAY)
    year, month, day = civil(days)
    return Parts(
        year,
        month,
        day,
        rest // 3_600_000,
        rest // 60_000 % 60,
        rest // 1000 % 60,
        rest % 1000 * 1_000_000,
        (days + 4) % 7 + 1,
        days - days_of(year, 1, 1) + 1,
        offset,
        zone_name(millis, zone),
    )


def from_parts(year: int, month: int, day: int, hour: int, minute: int, second: int, milli: int, zone: tzinfo) -> int:
    """Milliseconds of a wall clock's time; every field may run over, as Calendar allows."""
    if max(map(abs, (year, month, day, hour, minute, second, milli))) > 1 << 40:
        raise OverLimit("a date would lie beyond what dates can hold")
    wall = days_of(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + milli
    return check_millis(wall - _offset_at(wall, zone) * 1000)


def _offset_at(wall: int, zone: tzinfo) -> int:
    days, rest = divmod(wall, DAY)
    year, month, day = civil(days)
    if zone is UTC or not 2 <= year <= 9_998:
        return offset_seconds(wall, zone)
    clock = datetime(year, month, day, rest // 3_600_000, rest // 60_000 % 60, rest // 1000 % 60)  # noqa: DTZ001
    return local_offset(clock, zone)


def week_of_year(found: Parts) -> tuple[int, int]:
    """The year and number of its week: weeks begin on Sundays, the first has the first of January."""
    first_weekday = (days_of(found.year, 1, 1) + 4) % 7
    week = (found.yearday - 1 + first_weekday) // 7 + 1
    days_in_year = days_of(found.year + 1, 1, 1) - days_of(found.year, 1, 1)
    next_first = (first_weekday + days_in_year) % 7
    if found.yearday > days_in_year - next_first and next_first:
        return found.year + 1, 1
    return found.year, week


def week_of_month(found: Parts) -> int:
    first_weekday = (days_of(found.year, found.month, 1) + 4) % 7
    return (found.day - 1 + first_weekday) // 7 + 1


def get_field(millis: int, zone: tzinfo, number: int) -> int:
    """Raises JavaError for a number that is no field."""
    found = parts(millis, zone)
    values = (
        1 if found.year > 0 else 0,
        found.year if found.year > 0 else 1 - found.year,
        found.month - 1,
        week_of_year(found)[1],
        week_of_month(found),
        found.day,
        found.yearday,
        found.weekday,
        (found.day - 1) // 7 + 1,
        found.hour // 12,
        found.hour % 12,
        found.hour,
        found.minute,
        found.second,
        found.milli,
        found.offset * 1000,
        0,
    )
    return values[_known(number)]


def _known(number: int) -> int:
    if not 0 <= number <= 16:
        raise JavaError("java.lang.ArrayIndexOutOfBoundsException", f"Index {number} out of bounds for length 17")
    return number


def set_field(millis: int, zone: tzinfo, number: int, value: int) -> int:
    """With one field changed; values that run over move the others."""
    now = parts(millis, zone)
    clock = [now.year, now.month, now.day, now.hour, now.minute, now.second, now.milli]
    match _known(number):
        case 1:
            clock[0] = value
        case 2:
            clock[1] = value + 1
        case 5:
            clock[2] = value
        case 6:
            clock[1:3] = [1, value]
        case 7:
            clock[2] += value - now.weekday
        case 3 | 4 | 8:
            clock[2] += (value - get_field(millis, zone, number)) * 7
        case 9:
            clock[3] = now.hour % 12 + 12 * value
        case 10:
            clock[3] = now.hour // 12 * 12 + value
        case 11:
            clock[3] = value
        case 12:
            clock[4] = value
        case 13:
            clock[5] = value
        case 14:
            clock[6] = value
        case _:
            raise illegal_argument("this field of a Calendar cannot be set here")
    year, month, day, hour, minute, second, milli = clock
    return from_parts(year, month, day, hour, minute, second, milli, zone)


def add_field(millis: int, zone: tzinfo, number: int, amount: int) -> int:
    """Calendar.add: months and years keep the day where the month has it; hours are exact."""
    if abs(amount) > 1 << 40:
        raise OverLimit("a date would lie beyond what dates can hold")
    now = parts(millis, zone)
    match _known(number):
        case 1 | 2:
            month = now.month - 1 + (amount * 12 if number == 1 else amount)
            year, month = now.year + month // 12, month % 12 + 1
            day = min(now.day, month_length(year, month))
            return from_parts(year, month, day, now.hour, now.minute, now.second, now.milli, zone)
        case 3 | 4 | 5 | 6 | 7 | 8:
            days = amount if number in (5, 6, 7) else amount * 7
            return from_parts(now.year, now.month, now.day + days, now.hour, now.minute, now.second, now.milli, zone)
        case 9 | 10 | 11 | 12 | 13 | 14:
            unit = {9: DAY // 2, 10: 3_600_000, 11: 3_600_000, 12: 60_000, 13: 1000, 14: 1}[number]
            return check_millis(millis + amount * unit)
    raise JavaError("java.lang.IllegalArgumentException", None)


def month_length(year: int, month: int) -> int:
    return days_of(year, month + 1, 1) - days_of(year, month, 1)


def clear_time(millis: int, zone: tzinfo) -> int:
    """Midnight of the same day."""
    now = parts(millis, zone)
    return from_parts(now.year, now.month, now.day, 0, 0, 0, 0, zone)


def of_clock(value: datetime | date, zone_text: str = "", offset: int = 0) -> Parts:
    """Parts of a date or a date and time of the standard library."""
    days = days_of(value.year, value.month, value.day)
    clock = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return Parts(
        value.year,
        value.month,
        value.day,
        clock.hour,
        clock.minute,
        clock.second,
        clock.microsecond * 1000,
        (days + 4) % 7 + 1,
        days - days_of(value.year, 1, 1) + 1,
        offset,
        zone_text,
    )
