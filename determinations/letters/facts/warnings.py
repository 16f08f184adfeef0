"""Rationales that conclude the opposite of their heading: attorneys look for exactly those.

Only what the reviewer concludes counts: a sentence that reports the claims administrator's denial, states a
condition or quotes a guideline is no conclusion. The last conclusion is the one that counts.

What a reading leaves in doubt: what is missing, unreadable or contradicts itself, each as a warning.

Changes nothing that was read. A heading's decision stands whatever else the letter says; the warning tells a
person where to look.
"""

import re
from collections.abc import Iterable, Iterator

from determinations.letters.layouts.headings import Heading, Section
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.parsed_letter import Decision, ReadingWarning, outcome_of

_SENTENCE_END = re.compile(r"[.!?;]\s+(?=[A-Z(“\"])")
# What a sentence concludes. All three are read in lower case and behind a blank: that a word begins is seen
# by what stands before it, which is found faster than a word.
_DENIES = re.compile(
    r"\W(?:not[ -]*(?:[a-z]+[ -]+){0,3}?"
    r"(?:medically[ -]?(?:necessary|appropriate|indicated|warranted)|certif(?:y|ied))"
    r"|non[- ]?certif|notmedically|isnot\b"
    r"|necessity\b[^.]{0,80}?\b(?:not|cannot|never)\b[^.]{0,30}?\b(?:established|supported|demonstrated|substantiated|met)"
    r"|not\s+(?:established|supported|demonstrated|substantiated)\b[^.]{0,40}?\bmedical(?:ly)?\s+necess"
    r"|(?:request|treatment|service|medication|procedure)\b[^.]{0,80}?"
    r"\b(?:is|are|was|were|be|cannot be)\s+(?:therefore\s+)?"
    r"(?:denied|not\s+(?:approved|authorized|supported|warranted|indicated|justified|appropriate|reasonable|necessary|substantiated))"
    r"|(?:denial|determination|decision|review)\b[^.]{0,40}?\b(?:is|are|was|be)\s+upheld)"
)
_APPROVES = re.compile(
    r"\W(?:(?:is|are|was|were|be)\s+(?:(?:therefore|thus|hereby|deemed|considered|found|to\s+be|both|reasonable|appropriate|and|both|indeed)\s*,?\s+){0,4}"
    r"(?:medically[ -]?(?:necessary|appropriate|indicated|warranted)|certified)"
    r"|necessity\b[^.]{0,60}?\b(?:is|has\s+been|was|have\s+been)\s+(?:clearly\s+)?(?:established|supported|demonstrated|met)"
    r"|(?:request|treatment|service|medication|procedure)\b[^.]{0,80}?\b(?:is|are|was|were|be)\s+(?:therefore\s+)?"
    r"(?:approved|authorized|supported|warranted|indicated|justified|appropriate|reasonable|necessary)\b"
    r"|(?:denial|determination|decision|review)\b[^.]{0,40}?\b(?:is|are|was|be)\s+overturned)"
)
_REPORTED = re.compile(
    r"\W(?:claims?\s+administrator|utilization\s+review|ur\s+(?:physician|reviewer|denied|denial|decision|non)"
    r"|(?:was|were|been)\s+(?:previously|initially|originally)|previous\s+request|adjuster|insurer)\b"
)
# Without IGNORECASE: an "IF unit" is an interferential stimulator and no condition.
_NOT_AFFIRMED = re.compile(
    r"\b(?:[Ii]f|[Uu]nless|[Ww]hen|[Uu]ntil|would|could|may|might|[Nn]ot?|nor|never|cannot|fails?|failed"
    r"|lacks?|lacking|[Ww]ithout|insufficient|unclear)\b"
    r"|guidelines?\s+(?:state|indicate|note|recommend)|n't\b"
)
_PARTLY = re.compile(
    r"\b(?:is|are)\s+(?:therefore\s+|thus\s+)?(?:partially\s+(?:certified|approved|medically|overturned)"
    r"|(?:certified|approved|medically\s+necessary|overturned)\s+in\s+part)"
)
_CONDITION = re.compile(r"\b(?:[Ii]f|[Uu]nless|[Ww]hen|[Uu]ntil)\b")
_OF_THE_DENIAL = re.compile(
    r"\b(?:denial|determination|decision|non-?certification|ur)\b[^.]{0,60}?"
    r"\b(?:is|are|remains?|(?:should|must|will|shall)\s+be)\s+(?:therefore\s+|thus\s+|hereby\s+)?"
    r"(?:(?P<stands>upheld|sustained|affirmed)|overturned|reversed)\b"
)
"""What becomes of the denial: a conclusion even where the claims administrator is named."""
_FATES = ("upheld", "sustained", "affirmed", "overturned", "reversed")

