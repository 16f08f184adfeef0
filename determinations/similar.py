"""The determinations most like one disputed item, and those like it that were decided the other way."""

from dataclasses import dataclass

from django.urls import reverse

from .facet_labels import facet_label
from .models import Decision, DisputedItem
from .result_rows import ResultRow, result_rows
from .search.facets import DECISION, SERVICE
from .search.interface import FacetFilter, Hit, SearchEngine

SHOWN = 20

# A partial overturn granted part of what was asked: its opposite is the denial that stood whole.
_OPPOSITES: dict[Decision, tuple[Decision, ...]] = {
    Decision.UPHELD: (Decision.OVERTURNED, Decision.PARTIALLY_OVERTURNED),
    Decision.OVERTURNED: (Decision.UPHELD,),
    Decision.PARTIALLY_OVERTURNED: (Decision.UPHELD,),
    Decision.UNKNOWN: (),
}
_NO_SERVICE = "unclassified"


@dataclass(frozen=True, slots=True)
class SimilarItems:
    """`decision` is the item's own; `services` are those among which opposites were sought.

    `why_none` explains an empty list.
    """

    rows: tuple[ResultRow, ...]
    decision: Decision
    opposite: bool
    services: tuple[str, ...]
    all_url: str
    opposite_url: str
    why_none: str = ""


def similar_items(item: DisputedItem, engine: SearchEngine, *, opposite: bool) -> SimilarItems:
    """Closest by rationale and request, other letters only; `opposite`: same service, opposite outcome.

    Raises SearchUnavailableError.
    """
    services = tuple(slug for slug in item.services if slug != _NO_SERVICE)
    decisions = _OPPOSITES[Decision(item.decision)]
    filters: list[FacetFilter] = []
    why_none = "No other letter held here resembles this item."
    if opposite:
        filters.append(FacetFilter(DECISION.name, tuple(decision.value for decision in decisions)))
        if services:
            filters.append(FacetFilter(SERVICE.name, services))
        why_none = "No letter held here decides the same service the other way in words like these."
    url = reverse("determinations:similar", args=[item.determination.public_id, item.position])
    hits: tuple[Hit, ...] = ()
    if opposite and not decisions:
        why_none = "This item’s decision could not be read, so nothing is its opposite."
    else:
        texts = {"rationale": item.rationale, "request": item.request}
        own = item.determination.items.values_list("pk", flat=True)
        hits = engine.more_like(texts, tuple(filters), own, SHOWN)
    rows = result_rows(hits, engine)
    return SimilarItems(
        rows=rows,
        decision=Decision(item.decision),
        opposite=opposite,
        services=tuple(facet_label(SERVICE.name, slug) for slug in services),
        all_url=url,
        opposite_url=f"{url}?opposite=1",
        why_none="" if rows else why_none,
    )
