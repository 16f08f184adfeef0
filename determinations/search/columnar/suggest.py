"""Which terms of a field are within some edits of a word, found for all candidates at once."""

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from determinations.search.columnar.array_file import Array
from determinations.search.columnar.columns import TermColumns, letter_set


def terms_within(columns: TermColumns, word: str, distance: int, prefix: int) -> list[int]:
    """Numbers of the terms that become `word` by at most `distance` letters added, dropped or changed.

    Only terms that share the first `prefix` letters are compared; with `prefix` 0 that is every term. Of
    these, terms are read whose length and letters allow so few edits: one in a hundred.
    """
    near = columns.with_prefix(word[:prefix].encode())
    likely = near.start + np.flatnonzero(_may_be(columns, word, distance, near))
    if not len(likely):
        return []
    held = [columns.term(number).decode() for number in likely.tolist()]
    edits = process.cdist([word], held, scorer=Levenshtein.distance, score_cutoff=distance, dtype=np.uint8)
    found: list[int] = likely[edits[0] <= distance].tolist()
    return found


def _may_be(columns: TermColumns, word: str, distance: int, numbers: range) -> Array:
    """Which of the terms may become the word: an edit adds one letter at most, and drops one at most."""
    lengths, letters = columns.letters
    lengths, letters = lengths[numbers.start : numbers.stop], letters[numbers.start : numbers.stop]
    wanted = letter_set(word.encode())
    added, dropped = np.bitwise_count(wanted & ~letters), np.bitwise_count(letters & ~wanted)
    may_be: Array = np.abs(lengths - len(word)) <= distance
    may_be &= (added <= distance) & (dropped <= distance)
    return may_be
