"""Pairs of words that stand side by side, as postings: written for a large segment, from its texts.

Only pairs of content words (`function_words`) are kept, a quarter of all in letters. Written anew
with each large segment, so a pair has no number that merging would have to map. For the field F:

    F.paired             for each term whether its pairs are kept
    F.alternatives, F.alternative_offsets
                         where several terms stand at one position, the numbers of all of them: each such
                         combination has a number of its own behind those of the terms
    F.pair_first, F.pair_second
                         the two of each pair: numbers of terms or combinations, ascending
    F.pair_counts        how often each pair stands in the segment, deleted documents included
    F.pair_documents     where it stands: documents, ascending within a pair, one that has the pair several
                         times as often. Those of frequent pairs are left out, and are
    F.pair_slices        bitmaps instead (see `bit_slices`)
    F.rare_pair_first, F.rare_pair_second, F.rare_pair_counts, F.rare_pair_documents
                         the same of the pairs that stand there fewer than RARE times, which are most of all
                         and count seldom; but for those of combinations, and of terms that are in one

Writing takes some 4 microseconds for each document of 170 words. Memory is that of a million pairs, or of all
that begin with the most frequent word, and 12 bytes for each different pair; meanwhile the disk has a file of
8 bytes for each pair in the texts.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from determinations.search.columnar.array_file import (
    Array,
    ArrayFileWriter,
    bounded_runs,
    offsets_of,
    smallest_unsigned,
    starts_run,
)
from determinations.search.columnar.bit_slices import BitSliceWriter, fewest_postings
from determinations.search.function_words import is_content_word

logger = logging.getLogger(__name__)

RARE = 5
"""A question that asks for pairs with so many occurrences needs no rarer ones of a single segment."""
_WORDS_AT_A_TIME = 1 << 18
_PAIRS_AT_A_TIME = 1 << 20
_BYTES_AT_A_TIME = 1 << 22


class TooManyTermsError(Exception):
    """There are more different words than pairs have room for."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents one after the other, as `F.forward` has them, and where each begins; one more for the end."""

    words: Array
    offsets: Array

    @property
    def document_count(self) -> int:
        return len(self.offsets) - 1


class Positions:
    """Gives each position of texts the number of its term, or of the combination of its terms."""

    def __init__(self, paired: Array) -> None:
        self._term_count = len(paired)
        self._of_combinations: dict[bytes, int] = {}
        self._new: list[bool] = []
        self.paired = paired
        """For each number whether its pairs are kept."""

    @property
    def may_come_again(self) -> Array:
        """For each number whether its pairs may be pairs of the same terms as those of another."""
        marks = np.ones(len(self.paired), bool)
        marks[: self._term_count] = False
        marks[self.alternatives[0]] = True
        return marks

    @property
    def alternatives(self) -> tuple[Array, Array]:
        """The terms of all combinations, and where each one's begin."""
        combinations = [np.frombuffer(one, np.uint32) for one in self._of_combinations]
        offsets = offsets_of(list(map(len, combinations)))
        return np.concatenate([np.empty(0, np.uint32), *combinations]), offsets

    def numbers(self, words: Array) -> tuple[Array, Array]:
        """Of each position its number, and which of the words begin none."""
        begins = (words & 1).astype(bool)
        numbers = (words >> 1).astype(np.uint32, copy=False)
        further = np.flatnonzero(~begins)
        if not len(further):
            return numbers, further
        its_first = further[np.concatenate(([True], np.diff(further) > 1))] - 1
        lengths = np.diff(np.searchsorted(further, its_first), append=len(further)) + 1
        for length in np.unique(lengths).tolist():
            several = its_first[lengths == length]
            terms = numbers[several[:, None] + np.arange(length)]
            kind = np.uint64 if length == 2 else np.dtype((np.void, 4 * length))  # void is sorted slowly
            distinct, places = np.unique(terms.view(kind).ravel(), return_inverse=True)
            combinations = distinct.view((np.void, 4 * length)).tolist()
            numbers[several] = np.array(list(map(self._number, combinations)), np.uint32)[places]
        if self._new:
            self.paired = np.append(self.paired, self._new)
            self._new.clear()
        return numbers[begins], further

    def _number(self, combination: bytes) -> int:
        number = self._of_combinations.get(combination)
        if number is None:
            number = self._of_combinations[combination] = self._term_count + len(self._of_combinations)
            self._new.append(bool(self.paired[np.frombuffer(combination, np.uint32)].any()))
        return number


