"""How reviewers explain each outcome: the passages that best match the words typical of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from determinations.models import DECISION_LABELS, Decision, Determination, DisputedItem
from determinations.search.facets import DECISION
from determinations.search.interface import Hit, Passage, SearchEngine, SearchRequest
from determinations.search.query.nodes import Node, any_of
from determinations.search.query.unparse import query_to_text
from determinations.search_page.address import SearchAddress
from determinations.search_page.item_ref import ItemRef, item_ref
from determinations.statistics.distinctive_terms import (
    FIELD,
    LISTED_FROM_Z,
    DistinctiveTerms,
    Term,
    distinctive_terms,
)
from determinations.statistics.rates import (
    FEWEST_FOR_A_PERCENTAGE,
    OVERTURNED,
    UPHELD,
    DecidedItems,
    decided_items,
)
from determinations.statistics.term_tables import term_query

FULLY: tuple[str, ...] = OVERTURNED[:1]
_PARTLY: tuple[str, ...] = OVERTURNED[1:]
KEY_WORDS, KEY_PHRASES = 5, 3
SHOWN = 3
_HITS_READ = 40
"""Letters repeat each other's sentences, so more are read than shown."""


@dataclass(frozen=True, slots=True)
class TypicalPassage:
    """A passage of one item's rationale."""

    ref: ItemRef
    passage: Passage


@dataclass(frozen=True, slots=True)
class OutcomePassages:
    """`words` are the words that the passages match; none if no word is typical of the outcome.

    `items` of this outcome were looked at; `in_part` more are overturned in part and were not.
    """

    outcome: str
    items: int
    in_part: int
    words: tuple[str, ...]
    passages: tuple[TypicalPassage, ...]
    search_url: str

    @property
    def is_partial(self) -> bool:
        return self.outcome == "overturned in part"

    @property
    def is_few(self) -> bool:
        return self.items < FEWEST_FOR_A_PERCENTAGE


def typical_passages(address: SearchAddress, engine: SearchEngine) -> tuple[OutcomePassages, ...]:
    """For each outcome the passages of the rationales that score best for its terms words.

    One passage of each letter, and none that says the same as one before it. The address's question is
    left aside. What overturns in part often argues against the treatment, a taper granted instead: it
    speaks for overturned only where nothing is overturned in full. Raises SearchUnavailableError.
    """
    asked = SearchRequest(filters=address.filters, limit=0)
    held = decided_items(engine, asked)
    overturned = FULLY if held.in_full or not held.in_part else _PARTLY
    terms = _key_terms(cast("Hashable", engine), engine.status().commit, asked, overturned)
    return tuple(
        _passages(decisions, chosen, held, address, engine)
        for decisions, chosen in zip((overturned, UPHELD), terms, strict=True)
    )


@lru_cache(maxsize=1024)
def _key_terms(
    engine: SearchEngine, commit: str, asked: SearchRequest, overturned: tuple[str, ...]
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """For overturned and for upheld. Remembered until the index changes: all words are compared for them.

    Against a few full overturns alone no word may speak for upheld; then all overturned items are compared.
    """
    terms = distinctive_terms(engine, asked, overturned)
    upheld = _most_distinctive(-1, terms) or _most_distinctive(-1, distinctive_terms(engine, asked))
    return _most_distinctive(1, terms), upheld


def _most_distinctive(sign: int, terms: DistinctiveTerms) -> tuple[Term, ...]:
    return tuple(
        one.term
        for contrasts, most in ((terms.words, KEY_WORDS), (terms.phrases, KEY_PHRASES))
        for one in sorted(contrasts, key=lambda one: (-sign * one.z, one.term))[:most]
        if sign * one.z >= LISTED_FROM_Z
    )


def _passages(
    decisions: tuple[str, ...],
    terms: Sequence[Term],
    held: DecidedItems,
    address: SearchAddress,
    engine: SearchEngine,
) -> OutcomePassages:
    decided = address.choosing(DECISION.name, decisions)
    outcome = DECISION_LABELS[Decision(decisions[0])].lower()
    items = {FULLY: held.in_full, _PARTLY: held.in_part, UPHELD: held.upheld}[decisions]
    in_part = held.in_part if decisions == FULLY else 0
    if not terms:
        return OutcomePassages(outcome, items, in_part, (), (), decided.url)
    spelled = engine.spellings({part for term in terms for part in term}, FIELD)
    query = any_of([term_query(term, spelled) for term in terms])
    hits = engine.search(SearchRequest(query, decided.filters, limit=_HITS_READ)).hits
    return OutcomePassages(
        outcome=outcome,
        items=items,
        in_part=in_part,
        words=tuple(" ".join(spelled[part] for part in term) for term in terms),
        passages=_distinct(hits, query, engine),
        search_url=decided.asking(query_to_text(query)).url,
    )


def _distinct(hits: Sequence[Hit], query: Node, engine: SearchEngine) -> tuple[TypicalPassage, ...]:
    rows = DisputedItem.objects.for_lines().in_bulk([hit.key for hit in hits])
    chosen: list[TypicalPassage] = []
    letters: set[Determination] = set()
    said: set[str] = set()
    for item in (rows[hit.key] for hit in hits if hit.key in rows):
        for passage in engine.highlight(query, FIELD, item.rationale, 1):
            words = " ".join(engine.terms("".join(fragment.text for fragment in passage)))
            if item.determination in letters or words in said:
                continue
            letters.add(item.determination)
            said.add(words)
            chosen.append(TypicalPassage(item_ref(item), passage))
        if len(chosen) == SHOWN:
            break
    return tuple(chosen)
