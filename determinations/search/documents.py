"""A disputed item as the index holds it: the only mapping from rows to index documents.

Joins the models to the engine boundary and knows no engine. Letters that a newer version
supersedes stay in the database and out of the index.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import starmap
from typing import NamedTuple

from django.db.models import QuerySet

from determinations.letters.facts.contradictions import contradictions_in
from determinations.letters.facts.grounds.names import grounds_by_slug
from determinations.letters.facts.guideline_agreement import NOT_CITED, Cited, chapter_slugs, is_different
from determinations.letters.facts.spine_notation import (
    anatomical_order,
    region_of,
    regions_named,
)
from determinations.letters.parsed_letter import Decision, Ground, LevelsFrom
from determinations.letters.vocabulary.names import category_of, specialty_slug
from determinations.models import CitedBy, Determination, DisputedItem, GuidelineCitation
from determinations.models.determination import StoredGrounds, stated_grounds
from determinations.search import facets
from determinations.search.days import day_number
from determinations.search.interface import IndexDocument, LetterDate

_ROWS_AT_A_TIME = 100
_CHARACTERS_AT_A_TIME = 4_000_000
_ROWS_FETCHED = 20


class _Letter(NamedTuple):
    """The columns of a letter that a document has."""

    id: int
    case_number: str
    decided_on: date | None
    assigned_on: date | None
    injured_on: date | None
    application_received_on: date | None
    year: int | None
    specialties: list[str]
    clinical_summary: str


class _Item(NamedTuple):
    """The columns of an item that a document has."""

    id: int
    determination_id: int
    request: str
    decision: str
    services: list[str]
    body_parts: list[str]
    laterality: str
    spinal_levels: list[str]
    levels_from: str
    claims_administrator_guideline: str
    reviewer_guideline: str
    rationale: str
    grounds: StoredGrounds


class _Citation(NamedTuple):
    """The columns of a citation that a document has."""

    item_id: int
    cited_by: str
    source: str
    chapter: str
    sections: list[str]
    text: str


def searchable_items() -> QuerySet[DisputedItem]:
    """The items that the index should hold: those of current letters."""
    return DisputedItem.objects.current()


def documents_of(items: QuerySet[DisputedItem]) -> Iterator[IndexDocument]:
    """The items' documents, by ascending key, with memory bounded whatever their number."""
    # Columns and no model's instances: making those took longer than writing the index.
    rows = items.order_by("pk").values_list(*_Item._fields).iterator(chunk_size=_ROWS_FETCHED)
    for chunk in _that_memory_holds(starmap(_Item, rows)):
        letters = _letters({item.determination_id for item in chunk})
        citations = _citations([item.id for item in chunk])
        for item in chunk:
            if letter := letters.get(item.determination_id):  # else it was deleted meanwhile
                yield _document(item, letter, citations[item.id])


