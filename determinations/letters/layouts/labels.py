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
    r"(?:['’]s?|s)?"
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
    r"|based|cited|used|uses|relied|referenced|found|applied|utilized|quoted|failed to cite)"
    r"|claims? administrator['’]?s? (?:decision|denial|determination) (?:was|is) based)"
    rf"|(?P<reviewer>(?:{_ROLE} )*reviewer(?: (?:also|has|had))?"
    r" (?:did not (?:base|cite|use|rely|find)|based|cited|used|relied|referenced|found|applied|utilized"
    r"|determined"
    r"|considered|stated that (?:the mtus|no))"
    rf"|(?:{_ROLE} )*reviewer['’]?s? (?:decision|determination) (?:was|is) based)"
    r")(?!\w)"
)
_SPOKEN_START = re.compile(r"The[ \n](?:Claim|Physician|Expert|Medical|Professional|IMR|Reviewer)")
_ENDS_SENTENCE = re.compile(r"[.!?)\]”\":][ \n]\Z")
_ANCHORS = ("guideline", "guidelines", "guideline(s)", "criteria", "rationale", "rationales", "rational")
_WORD_START = re.compile(r"(?<!\S)\S")
_LONGEST_LABEL = 60
_FIRST_LETTERS = frozenset(
    {"th", "cl", "ad", "ut", "ur", "ph", "ex", "me", "pr", "im", "ma", "re", "de", "ra", "an"}
)
"""How the first word of any label begins: most lines are told from labels by their first two letters."""


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


def _candidates(text: str, start: int, end: int) -> list[tuple[int, bool]]:
    """Offsets at which a label may begin, and whether a line begins there."""
    inside = (*_sentence_starts(text, start, end), *_words_before_anchors(text, start, end))
    candidates = {at: False for at in inside if text[at : at + 2].lower() in _FIRST_LETTERS}
    at = start
    while True:
        if text[at : at + 2].lower() in _FIRST_LETTERS:
            candidates[at] = True
        at = text.find("\n", at, end) + 1
        if not at:
            return sorted(candidates.items())


def _sentence_starts(text: str, start: int, end: int) -> Iterator[int]:
    for match in _SPOKEN_START.finditer(text, start, end):
        at = match.start()
        if at >= 2 and _ENDS_SENTENCE.match(text, at - 2, at):
            yield at


def _words_before_anchors(text: str, start: int, end: int) -> Iterator[int]:
    """Starts of the words before "guideline:" and "rationale:", wherever they stand."""
    colon = text.find(":", start, end)
    while colon != -1:
        low = max(start, colon - _LONGEST_LABEL)
        before = text[low:colon].rstrip()
        if before.lower().endswith(_ANCHORS):
            yield from (low + match.start() for match in _WORD_START.finditer(before))
        colon = text.find(":", colon + 1, end)


def _label_at(text: str, at: int, end: int, *, opens_line: bool) -> Label | None:
    match = _EXPLICIT.match(text, at, end)
    if match is not None and (opens_line or match["colon"]):
        part = _part(match)
        inside_prose = not opens_line and part is Part.RATIONALE and "decision" not in match[0].lower()
        return None if inside_prose else Label(part, at, match.end(), spoken=False, opens_line=opens_line)
    match = _SPOKEN.match(text, at, end)
    if match is not None:
        return Label(_part(match), at, at, spoken=True, opens_line=opens_line)
    return None


def _part(match: re.Match[str]) -> Part:
    if match["claims"]:
        return Part.CLAIMS_ADMINISTRATOR_GUIDELINE
    return Part.REVIEWER_GUIDELINE if match["reviewer"] else Part.RATIONALE
