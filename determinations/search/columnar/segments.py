"""Documents -> one segment's file, by sorting numbers: no work per word but one look-up per chunk.

Each text is cut into chunks, and each chunk is looked up in a table that knows its words as numbers; the
table serves every segment that one process builds. When the segment is written, all (term, document,
position) triples of a field are packed into 64 bits each and sorted at once. Memory is about 100 bytes for
each word of the documents: the caller bounds it by deciding when to write.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from determinations.search.analysis import analyse, case_term, chunks, is_mark
from determinations.search.columnar.address_blocks import Postings, write_addresses
from determinations.search.columnar.array_file import Array, ArrayFileWriter, smallest_unsigned
from determinations.search.columnar.bitmaps import from_sorted
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


class TermNumbers(dict[str, int]):
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

    def __missing__(self, chunk: str) -> int:
        terms, entries, moves, written = self.terms, self.term_column, self.moves, self.written
        for token in analyse(chunk):
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


def ranked(numbers: TermNumbers, column: "array[int]", used: Array | slice) -> tuple[list[bytes], Array]:
    """The strings that `used` entries of a column of numbers name, in byte order, and the column as ranks."""
    entries = np.asarray(column)
    named = np.zeros(len(numbers), bool)
    named[entries[used]] = True
    strings, ranks = numbers.ranks(np.flatnonzero(named))
    return strings, ranks[entries]


class _Values:
    """The terms of a field that is not cut into words: a case number, or the values of a facet."""

    def __init__(self) -> None:
        self.numbers = TermNumbers()
        self.terms, self.documents = array("I"), array("I")

    def add(self, document: int, values: Iterable[str]) -> None:
        for value in values:
            self.terms.append(self.numbers[value])
            self.documents.append(document)


class SegmentBuilder:
    """Collects documents; `write` makes a segment of them. One builder makes one segment.

    Builders that follow one another may share a table of chunks, which then need not be analysed again.
    """

    def __init__(self, table: ChunkTable | None = None) -> None:
        self._table = ChunkTable() if table is None else table
        if len(self._table) > MOST_CHUNKS:
            self._table.clear()
        self._text_chunks = {name: array("I") for name in SEARCHED_FIELDS}
        self._text_ends = {name: array("Q") for name in SEARCHED_FIELDS}
        self._last_texts = dict.fromkeys(SEARCHED_FIELDS, "")
        self._values = {name: _Values() for name in (CASE, *(facet_field(facet.name) for facet in INDEXED))}
        self._numbers = {name: array("q") for name in DOCUMENT_COLUMNS}
        self._number_columns = [self._numbers[name] for name in _NUMBERS]

    def __len__(self) -> int:
        return len(self._numbers[KEY])

    def add(self, document: IndexDocument) -> None:
        number = len(self)
        for name in SEARCHED_FIELDS:
            text, column, ends = getattr(document, name), self._text_chunks[name], self._text_ends[name]
            if text == self._last_texts[name]:  # as the items of a letter have the same summary
                column.extend(column[ends[-2] if len(ends) > 1 else 0 :])
            else:
                column.extend(map(self._table.__getitem__, chunks(text)))
                self._last_texts[name] = text
            ends.append(len(column))
        if document.case:
            self._values[CASE].add(number, (case_term(document.case),))
        for facet, values in document.facets.items():
            self._values[facet_field(facet)].add(number, dict.fromkeys(values))
        for column, value in zip(self._number_columns, _numbers_of(document), strict=True):
            column.append(value)

    def write(self, directory: Path, segment_id: str) -> Segment:
        """Write the segment's file. Raises IndexLimitError for a text of too many words."""
        starts = np.asarray(self._table.starts).astype(np.int32)
        used = self._used_entries(starts)
        terms, term_column = ranked(self._table.terms, self._table.term_column, used)
        moves, written = np.asarray(self._table.moves), np.asarray(self._table.written)
        lengths: dict[str, int] = {}
        with ArrayFileWriter(columns_path(directory, segment_id)) as out:
            for name, kind in DOCUMENT_COLUMNS.items():
                out.write(name, np.asarray(self._numbers[name]).astype(kind))
            for name in SEARCHED_FIELDS:
                tokens, ends = _tokens(
                    np.asarray(self._text_chunks[name]), np.asarray(self._text_ends[name]), starts
                )
                counts = np.diff(ends, prepend=0)
                if counts.max(initial=0) >= MOST_WORDS:
                    key = self._numbers[KEY][int(counts.argmax())]
                    raise IndexLimitError(
                        f"The {name} of item {key} has {counts.max():,} words; the search index "
                        f"takes fewer than {MOST_WORDS:,}. Shorten the letter or delete it, then try again."
                    )
                lengths[name] = len(tokens)
                its_lengths = length_bytes(counts)
                out.write(f"{name}.length", its_lengths)
                documents = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
                positions = _positions(moves[tokens], ends)
                ranks = term_column[tokens]
                postings = _write_scored(out, name, terms, ranks, documents, positions)
                write_addresses(out, name, its_lengths, postings)
                if name == FORWARD_FIELD:
                    _write_forward(out, name, ranks, moves[tokens], written[tokens], ends)
            for name, values in self._values.items():
                distinct, column = ranked(values.numbers, values.terms, slice(None))
                _write_plain(out, name, distinct, column, np.asarray(values.documents).astype(np.uint64))
            write_known_phrases(out, lengths)
        return Segment(segment_id, out.digest, len(self), lengths)

    def _used_entries(self, starts: Array) -> Array:
        """Which entries of the table's columns this segment uses: few, once many segments have been built."""
        used = np.zeros(len(starts) - 1, bool)
        for column in self._text_chunks.values():
            used[np.asarray(column)] = True
        return np.repeat(used, np.diff(starts))


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


