"""Which side a request is about: left, right, or both."""

import re

from determinations.letters.parsed_letter import Laterality

_PART = (
    r"shoulder|knee|hip|ankle|wrist|elbow|hand|foot|thumb|finger|arm|leg|forearm|calf|thigh|heel|toe|si\b|sij\b|sacroiliac|"
    r"ue\b|le\b|upper ext|lower ext|carpal|facet|l[1-5]\b|c[1-8]\b|t\d|s[1-3]\b|eye|ear|rotator|lumbar|cervical|stellate|trapez"
)
_SIDE = re.compile(
    r"\b(?:"
    r"(?P<both>bilat(?:eral(?:ly)?)?\b|bil\b|b/l\b|b/[ul]/?e\b|b[ul]e\b|(?:lt?|left)\.? ?(?:/|and|&|\+) ?(?:rt?|right)\b|"
    r"(?:rt?|right)\.? ?(?:/|and|&|\+) ?(?:lt?|left)\b|both (?=(?:the |his |her )?(?:"
    + _PART
    + r"|upper|lower|sides|feet|ears))|billateral)|"
    r"(?P<left>left(?!(?:-| )?(?:over|out\b|off\b|alone|untreated|without|unchanged|hand(?:ed)?[- ]?domin|handed|behind|to\b|with\b|work|job))"
    r"|lt\b|lle\b|lue\b|l(?= (?:" + _PART + r")))|"
    r"(?P<right>right(?!(?:-| )?(?:away|now\b|before|hand(?:ed)?[- ]?domin|handed|to (?:a|have|be)\b|of (?:way|refusal))|s)"
    r"|rt\b|rle\b|rue\b|r(?= (?:" + _PART + r"))))"
    r"|\((?P<bracketed>[lr]|lt|rt|b|b/l)\)",
    re.IGNORECASE,
)


def laterality_in(request: str) -> Laterality | None:
    """The side a request names. Left and right together are bilateral; None where it names no side."""
    sides = set()
    for found in _SIDE.finditer(request):
        sides.add(_side_of(found))
    if not sides:
        return None
    if Laterality.BILATERAL in sides or len(sides) > 1:
        return Laterality.BILATERAL
    return sides.pop()


def _side_of(found: re.Match[str]) -> Laterality:
    if found["both"] or (found["bracketed"] or "").lower().startswith("b"):
        return Laterality.BILATERAL
    if found["left"] or (found["bracketed"] or "").lower().startswith("l"):
        return Laterality.LEFT
    return Laterality.RIGHT
