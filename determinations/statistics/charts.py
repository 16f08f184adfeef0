"""Outcome rates by year as coordinates of bars, which a template draws as SVG.

The vertical axis ends at the first multiple of ten percent that no interval exceeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from determinations.search.facets import YEAR
from determinations.statistics.breakdowns import RateRow
from determinations.statistics.rates import FEWEST_FOR_A_PERCENTAGE, OutcomeRate, Outcomes

WIDTH, HEIGHT = 480, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 20, 30
_WIDEST_BAR = 40.0
_MANY_YEARS = 9  # from here on the years are written with two digits
_MOST_SLOTS = 40
_WIDEST_FIGURE = 46.0  # "10%" as written on a phone, with a gap


@dataclass(frozen=True, slots=True)
class Bar:
    """One year. Coordinates are in the chart's units, written out. Without a percentage there is no bar."""

    label: str
    rate: OutcomeRate
    middle: str
    left: str = ""
    top: str = ""
    width: str = ""
    height: str = ""
    high: str = ""
    low: str = ""
    words_at: str = ""

    @property
    def figure(self) -> str:
        """The percentage, written narrowly."""
        return self.rate.percentage.replace("under ", "<").replace("over ", ">")


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line across the chart at a whole percentage."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class YearChart:
    """`few` are the years of too few decided items for a bar.

    `is_crowded` where a phone's larger letters would leave no room between two bars' figures.
    """

    bars: tuple[Bar, ...]
    lines: tuple[ChartLine, ...]
    few: tuple[int, ...] = ()
    is_crowded: bool = False
    size: str = f"0 0 {WIDTH} {HEIGHT}"
    left: str = str(_LEFT)
    axis_at: str = str(_LEFT - 6)
    right: str = str(WIDTH - _RIGHT)
    years_at: str = str(HEIGHT - 10)

    @property
    def left_out(self) -> str:
        """What the chart does not draw, in words; empty where it draws every year that has items."""
        if not self.few:
            return ""
        *others, last = map(str, self.few)
        years = f"{', '.join(others)} and {last}" if others else last
        has, it = ("have", "they have") if others else ("has", "it has")
        return (
            f"{years} {has} fewer than {FEWEST_FOR_A_PERCENTAGE} decided items, so {it} no bar. "
            "The table has the numbers."
        )


def year_chart(rows: Sequence[RateRow]) -> YearChart | None:
    """A chart of two years or more, one of them with a percentage; None where there is none to compare."""
    by_year = {int(row.value): row.rate for row in rows}
    drawn = [rate for rate in by_year.values() if rate.has_percentage]
    if len(by_year) < 2 or not drawn:
        return None
    first, last = min(by_year), max(by_year)
    # Years without letters keep their place, unless a misread year would leave nothing but gaps.
    years = list(range(first, last + 1)) if last - first < _MOST_SLOTS else sorted(by_year)
    highest = min(1.0, max(0.1, ceil(max(rate.interval[1] for rate in drawn) * 10 - 1e-9) / 10))
    slot = (WIDTH - _LEFT - _RIGHT) / len(years)
    bars = tuple(
        _bar(year, by_year.get(year, OutcomeRate(0, 0)), _LEFT + slot * (n + 0.5), slot, highest, len(years))
        for n, year in enumerate(years)
    )
    lines = tuple(
        ChartLine(_height(share, highest), f"{share * 100:.0f}%") for share in (0, highest / 2, highest)
    )
    few = tuple(year for year in years if year in by_year and not by_year[year].has_percentage)
    return YearChart(bars, lines, few, is_crowded=slot < _WIDEST_FIGURE)


def undated(outcomes: Outcomes) -> int:
    """How many decided items are in letters without a year. Years must be counted and none selected."""
    dated = sum(rate.decided for rate in outcomes.by_facet[YEAR.name].values())
    return outcomes.overall.decided - dated


def _bar(year: int, rate: OutcomeRate, middle: float, slot: float, highest: float, years: int) -> Bar:
    label = f"’{year % 100:02}" if years >= _MANY_YEARS else str(year)
    if not rate.has_percentage:
        return Bar(label, rate, _written(middle))
    width = min(slot * 0.62, _WIDEST_BAR)
    low, high = rate.interval
    return Bar(
        label,
        rate,
        _written(middle),
        left=_written(middle - width / 2),
        top=_height(rate.share, highest),
        width=_written(width),
        height=_written(_scale(highest) * rate.share),
        high=_height(high, highest),
        low=_height(low, highest),
        words_at=_written(float(_height(high, highest)) - 5),
    )


def _scale(highest: float) -> float:
    return (HEIGHT - _TOP - _BOTTOM) / highest


def _height(share: float, highest: float) -> str:
    return _written(HEIGHT - _BOTTOM - _scale(highest) * share)


def _written(number: float) -> str:
    return f"{number:.1f}"
