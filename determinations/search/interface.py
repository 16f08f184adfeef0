"""The engine boundary: what a search engine takes, gives and may raise. Standard library only.

What is searched is the disputed item, with its own request, decision, guidelines, levels and
rationale and its letter's clinical summary. A hit carries a key (the item's primary key), never a
row; a highlight is a tuple of fragments, never HTML. No engine object crosses this line.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from determinations.search.query.nodes import Node

if TYPE_CHECKING:  # arrays, which whoever only searches need not have
    from determinations.search.term_counts import PairCounts, WordCounts


class Sort(StrEnum):
    """Orders of the result list. Each ends in the key (ascending), so paging is stable.

    Items without a date, a level or a case number come last.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    LEVEL = "level"
    CASE = "case"


class LetterDate(StrEnum):
    """The dates of a letter that a search can be narrowed to."""

    DECIDED = "decided"
    ASSIGNED = "assigned"
    INJURED = "injured"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """One disputed item as the index holds it.

    `facets` maps a facet's name to its values (parents of a hierarchical facet included);
    `date` is yyyymmdd, or 0 where the letter has no date (such items come last in either date order).
    `dates` are those that the letter states, in the same form. `level_order` and `case_order` are what the
    orders by level and by case number go by, 0 where there is none.
    `fingerprint` digests all the rest; the index stores it, so that a stale document is recognized.
    """

    key: int
    case: str
    request: str
    guideline: str
    rationale: str
    summary: str
    facets: Mapping[str, tuple[str, ...]]
    date: int = 0
    fingerprint: int = 0
    dates: Mapping[LetterDate, int] = field(default_factory=dict)
    level_order: int = 0
    case_order: int = 0

    @property
    def characters(self) -> int:
        """How much text is searched; memory for documents is bounded by it."""
        return len(self.request) + len(self.guideline) + len(self.rationale) + len(self.summary)


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """Items that hold at least one of `values` of the facet, or `every` one, and none of `unwanted`.

    Without `values`, those that hold none of `unwanted`. `column` names another column of values that the
    facet goes by, in its counts too: REQUEST_LEVEL in place of LEVEL.
    """

    facet: str
    values: tuple[str, ...] = ()
    every: bool = False
    unwanted: tuple[str, ...] = ()
    column: str = ""

    @property
    def held_in(self) -> str:
        """The column that has the facet's values."""
        return self.column or self.facet


@dataclass(frozen=True, slots=True)
class DateFilter:
    """Items whose letter's date lies from `first` to `last`, both included and written yyyymmdd."""

    date: LetterDate
    first: int = 0
    last: int = 99_999_999


@dataclass(frozen=True, slots=True)
class NamedValue:
    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Raised:
    """Items with the value score higher: `by` 0.5 is half as much again."""

    value: NamedValue
    by: float


@dataclass(frozen=True, slots=True)
class MostOf:
    """Items with enough of some `parts`, to follow where few items have all of them.

    Rare parts weigh more, and one that stands only in the letter's summary half. All match `required`.
    """

    parts: tuple[Node, ...]
    required: Node | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`query` None matches every item. `filters` and `dates` hold each facet and date at most once.

    A leaf of the query without a field is looked for in request, guideline and rationale; with `summaries`
    in the letter's clinical summary too. `ranked_by` is what to score by, the query itself where it is
    None. Items with a value of `about` are what the question is about and score more, those that are
    `raised` a share more. Where the query finds fewer than FEW items, those with enough of the parts of
    `most_of` follow. Facets named in `count` are counted, each without its own filter.
    Where the query finds fewer items than `count_summaries_below`, it is counted how many more `summaries`
    would find.
    Each filter of `split` takes the place of its facet's filter; what is found then is counted as a split of
    its own, by the facets named in `split_count`.
    """

    query: Node | None = None
    filters: tuple[FacetFilter, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    count: tuple[str, ...] = ()
    dates: tuple[DateFilter, ...] = ()
    summaries: bool = False
    ranked_by: Node | None = None
    about: tuple[NamedValue, ...] = ()
    raised: tuple[Raised, ...] = ()
    most_of: MostOf | None = None
    count_summaries_below: int = 0
    split: tuple[FacetFilter, ...] = ()
    split_count: tuple[str, ...] = ()

    def counting(self, *facets: str) -> "SearchRequest":
        """The same search for its total and the counts of these facets alone."""
        return replace(
            self,
            offset=0,
            limit=0,
            count=facets,
            most_of=None,
            count_summaries_below=0,
            split=(),
            split_count=(),
        )


WHATEVER_IS_FOUND = sys.maxsize
"""The bound of a request that counts summaries in any case."""
FEW = 10
"""With fewer items than this, those with most of the words follow."""


@dataclass(frozen=True, slots=True)
class Hit:
    """`follows`: it was not found by the query, and has enough of the parts of `most_of`.

    `lacks` are the places of the parts that it does not have, `in_summary` of those that stand only in its
    letter's summary.
    """

    key: int
    score: float
    follows: bool = False
    lacks: tuple[int, ...] = ()
    in_summary: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many items one would get by choosing `value` instead of the facet's present choice."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Split:
    """What is found with one filter of `SearchRequest.split`."""

    total: int
    counts: Mapping[str, tuple[FacetCount, ...]]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`total` counts all matches; `hits` is the page asked for; counts leave out values of no item.

    `following` are the items behind the matches that have enough of the parts: they stand on the pages, and
    are in neither total nor counts. `in_summaries` is how many more items the summaries would add; None where
    this was not counted. `splits` are those of the request, in its order.
    """

    total: int
    hits: tuple[Hit, ...]
    counts: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    following: int = 0
    in_summaries: int | None = None
    splits: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class Fragment:
    text: str
    is_match: bool


