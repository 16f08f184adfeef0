"""Found items as the rows of a result list: database rows joined with highlighted passages. No HTML.

The text comes from the database, so it is the letter's own; the engine only says what matched in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count

from determinations.letters.vocabulary.names import chapter_slug
from determinations.models import CitedBy, DisputedItem, GuidelineCitation, LevelsFrom
from determinations.models.determination import StatedGround
from determinations.models.item_rows import ItemRow, item_rows
from determinations.models.row_reads import RowQuery
from determinations.search.facets import GUIDELINE, SERVICE
from determinations.search.interface import Fragment, Hit, Passage, SearchEngine
from determinations.search.query.nodes import All, AnyOf, CaseNumber, DateRange, FacetTerm, Node, Not
from determinations.search_page.facet_panel import full_label
from determinations.search_page.facet_values import facet_label
from determinations.search_page.item_ref import ItemRef, row_ref
from determinations.search_page.sentence_case import sentence_case
from determinations.search_page.shown_passages import CONSIDERED, ItemTexts, LabeledPassages, shown_passages

RATIONALE_PASSAGES = 2
_SENTENCE_ENDS = tuple(".!?:;”\"'")


_CITATIONS = RowQuery(
    lambda items: (
        GuidelineCitation.objects.filter(item__in=items)
        .order_by("pk")
        .values_list("item_id", "cited_by", "source", "chapter")
    )
)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One disputed item as a result list shows it, matches in `request` marked; `letter_key`: its letter.

    `follows`: the item does not have all of the question's words. It lacks those of `lacks`, and has those of
    `in_summary` only in its letter's clinical summary.
    """

    ref: ItemRef
    letter_key: int
    request: Passage
    services: tuple[str, ...]
    levels: tuple[str, ...]
    levels_are_from_rationale: bool
    guidelines: tuple[str, ...]
    grounds: tuple[StatedGround, ...]
    passages: tuple[LabeledPassages, ...]
    follows: bool = False
    lacks: tuple[str, ...] = ()
    in_summary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterRows:
    """Rows of one letter on one page; `item_count` is how many disputed items the letter has in all."""

    ref: ItemRef
    url: str
    item_count: int
    rows: tuple[ResultRow, ...]


def result_rows(
    hits: Sequence[Hit],
    engine: SearchEngine,
    query: Node | None = None,
    text: str = "",
    parts: Sequence[str] = (),
    *,
    summaries: bool = False,
) -> tuple[ResultRow, ...]:
    """The hits' rows in the hits' order; hits whose row is gone are left out.

    `text` is the question as typed: the links carry it, so that the case page can mark its words. `parts`
    are its words, of which a hit that follows may lack some. `summaries`: clinical summaries were searched.
    """
    rows = item_rows(hit.key for hit in hits)
    guidelines = _guidelines_of_reviewers(rows)
    return tuple(
        _row(rows[hit.key], hit, engine, query, text, parts, guidelines.get(hit.key, ()), summaries=summaries)
        for hit in hits
        if hit.key in rows
    )


def stored_items(hits: Sequence[Hit]) -> dict[int, DisputedItem]:
    """Key -> the hit's item with its letter and citations; those whose row is gone are left out."""
    return DisputedItem.objects.for_display().in_bulk([hit.key for hit in hits])


def rows_by_letter(rows: Sequence[ResultRow]) -> tuple[LetterRows, ...]:
    """The rows under their letters, letters in the order of their first row, rows in theirs."""
    letters: dict[int, list[ResultRow]] = {}
    for row in rows:
        letters.setdefault(row.letter_key, []).append(row)
    counted = DisputedItem.objects.filter(determination__in=letters).order_by()
    counts = dict(counted.values_list("determination").annotate(Count("pk")))
    return tuple(
        LetterRows(
            ref=first.ref,
            url=first.ref.url.partition("#")[0],
            item_count=counts.get(key, len(of_letter)),
            rows=tuple(of_letter),
        )
        for key, of_letter in letters.items()
        for first in of_letter[:1]
    )


def guideline_labels(item: DisputedItem, cited_by: CitedBy) -> tuple[str, ...]:
    """One label for each guideline that the side cited, "ODG: Low Back", in the letter's order."""
    return _labels(
        (citation.source, citation.chapter)
        for citation in item.citations.all()
        if citation.cited_by == cited_by
    )


