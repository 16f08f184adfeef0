"""Dates as letters write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.cover import first_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06/20/2014", date(2014, 6, 20)),
        ("6/5/14", date(2014, 6, 5)),
        ("10/24/97", date(1997, 10, 24)),
        ("3-5-2012", date(2012, 3, 5)),
        ("3.5.2012", date(2012, 3, 5)),
        ("May 3, 2007", date(2007, 5, 3)),
        ("May 3,\n2007", date(2007, 5, 3)),
        ("May\n3, 2007", date(2007, 5, 3)),
        ("Sept. 3 2012", date(2012, 9, 3)),
        ("DECEMBER 16, 2013", date(2013, 12, 16)),
        ("August 30th, 2013", date(2013, 8, 30)),
        ("3 May 2007", date(2007, 5, 3)),
        ("2014-06-20", date(2014, 6, 20)),
        ("2014.06.20", date(2014, 6, 20)),
        ("06/20/\n2014", date(2014, 6, 20)),
        ("06/20/2014 UR Received:", date(2014, 6, 20)),
        ("13/45/2014", None),
        ("02/30/2014", None),
        ("06/20/20145", None),
        ("Smarch 3, 2007", None),
        ("06/20/1814", None),
        ("UR Received: 06/20/2014", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_date_is_read_or_absent(text: str, expected: date | None) -> None:
    assert first_date(text)[1] == expected


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2049, 12, 31)))
def test_every_form_of_a_date_is_the_same_date(day: date) -> None:
    for form in (
        f"{day:%m/%d/%Y}",
        f"{day.month}/{day.day}/{day:%y}",
        f"{day:%B} {day.day}, {day.year}",
        day.isoformat(),
    ):
        assert first_date(form)[1] == day


@given(st.text())
def test_no_text_raises(text: str) -> None:
    found, day = first_date(text)
    assert (found is None) <= (day is None)
