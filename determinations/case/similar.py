"""The determinations most similar to one disputed item, with any outcome or with the opposite one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from determinations.case.reasons import Parting, parting
from determinations.models import Decision, DisputedItem
from determinations.search.facets import BODY_PART, DECISION, SERVICE
from determinations.search.interface import FacetFilter, Hit, Likeness, SearchEngine
from determinations.search_page.facet_values import facet_label
from determinations.search_page.item_ref import ItemRef, item_ref
from determinations.search_page.result_rows import ResultRow, result_rows

SHOWN = 20
GLANCED = 3

# A partial overturn granted part of what was asked: its opposite is the denial that stood whole.
_OPPOSITES: dict[Decision, tuple[Decision, ...]] = {
    Decision.UPHELD: (Decision.OVERTURNED, Decision.PARTIALLY_OVERTURNED),
    Decision.OVERTURNED: (Decision.UPHELD,),
    Decision.PARTIALLY_OVERTURNED: (Decision.UPHELD,),
    Decision.UNKNOWN: (),
}
SERVICE_WEIGHT, BODY_PART_WEIGHT = 1.0, 1.1
"""What sharing a service and a part of the body counts beside the texts, which count 1 at most."""
_NO_SERVICE = "unclassified"


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A similar item, and where it parts from the one that it is like if it was decided otherwise."""

    row: ResultRow
    parting: Parting | None


@dataclass(frozen=True, slots=True)
class SimilarItems:
    """`decision` is the item's own; `services` are those among which opposites were sought.

    `why_none` explains an empty list.
    """

    rows: tuple[SimilarRow, ...]
    decision: Decision
    opposite: bool
    services: tuple[str, ...]
    all_url: str
    opposite_url: str
    why_none: str = ""

    @property
    def headline(self) -> str:
        """How many there are; of a full list, that it holds the closest only."""
        number = len(self.rows)
        if number == SHOWN:
            return f"The {number} most similar disputed items"
        return ngettext("%d disputed item", "%d disputed items", number) % number


@dataclass(frozen=True, slots=True)
class SimilarLine:
    """One determination in a line of a case page; `compare` are the names of it and the item it is like."""

    ref: ItemRef
    compare: tuple[str, str]
    parting: Parting | None = None


@dataclass(frozen=True, slots=True)
class Glance:
    """The few closest to an item: whatever their outcome, and those of the opposite one.

    `opposite` leaves out those that are in `similar` already, of which there are `opposite_in_similar`.
    """

    similar: tuple[SimilarLine, ...]
    opposite: tuple[SimilarLine, ...]
    opposite_in_similar: int

    @property
    def are_all_opposite(self) -> bool:
        """Whether all that are most similar have the opposite outcome: one list says both."""
        return not self.opposite and 0 < len(self.similar) == self.opposite_in_similar


def glance_at(item: DisputedItem, engine: SearchEngine) -> Glance:
    """The few closest to the item. Two database queries, two searches. Raises SearchUnavailableError."""
    own = tuple(item.determination.items.values_list("pk", flat=True))
    similar, opposite = (
        _closest(item, engine, own, GLANCED, opposite=opposite) for opposite in (False, True)
    )
    keys = {hit.key for hit in (*similar, *opposite)}
    by_key = DisputedItem.objects.for_lines().defer("rationale").in_bulk(keys)

    def lines(hits: Iterable[Hit]) -> tuple[SimilarLine, ...]:
        return tuple(_line(item, by_key[hit.key]) for hit in hits if hit.key in by_key)

    shown = {hit.key for hit in similar if hit.key in by_key}
    others = lines(hit for hit in opposite if hit.key not in shown)
    return Glance(lines(similar), others, sum(hit.key in shown for hit in opposite))


def similar_items(item: DisputedItem, engine: SearchEngine, *, opposite: bool) -> SimilarItems:
    """Closest by service, body part, request and rationale, other letters only.

    `opposite`: those of the same service and the opposite outcome.

    Raises SearchUnavailableError.
    """
    why_none = "No other letter on this site has a similar item."
    if opposite:
        why_none = "No letter on this site has a similar item with the same service and the opposite outcome."
    url = reverse("determinations:similar", args=[item.determination.public_id, item.position])
    if opposite and not _OPPOSITES[Decision(item.decision)]:
        why_none = "This item’s decision could not be read, so there is no opposite outcome."
    own = item.determination.items.values_list("pk", flat=True)
    own_grounds = [ground.slug for ground in item.stated_grounds]
    rows = result_rows(_closest(item, engine, own, SHOWN, opposite=opposite), engine)
    return SimilarItems(
        rows=tuple(
            SimilarRow(row, parting(own_grounds, item.decision, _slugs(row), row.ref.decision.value))
            for row in rows
        ),
        decision=Decision(item.decision),
        opposite=opposite,
        services=tuple(facet_label(SERVICE.name, slug) for slug in _services(item)),
        all_url=url,
        opposite_url=f"{url}?opposite=1",
        why_none="" if rows else why_none,
    )


def _slugs(row: ResultRow) -> tuple[str, ...]:
    return tuple(ground.slug for ground in row.grounds)


def _closest(
    item: DisputedItem, engine: SearchEngine, own: Iterable[int], limit: int, *, opposite: bool
) -> tuple[Hit, ...]:
    """`own` are the keys of the item's letter. Nothing is the opposite of a decision that was not read."""
    filters: tuple[FacetFilter, ...] = ()
    if opposite:
        decisions = _OPPOSITES[Decision(item.decision)]
        if not decisions:
            return ()
        filters = (FacetFilter(DECISION.name, tuple(decision.value for decision in decisions)),)
        if services := _services(item):
            filters += (FacetFilter(SERVICE.name, services),)
    return engine.more_like(_likeness(item), filters, own, limit)


def _likeness(item: DisputedItem) -> Likeness:
    """The treatment and the part of the body, then what request and rationale say."""
    shared = (
        (FacetFilter(SERVICE.name, _services(item)), SERVICE_WEIGHT),
        (FacetFilter(BODY_PART.name, tuple(item.body_parts)), BODY_PART_WEIGHT),
    )
    return Likeness({"rationale": item.rationale, "request": item.request}, shared)


def closest_items(item: DisputedItem, engine: SearchEngine, limit: int) -> tuple[Hit, ...]:
    """The items of other letters that are most like this one, whatever their outcome."""
    own = item.determination.items.values_list("pk", flat=True)
    return _closest(item, engine, own, limit, opposite=False)


def _services(item: DisputedItem) -> tuple[str, ...]:
    return tuple(slug for slug in item.services if slug != _NO_SERVICE)


def _line(item: DisputedItem, like_it: DisputedItem) -> SimilarLine:
    return SimilarLine(item_ref(like_it), (item.name, like_it.name), _parting(item, like_it))


def _parting(item: DisputedItem, other: DisputedItem) -> Parting | None:
    here, there = (tuple(ground["ground"] for ground in one.grounds) for one in (item, other))
    return parting(here, item.decision, there, other.decision)
