"""The labels inside a disputed item: claims administrator's guideline, reviewer's guideline, rationale.

Explicit labels end in a colon ("MAXIMUS guideline:"); spoken ones are the opening words of a paragraph of
2013 ("The Claims Administrator based its decision on ..."). Knows no item and no decision.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class Part(IntEnum):
    """The parts of an item, in the order in which letters print them."""

    CLAIMS_ADMINISTRATOR_GUIDELINE = 0
    REVIEWER_GUIDELINE = 1
    RATIONALE = 2


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label begins, and where the text that it labels begins.

    The opening words of a spoken label belong to its text: `text_start` is then `start`.
    """

    part: Part
    start: int
    text_start: int
    spoken: bool
    opens_line: bool


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source.replace(" ", r"[ \n]?"), re.IGNORECASE)


_ROLE = r"(?:physician|expert|medical|professional|imr|maximus|independent|clinical)"
_REVIEWER = (
    r"(?:(?:physician |expert |medical |professional |imr |maximus )*reviewers?|maximus|imr|expert|physician)"
    r"(?:['’]?s)?"
)
_GUIDELINE = r"(?:guid[ea]?line?s?|criteria)(?: \(s\))?(?: used| relied upon| cited)?"
_CLAIMS_ADMINISTRATOR = (
    r"(?:claims? admin(?:i?st[ra]*t[oe]rs?|\.)?|adjusters?|utilization review|ur)(?:['’]?s?)?"
)

_EXPLICIT = _pattern(
    r"(?:the )?(?:"
    rf"(?P<claims>{_CLAIMS_ADMINISTRATOR} {_GUIDELINE})"
    rf"|(?P<reviewer>{_REVIEWER}(?: federal services)?(?: ,? inc\.?)?(?:['’]s)? {_GUIDELINE})"
    rf"|(?P<rationale>(?:{_REVIEWER} )?(?:decisions?(?:['’]s)? )?(?:and )?rat[ia]?onal[es]{{0,2}}"
    r"(?: for (?:the |this |its |his/her )?decision)?)"
    r") (?:(?P<colon>[:;])"
    r"|(?P<bare>(?=\n|\Z| Decision based| The (?:Claims|Expert|Physician|MTUS|California)| MTUS\b)))"
)
_SPOKEN = _pattern(
    r"the (?:"
    r"(?P<claims>claims? administrator(?: (?:also|has|had|only))?"
    r" (?:did not (?:base|cite|use|rely|provide|reference|specify|identify)"
    r"|based|cited|used|uses|relied|referenced|found|applied|utilized|quoted|failed to cite))"
    rf"|(?P<reviewer>(?:{_ROLE} )*reviewer(?: (?:also|has|had))?"
    r" (?:did not (?:base|cite|use|rely|find)|based|cited|used|relied|referenced|found|applied|utilized"
    r"|determined"
    r"|considered|stated that (?:the mtus|no)))"
    r")(?!\w)"
)
_DECISION = re.compile("decision", re.IGNORECASE)
_SPOKEN_START = re.compile(
    r"(?<=[.!?)\]”\":][ \n])The[ \n](?:Claim|Physician|Expert|Medical|Professional|IMR|Reviewer)"
)
_ANCHOR = re.compile(r"(?:idelines?|riteria|ationale?s?)[ \n]?:", re.IGNORECASE)
_LONGEST_LABEL = 60


def labels_in(text: str, start: int, end: int) -> list[Label]:
    """All labels between two offsets, in order, no two overlapping.

    A label opens a line; an explicit one with its colon may stand anywhere, since extraction joins lines.
    """
    found: list[Label] = []
    taken_to = start
    for candidate, opens_line in _candidates(text, start, end):
        if candidate < taken_to:
            continue
        label = _label_at(text, candidate, end, opens_line=opens_line)
        if label is not None:
            found.append(label)
            taken_to = max(label.text_start, candidate + 1)
    return found


def _candidates(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Offsets at which a label may begin: line starts, words before an anchor word, sentence starts."""
    inside: list[int] = [match.start() for match in _SPOKEN_START.finditer(text, start, end)]
    for anchor in _ANCHOR.finditer(text, start, end):
        low = max(start, anchor.start() - _LONGEST_LABEL)
        words = [low + match.start() for match in re.finditer(r"(?<!\S)\S", text[low : anchor.start() + 1])]
        inside.extend(words)
    lines = [start]
    at = text.find("\n", start, end)
    while at != -1:
        lines.append(at + 1)
        at = text.find("\n", at + 1, end)
    line_set = set(lines)
    for offset in sorted(line_set.union(inside)):
        yield offset, offset in line_set


def _label_at(text: str, at: int, end: int, *, opens_line: bool) -> Label | None:
    match = _EXPLICIT.match(text, at, end)
    if match is not None and (opens_line or match["colon"]):
        part = _part(match)
        inside_prose = not opens_line and part is Part.RATIONALE and _DECISION.search(match[0]) is None
        return None if inside_prose else Label(part, at, match.end(), spoken=False, opens_line=opens_line)
    match = _SPOKEN.match(text, at, end)
    if match is not None:
        return Label(_part(match), at, at, spoken=True, opens_line=opens_line)
    return None


def _part(match: re.Match[str]) -> Part:
    if match["claims"]:
        return Part.CLAIMS_ADMINISTRATOR_GUIDELINE
    return Part.REVIEWER_GUIDELINE if match["reviewer"] else Part.RATIONALE