def _guidelines_of_reviewers(items: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Key of an item -> the same labels, of what its reviewer cited."""
    cited: dict[int, list[tuple[str, str]]] = {}
    keys = tuple(items)
    for key, side, source, chapter in _CITATIONS.rows(keys) if keys else ():
        if side == CitedBy.REVIEWER:
            cited.setdefault(key, []).append((source, chapter))
    return {key: _labels(pairs) for key, pairs in cited.items()}


def _labels(cited: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Of sources and chapters, each once."""
    return tuple(
        dict.fromkeys(
            full_label(GUIDELINE.name, _guideline_value(source, chapter)) for source, chapter in cited
        )
    )


def guideline_value(citation: GuidelineCitation) -> str:
    """The citation's value in the guideline facet, "odg.low-back"."""
    return _guideline_value(citation.source, citation.chapter)


@lru_cache(maxsize=4096)
def _guideline_value(source: str, chapter: str) -> str:
    return f"{source}.{chapter_slug(chapter)}" if chapter else source


def _row(
    item: ItemRow,
    hit: Hit,
    engine: SearchEngine,
    query: Node | None,
    text: str,
    parts: Sequence[str],
    guidelines: tuple[str, ...],
    *,
    summaries: bool,
) -> ResultRow:
    ref, grounds = row_ref(item, text), item.stated_grounds
    texts = ItemTexts(
        item.rationale,
        item.clinical_summary,
        item.reviewer_guideline,
        item.claims_administrator_guideline,
        item.main_of(grounds),
    )
    passages = passages_of(texts, engine, query, CONSIDERED, summaries=summaries or bool(hit.in_summary))
    return ResultRow(
        ref=ref,
        letter_key=item.letter_key,
        request=sentence_case(engine.highlight_whole(query, "request", ref.request)),
        services=tuple(facet_label(SERVICE.name, slug) for slug in item.services),
        levels=tuple(item.spinal_levels),
        levels_are_from_rationale=item.levels_from == LevelsFrom.RATIONALE,
        guidelines=guidelines,
        grounds=grounds,
        passages=shown_passages(
            texts, passages, lambda text: engine.highlight_whole(query, "rationale", text)
        ),
        follows=hit.follows,
        lacks=tuple(parts[place] for place in hit.lacks),
        in_summary=tuple(parts[place] for place in hit.in_summary),
    )


def texts_of(item: DisputedItem) -> ItemTexts:
    """Of an item with its letter."""
    return ItemTexts(
        item.rationale,
        item.determination.clinical_summary,
        item.reviewer_guideline,
        item.claims_administrator_guideline,
        item.main_ground,
    )


def passages_of(
    texts: ItemTexts,
    engine: SearchEngine,
    query: Node | None,
    count: int = RATIONALE_PASSAGES,
    *,
    summaries: bool = False,
) -> tuple[LabeledPassages, ...]:
    """At most `count` matching passages of the rationale, and one of the summary if it was searched too.

    Where neither matches, those of the guidelines' paragraphs. Where nothing matches, which the request
    then does, the opening of the rationale or the summary. Where nothing was searched for, the sentence that
    states the main ground.
    """
    if query is None and (ground := texts.main_ground):
        sentence = (Fragment(ground.sentence, is_match=False),)
        return (LabeledPassages("rationale", "Reason", (sentence,)),)
    rationale = ("rationale", "Rationale", "rationale", texts.rationale, count)
    summary = ("clinical_summary", "Summary", "summary", texts.clinical_summary, 1)
    has_summary = summaries or not texts.rationale or _names_field(query, "summary")
    parts = _parts(engine, query, (rationale, summary) if has_summary else (rationale,))
    matching = tuple(part for part in parts if _has_match(part.passages))
    if matching or query is None:
        return matching or parts[:1]
    cited = (
        ("reviewer_guideline", "Reviewer’s guideline", "guideline", texts.reviewer_guideline, 1),
        (
            "claims_administrator_guideline",
            "Claims administrator’s guideline",
            "guideline",
            texts.claims_administrator_guideline,
            1,
        ),
    )
    guidelines = _parts(engine, query, cited)
    return tuple(part for part in guidelines if _has_match(part.passages)) or parts[:1]


def _parts(
    engine: SearchEngine, query: Node | None, texts: Iterable[tuple[str, str, str, str, int]]
) -> tuple[LabeledPassages, ...]:
    """The best passages of each text: its part, its label, the field searched, itself, how many to take."""
    return tuple(
        LabeledPassages(
            part,
            label,
            tuple(_with_ellipses(found, text) for found in engine.highlight(query, field, text, passages)),
        )
        for part, label, field, text, passages in texts
        if text
    )


def _with_ellipses(passage: Passage, text: str) -> Passage:
    """The passage with a mark where it was cut within a sentence."""
    shown = "".join(fragment.text for fragment in passage)
    before, _, after = text.partition(shown)
    starts_cut = before.strip() and before.rstrip()[-1] not in _SENTENCE_ENDS
    ends_cut = after.strip() and shown.rstrip()[-1:] not in _SENTENCE_ENDS
    return (
        *((Fragment("… ", is_match=False),) if starts_cut else ()),
        *passage,
        *((Fragment(" …", is_match=False),) if ends_cut else ()),
    )


def _names_field(node: Node | None, field: str) -> bool:
    """Whether a part of the question is looked for in this field by name."""
    match node:
        case All(parts) | AnyOf(parts):
            return any(_names_field(part, field) for part in parts)
        case Not() | CaseNumber() | FacetTerm() | DateRange() | None:
            return False
        case _:
            return node.field == field


def _has_match(passages: Sequence[Passage]) -> bool:
    return any(fragment.is_match for passage in passages for fragment in passage)
