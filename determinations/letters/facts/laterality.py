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
# Read behind a blank: that a word begins is seen by what stands before it, which is found faster than a word.
_SIDE = re.compile(
    r"\W(?:(?<=\()(?:(?P<both_in_brackets>b|b/l)|(?P<left_in_brackets>lt?)|(?P<right_in_brackets>rt?))\)"
    r"|(?=[BbLlRr])(?:(?P<both>bi-?ll?at(?:eral(?:ly)?)?s?\b|bil\b|b/l\b|b[/ ]?[ul]/?es?\b|"
    rf"(?-i:BL\b)|both (?=(?:the |his |her )?(?:sides|{_PART}))|"
    rf"{_LEFT}{_TOGETHER}{_RIGHT}|{_RIGHT}{_TOGETHER}{_LEFT})"
    rf"|(?P<left>left{_LEFT_NOT_A_SIDE}|lt\b|l[lu]e\b|l(?=\.? {_PART})|(?-i:(?<=[,-] )L(?=[ .]*\Z)))"
    rf"|(?P<right>right{_RIGHT_NOT_A_SIDE}|rt\b|r[lu]e\b|r(?=\.? {_PART})|(?-i:(?<=[,-] )R(?=[ .]*\Z)))"
    r"))",
    re.IGNORECASE,
)

# Of eyes and ears, in Latin: oculus and auris, dexter, sinister, uterque. "OD" is also "once daily".
_OF_EYE = re.compile(r"\b(?:(?P<left>O\.?S\b)|(?P<right>O\.?D\b)|(?P<both>O\.?U\b))")
_EYE = re.compile(
    r"\beyes?\b|\beyelid|ocular|lasik|\bprk\b|cataract|vitre|retin|cornea|kerat|ophthal|glaucoma|\blens|yag\b"
    r"|blephar|pteryg|macul|conjunctiv|lacrim|punctal|visi(?:on|ual)|trabecul|iritis|uveitis",
    re.IGNORECASE,
)
_OF_EAR = re.compile(r"\b(?:(?P<left>A\.?S\b)|(?P<right>A\.?D\b)|(?P<both>A\.?U\b))")
_EAR = re.compile(
    r"\bears?\b|tympan|hearing|cochlea|audio|\botic|mastoid|stapes|stapedect|myringot|cerumen|tinnitus",
    re.IGNORECASE,
)


def laterality_in(request: str) -> Laterality | None:
    """The side a request names. Left and right together are bilateral; None where it names no side."""
    sides = {(found.lastgroup or "").partition("_")[0] for found in _SIDE.finditer(f" {request}")}
    for letter, latin, organ in (("O", _OF_EYE, _EYE), ("A", _OF_EAR, _EAR)):
        if letter not in request:
            continue
        named = {found.lastgroup or "" for found in latin.finditer(request)}
        if named and organ.search(request):
            sides |= named
    if not sides:
        return None
    if "both" in sides or len(sides) > 1:
        return Laterality.BILATERAL
    return Laterality(sides.pop())
