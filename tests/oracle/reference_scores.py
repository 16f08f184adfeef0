"""What `scoring` and `nearness` say, computed document by document in plain Python from Whoosh's postings."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import Levenshtein
from whoosh import matching, query
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from determinations.search import relevance
from determinations.search.analysis import SENTENCE_END, tokens, written_term
from determinations.search.columnar.columns import SCORED_FIELDS
from determinations.search.columnar.queries import (
    LEAVES,
    Dated,
    InFields,
    OneThing,
    Positional,
    Stem,
    Together,
)
from determinations.search.index_fields import words_field
from determinations.search.positions import Leaf, Misspelled, Pattern, Term, Unchanged
from determinations.search.relevance import WEIGHTS
from tests.oracle.stretches import Stretch, stretches

Positions = Mapping[int, Sequence[int]]
"""Document -> where a term stands in it."""


class ReferenceScores:
    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._reader: IndexReader = searcher.reader()
        self._size = int(self._reader.doc_count())
        self._known: dict[tuple[str, str], Positions] = {}

    def of(self, node: query.Query, document: int) -> float:
        """Without what nearness adds."""
        if isinstance(node, (*LEAVES, InFields, OneThing, Together)):
            strength = self._strength(node, document)
            k1 = WEIGHTS.saturation
            return self.rarity(len(self.matching(node))) * (k1 + 1) * strength / (k1 + strength)
        match node:
            case query.And() | query.Or():
                return sum(self.of(part, document) for part in node)
            case query.AndNot():
                return self.of(node.a, document)
            case query.Every() | query.Not():
                return 1.0
        return 0.0

    def nearness(self, node: query.Query, document: int) -> float:
        """What words side by side in the question add where they stand near each other."""
        if not isinstance(node, query.And):
            return 0.0
        stems = [_first_stem(part) for part in node]
        pairs = [(one, other) for one, other in pairwise(stems) if one and other and one != other]
        return sum(self._near(one, other, document) for one, other in pairs)

    def rarity(self, holding: int) -> float:
        return math.log(1 + (self._size - holding + 0.5) / (holding + 0.5))

    def matching(self, node: query.Query) -> set[int]:
        """Documents that match."""
        if node is query.NullQuery:
            return set()
        if isinstance(node, query.And):
            return set.intersection(*(self.matching(part) for part in node))
        if isinstance(node, query.Or):
            return set().union(*(self.matching(part) for part in node))
        if isinstance(node, query.Term):
            return set(self._positions(node.fieldname, node.text))
        if isinstance(node, Positional):
            return {
                document for document in range(self._reader.doc_count_all()) if self._times(node, document)
            }
        if isinstance(node, query.Phrase):
            held = self._positions(node.fieldname, node.words[0])
            return {document for document in held if self._times(node, document)}
        terms = {
            term.decode() if isinstance(term, bytes) else term
            for leaf, _ in self._reader.leaf_readers()
            for term in node._btexts(leaf)
        }
        return set().union(*(self._positions(node.fieldname, term) for term in terms))

    def _strength(self, node: query.Query, document: int) -> float:
        if isinstance(node, OneThing):
            found = max(self._strength(name, document) for name in node)
        elif isinstance(node, Together):
            apart = WEIGHTS.apart * min(self._strength(word, document) for word in node)
            found = max(apart, self._strength(node.phrase, document))
        elif isinstance(node, query.Or):
            found = sum(self._strength(leaf, document) for leaf in node)
        elif isinstance(node, query.And):
            found = min(self._strength(word, document) for word in node)
        else:
            found = self._strength_of_leaf(node, document)
        return found * float(node.boost)

    def _strength_of_leaf(self, leaf: query.Query, document: int) -> float:
        is_scored = leaf.fieldname in SCORED_FIELDS and isinstance(
            leaf, query.Term | query.Phrase | Positional
        )
        if not is_scored:
            weight = WEIGHTS.fields.get(leaf.fieldname.removesuffix("_words"), 1.0)
            return weight if document in self.matching(leaf) else 0.0
        times = float(self._times(leaf, document))
        if isinstance(leaf, Stem):
            as_typed = self._positions(words_field(leaf.fieldname), leaf.word)
            times *= 1.0 if document in as_typed else WEIGHTS.inflected
        average = self._reader.field_length(leaf.fieldname) / self._reader.doc_count_all() or 1.0
        relative = self._reader.doc_field_length(document, leaf.fieldname) / average
        weight = float(WEIGHTS.fields[leaf.fieldname])
        norm = 1 - WEIGHTS.length + WEIGHTS.length * float(relative)
        return weight * times / norm

    def _times(self, leaf: query.Query, document: int) -> int:
        """Of a phrase, in how many places it ends."""
        if isinstance(leaf, query.Term):
            return len(self._positions(leaf.fieldname, leaf.text).get(document, ()))
        if isinstance(leaf, Positional):
            return len({start for start, _ in self._stretches(leaf, document)})
        ends = set(self._positions(leaf.fieldname, leaf.words[0]).get(document, ()))
        for word in leaf.words[1:]:
            places = self._positions(leaf.fieldname, word).get(document, ())
            ends = {at for at in places if any(1 <= at - before <= leaf.slop for before in ends)}
        return len(ends)

    def _stretches(self, leaf: Positional, document: int) -> set[Stretch]:
        def places(one: Leaf) -> set[int]:
            return self._places(leaf.fieldname, one, document)

        return stretches(leaf.expression, places, frozenset(places(Term(SENTENCE_END))))

    def _places(self, field: str, leaf: Leaf, document: int) -> set[int]:
        match leaf:
            case Term(term):
                return set(self._positions(field, term).get(document, ()))
            case Unchanged(term):
                forms = [one for one in self._lexicon(field) if one.startswith(written_term(term, ""))]
                written = [self._places(field, Term(form), document) for form in forms]
                return self._places(field, Term(term), document).difference(*written)
            case Pattern(pattern):
                words = [one for one in self._lexicon(words_field(field)) if fnmatchcase(one, pattern)]
            case Misspelled(wanted, distance):
                words = [
                    one
                    for one in self._lexicon(words_field(field))
                    if one[:1] == wanted[:1] and Levenshtein.distance(one, wanted) <= distance
                ]
        return set().union(*(self._places(field, self._as_written(word), document) for word in words))

    def _as_written(self, word: str) -> Leaf:
        found = tokens(word)
        if len(found) != 1 or found[0].word != word:
            return Term(word)
        term = found[0].term
        return Unchanged(term) if term == word else Term(written_term(term, word))

    def _lexicon(self, field: str) -> list[str]:
        return [term.decode() for term in self._reader.lexicon(field)]

    def _near(self, one: str, other: str, document: int) -> float:
        frequencies = (
            max(int(self._reader.doc_frequency(field, stem)) for field in relevance.NEAR_FIELDS)
            for stem in (one, other)
        )
        distances = (
            there - here
            for field in relevance.NEAR_FIELDS
            for here in self._positions(field, one).get(document, ())
            for there in self._positions(field, other).get(document, ())
        )
        shares = (
            (1.0 if distance > 0 else relevance.OTHER_ORDER) / abs(distance)
            for distance in distances
            if 1 <= abs(distance) <= relevance.FARTHEST
        )
        return relevance.NEARNESS * min(map(self.rarity, frequencies)) * max(shares, default=0.0)

    def _positions(self, field: str, term: str) -> Positions:
        if (field, term) not in self._known:
            self._known[field, term] = self._read(field, term)
        return self._known[field, term]

    def _read(self, field: str, term: str) -> Positions:
        if (field, term) not in self._reader:
            return {}
        matcher = self._reader.postings(field, term)
        found = {}
        while matcher.is_active():
            has_places = matcher.supports("positions")
            found[int(matcher.id())] = tuple(matcher.value_as("positions")) if has_places else ()
            matcher.next()
        return found


def _first_stem(part: query.Query) -> str:
    while isinstance(part, OneThing | InFields):
        part = part.subqueries[0]
    return part.text if isinstance(part, Stem) and part.fieldname in relevance.NEAR_FIELDS else ""


def all_scores(scores: ReferenceScores, node: query.Query, documents: Iterable[int]) -> dict[int, float]:
    """The whole score of each document."""
    return {one: scores.of(node, one) + scores.nearness(node, one) for one in documents}


def _positional_matcher(positional: Positional, searcher: Searcher, _: Any = None) -> matching.Matcher:
    return _listed(ReferenceScores(searcher).matching(positional))


def _dated_matcher(dated: Dated, searcher: Searcher, _: Any = None) -> matching.Matcher:
    dates = list(searcher.reader().column_reader(dated.column))
    return _listed({number for number, day in enumerate(dates) if dated.first <= day <= dated.last})


def _listed(documents: Iterable[int]) -> matching.Matcher:
    found = sorted(documents)
    return matching.ListMatcher(found) if found else matching.NullMatcher()


Positional.matcher = _positional_matcher
Dated.matcher = _dated_matcher
Positional.estimate_size = Dated.estimate_size = lambda self, reader: reader.doc_count()
"""How Whoosh's searcher runs them: slowly."""
