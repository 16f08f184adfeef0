"""How often each thing was done in a campaign, and how many seconds each took."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median


@dataclass
class Figures:
    """Threads share one."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, what: str, seconds: float) -> None:
        with self._lock:
            self.seconds[what].append(seconds)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Note how long the block took, unless it failed."""
        begun = time.monotonic()
        yield
        self.took(what, time.monotonic() - begun)

    def rows(self) -> Iterator[tuple[str, str]]:
        """What, and how often with the median and the longest time."""
        for what, times in sorted(self.seconds.items()):
            yield what, f"{len(times)} times, {median(times):.1f} s (longest {max(times):.1f})"
