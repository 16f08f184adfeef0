"""Whether both sides of an item relied on the same guideline, and what each side relied on.

An IMR often turns on this: the claims administrator denies under one chapter and the reviewer approves under
another. A side whose citations could not be read never counts as different.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import ngettext

from determinations.case.letter_text import item_source_url
from determinations.letters.facts.guideline_agreement import (
    NOT_CITED,
    Agreement,
    Cited,
    agreement,
    chapter_slugs,
)
from determinations.letters.facts.guideline_topics import year_of
from determinations.models import CitedBy, DisputedItem, GuidelineCitation
from determinations.search.facets import CLAIMS_ADMINISTRATOR_GUIDELINE, GUIDELINE
from determinations.search.interface import Passage
from determinations.search_page.address import url_of_value
from determinations.search_page.facet_panel import full_label
from determinations.search_page.result_rows import guideline_value


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both sides in one sentence; `differs` where the reviewer relied on something else, in whole or part."""

    text: str
    differs: bool


_ELSE = "The reviewer relied on a different guideline than the claims administrator."
_ALSO = "The reviewer also relied on a guideline or chapter that the claims administrator did not cite."
_VERDICTS = {
    frozenset({Agreement.SAME}): (
        "The claims administrator cited every guideline and chapter that the reviewer cited. Page numbers "
        "are not compared."
    ),
    frozenset({Agreement.ELSEWHERE}): _ELSE,
    frozenset({Agreement.ELSEWHERE, Agreement.OTHER_CHAPTER}): _ELSE,
    frozenset(
        {Agreement.OTHER_CHAPTER}
    ): "The reviewer relied on a different chapter or topic than the claims administrator.",
}


def verdict(reviewer: Sequence[Cited], administrator: Sequence[Cited]) -> Verdict | None:
    """What to say above both sides, or None where a side's citations could not be read."""
    if not reviewer or not administrator:
        return None
    cited = [citation for citation in reviewer if citation.source != NOT_CITED]
    denied_under = [citation for citation in administrator if citation.source != NOT_CITED]
    if not cited and not denied_under:
        return Verdict("Neither side cited a guideline.", differs=False)
    if not cited:
        return Verdict("The reviewer cited no guideline.", differs=True)
    if not denied_under:
        return Verdict("Only the reviewer cited a guideline.", differs=True)
    found = {agreement(citation, denied_under) for citation in cited}
    return Verdict(_VERDICTS.get(frozenset(found), _ALSO), differs=found != {Agreement.SAME})


Paragraphs = tuple[Passage, ...]

Shown = Callable[[CitedBy], Paragraphs]
"""A side -> its guideline paragraph in the letter, cut into paragraphs, the question's words marked."""

_AGREEMENTS = {
    Agreement.SAME: "same guideline as the claims administrator’s",
    Agreement.OTHER_CHAPTER: "same guideline as the claims administrator’s, different chapter or topic",
    Agreement.ELSEWHERE: "guideline not cited by the claims administrator",
}


@dataclass(frozen=True, slots=True)
class CitationLine:
    """A citation's parts in reading order: "Official Disability Guidelines: Low Back", "2014", "page 300".

    `agreement` compares it with the other side's; `differs` says whether that is a difference. `source_url`
    is the address of its place in the letter, "" where only the citation matters.
    """

    label: str
    details: tuple[str, ...]
    search_url: str
    agreement: str = ""
    differs: bool = False
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class GuidelineSide:
    """What one side relied on: the letter's own paragraph, and the citations read from it."""

    label: str
    paragraphs: Paragraphs
    source_url: str
    citations: tuple[CitationLine, ...]


def guideline_sides(item: DisputedItem, shown: Shown) -> tuple[GuidelineSide, GuidelineSide]:
    """The claims administrator's side and the reviewer's."""
    cited = _citations_by_side(item)
    administrator = tuple(value for _, value in cited[CitedBy.CLAIMS_ADMINISTRATOR])
    denied, decided = (
        [(value, citation_line(citation)) for citation, value in cited[side]]
        for side in (CitedBy.CLAIMS_ADMINISTRATOR, CitedBy.REVIEWER)
    )
    if administrator:
        decided = [(value, _against(line, value, administrator)) for value, line in decided]
    return (
        _side(item, CitedBy.CLAIMS_ADMINISTRATOR, shown, [line for _, line in denied]),
        _side(item, CitedBy.REVIEWER, shown, [line for _, line in decided]),
    )


