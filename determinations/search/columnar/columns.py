"""A segment's columns: what each indexed field holds, term by term, and what each document holds.

Per indexed field F, terms in byte order and the postings of all terms one after another:

    F.terms             the terms, each followed by a line feed
    F.term_offsets      where each term begins in F.terms; one more entry for the end
    F.offsets           where each term's postings begin in F.doc_ids; one more entry for the end
    F.doc_ids           document numbers, ascending within a term
    F.term_frequencies  how often the term is in the document (scored fields only)
    F.position_offsets  where each term's positions begin in F.positions; one more entry for the end
    F.positions         word positions, ascending within a document: as many for each posting as its
                        term frequency says
    F.address_terms     the numbers of the terms that are in many places, if there are any
    F.addresses         the addresses of these (see `address_blocks`) as roaring bitmaps: of each term in the
                        first block of documents, then of each in the second, and so on
    F.address_offsets   where each bitmap begins in F.addresses; one more entry for the end
    F.address_documents, F.address_document_offsets   the documents of these terms, as roaring bitmaps
    F.address_layout    where each block of documents begins, and how many addresses a document takes
    F.phrases           names of several words, in a large segment (see `known_phrases`), each followed by a
                        line feed
    F.phrase_occurrences   of each name its documents as a roaring bitmap, then how often it is in each, as
                        unsigned numbers of one width
    F.phrase_offsets    where each of these two begins, name by name; one more entry for the end
    F.bitmaps           facets only: each term's documents once more, as a roaring bitmap that opens at once
    F.bitmap_offsets    where each term's bitmap begins in F.bitmaps; one more entry for the end

For the rationale (FORWARD_FIELD) its words once more, document by document in the order of the text:

    F.forward           the number of the word's term, twice, plus 1; without the 1 for a further term at the
                        same position. Terms that only searches need are left out.
    F.forward_offsets   where each document's words begin in F.forward; one more entry for the end

For the rationale in a large segment, how often its words are in documents, and its pairs of words:

    F.is_word           for each term whether it is a word, and none that only searches need
    F.word_slices.*     bitmaps of frequent words: see `bit_slices`
    F.paired, F.alternatives, F.pair_*, F.rare_pair_*   see `pairs`

Per text field F, its words as they are written, with the postings of F's terms (W is `words_field(F)`):

    W.terms, W.term_offsets   the words, as above
    W.sources                 the number of the term of F that has the word's postings
    W.frequencies             about how many documents have the word

Per document: F.length (one byte, in Whoosh's approximation) for scored fields, and the plain columns.

Terms, offsets and columns of documents are kept in memory once they were asked for, for all threads of the
process: about 20 bytes for each term and 30 for each document. Postings are read from the file, those that
were read last from memory. Finding a term takes log(terms) comparisons. Everything here is immutable and may
be shared between threads.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from pyroaring import BitMap
from whoosh.util.numeric import _length_byte_cache

from determinations.search.analysis import written_term
from determinations.search.columnar.array_file import Array, ArrayFile, joined
from determinations.search.columnar.bitmaps import from_sorted
from determinations.search.columnar.cache import Cache
from determinations.search.facets import INDEXED
from determinations.search.index_fields import (
    CASE,
    CASE_ORDER,
    DATE,
    FINGERPRINT,
    KEY,
    LEVEL_ORDER,
    WORDS_FIELDS,
    date_field,
    facet_field,
    words_field,
)
from determinations.search.interface import LetterDate
from determinations.search.query.nodes import SEARCHED_FIELDS

SCORED_FIELDS = SEARCHED_FIELDS
FACET_FIELDS = tuple(facet_field(facet.name) for facet in INDEXED)
PLAIN_FIELDS = (CASE, *FACET_FIELDS)
FORWARD_FIELD = "rationale"
"""The field whose words are counted, for whatever documents."""
INDEXED_FIELDS = (*SCORED_FIELDS, *WORDS_FIELDS, *PLAIN_FIELDS)
RECENT_BYTES = 8 << 20
"""Of a segment's postings that were read last: finding, scoring and nearness read the same in turn."""
_STEP = 64
"""Of so many terms one is kept at hand, between which a term is looked for."""
_MARKED = b"="
"""What the further terms of words begin with: see `analysis.written_term`."""
_TEXT_OF_WORDS = {words_field(name): name for name in SCORED_FIELDS}
LENGTH_OF_BYTE = np.array(_length_byte_cache, np.float32)
"""Whoosh keeps a field's length in one byte; this is the length that each byte stands for."""
MOST_WORDS = 1 << 22
"""A text of so many words cannot be indexed: a position takes 22 bits at most (see `segments`)."""
DOCUMENT_COLUMNS = {
    **dict.fromkeys((KEY, FINGERPRINT, CASE_ORDER), "<i8"),
    **dict.fromkeys((DATE, *map(date_field, LetterDate), LEVEL_ORDER), "<i4"),
}


