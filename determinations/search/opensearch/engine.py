"""The engine itself: what each method of the interface asks of the cluster."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from determinations.search import analysis
from determinations.search.highlighting.passages import best_passages, highlighter, whole
from determinations.search.index_errors import IndexDamagedError
from determinations.search.index_fields import FINGERPRINT, KEY
from determinations.search.interface import (
    EngineStatus,
    FacetFilter,
    Hit,
    IndexDocument,
    Likeness,
    Passage,
    Progress,
    SearchRequest,
    SearchResults,
)
from determinations.search.opensearch.connection import WORK_SECONDS, Access, Cluster
from determinations.search.opensearch.expressions import EVERYTHING
from determinations.search.opensearch.pages import Pages
from determinations.search.opensearch.similar import closest
from determinations.search.opensearch.state import Index
from determinations.search.opensearch.streams import hits_of
from determinations.search.opensearch.word_counts import pair_totals, word_totals
from determinations.search.opensearch.words import IndexVocabulary
from determinations.search.opensearch.writing import Writer
from determinations.search.query.nodes import Node
from determinations.search.term_counts import PairCounts, WordCounts
from determinations.search.vocabulary import completions, correction, spelling


class OpenSearchEngine:
    """A SearchEngine: see `interface.SearchEngine` for what each method promises. Threads may share one.

    `prefix` begins the names of its indices. `lock_timeout`: how many seconds a change waits for another
    writer. `shards` and `replicas` are those of an index that is built anew.
    """

    def __init__(
        self,
        access: Access,
        prefix: str = "imr",
        lock_timeout: float = 10.0,
        shards: int = 1,
        replicas: int = 0,
        cluster: Cluster | None = None,
    ) -> None:
        self._index = Index(cluster or Cluster(access), prefix)
        self._writer = Writer(self._index, lock_timeout, shards, replicas)
        self._pages = Pages(self._index)

    @property
    def location(self) -> str:
        return f"{self._index.names.prefix} on {self._index.cluster.hosts}"

    @property
    def is_shared(self) -> bool:
        return True

    def update(
        self,
        documents: Iterable[IndexDocument],
        delete: Iterable[int] = (),
        log_position: str | None = None,
    ) -> None:
        self._writer.update(documents, delete, log_position)

    def replace_all(
        self, documents: Iterable[IndexDocument], progress: Progress | None = None, log_position: str = ""
    ) -> None:
        self._writer.replace_all(documents, progress, log_position)

    def log_position(self) -> str:
        return self._index.state().log_position

    def forget_deleted(self) -> None:
        self._writer.forget_deleted()

    def search(self, request: SearchRequest) -> SearchResults:
        return self._pages.search(request)

    def all_pages(self, request: SearchRequest, length: int) -> Iterator[SearchResults]:
        return self._pages.all_pages(request, length)

    def highlight(self, query: Node | None, field: str, text: str, passages: int) -> tuple[Passage, ...]:
        return best_passages(highlighter(query, field), text, passages)

    def highlight_whole(self, query: Node | None, field: str, text: str) -> Passage:
        return whole(highlighter(query, field), text)

    def more_like(
        self, likeness: Likeness, filters: tuple[FacetFilter, ...], exclude: Iterable[int], limit: int
    ) -> tuple[Hit, ...]:
        return closest(self._index, likeness, filters, exclude, limit)

    def suggest_word(self, word: str, field: str | None = None) -> str | None:
        vocabulary = self._vocabulary()
        vocabulary.fetch_near(word)
        return correction(vocabulary, word, field)

    def words_with_prefix(self, prefix: str, limit: int) -> tuple[str, ...]:
        return completions(self._vocabulary(), prefix, limit)

    def terms(self, text: str) -> tuple[str, ...]:
        return tuple(analysis.terms(text))

    def spellings(self, terms: Iterable[str], field: str) -> Mapping[str, str]:
        wanted = list(terms)
        vocabulary = self._vocabulary()
        vocabulary.fetch_spellings(wanted, field)
        return {term: spelling(vocabulary, term, field) for term in wanted}

    def word_counts(self, requests: Sequence[SearchRequest]) -> WordCounts:
        return word_totals(self._index, [self._pages.found(request) for request in requests])

    def pair_counts(
        self, requests: Sequence[SearchRequest], among: Collection[str], fewest: int = 1
    ) -> PairCounts:
        found = [self._pages.found(request) for request in requests]
        return pair_totals(self._index, found, among, fewest)

    def needs_merging(self) -> bool:
        return False  # the cluster merges by itself

    def merge(self) -> bool:
        return False

    def fingerprints(self) -> Iterable[tuple[int, int]]:
        self._index.state()
        return self._fingerprints()

    def _fingerprints(self) -> Iterator[tuple[int, int]]:
        sort = [KEY, FINGERPRINT]
        index = self._index
        for hits in hits_of(index.cluster, index.names.items, EVERYTHING, sort, stored_fields="_none_"):
            yield from ((hit["sort"][0], hit["sort"][1]) for hit in hits)

    def status(self) -> EngineStatus:
        state = self._index.state()
        return EngineStatus(
            state.documents, state.generation, state.schema_version, "opensearch", state.commit_shown
        )

    def verify(self) -> None:
        """The cluster checks its files itself; here is checked that they are those of the state."""
        state = self._index.state()
        names = self._index.names
        call = self._index.cluster.call
        for alias, index in ((names.items, state.items), (names.words, state.words)):
            served = call("GET", f"/{alias}-*/_alias/{alias}", seconds=WORK_SECONDS)
            if list(served) != [index]:
                raise IndexDamagedError(f"{alias} is {', '.join(served) or 'nowhere'}, not {index}")
        count = call("GET", f"/{state.items}/_count", seconds=WORK_SECONDS)
        if count["_shards"]["failed"]:
            raise IndexDamagedError(f"{count['_shards']['failed']} shards of {state.items} are lost")
        if count["count"] != state.documents and not state.is_changing:
            raise IndexDamagedError(f"{state.items} has {count['count']} documents, not {state.documents}")
        state.require_present_version()

    def _vocabulary(self) -> IndexVocabulary:
        return IndexVocabulary(self._index, 0)