def _citations_by_side(item: DisputedItem) -> Mapping[str, Sequence[tuple[GuidelineCitation, Cited]]]:
    """Each side's citations with their values. Asking an item for its citations takes time, even again."""
    sides: dict[str, list[tuple[GuidelineCitation, Cited]]] = {side.value: [] for side in CitedBy}
    for citation in item.citations.all():
        sides[citation.cited_by].append((citation, cited_value(citation)))
    return sides


def guideline_text(item: DisputedItem, side: CitedBy) -> str:
    """The side's guideline paragraph."""
    return item.reviewer_guideline if side == CitedBy.REVIEWER else item.claims_administrator_guideline


def verdict_on(item: DisputedItem) -> Verdict | None:
    """Whether the reviewer relied on something else; None where a side's citations could not be read."""
    cited = _citations_by_side(item)
    reviewer, administrator = (
        [value for _, value in cited[side]] for side in (CitedBy.REVIEWER, CitedBy.CLAIMS_ADMINISTRATOR)
    )
    return verdict(reviewer, administrator)


def cited_by(item: DisputedItem, side: CitedBy) -> tuple[Cited, ...]:
    """What the side cited for the item, as values that can be compared."""
    return tuple(cited_value(citation) for citation in item.citations.all() if citation.cited_by == side)


def cited_value(citation: GuidelineCitation) -> Cited:
    """The citation as a value that can be compared; chronic pain topics count as chapters."""
    chapters = chapter_slugs(citation.source, citation.chapter, citation.sections)
    return Cited(citation.source, frozenset(chapters), citation.text)


def _side(item: DisputedItem, side: CitedBy, shown: Shown, lines: Iterable[CitationLine]) -> GuidelineSide:
    """The side's paragraph as `shown` cuts it, and its citations."""
    return GuidelineSide(
        label=side.label,
        paragraphs=shown(side),
        source_url=item_source_url(item.determination, item.position, f"{side.value}_guideline"),
        citations=tuple(
            replace(
                line,
                source_url=item_source_url(
                    item.determination, item.position, f"guidelines.{side.value}[{index}]"
                ),
            )
            for index, line in enumerate(lines)
        ),
    )


def _against(line: CitationLine, cited: Cited, administrator: tuple[Cited, ...]) -> CitationLine:
    """The reviewer's citation, compared with the claims administrator's."""
    if cited.source == NOT_CITED:
        return line
    found = agreement(cited, administrator)
    words = _AGREEMENTS[found]
    if found is Agreement.SAME and any(cited.chapters & other.chapters for other in administrator):
        words = "same guideline and chapter or topic as the claims administrator’s"
    return replace(line, agreement=words, differs=found is not Agreement.SAME)


def citation_line(citation: GuidelineCitation) -> CitationLine:
    """The citation's parts and the search for all items that cite the same."""
    reviewer = citation.cited_by == CitedBy.REVIEWER
    facet = (GUIDELINE if reviewer else CLAIMS_ADMINISTRATOR_GUIDELINE).name
    value = guideline_value(citation)
    details = [_edition(citation)] if citation.year else []
    details += citation.sections
    details += [_numbered(citation.pages, "page", "pages")] if citation.pages else []
    details += [_numbered(citation.tables, "table", "tables")] if citation.tables else []
    return CitationLine(full_label(facet, value), tuple(details), url_of_value(facet, value))


def _edition(citation: GuidelineCitation) -> str:
    """The year of the edition, marked if only the chapter's name ("Low Back Complaints") implies it."""
    year = str(citation.year)
    if not citation.text or year in citation.text or year_of(citation.text) == citation.year:
        return year
    return f"{year} edition (inferred from the chapter, not stated)"


def _numbered(values: list[str], one: str, several: str) -> str:
    """ "page 5", "pages 5, 8-9": a span of pages counts as several; "2-1" is a table's number."""
    is_span = one == "page" and "-" in values[0]
    return f"{ngettext(one, several, 2 if is_span else len(values))} {', '.join(values)}"
