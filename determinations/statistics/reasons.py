"""Why denied, what won: how often each ground is stated in upheld and in overturned items, with examples.

Counts come from the search index, sentences from the items' rows. What overturned items show that upheld ones
are said to lack is set against each other by pairs of grounds.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import cast

from rapidfuzz import fuzz

from determinations.export.csv_lines import spreadsheet_lines
from determinations.letters.facts.grounds.names import OpposedGrounds, grounds_by_slug, opposed_grounds
from determinations.letters.parsed_letter import GroundSide
from determinations.models import DisputedItem
from determinations.models.determination import StatedGround
from determinations.search.facets import DECISION, REASON
from determinations.search.interface import FacetFilter, SearchEngine, SearchRequest, Sort
from determinations.search_page.address import SearchAddress
from determinations.search_page.item_ref import ItemRef, item_ref
from determinations.statistics.rates import (
    DECIDED,
    OVERTURNED,
    UPHELD,
    DecidedItems,
    OutcomeRate,
    decided_items,
)

EXAMPLES = 3
FEWEST_LACKING = 2
"""What a single upheld item is said to lack is in the table, and no point of a list."""

COLUMNS = (
    "side",
    "ground",
    "label",
    *("upheld_stating", "upheld_items", "upheld_share", "upheld_low", "upheld_high"),
    *("overturned_stating", "overturned_items", "overturned_share", "overturned_low", "overturned_high"),
    "search",
)
SIDE_ORDER: tuple[GroundSide, ...] = ("against", "for")
_DECISIONS: Mapping[GroundSide, tuple[str, ...]] = {"against": UPHELD, "for": OVERTURNED}

_ITEMS_READ_FOR_EXAMPLES = 16
"""Letters repeat each other's sentences, so more are read than shown."""
_ALIKE = 72.0
"""Sentences that share so many of their words (of 100, in any order) are copies of each other."""
_SHORTEST, _LONGEST = 45, 280
_BEST_LENGTH = 130
_SPEAKS_FOR_OTHERS = re.compile(
    r"\b(?:prior|previous|initial) reviewer|claims administrator|utilization review|\bUR\b|"
    r"\b(?:MTUS|ODG|ACOEM|guidelines?) (?:also |further )?(?:states?|notes?|recommends?|refers?|says?)\b",
    re.IGNORECASE,
)
"""Such a sentence says less of the case than one in the reviewer's own words."""


@dataclass(frozen=True, slots=True)
class RationaleExample:
    """A sentence that states a ground, and the item whose rationale has it."""

    sentence: str
    ref: ItemRef


@dataclass(frozen=True, slots=True)
class Stated:
    """In how many of an outcome's items a ground is stated. A rate of statements, not of outcomes."""

    items: int
    of: int

    @property
    def rate(self) -> OutcomeRate:
        """The same as a share with its interval; `overturned` are the items that state the ground."""
        return OutcomeRate(self.items, self.of)

    @property
    def percentage(self) -> str:
        return self.rate.percentage

    @property
    def bounds(self) -> str:
        return self.rate.bounds


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A ground: in how many upheld and overturned items it is stated, and sentences that state it.

    The examples are of the outcome that the ground speaks for; `url` leads to all items that state it.
    """

    slug: str
    label: str
    meaning: str
    side: GroundSide
    upheld: Stated
    overturned: Stated
    url: str
    examples: tuple[RationaleExample, ...] = ()


@dataclass(frozen=True, slots=True)
class OpposedRow:
    """What upheld items are said to lack against what overturned ones are said to show, in one topic."""

    topic: str
    lacking: ReasonRow
    shown: tuple[ReasonRow, ...]
    overturned: Stated
    """Overturned items that state any of the grounds `shown`."""

    @property
    def shown_examples(self) -> tuple[RationaleExample, ...]:
        """One sentence at most, of the first ground that has any."""
        return next((row.examples[:1] for row in self.shown if row.examples), ())


@dataclass(frozen=True, slots=True)
class ReasonTable:
    """The grounds of one side, most often stated first."""

    side: GroundSide
    rows: tuple[ReasonRow, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """All grounds that decided items state. `read` are the decided items with a ground that could be read."""

    items: DecidedItems
    read: int
    tables: tuple[ReasonTable, ...]
    opposed: tuple[OpposedRow, ...]

    @property
    def rows(self) -> tuple[ReasonRow, ...]:
        return tuple(chain.from_iterable(table.rows for table in self.tables))


def reasons_of_search(
    engine: SearchEngine, request: SearchRequest, address: SearchAddress, *, examples: int = EXAMPLES
) -> Reasons:
    """The grounds of what the request finds, whichever decision or reason it is narrowed to.

    `address` is that of the search. Raises QuerySyntaxError or SearchUnavailableError.
    """
    others = tuple(given for given in request.filters if given.facet not in (DECISION.name, REASON.name))
    plain = replace(request, filters=others, sort=Sort.NEWEST, offset=0, limit=0, count=())
    items = decided_items(engine, plain)
    counted = _counted(cast("Hashable", engine), engine.status().commit, plain)
    address = address.choosing(REASON.name, ()).choosing(DECISION.name, ())
    sentences = _examples(engine, plain, counted.slugs, examples)
    rows = {slug: _row(slug, counted, items, address, sentences.get(slug, ())) for slug in counted.slugs}
    tables = tuple(
        ReasonTable(side, tuple(sorted((r for r in rows.values() if r.side == side), key=_most_first)))
        for side in SIDE_ORDER
    )
    opposed = (_opposed(pair, rows, counted, items, address) for pair in opposed_grounds())
    return Reasons(
        items=items,
        read=counted.read,
        tables=tables,
        opposed=tuple(sorted(filter(None, opposed), key=_weight, reverse=True)),
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """Ground -> items that state it, by outcome; `shown` counts a pair's grounds together, by its lacking."""

    upheld: Mapping[str, int]
    overturned: Mapping[str, int]
    shown: Mapping[str, int]
    read: int

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(slug for slug in grounds_by_slug() if slug in self.upheld or slug in self.overturned)


