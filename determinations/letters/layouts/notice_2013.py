"""The decisions that a notice of 2013 states, each in a sentence of its own, the whole list printed twice.

"1) MAXIMUS Federal Services, Inc. has determined the request for X is not medically necessary and
appropriate." Knows nothing of the bodies that give the reasons.

The notice of 2013: numbered determinations printed twice, then one body for each request.

"1) MAXIMUS Federal Services, Inc. has determined the request for X is not medically necessary and
appropriate." decides; "1) Regarding the request for X:" opens the body, whose paragraph on the Medical
Treatment Utilization Schedule holds both sides' guidelines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from determinations.letters.layouts.decisions import (
    DecidedRequest,
    find_statement,
    statement_decision,
)
from determinations.letters.layouts.headings import Heading, Section, SectionMap, end_of_letter_body
from determinations.letters.layouts.labels import Part, labels_in
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.layouts.recognition import (
    NOTICE_SCHEDULE,
    NOTICE_STATEMENT,
)
from determinations.letters.layouts.standard import without_introduction
from determinations.letters.parsed_letter import Decision, Layout, ReadingWarning
from determinations.letters.text.letter_text import LetterText
from determinations.letters.text.paragraphs import ParagraphJoiner

_NUMBER_BEFORE = re.compile(r"(\d{1,2})[ ]?[).:]?[ \n]?\Z")
_REQUEST_FOR = re.compile(
    r"(?:that )?(?:the )?(?:(?P<kept>(?:retrospective|prospective|retroactive)[a-z/ ]* requests?(?:ed)? for )"
    r"|requests?(?:ed)? (?:for )?)?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"\.(?=[ \n])|\Z")
_LONGEST_STATEMENT = 3000


@dataclass(frozen=True, slots=True)
class StatedDecision:
    """One sentence of the list: where it begins, its number where it has one, what it decides."""

    start: int
    number: int | None
    request: str
    decision: Decision
    says_both: bool = False


def stated_decisions(letter: LetterText, joiner: ParagraphJoiner, end: int) -> list[StatedDecision]:
    """Every decision that the notice states before offset `end`, both times where it states them twice."""
    text = letter.text
    found: list[StatedDecision] = []
    openings = list(NOTICE_STATEMENT.finditer(letter.lowered, 0, end))
    for index, opening in enumerate(openings):
        limit = openings[index + 1].start() if index + 1 < len(openings) else end
        limit = min(limit, opening.end() + _LONGEST_STATEMENT)
        number = _NUMBER_BEFORE.search(text, max(0, opening.start() - 6), opening.start())
        start = number.start() if number else opening.start()
        decided = _decided(letter, joiner, opening.end(), limit)
        found.append(
            StatedDecision(
                start,
                int(number[1]) if number else None,
                plain_request(decided.request),
                decided.decision,
                decided.says_both,
            )
        )
    return found


def _decided(letter: LetterText, joiner: ParagraphJoiner, start: int, limit: int) -> DecidedRequest:
    """The request that begins at `start`, with what its sentence decides."""
    text, lower = letter.text, letter.lowered
    statement = find_statement(lower, start, limit)
    if statement is None:
        return DecidedRequest(joiner.join(start, _line_end(text, start, limit)), Decision.UNKNOWN)
    decision = statement_decision(statement)
    sentence = _SENTENCE_END.search(text, statement.end(), limit)
    other = find_statement(lower, statement.end(), sentence.start() if sentence else limit)
    if other is not None and statement_decision(other) is not decision:
        request = joiner.join(start, other.start())
        return DecidedRequest(request, Decision.PARTIALLY_OVERTURNED, says_both=True)
    return DecidedRequest(joiner.join(start, statement.start()), decision)


def _line_end(text: str, start: int, limit: int) -> int:
    end = text.find("\n", start, limit)
    return limit if end == -1 else end


def plain_request(text: str) -> str:
    """What was asked for, without "the request for"; "retrospective request for" says more and stays."""
    found = _REQUEST_FOR.match(text)
    if found is None:
        return text
    return text[found.start("kept") if found["kept"] else found.end() :].strip(" :;,")


def two_lists(
    printed: list[StatedDecision], repeat_at: int | None
) -> tuple[list[StatedDecision], list[StatedDecision]]:
    """The list that counts, the longer one, and the other; no heading between them, a number starts over."""
    if repeat_at is None:
        repeat_at = _starts_over(printed)
    first = [d for d in printed if d.start < repeat_at]
    second = [d for d in printed if d.start >= repeat_at]
    known = [sum(d.decision is not Decision.UNKNOWN for d in part) for part in (first, second)]
    if (len(second), known[1]) >= (len(first), known[0]):
        return second, first
    return first, second


def printed_differently(
    determinations: list[StatedDecision], other_list: list[StatedDecision]
) -> list[ReadingWarning]:
    """The notice prints its decisions twice: where the two lists disagree, a person has to look."""
    if len(determinations) != len(other_list):
        return []
    return [
        ReadingWarning(
            "conflicting_decisions",
            f"The notice prints this decision twice and differently: “{one.decision.value}”, which counts, "
            f"and “{other.decision.value}”.",
            f"item {position}",
        )
        for position, (one, other) in enumerate(zip(determinations, other_list, strict=True), start=1)
        if one.number == other.number
        and one.decision is not other.decision
        and Decision.UNKNOWN not in (one.decision, other.decision)
    ]


def _starts_over(printed: list[StatedDecision]) -> int:
    for before, after in pairwise(printed):
        if before.number is not None and after.number is not None and after.number <= before.number:
            return after.start
    half = len(printed) // 2
    requests = [d.request for d in printed]
    if half and len(printed) % 2 == 0 and requests[:half] == requests[half:]:
        return printed[half].start
    return printed[-1].start + 1 if printed else 0


# Both read lower-case text.
_REGARDING_THE = re.compile(r"regarding[ \n]the[ \n]")
_NUMBER = re.compile(r"(?:(?P<number>\d{1,2})[ ]?[).:]?[ ]?)?")
_REGARDING = re.compile(r"Regarding ", re.IGNORECASE)
_SCHEDULE_LABEL_REST = re.compile(
    r"(?:[ \n]by[ \n](?:the[ \n])?(?:expert[ \n]|physician[ \n]|medical[ \n]|professional[ \n])*reviewer)?"
    r"(?:[ \n](?:to|in)[ \n]mak(?:e|ing)[ \n](?:his[ ]?/[ \n]?her|his|her|their|the|its)[ \n]decision)?"
    r"[ ]?:?",
    re.IGNORECASE,
)
# It ends in a full stop or a colon or, with neither, where the first sentence of the summary begins.
_DISCLAIMER = re.compile(
    r"Disclaimer ?:? ?[^.:]{0,250}?case summary[^.:]{0,250}?"
    r"(?:[.:](?:\s+|\Z)|\Z|(?<=\d)\s+(?=(?-i:[A-Z]))"
    r"|\s(?=(?-i:The|This|A|An|Mr|Ms|Mrs|According|Patient|Applicant|Claimant|Employee|Injured)\b))",
    re.IGNORECASE,
)
_SECTIONS = (
    Section.NOTICE_DECISIONS,
    Section.QUALIFICATIONS,
    Section.SUMMARY,
    Section.DOCUMENTS,
    Section.EFFECT,
    Section.HOW_MADE,
)


@dataclass(frozen=True, slots=True)
class _Body:
    number: int | None
    request: str
    claims_administrator_guideline: str
    reviewer_guideline: str
    rationale: str


def read_notice_2013(letter: LetterText, headings: list[Heading], joiner: ParagraphJoiner) -> LetterParts:
    """Cuts a notice into its parts; each determination counts once."""
    text = letter.text
    sections = SectionMap(headings, len(text))
    repeat = sections.find([Section.NOTICE_DECISIONS])
    bodies_start = _bodies_start(letter.lowered)
    printed = stated_decisions(letter, joiner, bodies_start)
    determinations, other_list = two_lists(printed, repeat.start if repeat else None)
    bodies = _bodies(letter, joiner, sections, bodies_start)

    starts = (
        [h.start for h in headings if h.section in _SECTIONS] + [d.start for d in printed] + [bodies_start]
    )
    cover = joiner.join(0, min(starts))
    if repeat is not None:
        # "... disputing the Utilization Review Denial dated ..." stands in where the cover is missing.
        following = min((start for start in starts if start > repeat.start), default=len(text))
        cover = f"{cover} {joiner.join(repeat.end, max(repeat.end, following))}".strip()
    warnings = printed_differently(determinations, other_list)
    if not determinations:
        warnings.append(
            ReadingWarning(
                "missing_section",
                "The notice has no list of determinations, so the decisions are unknown.",
                "determinations",
            )
        )
    return LetterParts(
        Layout.NOTICE_2013,
        cover,
        _section(joiner, sections, Section.QUALIFICATIONS, bodies_start),
        _summary(_section(joiner, sections, Section.SUMMARY, bodies_start)),
        _items(determinations, bodies),
        warnings,
    )


class _Opening(NamedTuple):
    """Where a body's opening words are, "1) Regarding the" or those of its schedule, and its number or ""."""

    start: int
    end: int
    number: str