class _Packing:
    """A pair and a document in 64 bits, in this order: first, second, document."""

    def __init__(self, document_count: int) -> None:
        self._document_bits = np.uint64(document_count.bit_length())
        self._bits = np.uint64((64 - document_count.bit_length()) // 2)

    def require_room(self, number_count: int) -> None:
        """Raises TooManyTermsError where so many numbers do not fit."""
        if number_count > 1 << int(self._bits):
            raise TooManyTermsError

    def packed(self, first: Array, second: Array, documents: Array) -> Array:
        packed: Array = first.astype(np.uint64)
        packed <<= self._bits
        packed |= second
        packed <<= self._document_bits
        packed |= documents
        return packed

    def documents(self, packed: Array) -> Array:
        return (packed & ((np.uint64(1) << self._document_bits) - np.uint64(1))).astype(np.uint32)

    def pairs(self, packed: Array) -> Array:
        return packed >> self._document_bits

    def first(self, pairs: Array) -> Array:
        return (pairs >> self._bits).astype(np.uint32)

    def second(self, pairs: Array) -> Array:
        return (pairs & ((np.uint64(1) << self._bits) - np.uint64(1))).astype(np.uint32)


def write_pairs(
    out: ArrayFileWriter, field: str, terms: list[bytes], place_counts: Array, texts: Texts
) -> None:
    """The pairs of a segment; `place_counts` says in how many places each term is.

    None where it has more different words than their numbers have room for: two million, or one million from
    4,194,304 documents on. Pairs are then counted in the texts, which takes seconds.
    """
    paired = np.fromiter((is_content_word(term.decode()) for term in terms), bool, len(terms))
    positions, packing = Positions(paired), _Packing(texts.document_count)
    with (
        _Buckets(out.folder, place_counts * paired) as buckets,
        BitSliceWriter(out.folder, texts.document_count) as slices,
        TemporaryFile(dir=out.folder) as of_rare,
    ):
        try:
            for first, last in bounded_runs(texts.offsets, _WORDS_AT_A_TIME):
                buckets.add(*_pairs(texts, first, last, positions, packing))
        except TooManyTermsError:
            logger.warning(
                "Pairs of words are not kept for a segment: its %d words are too many for %d documents.",
                len(terms),
                texts.document_count,
            )
            return
        division = _Division(positions, packing, fewest_postings(texts.document_count), slices, of_rare)
        out.write_parts(f"{field}.pair_documents", map(division.add, buckets.sorted()), np.uint32)
        of_rare.seek(0)
        parts = iter(lambda: of_rare.read(_BYTES_AT_A_TIME), b"")
        out.write_parts(f"{field}.rare_pair_documents", parts, np.uint32)
        division.pairs.write(out, f"{field}.pair")
        division.rare.write(out, f"{field}.rare_pair")
        slices.write(out, f"{field}.pair_slices")
        alternatives, alternative_offsets = positions.alternatives
        out.write(f"{field}.paired", paired)
        out.write(f"{field}.alternatives", alternatives)
        out.write(f"{field}.alternative_offsets", alternative_offsets)


class _Buckets:
    """Packed pairs in a file without a name, in buckets by their first number, so that each can be sorted.

    `place_counts` says how often a term can be the first at most: about every second content word is
    followed by another. Combinations have a bucket of their own. Use as a context manager.
    """

    def __init__(self, folder: Path, place_counts: Array) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        before = np.cumsum(place_counts) - place_counts
        of_terms = before // (2 * _PAIRS_AT_A_TIME)
        self._count = int(of_terms.max(initial=0)) + 2
        self._of_terms = np.append(of_terms, self._count - 1).astype(smallest_unsigned(self._count))
        self._ends: list[Array] = []
        """Of each block of pairs where its part of each bucket ends."""

    def __enter__(self) -> "_Buckets":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, first: Array, packed: Array) -> None:
        buckets = self._of_terms.take(first, mode="clip")
        self._file.write(packed[np.argsort(buckets, kind="stable")].data)
        self._ends.append(np.cumsum(np.bincount(buckets, minlength=self._count)))

    def sorted(self) -> Iterator[Array]:
        """The content of each bucket that has some, ascending."""
        self._file.flush()
        lengths = np.array([int(ends[-1]) for ends in self._ends])
        if not lengths.any():
            return
        every = np.asarray(np.memmap(self._file, np.uint64, "r", 0, (int(lengths.sum()),)))
        begins = np.cumsum(lengths) - lengths
        cuts = [np.append(0, ends) + begin for ends, begin in zip(self._ends, begins, strict=True)]
        for number in range(self._count):
            content = np.concatenate([every[cut[number] : cut[number + 1]] for cut in cuts])
            content.sort()
            if len(content):
                yield content


