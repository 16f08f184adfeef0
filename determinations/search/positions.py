"""Where words stand in a text: phrases, words near each other, words in one sentence, as sets of positions.

The engine evaluates these expressions over the positions of an index, the highlighter over those of one
text, so that what is marked is what was found. Leaves are resolved by a `Lookup`; everything else is set
algebra on roaring bitmaps, linear in the positions of the leaves and logarithmic in distances. Knows no
index and no question.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Array = NDArray[Any]

MAX_DISTANCE = 100
"""Words that may stand between two words near each other."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the index: a stem, or a further term that stands beside one (`analysis`)."""

    term: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The places of `term` where the word is written as its stem is."""

    term: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words as spelled that match `pattern`, in which * is any letters and ? one letter."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Misspelled:
    """Words as spelled within `distance` edits of `word`, the first letter right."""

    word: str
    distance: int


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """The parts side by side, in this order."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Each part at most `distance` words from the next one: after it, or on either side unless `ordered`.

    `distance` None: in one sentence if `in_sentence`, else anywhere in the field.
    """

    parts: tuple["Expression", ...]
    distance: int | None
    ordered: bool = False
    in_sentence: bool = False


Leaf: TypeAlias = Term | Unchanged | Pattern | Misspelled
Expression: TypeAlias = Leaf | Either | Sequence | Close

Lookup = Callable[[Leaf], BitMap]
"""The positions of a leaf. Documents stand behind one another with `MAX_DISTANCE` free positions between."""

Spans: TypeAlias = dict[int, BitMap]
"""Length in words -> where stretches of this length begin."""


@dataclass(frozen=True, slots=True)
class Places:
    """What expressions are evaluated on: `texts` are where texts begin, `sentences` where sentences do,
    ascending.
    """

    lookup: Lookup
    texts: Array
    sentences: Callable[[], Array]


def leaves(expression: Expression) -> Iterator[Leaf]:
    match expression:
        case Either(parts) | Sequence(parts) | Close(parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield expression


def phrase_text(expression: Expression) -> str | None:
    """The expression as a text that no other has; None for one of more than words side by side."""
    match expression:
        case Term(term):
            return term
        case Unchanged(term):
            return f'"{term}"'
        case Either(parts) | Sequence(parts):
            texts = [text for part in parts if (text := phrase_text(part)) is not None]
            between = "|" if isinstance(expression, Either) else " "
            return f"({between.join(texts)})" if len(texts) == len(parts) else None
        case _:
            return None


def spans(expression: Expression, places: Places) -> Spans:
    """Every stretch that answers the expression; of `Close`, those of its parts that are close to the
    others.
    """
    match expression:
        case Either(parts):
            return _united(spans(part, places) for part in parts)
        case Sequence(parts):
            return reduce(_side_by_side, (spans(part, places) for part in parts))
        case Close(parts, distance, ordered, in_sentence):
            found = [spans(part, places) for part in parts]
            if distance is not None:
                return _united(_near(found, distance, ordered=ordered))
            bounds = places.sentences() if in_sentence else places.texts
            return _united(_in_one_stretch(found, bounds, ordered=ordered))
        case _:
            return _cleaned({1: places.lookup(expression)})


def _cleaned(found: Spans) -> Spans:
    return {length: starts for length, starts in found.items() if starts}


def _united(several: "Iterator[Spans] | list[Spans]") -> Spans:
    united: Spans = {}
    for found in several:
        for length, starts in found.items():
            united[length] = united[length] | starts if length in united else starts
    return united


def _side_by_side(first: Spans, following: Spans) -> Spans:
    joined: Spans = {}
    for length, starts in first.items():
        for more, its_starts in following.items():
            both = starts & its_starts.shift(-length)
            if both:
                joined[length + more] = joined.get(length + more, BitMap()) | both
    return joined


def _near(parts: list[Spans], distance: int, *, ordered: bool) -> list[Spans]:
    """Of each part what is near to the next part, and this to the one after it; all or nothing is left."""
    kept = [parts[0]]
    for part in parts[1:]:
        kept.append(_beside(part, kept[-1], distance, behind=True, before=not ordered))
    for at in range(len(kept) - 2, -1, -1):
        kept[at] = _beside(kept[at], kept[at + 1], distance, behind=not ordered, before=True)
    return kept if all(kept) else []


def _beside(part: Spans, others: Spans, distance: int, *, behind: bool, before: bool) -> Spans:
    """Of `part` what begins at most `distance` words behind the end of one of `others`, or ends so before
    one.
    """
    reached = BitMap()
    if behind:
        for length, starts in others.items():
            reached |= _reached(starts.shift(length - 1), distance, 1)
    reached_before = BitMap()
    if before:
        for starts in others.values():
            reached_before |= _reached(starts, distance, -1)
    found = {
        length: (starts & reached) | (starts & reached_before.shift(1 - length))
        for length, starts in part.items()
    }
    return _cleaned(found)


def _reached(positions: BitMap, distance: int, direction: int) -> BitMap:
    """The positions 1 to `distance` behind those given, or before them where `direction` is -1."""
    reached, width = positions.shift(direction), 1
    while width < distance:
        step = min(width, distance - width)
        reached |= reached.shift(direction * step)
        width += step
    return reached


def _in_one_stretch(parts: list[Spans], bounds: Array, *, ordered: bool) -> list[Spans]:
    """Of each part what is in a text or sentence that has all parts; with `ordered`, one behind the other."""
    if ordered:
        for at in range(1, len(parts)):
            parts[at] = _beyond(parts[at], parts[at - 1], bounds, behind=True)
        for at in range(len(parts) - 2, -1, -1):
            parts[at] = _beyond(parts[at], parts[at + 1], bounds, behind=False)
    common = reduce(np.intersect1d, (_stretches(_starts(part), bounds) for part in parts))
    kept: list[Spans] = []
    for part in parts:
        starts = _starts(part)
        inside = BitMap(starts[np.isin(_stretches(starts, bounds), common)].astype(np.uint32))
        kept.append(_cleaned({length: begins & inside for length, begins in part.items()}))
    return kept if all(kept) else []


def _beyond(part: Spans, other: Spans, bounds: Array, *, behind: bool) -> Spans:
    """Of `part` what begins behind the first end of `other` in its stretch, or ends before the last
    beginning.
    """
    limit = np.full(len(bounds) + 1, np.iinfo(np.int64).max if behind else -1, np.int64)
    for length, begins in other.items():
        starts = np.array(begins, np.int64)
        if behind:
            np.minimum.at(limit, _stretches(starts, bounds), starts + length - 1)
        else:
            np.maximum.at(limit, _stretches(starts, bounds), starts)
    found: Spans = {}
    for length, begins in part.items():
        starts = np.array(begins, np.int64)
        theirs = limit[_stretches(starts, bounds)]
        fits = starts > theirs if behind else starts + length - 1 < theirs
        found[length] = BitMap(starts[fits].astype(np.uint32))
    return _cleaned(found)


def _starts(part: Spans) -> Array:
    return np.array(reduce(or_, part.values(), BitMap()), np.int64)


def _stretches(starts: Array, bounds: Array) -> Array:
    """The number of the text or sentence of each position."""
    return np.searchsorted(bounds, starts, "right")
