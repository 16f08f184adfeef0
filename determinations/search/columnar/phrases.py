"""Where a phrase stands: words as sets of addresses, moved and intersected, a block of documents at a time.

The rarest words come first, and a block is left once nothing remains. The work is linear in the places of the
phrase's words.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from pyroaring import BitMap

from determinations.search.columnar.address_blocks import Occurrences
from determinations.search.columnar.array_file import joined
from determinations.search.columnar.snapshot import Snapshot

_Leaf = TypeVar("_Leaf", bound=Hashable)


def phrase_occurrences(snapshot: Snapshot, field: str, words: Sequence[str], slop: int) -> Occurrences:
    """The documents where each word stands at most `slop` positions after the last."""
    rarest_first = sorted(dict.fromkeys(words), key=lambda word: snapshot.place_count(field, word))
    parts: list[Occurrences] = []
    for block, base in snapshot.address_blocks(field, rarest_first):
        if slop == 1:
            begins = side_by_side(words, rarest_first, block.standing)
        else:
            begins = _within(words, rarest_first, block.standing, slop)
        if begins:
            parts.append(block.occurrences(begins, base))
    return Occurrences(joined([part.documents for part in parts]), joined([part.times for part in parts]))


def side_by_side(
    words: Sequence[_Leaf], rarest_first: Sequence[_Leaf], standing: Callable[[_Leaf], BitMap]
) -> BitMap:
    """The addresses of the first word wherever the words stand side by side in this order.

    More addresses than the phrase has words are free between two documents.
    """
    begins: BitMap | None = None
    for word in rarest_first:
        at = standing(word)
        for place, same in enumerate(words):
            if same == word:
                moved = at.shift(-place) if place else at
                begins = moved if begins is None else begins & moved
        if not begins:
            break
    return begins or BitMap()


def _within(
    words: Sequence[str], rarest_first: Sequence[str], standing: Callable[[str], BitMap], slop: int
) -> BitMap:
    """The addresses of the last word where each is at most `slop` behind the one before it."""
    sets: dict[str, BitMap] = {}
    for word in rarest_first:
        sets[word] = standing(word)
        if not sets[word]:
            return BitMap()
    ends = sets[words[0]]
    for word in words[1:]:
        ends = sets[word] & _after(ends, slop)
        if not ends:
            break
    return ends


def _after(ends: BitMap, slop: int) -> BitMap:
    """The addresses 1 to `slop` behind those of `ends`."""
    reached, width = ends.shift(1), 1
    while width < slop:
        step = min(width, slop - width)
        reached |= reached.shift(step)
        width += step
    return reached
