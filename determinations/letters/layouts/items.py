"""Where an item's heading begins: the lines before a label that are no longer the previous rationale.

Blank lines, full stops and line lengths each lie in some letters, so that a boundary between two lines is
weighed from all of them. Knows no label and no decision.

Items of the standard and the late 2013 layout: a heading with its decision, then labeled paragraphs.

An item begins at a heading, and a heading is known by the label that follows it: "Upheld" at the end of a
line of prose opens nothing. Labels that come in their printed order belong to one item.
"""

import re
from dataclasses import dataclass, field

from determinations.letters.layouts.decisions import (
    DecidedRequest,
    decision_at_end,
    ends_with_colon_and_decision,
    may_begin_decision,
    statement_at_end,
)
from determinations.letters.layouts.headings import end_of_letter_body
from determinations.letters.layouts.labels import Label, Part, labels_in
from determinations.letters.layouts.partial_authorization import opening_sentence_end, partial_authorization
from determinations.letters.layouts.parts import ItemParts
from determinations.letters.parsed_letter import Decision
from determinations.letters.text.letter_text import LetterText
from determinations.letters.text.paragraphs import ParagraphJoiner

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
    above = letter.lines[index - 1]
    if letter.starts[index - 1] < region_start:
        above = letter.text[region_start : letter.starts[index] - 1]
        if not above.strip():
            return _BOUNDARY
    line = letter.lines[index]
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
    return max(map(len, letter.lines[low : last + 1]))


