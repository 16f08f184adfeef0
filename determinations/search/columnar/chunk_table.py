"""What is known of chunks, as numbers: texts in, the chunks' numbers out, most of them without a look at one.

`analysis` cuts a text into chunks and says what terms each has. A table remembers that for all segments that
one process builds. Nearly all chunks of a text were met before: these are looked up many at a time, by up to
15 bytes as two numbers of 64 bits, so that no string is made of them. What is left, the new, the long and
the few whose place is taken, is looked up one by one.
"""

from array import array
from collections.abc import Sequence

import numpy as np

from determinations.search.analysis import analyze, bridged, is_mark
from determinations.search.columnar.array_file import Array

_BLANKS = bytes(chr(code).isspace() for code in range(128)) + bytes(128)
"""By byte: whether it parts chunks. Of white space beyond ASCII `_encoded` leaves nothing."""
_LONGEST = 15
_KEPT = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
"""By a chunk's size: what of the eight bytes from its beginning on is its own."""
_KEPT_BEHIND = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(_LONGEST + 1)] + [0], np.uint64)
"""The same of the next eight. Size 16 is whatever is longer."""
_SIZES = np.array([size << 56 for size in range(_LONGEST + 1)] + [0], np.uint64)
"""By a chunk's size, to be added to the second key, which leaves a byte free for it."""
_PLACES = 20
_MIXED = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(64 - _PLACES)


class TermNumbers(dict[str, int]):
    """string -> a number, given in the order of appearance."""

    def __init__(self) -> None:
        super().__init__()
        self._encoded: list[bytes] = []

    def __missing__(self, string: str) -> int:
        self._encoded.append(string.encode())
        number = self[string] = len(self)
        return number

    def ranks(self, used: Array) -> tuple[list[bytes], Array]:
        """Of the strings whose numbers are `used`: them in byte order, and each one's place in that order."""
        encoded = self._encoded
        order = sorted(used.tolist(), key=encoded.__getitem__)
        ranks = np.zeros(len(encoded), np.uint64)
        ranks[order] = np.arange(len(order), dtype=np.uint64)
        return [encoded[number] for number in order], ranks


class ChunkTable(dict[str, int]):
    """chunk -> its number; the terms of chunk n are entries starts[n] to starts[n + 1] of the columns.

    `moves` is 1 for the own term of each word, and 0 for a further term at the same position. `written` is 0
    for further terms that are there for the sake of searches only.
    """

    def __init__(self) -> None:
        super().__init__()
        self.clear()

    def clear(self) -> None:
        super().clear()
        self.terms = TermNumbers()
        self.starts, self.term_column = array("Q", [0]), array("I")
        self.moves, self.written = array("B"), array("B")
        # Chunk n at n + 1; at 0 what no chunk is: its size would be 255.
        self._first_keys = np.zeros(1 << 10, np.uint64)
        self._second_keys = np.full(1 << 10, np.iinfo(np.uint64).max, np.uint64)
        self._at_place = np.zeros(1 << _PLACES, np.uint32)

    def __missing__(self, chunk: str) -> int:
        terms, entries, moves, written = self.terms, self.term_column, self.moves, self.written
        for token in analyze(chunk):
            entries.append(terms[token.term])
            moves.append(1)
            written.append(1)
            for term in token.others:
                entries.append(terms[term])
                moves.append(0)
                written.append(not is_mark(term))
        self.starts.append(len(self.term_column))
        number = self[chunk] = len(self.starts) - 2
        return number

    def numbers_of(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """The numbers of the chunks of some texts behind one another, and how many chunks each text has."""
        encoded = [_encoded(text) for text in texts]
        content = b"\n".join((b"", *encoded, b" " * 16))
        blank = np.frombuffer(content.translate(_BLANKS), bool)
        edges = np.flatnonzero(blank[1:] != blank[:-1]) + 1
        starts, ends = np.ascontiguousarray(edges[::2]), edges[1::2]
        sizes = ends - starts
        first, second = _keys(content, starts, sizes)
        places = (first * _MIXED[0] + second) * _MIXED[1] >> _SHIFT
        found = self._at_place.take(places.view(np.int64))
        is_known = self._first_keys.take(found) == first
        is_known &= self._second_keys.take(found) == second
        others = np.flatnonzero(~is_known)
        if len(others):
            numbers = [
                self[content[start:end].decode(errors="surrogatepass")]
                for start, end in zip(starts[others].tolist(), ends[others].tolist(), strict=True)
            ]
            found[others] = np.array(numbers, np.uint32) + np.uint32(1)
            others = others[sizes[others] <= _LONGEST]
            self._remember(places[others], found[others], first[others], second[others])
        found -= np.uint32(1)
        text_ends = np.cumsum([len(text) + 1 for text in encoded])
        return found, np.diff(np.searchsorted(starts, text_ends), prepend=0)

    def _remember(self, places: Array, entries: Array, first: Array, second: Array) -> None:
        """Let chunks be found by their keys, those whose places are free. The first that came stays."""
        if (more := len(self) + 1 - len(self._first_keys)) > 0:
            more += len(self._first_keys)
            self._first_keys = np.append(self._first_keys, np.zeros(more, np.uint64))
            self._second_keys = np.append(self._second_keys, np.zeros(more, np.uint64))
        self._first_keys[entries], self._second_keys[entries] = first, second
        is_free = self._at_place[places] == 0
        self._at_place[places[is_free]] = entries[is_free]


def _encoded(text: str) -> bytes:
    text = bridged(text)
    if not text.isascii():
        text = " ".join(text.split())
    return text.encode(errors="surrogatepass")


def _keys(content: bytes, starts: Array, sizes: Array) -> tuple[Array, Array]:
    """Two numbers for each chunk of up to 15 bytes that no other chunk has; for longer ones some numbers.

    16 bytes must be left behind the last chunk.
    """
    sixteen_from = np.ndarray((len(content) - 15,), "V16", content, strides=(1,))
    first, second = sixteen_from[starts].view("<u8").reshape(-1, 2).T
    first &= _KEPT.take(sizes, mode="clip")
    second &= _KEPT_BEHIND.take(sizes, mode="clip")
    second |= _SIZES.take(sizes, mode="clip")
    return first, second
