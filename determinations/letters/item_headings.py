"""Where an item's heading begins: the lines before a label that are no longer the previous rationale.

Blank lines, full stops and line lengths each lie in some letters, so that a boundary between two lines is
weighed from all of them. Knows no label and no decision.
"""

import re

from determinations.letters.letter_text import LetterText

_SENTENCE_END = re.compile(r"[.!?][)\]\"'”’]*\Z")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Za-z]\.){2,}|\b(?:mg|mcg|ml|qty|tab|tabs|cap|caps|no|nos|vs|dr|st|approx|inc|wk|wks|hr|hrs|lbs?|oz|pt|x|w|ea|max|min|eval|exam|rx|dx|req|incl|etc)\.)\Z",
    re.IGNORECASE,
)
_CONCLUSION_END = re.compile(
    r"(?:necessary|certified|appropriate|supported|established|indicated|warranted|recommended|approved|authorized|denied"
    r"|justified|necessity|reasonable|certify|overturned|upheld)\Z",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:[,:;(/&+-]|\b(?:and|or|of|the|a|an|for|to|with|in|at|on|by|per|x|left|right|bilateral|#))\Z",
    re.IGNORECASE,
)
_CONTINUES = re.compile(r"[a-z,;:)&/+-]|(?:and|or|of|with|for|at|to|in)\b")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)] ?[A-Za-z(]")

_FARTHEST = 15
"""Lines that a heading may take up at most."""

_BOUNDARY = 2


def heading_start(letter: LetterText, region_start: int, heading_end: int, decision_lines: int) -> int:
    """Offset where the heading that ends at `heading_end` begins, not before `region_start`.

    `decision_lines` is the number of last lines that hold only the decision: they begin no heading.
    """
    first = letter.line_at(region_start)
    last = letter.line_at(max(heading_end - 1, region_start))
    width = _width(letter, first, last)
    best, best_weight = None, 0
    lowest = max(first, last - _FARTHEST)
    for index in range(last - decision_lines, lowest, -1):
        weight = _boundary_weight(letter, index, width, region_start)
        if weight >= _BOUNDARY:
            return max(letter.starts[index], region_start)
        if weight > best_weight:
            best, best_weight = index, weight
    if best is None:
        best = max(first, last - decision_lines)
    return max(letter.starts[best], region_start)


def _boundary_weight(letter: LetterText, index: int, width: int, region_start: int) -> int:
    """How much speaks for a paragraph that ends before line `index` (2 is enough)."""
    above = letter.line(index - 1)
    if letter.starts[index - 1] < region_start:
        above = letter.text[region_start : letter.starts[index] - 1]
        if not above.strip():
            return _BOUNDARY
    line = letter.line(index)
    weight = 0
    if _SENTENCE_END.search(above[-12:]) and not _ABBREVIATION.search(above[-12:]):
        weight += 2
    elif _CONCLUSION_END.search(above[-20:]):
        weight += 1
    if _NUMBERED.match(line):
        weight += 1
    if len(above) + 1 + len(line.split(" ", 1)[0]) <= width * 0.85:
        weight += 1
    if letter.blanks_before[index] > letter.blanks_before[index - 1] and letter.blanks_before[
        index
    ] > _usual_gap(letter, index):
        weight += 1
    if _GOES_ON.search(above[-12:]):
        weight -= 3
    if _CONTINUES.match(line):
        weight -= 2
    return weight


def _width(letter: LetterText, first: int, last: int) -> int:
    """The width to which the text around is wrapped: its longest line nearby."""
    low = max(0, max(first, last - 30))
    return max(len(letter.line(index)) for index in range(low, last + 1))


def _usual_gap(letter: LetterText, index: int) -> int:
    """The usual number of blank lines between lines around: the median."""
    nearby = sorted(letter.blanks_before[max(0, index - 10) : index + 10])
    return nearby[len(nearby) // 2]
