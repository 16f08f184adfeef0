"""A page of results: one round trip where rarities are known, and one more where words stand side by side.

The order is that of the columnar engine: the best WINDOW documents by score, raised for words that were typed
side by side; behind them the rest by score; then what follows because it has some of the parts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from determinations.search.index_fields import CASE_ORDER, DATE, KEY, LEVEL_ORDER, facet_field
from determinations.search.interface import (
    FEW,
    Hit,
    MostOf,
    NamedValue,
    SearchRequest,
    SearchResults,
    SearchUnavailableError,
    Sort,
)
from determinations.search.opensearch.aggregations import counted_total, counts_body, facet_counts, splits
from determinations.search.opensearch.connection import Body
from determinations.search.opensearch.expressions import (
    InField,
    Query,
    any_of,
    needs_measuring,
)
from determinations.search.opensearch.measuring import measured_keys
from determinations.search.opensearch.question import Part, Value, Words, leaves, question_of, things
from determinations.search.opensearch.scoring import (
    constant,
    filter_queries,
    found_by,
    nearness,
    neighbors,
    scored,
    typed_in_requests,
    value_query,
    with_values,
)
from determinations.search.opensearch.state import Index, State
from determinations.search.opensearch.streams import hits_of
from determinations.search.positions import Term
from determinations.search.query.nodes import ITEM_FIELDS, SEARCHED_FIELDS, Node
from determinations.search.relevance import ENOUGH, IN_SUMMARY, NEAR_FIELDS, WINDOW, rarity

_REMEMBERED, _MEASURED = 20_000, 200
_TIMES_TO_BEGIN_AGAIN = 4
_TOO_FAST = "The search index changes too fast to be searched. Try again in a minute."


@dataclass(slots=True)
class _Known:
    """What was counted and measured on one commit."""

    commit: str = ""
    documents: int = 0
    counts: dict[Part, int] = field(default_factory=dict)
    measured: dict[InField, tuple[int, ...]] = field(default_factory=dict)

    def rarity(self, part: Part) -> float:
        count = self.counts[part]
        return rarity(self.documents, min(count, self.documents)) if count else 0.0


class _ChangedMeanwhile(Exception):  # noqa: N818 - no error, but a reason to begin again
    pass


class Pages:
    """Runs requests; threads may share one."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known = _Known()

    def search(self, request: SearchRequest) -> SearchResults:
        """Raises QuerySyntaxError or SearchUnavailableError."""
        for _ in range(_TIMES_TO_BEGIN_AGAIN):
            try:
                return self._search(request)
            except _ChangedMeanwhile:
                continue
        raise SearchUnavailableError(
            "The search index changes too fast to be searched. Try again in a minute."
        )

    def all_pages(self, request: SearchRequest, length: int) -> Iterator[SearchResults]:
        """The first page as any other; the rest in one stream, for a page far down costs all those before."""
        length = max(length, WINDOW)  # of which the first page shows the final order
        first = self.search(replace(request, offset=0, limit=length))
        yield first
        if len(first.hits) < length:
            return
        question = _Asked(replace(request, offset=WINDOW, limit=length), _fields(request))
        known = self._prepared(_Needs().of_found(question.found).of_order(question))
        found = _narrowed(found_by(question.found, known.measured), request)
        body = self._hits_body(question, known, found, WINDOW)
        names = ("track_scores", "stored_fields")
        asked = {name: body[name] for name in names}
        cluster, items = self._index.cluster, self._index.names.items
        streamed = hits_of(cluster, items, body["query"], body["sort"], length, **asked)
        for number, hits in enumerate(streamed):
            if number:  # the first hits are those of the first page
                yield SearchResults(first.total, tuple(_hit(hit, 0) for hit in hits))

    def found(self, request: SearchRequest) -> Query:
        """All that a request finds, its page and order aside."""
        question = question_of(request.query, _fields(request))
        known = self._prepared(_Needs().of_found(question))
        return _narrowed(found_by(question, known.measured), request)

    def _search(self, request: SearchRequest) -> SearchResults:
        question = _Asked(request, _fields(request))
        needs = _Needs().of_found(question.found)
        if request.limit > 0:
            needs.of_order(question)
        wide = question_of(request.query, SEARCHED_FIELDS)
        counts_summaries = (
            request.count_summaries_below > 0 and not request.summaries and request.query is not None
        )
        if counts_summaries:
            needs.of_found(wide)
        known = self._prepared(needs)
        found = found_by(question.found, known.measured)
        bodies: dict[str, Body] = {}
        if request.count or request.split or request.limit <= 0:
            bodies["counts"] = counts_body(request, found)
        if request.limit > 0:
            bodies["hits"] = self._hits_body(question, known, _narrowed(found, request), request.offset)
            bodies["hits"]["track_total_hits"] = "counts" not in bodies
        if counts_summaries:
            more = {"bool": {"filter": [found_by(wide, known.measured)], "must_not": [found]}}
            bodies["summaries"] = _size_only(_narrowed(more, request))
        answers = self._asked(bodies, known)
        total = _total_of(answers)
        hits = self._page(question, known, answers["hits"], total) if request.limit > 0 else ()
        if request.limit > 0 and not hits and total > request.offset:
            raise _ChangedMeanwhile  # counted before or after what is being written could be found
        following = 0
        if request.most_of is not None and total < FEW:
            following, behind = self._following(
                request, request.most_of, found, total, request.limit - len(hits)
            )
            hits += behind
        return SearchResults(
            total=total,
            hits=hits,
            counts=facet_counts(request, answers["counts"]) if request.count else {},
            splits=splits(request, answers["counts"]) if request.split else (),
            following=following,
            in_summaries=answers["summaries"]["hits"]["total"]["value"]
            if counts_summaries and total < request.count_summaries_below
            else None,
        )

    # What is known of the commit

    def _prepared(self, needs: "_Needs") -> _Known:
        """Counts what has not been counted on this commit, measures what has not been measured."""
        for _ in range(_TIMES_TO_BEGIN_AGAIN):
            known = self._known
            missing = [part for part in needs.counts if part not in known.counts]
            distances = [leaf for leaf in needs.distances if leaf not in known.measured]
            if known.commit and not missing and not distances:
                return known
            for leaf in distances:
                known.measured[leaf] = measured_keys(self._index, leaf)
            state, answers = self._index.ask(
                [(self._index.names.items, _size_only(found_by(part, known.measured))) for part in missing]
            )
            # Where the index has changed meanwhile, all of it is counted and measured again.
            self._of(state).counts |= {
                part: answer["hits"]["total"]["value"] for part, answer in zip(missing, answers, strict=True)
            }
        raise SearchUnavailableError(_TOO_FAST)

    def _of(self, state: State) -> _Known:
        known = self._known
        is_full = len(known.counts) > _REMEMBERED or len(known.measured) > _MEASURED
        if known.commit != state.commit or is_full:
            known = self._known = _Known(state.commit, state.documents)
        return known

    def _asked(self, bodies: Mapping[str, Body], known: _Known) -> dict[str, Body]:
        """The answers, if they are of the commit that is known. Raises _ChangedMeanwhile."""
        state, answers = self._index.ask([(self._index.names.items, body) for body in bodies.values()])
        if state.commit != known.commit:
            self._of(state)
            raise _ChangedMeanwhile
        return dict(zip(bodies, answers, strict=True))

    # Hits

    def _hits_body(self, question: "_Asked", known: _Known, found: Query, offset: int) -> Body:
        request = question.request
        base: Query = {"bool": {"filter": [found]}}
        if score := scored(question.ranked, known.rarity, known.measured):
            base["bool"]["should"] = [score]
        about = [(value, known.rarity(_value(value))) for value in request.about]
        query = with_values(base, about, request.raised)
        length = request.limit
        if question.is_raised and offset < WINDOW:
            length, offset = max(WINDOW, offset + length), 0
        return {
            "query": query,
            "from": offset,
            "size": length,
            "sort": SORTS[request.sort],
            "track_scores": True,
            "_source": False,
            "stored_fields": "_none_",
        }

    def _page(
        self, question: "_Asked", known: _Known, answer: Body, total: int, offset: int | None = None
    ) -> tuple[Hit, ...]:
        """The hits of the page, those of the window in their final order."""
        offset = question.request.offset if offset is None else offset
        hits = [_hit(hit, question.parts) for hit in answer["hits"]["hits"]]
        if question.is_raised and offset < WINDOW:
            window = self._raised(question, known, hits[:WINDOW])
            hits = [*window, *hits[WINDOW:]][offset : offset + question.request.limit]
        return tuple(hits)

    def _raised(self, question: "_Asked", known: _Known, window: Sequence[Hit]) -> list[Hit]:
        more: list[Query] = []
        for pair in question.pairs:
            stems = (max((known.counts[one] for one in _stems(stem)), default=0) for stem in pair)
            worth = min(rarity(known.documents, min(count, known.documents)) for count in stems)
            more.append(nearness(*pair, worth))
        if question.typed is not None and window:
            more.append(constant(found_by(question.typed, known.measured), window[0].score))
        if not window or not more:
            return list(window)
        keys: Query = {"terms": {KEY: [hit.key for hit in window]}}
        body: Body = {
            "query": {"bool": {"filter": [keys], "should": more}},
            "size": len(window),
            "sort": [KEY],
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
            "stored_fields": "_none_",
        }
        answer = self._asked({"raised": body}, known)["raised"]
        added = {hit["sort"][0]: hit["_score"] or 0.0 for hit in answer["hits"]["hits"]}
        raised = [replace(hit, score=hit.score + added.get(hit.key, 0.0)) for hit in window]
        return sorted(raised, key=lambda hit: (-hit.score, hit.key))

    # What follows

    def _following(
        self, request: SearchRequest, wanted: MostOf, found: Query, total: int, limit: int
    ) -> tuple[int, tuple[Hit, ...]]:
        """How many documents have enough of the parts and are not found, and those on the page."""
        fields = _fields(request)
        own = [question_of(part, fields) for part in wanted.parts]
        wide = [question_of(part, SEARCHED_FIELDS) for part in wanted.parts]
        required = question_of(wanted.required, fields)
        behind = replace(request, offset=max(0, request.offset - total), limit=max(0, limit))
        question = _Asked(behind, SEARCHED_FIELDS, len(wide))
        needs = _Needs().of_found(required)
        needs.counts |= dict.fromkeys(wide)
        for part in (*own, *wide):
            needs.of_found(part)
        needs.of_order(question)
        known = self._prepared(needs)
        own_queries = [found_by(part, known.measured) for part in own]
        wide_queries = [found_by(part, known.measured) for part in wide]
        weights = [known.rarity(part) for part in wide]
        filters = [
            any_of(wide_queries),
            found_by(required, known.measured),
            _with_enough(own_queries, wide_queries, weights, request.about),
            {"bool": {"must_not": [found]}},
        ]
        body = self._hits_body(
            question, known, _narrowed({"bool": {"filter": filters}}, request), behind.offset
        )
        body["track_total_hits"] = True
        if limit <= 0:
            body["size"] = body["from"] = 0
        named = [_named(one, f"own {place}") for place, one in enumerate(own_queries)]
        named += [_named(one, f"wide {place}") for place, one in enumerate(wide_queries)]
        body["query"] = {"bool": {"must": [body["query"]], "should": named}}
        answer = self._asked({"hits": body}, known)["hits"]
        count = answer["hits"]["total"]["value"]
        if limit <= 0:
            return count, ()
        return count, self._page(question, known, answer, count)


