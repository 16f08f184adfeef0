"""A rate of overturned denials, with what it may honestly say. Knows no search and no page.

A rate is always one of the letters held here: sources disagree on the whole, and no collection is complete.
"""

from dataclasses import dataclass
from math import sqrt

FEWEST_FOR_A_PERCENTAGE = 5
"""Below this many decided items a percentage would say more than the letters do."""

_Z = 1.959964  # the normal quantile of a two-sided 95 % interval


@dataclass(frozen=True, slots=True)
class OutcomeRate:
    """`overturned` of `decided` items, a partial overturn counted as overturned.

    Items whose decision could not be read are not decided.
    """

    overturned: int
    decided: int

    def __post_init__(self) -> None:
        if not 0 <= self.overturned <= self.decided:
            raise ValueError(f"{self.overturned} of {self.decided} items is no rate")

    @property
    def upheld(self) -> int:
        return self.decided - self.overturned

    @property
    def has_percentage(self) -> bool:
        return self.decided >= FEWEST_FOR_A_PERCENTAGE

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where nothing is decided."""
        return self.overturned / self.decided if self.decided else 0.0

    @property
    def percentage(self) -> str:
        """The share in whole percent ("16 %"), or an empty text below five items.

        What is neither nothing nor everything never rounds to 0 or 100.
        """
        if not self.has_percentage:
            return ""
        if 0 < self.share < 0.005:
            return "under 1 %"
        if 0.995 <= self.share < 1:
            return "over 99 %"
        return f"{self.share * 100:.0f} %"

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson score interval at 95 % (Wilson 1927): shares between 0 and 1, (0, 1) of nothing."""
        n = self.decided
        if not n:
            return (0.0, 1.0)
        spread = _Z * sqrt(self.share * (1 - self.share) / n + _Z * _Z / (4 * n * n))
        middle = self.share + _Z * _Z / (2 * n)
        scale = 1 + _Z * _Z / n
        return (max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale))

    @property
    def bounds(self) -> str:
        """The interval alone, "12 % to 21 %", or an empty text below five items."""
        if not self.has_percentage:
            return ""
        low, high = self.interval
        return f"{low * 100:.0f} % to {high * 100:.0f} %"

    @property
    def interval_in_words(self) -> str:
        """ "12 % to 21 % (95 % confidence, n = 312)", or an empty text below five items."""
        bounds = self.bounds
        return f"{bounds} (95 % confidence, n = {self.decided:,})" if bounds else ""

    @property
    def in_words(self) -> str:
        """ "312 of 1,946 overturned (16 %)"."""
        counted = f"{self.overturned:,} of {self.decided:,} overturned"
        return f"{counted} ({self.percentage})" if self.percentage else counted