_LETTER = np.zeros(256, np.uint32)
_LETTER[ord("a") : ord("z") + 1] = 1 << np.arange(26, dtype=np.uint32)


def letter_set(term: bytes) -> np.uint32:
    """The letters from a to z that are in the term, a bit each."""
    return np.uint32(np.bitwise_or.reduce(_LETTER.take(np.frombuffer(term, np.uint8))))


def columns_path(directory: Path, segment_id: str) -> Path:
    return directory / f"{segment_id}.columns"


class TermColumns:
    """One indexed field of a segment. A term is known by its number, 0 to len - 1.

    Methods that give postings take the first term and the one behind the last; `last` left out is one term.
    """

    def __init__(self, file: ArrayFile, field: str, recent: Cache) -> None:
        self._open(file, field)
        self._recent = recent
        self.offsets = file[f"{field}.offsets"]

    def _open(self, file: ArrayFile, field: str) -> None:
        self._file = file
        self._field = field
        self._terms = file.part(f"{field}.terms", 0, file.length(f"{field}.terms")).tobytes()
        self._term_offsets = file[f"{field}.term_offsets"]

    def __len__(self) -> int:
        return len(self._term_offsets) - 1

    def term(self, number: int) -> bytes:
        return self._text(number, number + 1)

    def terms(self) -> Iterator[bytes]:
        return iter(self._text(0, len(self)).split(b"\n") if len(self) else ())

    def _text(self, first: int, last: int) -> bytes:
        """The terms `first` to `last` - 1, a line feed between them."""
        return self._terms[int(self._term_offsets[first]) : int(self._term_offsets[last]) - 1]

    @cached_property
    def letters(self) -> tuple[Array, Array]:
        """How many characters each term has, and its `letter_set`. 8 bytes for each term."""
        text = np.frombuffer(self._terms, np.uint8)
        starts = self._term_offsets[:-1].astype(np.intp)
        begins_character = (text & 0xC0) != 0x80
        characters = np.add.reduceat(begins_character, starts, dtype=np.int32) - 1  # without the line feed
        return characters, np.bitwise_or.reduceat(_LETTER.take(text), starts)

    def lower_bound(self, term: bytes) -> int:
        """The number of the first term that is not before `term` in byte order."""
        first, near = self._around(term)
        return first + bisect_left(near, term)

    def _around(self, term: bytes) -> tuple[int, list[bytes]]:
        """The terms between the signposts on either side of `term`, and the number of the first."""
        first = max(bisect_right(self._signposts, term) - 1, 0) * _STEP
        last = min(first + _STEP, len(self))
        return first, self._text(first, last).split(b"\n") if last else []

    @cached_property
    def _signposts(self) -> list[bytes]:
        return [self.term(number) for number in range(0, len(self), _STEP)]

    def find(self, term: bytes) -> int | None:
        number = self.lower_bound(term)
        return number if number < len(self) and self.term(number) == term else None

    def with_prefix(self, prefix: bytes) -> range:
        """The numbers of the terms that begin with `prefix`."""
        first, near = self._around(prefix)
        last = bisect_left(near, prefix + b"\xff")
        end = first + last if last < len(near) else self.lower_bound(prefix + b"\xff")
        return range(first + bisect_left(near, prefix), end)

    def terms_in(self, numbers: range) -> list[str]:
        """The terms of a range of numbers."""
        return self._text(numbers.start, numbers.stop).decode().split("\n") if numbers else []

    def containing(self, letters: bytes, numbers: range) -> list[int]:
        """The numbers, out of a range of them, of the terms that contain `letters`."""
        if not letters or not numbers:
            return list(numbers)
        text = self._text(numbers.start, numbers.stop) + b"\n"
        found = []
        at = text.find(letters)
        while at >= 0:
            found.append(at)
            at = text.find(letters, text.index(b"\n", at))
        starts = self._term_offsets[numbers.start : numbers.stop] - self._term_offsets[numbers.start]
        return [numbers.start + int(after) - 1 for after in np.searchsorted(starts, found, "right")]

    def document_frequency(self, number: int) -> int:
        """How many documents contain the term, deleted ones included."""
        return int(self.offsets[number + 1]) - int(self.offsets[number])

    def document_frequencies(self, numbers: range) -> Array:
        """The same of each term of a range of numbers."""
        return np.diff(self.offsets[numbers.start : numbers.stop + 1])

    def place_count(self, number: int) -> int:
        """In how many places the term stands, in deleted documents too."""
        return int(self.position_offsets[number + 1]) - int(self.position_offsets[number])

    def total_frequency(self, numbers: range | list[int]) -> int:
        """The document frequencies of some terms together."""
        terms = np.asarray(numbers, np.intp)
        return int((self.offsets[terms + 1].astype(np.int64) - self.offsets[terms]).sum())

    def documents_with_any(self, numbers: range | list[int]) -> list[Array]:
        """Arrays whose entries together are the documents that have one of the terms, some more than once.

        `numbers` ascend.
        """
        terms = np.asarray(numbers, np.intp)
        runs = np.split(terms, np.flatnonzero(np.diff(terms) > 1) + 1)
        return [self.doc_ids(int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]

    def doc_ids(self, first: int, last: int | None = None) -> Array:
        return self._postings("doc_ids", self.offsets, first, last)

    def term_frequencies(self, first: int, last: int | None = None) -> Array:
        return self._postings("term_frequencies", self.offsets, first, last)

    def positions(self, first: int, last: int | None = None) -> Array:
        return self._postings("positions", self.position_offsets, first, last)

    def unchanged(self, number: int) -> tuple[Array, Array]:
        """The documents in which a stem is a word itself, and in how many places of each.

        These are the places that its further terms leave of it.
        """
        ids, times = self.doc_ids(number), self.term_frequencies(number)
        forms = self.with_prefix(written_term(self.term(number).decode(), "").encode())
        if not forms:
            return ids, times
        left = np.zeros(int(ids[-1]) + 1, np.int32)  # by document: looking for each form's takes longer
        left[ids] = times
        for form in forms:
            left[self.doc_ids(form)] -= self.term_frequencies(form)
        every = left.take(ids)
        return ids[every > 0], every[every > 0]

    def some_positions(self, number: int, first: int, count: int) -> Array:
        """A run of a term's positions; all of them are remembered for a while."""
        start, end = int(self.position_offsets[number]), int(self.position_offsets[number + 1])
        if count == end - start:
            return self.positions(number)
        return self.part("positions", range(start + first, start + first + count))

    def part(self, column: str, entries: range) -> Array:
        """Some entries of a column of the field, in whatever terms they are."""
        return self._file.part(f"{self._field}.{column}", entries.start, entries.stop)

    def _postings(self, column: str, offsets: Array, first: int, last: int | None) -> Array:
        if last is not None:
            return self._file.part(f"{self._field}.{column}", offsets[first], offsets[last])
        postings: Array = self._recent.get(
            (self._field, column, first),
            lambda: (self._file.part(f"{self._field}.{column}", offsets[first], offsets[first + 1]),),
        )[0]
        return postings

    @property
    def address_layout(self) -> Array:
        """See `address_blocks`; empty where no addresses are kept."""
        name = f"{self._field}.address_layout"
        return self._file[name] if name in self._file else np.empty(0, np.int64)

    def keeps_addresses(self, number: int) -> bool:
        return number in self._with_addresses

    def addresses(self, number: int, block: int) -> BitMap:
        """Where a term whose addresses are kept stands in a block of documents."""
        offsets = self._file[f"{self._field}.address_offsets"]
        at = block * len(self._with_addresses) + self._with_addresses[number]
        kept = self._file.part(f"{self._field}.addresses", offsets[at], offsets[at + 1])
        return BitMap.deserialize(kept.tobytes())

    def holding(self, number: int) -> BitMap:
        """The documents that have the term."""
        place = self._with_addresses.get(number)
        if place is None:
            return from_sorted(self.doc_ids(number))
        offsets = self._file[f"{self._field}.address_document_offsets"]
        kept = self._file.part(f"{self._field}.address_documents", offsets[place], offsets[place + 1])
        return BitMap.deserialize(kept.tobytes())

    def known_phrase(self, text: str) -> tuple[BitMap, Array] | None:
        """The documents in which a phrase is and how often it is in each, where the file has it
        (`known_phrases`)."""
        place = self._known_phrases.get(text)
        if place is None:
            return None
        begin, middle, end = self._file[f"{self._field}.phrase_offsets"][2 * place : 2 * place + 3].tolist()
        kept = self._file.part(f"{self._field}.phrase_occurrences", begin, end).tobytes()
        documents = BitMap.deserialize(kept[: middle - begin])
        width = (end - middle) // max(len(documents), 1)
        return documents, np.frombuffer(kept, f"<u{width or 1}", offset=middle - begin)

    @cached_property
    def _known_phrases(self) -> dict[str, int]:
        name = f"{self._field}.phrases"
        texts = self._file[name].tobytes().decode().split("\n")[:-1] if name in self._file else []
        return {text: place for place, text in enumerate(texts)}

    @cached_property
    def _with_addresses(self) -> dict[int, int]:
        """Terms in the order of their addresses. A small segment keeps none."""
        name = f"{self._field}.address_terms"
        terms = self._file[name].tolist() if name in self._file else []
        return {number: place for place, number in enumerate(terms)}

    @property
    def position_offsets(self) -> Array:
        return self._file[f"{self._field}.position_offsets"]

    @property
    def forward_offsets(self) -> Array:
        return self._file[f"{self._field}.forward_offsets"]

    def has(self, column: str) -> bool:
        return f"{self._field}.{column}" in self._file

    def whole(self, column: str) -> Array:
        """All entries of a column, read anew each time."""
        return self.part(column, range(self._file.length(f"{self._field}.{column}")))

    def dtype(self, column: str) -> np.dtype[Any]:
        """The type of a column's entries, which is as narrow as they allow."""
        return self._file.dtype(f"{self._field}.{column}")

    def documents(self, number: int) -> BitMap:
        """The documents that have a facet's value."""
        offsets = self._file[f"{self._field}.bitmap_offsets"]
        bitmap = self._file.part(f"{self._field}.bitmaps", offsets[number], offsets[number + 1])
        return BitMap.deserialize(bitmap.tobytes())


class WordColumns(TermColumns):
    """The words of a text field as they are written. Only documents are known of them, and no offsets.

    A word that is not its own stem is a further term of the field. One that is its own stem stands in the
    documents that have the stem more often than all of its further terms.
    """

    def __init__(self, file: ArrayFile, field: str, terms: TermColumns) -> None:
        self._open(file, words_field(field))
        self._of = terms
        self._sources = file[f"{self._field}.sources"]
        self._frequencies = file[f"{self._field}.frequencies"]

    def document_frequency(self, number: int) -> int:
        """About how many documents have the word; exact where each that has its stem has it."""
        return int(self._frequencies[number])

    def document_frequencies(self, numbers: range) -> Array:
        return self._frequencies[numbers.start : numbers.stop]

    def doc_ids(self, first: int, last: int | None = None) -> Array:
        return joined(
            [
                self._documents_of(source)
                for source in self._sources[first : first + 1 if last is None else last].tolist()
            ]
        )

    def total_frequency(self, numbers: range | list[int]) -> int:
        """The document frequencies of some words together."""
        return int(self._frequencies[np.asarray(numbers, np.intp)].sum(dtype=np.int64))

    def documents_with_any(self, numbers: range | list[int]) -> list[Array]:
        """Arrays whose entries together are the documents that have one of the words, some more than once.

        Where all forms of a stem are asked for, these are the documents that have the stem.
        """
        sources = np.sort(self._sources[np.asarray(numbers, np.intp)])
        is_read = np.ones(len(sources), bool)
        found: list[Array] = []
        for place, source in enumerate(sources.tolist()):
            stem = self._of.term(source)
            if stem.startswith(_MARKED):
                continue
            forms = self._of.with_prefix(written_term(stem.decode(), "").encode())
            first, last = np.searchsorted(sources, (forms.start, forms.stop))
            if last - first == len(forms):
                is_read[first:last] = False
            else:
                is_read[place] = False
                found.append(self._documents_of(source))
        return [*found, *self._of.documents_with_any(sources[is_read].tolist())]

    def _documents_of(self, source: int) -> Array:
        return self._of.unchanged(source)[0]


class SegmentColumns:
    """A segment's file, opened."""

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self._fields: dict[str, TermColumns] = {}
        self._recent = Cache(RECENT_BYTES, largest=RECENT_BYTES // 8)

    @classmethod
    def opened(cls, directory: Path, segment_id: str, digest: str) -> Self:
        """Raises IndexDamagedError where the file is not the one with this digest."""
        return cls(ArrayFile(columns_path(directory, segment_id), digest))

    @property
    def document_count(self) -> int:
        return self._file.length(KEY)

    def field(self, name: str) -> TermColumns:
        columns = self._fields.get(name)
        if columns is None:
            text = _TEXT_OF_WORDS.get(name)
            columns = (
                WordColumns(self._file, text, self.field(text))
                if text
                else TermColumns(self._file, name, self._recent)
            )
            self._fields[name] = columns
        return columns

    def lengths(self, field: str) -> Array:
        """Each document's length in a scored field, in Whoosh's one-byte approximation."""
        return self._file[f"{field}.length"]

    def document_column(self, name: str) -> Array:
        return self._file[name]

    @property
    def is_damaged(self) -> bool:
        """Whether reading has met damage: the file must be opened anew, in case it was mended."""
        return self._file.is_damaged

    def verify(self) -> None:
        """Read the whole file. Raises IndexDamagedError where a block is not what was written."""
        self._file.verify()