class _Asked:
    """A request's questions: what it finds, and what scores. `parts`: how many parts its hits may lack."""

    def __init__(self, request: SearchRequest, fields: tuple[str, ...], parts: int = 0) -> None:
        self.request = request
        self.parts = parts
        self.found = question_of(request.query, fields)
        ranked: Node | None = request.query if request.ranked_by is None else request.ranked_by
        self.ranked = question_of(ranked, fields)
        by_relevance = request.sort is Sort.RELEVANCE
        self.pairs = neighbors(self.ranked) if by_relevance else []
        self.typed = typed_in_requests(self.ranked) if by_relevance else None

    @property
    def is_raised(self) -> bool:
        return bool(self.pairs) or self.typed is not None


class _Needs:
    """What is to be counted and measured before a question is run."""

    def __init__(self) -> None:
        self.counts: dict[Part, None] = {}
        self.distances: dict[InField, None] = {}

    def of_found(self, part: Part) -> "_Needs":
        for leaf in leaves(part):
            if isinstance(leaf, Words) and needs_measuring(leaf.found.expression):
                self.distances[leaf.found] = None
        return self

    def of_order(self, question: _Asked) -> "_Needs":
        self.of_found(question.ranked)
        self.counts |= dict.fromkeys(things(question.ranked))
        self.counts |= dict.fromkeys(map(_value, question.request.about))
        self.counts |= dict.fromkeys(one for pair in question.pairs for stem in pair for one in _stems(stem))
        return self


