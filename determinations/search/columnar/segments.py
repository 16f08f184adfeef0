"""Documents -> one segment's file, by sorting numbers: no work per word.

Each text is cut into chunks, and the chunks are looked up together in a table that knows their words as
numbers (`chunk_table`); the table serves every segment that one process builds. When the segment is written,
all (term, document, position) triples of a field are packed into 64 bits each and sorted at once
(`text_postings`). Memory is about 100 bytes for each word of the documents: the caller bounds it by deciding
when to write.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from determinations.search.analysis import case_term, is_mark
from determinations.search.columnar.address_blocks import Postings, write_addresses
from determinations.search.columnar.array_file import Array, ArrayFileWriter, smallest_unsigned, starts_run
from determinations.search.columnar.bitmaps import from_sorted
from determinations.search.columnar.chunk_table import ChunkTable, TermNumbers
from determinations.search.columnar.columns import (
    DOCUMENT_COLUMNS,
    FACET_FIELDS,
    FORWARD_FIELD,
    LENGTH_OF_BYTE,
    MOST_WORDS,
    columns_path,
)
from determinations.search.columnar.commits import Segment
from determinations.search.columnar.known_phrases import write_known_phrases
from determinations.search.columnar.text_postings import FieldTexts, TableArrays, TextPostings, ranked
from determinations.search.facets import INDEXED
from determinations.search.index_errors import IndexLimitError
from determinations.search.index_fields import (
    CASE,
    CASE_ORDER,
    DATE,
    FINGERPRINT,
    KEY,
    LEVEL_ORDER,
    date_field,
    facet_field,
    words_field,
)
from determinations.search.interface import IndexDocument, LetterDate
from determinations.search.query.nodes import SEARCHED_FIELDS

MOST_CHUNKS = 250_000
"""How many chunks a table may bring into a new segment: about 50 MB."""


class _Values:
    """The terms of a field that is not cut into words: a case number, or the values of a facet."""

    def __init__(self) -> None:
        self.numbers = TermNumbers()
        self.terms, self._documents, self._counts = array("I"), array("I"), array("I")

    def add(self, document: int, values: Collection[str]) -> None:
        """`values` are distinct."""
        self.terms.extend(map(self.numbers.__getitem__, values))
        self._documents.append(document)
        self._counts.append(len(values))

    def documents(self) -> Array:
        """The document of each term."""
        return np.repeat(np.asarray(self._documents, np.uint64), np.asarray(self._counts))


class SegmentBuilder:
    """Collects documents; `write` makes a segment of them. One builder makes one segment.

    Builders that follow one another may share a table of chunks, which then need not be analyzed again.
    """

    def __init__(self, table: ChunkTable | None = None) -> None:
        self._table = ChunkTable() if table is None else table
        if len(self._table) > MOST_CHUNKS:
            self._table.clear()
        self._texts = {name: FieldTexts(self._table) for name in SEARCHED_FIELDS}
        self._values = {name: _Values() for name in (CASE, *(facet_field(facet.name) for facet in INDEXED))}
        self._facets = {facet.name: self._values[facet_field(facet.name)] for facet in INDEXED}
        self._numbers: list[tuple[int, ...]] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, document: IndexDocument) -> None:
        number = len(self)
        for name, texts in self._texts.items():
            texts.add(getattr(document, name))
        if document.case:
            self._values[CASE].add(number, (case_term(document.case),))
        for facet, values in document.facets.items():
            if values:
                self._facets[facet].add(number, dict.fromkeys(values))
        self._numbers.append(_numbers_of(document))

    def write(self, directory: Path, segment_id: str, *, to_be_merged: bool = False) -> Segment:
        """Write the segment's file. Raises IndexLimitError for a text of too many words.

        One that is `to_be_merged` at once has only what merging reads, and need not outlive a crash.
        """
        chunks = {name: texts.chunks() for name, texts in self._texts.items()}
        terms, table = TableArrays.of(self._table, [one.numbers for one in chunks.values()])
        lengths: dict[str, int] = {}
        with ArrayFileWriter(columns_path(directory, segment_id), is_kept=not to_be_merged) as out:
            columns = np.array(self._numbers, np.int64).reshape(-1, len(_NUMBERS)).T
            numbers = dict(zip(_NUMBERS, columns, strict=True))
            for name, kind in DOCUMENT_COLUMNS.items():
                out.write(name, numbers[name].astype(kind))
            for name, its_chunks in chunks.items():
                texts = TextPostings(its_chunks, table)
                counts = np.diff(texts.term_offsets)
                if counts.max(initial=0) >= MOST_WORDS:
                    key = numbers[KEY][counts.argmax()]
                    raise IndexLimitError(
                        f"The {name} of item {key} has {counts.max():,} words; the search index "
                        f"takes fewer than {MOST_WORDS:,}. Shorten the letter or delete it, then try again."
                    )
                lengths[name] = int(counts.sum())
                its_lengths = length_bytes(counts)
                out.write(f"{name}.length", its_lengths)
                held, postings = _write_scored(out, name, terms, texts, len(self))
                if not to_be_merged:
                    frequencies, position_counts = (
                        np.diff(postings.offsets),
                        np.diff(postings.position_offsets),
                    )
                    write_words(out, name, held, frequencies, position_counts)
                    write_addresses(out, name, its_lengths, postings)
                if name == FORWARD_FIELD:
                    _write_forward(out, name, texts, len(held))
            for name, values in self._values.items():
                distinct, column = ranked(values.numbers, values.terms, slice(None))
                starts, holding = _write_plain(out, name, distinct, column, values.documents())
                if name in FACET_FIELDS and not to_be_merged:
                    write_bitmaps(out, name, holding, starts)
            if not to_be_merged:
                write_known_phrases(out, lengths)
        return Segment(segment_id, out.digest, len(self), lengths)


_DATES = tuple(LetterDate)
_NUMBERS = (KEY, FINGERPRINT, DATE, LEVEL_ORDER, CASE_ORDER, *map(date_field, _DATES))


def _numbers_of(document: IndexDocument) -> tuple[int, ...]:
    """The document's entries in the columns `_NUMBERS`."""
    return (
        document.key,
        document.fingerprint,
        document.date,
        document.level_order,
        document.case_order,
        *[document.dates.get(date, 0) for date in _DATES],
    )