@lru_cache(maxsize=256)
def _counted(engine: SearchEngine, commit: str, plain: SearchRequest) -> _Counts:
    """Remembered until the index changes."""
    upheld, overturned = (_by_ground(engine, plain, decisions) for decisions in (UPHELD, OVERTURNED))
    return _Counts(
        upheld=upheld,
        overturned=overturned,
        shown={
            pair.lacking: _total(engine, plain, pair.shown, OVERTURNED)
            for pair in opposed_grounds()
            if len(pair.shown) > 1
        },
        read=_total(engine, plain, SIDE_ORDER, DECIDED),
    )


def _by_ground(engine: SearchEngine, plain: SearchRequest, decisions: tuple[str, ...]) -> dict[str, int]:
    filters = (*plain.filters, FacetFilter(DECISION.name, decisions))
    counts = engine.search(replace(plain, filters=filters, count=(REASON.name,))).counts[REASON.name]
    return {counted.value: counted.count for counted in counts if counted.value in grounds_by_slug()}


def _total(
    engine: SearchEngine, plain: SearchRequest, reasons: Sequence[str], decisions: tuple[str, ...]
) -> int:
    filters = (FacetFilter(DECISION.name, decisions), FacetFilter(REASON.name, tuple(reasons)))
    return engine.search(replace(plain, filters=(*plain.filters, *filters))).total


def _row(
    slug: str,
    counted: _Counts,
    items: DecidedItems,
    address: SearchAddress,
    examples: tuple[RationaleExample, ...],
) -> ReasonRow:
    ground = grounds_by_slug()[slug]
    return ReasonRow(
        slug=slug,
        label=ground.label,
        meaning=ground.meaning,
        side=ground.side,
        upheld=_stated(counted.upheld.get(slug, 0), items.upheld),
        overturned=_stated(counted.overturned.get(slug, 0), items.overturned),
        url=address.choosing(REASON.name, (slug,)).url,
        examples=examples,
    )


def _stated(stating: int, items: int) -> Stated:
    """Other questions counted the items, and the index may have got more in between."""
    return Stated(stating, max(items, stating))


def _most_first(row: ReasonRow) -> tuple[int, int, str]:
    own, other = (row.upheld, row.overturned) if row.side == "against" else (row.overturned, row.upheld)
    return (-own.items, -other.items, row.label)


