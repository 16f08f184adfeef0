"""Rows of disputed items and letters as the API's shapes. Addresses are whole: the caller makes them so."""

from django.urls import reverse

from determinations.api.item_schemas import (
    DisputedItem,
    GuidelineCitation,
    Guidelines,
    LetterDates,
    Links,
)
from determinations.case.citation import Absolute, item_citation
from determinations.letters.parsed_letter import Decision, Laterality, LevelsFrom
from determinations.models import CitedBy, Determination
from determinations.models import DisputedItem as ItemRow
from determinations.models import GuidelineCitation as CitationRow
from determinations.search_page.result_rows import guideline_value, item_name


def item_shape(item: ItemRow, absolute: Absolute) -> DisputedItem:
    """The item; its letter and citations are best fetched with it."""
    return DisputedItem(
        id=item_name(item),
        position=item.position,
        request=item.request,
        decision=Decision(item.decision),
        services=tuple(item.services),
        spinal_levels=tuple(item.spinal_levels),
        levels_from=LevelsFrom(item.levels_from) if item.levels_from else None,
        laterality=Laterality(item.laterality) if item.laterality else None,
        guidelines=Guidelines(
            claims_administrator=_cited(item, CitedBy.CLAIMS_ADMINISTRATOR),
            reviewer=_cited(item, CitedBy.REVIEWER),
        ),
        citation=item_citation(item, absolute(item.get_absolute_url())).plain,
    )


def dates_of(letter: Determination) -> LetterDates:
    return LetterDates(
        assigned=letter.assigned_on,
        injury=letter.injured_on,
        decision=letter.decided_on,
        ur_denial=letter.ur_denied_on,
        application_received=letter.application_received_on,
    )


def letter_links(letter: Determination, absolute: Absolute) -> Links:
    return Links(api=absolute(letter_path(letter)), html=absolute(letter.get_absolute_url()))


def letter_path(letter: Determination) -> str:
    """Where the letter stands as JSON."""
    return reverse("determinations:api_determination", args=[letter.public_id])


def _cited(item: ItemRow, side: CitedBy) -> tuple[GuidelineCitation, ...]:
    return tuple(_citation(row) for row in item.citations.all() if row.cited_by == side)


def _citation(row: CitationRow) -> GuidelineCitation:
    return GuidelineCitation(
        value=guideline_value(row),
        source=row.source,
        chapter=row.chapter or None,
        year=row.year,
        sections=tuple(map(str, row.sections)),
        pages=tuple(map(str, row.pages)),
        tables=tuple(map(str, row.tables)),
        text=row.text,
    )