def _regarding(lower: str, start: int, end: int) -> Iterator[_Opening]:
    """Every line between two offsets that begins with "Regarding the", behind a number or not."""
    for words in _REGARDING_THE.finditer(lower, start, end):
        line = lower.rfind("\n", 0, words.start()) + 1
        number = _NUMBER.fullmatch(lower, line, words.start())
        if number is not None and line >= start:
            yield _Opening(line, words.end(), number["number"] or "")


def _schedules(lower: str, start: int, end: int) -> Iterator[_Opening]:
    return (_Opening(*found.span(), "") for found in NOTICE_SCHEDULE.finditer(lower, start, end))


def _bodies_start(lower: str) -> int:
    """Where the bodies begin: at the first "Regarding the request" or, lacking it, the first schedule."""
    end = len(lower)
    found = next(_regarding(lower, 0, end), None) or next(_schedules(lower, 0, end), None)
    return found.start if found else end


def _section(joiner: ParagraphJoiner, sections: SectionMap, section: Section, limit: int) -> str:
    heading = sections.find([section])
    if heading is None:
        return ""
    return joiner.join(heading.end, max(heading.end, min(sections.end_of(heading, _SECTIONS), limit)))


def _summary(text: str) -> str:
    found = _DISCLAIMER.match(text)
    return without_introduction(text[found.end() :] if found else text)


