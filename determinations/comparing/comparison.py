"""Two to four disputed items side by side. Rows in, frozen values out; knows no HTML and no engine."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlencode

from django.urls import reverse

from ..case_page import Fact, letter_facts, paragraphs, unmarked
from ..citing.citations import Citation, item_citation
from ..facet_panel import full_label
from ..models import CitedBy, Decision, DisputedItem
from ..result_rows import guideline_value, item_name
from ..search.facets import LEVEL, SERVICE
from .guideline_sides import CitationLine, Paragraphs, citation_line

FEWEST, MOST = 2, 4


@dataclass(frozen=True, slots=True)
class ComparedCitation:
    """A citation and how many of the items have it on the same side: "cited in all 3", "only here"."""

    line: CitationLine
    standing: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class ComparedSide:
    label: str
    paragraphs: Paragraphs
    citations: tuple[ComparedCitation, ...]


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """`title` names the item; `without_url` compares the others alone, empty where too few would remain."""

    name: str
    title: str
    url: str
    request: str
    decision: Decision
    is_invented: bool
    facts: tuple[Fact, ...]
    summary: Paragraphs
    sides: tuple[ComparedSide, ComparedSide]
    rationale: Paragraphs
    citation: Citation
    opposite_url: str
    without_url: str


def compare_url(names: Iterable[str]) -> str:
    """The address that sets these items side by side."""
    query = urlencode([("item", name) for name in names])
    return reverse("determinations:compare") + (f"?{query}" if query else "")


def compared(items: Sequence[DisputedItem], absolute: Callable[[str], str]) -> tuple[ComparedItem, ...]:
    """The items as columns, in their order; `absolute` gives an address its host, for citations."""
    shared = {side: _citing(items, side) for side in CitedBy}
    names = [item_name(item) for item in items]
    return tuple(_compared(item, names, shared, absolute) for item in items)


def _compared(
    item: DisputedItem,
    names: Sequence[str],
    citing: dict[CitedBy, Counter[str]],
    absolute: Callable[[str], str],
) -> ComparedItem:
    letter = item.determination
    others = [name for name in names if name != item_name(item)]
    similar_url = reverse("determinations:similar", args=[letter.public_id, item.position])
    return ComparedItem(
        name=item_name(item),
        title=str(item),
        url=item.get_absolute_url(),
        request=item.request,
        decision=Decision(item.decision),
        is_invented=letter.is_invented,
        facts=tuple(chain(letter_facts(letter), _item_facts(item))),
        summary=_plain(letter.clinical_summary),
        sides=(
            _side(
                item, CitedBy.CLAIMS_ADMINISTRATOR, item.claims_administrator_guideline, citing, len(names)
            ),
            _side(item, CitedBy.REVIEWER, item.reviewer_guideline, citing, len(names)),
        ),
        rationale=_plain(item.rationale),
        citation=item_citation(item, absolute(item.get_absolute_url())),
        opposite_url=f"{similar_url}?opposite=1",
        without_url=compare_url(others) if len(others) >= FEWEST else "",
    )


def _item_facts(item: DisputedItem) -> Iterable[Fact]:
    if item.services:
        yield Fact("Service", (", ".join(full_label(SERVICE.name, slug) for slug in item.services),))
    if item.spinal_levels:
        yield Fact("Level", (", ".join(full_label(LEVEL.name, level) for level in item.spinal_levels),))
    if item.laterality:
        yield Fact("Side", (item.get_laterality_display(),))


def _citing(items: Sequence[DisputedItem], side: CitedBy) -> Counter[str]:
    """How many of the items cite each guideline on this side."""
    return Counter(
        value
        for item in items
        for value in {guideline_value(cited) for cited in item.citations.all() if cited.cited_by == side}
    )


def _side(
    item: DisputedItem, side: CitedBy, text: str, citing: dict[CitedBy, Counter[str]], of: int
) -> ComparedSide:
    return ComparedSide(
        label=side.label,
        paragraphs=_plain(text),
        citations=tuple(
            _standing(citation_line(cited), citing[side][guideline_value(cited)], of)
            for cited in item.citations.all()
            if cited.cited_by == side
        ),
    )


def _standing(line: CitationLine, items: int, of: int) -> ComparedCitation:
    if items == of:
        return ComparedCitation(line, "in both" if of == FEWEST else f"in all {of}", is_shared=True)
    return ComparedCitation(line, "only here" if items == 1 else f"in {items} of {of}", is_shared=items > 1)


def _plain(text: str) -> Paragraphs:
    return paragraphs(unmarked("", text))