def length_bytes(lengths: Array) -> Array:
    """Field lengths as Whoosh keeps them: the smallest byte that stands for at least the length."""
    return np.minimum(np.searchsorted(LENGTH_OF_BYTE, lengths), 255).astype(np.uint8)


def _write_scored(
    out: ArrayFileWriter, field: str, terms: list[bytes], texts: TextPostings, documents: int
) -> tuple[list[bytes], Postings]:
    """Postings with positions of a text field: terms by rank in text order, and where each of them is.

    Returns the terms that the field has, and what was written of them.
    """
    document_bits = np.uint64(max(documents - 1, 0).bit_length())
    position_bits = np.uint64(texts.largest_position.bit_length())
    if len(terms).bit_length() + int(document_bits) + int(position_bits) > 64:
        raise IndexLimitError(
            f"{documents:,} documents with {len(terms):,} terms and up to "
            f"{texts.largest_position + 1:,} words in “{field}” do not fit into one segment, which has 64 "
            "bits for each word. Index fewer at a time."
        )
    packed = texts.packed(int(document_bits), int(position_bits))
    packed.sort()
    positions_column = (packed & ((np.uint64(1) << position_bits) - np.uint64(1))).astype(
        smallest_unsigned(texts.largest_position)
    )
    packed >>= position_bits
    first_positions = np.flatnonzero(starts_run(packed))
    postings = packed[first_positions]
    held, offsets, holding = _write_terms(out, field, terms, postings, document_bits)
    term_frequencies = np.diff(first_positions, append=len(packed))
    out.write(
        f"{field}.term_frequencies",
        term_frequencies.astype(smallest_unsigned(int(term_frequencies.max(initial=0)))),
    )
    position_offsets = np.append(first_positions, len(packed))[offsets]
    out.write(f"{field}.position_offsets", position_offsets.astype(smallest_unsigned(len(packed))))
    out.write(f"{field}.positions", positions_column)
    return held, Postings(offsets, position_offsets, holding, term_frequencies, positions_column)


def _write_forward(out: ArrayFileWriter, field: str, texts: TextPostings, term_count: int) -> None:
    """The documents' words in the order of the text: see `columns`."""
    entries, offsets = texts.forward(forward_type(term_count))
    out.write(f"{field}.forward", entries)
    out.write(f"{field}.forward_offsets", offsets.astype(smallest_unsigned(len(entries))))


