"""What the search tool returns: the API's answer, shorter, and each passage as one text."""

from collections.abc import Iterable

from django.conf import settings

from determinations.api.parameters import ApiSearch
from determinations.api.schemas import HitSchema, TextFragmentSchema
from determinations.api.search import search_answer
from determinations.assistants.citing import absolute, cited, notes_on
from determinations.assistants.schemas import FoundItemSchema, FoundItemsSchema, QuotedPassageSchema
from determinations.search.interface import SearchEngine


def found_items(search: ApiSearch, engine: SearchEngine, counted: tuple[str, ...]) -> FoundItemsSchema:
    """One page of the search; `counted` names the facets whose values are counted.

    Raises InvalidSearchError and SearchUnavailableError.
    """
    answer = search_answer(search, engine, absolute, settings.RESULTS_PER_PAGE)
    return FoundItemsSchema(
        q=answer.q,
        address=answer.links.html,
        total=answer.total,
        total_following=answer.total_following,
        total_in_summaries=answer.total_in_summaries,
        page=answer.page,
        pages=answer.pages,
        page_size=answer.page_size,
        sort=answer.sort,
        index_generation=answer.index_generation,
        outcomes=answer.outcomes,
        related_words=answer.related_words,
        filter_offers=answer.filter_offers,
        other_questions=answer.other_questions,
        items=tuple(map(_found, answer.hits)),
        vanished=answer.vanished,
        counts=tuple(facet for facet in answer.facets if facet.name in counted),
        notes=notes_on((hit.is_invented for hit in answer.hits), has_rates=True),
    )


def _found(hit: HitSchema) -> FoundItemSchema:
    item = cited(
        hit.item,
        determination=hit.determination,
        address=hit.links.html,
        date=hit.date,
        specialties=hit.specialties,
        is_invented=hit.is_invented,
    )
    passages = (QuotedPassageSchema(passage.part, _joined(passage.fragments)) for passage in hit.passages)
    return FoundItemSchema(item, tuple(passages), hit.follows, hit.missing_words)


def _joined(fragments: Iterable[TextFragmentSchema]) -> str:
    return "".join(fragment.text for fragment in fragments)
