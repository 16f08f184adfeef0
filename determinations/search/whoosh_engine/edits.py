"""Which terms of a field are within some edits of a word, found for all candidates at once."""

import numpy as np

from determinations.search.whoosh_engine.columns import TermColumns


def numbers_within(columns: TermColumns, word: str, distance: int, prefix: int) -> list[int]:
    """Numbers of the terms that become `word` by at most `distance` letters added, dropped or changed.

    Only terms that share the first `prefix` letters are looked at.
    """
    near = columns.beginning(word[:prefix].encode())
    candidates = [
        (number, term)
        for number, term in zip(near, columns.spelled(near), strict=True)
        if abs(len(term) - len(word)) <= distance
    ]
    if not candidates:
        return []
    edits = _edits([term for _, term in candidates], word)
    return [number for (number, _), count in zip(candidates, edits, strict=True) if count <= distance]


def _edits(terms: list[str], word: str) -> list[int]:
    """Levenshtein distance of each of `terms` to `word`."""
    written = np.array(terms)
    width = written.dtype.itemsize // 4
    letters = written.view(np.uint32).reshape(len(terms), width).T
    row = [np.full(len(terms), column, np.int16) for column in range(width + 1)]
    for number, letter in enumerate(word, 1):
        above, row = row, [np.full(len(terms), number, np.int16)]
        for column in range(width):
            changed = above[column] + (letters[column] != ord(letter))
            row.append(np.minimum(np.minimum(above[column + 1], row[column]) + 1, changed))
    lengths = np.fromiter(map(len, terms), np.intp, len(terms))
    return [int(count) for count in np.array(row)[lengths, np.arange(len(terms))]]
