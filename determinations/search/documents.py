"""A disputed item as the index holds it: the only mapping from rows to index documents.

Joins the models to the engine boundary and knows no engine. Letters that a newer version
supersedes stay in the database and out of the index.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Prefetch, QuerySet

from ..letters.vertebrae import region_of, regions_named
from ..letters.vocabulary import CHRONIC_PAIN, category_of, chapter_slug, specialty_slug, topic_of
from ..models import CitedBy, Determination, DisputedItem, GuidelineCitation
from . import facets
from .interface import IndexDocument

_ROWS_AT_A_TIME = 200


def searchable_items() -> QuerySet[DisputedItem]:
    """The items that the index should hold: those of current letters."""
    return DisputedItem.objects.filter(determination__is_current=True)


def documents_of(items: QuerySet[DisputedItem]) -> Iterator[IndexDocument]:
    """The items' documents, by ascending key, with memory bounded whatever their number."""
    # Prefetched, a letter is in memory once for all its items; its full text is not searched.
    letters = Prefetch("determination", Determination.objects.defer("full_text"))
    rows = items.order_by("pk").prefetch_related(letters, "citations")
    for item in rows.iterator(chunk_size=_ROWS_AT_A_TIME):
        yield document_of(item)


def document_of(item: DisputedItem) -> IndexDocument:
    letter = item.determination
    document = IndexDocument(
        key=item.pk,
        case=letter.case_number,
        request=item.request,
        guideline="\n".join(filter(None, (item.claims_administrator_guideline, item.reviewer_guideline))),
        rationale=item.rationale,
        summary=letter.clinical_summary,
        facets=facet_values(item),
        date=_date_number(letter),
    )
    return replace(document, fingerprint=_fingerprint(document))


def facet_values(item: DisputedItem) -> dict[str, tuple[str, ...]]:
    """Facet name -> the item's values, parents of hierarchical facets included."""
    letter = item.determination
    return {
        facets.DECISION.name: (item.decision,),
        facets.SERVICE.name: _with_parents((slug, category_of(slug)) for slug in item.services),
        facets.GUIDELINE.name: _guidelines(item, CitedBy.REVIEWER),
        facets.LEVEL.name: _levels(item),
        facets.SPECIALTY.name: tuple(sorted({specialty_slug(name) for name in letter.specialties})),
        facets.YEAR.name: (str(letter.year),) if letter.year else (),
        facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name: _guidelines(item, CitedBy.CLAIMS_ADMINISTRATOR),
    }


def _with_parents(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({value for pair in pairs for value in pair}))


def _levels(item: DisputedItem) -> tuple[str, ...]:
    """The levels and their regions, and a region that the request names without a level ("lumbar MRI")."""
    regions = {*map(region_of, item.spinal_levels), *regions_named(item.request)}
    return tuple(sorted({*item.spinal_levels, *regions}))


def _guidelines(item: DisputedItem, cited_by: CitedBy) -> tuple[str, ...]:
    return tuple(
        sorted(
            {
                value
                for citation in item.citations.all()
                if citation.cited_by == cited_by
                for value in _values_of(citation)
            }
        )
    )


def _values_of(citation: GuidelineCitation) -> Iterator[str]:
    """The source, and below it the chapter; the chronic pain guidelines have topics in its place."""
    yield citation.source
    names = [citation.chapter] if citation.chapter else []
    if citation.source == CHRONIC_PAIN:
        names.extend(filter(None, map(topic_of, citation.sections)))
    yield from (f"{citation.source}.{chapter_slug(name)}" for name in names)


def _date_number(letter: Determination) -> int:
    """yyyymmdd of the letter's date; a letter of which only the year is known is filed before it."""
    day = letter.letter_date
    if day:
        return day.year * 10_000 + day.month * 100 + day.day
    return (letter.year or 0) * 10_000


def _fingerprint(document: IndexDocument) -> int:
    content = json.dumps(
        [
            document.key,
            document.case,
            document.request,
            document.guideline,
            document.rationale,
            document.summary,
            sorted(document.facets.items()),
            document.date,
        ]
    ).encode()
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()) >> 1
