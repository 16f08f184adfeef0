"""How reviewers write for either outcome: passages that best match the words that speak for it. No HTML."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from ..models import Determination, DisputedItem
from ..outcomes.telling_words import FIELD, TELLING, TellingWords, Term, telling_words
from ..search.facets import DECISION
from ..search.interface import Hit, Passage, SearchEngine, SearchRequest
from ..search.query_normal_form import any_of
from ..search.query_printing import query_to_text
from ..search.query_tree import Node
from ..searching.result_rows import address_of
from ..searching.search_address import SearchAddress
from .word_tables import decisions_of, term_query

_OUTCOMES = ("overturned", "upheld")
KEY_WORDS, KEY_PHRASES = 5, 3
SHOWN = 3
_HITS_READ = 40
"""Letters repeat each other's sentences, so more are read than shown."""


@dataclass(frozen=True, slots=True)
class TypicalPassage:
    """A passage of one item's rationale; `letter` and `item` name it, `url` leads to it."""

    passage: Passage
    request: str
    letter: str
    item: str
    url: str
    is_invented: bool


@dataclass(frozen=True, slots=True)
class OutcomePassages:
    """`words` are those that the passages were chosen by; none where no word tells the outcomes apart."""

    outcome: str
    words: tuple[str, ...]
    passages: tuple[TypicalPassage, ...]
    search_url: str


def typical_passages(address: SearchAddress, engine: SearchEngine) -> tuple[OutcomePassages, ...]:
    """For each outcome the passages of the rationales that score best for its telling words.

    One passage of each letter, and none that says the same as one before it. The address's question is
    left aside. Raises SearchUnavailableError.
    """
    asked = SearchRequest(filters=address.filters, limit=0)
    terms = _key_terms(cast("Hashable", engine), engine.status().generation, asked)
    return tuple(_passages(outcome, terms[outcome], address, engine) for outcome in _OUTCOMES)


@lru_cache(maxsize=1024)
def _key_terms(engine: SearchEngine, generation: int, asked: SearchRequest) -> Mapping[str, tuple[Term, ...]]:
    """By outcome. Remembered until the index changes: all words are compared to choose these few."""
    telling = telling_words(engine, asked)
    return {outcome: _most_telling(outcome, telling) for outcome in _OUTCOMES}


def _most_telling(outcome: str, telling: TellingWords) -> tuple[Term, ...]:
    sign = 1 if outcome == "overturned" else -1
    return tuple(
        one.term
        for contrasts, most in ((telling.words, KEY_WORDS), (telling.phrases, KEY_PHRASES))
        for one in sorted(contrasts, key=lambda one: (-sign * one.z, one.term))[:most]
        if sign * one.z >= TELLING
    )


def _passages(
    outcome: str, terms: Sequence[Term], address: SearchAddress, engine: SearchEngine
) -> OutcomePassages:
    decided = address.choosing(DECISION.name, decisions_of(outcome))
    if not terms:
        return OutcomePassages(outcome, (), (), decided.url)
    spelled = engine.spellings({part for term in terms for part in term}, FIELD)
    query = any_of([term_query(term, spelled) for term in terms])
    hits = engine.search(SearchRequest(query, decided.filters, limit=_HITS_READ)).hits
    return OutcomePassages(
        outcome=outcome,
        words=tuple(" ".join(spelled[part] for part in term) for term in terms),
        passages=_distinct(hits, query, engine),
        search_url=decided.asking(query_to_text(query)).url,
    )


def _distinct(hits: Sequence[Hit], query: Node, engine: SearchEngine) -> tuple[TypicalPassage, ...]:
    rows = (
        DisputedItem.objects.select_related("determination")
        .defer("determination__full_text", "determination__clinical_summary")
        .in_bulk([hit.key for hit in hits])
    )
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
            chosen.append(_typical(item, passage))
        if len(chosen) == SHOWN:
            break
    return tuple(chosen)


def _typical(item: DisputedItem, passage: Passage) -> TypicalPassage:
    letter = item.determination
    return TypicalPassage(
        passage=passage,
        request=item.request,
        letter=str(letter),
        item=f"item {item.position}",
        url=address_of(item),
        is_invented=letter.is_invented,
    )
