"""Which terms of a field are within some edits of a word, found for all candidates at once."""

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from determinations.search.columnar.columns import TermColumns


def terms_within(columns: TermColumns, word: str, distance: int, prefix: int) -> list[int]:
    """Numbers of the terms that become `word` by at most `distance` letters added, dropped or changed.

    Only terms that share the first `prefix` letters are compared; with `prefix` 0 that is every term.
    """
    near = columns.with_prefix(word[:prefix].encode())
    held = columns.terms_in(near)
    if not held:
        return []
    edits = process.cdist([word], held, scorer=Levenshtein.distance, score_cutoff=distance, dtype=np.uint8)
    return [near[place] for place in np.flatnonzero(edits[0] <= distance).tolist()]
