"""A chart as an SVG file that says by itself what it shows: its search above, how to read it below."""

from dataclasses import dataclass
from textwrap import wrap

from determinations.export.xml_text import xml_text
from determinations.statistics.chart_frame import Chart

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
