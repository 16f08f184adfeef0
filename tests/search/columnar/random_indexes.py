"""Random indexes of several segments with deletions, and random questions, for the oracle tests.

The vocabulary is small, so that words meet; some words share stems, prefixes and near spellings.
"""

from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from hypothesis import strategies as st
from pyroaring import BitMap
from whoosh import query

from determinations.search.analysis import terms
from determinations.search.columnar import address_blocks
from determinations.search.columnar.index_directory import IndexDirectory
from determinations.search.columnar.queries import Excluding, InFields, OneThing, Stem
from determinations.search.columnar.writing import build_segment, commit
from determinations.search.facets import FACETS, INDEXED, REQUEST_LEVEL
from determinations.search.index_fields import words_field
from determinations.search.interface import (
    WHATEVER_IS_FOUND,
    DateFilter,
    FacetFilter,
    IndexDocument,
    LetterDate,
    MostOf,
    NamedValue,
    Raised,
    SearchRequest,
    Sort,
)
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
    All,
    AnyOf,
    CaseNumber,
    Fuzzy,
    Near,
    Nearness,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)

WORDS = ("pain", "pains", "painful", "paint", "block", "blocks", "branch", "L4-5", "x-ray", "Déjà", "rare")
PATTERNS = ("pai*", "*in*", "b*k", "?lock*", "p?in", "*s", "l4*", "d*", "*é*", "zzz*", "*[p]ain")
CASES = ("CM14-0000001", "CM14-0000002", "")
DAYS = (20140101, 20140620, 20150301)
VALUES = ("one", "two", "three", "odg.low-back")

words = st.sampled_from(WORDS)
texts = st.lists(words, max_size=12).map(" ".join)
fields = st.sampled_from(SEARCHED_FIELDS)
facet_names = st.sampled_from([facet.name for facet in INDEXED])


@dataclass(frozen=True)
class IndexPlan:
    """Documents by segment, and the keys to delete after all are committed.

    The addresses of words in `many_places` are kept, in blocks of `block_addresses`.
    """

    segments: tuple[tuple[IndexDocument, ...], ...]
    deleted: frozenset[int]
    many_places: int = 1
    block_addresses: int = 1

    def make(self, path: Path) -> IndexDirectory:
        with (
            patch.object(address_blocks, "MANY_PLACES", self.many_places),
            patch.object(address_blocks, "BLOCK_ADDRESSES", self.block_addresses),
        ):
            return self._make(path)

    def _make(self, path: Path) -> IndexDirectory:
        directory = IndexDirectory(path)
        folder = path / "1"
        folder.mkdir(parents=True)
        segments = []
        for documents in self.segments:
            gone = [number for number, one in enumerate(documents) if one.key in self.deleted]
            segments.append(build_segment(documents, folder).without(BitMap(gone)))
        commit(directory, folder.name, 1, segments, "")
        return directory


@st.composite
def index_plans(draw: st.DrawFn, largest: int = 12) -> IndexPlan:
    sizes = draw(st.lists(st.integers(1, largest), min_size=1, max_size=3))
    keys = draw(st.permutations(range(1, sum(sizes) + 1)))
    remaining = iter(keys)
    segments = tuple(tuple(draw(documents(next(remaining))) for _ in range(size)) for size in sizes)
    deleted = draw(st.frozensets(st.sampled_from(keys), max_size=4))
    return IndexPlan(
        segments, deleted, draw(st.sampled_from((1, 3, 1 << 20))), draw(st.sampled_from((1, 300)))
    )


def documents(key: int) -> st.SearchStrategy[IndexDocument]:
    values = st.lists(st.sampled_from(VALUES), max_size=3).map(tuple)
    return st.builds(
        IndexDocument,
        key=st.just(key),
        case=st.sampled_from(CASES),
        request=texts,
        guideline=texts,
        rationale=texts,
        summary=texts,
        dates=st.dictionaries(st.sampled_from(LetterDate), st.sampled_from(DAYS), max_size=2),
        level_order=st.integers(0, 3),
        case_order=st.integers(0, 3),
        facets=st.dictionaries(facet_names, values, max_size=4),
        date=st.sampled_from((0, *DAYS)),
        fingerprint=st.integers(0, 2**63 - 1),
    )