def _opposed(
    pair: OpposedGrounds,
    rows: Mapping[str, ReasonRow],
    counted: _Counts,
    items: DecidedItems,
    address: SearchAddress,
) -> OpposedRow | None:
    """None where no overturned item states the one, and too few upheld ones the other."""
    lacking = rows.get(pair.lacking) or _row(pair.lacking, counted, items, address, ())
    shown = tuple(rows[slug] for slug in pair.shown if slug in rows and rows[slug].overturned.items)
    overturned = counted.shown.get(pair.lacking, sum(row.overturned.items for row in shown))
    if lacking.upheld.items < FEWEST_LACKING and not overturned:
        return None
    if not shown:
        shown = (_row(pair.shown[0], counted, items, address, ()),)
    return OpposedRow(pair.topic, lacking, shown, _stated(overturned, items.overturned))


def _weight(row: OpposedRow) -> tuple[bool, float]:
    """Pairs of which both sides are stated come first, then those that are stated most."""
    lacking, shown = row.lacking.upheld, row.overturned
    return (bool(lacking.items and shown.items), lacking.rate.share + shown.rate.share)


def _examples(
    engine: SearchEngine, plain: SearchRequest, slugs: Iterable[str], most: int
) -> dict[str, tuple[RationaleExample, ...]]:
    """For each ground sentences of the outcome that it speaks for, of different letters, no near-copies."""
    keys = {slug: _stating(engine, plain, slug) for slug in slugs} if most else {}
    wanted = {key for found in keys.values() for key in found}
    items = DisputedItem.objects.for_lines().in_bulk(wanted)
    used: Counter[str] = Counter()
    chosen: dict[str, tuple[RationaleExample, ...]] = {}
    # The grounds that few items state choose first: they have the least to choose from.
    for slug in sorted(keys, key=lambda slug: len(keys[slug])):
        found = [items[key] for key in keys[slug] if key in items]
        chosen[slug] = _distinct(slug, found, used, most)
        used.update(example.sentence for example in chosen[slug])
        used.update(example.ref.letter for example in chosen[slug])
    return chosen


def _stating(engine: SearchEngine, plain: SearchRequest, slug: str) -> list[int]:
    side = grounds_by_slug()[slug].side
    filters = (
        *plain.filters,
        FacetFilter(DECISION.name, _DECISIONS[side]),
        FacetFilter(REASON.name, (slug,)),
    )
    hits = engine.search(replace(plain, filters=filters, limit=_ITEMS_READ_FOR_EXAMPLES)).hits
    return [hit.key for hit in hits]


def _distinct(
    slug: str, items: Iterable[DisputedItem], used: Counter[str], most: int
) -> tuple[RationaleExample, ...]:
    """The best sentences that state the ground; `used` counts sentences and letters chosen for others."""
    sentences = [
        (_fitness(ground, item, used), ground.sentence, item)
        for item in items
        for ground in item.stated_grounds
        if ground.slug == slug
    ]
    chosen: list[RationaleExample] = []
    letters: set[int] = set()
    for _, sentence, item in sorted(sentences, key=lambda one: (one[0], one[1], one[2].pk)):
        if item.determination_id in letters or any(_alike(sentence, one.sentence) for one in chosen):
            continue
        letters.add(item.determination_id)
        chosen.append(RationaleExample(sentence, item_ref(item)))
        if len(chosen) == most:
            break
    return tuple(chosen)


def _fitness(
    ground: StatedGround, item: DisputedItem, used: Counter[str]
) -> tuple[bool, bool, bool, int, int, int]:
    """Lowest first: of a readable length, in the reviewer's words, stating no other ground, from a letter not
    shown yet."""
    length = len(ground.sentence)
    together = sum(one["start"] == ground.start for one in item.grounds)
    return (
        ground.sentence in used,
        not _SHORTEST <= length <= _LONGEST,
        bool(_SPEAKS_FOR_OTHERS.search(ground.sentence)),
        together,
        used[str(item.determination)],
        abs(length - _BEST_LENGTH),
    )


def _alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one, other) >= _ALIKE or fuzz.partial_ratio(one, other) >= 90


def reasons_as_csv(rows: Iterable[ReasonRow], search: str) -> str:
    """Shares and their Wilson intervals at 95% are between 0 and 1, empty below five items."""
    return "".join(spreadsheet_lines(chain((COLUMNS,), (_cells(row, search) for row in rows))))


def _cells(row: ReasonRow, search: str) -> tuple[str | int | float, ...]:
    figures = (*_figures(row.upheld), *_figures(row.overturned))
    return (row.side, row.slug, row.label, *figures, search)


def _figures(stated: Stated) -> tuple[str | int | float, ...]:
    return (stated.items, stated.of, *(stated.rate.figures or ("", "", "")))
