"""The chart says what the table says: well-formed SVG, bars as high as the rates, no style of its own."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from determinations.statistics.breakdowns import RateRow
from determinations.statistics.charts import HEIGHT, WIDTH, year_chart
from determinations.statistics.rates import OutcomeRate


def row(year: int, overturned: int, decided: int) -> RateRow:
    return RateRow(str(year), str(year), "", OutcomeRate(overturned, decided))


def drawn(*rows: RateRow) -> ElementTree.Element:
    text = render_to_string("determinations/statistics/year_chart.html", {"chart": year_chart(rows)})
    return ElementTree.fromstring(text)  # noqa: S314  (our own template's output)


def texts(svg: ElementTree.Element, kind: str) -> list[str]:
    return [text.text or "" for text in svg.iter("text") if text.get("class") == kind]


def test_years_without_a_bar_are_named() -> None:
    rows = [row(2013, 1, 10), row(2014, 1, 4), row(2016, 2, 12), row(2017, 0, 1)]
    chart, whole, one = year_chart(rows), year_chart([rows[0], rows[2]]), year_chart(rows[:2])
    assert chart and whole and one
    assert chart.left_out == (
        "2014 and 2017 have fewer than 5 decided items, so they have no bar. The table has the numbers."
    )
    assert one.left_out.startswith("2014 has fewer than 5 decided items, so it has no bar.")
    assert whole.left_out == "", "a year without any item is left out of nothing"


def test_each_year_has_its_figure_and_its_title() -> None:
    svg = drawn(row(2013, 1, 10), row(2014, 5, 10), row(2015, 1, 1000))
    assert texts(svg, "chart-year") == ["2013", "2014", "2015"]
    assert texts(svg, "chart-figure") == ["10%", "50%", "<1%"]
    titles = [title.text for group in svg.iter("g") for title in group.iter("title")]
    assert "5 of 10 overturned (50%): 24% to 76% (95% confidence, n = 10)" in (titles[1] or "")
    assert not [element for element in svg.iter() if element.get("style")]
    assert svg.get("role") == "img"


@pytest.mark.parametrize(("years", "is_crowded"), [(2, False), (9, False), (10, True), (14, True)])
def test_where_a_phone_has_no_room_for_the_figures_the_chart_says_so(years: int, is_crowded: bool) -> None:
    svg = drawn(*(row(2010 + year, 1, 10) for year in range(years)))
    assert ("chart-crowded" in (svg.get("class") or "").split()) is is_crowded
    assert len(texts(svg, "chart-figure")) == years
    css = (Path(__file__).parents[2] / "static" / "determinations/statistics.css").read_text(encoding="utf-8")
    phone = css.partition("@media (max-width: 36rem)")[2]
    assert re.search(r"\.chart-crowded \.chart-figure \{\s*display: none;", phone)


def test_below_five_items_a_year_has_no_bar_and_no_percentage() -> None:
    svg = drawn(row(2013, 4, 4), row(2014, 5, 10))
    assert texts(svg, "chart-year") == ["2013", "2014"]
    assert texts(svg, "chart-figure") == ["50%"]
    assert len(list(svg.iter("rect"))) == 1


def test_a_year_without_letters_keeps_its_place() -> None:
    chart = year_chart([row(2013, 1, 10), row(2016, 1, 10)])
    assert chart is not None
    assert [bar.label for bar in chart.bars] == ["2013", "2014", "2015", "2016"]


def test_a_misread_year_does_not_leave_nothing_but_gaps() -> None:
    chart = year_chart([row(1901, 1, 10), row(2016, 1, 10)])
    assert chart is not None
    assert len(chart.bars) == 2


@pytest.mark.parametrize("rows", [[], [row(2014, 5, 10)], [row(2013, 1, 4), row(2014, 1, 4)]])
def test_where_there_is_nothing_to_compare_there_is_no_chart(rows: list[RateRow]) -> None:
    assert year_chart(rows) is None


@given(
    st.dictionaries(
        st.integers(2010, 2030), st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=2, max_size=12
    )
)
def test_bars_are_as_high_as_their_rates_and_stay_on_the_chart(years: dict[int, tuple[int, int]]) -> None:
    chart = year_chart([row(year, won, won + lost) for year, (won, lost) in sorted(years.items())])
    if chart is None:
        assert all(sum(counts) < 5 for counts in years.values())
        return
    bars = [bar for bar in chart.bars if bar.width]
    scales = {round(float(bar.height) / bar.rate.share) for bar in bars if bar.rate.share > 0.5}
    assert len(scales) <= 2 and (not scales or max(scales) - min(scales) <= 1)
    for bar in bars:
        assert float(bar.left) >= 0 and float(bar.left) + float(bar.width) <= WIDTH
        assert float(bar.words_at) > 0
        assert float(bar.high) <= float(bar.top) + 0.1
        assert float(bar.top) - 0.1 <= float(bar.low) <= HEIGHT
