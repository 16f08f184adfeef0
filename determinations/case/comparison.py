"""Two to four disputed items side by side, from rows to frozen values.

Also reads which items an address or a form selects, with a message for each that cannot be used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from urllib.parse import urlencode

from django.urls import reverse

from determinations.case.citation import Absolute, CitationText, item_citation
from determinations.case.facts import Fact, item_facts, stated_facts
from determinations.case.guideline_agreement import (
    CitationLine,
    Paragraphs,
    citation_line,
    cited_by,
    cited_value,
)
from determinations.case.letter_names import find_item
from determinations.case.page import paragraphs, unmarked
from determinations.case.reasons import (
    Parting,
    RationaleParagraphs,
    Reason,
    parting,
    rationale_paragraphs,
    reasons_of,
)
from determinations.letters.facts.guideline_agreement import Agreement, Cited, agreement
from determinations.models import CitedBy, DisputedItem, GuidelineCitation
from determinations.search_page.item_ref import ItemRef, item_ref

FEWEST, MOST = 2, 4

Citing = dict[CitedBy, list[tuple[Cited, ...]]]
"""By side, what each of the items cites, in the items' order."""


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
    """`without_url` compares the others alone, empty where too few would remain."""

    ref: ItemRef
    facts: tuple[Fact, ...]
    summary: Paragraphs
    sides: tuple[ComparedSide, ComparedSide]
    reasons: tuple[Reason, ...]
    rationale: RationaleParagraphs
    citation: CitationText
    opposite_url: str
    without_url: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact of every item, in the items' order; no values where none was read."""

    label: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ComparedParting:
    """Two of the items that were decided in opposite ways, and the ground on which they part."""

    here: ItemRef
    there: ItemRef
    grounds: Parting


def compare_url(names: Iterable[str]) -> str:
    """The address that sets these items side by side."""
    query = urlencode([("item", name) for name in names])
    return reverse("determinations:compare") + (f"?{query}" if query else "")


def compared(items: Sequence[DisputedItem], absolute: Absolute) -> tuple[ComparedItem, ...]:
    """The items as columns, in their order; `absolute` gives an address its host, for citations."""
    citing = {side: [cited_by(item, side) for item in items] for side in CitedBy}
    names = [item.name for item in items]
    return tuple(_compared(item, names, citing, absolute) for item in items)


def fact_rows(items: Sequence[ComparedItem]) -> tuple[FactRow, ...]:
    """The facts of all items line by line, as the item with most facts has them in order."""
    facts = [{fact.label: fact.values for fact in item.facts} for item in items]
    fullest_first = sorted(facts, key=len, reverse=True)
    labels = dict.fromkeys(chain.from_iterable(fullest_first))
    return tuple(FactRow(label, tuple(of.get(label, ()) for of in facts)) for label in labels)


def partings(items: Sequence[DisputedItem]) -> tuple[ComparedParting, ...]:
    """Every two of the items that part, in their order."""
    slugs = {item.pk: [ground.slug for ground in item.stated_grounds] for item in items}
    return tuple(
        ComparedParting(item_ref(here), item_ref(there), grounds)
        for here, there in combinations(items, 2)
        if (grounds := parting(slugs[here.pk], here.decision, slugs[there.pk], there.decision))
    )


def _compared(
    item: DisputedItem,
    names: Sequence[str],
    citing: Citing,
    absolute: Absolute,
) -> ComparedItem:
    letter = item.determination
    others = [name for name in names if name != item.name]
    similar_url = reverse("determinations:similar", args=[letter.public_id, item.position])
    return ComparedItem(
        ref=item_ref(item),
        facts=tuple(chain(stated_facts(letter), item_facts(item))),
        summary=_plain(letter.clinical_summary),
        sides=(
            _side(item, CitedBy.CLAIMS_ADMINISTRATOR, item.claims_administrator_guideline, citing),
            _side(item, CitedBy.REVIEWER, item.reviewer_guideline, citing),
        ),
        reasons=reasons_of(item, item.name),
        rationale=rationale_paragraphs(item, unmarked("", item.rationale), anchor=item.name),
        citation=item_citation(item, absolute(item.get_absolute_url())),
        opposite_url=f"{similar_url}?opposite=1",
        without_url=compare_url(others) if len(others) >= FEWEST else "",
    )


def _side(item: DisputedItem, side: CitedBy, text: str, citing: Citing) -> ComparedSide:
    return ComparedSide(
        label=side.label,
        paragraphs=_plain(text),
        citations=tuple(
            _standing(cited, citing[side]) for cited in item.citations.all() if cited.cited_by == side
        ),
    )


def _standing(cited: GuidelineCitation, citing: Sequence[tuple[Cited, ...]]) -> ComparedCitation:
    """`citing` is what each item cites on the citation's side, the citation's own item among them."""
    line, of = citation_line(cited), len(citing)
    items = sum(agreement(cited_value(cited), others) is Agreement.SAME for others in citing)
    if items == of:
        return ComparedCitation(line, "in both" if of == FEWEST else f"in all {of}", is_shared=True)
    return ComparedCitation(line, f"in {items} of {of}" if items > 1 else "only here", is_shared=items > 1)


def _plain(text: str) -> Paragraphs:
    return paragraphs(unmarked("", text))


@dataclass(frozen=True, slots=True)
class ChosenItems:
    """`asked` says whether anything was named at all. `errors` are messages for a person."""

    items: tuple[DisputedItem, ...]
    errors: tuple[str, ...]
    asked: bool


def chosen_items(typed: Sequence[str]) -> ChosenItems:
    """The items named, each once, in the order named: the first four of them."""
    wanted = list(dict.fromkeys(filter(None, map(str.strip, typed))))
    errors: list[str] = []
    if len(wanted) > MOST:
        named = ", ".join(name[:60] for name in wanted[MOST : MOST + 10])
        left_out = named + (", …" if len(wanted) > MOST + 10 else "")
        errors.append(
            f"You can compare at most {MOST} items, and {len(wanted)} were selected. "
            f"The first {MOST} are compared; left out: {left_out}."
        )
    items: dict[int, DisputedItem] = {}
    for name in wanted[:MOST]:
        found = find_item(name)
        if isinstance(found, str):
            errors.append(found)
        else:
            items.setdefault(found.pk, found)
    return ChosenItems(tuple(items.values()), tuple(errors), asked=bool(wanted))


def is_enough(chosen: ChosenItems) -> bool:
    return len(chosen.items) >= FEWEST
