"""What the tool for closest determinations returns: similar items, opposite outcomes, and where they part."""

from django.urls import reverse

from determinations.assistants.citing import absolute, cited_item, notes_on
from determinations.assistants.schemas import ClosestItemSchema, ClosestItemsSchema, PartingSchema
from determinations.case.reasons import Parting
from determinations.case.similar import SimilarRow, similar_items
from determinations.models import DisputedItem
from determinations.search.interface import SearchEngine


def closest_items(item: DisputedItem, engine: SearchEngine, most: int) -> ClosestItemsSchema:
    """At most `most` items of either kind. Raises SearchUnavailableError."""
    similar, opposite = (similar_items(item, engine, opposite=opposite) for opposite in (False, True))
    first, others = _shown(similar.rows[:most]), _shown(opposite.rows[:most])
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


def _shown(rows: tuple[SimilarRow, ...]) -> tuple[ClosestItemSchema, ...]:
    """Items that were deleted meanwhile are left out."""
    items = DisputedItem.objects.by_name(row.row.ref.name for row in rows)
    return tuple(
        ClosestItemSchema(cited_item(items[name]), _parting(row.parting))
        for row in rows
        if (name := row.row.ref.name) in items
    )


def _parting(parting: Parting | None) -> PartingSchema | None:
    return PartingSchema(parting.here, parting.there) if parting else None
