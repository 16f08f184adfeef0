"""What a run of the import benchmark has measured, and the ratios drawn from it. Knows no Django."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.results import command_line, machine

STEPS = {
    "queue": "rows of the queue written",
    "receive": "waiting for bytes to be on disk",
    "wait": "waiting for letters to be read",
    "database": "letters stored",
    "index": "index written",
}
LETTERS_A_STRETCH = 1000


@dataclass(frozen=True, slots=True)
class Cost:
    """Letters, and the seconds of the clock and of all processors that they took."""

    letters: int
    seconds: float
    cpu_seconds: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.letters + other.letters, self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds
        )

    @property
    def rate(self) -> float:
        """Letters a second."""
        return self.letters / self.seconds

    @property
    def cpu_rate(self) -> float:
        """Letters a second of processor time."""
        return self.letters / self.cpu_seconds


@dataclass(slots=True)
class ImportRun:
    """One import by this site. `steps` are the worker's seconds. `stretches` are the letters a second of each
    thousand, commits to the index between them included. Bytes of memory are the most that was seen and no
    file backs, None where the system does not tell; `first_seconds` pass before the first letter is stored.
    """

    letters: int
    kind: str
    command: str = field(default_factory=command_line)
    date: str = field(default_factory=lambda: date.today().isoformat())
    machine: dict[str, str] = field(default_factory=machine)
    items: int = 0
    seconds: float = 0.0
    steps: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    worker_cpu: float = 0.0
    readers_cpu: float = 0.0
    first_seconds: float = 0.0
    stretches: list[float] = field(default_factory=list)
    longest_until_searchable: float = 0.0
    worker_peak: int | None = None
    reader_peak: int = 0
    reading_alone: list[Cost] = field(default_factory=list)
    each_row_saved: list[Cost] = field(default_factory=list)

    @property
    def cost(self) -> Cost:
        return Cost(self.letters, self.seconds, self.worker_cpu + self.readers_cpu)

    @property
    def flatness(self) -> float | None:
        """How many times as fast as the first tenth of the letters the last tenth was stored."""
        tenth = len(self.stretches) // 10
        if not tenth:
            return None
        return median(self.stretches[-tenth:]) / median(self.stretches[:tenth])


def total(costs: list[Cost]) -> Cost:
    return sum(costs[1:], costs[0])


def holds_import(path: Path) -> bool:
    """Whether the file is a result of import_bench."""
    return "stretches" in json.loads(path.read_text(encoding="utf-8"))


def read_import_run(path: Path) -> ImportRun:
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for name in ("reading_alone", "each_row_saved"):
        stored[name] = [Cost(**cost) for cost in stored[name]]
    return ImportRun(**stored)
