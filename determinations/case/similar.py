"""The determinations most like one disputed item, and those like it that were decided the other way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from determinations.models import Decision, DisputedItem
from determinations.search.facets import DECISION, SERVICE
from determinations.search.interface import FacetFilter, Hit, Likeness, SearchEngine
from determinations.search_page.facet_labels import facet_label
from determinations.search_page.result_rows import ResultRow, address_of, item_name, result_rows

SHOWN = 20
GLANCED = 3
MOST_ITEMS_GLANCED_AT = 10
"""A letter with more items than this shows links to the similar ones: each glance is two searches."""

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

    @property
    def headline(self) -> str:
        """How many there are; of a full list, that it holds the closest only."""
        number = len(self.rows)
        if number == SHOWN:
            return f"The {number} closest disputed items"
        return f"{number} disputed item{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class SimilarLine:
    """One determination in a line of a case page; `compare` are the names of it and the item it is like."""

    url: str
    request: str
    letter: str
    item: str
    date: date | None
    year: str
    decision: Decision
    is_invented: bool
    compare: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Glance:
    """The few closest to an item: whatever their outcome, and those of the opposite one."""

    similar: tuple[SimilarLine, ...]
    opposite: tuple[SimilarLine, ...]


def glances(items: Sequence[DisputedItem], engine: SearchEngine) -> Mapping[int, Glance]:
    """For each item of one letter, by position; nothing for a letter with many items.

    One database query, two searches an item. Raises SearchUnavailableError.
    """
    if len(items) > MOST_ITEMS_GLANCED_AT:
        return {}
    own = [item.pk for item in items]
    found = {
        (item.pk, opposite): _closest(item, engine, own, GLANCED, opposite=opposite)
        for item in items
        for opposite in (False, True)
    }
    keys = {hit.key for hits in found.values() for hit in hits}
    rows = DisputedItem.objects.select_related("determination").defer(
        "determination__full_text", "determination__clinical_summary", "rationale"
    )
    by_key = rows.in_bulk(keys)

    def lines(item: DisputedItem, *, opposite: bool) -> tuple[SimilarLine, ...]:
        hits = found[item.pk, opposite]
        return tuple(_line(item, by_key[hit.key]) for hit in hits if hit.key in by_key)

    return {item.position: Glance(lines(item, opposite=False), lines(item, opposite=True)) for item in items}


def similar_items(item: DisputedItem, engine: SearchEngine, *, opposite: bool) -> SimilarItems:
    """Closest by rationale and request, other letters only; `opposite`: same service, opposite outcome.

    Raises SearchUnavailableError.
    """
    why_none = "No other letter held here resembles this item."
    if opposite:
        why_none = "No letter held here decides the same service the other way in words like these."
    url = reverse("determinations:similar", args=[item.determination.public_id, item.position])
    if opposite and not _OPPOSITES[Decision(item.decision)]:
        why_none = "This item’s decision could not be read, so nothing is its opposite."
    own = item.determination.items.values_list("pk", flat=True)
    rows = result_rows(_closest(item, engine, own, SHOWN, opposite=opposite), engine)
    return SimilarItems(
        rows=rows,
        decision=Decision(item.decision),
        opposite=opposite,
        services=tuple(facet_label(SERVICE.name, slug) for slug in _services(item)),
        all_url=url,
        opposite_url=f"{url}?opposite=1",
        why_none="" if rows else why_none,
    )


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
    """The treatment first, then the part of the body, then what request and rationale say."""
    shared = [FacetFilter(SERVICE.name, _services(item))]
    if body_parts := getattr(item, "body_parts", ()):
        shared.append(FacetFilter("body_part", tuple(body_parts)))
    return Likeness({"rationale": item.rationale, "request": item.request}, tuple(shared))


def closest_items(item: DisputedItem, engine: SearchEngine, limit: int) -> tuple[Hit, ...]:
    """The items of other letters that are most like this one, whatever their outcome."""
    own = item.determination.items.values_list("pk", flat=True)
    return _closest(item, engine, own, limit, opposite=False)


def _services(item: DisputedItem) -> tuple[str, ...]:
    return tuple(slug for slug in item.services if slug != _NO_SERVICE)


def _line(item: DisputedItem, like_it: DisputedItem) -> SimilarLine:
    letter = like_it.determination
    return SimilarLine(
        url=address_of(like_it),
        request=like_it.request,
        letter=str(letter),
        item=f"item {like_it.position}",
        date=letter.letter_date,
        year=str(letter.year or ""),
        decision=Decision(like_it.decision),
        is_invented=letter.is_invented,
        compare=(item_name(item), item_name(like_it)),
    )
