"""What a run has measured, as values and as JSON, and the ratios drawn from it."""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from math import exp, log
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any

from benchmarks.measuring import Build, Cost
from benchmarks.memory import Resident
from benchmarks.peers import OURS

_FILES = {"--work", "--json"}


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of pages: the mean of processor time, and by the clock."""

    processor: float
    median: float
    percentile_95: float

    @classmethod
    def of(cls, costs: Sequence[Cost]) -> "Times":
        seconds = [cost.seconds for cost in costs]
        worst = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
        used = fmean(cost.processor_seconds for cost in costs)
        return cls(used * 1000, median(seconds) * 1000, worst * 1000)


@dataclass(frozen=True, slots=True)
class Timing:
    """Of the questions of one kind: asked once each, and the same again.

    `first` is milliseconds for the first page of a fresh process, `found` the median of the items found.
    """

    first: float
    unseen: Times
    repeated: Times
    questions: int
    found: int


@dataclass(slots=True)
class PeerResults:
    """`timings` by kind of question, without those that the peer cannot answer."""

    label: str
    builds: list[Build] = field(default_factory=list)
    timings: dict[str, Timing] = field(default_factory=dict)
    opening_ms: float | None = None
    memory: Resident | None = None


MEASURES: dict[str, Callable[[Timing], float]] = {
    "processor time, unseen": lambda timing: timing.unseen.processor,
    "processor time, repeated": lambda timing: timing.repeated.processor,
    "median by the clock, unseen": lambda timing: timing.unseen.median,
    "median by the clock, repeated": lambda timing: timing.repeated.median,
    "95th percentile, unseen": lambda timing: timing.unseen.percentile_95,
    "first touch": lambda timing: timing.first,
}


@dataclass(slots=True)
class Run:
    """`missing` says why a peer was not measured; `differences` where a peer's answer is not ours."""

    items: int
    command: str
    date: str = field(default_factory=lambda: date.today().isoformat())
    machine: dict[str, str] = field(default_factory=lambda: machine())
    peers: dict[str, PeerResults] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def ratios(self, measure: Callable[[Timing], float]) -> dict[str, float]:
        """How many times as long as ours each peer takes: geometric mean over the kinds both answer."""
        ours = self.peers[OURS].timings
        return {
            name: geometric_mean(
                [measure(timing) / measure(ours[kind]) for kind, timing in found.timings.items()]
            )
            for name, found in self.peers.items()
            if name != OURS and found.timings
        }

    def write(self, path: Path) -> None:
        written = asdict(self)
        if OURS in self.peers and self.peers[OURS].timings:
            written["ratios"] = {name: self.ratios(measure) for name, measure in MEASURES.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def read_run(path: Path) -> Run:
    """A run as `Run.write` has written it. Raises ValueError for another file."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if not {"items", "peers", "command"} <= stored.keys():
        raise ValueError(f"{path} is not a result of benchmarks.search_bench or benchmarks.index_bench")
    stored.pop("ratios", None)
    peers = {
        name: PeerResults(
            label=found["label"],
            builds=[Build(**each) for each in found["builds"]],
            timings={kind: _timing(timing) for kind, timing in found["timings"].items()},
            opening_ms=found["opening_ms"],
            memory=Resident(**found["memory"]) if found["memory"] else None,
        )
        for name, found in stored.pop("peers").items()
    }
    return Run(peers=peers, **stored)


def _timing(stored: dict[str, Any]) -> Timing:
    unseen, repeated = (Times(**stored.pop(name)) for name in ("unseen", "repeated"))
    return Timing(unseen=unseen, repeated=repeated, **stored)


def geometric_mean(values: list[float]) -> float:
    return exp(sum(map(log, values)) / len(values))


def command_line() -> str:
    """What was typed, without the folders and files of this machine."""
    typed = iter(sys.argv[1:])
    kept = [word for word in typed if word not in _FILES or next(typed, None) is None]
    return " ".join([f"python -m benchmarks.{Path(sys.argv[0]).stem}", *kept])


def machine() -> dict[str, str]:
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def circumstances(measured_on: str, computer: Mapping[str, str], command: str) -> str:
    """When, where and how something was measured, as a line of Markdown."""
    return (
        f"{measured_on}, {computer['processor']}, {computer['cores']} cores, {computer['memory']} of memory, "
        f"{computer['system']}, Python {computer['python']}: `{command}`"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
