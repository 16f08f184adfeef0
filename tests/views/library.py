"""Letters for the tests of the pages, made as rows; `index` puts them into the real index."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import count

from determinations.importing import originals
from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.grounds import read_grounds
from determinations.models import (
    CitedBy,
    Decision,
    Determination,
    DisputedItem,
    GuidelineCitation,
    Layout,
    LevelsFrom,
)
from determinations.models.determination import stored_grounds
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild

_numbers = count(1)


@dataclass(frozen=True)
class Item:
    request: str = "Medial branch block at L4-L5"
    decision: Decision = Decision.UPHELD
    services: tuple[str, ...] = ("medial-branch-blocks",)
    levels: tuple[str, ...] = ("L4-L5",)
    levels_from: LevelsFrom | str = LevelsFrom.REQUEST
    rationale: str = "The guideline does not recommend facet injections for radicular pain."
    reviewer: tuple[tuple[str, str], ...] = (("odg", "Low Back"),)
    administrator: tuple[tuple[str, str], ...] = (("mtus-acoem", "Low Back"),)


@dataclass(frozen=True)
class Letter:
    case_number: str = ""
    items: tuple[Item, ...] = (Item(),)
    decided_on: date | None = date(2014, 8, 13)
    summary: str = "The injured worker is a 45 year old male with chronic low back pain."
    specialties: tuple[str, ...] = ("Pain Medicine",)
    text: str = ""
    fields: dict[str, object] = field(default_factory=dict)


def add(letter: Letter) -> Determination:
    """Store the letter's rows and its original bytes."""
    number = next(_numbers)
    text = letter.text or f"Letter {number}\n{letter.summary}"
    content_hash = originals.keep(text.encode())
    row = Determination(
        public_id=letter.case_number or content_hash[:16],
        case_number=letter.case_number,
        content_hash=content_hash,
        text_hash=sha256(text.encode()).hexdigest(),
        layout=Layout.STANDARD,
        decided_on=letter.decided_on,
        specialties=list(letter.specialties),
        clinical_summary=letter.summary,
        full_text=text,
        source_name=f"{number}.txt",
        parser_version=1,
    )
    for name, value in letter.fields.items():
        setattr(row, name, value)
    row.set_year()
    row.save()
    for position, item in enumerate(letter.items, start=1):
        _add_item(row, position, item)
    row.set_outcome()
    row.save()
    return row


def _add_item(row: Determination, position: int, item: Item) -> None:
    stored = DisputedItem.objects.create(
        determination=row,
        position=position,
        request=item.request,
        decision=item.decision,
        services=list(item.services),
        spinal_levels=list(item.levels),
        levels_from=item.levels_from if item.levels else "",
        body_parts=list(body_parts_in(item.request, item.levels)),
        rationale=item.rationale,
        grounds=stored_grounds(read_grounds(item.rationale, item.services, item.request)),
        reviewer_guideline="MAXIMUS guideline: " + "; ".join(" ".join(cited) for cited in item.reviewer),
        claims_administrator_guideline="Decision based on "
        + "; ".join(" ".join(cited) for cited in item.administrator),
    )
    sides = ((CitedBy.REVIEWER, item.reviewer), (CitedBy.CLAIMS_ADMINISTRATOR, item.administrator))
    for side, cited in sides:
        for source, chapter in cited:
            GuidelineCitation.objects.create(item=stored, cited_by=side, source=source, chapter=chapter)


def index() -> None:
    """Build the index from the rows."""
    rebuild(search_engine())