def forward_type(term_count: int) -> np.dtype[Any]:
    """The type of the entries of a forward column: a term's number and one bit."""
    return smallest_unsigned(2 * term_count)


def _write_plain(
    out: ArrayFileWriter, field: str, terms: list[bytes], ranks: Array, documents: Array
) -> tuple[Array, Array]:
    """Postings without positions: each document once per term.

    Returns where each term's documents begin, and the documents.
    """
    document_bits = np.uint64(int(documents.max(initial=0)).bit_length())
    packed = (ranks << document_bits) | documents
    packed.sort()
    _, starts, holding = _write_terms(out, field, terms, packed[starts_run(packed)], document_bits)
    return starts, holding


def _write_terms(
    out: ArrayFileWriter, field: str, terms: list[bytes], postings: Array, document_bits: np.uint64
) -> tuple[list[bytes], Array, Array]:
    """Dictionary and documents of sorted (term rank, document) pairs.

    Returns the terms, where each one's documents begin, and the documents.
    """
    ranks = postings >> document_bits
    first = np.flatnonzero(starts_run(ranks))
    starts = np.append(first, len(postings))
    documents = (postings & ((np.uint64(1) << document_bits) - np.uint64(1))).astype(np.uint32)
    held = [terms[rank] for rank in ranks[first].tolist()]
    write_dictionary(out, field, held)
    out.write(f"{field}.offsets", starts.astype(smallest_unsigned(len(postings))))
    out.write(f"{field}.doc_ids", documents)
    return held, starts, documents


def write_words(
    out: ArrayFileWriter, field: str, terms: list[bytes], frequencies: Array, position_counts: Array
) -> None:
    """A text field's words as they are written, each with the number of the term that has its postings.

    `frequencies` and `position_counts` say in how many documents each term is, and how often. How often a
    stem is the word itself is what its further terms leave of it.
    """
    first, last = bisect_left(terms, b"="), bisect_left(terms, b">")  # the further terms
    numbers = dict(zip(terms, range(len(terms)), strict=True))
    unchanged = position_counts.astype(np.int64)
    sources: dict[bytes, int] = {}
    stems: list[int] = []
    for number, term in enumerate(terms[first:last], first):
        stem, _, word = term[1:].rpartition(b"=")
        stems.append(numbers[stem])
        sources[word] = number
    np.subtract.at(unchanged, stems, position_counts[first:last])
    unchanged[first:last] = position_counts[first:last]
    for number in np.flatnonzero(unchanged > 0).tolist():
        if not first <= number < last and not is_mark(terms[number].decode()):
            sources.setdefault(terms[number], number)
    words = sorted(sources)
    places = np.fromiter(map(sources.__getitem__, words), np.int64, len(words))
    documents, left, every = (
        frequencies[places],
        np.array(unchanged, np.int64)[places],
        position_counts[places],
    )
    some = np.clip(documents * left // np.maximum(every, 1), 1, np.maximum(documents - 1, 1))
    about = np.where(left == every, documents, some)
    name = words_field(field)
    write_dictionary(out, name, words)
    out.write(f"{name}.sources", places.astype(smallest_unsigned(len(terms))))
    out.write(f"{name}.frequencies", about.astype(smallest_unsigned(int(about.max(initial=0)))))


def write_dictionary(out: ArrayFileWriter, field: str, terms: list[bytes]) -> None:
    """The field's terms, which must be distinct and in byte order."""
    lexicon = b"\n".join((*terms, b""))
    if lexicon.count(b"\n") != len(terms):
        raise ValueError(f"a value of the field {field} holds a line feed, which parts values in the index")
    out.write(f"{field}.terms", np.frombuffer(lexicon, np.uint8))
    out.write_offsets(f"{field}.term_offsets", np.fromiter(map(len, terms), np.int64, len(terms)) + 1)


def write_bitmaps(out: ArrayFileWriter, field: str, ids: Array, starts: Array) -> None:
    """Each term's documents, `ids` from its start to the next, as a bitmap."""
    sets = [from_sorted(ids[start:end]) for start, end in pairwise(starts.tolist())]
    for one in sets:
        one.run_optimize()
    written = [one.serialize() for one in sets]
    out.write(f"{field}.bitmaps", np.frombuffer(b"".join(written), np.uint8))
    out.write_offsets(f"{field}.bitmap_offsets", list(map(len, written)))
