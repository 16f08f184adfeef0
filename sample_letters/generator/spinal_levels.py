"""Spinal levels of an invented case, as letters write them and as the site knows them.

Canonical: `L4-L5` for a motion segment, `L4` for a single vertebra or nerve.
"""

from dataclasses import dataclass
from random import Random

from sample_letters.generator.wording import listed

_VERTEBRAE = {
    "cervical": ("C2", "C3", "C4", "C5", "C6", "C7", "T1"),
    "thoracic": ("T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "L1"),
    "lumbar": ("L1", "L2", "L3", "L4", "L5", "S1"),
}
# The lowest segments are injured most often, and of the neck the lower ones.
_STARTS = {
    "cervical": (1, 2, 3, 3, 4, 4, 5, 5),
    "thoracic": (1, 2, 3, 4, 6, 7, 8),
    "lumbar": (0, 1, 2, 2, 3, 3, 3, 4, 4),
}


@dataclass(frozen=True, slots=True)
class Levels:
    """Adjacent vertebrae, from the uppermost to the lowest of one to three motion segments."""

    vertebrae: tuple[str, ...]

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(
            f"{upper}-{lower}" for upper, lower in zip(self.vertebrae, self.vertebrae[1:], strict=False)
        )

    @property
    def in_prose(self) -> str:
        """ "L4-5 and L5-S1"."""
        short = [
            _short(upper, lower) for upper, lower in zip(self.vertebrae, self.vertebrae[1:], strict=False)
        ]
        return listed(short)


def draw_levels(region: str, rng: Random, fewer_than: int) -> Levels:
    """One to three adjacent motion segments of a spinal region, fewer than a limit.

    `KeyError` for a region that is not spinal.
    """
    vertebrae = _VERTEBRAE[region]
    start = rng.choice(_STARTS[region])
    count = min(rng.choice((1, 1, 1, 2, 2, 2, 3)), len(vertebrae) - 1 - start, fewer_than - 1)
    return Levels(vertebrae[start : start + count + 1])


def write_levels(levels: Levels, rng: Random) -> str:
    """The same segments in one of the ways in which a request writes them."""
    first, last = levels.vertebrae[0], levels.vertebrae[-1]
    pairs = list(zip(levels.vertebrae, levels.vertebrae[1:], strict=False))
    if len(pairs) > 1 and rng.random() < 0.4:
        return rng.choice(
            (
                f"{first}-{last}",
                f"{first} to {last}",
                f"{first} through {last}",
                f"{first}-{_tail(first, last)}",
            )
        )
    joint = rng.choice(("-", "-", "/", "–"))
    write = rng.choice((_short, _long))
    written = [write(upper, lower, joint) for upper, lower in pairs]
    between = rng.choice((", ", " and ")) if joint == "/" else rng.choice((", ", " and ", "/", " & "))
    return between.join(written)


def write_nerves(levels: Levels, region: str, rng: Random) -> tuple[str, tuple[str, ...]]:
    """The medial branch nerves that supply the segments: (as written, canonical).

    A lumbar or thoracic joint is supplied by the branches of the vertebra above it and of the one above
    that (L4-5: L3 and L4); a cervical one by the two that bear its number (C5-6: C5 and C6).
    """
    if region == "cervical":
        nerves = tuple(vertebra for vertebra in levels.vertebrae if vertebra != "T1")
    else:
        order = _VERTEBRAE[region]
        above = (order[max(order.index(vertebra) - 1, 0)] for vertebra in levels.vertebrae)
        nerves = tuple(dict.fromkeys(above))
    return (", ".join(nerves) if rng.random() < 0.7 else listed(list(nerves))), nerves


def root_of(levels: Levels) -> str:
    """The nerve root that a disc of the lowest segment presses on: L5 for L4-5, C5 for C4-5."""
    last = levels.vertebrae[-1]
    return "C7" if last == "T1" else last


def _tail(first: str, last: str) -> str:
    return last[1:] if first[0] == last[0] else last


def _short(upper: str, lower: str, joint: str = "-") -> str:
    return f"{upper}{joint}{_tail(upper, lower)}"


def _long(upper: str, lower: str, joint: str = "-") -> str:
    return f"{upper}{joint}{lower}"