_TELLING = (
    "necess",
    "certif",
    "approv",
    "authoriz",
    "warrant",
    "support",
    "indicat",
    "justif",
    "appropriate",
    "reasonable",
    "upheld",
    "sustained",
    "affirmed",
    "reversed",
    "overturn",
    "denied",
    "establish",
    "demonstrat",
    "substantiat",
    "medically",
)
"""Stems without one of which a sentence concludes nothing: most sentences are left at that."""

_CONCLUDING = 3
_LONGEST_CONCLUSION = 1000
"""Sentences at a rationale's end that hold its conclusion."""


def contradicts(decision: Decision, rationale: str) -> bool:
    """Whether the rationale concludes otherwise than the heading decides, wholly or in part."""
    if decision not in (Decision.UPHELD, Decision.OVERTURNED) or not rationale:
        return False
    for sentence in _last_sentences(rationale):
        lower = f" {sentence.lower()}"
        if not any(word in lower for word in _TELLING):
            continue
        of_denial = _OF_THE_DENIAL.search(lower) if any(word in lower for word in _FATES) else None
        if of_denial is not None and not _CONDITION.search(sentence):
            return decision is (Decision.OVERTURNED if of_denial["stands"] else Decision.UPHELD)
        if _REPORTED.search(lower):
            continue
        if ("partially" in lower or "in part" in lower) and _PARTLY.search(lower):
            return True
        if _DENIES.search(lower):
            return decision is Decision.OVERTURNED
        if _APPROVES.search(lower) and not _NOT_AFFIRMED.search(sentence):
            return decision is Decision.UPHELD
    return False


