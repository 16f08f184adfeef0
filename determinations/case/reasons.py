"""Why an item was decided as it was: its grounds, each leading to its sentence in the rationale.

And the ground on which two items part that were decided in opposite ways.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from determinations.letters.facts.grounds.names import grounds_by_slug, main_ground, opposed_grounds
from determinations.letters.parsed_letter import GroundSide
from determinations.models import DisputedItem
from determinations.models.stated_grounds import DECIDED_FOR, StatedGround
from determinations.search.interface import Fragment, Passage

PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Reason:
    """A ground; `anchor` is the id of the sentence that states it."""

    slug: str
    label: str
    side: GroundSide
    anchor: str


@dataclass(frozen=True, slots=True)
class RationalePiece:
    """A stretch of the rationale. One that states grounds names them; its first piece has the `anchor`."""

    passage: Passage
    anchor: str = ""
    side: GroundSide | None = None
    labels: str = ""


RationaleParagraphs = tuple[tuple[RationalePiece, ...], ...]


def reasons_of(item: DisputedItem) -> tuple[Reason, ...]:
    """The item's grounds, those that decided it first, each side in the rationale's order."""
    grounds = item.stated_grounds
    anchors = _anchors(item.position, grounds)
    side = DECIDED_FOR.get(item.decision)
    ordered = sorted(grounds, key=lambda ground: ground.side != side)
    return tuple(
        Reason(ground.slug, ground.label, ground.side, anchors[ground.start, ground.end])
        for ground in ordered
    )


def _anchors(position: int, grounds: Sequence[StatedGround]) -> dict[tuple[int, int], str]:
    """One for each sentence, which may state several grounds."""
    spans = dict.fromkeys((ground.start, ground.end) for ground in grounds)
    return {span: f"item-{position}-reason-{number}" for number, span in enumerate(spans, start=1)}


def rationale_paragraphs(item: DisputedItem, passage: Passage) -> RationaleParagraphs:
    """The rationale as marked, cut at blank lines and around each sentence that states a ground."""
    grounds = item.stated_grounds
    anchors = _anchors(item.position, grounds)
    paragraphs: list[tuple[RationalePiece, ...]] = []
    anchored: set[str] = set()
    for cut in _paragraphs(_cut(passage, sorted(anchors))):
        pieces: list[RationalePiece] = []
        for span, fragments in groupby(cut, key=lambda one: one[0]):
            texts = tuple(fragment for _, fragment in fragments)
            if span is None:
                pieces.append(RationalePiece(texts))
                continue
            stated = [ground for ground in grounds if (ground.start, ground.end) == span]
            anchor = anchors[span] if anchors[span] not in anchored else ""
            anchored.add(anchors[span])
            labels = "; ".join(ground.label for ground in stated)
            pieces.append(RationalePiece(texts, anchor, stated[0].side, labels))
        paragraphs.append(tuple(pieces))
    return tuple(paragraphs)


Span = tuple[int, int]
_Cut = tuple[Span | None, Fragment]


def _cut(passage: Passage, spans: Sequence[Span]) -> Iterator[_Cut]:
    """The fragments cut at the ends of the spans, each with the span that it is in."""
    at = 0
    for fragment in passage:
        end = at + len(fragment.text)
        inner = {edge for span in spans for edge in span if at < edge < end}
        for start, stop in zip((at, *sorted(inner)), (*sorted(inner), end), strict=True):
            within = next((span for span in spans if span[0] <= start and stop <= span[1]), None)
            yield within, Fragment(fragment.text[start - at : stop - at], fragment.is_match)
        at = end


def _paragraphs(cuts: Iterator[_Cut]) -> Iterator[list[_Cut]]:
    paragraph: list[_Cut] = []
    for span, fragment in cuts:
        first, *others = PARAGRAPH_BREAK.split(fragment.text)
        paragraph.append((span, Fragment(first, fragment.is_match)))
        for text in others:
            yield from _with_words(paragraph)
            paragraph = [(span, Fragment(text, fragment.is_match))]
    yield from _with_words(paragraph)


def _with_words(paragraph: list[_Cut]) -> Iterator[list[_Cut]]:
    if any(fragment.text.strip() for _, fragment in paragraph):
        yield [(span, fragment) for span, fragment in paragraph if fragment.text]


@dataclass(frozen=True, slots=True)
class Parting:
    """The ground on which two items part, as each states it, in words that go on a sentence."""

    here: str
    there: str


def parting(
    here: Collection[str], decision_here: str, there: Collection[str], decision_there: str
) -> Parting | None:
    """Where two items of opposite decisions part; `here` and `there` are the slugs of their grounds.

    Grounds that stand against each other come first, in the order of opposites.toml; else what says most
    on either side. None where one of them states no ground of its decision.
    """
    sides = DECIDED_FOR.get(decision_here), DECIDED_FOR.get(decision_there)
    if None in sides or sides[0] == sides[1]:
        return None
    against, speaking_for = (here, there) if sides[0] == "against" else (there, here)
    lacking = [slug for slug in against if slug in grounds_by_slug() and _side(slug) == "against"]
    shown = [slug for slug in speaking_for if slug in grounds_by_slug() and _side(slug) == "for"]
    pairs = (
        (pair.lacking, slug)
        for pair in opposed_grounds()
        if pair.lacking in lacking
        for slug in pair.shown
        if slug in shown
    )
    lost, won = next(pairs, (main_ground(lacking, "against"), main_ground(shown, "for")))
    if lost is None or won is None:
        return None
    words = _in_a_sentence(lost), _in_a_sentence(won)
    return Parting(*words) if sides[0] == "against" else Parting(words[1], words[0])


def _side(slug: str) -> GroundSide:
    return grounds_by_slug()[slug].side


def _in_a_sentence(slug: str) -> str:
    label = grounds_by_slug()[slug].label
    return label[:1].lower() + label[1:]
