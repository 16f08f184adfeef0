"""The items most like another: the same rule as on columns, two round trips.

First the best score of any document for each text, then facts and texts together.
"""

from collections.abc import Iterable, Mapping

from determinations.search.analysis import terms
from determinations.search.index_fields import KEY, facet_field
from determinations.search.interface import FacetFilter, Hit, Likeness, Sort
from determinations.search.opensearch.connection import Body
from determinations.search.opensearch.expressions import Query, any_of
from determinations.search.opensearch.pages import SORTS
from determinations.search.opensearch.scoring import constant, filter_queries, saturated
from determinations.search.opensearch.state import Index
from determinations.search.opensearch.texts import sent_term
from determinations.search.opensearch.words import IndexVocabulary
from determinations.search.relevance import rarity
from determinations.search.vocabulary import key_terms


def closest(
    index: Index, likeness: Likeness, filters: tuple[FacetFilter, ...], exclude: Iterable[int], limit: int
) -> tuple[Hit, ...]:
    """The `limit` best; items that neither share a fact nor have a key term are none of them."""
    state = index.state()
    vocabulary = IndexVocabulary(index, state.documents)
    words = {term for text in likeness.texts.values() for term in terms(text)}
    if words:
        vocabulary.fetch_words(words, tuple(likeness.texts))
    terms_of = {field: key_terms(text, field, vocabulary) for field, text in likeness.texts.items()}
    saying = [_said(field, found, vocabulary) for field, found in terms_of.items() if found]
    sharing = [
        constant({"terms": {facet_field(one.held_in): list(one.values)}}, weight)
        for one, weight in likeness.shared
        if one.values
    ]
    if not (saying or sharing) or limit <= 0:
        return ()
    narrowed = {
        "filter": filter_queries(filters, ()),
        "must_not": [{"terms": {KEY: list(exclude)}}],
    }
    # Of the candidates, those that share a fact among them, the best score for each text.
    bests = [{"query": _among(one, narrowed), **_SCORED, "size": 1} for one in saying]
    _, answers = index.ask([(index.names.items, body) for body in bests])
    scaled: list[Query] = []
    for one, answer in zip(saying, answers, strict=True):
        if hits := answer["hits"]["hits"]:
            share = 1 / (hits[0]["_score"] * len(terms_of))
            scaled.append({"bool": {"must": [one], "boost": share}})
    if not (scaled or sharing):
        return ()
    query = _among(any_of([*sharing, *scaled]), narrowed)
    _, (answer,) = index.ask([(index.names.items, {"query": query, **_SCORED, "size": limit})])
    return tuple(Hit(hit["sort"][-1], hit["_score"]) for hit in answer["hits"]["hits"])


_SCORED: Body = {
    "sort": SORTS[Sort.RELEVANCE],
    "track_scores": True,
    "track_total_hits": False,
    "_source": False,
    "stored_fields": "_none_",
}


def _among(scores: Query, narrowed: Mapping[str, list[Query]]) -> Query:
    return {"bool": {"must": [scores], **narrowed}}


def _said(field: str, emphases: Mapping[str, float], vocabulary: IndexVocabulary) -> Query:
    """What documents score for the key terms in the field."""
    documents = vocabulary.document_count
    several: list[Query] = []
    for term, emphasis in emphases.items():
        rare = rarity(documents, min(vocabulary.frequency(field, term), documents))
        several.append(saturated({"term": {field: sent_term(term)}}, rare * emphasis))
    return any_of(several)
