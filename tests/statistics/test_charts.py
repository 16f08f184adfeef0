"""A chart says what the table says: well-formed SVG, as high as the rates, or a sentence in its place."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from determinations.statistics.chart_frame import NARROWEST, PLOT, Chart
from determinations.statistics.charts import (
    Series,
    comparison_chart,
    letters_chart,
    rate_chart,
    too_few,
    too_few_letters,
)
from determinations.statistics.letters_by_year import YearCounts
from determinations.statistics.rates import OutcomeRate

RATES = st.builds(lambda won, lost: OutcomeRate(won, won + lost), st.integers(0, 99), st.integers(0, 20_000))
BY_YEAR = st.dictionaries(st.integers(2010, 2030), RATES, max_size=14)


def rates(**years: tuple[int, int]) -> dict[int, OutcomeRate]:
    return {int(year.removeprefix("y")): OutcomeRate(*counts) for year, counts in years.items()}


def drawn(chart: Chart | None) -> ElementTree.Element:
    assert chart is not None
    text = render_to_string(
        "determinations/statistics/chart.html", {"chart": chart, "svg_url": "/x.svg", "csv_url": "/x.csv"}
    )
    svg = re.search(r"<svg.*</svg>", text, re.DOTALL)
    assert svg
    return ElementTree.fromstring(svg.group())  # noqa: S314  (our own template's output)


def row(svg: ElementTree.Element, kind: str, number: int = 0) -> list[str]:
    rows = [group for group in svg.iter("g") if f"chart-row-{kind}" in (group.get("class") or "")]
    return [text.text or "" for text in rows[number].iter("text") if text.get("class") is None]


def test_the_number_stands_at_the_foot_of_the_bar_and_n_under_the_year() -> None:
    chart = rate_chart(rates(y2013=(1, 10), y2014=(5, 10), y2015=(1, 1000)))
    svg = drawn(chart)
    assert row(svg, "figure") == ["10%", "50%", "<1%"]
    assert row(svg, "year") == ["2013", "2014", "2015"]
    assert row(svg, "count") == ["10", "10", "1,000"]
    assert chart
    heights = {kind.kind: float(kind.at) for kind in chart.rows}
    foot = max(float(bar.top) + float(bar.height) for bar in chart.bars)
    assert foot < heights["figure"] < heights["year"] < heights["count"] < chart.height
    titles = [title.text for title in svg.iter("title")]
    assert "2014: 5 of 10 overturned (50%), 95% interval 24% to 76%" in titles
    assert svg.get("role") == "img"
    assert not [element for element in svg.iter() if element.get("style")]


def test_years_without_a_bar_are_named() -> None:
    chart = rate_chart(rates(y2013=(1, 10), y2014=(1, 4), y2016=(2, 12), y2017=(0, 1)))
    assert chart
    assert chart.left_out == "2014 and 2017 have fewer than 5 decided items, so they have no bar."
    one = rate_chart(rates(y2013=(1, 10), y2014=(1, 4), y2016=(2, 12)))
    assert one and one.left_out == "2014 has fewer than 5 decided items, so it has no bar."
    whole = rate_chart(rates(y2013=(1, 10), y2016=(2, 12)))
    assert whole and whole.left_out == "", "a year without any item is left out of nothing"


def test_below_five_items_a_year_has_no_bar_and_no_percentage_but_its_n() -> None:
    svg = drawn(rate_chart(rates(y2013=(4, 4), y2014=(5, 10), y2015=(5, 10))))
    assert row(svg, "figure") == ["50%", "50%"]
    assert row(svg, "count") == ["4", "10", "10"]
    assert len(list(svg.iter("rect"))) == 2


def test_a_year_without_letters_keeps_its_place() -> None:
    svg = drawn(rate_chart(rates(y2013=(1, 10), y2016=(1, 10))))
    assert row(svg, "year") == ["2013", "2014", "2015", "2016"]


def test_a_misread_year_does_not_leave_nothing_but_gaps() -> None:
    svg = drawn(rate_chart(rates(y1901=(1, 10), y2016=(1, 10))))
    assert row(svg, "year") == ["1901", "2016"]


@pytest.mark.parametrize(
    ("years", "sentence"),
    [
        ({}, "No decision has a year, so there is nothing to show over the years."),
        (rates(y2013=(1, 2), y2014=(0, 1)), "Too few decisions to show a pattern: 3 in 2 years."),
        (rates(y2013=(1, 3)), "Too few decisions to show a pattern: 3 in 1 year."),
        (rates(y2014=(5, 40)), "All 40 decisions are from 2014, so there are no years to compare."),
        (
            rates(y2013=(1, 4), y2014=(5, 40)),
            "Too few decisions to show a pattern: of 2 years, only 2014 has 5 or more.",
        ),
    ],
)
def test_where_there_are_too_few_a_sentence_says_so(years: dict[int, OutcomeRate], sentence: str) -> None:
    assert too_few(years) == sentence
    assert rate_chart(years) is None
    assert comparison_chart([Series("MRI", years), Series("X-ray", {})]) is None


@given(BY_YEAR)
def test_there_is_either_a_chart_or_a_sentence(years: dict[int, OutcomeRate]) -> None:
    assert bool(too_few(years)) is (rate_chart(years) is None)
    assert bool(too_few(years)) is (sum(rate.decided >= 5 for rate in years.values()) < 2)


@given(BY_YEAR)
def test_bars_are_as_high_as_their_rates_and_stay_on_the_chart(years: dict[int, OutcomeRate]) -> None:
    chart = rate_chart(years)
    if chart is None:
        return
    top_share = float(chart.grid[-1].label.removesuffix("%")) / 100
    assert chart.width >= NARROWEST
    for bar in chart.bars:
        share = years[bar.year].share
        assert float(bar.height) == pytest.approx(PLOT * share / top_share, abs=0.06)
        assert float(bar.left) >= 0 and float(bar.left) + float(bar.width) <= chart.width
    for bar, interval in zip(chart.bars, chart.intervals, strict=True):
        assert 0 <= float(interval.high) <= float(bar.top) + 0.1
        assert float(bar.top) - 0.1 <= float(interval.low) <= chart.height
    assert {bar.year for bar in chart.bars} == {year for year, rate in years.items() if rate.decided >= 5}


@given(st.lists(BY_YEAR, min_size=2, max_size=3))
def test_marks_of_a_comparison_are_as_high_as_their_shares(several: list[dict[int, OutcomeRate]]) -> None:
    series = [Series(f"Service {number}", years) for number, years in enumerate(several, start=1)]
    chart = comparison_chart(series)
    if chart is None:
        assert all(too_few(years) for years in several)
        return
    svg = drawn(chart)
    marks = [path for path in svg.iter("path") if path.get("data-year")]
    expected = {
        (number, year, rate.overturned, rate.decided)
        for number, years in enumerate(several, start=1)
        if not too_few(years)
        for year, rate in years.items()
        if rate.decided >= 5
    }
    names = ("data-series", "data-year", "data-overturned", "data-decided")
    assert {tuple(int(mark.get(name) or "") for name in names) for mark in marks} == expected
    for number, years in enumerate(several):
        counts = [f"{rate.decided:,}" for _, rate in sorted(years.items()) if rate.decided]
        assert row(svg, "count", number) == counts
    assert len({re.sub(r"^M\S+ \S+", "", mark.path) for mark in chart.marks}) == len(
        {mark.series for mark in chart.marks}
    ), "each series has a shape of its own"
    assert [line.text for line in chart.legend] == [one.label for one in series]


def test_a_line_does_not_cross_a_year_without_a_percentage() -> None:
    years = rates(y2013=(1, 9), y2014=(1, 9), y2015=(0, 2), y2016=(1, 9), y2017=(1, 9))
    chart = comparison_chart([Series("MRI", years), Series("X-ray", years)])
    assert chart
    assert [len(trend.points.split()) for trend in chart.trends] == [2, 2, 2, 2]
    assert {(trend.series, trend.dashes) for trend in chart.trends} == {(1, "none"), (2, "7 3")}


def test_letters_are_drawn_within_their_items() -> None:
    svg = drawn(letters_chart({2013: YearCounts(3, 10), 2015: YearCounts(1_200, 2_500)}))
    assert row(svg, "figure") == ["3", "1,200"]
    assert row(svg, "year") == ["2013", "2014", "2015"]
    assert row(svg, "count") == ["10", "2,500"]
    values = [(bar.get("data-year"), bar.get("data-value")) for bar in svg.iter("rect")]
    assert values == [("2013", "10"), ("2013", "3"), ("2015", "2500"), ("2015", "1200")]


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({}, "No letter has a year, so there is nothing to show over the years."),
        (
            {2013: YearCounts(2, 9), 2014: YearCounts(1, 9)},
            "Too few letters to show a pattern: 3 in 2 years.",
        ),
        ({2013: YearCounts(7, 9)}, "All 7 letters are from 2013, so there are no years to compare."),
        ({2013: YearCounts(4, 9), 2014: YearCounts(1, 1)}, ""),
    ],
)
def test_too_few_letters_are_a_sentence(counts: dict[int, YearCounts], sentence: str) -> None:
    assert too_few_letters(counts) == sentence
    assert (letters_chart(counts) is None) is bool(sentence)


@given(
    st.dictionaries(
        st.integers(2010, 2030),
        st.tuples(st.integers(1, 90_000), st.integers(0, 90_000)).map(lambda n: YearCounts(n[0], sum(n))),
        min_size=2,
        max_size=14,
    )
)
def test_bars_of_letters_stay_on_the_chart_and_in_proportion(counts: dict[int, YearCounts]) -> None:
    chart = letters_chart(counts)
    if chart is None:
        return
    top = float(chart.grid[-1].label.replace(",", ""))
    assert top % 2 == 0
    for bar in chart.bars:
        assert float(bar.height) == pytest.approx(PLOT * int(bar.value) / top, abs=0.06)
        assert float(bar.height) <= PLOT


def test_figures_of_two_years_never_touch_and_a_phone_leaves_out_what_it_has_no_room_for() -> None:
    few, many = (rate_chart({2010 + year: OutcomeRate(1, 10) for year in range(years)}) for years in (4, 14))
    wide = rate_chart({2010 + year: OutcomeRate(1, 123_456) for year in range(14)})
    assert few and many and wide
    assert (few.is_crowded, many.is_crowded, wide.is_crowded) == (False, True, True)
    assert few.width == NARROWEST
    places = [float(figure.at) for figure in wide.rows[2].figures]
    assert min(b - a for a, b in pairwise(places)) > 7 * 6
    css = (Path(__file__).parents[2] / "static" / "determinations/statistics.css").read_text(encoding="utf-8")
    phone = css.partition("@media (max-width: 36rem)")[2]
    assert re.search(
        r"\.chart-crowded :is\(\.chart-row-figure, \.chart-row-count\) \{\s*display: none;", phone
    )
    assert "chart-crowded" in (drawn(wide).get("class") or "").split()
