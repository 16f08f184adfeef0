"""Where an item's letter may contradict itself, as its page shows it: two passages side by side."""

from dataclasses import dataclass

from determinations.letters.facts.contradictions import ContradictionKind, contradictions_in
from determinations.letters.parsed_letter import Decision, Ground
from determinations.models import DECISION_MEANINGS, DisputedItem

_TITLES = {
    ContradictionKind.RATIONALE: (
        "The rationale concludes otherwise than the heading",
        "Heading",
        "Rationale",
    ),
    ContradictionKind.LEVELS: (
        "The rationale treats other spinal levels than the request",
        "Request",
        "Rationale",
    ),
    ContradictionKind.SUMMARY: (
        "The rationale misses what the summary may document",
        "Rationale",
        "Clinical summary",
    ),
}


@dataclass(frozen=True, slots=True)
class PassagePair:
    """Two passages of one letter, each with the part that it comes from."""

    kind: str
    title: str
    part: str
    passage: str
    other_part: str
    other_passage: str


def passage_pairs(item: DisputedItem) -> tuple[PassagePair, ...]:
    """The contradictions of the item; its letter is best fetched with it."""
    found = contradictions_in(
        Decision(item.decision),
        item.disputed_portion or item.request,
        item.services,
        item.rationale,
        item.determination.clinical_summary,
        [Ground(one.slug, one.side, one.start, one.end) for one in item.stated_grounds],
    )
    return tuple(
        PassagePair(
            kind=one.kind.value,
            title=title,
            part=part,
            passage=_heading(item) if one.kind is ContradictionKind.RATIONALE else one.one,
            other_part=other_part,
            other_passage=one.other,
        )
        for one in found
        for title, part, other_part in [_TITLES[one.kind]]
    )


def _heading(item: DisputedItem) -> str:
    return f"{item.request}: {DECISION_MEANINGS[Decision(item.decision)]}"
