"""Dates as letters write them: 06/20/2014, 3-5-2012, 10/24/97, May 3, 2007, also split over a line.

Month before day, as in the United States. A year of two digits is of the last century from 50 on. What is no
calendar date is no date: nothing is repaired.
"""

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}

_NUMERIC = re.compile(r"(\d{1,2})\s?[-/.–]\s?(\d{1,2})\s?[-/.–]\s?(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s?(\d{1,2})(?:st|nd|rd|th)?\s?,?\s?(\d{4})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-\s]?([A-Za-z]{3,9})\.?,?[-\s]?(\d{4})(?!\d)")

_CENTURY_TURNS_AT = 50
_EARLIEST, _LATEST = 1900, 2100
_BEFORE_DATE = " \t\n:.,;-–*"
_LONGEST_DATE = 60


def date_at_start(text: str) -> date | None:
    """The date that the text begins with (leading spaces and punctuation aside), or None."""
    return first_date(text[:_LONGEST_DATE].lstrip(_BEFORE_DATE))[1]


def first_date(text: str) -> tuple[re.Match[str] | None, date | None]:
    """The words with which `text` begins like a date, and the date that they are; None for neither."""
    if not text[:1].isdigit():
        found = _MONTH_FIRST.match(text)
        return (
            (found, _date(found[3], _MONTHS.get(found[1].lower(), 0), int(found[2])))
            if found
            else (None, None)
        )
    if found := _NUMERIC.match(text):
        return found, _date(found[3], int(found[1]), int(found[2]))
    if found := _ISO.match(text):
        return found, _date(found[1], int(found[2]), int(found[3]))
    if found := _DAY_FIRST.match(text):
        return found, _date(found[3], _MONTHS.get(found[2].lower(), 0), int(found[1]))
    return None, None


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _CENTURY_TURNS_AT else 2000
    if not _EARLIEST <= number <= _LATEST:
        return None
    try:
        return date(number, month, day)
    except ValueError:
        return None