def _usual_gap(letter: LetterText, index: int) -> int:
    """The usual number of blank lines between lines around: the median."""
    nearby = sorted(letter.blanks_before[max(0, index - 10) : index + 10])
    return nearby[len(nearby) // 2]


_INTRODUCTION = re.compile(
    r"(?:The[ \n])?(?:IMR[ \n])?(?:Final[ \n]?Determinations?|following|decisions?)\b[^:]{0,200}?"
    r"(?:below ?[:.]?|(?:following|forth) ?:)[ \n]?",
    re.IGNORECASE,
)
_NUMBERING = re.compile(
    r"(?:(?:issue|item|request|treatment|service) ?(?:#|no\.?)? ?\d{1,2} ?[.:)-] ?"
    r"|[(#]?\d{1,2}[.)]{1,2}(?=[ A-Za-z(]) ?|(?-i:I{1,3}|IV|VI{1,3})[.)] (?=\S)|[•●▪·*–-] )+",
    re.IGNORECASE,
)
_REQUEST_FOR = re.compile(r"the request for |request for ", re.IGNORECASE)
_GLUED_HEADING = re.compile(r"[.!?][)\"”]? (?=[A-Z0-9(])")
_CONCLUSION_THEN_HEADING = re.compile(
    r"(?:certified|necessary|appropriate|established|supported|warranted|indicated|recommended|denied|approved|necessity)"
    r"[.!] (?=[A-Z0-9(])"
)
_FINITE_VERB = re.compile(r"\b(?:was|is|were|are|be|has|had|should)\b[^:]{0,40}:?\s*\Z", re.IGNORECASE)
_DECIDED_ENDS = tuple(
    word + stop
    for word in ("upheld", "overturned", "part", "modified", "necessary", "appropriate")
    for stop in ("", ".")
)
_TAIL = 250
_LONGEST_FIRST_HEADING = 8


@dataclass(slots=True)
class _Draft:
    """An item while it is read: where its heading stands, what it decides, where its parts stand."""

    start: int
    decided: DecidedRequest
    parts: dict[Part, tuple[int, int]] = field(default_factory=dict)
    mistyped: list[str] = field(default_factory=list)


class ItemReader:
    """Reads the items between two offsets of a letter.

    `opens_with_item` says that the text begins with an item's heading, as after "IMR ISSUES, ..."; where
    that heading is missing, the text may begin with the clinical summary.
    """

    def __init__(
        self, letter: LetterText, joiner: ParagraphJoiner, start: int, end: int, *, opens_with_item: bool
    ) -> None:
        self._letter = letter
        self._text = letter.text
        self._joiner = joiner
        introduction = _INTRODUCTION.match(letter.text, start, end) if opens_with_item else None
        self._start = introduction.end() if introduction else start
        self._end = end
        self._opens_with_item = opens_with_item
        self._drafts: list[_Draft] = []
        self._open: tuple[Part, int] | None = None

    def read(self) -> tuple[ItemParts, ...]:
        for label in labels_in(self._letter, self._start, self._end):
            draft = self._draft_before(label)
            if draft is not None:
                self._close_part(draft.start)
                self._drafts.append(draft)
            elif self._continues(label):
                self._close_part(label.start)
            else:
                continue
            self._open = (label.part, label.text_start)
            if label.mistyped:
                words = self._text[label.start : label.text_start]
                self._drafts[-1].mistyped.append(" ".join(words.split()))
        if not self._drafts:
            self._read_without_labels()
        self._finish()
        return tuple(map(self._item, self._drafts))

    def first_heading(self) -> int:
        """Where the first item begins; the end of the text where there is none."""
        return self._drafts[0].start if self._drafts else self._end

    def _draft_before(self, label: Label) -> _Draft | None:
        """A new item, if the text before the label is its heading."""
        region = self._open[1] if self._open else self._start
        if not self._drafts:
            return self._draft(region, label)
        tail = self._text[max(region, label.start - _TAIL) : label.start].replace("\n", " ").strip()
        has_rationale = Part.RATIONALE in self._drafts[-1].parts or self._open_part is Part.RATIONALE
        if ends_with_colon_and_decision(tail) or (has_rationale and statement_at_end(tail) is not None):
            return self._draft(region, label)
        if has_rationale and not label.spoken and label.opens_line and label.part is not Part.RATIONALE:
            if _SENTENCE_END.search(tail):
                return _Draft(label.start, DecidedRequest("", Decision.UNKNOWN))
            return self._draft(region, label)
        if has_rationale and label.opens_line and label.part is Part.CLAIMS_ADMINISTRATOR_GUIDELINE:
            start = self._next_number(region, label.start)
            return None if start is None else _Draft(start, self._decided(start, label.start))
        return None

    def _next_number(self, region: int, end: int) -> int | None:
        """Where a line opens with the number of the next item: its heading, whatever it decides."""
        opening = re.compile(rf"\(?{len(self._drafts) + 1}[.)] ?[A-Za-z0-9]")
        last = self._letter.line_at(end - 1)
        for index in range(last, max(self._letter.line_at(region), last - _LONGEST_FIRST_HEADING), -1):
            if opening.match(self._text, self._letter.starts[index]):
                return self._letter.starts[index]
        return None

    @property
    def _open_part(self) -> Part | None:
        return self._open[0] if self._open else None

    def _continues(self, label: Label) -> bool:
        """Whether the label opens a further part of the same item."""
        parts, open_part = self._drafts[-1].parts, self._open_part
        if open_part is Part.RATIONALE or Part.RATIONALE in parts:
            return False
        return label.part is not open_part and label.part not in parts

    def _draft(self, region: int, label: Label) -> _Draft:
        letter, text, end = self._letter, self._text, label.start
        first = not self._drafts
        last_line = letter.line_at(max(end - 1, region))
        if first and self._opens_with_item and last_line - letter.line_at(region) < _LONGEST_FIRST_HEADING:
            start = region
        else:
            opening_end = opening_sentence_end(letter.lowered, region, end)
            start = self._heading_start(region, end, opening_end)
            cut = _GLUED_HEADING if not label.opens_line else _CONCLUSION_THEN_HEADING
            for found in cut.finditer(text, start, opening_end or end):
                start = found.end()
        return _Draft(start, self._decided(start, end))

    def _heading_start(self, region: int, end: int, opening_end: int | None) -> int:
        """Where the heading begins: with all of the sentences that tell of a partial authorization.

        `opening_end` is where the first of these ends, if there are any.
        """
        if opening_end is not None:
            return heading_start(self._letter, region, opening_end, 0)
        return heading_start(self._letter, region, end, self._decision_lines(region, end))

    def _decision_lines(self, region: int, end: int) -> int:
        """How many of the last lines hold nothing but the decision: "Upheld", or "Overturned" / "in part"."""
        last = self._letter.line_at(max(end - 1, region))
        for count in (2, 1):
            start = self._letter.starts[max(last - count + 1, 0)]
            if start <= region or not may_begin_decision(self._text[start]):
                continue
            decided = decision_at_end(" ".join(self._text[start:end].split()))
            if decided is not None and not decided.request:
                return count
        return 0

    def _decided(self, start: int, end: int) -> DecidedRequest:
        heading = self._joiner.join(start, end)
        heading = heading[_numbering_end(heading) :]
        decided = decision_at_end(heading)
        if decided is not None:
            return decided
        decided = statement_at_end(heading)
        if decided is None:
            return DecidedRequest(heading.strip(" :;-"), Decision.UNKNOWN)
        named = _REQUEST_FOR.match(decided.request)
        return decided._replace(request=decided.request[named.end() if named else 0 :])

    def _close_part(self, end: int) -> None:
        if self._open is not None:
            part, start = self._open
            self._drafts[-1].parts.setdefault(part, (start, max(start, end)))

    def _finish(self) -> None:
        """Ends the last item before the letter's closing, or at a heading that a cut letter ends with."""
        if self._open is None:
            return
        body_end = end_of_letter_body(self._text, self._open[1], self._end)
        draft = self._cut_off_heading(body_end)
        self._close_part(draft.start if draft else body_end)
        self._open = None
        if draft is not None:
            self._drafts.append(draft)

    def _cut_off_heading(self, end: int) -> _Draft | None:
        if self._open is None or self._open[0] is not Part.RATIONALE:
            return None
        region = self._open[1]
        tail = " ".join(self._text[max(region, end - _TAIL) : end].split())
        if not ends_with_colon_and_decision(tail):
            return None
        start = self._heading_start(region, end, opening_sentence_end(self._letter.lowered, region, end))
        decided = self._decided(start, end)
        if start <= region or not decided.request or _is_prose(decided.request):
            return None
        return _Draft(start, decided)

    def _read_without_labels(self) -> None:
        """Items that no label follows: a line ": Upheld" or a statement, and prose up to the next."""
        if not self._opens_with_item:
            return
        body_end = end_of_letter_body(self._text, self._start, self._end)
        region = self._start
        for index in range(self._letter.line_at(self._start), self._letter.line_at(max(body_end - 1, 0)) + 1):
            end = min(self._letter.starts[index] + len(self._letter.lines[index]), body_end)
            if end <= region or not self._text[max(region, end - 40) : end].lower().endswith(_DECIDED_ENDS):
                continue
            tail = " ".join(self._text[max(region, end - _TAIL) : end].split())
            if not (ends_with_colon_and_decision(tail) or statement_at_end(tail)):
                continue
            start = self._heading_start(region, end, opening_sentence_end(self._letter.lowered, region, end))
            decided = self._decided(start, end)
            if decided.decision is Decision.UNKNOWN or _is_prose(decided.request):
                continue
            self._close_part(start)
            self._drafts.append(_Draft(start, decided))
            self._open = (Part.RATIONALE, end)
            region = end

    def _item(self, draft: _Draft) -> ItemParts:
        texts = {part: self._joiner.join(*span) for part, span in draft.parts.items()}
        return ItemParts(
            request=draft.decided.request,
            decision=draft.decided.decision,
            says_both=draft.decided.says_both,
            claims_administrator_guideline=texts.get(Part.CLAIMS_ADMINISTRATOR_GUIDELINE, ""),
            reviewer_guideline=texts.get(Part.REVIEWER_GUIDELINE, ""),
            rationale=texts.get(Part.RATIONALE, ""),
            mistyped_labels=tuple(draft.mistyped),
        )


def _is_prose(request: str) -> bool:
    return _FINITE_VERB.search(request) is not None and partial_authorization(request) is None


def _numbering_end(heading: str) -> int:
    found = _NUMBERING.match(heading)
    return found.end() if found and found.end() < len(heading) else 0
