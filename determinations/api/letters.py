"""Converts letters and disputed items to the API's schemas. `absolute` makes an address absolute."""

from django.urls import reverse

from determinations.api import schemas
from determinations.case.citation import NOT_PRECEDENT, Absolute, item_citation, letter_citation
from determinations.case.page import inferred_joints
from determinations.letters.parsed_letter import Decision, Laterality, Layout, LevelsFrom, Priority, Sex
from determinations.models import CitedBy, Determination, DisputedItem, GuidelineCitation
from determinations.search_page.result_rows import guideline_value


def letter_shape(letter: Determination, absolute: Absolute) -> schemas.DeterminationSchema:
    """The letter as it is stored now; `absolute` puts the site's host before a path."""
    items = letter.items.for_display()
    citation = letter_citation(letter, absolute(letter.get_absolute_url()))
    older = letter.supersedes.without_texts().order_by("-imported_at")
    return schemas.DeterminationSchema(
        id=letter.public_id,
        case_number=letter.case_number or None,
        layout=Layout(letter.layout),
        outcome=Decision(letter.outcome),
        priority=Priority(letter.priority) if letter.priority else None,
        year=letter.year,
        dates=dates_of(letter),
        reviewer=schemas.ReviewerSchema(tuple(letter.specialties), tuple(letter.licensed_in)),
        patient=schemas.PatientSchema(
            letter.patient_age, Sex(letter.patient_sex) if letter.patient_sex else None
        ),
        clinical_summary=letter.clinical_summary,
        items=tuple(_item(item, absolute) for item in items),
        warnings=tuple(
            schemas.ReadingWarningSchema(warning.code, warning.message, warning.place)
            for warning in letter.warnings.all()
        ),
        text=letter.full_text,
        citation=schemas.LetterCitationSchema(citation.plain, citation.markdown, NOT_PRECEDENT),
        is_current=letter.is_current,
        superseded_by=_version(letter.superseded_by, absolute) if letter.superseded_by else None,
        supersedes=tuple(_version(version, absolute) for version in older),
        is_invented=letter.is_invented,
        imported_at=letter.imported_at,
        corrected_fields=tuple(letter.corrected_fields),
        links=_links(letter, absolute),
    )


def _item(item: DisputedItem, absolute: Absolute) -> schemas.LetterItemSchema:
    similar = reverse("determinations:similar", args=[item.determination.public_id, item.position])
    return schemas.LetterItemSchema(
        item=item_shape(item, absolute),
        joints_supplied=inferred_joints(item),
        claims_administrator_guideline=item.claims_administrator_guideline,
        reviewer_guideline=item.reviewer_guideline,
        rationale=item.rationale,
        corrected_fields=tuple(item.corrected_fields),
        html=absolute(item.get_absolute_url()),
        similar=absolute(similar),
    )


def _version(letter: Determination, absolute: Absolute) -> schemas.VersionSchema:
    return schemas.VersionSchema(letter.public_id, letter_links(letter, absolute))


def _links(letter: Determination, absolute: Absolute) -> schemas.LetterLinksSchema:
    original, download = (
        absolute(reverse(f"determinations:{name}", args=[letter.public_id]))
        for name in ("original", "download")
    )
    return schemas.LetterLinksSchema(
        api=absolute(letter_path(letter)),
        html=absolute(letter.get_absolute_url()),
        original=original,
        download=download,
    )


def item_shape(item: DisputedItem, absolute: Absolute) -> schemas.DisputedItemSchema:
    """The item; its letter and citations are best fetched with it."""
    return schemas.DisputedItemSchema(
        id=item.name,
        position=item.position,
        request=item.request,
        decision=Decision(item.decision),
        services=tuple(item.services),
        spinal_levels=tuple(item.spinal_levels),
        levels_from=LevelsFrom(item.levels_from) if item.levels_from else None,
        laterality=Laterality(item.laterality) if item.laterality else None,
        guidelines=schemas.GuidelinesSchema(
            claims_administrator=_cited(item, CitedBy.CLAIMS_ADMINISTRATOR),
            reviewer=_cited(item, CitedBy.REVIEWER),
        ),
        grounds=tuple(
            schemas.GroundSchema(ground.slug, schemas.GroundSideName(ground.side), ground.sentence)
            for ground in item.stated_grounds
        ),
        citation=item_citation(item, absolute(item.get_absolute_url())).plain,
    )


def dates_of(letter: Determination) -> schemas.LetterDatesSchema:
    return schemas.LetterDatesSchema(
        assigned=letter.assigned_on,
        injury=letter.injured_on,
        decision=letter.decided_on,
        ur_denial=letter.ur_denied_on,
        application_received=letter.application_received_on,
    )


def letter_links(letter: Determination, absolute: Absolute) -> schemas.LinksSchema:
    return schemas.LinksSchema(api=absolute(letter_path(letter)), html=absolute(letter.get_absolute_url()))


def letter_path(letter: Determination) -> str:
    """The address of the letter as JSON."""
    return reverse("determinations:api_determination", args=[letter.public_id])


def _cited(item: DisputedItem, side: CitedBy) -> tuple[schemas.GuidelineCitationSchema, ...]:
    return tuple(_citation(row) for row in item.citations.all() if row.cited_by == side)


def _citation(row: GuidelineCitation) -> schemas.GuidelineCitationSchema:
    return schemas.GuidelineCitationSchema(
        value=guideline_value(row),
        source=row.source,
        chapter=row.chapter or None,
        year=row.year,
        sections=tuple(map(str, row.sections)),
        pages=tuple(map(str, row.pages)),
        tables=tuple(map(str, row.tables)),
        text=row.text,
    )