Passage = tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What items are to be like: share a value of each facet of `shared`, and say what the `texts` say.

    A facet counts what its weight says; the texts, by field name, count the same each and 1 together.
    """

    texts: Mapping[str, str]
    shared: tuple[tuple[FacetFilter, float], ...] = ()


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`generation` grows with every commit; `schema_version` is the one stamped in the index.

    `commit` stands for the content of the index: a number can repeat where a copy was restored, this cannot.
    """

    documents: int
    generation: int
    schema_version: str
    engine: str
    commit: str


class SearchError(Exception):
    """Base of what an engine may raise across this boundary."""


class QuerySyntaxError(SearchError):
    """A question that cannot be run. `suggestion` is a corrected question to offer, or None."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


class SearchUnavailableError(SearchError):
    """The index is missing, of another version or broken; the message says which command mends it."""

    @property
    def with_notes(self) -> str:
        """For the log: the message and the engine's notes for the administrator (where the index is)."""
        return " ".join([str(self), *getattr(self, "__notes__", ())])


class IndexOutdatedError(SearchUnavailableError):
    """The index was written by an older version. It still answers; it cannot be changed, only built anew."""


class IndexMissingError(SearchUnavailableError):
    """There is no index at all: none has been built yet, or its folder is gone."""


class IndexLockedError(SearchError):
    """Another process is writing the index; the message says how long was waited and what to do."""


Progress = Callable[[int], None]
"""Called with the number of documents taken in since the last call."""


class SearchEngine(Protocol):
    """What every engine does, and the contract suite in `tests/search/engine_contract/` checks.

    `location` is where the index is, such as its directory. `is_shared`: several machines use the same one.
    """

    @property
    def location(self) -> str: ...

    @property
    def is_shared(self) -> bool: ...

    def update(
        self,
        documents: Iterable[IndexDocument],
        delete: Iterable[int] = (),
        log_position: str | None = None,
    ) -> None:
        """Delete keys and add or replace documents, in one commit; on disk when it returns.

        A key that is named in both is replaced; of several documents with one key the last counts. The
        position in the log of changes is kept with the index, no sooner than the documents; without one, the
        position stays as it is.

        Raises IndexLockedError or SearchUnavailableError, and then nothing has changed.
        """

    def replace_all(
        self, documents: Iterable[IndexDocument], progress: Progress | None = None, log_position: str = ""
    ) -> None:
        """Build a new index aside and switch to it; a failure leaves the old one serving."""

    def log_position(self) -> str:
        """The position that was kept with the index last; "" where none was. It travels with a copy.

        Raises SearchUnavailableError where there is no index.
        """

    def forget_deleted(self) -> None:
        """Write anew whatever still holds words of deleted documents, in one commit."""

    def needs_merging(self) -> bool:
        """Whether parts of the index are to be merged, which takes minutes and is left to `merge`.

        Raises SearchUnavailableError.
        """

    def merge(self) -> bool:
        """Merge what is due while searches and changes go on. Returns whether segments were merged.

        False if nothing is due, another process is merging, or a rebuild or `forget_deleted` replaced the
        segments. Raises IndexLockedError or SearchUnavailableError.
        """

    def search(self, request: SearchRequest) -> SearchResults:
        """Run one question. Raises QuerySyntaxError or SearchUnavailableError."""

    def all_pages(self, request: SearchRequest, length: int) -> Iterator[SearchResults]:
        """The whole list of a request, `length` hits a page, at least one page.

        The request's offset and limit have no say. Only the first page has counts of any kind. Pages
        of an index that changes meanwhile need not fit together: compare `status().commit` before and after.
        Raises what `search` raises.
        """

    def highlight(self, query: Node | None, field: str, text: str, passages: int) -> tuple[Passage, ...]:
        """The best `passages` of `text` for the query, in text order, matched words marked.

        Without a match (or a query): the opening of the text as one unmarked passage.
        """

    def highlight_whole(self, query: Node | None, field: str, text: str) -> Passage:
        """All of `text` with matched words marked: the fragments' texts joined give `text` back."""

    def more_like(
        self, likeness: Likeness, filters: tuple[FacetFilter, ...], exclude: Iterable[int], limit: int
    ) -> tuple[Hit, ...]:
        """The items closest to the likeness, best first; none of those in `exclude`."""

    def suggest_word(self, word: str, field: str | None = None) -> str | None:
        """The likeliest correction of a word that the index does not hold, or None."""

    def word_counts(self, requests: Sequence[SearchRequest]) -> "WordCounts":
        """Term -> how often it stands in the rationales of all that each request finds.

        Terms that none of them has are left out. Terms are words as the index holds them (stems). The
        requests' pages, orders and `count` have no say.
        """

    def pair_counts(
        self, requests: Sequence[SearchRequest], among: Collection[str], fewest: int = 1
    ) -> "PairCounts":
        """(term, term right behind it) -> how often, as `word_counts`, for terms that are both in `among`.

        Pairs that all requests together have less than `fewest` times are left out.
        """

    def terms(self, text: str) -> tuple[str, ...]:
        """The words of `text` in order, as the index holds them."""

    def spellings(self, terms: Iterable[str], field: str) -> Mapping[str, str]:
        """Each term as the field's documents spell it most often; the term itself where none holds it."""

    def words_with_prefix(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Words as the index holds them that begin with `prefix`, commonest first; one of each stem."""

    def fingerprints(self) -> Iterable[tuple[int, int]]:
        """(key, fingerprint) of every document, keys ascending: for comparing with the database."""

    def status(self) -> EngineStatus:
        """Raises SearchUnavailableError where there is nothing to search."""

    def verify(self) -> None:
        """Read the whole index.

        Raises SearchUnavailableError where it is not what was written, or of an older version: such a one
        may still answer, as `status` shows.
        """
