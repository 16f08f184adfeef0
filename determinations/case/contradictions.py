"""Where an item's letter may contradict itself, as its page shows it: two passages side by side."""

import re
from dataclasses import dataclass, replace

from determinations.case.reasons import Span, item_anchor, overlapping, sentence_anchors
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
    """Two passages of one letter, each with the part that it comes from.

    `span` is the place in the rationale of the passage that stands there, and `anchor` the id of the sentence
    shown there; None and "" where it is not found.
    """

    kind: str
    title: str
    part: str
    passage: str
    other_part: str
    other_passage: str
    span: Span | None = None
    anchor: str = ""


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
    pairs = (
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
    return tuple(_placed(pair, item) for pair in pairs)


def _placed(pair: PassagePair, item: DisputedItem) -> PassagePair:
    """The pair with the place of its passage in the rationale; a sentence with a ground keeps its anchor."""
    quoted = pair.passage if pair.part == "Rationale" else pair.other_passage
    found = re.search(r"\s+".join(map(re.escape, quoted.split())), item.rationale)
    if not quoted.strip() or found is None:
        return pair
    stated = sentence_anchors(item_anchor(item), item.stated_grounds)
    same = overlapping(found.span(), stated)
    anchor = stated[same] if same else f"{item_anchor(item)}-contradiction-{pair.kind}"
    return replace(pair, span=found.span(), anchor=anchor)


def _heading(item: DisputedItem) -> str:
    return f"{item.request}: {DECISION_MEANINGS[Decision(item.decision)]}"
