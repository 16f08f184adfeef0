"""What a chart over the years consists of, and where its columns of years are.

Coordinates are in the chart's own units and written out. Under the axis are rows of figures, one for each
column. The frame is as wide as its longest figure needs.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Self

from determinations.statistics.rates import OutcomeRate

NARROWEST, PLOT = 480, 166
LEFT, RIGHT, TOP = 54, 10, 10
ROW = 22
_WIDEST_BAR = 40.0
_DIGIT, _DIGIT_ON_PHONE = 6.8, 10.2  # as wide as one is in a wide face
_GAP = 7.0  # beside a figure
_FILLS = ("#865309", "#ffffff", "#5a3d7a")
_STROKES = ("#865309", "#2c5f74", "#5a3d7a")
_DASHES = ("none", "7 3", "2 3")


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line across the chart, its value written at the axis."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind`: "rate", "letters", or "items"; `value` is what it shows, written plainly."""

    kind: str
    year: int
    value: str
    title: str
    left: str
    top: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Interval:
    at: str
    high: str
    low: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One share of one series, or the key to it. `series` counts from 1: each has its own shape."""

    series: int
    path: str
    year: int | None = None
    rate: OutcomeRate | None = None
    title: str = ""

    @property
    def fill(self) -> str:
        """For a file; on a page, style sheets say."""
        return _FILLS[self.series - 1]

    @property
    def stroke(self) -> str:
        return _STROKES[self.series - 1]


@dataclass(frozen=True, slots=True)
class TrendLine:
    """What joins the marks of a series. A year without a percentage interrupts it."""

    series: int
    points: str

    @property
    def stroke(self) -> str:
        return _STROKES[self.series - 1]

    @property
    def dashes(self) -> str:
        return _DASHES[self.series - 1]


@dataclass(frozen=True, slots=True)
class Figure:
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A row under the axis. `kind`: "figure" at the foot of bars, "year", or "count"."""

    kind: str
    label: str
    at: str
    figures: tuple[Figure, ...]
    key: Mark | None = None


@dataclass(frozen=True, slots=True)
class LegendLine:
    text: str
    at: str
    key: Mark | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`left_out` says in words what the chart does not draw; it is empty where nothing is left out.

    `is_crowded` where a phone's larger letters would leave no room between the figures of two years.
    """

    name: str
    title: str
    about: str
    width: int
    height: int
    grid: tuple[GridLine, ...]
    rows: tuple[FigureRow, ...]
    bars: tuple[Bar, ...] = ()
    intervals: tuple[Interval, ...] = ()
    trends: tuple[TrendLine, ...] = ()
    marks: tuple[Mark, ...] = ()
    legend: tuple[LegendLine, ...] = ()
    is_crowded: bool = False
    left_out: str = ""

    @property
    def size(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def left(self) -> str:
        return str(LEFT)

    @property
    def axis_at(self) -> str:
        return str(LEFT - 7)

    @property
    def right(self) -> str:
        return str(self.width - RIGHT)


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """Where the columns of years are. Heights are parts of the plot, from 0 at the axis to 1."""

    columns: int
    width: int
    top: float
    is_crowded: bool

    @classmethod
    def around(cls, columns: int, figures: Iterable[str], top: float = TOP) -> Self:
        longest = max(map(len, figures), default=1)
        needed = columns * (longest * _DIGIT + _GAP)
        width = max(NARROWEST, ceil(LEFT + RIGHT + needed))
        slot = (width - LEFT - RIGHT) / columns
        scale = width / NARROWEST
        return cls(columns, width, top, slot < (longest * _DIGIT_ON_PHONE + _GAP) * scale)

    @property
    def slot(self) -> float:
        return (self.width - LEFT - RIGHT) / self.columns

    def middle(self, place: int) -> float:
        return LEFT + self.slot * (place + 0.5)

    def y(self, part: float) -> float:
        return self.top + PLOT * (1 - part)

    def at(self, part: float) -> str:
        return written(self.y(part))

    def grid(self, label: Callable[[float], str]) -> tuple[GridLine, ...]:
        """Lines at the axis, half way up and at the top; `label` writes the value of a part of the height."""
        return tuple(GridLine(self.at(part), label(part)) for part in (0, 0.5, 1))

    def height(self, rows: int) -> int:
        return ceil(self.top + PLOT + rows * ROW + 8)

    def bar(
        self, place: int, kind: str, year: int, value: str, title: str, part: float, narrowed: float = 1.0
    ) -> Bar:
        width = min(self.slot * 0.62, _WIDEST_BAR) * narrowed
        return Bar(
            kind,
            year,
            value,
            title,
            left=written(self.middle(place) - width / 2),
            top=self.at(part),
            width=written(width),
            height=written(PLOT * part),
        )

    def interval(self, at: float, low: float, high: float) -> Interval:
        return Interval(written(at), high=self.at(high), low=self.at(low))

    def row(self, number: int, kind: str, label: str, texts: Sequence[str], series: int = 0) -> FigureRow:
        y = self.top + PLOT + ROW * (number + 1) - 2
        figures = tuple(Figure(written(self.middle(place)), text) for place, text in enumerate(texts) if text)
        key = Mark(series, shape(series, 16, y - 4)) if series else None
        return FigureRow(kind, label, written(y), figures, key)


def shape(series: int, x: float, y: float) -> str:
    """The outline of a series' mark around the point."""
    return _SHAPES[series - 1](x, y)


def _circle(x: float, y: float) -> str:
    return f"M{written(x - 4.5)} {written(y)}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"


def _square(x: float, y: float) -> str:
    return f"M{written(x - 4.2)} {written(y - 4.2)}h8.4v8.4h-8.4z"


def _triangle(x: float, y: float) -> str:
    return f"M{written(x)} {written(y - 5.6)}l5.4 9.6h-10.8z"


_SHAPES: tuple[Callable[[float, float], str], ...] = (_circle, _square, _triangle)


def written(number: float) -> str:
    return f"{number:.1f}"
