"""The vertebrae in their order from the neck down, and the motion segments between them.

A level is a segment "L4-L5" or a single vertebra "L4". C8 is a nerve root without a vertebra of its own: it
may stand alone and belongs to no segment.
"""

import itertools
import re
from typing import Final

REGIONS: Final = {"C": ("cervical", 7), "T": ("thoracic", 12), "L": ("lumbar", 5), "S": ("sacral", 5)}
VERTEBRAE: Final = tuple(f"{letter}{n}" for letter, (_, last) in REGIONS.items() for n in range(1, last + 1))
_PLACE: Final = {vertebra: place for place, vertebra in enumerate(VERTEBRAE)}
C8: Final = "C8"
_REGION_WORDS: Final = {
    "cervical": re.compile(r"\bcervic(?:al|o)|\bneck\b", re.IGNORECASE),
    "thoracic": re.compile(r"thorac(?:ic|o)", re.IGNORECASE),
    "lumbar": re.compile(r"lumb(?:ar|o)|\blow(?:er)? back\b", re.IGNORECASE),
    "sacral": re.compile(r"sacr(?:al|um|oiliac)", re.IGNORECASE),
}


def place_of(vertebra: str) -> int | None:
    """How far down the spine, counted from C1 = 0; None where there is no such vertebra ("L7")."""
    return _PLACE.get(vertebra)


def segments_between(upper: str, lower: str) -> tuple[str, ...]:
    """The contiguous segments of a span: L3 and S1 give L3-L4, L4-L5, L5-S1; nothing unless in order."""
    first, last = _PLACE.get(upper), _PLACE.get(lower)
    if first is None or last is None or first >= last:
        return ()
    return tuple(f"{VERTEBRAE[place]}-{VERTEBRAE[place + 1]}" for place in range(first, last))


def region_of(level: str) -> str:
    """cervical, thoracic, lumbar or sacral; a segment is its upper vertebra's ("L5-S1" is lumbar).

    Raises ValueError for what is no level.
    """
    upper, _, lower = level.partition("-")
    known = _PLACE.get(upper) is not None or (upper == C8 and not lower)
    if not known or (lower and lower not in _PLACE):
        raise ValueError(f"{level!r} is no spinal level; write a segment like L4-L5 or a vertebra like L4")
    return REGIONS[upper[0]][0]


def regions_named(request: str) -> tuple[str, ...]:
    """The regions that a request names in words, from the neck down: "lumbar facet injections" is lumbar."""
    return tuple(region for region, words in _REGION_WORDS.items() if words.search(request))


def anatomical_order(level: str) -> tuple[int, int]:
    """Sort key: from the neck down, a single vertebra before the segment that begins with it."""
    upper, _, lower = level.partition("-")
    if upper == C8:
        return _PLACE["C7"], 2
    return _PLACE[upper], 1 if lower else 0


def joints_supplied(levels: tuple[str, ...]) -> tuple[str, ...]:
    """Facet joints that the medial branches named by single vertebrae supply: an inference, to be marked so.

    A thoracic or lumbar joint has the branches of the vertebra above it and of its own upper vertebra (L3
    and L4 for L4-L5; L4 and the L5 dorsal ramus for L5-S1), a cervical joint those of its two vertebrae (C4
    and C5 for C4-C5, C7 and C8 for C7-T1). A joint counts only when both its nerves are named. Source:
    Bogduk's dissections of the cervical (1982) and lumbar (1982) medial branches.
    """
    named = {level for level in levels if "-" not in level}
    joints = []
    for upper, lower in itertools.pairwise(VERTEBRAE):
        if upper.startswith("C"):
            nerves = {upper, C8 if upper == "C7" else lower}
        elif _PLACE[upper] == _PLACE["T1"]:
            nerves = {C8, upper}
        else:
            nerves = {VERTEBRAE[_PLACE[upper] - 1], upper}
        if nerves <= named and not upper.startswith("S"):
            joints.append(f"{upper}-{lower}")
    return tuple(joints)