SORTS: Mapping[Sort, list[Any]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, {KEY: "asc"}],
    Sort.NEWEST: [{DATE: {"order": "desc", "missing": "_last"}}, {KEY: "asc"}],
    Sort.OLDEST: [{DATE: {"order": "asc", "missing": "_last"}}, {KEY: "asc"}],
    Sort.LEVEL: [{LEVEL_ORDER: {"order": "asc", "missing": "_last"}}, {KEY: "asc"}],
    Sort.CASE: [{CASE_ORDER: {"order": "asc", "missing": "_last"}}, {KEY: "asc"}],
}


def _fields(request: SearchRequest) -> tuple[str, ...]:
    return SEARCHED_FIELDS if request.summaries else ITEM_FIELDS


def _value(value: NamedValue) -> Value:
    return Value(facet_field(value.facet), value.value)


def _stems(stem: str) -> list[Words]:
    return [Words(InField(name, Term(stem))) for name in NEAR_FIELDS]


def _narrowed(found: Query, request: SearchRequest) -> Query:
    return {"bool": {"filter": [found, *filter_queries(request.filters, request.dates)]}}


def _size_only(query: Query) -> Body:
    return {"query": query, "size": 0, "track_total_hits": True}


def _named(query: Query, name: str) -> Query:
    """Says of each hit whether it matches, and adds nothing to its score."""
    return {"bool": {"filter": [query], "_name": name}}


