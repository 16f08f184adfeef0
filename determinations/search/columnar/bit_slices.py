"""How often frequent words or pairs are in documents, as bitmaps of the binary digits of these numbers.

The first bitmap of a row has the documents that hold it an odd number of times, the second those whose number
has a second binary digit, and so on. How often a row is in a set of documents is then a sum of the sizes of
intersections, each of which weighs twice as much as the one before (bit-sliced indexes: O'Neil and Quass,
"Improved Query Performance with Variant Indexes", 1997). A bitmap of 65,536 documents is intersected in less
than a microsecond, so frequent rows cost a hundredth of what reading their postings does; two bytes for each
document at most, an eighth for the most frequent.

    NAME.rows     which rows have bitmaps, ascending
    NAME.digits   how many each of them has
    NAME.bitmaps  all bitmaps one after the other, in roaring's portable format
    NAME.offsets  where each begins in NAME.bitmaps; one more entry for the end
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from pyroaring import BitMap

from determinations.search.analysis import is_mark
from determinations.search.columnar.address_blocks import Postings
from determinations.search.columnar.array_file import Array, ArrayFileWriter, bounded_runs, smallest_unsigned
from determinations.search.columnar.bitmaps import from_mask, from_sorted
from determinations.search.columnar.columns import TermColumns

MANY_WORDS = 1 << 21
"""A segment with fewer words has no bitmaps: reading its texts takes a tenth of a second."""
ROWS_IN_ONE_OF = 256
"""A row has bitmaps where it has a posting for each so many documents: below that, postings are as fast."""
_DENSE = 1 << 2
"""Where a row has one of so many documents, numbers for all documents take less time than a list of those."""
_BYTES_AT_A_TIME = 1 << 22


def fewest_postings(document_count: int) -> int:
    """With so many a row has bitmaps."""
    return document_count // ROWS_IN_ONE_OF + 1


class BitSliceWriter:
    """Collects the bitmaps of rows in a file that has no name, so that other columns are written meanwhile.

    `folder` says on which disk. Use as a context manager.
    """

    def __init__(self, folder: Path, document_count: int) -> None:
        self._document_count = document_count
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._rows: list[int] = []
        self._digits: list[int] = []
        self._sizes: list[int] = []

    def __enter__(self) -> "BitSliceWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: int, documents: Array, times: Array) -> None:
        """The row's documents, ascending, and how often each has it. Rows come in ascending order."""
        most = int(times.max(initial=0))
        digits = most.bit_length()
        weights = [1 << digit for digit in range(digits)]
        if len(documents) * _DENSE >= self._document_count:
            every = np.zeros(self._document_count, smallest_unsigned(most))
            every[documents] = times
            bitmaps = (from_mask(every & weight) for weight in weights)
        else:
            bitmaps = (from_sorted(documents[times & weight > 0]) for weight in weights)
        self._sizes += [self._file.write(bitmap.serialize()) for bitmap in bitmaps]
        self._rows.append(row)
        self._digits.append(digits)

    def write(self, out: ArrayFileWriter, name: str) -> None:
        self._file.seek(0)
        out.write_parts(f"{name}.bitmaps", iter(lambda: self._file.read(_BYTES_AT_A_TIME), b""))
        out.write_offsets(f"{name}.offsets", self._sizes)
        out.write(f"{name}.rows", np.array(self._rows, np.uint32))
        out.write(f"{name}.digits", np.array(self._digits, np.uint8))


def write_word_slices(
    out: ArrayFileWriter, field: str, terms: list[bytes], postings: Postings, document_count: int
) -> None:
    """The bitmaps of a field's frequent words, from its postings, and which terms are words and no marks."""
    is_word = np.fromiter((not is_mark(term.decode()) for term in terms), bool, len(terms))
    out.write(f"{field}.is_word", is_word)
    with BitSliceWriter(out.folder, document_count) as slices:
        counts = np.diff(postings.offsets.astype(np.int64))
        for row in np.flatnonzero(is_word & (counts >= fewest_postings(document_count))).tolist():
            its = slice(int(postings.offsets[row]), int(postings.offsets[row + 1]))
            slices.add(row, np.asarray(postings.documents[its]), np.asarray(postings.frequencies[its]))
        slices.write(out, f"{field}.word_slices")


class BitSlices:
    """The bitmaps `name` of a field."""

    def __init__(self, columns: TermColumns, name: str) -> None:
        self._columns = columns
        self._name = name
        self.rows = columns.whole(f"{name}.rows")

    def totals(self, several: Sequence[BitMap]) -> Array:
        """How often each of `rows` is in each of several sets of documents: a row for each set."""
        digits = self._columns.whole(f"{self._name}.digits").astype(np.int64)
        held = np.array(
            [[bitmap.intersection_cardinality(one) for one in several] for bitmap in self._bitmaps()],
            np.int64,
        ).reshape(-1, len(several))
        begins = np.cumsum(digits) - digits
        weights = np.int64(1) << (np.arange(len(held)) - np.repeat(begins, digits))
        until = np.zeros((len(several), len(held) + 1), np.int64)
        np.cumsum(held.T * weights, axis=1, out=until[:, 1:])
        totals: Array = until[:, begins + digits] - until[:, begins]
        return totals

    def _bitmaps(self) -> Iterator[BitMap]:
        offsets = self._columns.whole(f"{self._name}.offsets").astype(np.int64)
        for first, last in bounded_runs(offsets, _BYTES_AT_A_TIME):
            begin = int(offsets[first])
            entries = range(begin, int(offsets[last]))
            content = self._columns.part(f"{self._name}.bitmaps", entries)
            places = (offsets[first : last + 1] - begin).tolist()
            for start, end in pairwise(places):
                yield BitMap.deserialize(content[start:end].tobytes())
