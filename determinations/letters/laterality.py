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
    r"(?![- ]?(?:away|now\b|handed|hand(?:ed)?[- ]?domin|to (?:a|be|have|refuse)\b|of (?:way|refusal)))"
)
_SIDE = re.compile(
    r"\b(?:"
    r"(?P<both>bill?at(?:eral(?:ly)?)?s?\b|bil\b|b/l\b|b/?[ul]/?e\b|both (?=(?:the |his |her )?(?:sides|"
    + _PART
    + r"))"
    r"|(?:lt?|left)\.? ?(?:/|and|&|\+) ?(?:rt?|right)\b|(?:rt?|right)\.? ?(?:/|and|&|\+) ?(?:lt?|left)\b)"
    r"|(?P<left>left" + _LEFT_NOT_A_SIDE + r"|lt\b|l[lu]e\b|l(?= " + _PART + r"))"
    r"|(?P<right>right(?!s)" + _RIGHT_NOT_A_SIDE + r"|rt\b|r[lu]e\b|r(?= " + _PART + r"))"
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
