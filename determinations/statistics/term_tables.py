"""Distinctive terms as a page or a CSV lists them: in readable words, each with a link to its passages.

The index holds stems; a word is shown as the rationales spell it most often, a phrase as some of the
best-matching rationales write it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from determinations.export.csv_lines import spreadsheet_lines
from determinations.models import DisputedItem
from determinations.search.facets import DECISION
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.search.query.nodes import Node, Phrase, Word, all_of
from determinations.search.query.unparse import query_to_text
from determinations.search_page.address import SearchAddress
from determinations.search_page.search import Search
from determinations.statistics.distinctive_terms import (
    FIELD,
    LISTED_FROM_Z,
    Contrast,
    DistinctiveTerms,
    Term,
)
from determinations.statistics.rates import OVERTURNED, UPHELD

TERMS_SHOWN_AT_FIRST = 15
COLUMNS = ("kind", "text", "overturned", "upheld", "log_odds", "z", "search")
_TEXTS_READ_FOR_A_PHRASE = 6
_SENTENCE_END = re.compile(r"[.!?;:]\s")


@dataclass(frozen=True, slots=True)
class TermRow:
    """`url` leads to the items of this outcome whose rationale has the word."""

    text: str
    contrast: Contrast
    url: str

    @property
    def z(self) -> str:
        return f"{abs(self.contrast.z):.1f}"


@dataclass(frozen=True, slots=True)
class TermTable:
    """`kind` is "words" or "phrases", `outcome` "overturned" or "upheld"; `total` counts all that tell."""

    kind: str
    outcome: str
    rows: tuple[TermRow, ...]
    total: int

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.outcome}"

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.total


def term_tables(
    terms: DistinctiveTerms, search: Search, engine: SearchEngine, shown: int | None = None
) -> tuple[TermTable, ...]:
    """Words and phrases of each outcome, the most terms first: the first `shown`, or all."""
    return tuple(
        _table(kind, outcome, contrasts, search, engine, shown)
        for kind, compared in (("words", terms.words), ("phrases", terms.phrases))
        for outcome, contrasts in (
            ("overturned", [one for one in compared if one.z >= LISTED_FROM_Z]),
            ("upheld", [one for one in reversed(compared) if one.z <= -LISTED_FROM_Z]),
        )
    )


def term_query(term: Term, spelled: Mapping[str, str]) -> Word | Phrase:
    """The question that finds the term in rationales."""
    words = tuple(spelled[part] for part in term)
    return Word(words[0], FIELD) if len(words) == 1 else Phrase(words, field=FIELD)


def decisions_of(outcome: str) -> tuple[str, ...]:
    return OVERTURNED if outcome == "overturned" else UPHELD


def _table(
    kind: str,
    outcome: str,
    contrasts: Sequence[Contrast],
    search: Search,
    engine: SearchEngine,
    shown: int | None,
) -> TermTable:
    """Phrases that the rationales write across a sentence's end only are left out."""
    decided = search.address.choosing(DECISION.name, decisions_of(outcome))
    rows: list[TermRow] = []
    left = list(contrasts)
    dropped = 0
    while left and (shown is None or len(rows) < shown):
        taken = left[: None if shown is None else shown - len(rows)]
        del left[: len(taken)]
        spelled = engine.spellings({part for one in taken for part in one.term}, FIELD)
        queries = {one.term: term_query(one.term, spelled) for one in taken}
        if kind == "phrases":
            texts = _as_written(queries, replace(search.request(), filters=decided.filters), engine)
        else:
            texts = {term: spelled[term[0]] for term in queries}
        rows += [
            TermRow(texts[one.term], one, _url(queries[one.term], search.question.typed, decided))
            for one in taken
            if texts[one.term]
        ]
        dropped += sum(not texts[one.term] for one in taken)
    return TermTable(kind, outcome, tuple(rows), len(contrasts) - dropped)


def _url(query: Word | Phrase, typed: Node | None, decided: SearchAddress) -> str:
    both = query if typed is None else all_of((typed, query))
    return decided.asking(query_to_text(both)).url


def _as_written(
    queries: Mapping[Term, Word | Phrase],
    decided: SearchRequest,
    engine: SearchEngine,
) -> Mapping[Term, str]:
    """Each phrase as the rationales that match it best write it most often within a sentence, else ""."""
    keys = {
        term: [
            hit.key
            for hit in engine.search(
                replace(
                    decided,
                    query=query if decided.query is None else all_of((decided.query, query)),
                    ranked_by=query,
                    limit=_TEXTS_READ_FOR_A_PHRASE,
                )
            ).hits
        ]
        for term, query in queries.items()
    }
    wanted = {key for found in keys.values() for key in found}
    texts = dict(DisputedItem.objects.filter(pk__in=wanted).values_list("pk", FIELD))
    return {
        term: _commonest(
            fragment.text
            for key in found
            if key in texts
            for fragment in engine.highlight_whole(queries[term], FIELD, texts[key])
            if fragment.is_match and not _SENTENCE_END.search(fragment.text)
        )
        for term, found in keys.items()
    }


def _commonest(writings: Iterable[str]) -> str:
    counted = Counter(" ".join(writing.casefold().split()) for writing in writings)
    return min(counted, key=lambda writing: (-counted[writing], writing), default="")


def words_as_csv(rows: Iterable[tuple[str, str, Contrast]], search: str) -> str:
    """(kind, text, its contrast): counts are occurrences, positive log-odds and z mean overturned."""
    cells = (
        (kind, text, one.overturned, one.upheld, round(one.log_odds, 4), round(one.z, 3), search)
        for kind, text, one in rows
    )
    return "".join(spreadsheet_lines(chain((COLUMNS,), cells)))
