"""What every answer says with a determination: its citation, its address, and that it is not precedent."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from determinations.api.letters import item_shape
from determinations.api.schemas import DisputedItemSchema, GuidelineCitationSchema
from determinations.assistants.schemas import CitedItemSchema
from determinations.case.citation import NOT_PRECEDENT
from determinations.models import DisputedItem

INVENTED = (
    "Determinations with is_invented are invented samples that came with the software: "
    "no such cases exist. Do not cite them."
)
ONLY_HERE = "Counts and rates cover only the letters on this site."


def absolute(path: str) -> str:
    """The path with the site's address before it."""
    return f"{settings.SITE_URL}{path}"


def notes_on(invented: Iterable[bool], *, has_rates: bool = False) -> tuple[str, ...]:
    """What to say with determinations, each of which is `invented` or not."""
    rates = (ONLY_HERE,) if has_rates else ()
    return (NOT_PRECEDENT, *rates, INVENTED) if any(invented) else (NOT_PRECEDENT, *rates)


def cited_item(item: DisputedItem) -> CitedItemSchema:
    """The item, which is best fetched for display."""
    letter = item.determination
    return cited(
        item_shape(item, absolute),
        determination=letter.public_id,
        address=absolute(item.get_absolute_url()),
        date=letter.letter_date,
        specialties=tuple(letter.specialties),
        is_invented=letter.is_invented,
    )


def cited(
    shape: DisputedItemSchema,
    *,
    determination: str,
    address: str,
    date: date | None,
    specialties: tuple[str, ...],
    is_invented: bool,
) -> CitedItemSchema:
    """The item as the API gives it, with what the API says of its letter."""
    return CitedItemSchema(
        id=shape.id,
        determination=determination,
        citation=shape.citation,
        address=address,
        is_invented=is_invented,
        request=shape.request,
        decision=shape.decision,
        date=date,
        specialties=specialties,
        services=shape.services,
        spinal_levels=shape.spinal_levels,
        levels_from=shape.levels_from,
        claims_administrator_guidelines=_values(shape.guidelines.claims_administrator),
        reviewer_guidelines=_values(shape.guidelines.reviewer),
        grounds=shape.grounds,
    )


def _values(citations: Iterable[GuidelineCitationSchema]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation.value for citation in citations))
