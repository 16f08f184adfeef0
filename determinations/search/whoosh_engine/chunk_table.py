"""Strings as numbers while segments are built: chunks of text, and the words that each of them holds.

What is learnt of a chunk serves every segment that one process builds.
"""

from array import array

import numpy as np

from determinations.search.whoosh_engine.analysis import analyse
from determinations.search.whoosh_engine.array_file import Array

MOST_CHUNKS = 250_000
"""How many chunks a table may bring into a new segment: about 50 MB."""


class Numbers(dict[str, int]):
    """string -> a number, given in the order of appearance."""

    def __missing__(self, string: str) -> int:
        number = self[string] = len(self)
        return number

    def ranks(self, used: Array) -> tuple[list[bytes], Array]:
        """Of the strings whose numbers are `used`: them in byte order, and each one's place in that order."""
        strings = list(self)
        encoded = [strings[number].encode() for number in used.tolist()]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        ranks = np.zeros(len(strings), np.uint64)
        ranks[used[order]] = np.arange(len(order), dtype=np.uint64)
        return [encoded[place] for place in order], ranks


class ChunkTable(dict[str, int]):
    """chunk -> its number; the words of chunk n are entries starts[n] to starts[n + 1] of the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.clear()

    def clear(self) -> None:
        super().clear()
        self.terms, self.words = Numbers(), Numbers()
        self.starts, self.term_column, self.word_column = array("Q", [0]), array("I"), array("I")

    def __missing__(self, chunk: str) -> int:
        for token in analyse(chunk):
            self.term_column.append(self.terms[token.term])
            self.word_column.append(self.words[token.word])
        self.starts.append(len(self.term_column))
        number = self[chunk] = len(self.starts) - 2
        return number


def ranked(numbers: Numbers, column: "array[int]", used: Array | slice) -> tuple[list[bytes], Array]:
    """The strings that `used` entries of a column of numbers name, in byte order, and the column as ranks."""
    entries = np.asarray(column)
    named = np.zeros(len(numbers), bool)
    named[entries[used]] = True
    strings, ranks = numbers.ranks(np.flatnonzero(named))
    return strings, ranks[entries]
