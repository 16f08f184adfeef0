"""What the site acknowledged during a soak, what it answered, and what of that is missing at the end."""

import threading
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic

ANNOUNCED = frozenset({429, 503})
"""Statuses that say what is the matter and when to come back."""

SECONDS_AFTER_A_KILL = 30.0
"""So long after a kill, a connection may be refused or cut off: the processes are starting again."""


@dataclass
class Ledger:
    """Threads share one. `letters` are hashes of files, `corrected` a letter's key -> its corrected text.

    `uncertain` are corrections whose answer was cut off: either text is right.
    """

    letters: set[str] = field(default_factory=set)
    corrected: dict[int, str] = field(default_factory=dict)
    uncertain: dict[int, set[str]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _last_kill: float = float("-inf")
    _is_down: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def killed(self, what: str) -> None:
        with self._lock:
            self.done[f"kill -9 of {what}"] += 1
            self._last_kill = monotonic()

    def went_down(self) -> None:
        """Something is about to be killed: until the site is back, a request may end without an answer.

        To be called before the kill: a visitor may be cut off before the kill returns.
        """
        with self._lock:
            self._is_down = True

    def came_back(self) -> None:
        """The site answers again; connections that were waiting may still be cut off for a while."""
        with self._lock:
            self._last_kill = monotonic()
            self._is_down = False

    def did(self, what: str) -> None:
        with self._lock:
            self.done[what] += 1

    def fault(self, what: str) -> None:
        with self._lock:
            self.faults.append(what)

    def answered(self, address: str, status: int, seconds: float) -> None:
        with self._lock:
            self.answers[status] += 1
            self.slowest = max(self.slowest, seconds)
            if status >= 500 and status not in ANNOUNCED:
                self.faults.append(f"{address} answered {status}")

    def cut_off(self, address: str, why: str, started: float) -> None:
        """A request without an answer, begun at `started` on the monotonic clock."""
        with self._lock:
            if self._is_down or started - self._last_kill < SECONDS_AFTER_A_KILL:
                self.done["requests cut off by a kill"] += 1
            else:
                self.faults.append(f"{address} was not answered: {why}")

    def taken_in(self, hashes: Collection[str]) -> None:
        with self._lock:
            self.letters.update(hashes)

    def correction(self, key: int, text: str, *, acknowledged: bool) -> None:
        with self._lock:
            if acknowledged:
                self.corrected[key] = text
                self.uncertain.pop(key, None)
            else:
                self.uncertain.setdefault(key, set()).add(text)

    def missing(self, stored: Collection[str], texts: Mapping[int, str]) -> list[str]:
        """What was acknowledged and is not there: of the hashes and the texts that are stored at the end."""
        lost = [f"the letter {one} is lost" for one in sorted(self.letters - set(stored))]
        for key, text in sorted(self.corrected.items()):
            present = texts.get(key)
            if present != text and present not in self.uncertain.get(key, ()):
                lost.append(f"the correction of letter {key} is lost: it has {(present or '')[:60]!r}")
        return lost
