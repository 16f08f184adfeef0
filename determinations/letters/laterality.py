"""Which side a request is about: left, right, or both.

A word counts only as a side: "right-hand dominant", "right away" and "left over" are none. The letters L
and R count in brackets or before a part of the body ("R shoulder", "L L4-5").
"""

import re
from typing import Final

from determinations.letters.parsed_letter import Laterality

_PART: Final = (
    r"(?:shoulder|knee|hip|ankle|wrist|elbow|hand|foot|feet|thumb|finger|arm|leg|forearm|calf|thigh|heel|toe|"
    r"sij?\b|sacroiliac|ue\b|le\b|upper|lower|carpal|cubital|facet|l[1-5]\b|c[1-8]\b|t\d|s[1-3]\b|eye|ear|"
    r"rotator|lumbar|cervical|stellate|trapez|tk[ar]\b|th[ar]\b|ctr\b|gtb\b|great|middle|index|ring)"
)
_LEFT_NOT_A_SIDE: Final = (
    r"(?![- ]?(?:over|out\b|off\b|alone|untreated|without|unchanged|behind|handed|hand(?:ed)?[- ]?domin|"
    r"to\b|with\b|work|job|his\b|her\b))"
)
_RIGHT_NOT_A_SIDE: Final = (
    r"(?![- ]?(?:away|now\b|handed|hand(?:ed)?[- ]?domin|to (?!left)|of (?:way|refusal))|s|ward)"
)
_LEFT, _RIGHT = r"(?:left|lt?)\b\.?", r"(?:right|rt?)\b\.?"
_TOGETHER: Final = r" ?(?:/|and|&|\+) ?"
_SIDE = re.compile(
    r"\b(?:(?P<both>bi-?ll?at(?:eral(?:ly)?)?s?\b|bil\b|b/l\b|b[/ ]?[ul]/?es?\b|"
    rf"both (?=(?:the |his |her )?(?:sides|{_PART}))|{_LEFT}{_TOGETHER}{_RIGHT}|{_RIGHT}{_TOGETHER}{_LEFT})"
    rf"|(?P<left>left{_LEFT_NOT_A_SIDE}|lt\b|l[lu]e\b|l(?=\.? {_PART})|(?-i:(?<=[,-] )L(?=[ .]*\Z)))"
    rf"|(?P<right>right{_RIGHT_NOT_A_SIDE}|rt\b|r[lu]e\b|r(?=\.? {_PART})|(?-i:(?<=[,-] )R(?=[ .]*\Z)))"
    r")|\((?:(?P<both_in_brackets>b|b/l)|(?P<left_in_brackets>lt?)|(?P<right_in_brackets>rt?))\)",
    re.IGNORECASE,
)


def laterality_in(request: str) -> Laterality | None:
    """The side a request names. Left and right together are bilateral; None where it names no side."""
    sides = {(found.lastgroup or "").partition("_")[0] for found in _SIDE.finditer(request)}
    if not sides:
        return None
    if "both" in sides or len(sides) > 1:
        return Laterality.BILATERAL
    return Laterality(sides.pop())