def _tokens(chunk_column: Array, chunk_ends: Array, starts: Array) -> tuple[Array, Array]:
    """For a text column of chunk numbers: the entries of the table's columns, word by word, and where
    each document's words end.
    """
    first = starts[chunk_column]
    counts = starts[chunk_column + 1] - first
    word_ends = np.cumsum(counts, dtype=np.int32)  # a segment is made of far fewer characters than 2 ** 31
    tokens = np.arange(word_ends[-1] if len(word_ends) else 0, dtype=np.int32)
    tokens += np.repeat(first - (word_ends - counts), counts)
    ends = np.concatenate(([0], word_ends))[chunk_ends.astype(np.int64)]
    return tokens, ends


def _positions(moves: Array, ends: Array) -> Array:
    """The position of each term within its document; `ends` are those of the documents' terms."""
    standing = np.zeros(len(moves) + 1, np.uint32)
    np.cumsum(moves, out=standing[1:])
    begins = np.concatenate(([0], ends[:-1]))
    return standing[1:] - np.repeat(standing[begins] + np.uint32(1), ends - begins)


def _write_scored(
    out: ArrayFileWriter, field: str, terms: list[bytes], ranks: Array, documents: Array, positions: Array
) -> Postings:
    """Postings with positions of a text field: terms by rank in text order, and where each of them is."""
    document_bits = np.uint64(int(documents.max(initial=0)).bit_length())
    position_bits = np.uint64(int(positions.max(initial=0)).bit_length())
    if len(terms).bit_length() + int(document_bits) + int(position_bits) > 64:
        raise IndexLimitError(
            f"{int(documents.max()) + 1:,} documents with {len(terms):,} terms and up to "
            f"{int(positions.max()) + 1:,} words in “{field}” do not fit into one segment, which has 64 bits "
            "for each word. Index fewer at a time."
        )
    packed = ranks << document_bits
    packed |= documents
    packed <<= position_bits
    packed |= positions
    packed.sort()
    positions_column = (packed & ((np.uint64(1) << position_bits) - np.uint64(1))).astype(
        smallest_unsigned(positions.max(initial=0))
    )
    packed >>= position_bits
    first_positions = np.flatnonzero(_changes(packed))
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
    write_words(out, field, held, np.diff(offsets), np.diff(position_offsets))
    return Postings(offsets, position_offsets, holding, term_frequencies, positions_column)


