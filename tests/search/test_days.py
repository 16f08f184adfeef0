"""Days in the writings of addresses, questions and people."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.days import day_bounds, day_number, iso_day


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2016", 20160101, 20161231),
        ("2016-02", 20160201, 20160229),
        ("2016-2-9", 20160209, 20160209),
        ("2/9/2016", 20160209, 20160209),
        ("Feb. 9, 2016", 20160209, 20160209),
        ("February 9 2016", 20160209, 20160209),
    ],
)
def test_a_year_a_month_and_a_day_have_bounds(written: str, first: int, last: int) -> None:
    assert day_bounds(written) == (first, last)


@pytest.mark.parametrize(
    "written", ["", "16", "2016-13", "2016-00", "2016-02-30", "31/12/2016", "2016-02 x", "soon"]
)
def test_what_no_calendar_has_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        day_bounds(written)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert day_bounds(iso_day(day_number(day))) == (day_number(day),) * 2
