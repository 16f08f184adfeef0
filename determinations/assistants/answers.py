"""What each tool returns: results of the API, the case page and the statistics, in the tools' own schemas."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from determinations.api.letters import letter_shape
from determinations.api.parameters import ApiSearch
from determinations.api.schemas import GroundSideName, HitSchema, TextFragmentSchema
from determinations.api.search import search_answer
from determinations.assistants.citing import absolute, cited, cited_item, notes_on
from determinations.assistants.schemas import (
    ClosestItemSchema,
    ClosestItemsSchema,
    FoundItemSchema,
    FoundItemsSchema,
    NamedGroundSchema,
    OpposedReasonsSchema,
    PartingSchema,
    QuotedPassageSchema,
    ReasonExampleSchema,
    ReasonSchema,
    ReasonsSchema,
    StatedShareSchema,
    WholeLetterSchema,
)
from determinations.case.citation import item_citation
from determinations.case.reasons import Parting
from determinations.case.similar import SimilarRow, similar_items
from determinations.models import Determination, DisputedItem
from determinations.search.interface import SearchEngine
from determinations.statistics.reasons import (
    OpposedRow,
    RationaleExample,
    ReasonRow,
    Stated,
    reasons_of_search,
)


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


def whole_letter(letter: Determination, *, with_text: bool) -> WholeLetterSchema:
    """The letter as the API gives it; `with_text` adds its whole text."""
    shape = letter_shape(letter, absolute)
    shown = shape if with_text else replace(shape, text="")
    return WholeLetterSchema(shown, not with_text, notes_on([letter.is_invented]))


def stated_reasons(search: ApiSearch, engine: SearchEngine, examples: int) -> ReasonsSchema:
    """The grounds of all that the search finds, each with at most so many examples.

    Raises QuerySyntaxError and SearchUnavailableError.
    """
    found = reasons_of_search(engine, search.search.request(), search.address, examples=examples)
    shown = [example for row in found.rows for example in row.examples]
    items = DisputedItem.objects.by_name(example.ref.name for example in shown)
    return ReasonsSchema(
        q=search.address.text,
        address=absolute(search.address.url_at("reasons")),
        upheld=found.items.upheld,
        overturned=found.items.overturned,
        read=found.read,
        opposed=tuple(map(_opposed, found.opposed)),
        grounds=tuple(_reason(row, items) for row in found.rows),
        notes=notes_on((example.ref.is_invented for example in shown), has_rates=True),
    )


def _reason(row: ReasonRow, items: Mapping[str, DisputedItem]) -> ReasonSchema:
    return ReasonSchema(
        ground=row.slug,
        label=row.label,
        meaning=row.meaning,
        side=GroundSideName(row.side),
        upheld=_share(row.upheld),
        overturned=_share(row.overturned),
        address=absolute(row.url),
        examples=tuple(_examples(row.examples, items)),
    )


def _examples(
    examples: Iterable[RationaleExample], items: Mapping[str, DisputedItem]
) -> Iterable[ReasonExampleSchema]:
    for example in examples:
        if item := items.get(example.ref.name):
            address = absolute(example.ref.url)
            citation = item_citation(item, address).plain
            yield ReasonExampleSchema(example.sentence, item.name, citation, address, example.ref.is_invented)


def _opposed(row: OpposedRow) -> OpposedReasonsSchema:
    return OpposedReasonsSchema(
        topic=row.topic,
        lacking=_named(row.lacking),
        upheld=_share(row.lacking.upheld),
        shown=tuple(map(_named, row.shown)),
        overturned=_share(row.overturned),
    )


def _named(row: ReasonRow) -> NamedGroundSchema:
    return NamedGroundSchema(row.slug, row.label)


def _share(stated: Stated) -> StatedShareSchema:
    share, low, high = stated.rate.figures or (None, None, None)
    return StatedShareSchema(stated.items, stated.of, share, low, high)


def closest_items(item: DisputedItem, engine: SearchEngine, most: int) -> ClosestItemsSchema:
    """At most `most` items of either kind. Raises SearchUnavailableError."""
    similar, opposite = (similar_items(item, engine, opposite=opposite) for opposite in (False, True))
    first, others = _closest(similar.rows[:most]), _closest(opposite.rows[:most])
    own = cited_item(item)
    shown = (own, *(one.item for one in (*first, *others)))
    page = reverse("determinations:similar", args=[item.determination.public_id, item.position])
    return ClosestItemsSchema(
        item=own,
        address=absolute(page),
        similar=first,
        opposite=others,
        why_none_similar=similar.why_none or None,
        why_none_opposite=opposite.why_none or None,
        notes=notes_on(one.is_invented for one in shown),
    )


def _closest(rows: tuple[SimilarRow, ...]) -> tuple[ClosestItemSchema, ...]:
    """Items that were deleted meanwhile are left out."""
    items = DisputedItem.objects.by_name(row.row.ref.name for row in rows)
    return tuple(
        ClosestItemSchema(cited_item(items[name]), _parting(row.parting))
        for row in rows
        if (name := row.row.ref.name) in items
    )


def _parting(parting: Parting | None) -> PartingSchema | None:
    return PartingSchema(parting.here, parting.there) if parting else None
