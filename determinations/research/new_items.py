"""New items of a saved search as pages and emails list them: what matched, and what is a correction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from determinations.models import Determination, DisputedItem
from determinations.search.interface import SearchEngine
from determinations.search.query.nodes import Node
from determinations.search_page.search import Search

_PARTS = (
    ("request", "request", ("title",)),
    ("rationale", "rationale", ("rationale",)),
    ("guideline", "guideline", ("reviewer_guideline", "claims_administrator_guideline")),
)
"""What a reader calls the part, the field that is searched, and the item's texts in it."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """`matched_in` names the parts with matched words; none for a search without words.

    `correction` says what was corrected, "" for a letter that is simply new.
    """

    item: DisputedItem
    matched_in: tuple[str, ...]
    correction: str


def new_items(keys: Sequence[int], search: Search, engine: SearchEngine) -> tuple[NewItem, ...]:
    """The items of these keys, in their order; those whose row is gone are left out."""
    rows = DisputedItem.objects.for_display().in_bulk(keys)
    replacing = _letters_that_replace(rows.values())
    node = search.question.node
    return tuple(
        NewItem(
            item,
            tuple(_matched_parts(item, engine, node)) if node else (),
            _correction(item, is_replacing=item.determination_id in replacing),
        )
        for item in (rows[key] for key in keys if key in rows)
    )


def _letters_that_replace(items: Iterable[DisputedItem]) -> frozenset[int | None]:
    """The keys of letters that are a newer version of one that was here before."""
    letters = {item.determination_id for item in items}
    replaced = Determination.objects.filter(superseded_by__in=letters)
    return frozenset(replaced.values_list("superseded_by", flat=True))


def _matched_parts(item: DisputedItem, engine: SearchEngine, node: Node) -> Iterator[str]:
    for part, field, attributes in _PARTS:
        texts = (getattr(item, attribute) for attribute in attributes)
        passages = (engine.highlight_whole(node, field, text) for text in texts if text)
        if any(fragment.is_match for passage in passages for fragment in passage):
            yield part


def _correction(item: DisputedItem, *, is_replacing: bool) -> str:
    if is_replacing:
        return "Correction: this letter replaces an earlier version."
    fields = [*item.corrected_fields, *item.determination.corrected_fields]
    if fields:
        return f"Correction made by hand on this site: {', '.join(map(_in_words, fields))}."
    return ""


def _in_words(field: str) -> str:
    return field.replace("_", " ")
