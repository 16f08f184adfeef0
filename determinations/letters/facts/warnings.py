"""What a letter leaves in doubt: what is missing, unreadable or contradicts itself, each as a warning.

Changes nothing that was read. A heading's decision stands whatever else the letter says; the warning tells a
person where to look.
"""

import re
from collections.abc import Iterable

from determinations.letters.facts.conclusion import contradicts
from determinations.letters.layouts.headings import Heading, Section
from determinations.letters.layouts.parts import ItemParts, LetterParts
from determinations.letters.parsed_letter import Decision, ReadingWarning, outcome_of

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
