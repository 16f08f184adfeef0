"""Days as the index has them, the number yyyymmdd, and in the ways in which people write them."""

import re
from calendar import monthrange
from datetime import date

from determinations.letters.facts.cover import first_date

_YEAR_OR_MONTH = re.compile(r"((?:19|20)\d\d)(?:-(\d\d?))?")


def day_number(day: date) -> int:
    """2014-01-31 -> 20140131."""
    return day.year * 10_000 + day.month * 100 + day.day


def iso_day(number: int) -> str:
    """20140131 -> 2014-01-31."""
    return f"{number // 10_000:04d}-{number // 100 % 100:02d}-{number % 100:02d}"


def day_bounds(written: str) -> tuple[int, int]:
    """First and last day, yyyymmdd, of a year (2014), a month (2014-03) or a day as letters write it.

    Raises ValueError for anything else, and for a day that no calendar has.
    """
    if whole := _YEAR_OR_MONTH.fullmatch(written):
        year, first, last = int(whole[1]), int(whole[2] or 1), int(whole[2] or 12)
        return day_number(date(year, first, 1)), day_number(date(year, last, monthrange(year, last)[1]))
    words, day = first_date(written)
    if words is None or day is None or words.end() < len(written):
        raise ValueError(written)
    return day_number(day), day_number(day)
