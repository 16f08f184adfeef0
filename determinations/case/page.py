"""One determination as its page shows it: facts, summary, disputed items, with matched words marked.

The values are frozen, so the template only has to loop over them. The view passes the function that marks
words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from determinations.case.citation import (
    Absolute,
    CitationText,
    item_citation,
    letter_citation,
    letter_title,
)
from determinations.case.contradictions import PassagePair, passage_pairs
from determinations.case.corrections import Correction, corrections_of
from determinations.case.facts import Fact, letter_facts
from determinations.case.guideline_agreement import (
    GuidelineSide,
    Paragraphs,
    Verdict,
    guideline_sides,
    guideline_text,
    verdict_on,
)
from determinations.case.letter_text import item_source_url, source_url
from determinations.case.matches import numbered, split_at_blank_lines
from determinations.case.reasons import (
    RationaleParagraphs,
    Reason,
    item_anchor,
    rationale_paragraphs,
    reasons_of,
)
from determinations.letters.facts.spine import joints_supplied
from determinations.letters.spans.reading import DOUBTS_ON_DECISION
from determinations.models import (
    CitedBy,
    Decision,
    Determination,
    DisputedItem,
    GuidelineCitation,
    LetterWarning,
    LevelsFrom,
)
from determinations.models.choices import counted_decisions
from determinations.models.determination import DECIDED_FOR
from determinations.models.row_reads import ModelQuery
from determinations.search.facets import LEVEL, SERVICE
from determinations.search.interface import Fragment, Passage
from determinations.search_page.address import url_of_value
from determinations.search_page.facet_panel import full_label
from determinations.search_page.item_ref import ItemRef, item_ref

Mark = Callable[[str, str], Passage]
"""(field, text) -> the whole text as fragments, the question's words marked."""

_ITEMS = ModelQuery(
    DisputedItem,
    lambda letters: DisputedItem.objects.filter(determination__in=letters).order_by("position"),
)
_WARNINGS = ModelQuery(
    LetterWarning, lambda letters: LetterWarning.objects.filter(determination__in=letters).order_by("pk")
)
_OLDER_VERSIONS = ModelQuery(
    Determination,
    lambda letters: (
        Determination.objects.filter(superseded_by__in=letters).without_texts().order_by("-imported_at")
    ),
)
_NERVE_SERVICES = frozenset({"medial-branch-blocks", "radiofrequency-ablation"})


@dataclass(frozen=True, slots=True)
class SourcedFact:
    """A line of the facts and the address of its place in the letter, "" where the letter has none."""

    fact: Fact
    source_url: str


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A facet's value, the search for it, and the place in the letter that states it."""

    label: str
    search_url: str
    source_url: str


@dataclass(frozen=True, slots=True)
class CaseItem:
    """A disputed item. `inferred_joints` are supplied by the nerves named; the letter leaves them unsaid.

    `heading` is the whole heading where `request` is only the disputed portion of it, else empty.
    `verdict` says whether the reviewer relied on something else than the claims administrator.
    `reasons_explain` says whether any of the reasons speaks for the decision.
    """

    ref: ItemRef
    anchor: str
    position: int
    citation: CitationText
    request: Passage
    heading: Passage
    request_url: str
    decision_url: str
    decision_is_in_doubt: bool
    corrections: tuple[Correction, ...]
    services: tuple[FacetLink, ...]
    levels: tuple[FacetLink, ...]
    levels_are_from_rationale: bool
    inferred_joints: tuple[str, ...]
    laterality: str
    laterality_url: str
    sides: tuple[GuidelineSide, GuidelineSide]
    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    reasons_explain: bool
    contradictions: tuple[PassagePair, ...]
    rationale: RationaleParagraphs
    rationale_url: str
    closest_url: str
    similar_url: str
    opposite_url: str


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of the letter: "decided Aug. 20, 2014, imported Nov. 22, 2026"."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """`decisions` are those of the items with their numbers; empty where all have that of `outcome`.

    `matches` is how many there are in summary and items, of the words that the page marks.
    """

    title: str
    heading: str
    citation: CitationText
    outcome: Decision
    decisions: tuple[tuple[Decision, int], ...]
    facts: tuple[SourcedFact, ...]
    corrections: tuple[Correction, ...]
    summary: Paragraphs
    summary_url: str
    items: tuple[CaseItem, ...]
    warnings: tuple[str, ...]
    original_url: str
    download_url: str
    version: str
    current: Version | None
    older_versions: tuple[Version, ...]
    matches: int


def letter_items(letter: Determination) -> list[DisputedItem]:
    """The items of a letter in order, with their citations. Two queries, without any join."""
    items = _ITEMS.instances([letter.pk])
    for item in items:
        item.determination = letter
    prefetch_related_objects(
        items, Prefetch("citations", GuidelineCitation.objects.order_by("cited_by", "pk"))
    )
    return items


def unmarked(field: str, text: str) -> Passage:
    """The text as it is, for a page that was not reached from a search."""
    return (Fragment(text, is_match=False),) if text else ()


def case_page(
    letter: Determination,
    items: Iterable[DisputedItem],
    mark: Mark,
    absolute: Absolute,
    found: int = 0,
) -> CasePage:
    """The page of one letter and its `items`, whose citations are best fetched with them.

    `found` is the position of the item that a search found, where the numbers of matches begin; 0 for none.
    """
    items = list(items)
    decisions = counted_decisions(Decision(item.decision) for item in items)
    texts = dict(_texts(letter, items))
    parts = numbered(
        {part: mark(_SEARCHED[part.name], text) for part, text in texts.items()},
        frozenset(part for part in texts if found and part.position == found),
    )
    warnings = _WARNINGS.instances([letter.pk])
    corrections = corrections_of(letter, items)
    doubted = {warning.place for warning in warnings if warning.code in DOUBTS_ON_DECISION}
    return CasePage(
        title=str(letter),
        heading=letter_title(letter),
        citation=letter_citation(letter, absolute(letter.get_absolute_url())),
        outcome=Decision(letter.outcome),
        decisions=decisions if len(decisions) > 1 else (),
        facts=tuple(
            SourcedFact(fact, source_url(letter, fact.path) if fact.path else "")
            for fact in letter_facts(letter)
        ),
        corrections=corrections.get(0, ()),
        summary=paragraphs(parts.passages[_Part(0, "summary")]),
        summary_url=source_url(letter, "clinical_summary"),
        items=tuple(
            replace(
                _item(letter, item, mark, absolute, parts.passages),
                decision_is_in_doubt=f"item {item.position}" in doubted,
                corrections=corrections.get(item.position, ()),
            )
            for item in items
        ),
        warnings=tuple(map(str, warnings)),
        original_url=reverse("determinations:original", args=[letter.public_id]),
        download_url=reverse("determinations:download", args=[letter.public_id]),
        version=_version(letter).name,
        current=_version(letter.superseded_by) if letter.superseded_by else None,
        older_versions=tuple(map(_version, _OLDER_VERSIONS.instances([letter.pk]))),
        matches=parts.count,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A text of the page: of the item at a position, or of the letter itself (0)."""

    position: int
    name: str