class _Rows:
    """Pairs, ascending, and how often each stands in the segment."""

    def __init__(self) -> None:
        self._first: list[Array] = [np.empty(0, np.uint32)]
        self._second: list[Array] = [np.empty(0, np.uint32)]
        self._counts: list[Array] = [np.empty(0, np.uint32)]
        self.count = 0

    def add(self, first: Array, second: Array, counts: Array) -> None:
        self._first.append(first)
        self._second.append(second)
        self._counts.append(counts.astype(np.uint32))
        self.count += len(counts)

    def write(self, out: ArrayFileWriter, name: str) -> None:
        for column, parts in (
            ("first", self._first),
            ("second", self._second),
            ("counts", self._counts),
        ):
            entries = np.concatenate(parts)
            out.write(f"{name}_{column}", entries.astype(smallest_unsigned(int(entries.max(initial=0)))))


class _Division:
    """Divides the pairs of a segment into frequent ones, rare ones, and the others.

    Pairs that stand there at least `many` times go to `slices`, the documents of rare pairs to `of_rare`.
    """

    def __init__(
        self, positions: Positions, packing: _Packing, many: int, slices: BitSliceWriter, of_rare: IO[bytes]
    ) -> None:
        self.pairs, self.rare = _Rows(), _Rows()
        self._may_come_again = positions.may_come_again
        self._packing = packing
        self._many = many
        self._slices = slices
        self._of_rare = of_rare

    def add(self, packed: Array) -> bytes:
        """All of some pairs, ascending; returns the documents of those that are neither frequent nor rare."""
        every, documents = self._packing.pairs(packed), self._packing.documents(packed)
        begins = np.flatnonzero(starts_run(every))
        counts = np.diff(begins, append=len(every))
        first, second = self._packing.first(every[begins]), self._packing.second(every[begins])
        rare = (counts < RARE) & ~self._may_come_again[first] & ~self._may_come_again[second]
        frequent = ~rare & (counts >= self._many)
        rows = np.cumsum(~rare) - 1 + self.pairs.count
        for pair in np.flatnonzero(frequent).tolist():
            its = documents[begins[pair] : begins[pair] + counts[pair]]
            places = np.flatnonzero(starts_run(its))
            self._slices.add(int(rows[pair]), its[places], np.diff(places, append=len(its)))
        self.rare.add(first[rare], second[rare], counts[rare])
        self.pairs.add(first[~rare], second[~rare], counts[~rare])
        self._of_rare.write(documents[np.repeat(rare, counts)].data)
        return documents[np.repeat(~(rare | frequent), counts)].tobytes()


def _pairs(
    texts: Texts, first: int, last: int, positions: Positions, packing: _Packing
) -> tuple[Array, Array]:
    """The pairs in some documents, `first` to `last` - 1: of each its first number, and all of it packed."""
    offsets = texts.offsets[first : last + 1].astype(np.int64)
    words = np.asarray(texts.words[int(offsets[0]) : int(offsets[-1])])
    numbers, further = positions.numbers(words)
    paired = positions.paired
    packing.require_room(len(paired))
    ends = offsets - offsets[0]
    ends -= np.searchsorted(further, ends)
    keeps = np.append(paired.take(numbers), False)
    held = keeps[:-1] & keeps[1:]
    held[ends[1:][ends[1:] > 0] - 1] = False
    at = np.flatnonzero(held)
    documents = np.repeat(np.arange(first, last, dtype=np.uint32), np.diff(ends)).take(at)
    its_first = numbers.take(at)
    return its_first, packing.packed(its_first, numbers.take(at + 1), documents)
