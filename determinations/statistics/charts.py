"""Charts over the years: the share overturned, letters and items, and up to three series compared.

Templates draw them as SVG, on a page and in a file. Where there are too few decisions, a sentence takes the
chart's place. The axis of shares ends at the first multiple of ten percent that no interval exceeds.

A chart in a file says by itself what it shows: its search above, how to read it below.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from math import ceil
from textwrap import wrap

from django.utils.text import get_text_list

from determinations.export.xml_text import xml_text
from determinations.statistics.chart_frame import (
    ROW,
    TOP,
    Chart,
    ChartFrame,
    Interval,
    LegendLine,
    Mark,
    TrendLine,
    shape,
    written,
)
from determinations.statistics.letters_by_year import YearCounts
from determinations.statistics.rates import FEWEST_FOR_A_PERCENTAGE, OutcomeRate

FEWEST_YEARS = 2
"""A chart needs so many years with a percentage."""

_MANY_YEARS = 9  # from here on the years are written with two digits
_MOST_SLOTS = 40
_LEGEND_LETTERS = 44
_ROUND = (2, 4, 6, 8, 10)
_NONE = OutcomeRate(0, 0)

Rates = Mapping[int, OutcomeRate]
"""Year -> the rate of its decided items."""


@dataclass(frozen=True, slots=True)
class Series:
    """What a comparison draws as one line: `rates` by year."""

    label: str
    rates: Rates


def too_few(rates: Rates) -> str:
    """Why there is no chart, as a sentence; empty where FEWEST_YEARS have a percentage."""
    counted = {year: rate for year, rate in rates.items() if rate.decided}
    drawn = [year for year, rate in counted.items() if rate.has_percentage]
    if len(drawn) >= FEWEST_YEARS:
        return ""
    decided = sum(rate.decided for rate in counted.values())
    if not counted:
        return "No decision has a year, so there is nothing to show over the years."
    if drawn and len(counted) == 1:
        return f"All {decided:,} decisions are from {drawn[0]}, so there are no years to compare."
    if drawn:
        return (
            f"Too few decisions to show a pattern: of {len(counted)} years, only {drawn[0]} has "
            f"{FEWEST_FOR_A_PERCENTAGE} or more."
        )
    return f"Too few decisions to show a pattern: {decided:,} in {_years(len(counted))}."


def too_few_letters(counts: Mapping[int, YearCounts]) -> str:
    """As `too_few`, of letters: a chart needs two years, and as many letters as a percentage needs items."""
    letters = sum(count.letters for count in counts.values())
    if not letters:
        return "No letter has a year, so there is nothing to show over the years."
    if letters < FEWEST_FOR_A_PERCENTAGE:
        return f"Too few letters to show a pattern: {letters} in {_years(len(counts))}."
    if len(counts) < FEWEST_YEARS:
        return f"All {letters:,} letters are from {min(counts)}, so there are no years to compare."
    return ""


def rate_chart(rates: Rates) -> Chart | None:
    """The share overturned, one bar a year; None where there is `too_few`."""
    if too_few(rates):
        return None
    years = _columns(rates)
    shown = [rates.get(year, _NONE) for year in years]
    highest = _highest(rates.values())
    figures = [_narrow(rate.percentage) for rate in shown]
    counts = [_number(rate.decided) for rate in shown]
    frame = ChartFrame.around(len(years), chain(figures, counts))
    bars, intervals = [], []
    for place, (year, rate) in enumerate(zip(years, shown, strict=True)):
        if rate.has_percentage:
            low, high = rate.interval
            title = f"{year}: {rate.in_words}, 95% interval {rate.bounds}"
            bars.append(
                frame.bar(
                    place, "rate", year, f"{rate.overturned} of {rate.decided}", title, rate.share / highest
                )
            )
            intervals.append(frame.interval(frame.middle(place), low / highest, high / highest))
    rows = (("figure", "", figures), ("year", "", _year_labels(years)), ("count", "n", counts))
    return Chart(
        name="year",
        title="Share of denials overturned by year, for the letters on this site",
        about=(
            "One bar for each year with enough decided items for a percentage, which is written at its foot. "
            "The 95% interval is a thin line, and n is the number of decided items."
        ),
        width=frame.width,
        height=frame.height(len(rows)),
        grid=frame.grid(lambda part: f"{part * highest:.0%}"),
        rows=tuple(frame.row(n, *row) for n, row in enumerate(rows)),
        bars=tuple(bars),
        intervals=tuple(intervals),
        is_crowded=frame.is_crowded,
        left_out=_left_out(
            [year for year in years if year in rates and 0 < rates[year].decided < FEWEST_FOR_A_PERCENTAGE]
        ),
    )


def letters_chart(counts: Mapping[int, YearCounts]) -> Chart | None:
    """Letters, one bar a year, within the bar of their items; None where there are `too_few_letters`."""
    if too_few_letters(counts):
        return None
    years = _columns(counts)
    shown = [counts.get(year, YearCounts(0, 0)) for year in years]
    highest = _round_number(max(count.items for count in shown))
    letters = [_number(count.letters) for count in shown]
    items = [_number(count.items) for count in shown]
    frame = ChartFrame.around(len(years), chain(letters, items))
    bars = []
    for place, (year, count) in enumerate(zip(years, shown, strict=True)):
        if count.letters:
            title = f"{year}: {_counted(count.letters, 'letter')}, {_counted(count.items, 'item')}"
            bars.append(frame.bar(place, "items", year, str(count.items), title, count.items / highest))
            bars.append(
                frame.bar(place, "letters", year, str(count.letters), title, count.letters / highest, 0.6)
            )
    rows = (("figure", "letters", letters), ("year", "", _year_labels(years)), ("count", "items", items))
    return Chart(
        name="letters",
        title="Letters and disputed items by year, for the letters on this site",
        about=(
            "For each year, a filled bar for the letters within an open bar for their disputed items. The "
            "number of letters is at the foot, that of items under the year."
        ),
        width=frame.width,
        height=frame.height(len(rows)),
        grid=frame.grid(lambda part: f"{part * highest:,.0f}"),
        rows=tuple(frame.row(n, *row) for n, row in enumerate(rows)),
        bars=tuple(bars),
        is_crowded=frame.is_crowded,
    )


def comparison_chart(series: Sequence[Series]) -> Chart | None:
    """The shares of up to three series, each with its own mark; None where all of them have `too_few`.

    A series with too few keeps its number and its row of counts, but has no mark.
    """
    drawn = [one for one in series if not too_few(one.rates)]
    if not drawn:
        return None
    years = _columns({year for one in series for year, rate in one.rates.items() if rate.decided})
    highest = _highest(rate for one in drawn for rate in one.rates.values())
    counts = [[_number(one.rates.get(year, _NONE).decided) for year in years] for one in series]
    legend = _legend([one.label for one in series])
    frame = ChartFrame.around(len(years), chain.from_iterable(counts), TOP + ROW * len(legend) + 6)
    marks: list[Mark] = []
    intervals: list[Interval] = []
    trends: list[TrendLine] = []
    for number, one in enumerate(series, start=1):
        if one not in drawn:
            continue
        beside = frame.slot * 0.2 * (number - (len(series) + 1) / 2)
        for run in _runs(one.rates, years):
            points = []
            for place, year, rate in run:
                at, (low, high) = frame.middle(place) + beside, rate.interval
                height = rate.share / highest
                title = f"{one.label}, {year}: {rate.in_words}, 95% interval {rate.bounds}"
                marks.append(Mark(number, shape(number, at, frame.y(height)), year, rate, title))
                intervals.append(frame.interval(at, low / highest, high / highest))
                points.append(f"{written(at)},{frame.at(height)}")
            if len(points) > 1:
                trends.append(TrendLine(number, " ".join(points)))
    year_row = frame.row(0, "year", "", _year_labels(years))
    count_rows = (frame.row(n, "count", "n", figures, series=n) for n, figures in enumerate(counts, start=1))
    return Chart(
        name="comparison",
        title=f"Share of denials overturned by year: {get_text_list([one.label for one in series], 'and')}",
        about=(
            "For each year with enough decided items for a percentage, one mark for each of the values "
            "compared. The legend names the shapes. The 95% interval is a thin line. The rows of n under the "
            "years are the numbers of decided items."
        ),
        width=frame.width,
        height=frame.height(1 + len(series)),
        grid=frame.grid(lambda part: f"{part * highest:.0%}"),
        rows=(year_row, *count_rows),
        intervals=tuple(intervals),
        trends=tuple(trends),
        marks=tuple(marks),
        legend=legend,
        is_crowded=frame.is_crowded,
    )


def _columns(years: Iterable[int]) -> list[int]:
    """Years without letters keep their place, unless a misread year would leave nothing but gaps."""
    known = sorted(years)
    return list(range(known[0], known[-1] + 1)) if known[-1] - known[0] < _MOST_SLOTS else known


def _highest(rates: Iterable[OutcomeRate]) -> float:
    tops = (rate.interval[1] for rate in rates if rate.has_percentage)
    return min(1.0, max(0.1, ceil(max(tops) * 10 - 1e-9) / 10))


def _round_number(number: int) -> int:
    """The first even number of one digit, or of one digit and zeros, that is not less."""
    power: int = 10 ** max(0, len(str(number - 1)) - 1)
    return next(step * power for step in _ROUND if step * power >= number)


def _year_labels(years: Sequence[int]) -> list[str]:
    return [f"’{year % 100:02}" if len(years) >= _MANY_YEARS else str(year) for year in years]


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def _narrow(percentage: str) -> str:
    return percentage.replace("under ", "<").replace("over ", ">")


def _runs(rates: Rates, years: Sequence[int]) -> Iterator[list[tuple[int, int, OutcomeRate]]]:
    """Place, year and rate of columns with a percentage, those without a gap between them together."""
    columns = [(place, year, rates.get(year, _NONE)) for place, year in enumerate(years)]
    for has_percentage, run in groupby(columns, key=lambda column: column[2].has_percentage):
        if has_percentage:
            yield list(run)


def _legend(labels: Sequence[str]) -> tuple[LegendLine, ...]:
    lines: list[LegendLine] = []
    for series, label in enumerate(labels, start=1):
        for line, text in enumerate(wrap(label, _LEGEND_LETTERS)):
            y = TOP + ROW * (len(lines) + 0.5)
            key = None if line else Mark(series, shape(series, 16, y - 4))
            lines.append(LegendLine(text, written(y), key))
    return tuple(lines)


def _left_out(few: Sequence[int]) -> str:
    if not few:
        return ""
    has, it = ("have", "they have") if len(few) > 1 else ("has", "it has")
    years = get_text_list([str(year) for year in few], "and")
    return f"{years} {has} fewer than {FEWEST_FOR_A_PERCENTAGE} decided items, so {it} no bar."


def _years(number: int) -> str:
    return _counted(number, "year")


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"


RATE_NOTES = (
    "A partial overturn counts as overturned. Thin lines are Wilson’s 95% intervals; n is the number of "
    "decided items. Years with fewer than 5 have no percentage. Only the letters on this site are counted. "
    "IMR decisions are not precedent."
)
LETTER_NOTES = (
    "Filled: letters that have an item found; open: their items found. Only the letters on this site are "
    "counted."
)
_MARGIN, _LINE = 12, 16
_LETTER = 6.4
_BOLD_LETTER = 7.4


@dataclass(frozen=True, slots=True)
class FileLine:
    text: str
    at: int
    kind: str


@dataclass(frozen=True, slots=True)
class ChartFile:
    """`lines` are written above and below the chart; `top` is where the file begins, above the chart's 0."""

    chart: Chart
    lines: tuple[FileLine, ...]
    top: int
    height: int

    @property
    def size(self) -> str:
        return f"{-_MARGIN} {self.top} {self.width} {self.height}"

    @property
    def width(self) -> int:
        return self.chart.width + 2 * _MARGIN

    @property
    def left(self) -> int:
        return -_MARGIN


def chart_file(chart: Chart, search_title: str, notes: str, url: str) -> ChartFile:
    """`search_title` is empty for all letters; `url` is where the chart's numbers can be looked at."""
    letters = int(chart.width / _LETTER)
    above = [("title", line) for line in wrap(chart.title, int(chart.width / _BOLD_LETTER))]
    above += [("note", line) for line in wrap(f"Search: {xml_text(search_title) or 'all letters'}", letters)]
    below = [line for text in (notes, chart.left_out, url) for line in wrap(text, letters)]
    top = -_LINE * len(above) - 2 * _MARGIN
    first = chart.height + _LINE
    lines = [
        *(
            FileLine(text, top + _MARGIN + _LINE * number, kind)
            for number, (kind, text) in enumerate(above, 1)
        ),
        *(FileLine(text, first + _LINE * number, "note") for number, text in enumerate(below)),
    ]
    return ChartFile(chart, tuple(lines), top, first + _LINE * len(below) + _MARGIN - top)