_SEARCHED = {
    "summary": "summary",
    "request": "request",
    CitedBy.CLAIMS_ADMINISTRATOR.value: "guideline",
    CitedBy.REVIEWER.value: "guideline",
    "rationale": "rationale",
}
"""The field of the index in which a part's words are searched."""


def _texts(letter: Determination, items: Iterable[DisputedItem]) -> Iterator[tuple[_Part, str]]:
    """The texts in which words are marked, in the page's order."""
    yield _Part(0, "summary"), letter.clinical_summary
    for item in items:
        yield _Part(item.position, "request"), item.title
        for side in (CitedBy.CLAIMS_ADMINISTRATOR, CitedBy.REVIEWER):
            yield _Part(item.position, side.value), guideline_text(item, side)
        yield _Part(item.position, "rationale"), item.rationale


def paragraphs(passage: Passage) -> Paragraphs:
    """The passage cut at blank lines; fragments joined within each paragraph, empty ones left out."""
    cut: list[list[Fragment]] = [[]]
    for fragment in passage:
        first, *others = split_at_blank_lines(fragment)
        cut[-1].append(first)
        cut += [[piece] for piece in others]
    kept = (tuple(fragment for fragment in paragraph if fragment.text) for paragraph in cut)
    return tuple(paragraph for paragraph in kept if any(fragment.text.strip() for fragment in paragraph))


def _version(letter: Determination) -> Version:
    decided = f"decided {date_format(letter.decided_on)}, " if letter.decided_on else ""
    imported = date_format(localtime(letter.imported_at))
    return Version(f"{decided}imported {imported}", letter.get_absolute_url())


def _item(
    letter: Determination,
    item: DisputedItem,
    mark: Mark,
    absolute: Absolute,
    passages: Mapping[_Part, Passage],
) -> CaseItem:
    similar = reverse("determinations:similar", args=[letter.public_id, item.position])
    pairs = passage_pairs(item)
    contradicting = {pair.span: pair.anchor for pair in pairs if pair.span}

    reasons = reasons_of(item)

    def passage(name: str) -> Passage:
        return passages[_Part(item.position, name)]

    return CaseItem(
        ref=item_ref(item),
        anchor=item_anchor(item),
        position=item.position,
        citation=item_citation(item, absolute(item.get_absolute_url())),
        request=passage("request"),
        heading=mark("request", item.request) if item.title != item.request else (),
        request_url=item_source_url(letter, item.position, "request"),
        decision_url=item_source_url(letter, item.position, "decision"),
        decision_is_in_doubt=False,
        corrections=(),
        services=_facet_links(letter, item, SERVICE.name, "services"),
        levels=_facet_links(letter, item, LEVEL.name, "spinal_levels"),
        levels_are_from_rationale=item.levels_from == LevelsFrom.RATIONALE,
        inferred_joints=inferred_joints(item),
        laterality=item.get_laterality_display() if item.laterality else "",
        laterality_url=item_source_url(letter, item.position, "laterality"),
        sides=guideline_sides(item, lambda side: paragraphs(passage(side.value))),
        verdict=verdict_on(item),
        reasons=reasons,
        reasons_explain=any(reason.side == DECIDED_FOR.get(item.decision) for reason in reasons),
        contradictions=pairs,
        rationale=rationale_paragraphs(item, passage("rationale"), contradicting),
        rationale_url=item_source_url(letter, item.position, "rationale"),
        closest_url=reverse("determinations:closest", args=[letter.public_id, item.position]),
        similar_url=similar,
        opposite_url=f"{similar}?opposite=1",
    )


def inferred_joints(item: DisputedItem) -> tuple[str, ...]:
    """The joints supplied by the nerves that a block or ablation names; other services name the bone."""
    if not _NERVE_SERVICES.intersection(item.services):
        return ()
    stated = set(item.spinal_levels)
    return tuple(joint for joint in joints_supplied(item.spinal_levels) if joint not in stated)


def _facet_links(letter: Determination, item: DisputedItem, facet: str, field: str) -> tuple[FacetLink, ...]:
    return tuple(
        FacetLink(
            full_label(facet, value),
            url_of_value(facet, value),
            item_source_url(letter, item.position, f"{field}[{index}]"),
        )
        for index, value in enumerate(getattr(item, field))
    )