def _that_memory_holds(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """The items in groups of bounded number and length."""
    group: list[_Item] = []
    characters = 0
    for item in items:
        group.append(item)
        characters += len(item.request) + len(item.rationale)
        if len(group) == _ROWS_AT_A_TIME or characters > _CHARACTERS_AT_A_TIME:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _letters(keys: Iterable[int]) -> dict[int, _Letter]:
    rows = Determination.objects.filter(pk__in=keys).order_by().values_list(*_Letter._fields)
    return {row[0]: _Letter(*row) for row in rows}


def _citations(keys: Iterable[int]) -> dict[int, list[_Citation]]:
    """The citations by their item, in their order."""
    found: dict[int, list[_Citation]] = defaultdict(list)
    rows = GuidelineCitation.objects.filter(item__in=keys).order_by("pk").values_list(*_Citation._fields)
    for citation in starmap(_Citation, rows):
        found[citation.item_id].append(citation)
    return found


def _document(item: _Item, letter: _Letter, citations: Sequence[_Citation]) -> IndexDocument:
    document = IndexDocument(
        key=item.id,
        case=letter.case_number,
        request=item.request,
        guideline="\n".join(filter(None, (item.claims_administrator_guideline, item.reviewer_guideline))),
        rationale=item.rationale,
        summary=letter.clinical_summary,
        facets=_facet_values(item, letter, citations),
        date=_letter_date(letter),
        dates={name: day_number(day) for name, day in _dates(letter) if day},
        level_order=_level_order(item.spinal_levels),
        case_order=_case_order(letter.case_number),
    )
    return replace(document, fingerprint=_fingerprint(document))


def facet_values(item: DisputedItem) -> dict[str, tuple[str, ...]]:
    """Facet name -> the item's values, parents of hierarchical facets included."""
    return _facet_values(item, item.determination, item.citations.all())


def _facet_values(
    item: _Item | DisputedItem,
    letter: _Letter | Determination,
    citations: Iterable[_Citation | GuidelineCitation],
) -> dict[str, tuple[str, ...]]:
    cited = [_Cited(one.cited_by, _cited(one)) for one in citations]
    regions = regions_named(item.request)
    return {
        facets.DECISION.name: (item.decision,),
        facets.SERVICE.name: _with_parents((slug, category_of(slug)) for slug in item.services),
        facets.BODY_PART.name: tuple(sorted(set(item.body_parts))),
        facets.SIDE.name: (item.laterality,) if item.laterality else (),
        facets.REASON.name: _reasons(item),
        facets.GUIDELINE.name: _guidelines(cited, CitedBy.REVIEWER),
        facets.LEVEL.name: _levels(item, regions),
        facets.SPECIALTY.name: tuple(sorted({specialty_slug(name) for name in letter.specialties})),
        facets.YEAR.name: (str(letter.year),) if letter.year else (),
        facets.CLAIMS_ADMINISTRATOR_GUIDELINE.name: _guidelines(cited, CitedBy.CLAIMS_ADMINISTRATOR),
        facets.AGREEMENT.name: _agreement(cited),
        facets.CONTRADICTION.name: _contradictions(item, letter),
        facets.REQUEST_LEVEL.name: _request_levels(item, regions),
    }


class _Cited(NamedTuple):
    cited_by: str
    cited: Cited


def _cited(citation: _Citation | GuidelineCitation) -> Cited:
    chapters = frozenset(chapter_slugs(citation.source, citation.chapter, citation.sections))
    return Cited(citation.source, chapters, citation.text)


def _agreement(citations: Iterable[_Cited]) -> tuple[str, ...]:
    sides: dict[str, list[Cited]] = defaultdict(list)
    for cited_by, cited in citations:
        sides[cited_by].append(cited)
    reviewer, administrator = sides[CitedBy.REVIEWER], sides[CitedBy.CLAIMS_ADMINISTRATOR]
    differs = is_different(reviewer, administrator)
    if differs is None:
        return ()
    if not differs:
        return (facets.SAME_GUIDELINES,)
    if all(cited.source == NOT_CITED for cited in reviewer):
        return (facets.CITES_NONE,)
    shares_source = {cited.source for cited in reviewer} <= {cited.source for cited in administrator}
    return (facets.OTHER_CHAPTER if shares_source else facets.OTHER_SOURCE,)


def _contradictions(item: _Item | DisputedItem, letter: _Letter | Determination) -> tuple[str, ...]:
    found = contradictions_in(
        Decision(item.decision),
        item.request,
        item.services,
        item.rationale,
        letter.clinical_summary,
        [Ground(g.slug, g.side, g.start, g.end) for g in stated_grounds(item.grounds, item.rationale)],
    )
    return tuple(sorted({one.kind.value for one in found} & set(facets.CONTRADICTIONS)))


def _with_parents(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({value for pair in pairs for value in pair}))


def _reasons(item: _Item | DisputedItem) -> tuple[str, ...]:
    """The grounds that the rationale states, and their sides."""
    slugs = {ground["ground"] for ground in item.grounds}
    return _with_parents((slug, grounds_by_slug()[slug].side) for slug in slugs if slug in grounds_by_slug())


def _levels(item: _Item | DisputedItem, regions: Sequence[str]) -> tuple[str, ...]:
    """The levels and their regions, and a region that the request names without a level ("lumbar MRI")."""
    return _with_regions(item.spinal_levels, regions)


def _request_levels(item: _Item | DisputedItem, regions: Sequence[str]) -> tuple[str, ...]:
    """The levels and regions that the request states."""
    from_rationale = item.levels_from == LevelsFrom.RATIONALE
    return _with_regions(() if from_rationale else item.spinal_levels, regions)


def _with_regions(levels: Sequence[str], regions: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({*levels, *map(region_of, levels), *regions}))


def _guidelines(citations: Iterable[_Cited], cited_by: CitedBy) -> tuple[str, ...]:
    side = (cited for by, cited in citations if by == cited_by)
    return tuple(sorted({value for cited in side for value in _values_of(cited)}))


def _values_of(cited: Cited) -> Iterator[str]:
    """The source, and below it the chapter; the chronic pain guidelines have topics in its place."""
    yield cited.source
    for slug in cited.chapters:
        yield f"{cited.source}.{slug}"


def _letter_date(letter: _Letter) -> int:
    """yyyymmdd of the letter's date; a letter of which only the year is known is filed before it."""
    if day := letter.decided_on or letter.assigned_on:
        return day_number(day)
    return (letter.year or 0) * 10_000


def _dates(letter: _Letter) -> Iterator[tuple[LetterDate, date | None]]:
    yield LetterDate.DECIDED, letter.decided_on
    yield LetterDate.ASSIGNED, letter.assigned_on
    yield LetterDate.INJURED, letter.injured_on
    yield LetterDate.RECEIVED, letter.application_received_on


def _level_order(levels: Sequence[str]) -> int:
    """From the neck down by the uppermost level; 0 for an item without one."""
    if not levels:
        return 0
    place, part = min(map(anatomical_order, levels))
    return 1 + 10 * place + part


_CASE_NUMBER = re.compile(r"CM(\d\d)-(\d+)")


def _case_order(case: str) -> int:
    """By year and serial number; 0 for a letter without a number."""
    number = _CASE_NUMBER.fullmatch(case)
    return int(number[1]) * 10**8 + int(number[2]) if number else 0


def _fingerprint(document: IndexDocument) -> int:
    content = json.dumps(
        [
            document.key,
            document.case,
            document.request,
            document.guideline,
            document.rationale,
            document.summary,
            sorted(document.facets.items()),
            document.date,
            sorted(document.dates.items()),
            document.level_order,
            document.case_order,
        ]
    ).encode()
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()) >> 1