def _whoosh_leaves(*boosts_of_leaves: float) -> st.SearchStrategy[query.Query]:
    boosts = st.sampled_from(boosts_of_leaves)
    stems = words.map(lambda word: terms(word)[0])
    searched = st.one_of(fields, fields.map(words_field))
    patterns = st.sampled_from(PATTERNS)
    prefixes = st.sampled_from(("p", "pai", "b", "l4", "zz"))
    return st.one_of(
        st.builds(query.Term, fields, stems, boost=boosts),
        words.flatmap(lambda word: st.builds(Stem, fields, st.just(terms(word)[0]), st.just(word.lower()))),
        st.builds(query.Term, fields, stems),
        st.builds(query.Term, fields.map(words_field), words.map(str.lower)),
        st.builds(
            query.Phrase,
            fields,
            st.lists(stems, min_size=2, max_size=4),
            boost=boosts,
        ),
        st.builds(query.Prefix, searched, prefixes, constantscore=st.just(False)),
        st.builds(query.Wildcard, searched, patterns, constantscore=st.just(False)),
        st.builds(
            query.FuzzyTerm,
            searched,
            words.map(str.lower),
            maxdist=st.integers(1, 2),
            prefixlength=st.integers(0, 1),
            constantscore=st.just(False),
        ),
    )


_whoosh_parts = st.one_of(
    _whoosh_leaves(1.0, 1.0, 0.5, 3.0), st.just(query.Every()), st.just(query.NullQuery)
)


def _whoosh_branches(parts: st.SearchStrategy[query.Query]) -> st.SearchStrategy[query.Query]:
    several = st.lists(parts, min_size=2, max_size=4)
    boosts = st.sampled_from((1.0, 1.0, 2.0))
    return st.one_of(
        st.builds(query.And, several),
        st.builds(query.Or, several),
        st.builds(InFields, st.lists(_whoosh_leaves(1.0), min_size=2, max_size=3), boost=boosts),
        st.builds(OneThing, st.lists(_whoosh_leaves(1.0, 0.5), min_size=2, max_size=3)),
        st.builds(Excluding, parts, parts),
        st.builds(lambda wanted, unwanted: query.And([wanted, query.Not(unwanted)]), parts, parts),
    )


_without_bare_not = st.recursive(_whoosh_parts, _whoosh_branches, max_leaves=6)
whoosh_queries = st.one_of(_without_bare_not, _without_bare_not.map(query.Not))

_weights = st.sampled_from((1.0, 1.0, 0.5))
_field_or_any = st.one_of(st.none(), fields)
_node_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, words, _field_or_any, _weights, st.booleans()),
    st.builds(Phrase, st.lists(words, max_size=3).map(tuple), st.integers(1, 3), _field_or_any, _weights),
    st.builds(Wildcard, st.sampled_from(PATTERNS), _field_or_any),
    st.builds(Fuzzy, words, st.integers(1, 2), _field_or_any),
    st.builds(CaseNumber, st.sampled_from(CASES[:2])),
)
_operands: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, words, exact=st.booleans()),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=2).map(tuple), exact=st.booleans()),
    st.builds(Wildcard, st.sampled_from(PATTERNS[:4])),
)
_near: st.SearchStrategy[Node] = st.builds(
    Near,
    st.lists(_operands, min_size=2, max_size=3).map(tuple),
    st.integers(1, 4),
    st.booleans(),
    st.sampled_from(Nearness),
    _field_or_any,
)
nodes: st.SearchStrategy[Node] = st.recursive(
    st.one_of(_node_leaves, _near),
    lambda parts: st.one_of(
        st.builds(All, st.lists(parts, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, max_size=3).map(tuple), st.booleans()),
        st.builds(Not, parts),
    ),
    max_leaves=5,
)
_chosen = st.lists(st.sampled_from(VALUES), max_size=2, unique=True).map(tuple)
filters = st.lists(
    st.builds(
        FacetFilter,
        st.sampled_from([facet.name for facet in FACETS]),
        _chosen,
        st.booleans(),
        _chosen,
        st.sampled_from(["", REQUEST_LEVEL.name]),
    ),
    max_size=3,
    unique_by=lambda one: one.facet,
).map(tuple)
_dates = st.lists(
    st.builds(DateFilter, st.sampled_from(LetterDate), st.just(20140101), st.sampled_from(DAYS)),
    max_size=1,
).map(tuple)
_values = st.builds(NamedValue, facet_names, st.sampled_from(VALUES))
_most_of = st.builds(
    MostOf, st.lists(_node_leaves, min_size=1, max_size=3).map(tuple), st.one_of(st.none(), _node_leaves)
)
requests = st.builds(
    SearchRequest,
    query=st.one_of(st.none(), nodes),
    filters=filters,
    dates=_dates,
    sort=st.sampled_from(Sort),
    limit=st.just(1000),
    count=st.just(tuple(facet.name for facet in FACETS)),
    summaries=st.booleans(),
    ranked_by=st.one_of(st.none(), nodes),
    about=st.lists(_values, max_size=2, unique=True).map(tuple),
    raised=st.lists(st.builds(Raised, _values, st.just(0.5)), max_size=1).map(tuple),
    most_of=st.one_of(st.none(), _most_of),
    count_summaries_below=st.sampled_from((0, 3, WHATEVER_IS_FOUND)),
    split=filters,
    split_count=st.lists(facet_names, max_size=3, unique=True).map(tuple),
)