def _with_enough(
    own: Sequence[Query], wide: Sequence[Query], weights: Sequence[float], about: Iterable[NamedValue]
) -> Query:
    """Enough of the parts, each weighing as it is rare, or a value that the question is about."""
    shares = [
        {"dis_max": {"queries": [constant(inside, weight), constant(outside, weight * IN_SUMMARY)]}}
        for inside, outside, weight in zip(own, wide, weights, strict=True)
        if weight
    ]
    if not shares:
        return {"match_none": {}}
    least = ENOUGH * sum(weights)
    enough = {"function_score": {"query": any_of(shares), "min_score": least, "boost_mode": "multiply"}}
    return any_of([enough, *map(value_query, about)])


def _hit(hit: Body, parts: int) -> Hit:
    score = hit["_score"] if hit.get("_score") is not None else 0.0
    if not parts:
        return Hit(hit["sort"][-1], score)
    held = set(hit.get("matched_queries", ()))
    lacks = tuple(place for place in range(parts) if f"wide {place}" not in held)
    in_summary = tuple(
        place for place in range(parts) if f"wide {place}" in held and f"own {place}" not in held
    )
    return Hit(hit["sort"][-1], score, True, lacks, in_summary)


def _total_of(answers: Mapping[str, Body]) -> int:
    if "counts" in answers:
        return counted_total(answers["counts"])
    return int(answers["hits"]["hits"]["total"]["value"])