def _bodies(letter: LetterText, joiner: ParagraphJoiner, sections: SectionMap, start: int) -> list[_Body]:
    text = letter.text
    effect = sections.find([Section.EFFECT], start)
    end = min(effect.start if effect else len(text), end_of_letter_body(text, start, len(text)))
    openings = list(_regarding(letter.lowered, start, end)) or list(_schedules(letter.lowered, start, end))
    limits = [*(opening.start for opening in openings[1:]), end]
    return [_body(letter, joiner, opening, limit) for opening, limit in zip(openings, limits, strict=False)]


def _body(letter: LetterText, joiner: ParagraphJoiner, opening: _Opening, end: int) -> _Body:
    text, number = letter.text, opening.number
    schedule = NOTICE_SCHEDULE.search(letter.lowered, opening.start, end)
    rationale = next(
        (
            label
            for label in labels_in(letter, schedule.end() if schedule else opening.end, end)
            if label.part is Part.RATIONALE
        ),
        None,
    )
    body_end = rationale.start if rationale else end
    request_end = schedule.start() if schedule else body_end
    request = _REGARDING.sub("", joiner.join(opening.start, request_end), count=1)
    request = request.removeprefix(number).lstrip(" ).:")
    claims_administrator, reviewer = "", ""
    if schedule is not None:
        label_end = _SCHEDULE_LABEL_REST.match(text, schedule.end(), body_end)
        claims_administrator, reviewer = _sides(
            letter, joiner, label_end.end() if label_end else schedule.end(), body_end
        )
    return _Body(
        int(number) if number else None,
        plain_request(request),
        claims_administrator,
        reviewer,
        joiner.join(rationale.text_start, end) if rationale else "",
    )


def _sides(letter: LetterText, joiner: ParagraphJoiner, start: int, end: int) -> tuple[str, str]:
    """Both sides' guidelines: the reviewer's begins at the sentence that begins with the reviewer."""
    labels = labels_in(letter, start, end)
    reviewer = next((label for label in labels if label.part is Part.REVIEWER_GUIDELINE), None)
    if reviewer is None:
        return joiner.join(start, end), ""
    return joiner.join(start, reviewer.start), joiner.join(reviewer.text_start, end)


def _items(determinations: list[StatedDecision], bodies: list[_Body]) -> tuple[ItemParts, ...]:
    """Determinations with their bodies, by number where numbers tell them apart, else in order."""
    if not determinations:
        determinations = [StatedDecision(0, b.number, b.request, Decision.UNKNOWN) for b in bodies]
    by_number = {body.number: body for body in bodies if body.number is not None}
    numbered = len(by_number) == len(bodies) and len({d.number for d in determinations}) == len(
        determinations
    )
    items = []
    for index, determination in enumerate(determinations):
        body = by_number.get(determination.number or 0) if numbered else None
        if body is None and not numbered and index < len(bodies):
            body = bodies[index]
        items.append(
            ItemParts(
                determination.request or (body.request if body else ""),
                determination.decision,
                body.claims_administrator_guideline if body else "",
                body.reviewer_guideline if body else "",
                body.rationale if body else "",
                says_both=determination.says_both,
            )
        )
    return tuple(items)