def _write_forward(
    out: ArrayFileWriter, field: str, ranks: Array, moves: Array, written: Array, ends: Array
) -> None:
    """The documents' words in the order of the text: see `columns`."""
    held = np.zeros(int(ranks.max(initial=0)) + 1, bool)
    held[ranks] = True
    numbers = np.cumsum(held) - 1
    words = written.astype(bool)
    entries = (numbers[ranks[words]] << 1) | moves[words]
    out.write(f"{field}.forward", entries.astype(forward_type(int(held.sum()))))
    offsets = np.concatenate(([0], np.cumsum(words)))[np.concatenate(([0], ends))]
    out.write(f"{field}.forward_offsets", offsets.astype(smallest_unsigned(len(entries))))


def forward_type(term_count: int) -> np.dtype[Any]:
    """The type of the entries of a forward column: a term's number and one bit."""
    return smallest_unsigned(2 * term_count)


def _write_plain(
    out: ArrayFileWriter, field: str, terms: list[bytes], ranks: Array, documents: Array
) -> None:
    """Postings without positions: each document once per term."""
    document_bits = np.uint64(int(documents.max(initial=0)).bit_length())
    packed = (ranks << document_bits) | documents
    packed.sort()
    _write_terms(out, field, terms, packed[_changes(packed)], document_bits)


def _write_terms(
    out: ArrayFileWriter, field: str, terms: list[bytes], postings: Array, document_bits: np.uint64
) -> tuple[list[bytes], Array, Array]:
    """Dictionary and documents of sorted (term rank, document) pairs.

    Returns the terms, where each one's documents begin, and the documents.
    """
    ranks = postings >> document_bits
    first = np.flatnonzero(_changes(ranks))
    starts = np.append(first, len(postings))
    documents = (postings & ((np.uint64(1) << document_bits) - np.uint64(1))).astype(np.uint32)
    held = [terms[rank] for rank in ranks[first].tolist()]
    write_dictionary(out, field, held)
    out.write(f"{field}.offsets", starts.astype(smallest_unsigned(len(postings))))
    out.write(f"{field}.doc_ids", documents)
    if field in FACET_FIELDS:
        write_bitmaps(out, field, documents, starts)
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
    ends = np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)) + 1)
    lexicon = b"".join(term + b"\n" for term in terms)
    if lexicon.count(b"\n") != len(terms):
        raise ValueError(f"a value of the field {field} holds a line feed, which parts values in the index")
    out.write(f"{field}.terms", np.frombuffer(lexicon, np.uint8))
    out.write(f"{field}.term_offsets", np.concatenate(([0], ends)).astype(smallest_unsigned(len(lexicon))))


def write_bitmaps(out: ArrayFileWriter, field: str, ids: Array, starts: Array) -> None:
    """Each term's documents, `ids` from its start to the next, as a bitmap."""
    sets = [from_sorted(ids[start:end]) for start, end in pairwise(starts.tolist())]
    for one in sets:
        one.run_optimize()
    written = [one.serialize() for one in sets]
    ends = np.cumsum([0, *map(len, written)])
    out.write(f"{field}.bitmaps", np.frombuffer(b"".join(written), np.uint8))
    out.write(f"{field}.bitmap_offsets", ends.astype(smallest_unsigned(int(ends[-1]))))


def _changes(column: Array) -> Array:
    """Where a sorted column's value differs from the one before; the first always does."""
    changes = np.empty(len(column), bool)
    changes[:1] = True
    np.not_equal(column[1:], column[:-1], out=changes[1:])
    return changes
