"""One determination as its page shows it: facts, summary, disputed items, with matched words marked.

Frozen values made of rows, so that the template only walks them. Knows no HTML and no engine: marking
words is a function that the view hands in.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format

from .facet_panel import full_label
from .letters.spine import joints_supplied
from .models import CitedBy, Decision, Determination, DisputedItem, GuidelineCitation, LevelsFrom
from .result_rows import guideline_value
from .search.facets import CLAIMS_ADMINISTRATOR_GUIDELINE, GUIDELINE, LEVEL, SERVICE
from .search.interface import Fragment, Passage
from .search_address import SearchAddress

Mark = Callable[[str, str], Passage]
"""(field, text) -> the whole text as fragments, the question's words marked."""

Paragraphs = tuple[Passage, ...]

_NERVE_SERVICES = frozenset({"medial-branch-blocks", "radiofrequency-ablation"})
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts; several values are listed."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CitationLine:
    """A citation's parts in reading order: "Official Disability Guidelines: Low Back", "2014", "page 300"."""

    label: str
    details: tuple[str, ...]
    search_url: str


@dataclass(frozen=True, slots=True)
class GuidelineSide:
    """What one side relied on: the letter's own paragraph, and the citations read from it."""

    label: str
    paragraphs: Paragraphs
    citations: tuple[CitationLine, ...]


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A facet's value and the search for it."""

    label: str
    search_url: str


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A disputed item. `inferred_joints` are supplied by the nerves named; the letter leaves them unsaid."""

    anchor: str
    position: int
    request: Passage
    plain_request: str
    decision: Decision
    services: tuple[FacetLink, ...]
    levels: tuple[FacetLink, ...]
    levels_are_from_rationale: bool
    inferred_joints: tuple[str, ...]
    laterality: str
    sides: tuple[GuidelineSide, GuidelineSide]
    rationale: Paragraphs
    similar_url: str
    opposite_url: str


@dataclass(frozen=True, slots=True)
class OlderVersion:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    title: str
    heading: str
    outcome: Decision
    facts: tuple[Fact, ...]
    summary: Paragraphs
    items: tuple[CaseItem, ...]
    warnings: tuple[str, ...]
    original_url: str
    download_url: str
    current_url: str
    older_versions: tuple[OlderVersion, ...]


def unmarked(field: str, text: str) -> Passage:
    """The text as it is, for a page that was not reached from a search."""
    return (Fragment(text, is_match=False),) if text else ()


def case_page(letter: Determination, mark: Mark) -> CasePage:
    """The page of one letter. Takes a handful of database queries, whatever the number of items."""
    items = letter.items.prefetch_related("citations")
    return CasePage(
        title=str(letter),
        heading=f"IMR Case No. {letter.case_number}"
        if letter.case_number
        else "A letter without a case number",
        outcome=Decision(letter.outcome),
        facts=tuple(_facts(letter)),
        summary=paragraphs(mark("summary", letter.clinical_summary)),
        items=tuple(_item(letter, item, mark) for item in items),
        warnings=tuple(str(warning) for warning in letter.warnings.all()),
        original_url=reverse("determinations:original", args=[letter.public_id]),
        download_url=reverse("determinations:download", args=[letter.public_id]),
        current_url=letter.superseded_by.get_absolute_url() if letter.superseded_by else "",
        older_versions=tuple(
            OlderVersion(f"imported {date_format(older.imported_at)}", older.get_absolute_url())
            for older in letter.supersedes.defer("full_text")
        ),
    )


def paragraphs(passage: Passage) -> Paragraphs:
    """The passage cut at blank lines; fragments joined within each paragraph, empty ones left out."""
    cut: list[list[Fragment]] = [[]]
    for fragment in passage:
        first, *others = _PARAGRAPH_BREAK.split(fragment.text)
        cut[-1].append(Fragment(first, fragment.is_match))
        cut += [[Fragment(text, fragment.is_match)] for text in others]
    kept = (tuple(fragment for fragment in paragraph if fragment.text) for paragraph in cut)
    return tuple(paragraph for paragraph in kept if any(fragment.text.strip() for fragment in paragraph))


def _facts(letter: Determination) -> Iterator[Fact]:
    dates = (
        ("Decided", letter.decided_on),
        ("Assigned", letter.assigned_on),
        ("Date of injury", letter.injured_on),
        ("Utilization review denial", letter.ur_denied_on),
        ("Application received", letter.application_received_on),
    )
    if not letter.case_number:
        yield Fact("Case number", ("not in this letter",))
    if not any(day for _, day in dates):
        yield Fact("Dates", ((f"year {letter.year}, " if letter.year else "") + "no dates in this letter",))
    for label, day in dates:
        if day:
            yield Fact(label, (date_format(day),))
    if letter.priority:
        yield Fact("Priority", (letter.get_priority_display(),))
    patient = [f"{letter.patient_age} years old"] if letter.patient_age else []
    if letter.patient_sex:
        patient.append(letter.get_patient_sex_display().lower())
    if patient:
        yield Fact("Patient", (", ".join(patient),))
    yield Fact("Reviewer’s specialty", tuple(letter.specialties) or ("not stated",))
    if letter.licensed_in:
        yield Fact("Licensed in", (", ".join(letter.licensed_in),))


def _item(letter: Determination, item: DisputedItem, mark: Mark) -> CaseItem:
    similar = reverse("determinations:similar", args=[letter.public_id, item.position])
    return CaseItem(
        anchor=f"item-{item.position}",
        position=item.position,
        request=mark("request", item.request),
        plain_request=item.request,
        decision=Decision(item.decision),
        services=_facet_links(SERVICE.name, item.services),
        levels=_facet_links(LEVEL.name, item.spinal_levels),
        levels_are_from_rationale=item.levels_from == LevelsFrom.RATIONALE,
        inferred_joints=_inferred_joints(item),
        laterality=item.get_laterality_display() if item.laterality else "",
        sides=(
            _side(item, CitedBy.CLAIMS_ADMINISTRATOR, item.claims_administrator_guideline, mark),
            _side(item, CitedBy.REVIEWER, item.reviewer_guideline, mark),
        ),
        rationale=paragraphs(mark("rationale", item.rationale)),
        similar_url=similar,
        opposite_url=f"{similar}?opposite=1",
    )


def _inferred_joints(item: DisputedItem) -> tuple[str, ...]:
    """The joints supplied by the nerves that a block or ablation names; other services name the bone."""
    if not _NERVE_SERVICES.intersection(item.services):
        return ()
    stated = set(item.spinal_levels)
    return tuple(joint for joint in joints_supplied(item.spinal_levels) if joint not in stated)


def _facet_links(facet: str, values: list[str]) -> tuple[FacetLink, ...]:
    return tuple(
        FacetLink(full_label(facet, value), SearchAddress().choosing(facet, (value,)).url) for value in values
    )


def _side(item: DisputedItem, cited_by: CitedBy, text: str, mark: Mark) -> GuidelineSide:
    facet = (GUIDELINE if cited_by == CitedBy.REVIEWER else CLAIMS_ADMINISTRATOR_GUIDELINE).name
    return GuidelineSide(
        label=cited_by.label,
        paragraphs=paragraphs(mark("guideline", text)),
        citations=tuple(
            _citation(citation, facet) for citation in item.citations.all() if citation.cited_by == cited_by
        ),
    )


def _citation(citation: GuidelineCitation, facet: str) -> CitationLine:
    value = guideline_value(citation)
    details = [str(citation.year)] if citation.year else []
    details += citation.sections
    details += [_counted("page", citation.pages)] if citation.pages else []
    details += [_counted("table", citation.tables)] if citation.tables else []
    return CitationLine(
        full_label(facet, value), tuple(details), SearchAddress().choosing(facet, (value,)).url
    )


def _counted(word: str, values: list[str]) -> str:
    several = len(values) > 1 or ("-" in values[0] and word == "page")
    return f"{word}{'s' if several else ''} {', '.join(values)}"