def _last_sentences(rationale: str) -> Iterator[str]:
    """The sentences of the conclusion, the last one first: nearly always it is the one that concludes."""
    given = 0
    for reach in (_LONGEST_CONCLUSION // 5, _LONGEST_CONCLUSION // 2, _LONGEST_CONCLUSION):
        sentences = _SENTENCE_END.split(rationale[-reach:])
        if reach < min(_LONGEST_CONCLUSION, len(rationale)):
            del sentences[0]  # it may begin before
        yield from sentences[-1 - given : -1 - _CONCLUDING : -1]
        given = len(sentences)
        if given >= _CONCLUDING:
            return


_ENDS = re.compile(
    r"[.!?:;)\]\"'”’*]\Z|(?:necessary|certified|appropriate|supported|established|indicated|warranted"
    r"|recommended|approved|authorized|denied|justified|necessity|reasonable|certify|upheld|overturned)\Z"
)

_ANNOUNCED = re.compile(
    r"Final Determination ?: ?"
    r"(?i:(?P<part>PARTIAL(?:LY)?[ -](?:OVERTURN|UPH[OE]LD))|(?P<upheld>UPH[OE]LD)|OVERTURN)"
)
_ONCE_A_LETTER = {
    Section.HOW_MADE: "How the IMR final determination was made",
    Section.ISSUES: "IMR issues, decisions and rationales",
    Section.LATE_2013_DECISIONS: "IMR decision(s) and rationale(s)",
    Section.QUALIFICATIONS: "Medical qualifications of the expert reviewer",
    Section.ISSUE_AT_DISPUTE: "Issue at dispute",
    Section.EARLY_RATIONALE: "Rationale",
}


def doubts_of(parts: LetterParts, headings: Iterable[Heading]) -> list[ReadingWarning]:
    """The warnings of a letter that has been cut into its parts."""
    return [*_of_sections(headings), *_of_outcome(parts), *_of_items(parts), *_of_repetitions(parts)]


def _of_sections(headings: Iterable[Heading]) -> list[ReadingWarning]:
    sections = [heading.section for heading in headings]
    twice = next((name for section, name in _ONCE_A_LETTER.items() if sections.count(section) > 1), None)
    if twice is None:
        return []
    return [
        ReadingWarning(
            "second_letter",
            f"The section “{twice}” appears twice. This may be two letters in one file, or a letter "
            "with its correction. Compare the original. Two letters belong in two files.",
            twice,
        )
    ]


def _of_outcome(parts: LetterParts) -> list[ReadingWarning]:
    """The cover letter of some years announces the outcome: "Final Determination: PARTIAL OVERTURN"."""
    announced = _ANNOUNCED.search(parts.cover)
    if announced is None:
        return []
    outcome = outcome_of(item.decision for item in parts.items)
    stated = Decision.OVERTURNED
    if announced["part"]:
        stated = Decision.PARTIALLY_OVERTURNED
    elif announced["upheld"]:
        stated = Decision.UPHELD
    if outcome in (stated, Decision.UNKNOWN):
        return []
    return [
        ReadingWarning(
            "cover_contradicts_items",
            f"The cover says “{stated.value}”, but the items add up to “{outcome.value}”. "
            "The site uses the items.",
            "cover",
        )
    ]


def _of_repetitions(parts: LetterParts) -> list[ReadingWarning]:
    """Items that ask for the very same and are decided differently."""
    warnings: list[ReadingWarning] = []
    first: dict[str, tuple[int, Decision]] = {}
    for position, item in enumerate(parts.items, start=1):
        if item.decision is Decision.UNKNOWN or not item.request:
            continue
        earlier, decision = first.setdefault(
            " ".join(item.request.lower().split()), (position, item.decision)
        )
        if decision is not item.decision:
            warnings.append(
                ReadingWarning(
                    "conflicting_decisions",
                    f"Item {earlier} has the same request but another decision: “{decision.value}” there, "
                    f"“{item.decision.value}” here.",
                    f"item {position}",
                )
            )
    return warnings


def _of_items(parts: LetterParts) -> list[ReadingWarning]:
    warnings: list[ReadingWarning] = []
    if not parts.items:
        warnings.append(
            ReadingWarning(
                "no_items", "No disputed item was found. The letter may end before the first one.", "items"
            )
        )
    for position, item in enumerate(parts.items, start=1):
        place = f"item {position}"
        warnings.extend(ReadingWarning(code, message, place) for code, message in _of_item(item))
    if parts.items and (last := parts.items[-1].rationale) and not _ENDS.search(last[-20:].lower()):
        warnings.append(
            ReadingWarning(
                "text_breaks_off",
                "The last rationale ends in mid-sentence. The letter may be cut off.",
                f"item {len(parts.items)}",
            )
        )
    return warnings


def _of_item(item: ItemParts) -> list[tuple[str, str]]:
    doubts = []
    if not item.request:
        doubts.append(("missing_request", "The item's heading does not say what was requested."))
    if item.decision is Decision.UNKNOWN:
        doubts.append(("unknown_decision", "The item's heading has no readable decision."))
    if item.says_both:
        doubts.append(
            (
                "several_decisions",
                "The item's heading states different decisions, so it counts as overturned in part. "
                "See the letter for the decision on each part.",
            )
        )
    if item.expects_claims_guideline and not item.claims_administrator_guideline:
        doubts.append(
            (
                "missing_claims_administrator_guideline",
                "The item has no paragraph on the claims administrator's guideline.",
            )
        )
    if not item.reviewer_guideline:
        doubts.append(
            ("missing_reviewer_guideline", "The item has no paragraph on the reviewer's guideline.")
        )
    if not item.rationale:
        doubts.append(("missing_rationale", "The item has no rationale."))
    doubts.extend(
        (
            "mistyped_label",
            f"“{label}” was taken for a label that is all but spelled so. Compare the original.",
        )
        for label in item.mistyped_labels
    )
    if contradicts(item.decision, item.rationale):
        doubts.append(
            (
                "rationale_contradicts_decision",
                f"The heading says “{item.decision.value}”, but the rationale concludes otherwise. "
                "The site uses the heading.",
            )
        )
    return doubts
