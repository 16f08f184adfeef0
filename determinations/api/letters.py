"""One letter with everything that was read in it, as `/api/determinations/<id>` answers it."""

from django.urls import reverse

from determinations.api import letter_schemas as shapes
from determinations.api.items import dates_of, item_shape, letter_links, letter_path
from determinations.case.citation import NOT_PRECEDENT, Absolute, letter_citation
from determinations.case.page import inferred_joints
from determinations.letters.parsed_letter import Decision, Layout, Priority, Sex
from determinations.models import Determination as LetterRow
from determinations.models import DisputedItem as ItemRow


def letter_shape(letter: LetterRow, absolute: Absolute) -> shapes.Determination:
    """The letter as it is stored now; `absolute` puts the site's host before a path."""
    items = letter.items.select_related("determination").prefetch_related("citations")
    citation = letter_citation(letter, absolute(letter.get_absolute_url()))
    older = letter.supersedes.defer("full_text", "clinical_summary").order_by("-imported_at")
    return shapes.Determination(
        id=letter.public_id,
        case_number=letter.case_number or None,
        layout=Layout(letter.layout),
        outcome=Decision(letter.outcome),
        priority=Priority(letter.priority) if letter.priority else None,
        year=letter.year,
        dates=dates_of(letter),
        reviewer=shapes.Reviewer(tuple(letter.specialties), tuple(letter.licensed_in)),
        patient=shapes.Patient(letter.patient_age, Sex(letter.patient_sex) if letter.patient_sex else None),
        clinical_summary=letter.clinical_summary,
        items=tuple(_item(item, absolute) for item in items),
        warnings=tuple(
            shapes.ReadingWarning(warning.code, warning.message, warning.place)
            for warning in letter.warnings.all()
        ),
        text=letter.full_text,
        citation=shapes.LetterCitation(citation.plain, citation.markdown, NOT_PRECEDENT),
        is_current=letter.is_current,
        superseded_by=_version(letter.superseded_by, absolute) if letter.superseded_by else None,
        supersedes=tuple(_version(version, absolute) for version in older),
        is_invented=letter.is_invented,
        imported_at=letter.imported_at,
        corrected_fields=tuple(letter.corrected_fields),
        links=_links(letter, absolute),
    )


def _item(item: ItemRow, absolute: Absolute) -> shapes.LetterItem:
    similar = reverse("determinations:similar", args=[item.determination.public_id, item.position])
    return shapes.LetterItem(
        item=item_shape(item, absolute),
        joints_supplied=inferred_joints(item),
        claims_administrator_guideline=item.claims_administrator_guideline,
        reviewer_guideline=item.reviewer_guideline,
        rationale=item.rationale,
        corrected_fields=tuple(item.corrected_fields),
        html=absolute(item.get_absolute_url()),
        similar=absolute(similar),
    )


def _version(letter: LetterRow, absolute: Absolute) -> shapes.Version:
    return shapes.Version(letter.public_id, letter_links(letter, absolute))


def _links(letter: LetterRow, absolute: Absolute) -> shapes.LetterLinks:
    original, download = (
        absolute(reverse(f"determinations:{name}", args=[letter.public_id]))
        for name in ("original", "download")
    )
    return shapes.LetterLinks(
        api=absolute(letter_path(letter)),
        html=absolute(letter.get_absolute_url()),
        original=original,
        download=download,
    )
