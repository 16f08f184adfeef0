"""Where an expression over positions is answered in an index: documents, and in how many places each.

Words side by side or at a distance are found by the addresses of all their places, a block of documents at a
time (`address_blocks`). For patterns, and for words in one sentence or text, come first the documents that
can answer, by set algebra, and addresses in these only. The work is linear in the places of the expression's
leaves. An expression of more than MOST_PLACES places is refused.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import product
from math import prod
from operator import and_, or_

import numpy as np
from pyroaring import BitMap
from whoosh import query

from determinations.search.analysis import SENTENCE_END, tokens, written_term
from determinations.search.columnar.address_blocks import Block, Occurrences, counted, starts_of
from determinations.search.columnar.addresses import addresses, parts_that_fit
from determinations.search.columnar.array_file import Array, joined
from determinations.search.columnar.bitmaps import from_any, from_sorted, to_array
from determinations.search.columnar.patterns import check_postings, numbers_of
from determinations.search.columnar.snapshot import Snapshot
from determinations.search.index_fields import words_field
from determinations.search.interface import QuerySyntaxError
from determinations.search.positions import (
    Close,
    Either,
    Expression,
    Leaf,
    Misspelled,
    Pattern,
    Places,
    Sequence,
    Term,
    Unchanged,
    leaves,
    phrase_text,
    spans,
)

MOST_PLACES = 40_000_000
"""Places of words that one expression may read in a field: one to two seconds."""
_Word = Term | Unchanged
_MOST_WAYS = 8
"""A word of two writings ("follow-up") doubles the rows of words that are a phrase."""
_READ_AT_ONCE = 16
"""So many places whose addresses are kept count as one whose address is made."""


def occurrences(
    snapshot: Snapshot, field: str, expression: Expression, most_places: int | None = None
) -> Occurrences:
    """The documents that answer the expression in the field.

    Raises QuerySyntaxError for more than `most_places`, by default MOST_PLACES.
    """
    fields = _Field(snapshot, field, MOST_PLACES if most_places is None else most_places)
    if isinstance(expression, Unchanged):
        return fields.unchanged(expression.term)
    return fields.found(expression)


def phrase_occurrences(snapshot: Snapshot, field: str, words: Iterable[str]) -> Occurrences:
    """The documents in which the words stand side by side; they may be in any number of places."""
    return occurrences(snapshot, field, Sequence(tuple(map(Term, words))), sys.maxsize)


class _Field:
    """One field of a snapshot. What a pattern stands for is found once."""

    def __init__(self, snapshot: Snapshot, field: str, most_places: int) -> None:
        self._snapshot = snapshot
        self._name = field
        self._most_places = most_places
        self._forms: dict[str, list[str]] = {}
        self._held: dict[str, BitMap] = {}
        self._words: dict[Leaf, list[tuple[BitMap, list[tuple[str, Array]]]]] = {}
        self._places_read = 0

    def found(self, expression: Expression) -> Occurrences:
        if self.reads_blocks(expression):
            parts = list(self.in_blocks(expression))
        else:
            documents = to_array(self.candidates(expression))
            several = parts_that_fit(self._snapshot, self._name, documents)
            parts = [self.within(expression, part) for part in several]
        return Occurrences(joined([part.documents for part in parts]), joined([part.times for part in parts]))

    def candidates(self, expression: Expression) -> BitMap:
        """Documents that hold what the expression needs, wherever it stands."""
        match expression:
            case Either(parts):
                return reduce(or_, map(self.candidates, parts))
            case Sequence(parts) | Close(parts):
                return reduce(and_, map(self.candidates, parts))
            case Term(term) | Unchanged(term):
                if term not in self._held:
                    self._held[term] = self._holding(self._name, term)
                return self._held[term]
            case _:
                return reduce(or_, (documents for documents, _ in self._postings(expression)), BitMap())

    def _holding(self, field: str, term: str) -> BitMap:
        documents = BitMap()
        for columns, number, base in self._snapshot.found(field, term):
            documents |= columns.holding(number).shift(base)
        return documents

    def _postings(self, leaf: Pattern | Misspelled) -> list[tuple[BitMap, list[tuple[str, Array]]]]:
        """For each segment: the documents of all words that a leaf stands for, and each with its own."""
        if leaf not in self._words:
            self._words[leaf] = list(self._read(leaf))
        return self._words[leaf]

    def _read(self, leaf: Pattern | Misspelled) -> Iterator[tuple[BitMap, list[tuple[str, Array]]]]:
        name = words_field(self._name)
        wanted: query.Query = (
            _of_pattern(name, leaf.pattern)
            if isinstance(leaf, Pattern)
            else query.FuzzyTerm(name, leaf.word, maxdist=leaf.distance, prefixlength=1)
        )
        postings = 0
        for segment, base in zip(self._snapshot.segments, self._snapshot.bases, strict=True):
            columns = segment.columns.field(name)
            numbers = numbers_of(columns, wanted)
            postings += sum(map(columns.document_frequency, numbers))
            check_postings(postings, leaf.pattern if isinstance(leaf, Pattern) else leaf.word)
            each = [columns.doc_ids(number) for number in numbers]
            found = [
                (columns.term(number).decode(), ids + np.uint32(base))
                for number, ids in zip(numbers, each, strict=True)
            ]
            yield from_any(joined([ids for _, ids in found])), found

    def _matching(self, leaf: Pattern | Misspelled, documents: Array) -> set[str]:
        """The words that a leaf stands for in some of these documents."""
        within = np.zeros(self._snapshot.document_count, bool)
        within[documents] = True
        return {word for _, found in self._postings(leaf) for word, ids in found if within[ids].any()}

    def unchanged(self, term: str) -> Occurrences:
        """Where words are written as their stem: by counts, since each form of a word is counted with it."""
        documents: list[Array] = []
        times: list[Array] = []
        for segment, base in zip(self._snapshot.segments, self._snapshot.bases, strict=True):
            columns = segment.columns.field(self._name)
            number = columns.find(term.encode())
            if number is None:
                continue
            ids, left = columns.unchanged(number)
            documents.append(ids + np.uint32(base))
            times.append(left.astype(np.uint32))
        return Occurrences(joined(documents), joined(times))

    def reads_blocks(self, expression: Expression) -> bool:
        """Whether it asks for words and distances alone, whose addresses are kept where they are many."""
        return _is_of_places(expression) and all(
            self._snapshot.has_addresses(self._name, leaf.term)
            for leaf in leaves(expression)
            if isinstance(leaf, Term | Unchanged)
        )

    def in_blocks(self, expression: Expression) -> Iterator[Occurrences]:
        """The documents that answer an expression of words and distances, some at a time."""
        text = phrase_text(expression)
        for segment, base in self._snapshot.segments_with(self._name, _needed(expression)):
            known = None if text is None else segment.columns.field(self._name).known_phrase(text)
            if known is None:
                blocks = self._snapshot.address_blocks(self._name, segment, base)
                yield from self._of_blocks(expression, blocks, base)
            else:
                documents, times = known
                yield Occurrences(to_array(documents) + np.uint32(base), times)

    def _of_blocks(self, expression: Expression, blocks: Iterable[Block], base: int) -> Iterator[Occurrences]:
        ways = _ways(expression)
        needed = tuple(map(Term, _needed(expression)))
        for block in blocks:
            known: dict[Leaf, BitMap] = {}  # a word that the expression has twice is read once

            def standing(leaf: Leaf, block: Block = block, known: dict[Leaf, BitMap] = known) -> BitMap:
                if leaf not in known:
                    known[leaf] = self._resolved(leaf, lambda term: self._in_block(term, block))
                return known[leaf]

            if ways:
                begins = reduce(or_, (_side_by_side(words, self._place_count, standing) for words in ways))
            elif all(map(standing, needed)):
                begins = _begins(expression, Places(standing, _NO_BOUNDS, _no_sentences))
            else:
                continue
            if begins:
                yield block.occurrences(begins, base)

    def _in_block(self, term: str, block: Block) -> BitMap:
        places = block.places(term)
        self._count_places(len(places) // (_READ_AT_ONCE if block.keeps(term) else 1))
        return places

    def within(self, expression: Expression, documents: Array) -> Occurrences:
        """Those of the documents that answer the expression."""
        lengths = self._snapshot.length_bytes(self._name).take(documents)
        starts = starts_of(lengths)
        known: dict[Leaf, BitMap] = {}

        def lookup(leaf: Leaf) -> BitMap:
            if leaf not in known:
                known[leaf] = self._addresses(leaf, documents, starts)
            return known[leaf]

        def sentences() -> Array:
            return np.union1d(starts, to_array(lookup(Term(SENTENCE_END))) + np.uint32(1))

        return counted(documents, lengths, starts, _begins(expression, Places(lookup, starts, sentences)))

    def _place_count(self, word: Term | Unchanged) -> int:
        return self._snapshot.place_count(self._name, word.term)

    def _addresses(self, leaf: Leaf, documents: Array, starts: Array) -> BitMap:
        if isinstance(leaf, Pattern | Misspelled):
            words = [_as_written(word) for word in sorted(self._matching(leaf, documents))]
            return reduce(or_, (self._addresses(one, documents, starts) for one in words), BitMap())
        return self._resolved(leaf, lambda term: self._standing(term, documents, starts))

    def _resolved(self, leaf: Leaf, standing: Callable[[str], BitMap]) -> BitMap:
        """The places of a word, of which `standing` knows where its terms stand."""
        match leaf:
            case Term(term):
                return standing(term)
            case Unchanged(term):
                return reduce(lambda left, form: left - standing(form), self._forms_of(term), standing(term))
            case _:
                raise TypeError(f"{leaf} is no single word")

    def _forms_of(self, stem: str) -> list[str]:
        """The further terms of words with the stem."""
        if stem not in self._forms:
            forms = {
                form
                for segment in self._snapshot.segments
                for columns in [segment.columns.field(self._name)]
                for form in columns.terms_in(columns.with_prefix(written_term(stem, "").encode()))
            }
            self._forms[stem] = sorted(forms)
        return self._forms[stem]

    def _standing(self, term: str, documents: Array, starts: Array) -> BitMap:
        """Everywhere the term stands in some of the documents, which begin at `starts`."""
        found = addresses(self._snapshot, self._name, term, documents, starts)
        self._count_places(len(found))
        return from_sorted(found)

    def _count_places(self, places: int) -> None:
        self._places_read += places
        if self._places_read > self._most_places:
            raise QuerySyntaxError(
                "These words are in too many places for their distances to be measured. Use rarer words."
            )


def _side_by_side(
    words: tuple[_Word, ...], place_count: Callable[[_Word], int], standing: Callable[[_Word], BitMap]
) -> BitMap:
    """The addresses of the first word wherever the words stand side by side in this order.

    More addresses than the phrase has words are free between two documents.
    """
    begins: BitMap | None = None
    for word in sorted(dict.fromkeys(words), key=place_count):
        at = standing(word)
        for place, same in enumerate(words):
            if same != word:
                continue
            # What is found so far is moved back and forth, not the places of a more frequent word.
            found = at if begins is None else _moved(begins, place) & at
            begins = _moved(found, -place)
        if not begins:
            break
    return begins or BitMap()


def _moved(addresses: BitMap, by: int) -> BitMap:
    return addresses.shift(by) if by else addresses


def _begins(expression: Expression, places: Places) -> BitMap:
    return reduce(or_, spans(expression, places).values(), BitMap())


def _is_of_places(expression: Expression) -> bool:
    """Whether it asks for words and distances alone, not for patterns, sentences or whole texts."""
    match expression:
        case Close(distance=None):
            return False
        case Either(parts) | Sequence(parts) | Close(parts):
            return all(map(_is_of_places, parts))
        case _:
            return isinstance(expression, Term | Unchanged)


def _needed(expression: Expression) -> list[str]:
    """Terms without which nothing answers the expression."""
    match expression:
        case Sequence(parts) | Close(parts):
            return [term for part in parts for term in _needed(part)]
        case Term(term) | Unchanged(term):
            return [term]
        case _:
            return []


_NO_BOUNDS = np.empty(0, np.uint32)


def _no_sentences() -> Array:
    raise TypeError("words and distances alone have no bounds")


def _ways(expression: Expression) -> list[tuple[_Word, ...]]:
    """The rows of words that answer the expression; none where it asks for more, or for too many rows."""
    match expression:
        case Term() | Unchanged():
            return [(expression,)]
        case Either(parts):
            each = [_ways(part) for part in parts]
            ways = [way for some in each for way in some]
        case Sequence(parts):
            each = [_ways(part) for part in parts]
            if prod(map(len, each)) > _MOST_WAYS:
                return []
            ways = [tuple(word for row in rows for word in row) for rows in product(*each)]
        case _:
            return []
    return ways if all(each) and len(ways) <= _MOST_WAYS else []


def _of_pattern(name: str, pattern: str) -> query.Query:
    is_prefix = pattern.endswith("*") and not set("*?") & set(pattern[:-1])
    return query.Prefix(name, pattern[:-1]) if is_prefix else query.Wildcard(name, pattern)


def _as_written(word: str) -> Leaf:
    """The leaf of a word as it is spelled in the index."""
    found = tokens(word)
    if len(found) != 1 or found[0].word != word:
        return Term(word)
    term = found[0].term
    return Unchanged(term) if term == word else Term(written_term(term, word))
