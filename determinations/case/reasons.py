"""Why an item was decided as it was: its grounds, each leading to its sentence in the rationale.

And the ground on which two items part that were decided in opposite ways.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from determinations.case.matches import split, split_at_blank_lines
from determinations.letters.facts.grounds.names import grounds_by_slug, main_ground, opposed_grounds
from determinations.letters.parsed_letter import GroundSide
from determinations.models import DisputedItem
from determinations.models.determination import DECIDED_FOR, StatedGround
from determinations.search.interface import Fragment, Passage

Span = tuple[int, int]
"""Where a sentence stands in the rationale, in characters."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A ground; `anchor` is the id of the sentence that states it."""

    slug: str
    label: str
    side: GroundSide
    anchor: str


@dataclass(frozen=True, slots=True)
class RationalePiece:
    """A stretch of the rationale. One that states grounds names them; its first piece has the `anchor`.

    A sentence that contradicts the letter and states no ground has an anchor and no side.
    """

    passage: Passage
    anchor: str = ""
    side: GroundSide | None = None
    labels: str = ""


RationaleParagraphs = tuple[tuple[RationalePiece, ...], ...]


def item_anchor(item: DisputedItem) -> str:
    """The id of the item on its letter's page."""
    return f"item-{item.position}"


def reasons_of(item: DisputedItem, anchor: str = "") -> tuple[Reason, ...]:
    """The item's grounds, those that decided it first, each side in the rationale's order.

    The ids of the sentences begin with `anchor`, or with the item's own id on its letter's page.
    """
    grounds = item.stated_grounds
    anchors = sentence_anchors(anchor or item_anchor(item), grounds)
    side = DECIDED_FOR.get(item.decision)
    ordered = sorted(grounds, key=lambda ground: ground.side != side)
    return tuple(
        Reason(ground.slug, ground.label, ground.side, anchors[ground.start, ground.end])
        for ground in ordered
    )


def sentence_anchors(anchor: str, grounds: Sequence[StatedGround]) -> dict[Span, str]:
    """One for each sentence that states grounds, by its span in the rationale; each begins with `anchor`."""
    spans = dict.fromkeys((ground.start, ground.end) for ground in grounds)
    return {span: f"{anchor}-reason-{number}" for number, span in enumerate(spans, start=1)}


def overlapping(span: Span, others: Iterable[Span]) -> Span | None:
    """The first of the others that has text in common with the span."""
    return next((other for other in others if other[0] < span[1] and span[0] < other[1]), None)


def rationale_paragraphs(
    item: DisputedItem, passage: Passage, others: Mapping[Span, str] | None = None, anchor: str = ""
) -> RationaleParagraphs:
    """The rationale as marked, cut at blank lines and around each sentence that states a ground.

    `others` are further sentences that links lead to, with their anchors; `anchor` is as in reasons_of.
    """
    grounds = item.stated_grounds
    anchors = sentence_anchors(anchor or item_anchor(item), grounds)
    for span, anchor in (others or {}).items():
        if overlapping(span, anchors) is None:
            anchors[span] = anchor
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
            pieces.append(RationalePiece(texts, anchor, stated[0].side if stated else None, labels))
        paragraphs.append(tuple(pieces))
    return tuple(paragraphs)


_Cut = tuple[Span | None, Fragment]


def _cut(passage: Passage, spans: Sequence[Span]) -> Iterator[_Cut]:
    """The fragments cut at the ends of the spans, each with the span that it is in."""
    at = 0
    for fragment in passage:
        end = at + len(fragment.text)
        inner = sorted({edge for span in spans for edge in span if at < edge < end})
        start = at
        for piece in split(fragment, tuple(edge - at for edge in inner)):
            stop = start + len(piece.text)
            yield next((span for span in spans if span[0] <= start and stop <= span[1]), None), piece
            start = stop
        at = end


def _paragraphs(cuts: Iterator[_Cut]) -> Iterator[list[_Cut]]:
    paragraph: list[_Cut] = []
    for span, fragment in cuts:
        first, *others = split_at_blank_lines(fragment)
        paragraph.append((span, first))
        for piece in others:
            yield from _with_words(paragraph)
            paragraph = [(span, piece)]
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
