"""What a run has measured of whole pages, as values and as JSON, and the ratios drawn from it."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.memory import Resident
from benchmarks.results import geometric_mean, machine
from benchmarks.web.clients import Answers
from benchmarks.web.pages import DATASETTE, SITE

_WHOLE_PAGES = "whole_pages"


@dataclass(frozen=True, slots=True)
class PageTiming:
    """Milliseconds from asking until the last byte, with `a_second` pages answered; bytes of a page."""

    median: float
    percentile_95: float
    pages: int
    a_second: float
    size: int

    @classmethod
    def of(cls, turns: list[Answers]) -> "PageTiming":
        seconds = [one for turn in turns for one in turn.seconds]
        worst = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
        rate = len(seconds) / sum(turn.elapsed for turn in turns)
        size = int(median([one for turn in turns for one in turn.sizes]))
        return cls(median(seconds) * 1000, worst * 1000, len(seconds), rate, size)


@dataclass(frozen=True, slots=True)
class PageRow:
    """One kind of page asked by so many clients at once; `timings` by server."""

    kind: str
    clients: int
    timings: dict[str, PageTiming]

    @property
    def ratio(self) -> float | None:
        """How many times as long as this site Datasette takes; None where it was not measured."""
        theirs = self.timings.get(DATASETTE)
        return theirs.median / self.timings[SITE].median if theirs else None


@dataclass(slots=True)
class PagesRun:
    """`clients_share`: the most of one core's time that the clients took in any turn."""

    items: int
    command: str
    date: str = field(default_factory=lambda: date.today().isoformat())
    machine: dict[str, str] = field(default_factory=machine)
    totals: dict[str, int] = field(default_factory=dict)
    rows: list[PageRow] = field(default_factory=list)
    memory: dict[str, Resident | None] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    clients_share: float = 0.0

    def search_ratio(self) -> float | None:
        """How many times as long as this site Datasette takes for a search, one at a time: geometric mean."""
        ratios = [
            row.ratio for row in self.rows if row.clients == 1 and row.kind in self.totals and row.ratio
        ]
        return geometric_mean(ratios) if ratios else None

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({_WHOLE_PAGES: asdict(self)}, indent=1) + "\n", encoding="utf-8")


def holds_pages(path: Path) -> bool:
    """Whether the file is a result of whole pages."""
    return _WHOLE_PAGES in json.loads(path.read_text(encoding="utf-8"))


def read_pages_run(path: Path) -> PagesRun:
    """A run as `PagesRun.write` has written it."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[_WHOLE_PAGES]
    rows = [
        PageRow(
            row["kind"],
            row["clients"],
            {server: PageTiming(**timing) for server, timing in row["timings"].items()},
        )
        for row in values.pop("rows")
    ]
    memory = {
        server: Resident(**resident) if resident else None
        for server, resident in values.pop("memory").items()
    }
    return PagesRun(rows=rows, memory=memory, **values)
