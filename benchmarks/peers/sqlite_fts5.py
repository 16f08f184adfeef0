"""SQLite FTS5 with facets counted by numpy: the rowids of all matches once, and the 20 best by `rank`.

Values of facets are loaded into arrays when the index is opened. The 20 best of a question with filters are
the first in the order of `rank` that pass them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.questions import HITS, NotSupportedError, Page, Question, page_of
from determinations.search.facets import DECISION
from determinations.search.interface import IndexDocument
from determinations.search.query.nodes import (
    SEARCHED_FIELDS,
    All,
    AnyOf,
    Near,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)  # fmt: skip

_TEXTS = ", ".join(SEARCHED_FIELDS)
_SNIPPETS = ", ".join(
    f"snippet(texts, {SEARCHED_FIELDS.index(name)}, '<b>', '</b>', '...', {words})"
    for name, words in (("rationale", 60), ("summary", 30), ("request", 30))
)
_OPENINGS = "substr(rationale, 1, 300), substr(summary, 1, 300), request"

Mask = NDArray[np.bool_]
"""True at the ids of items."""


def label() -> str:
    return "SQLite FTS5"


def unavailable() -> str | None:
    with closing(sqlite3.connect(":memory:")) as database:
        options = {option for (option,) in database.execute("pragma compile_options")}
    return None if "ENABLE_FTS5" in options else "this Python's SQLite is built without FTS5"


def prepare() -> None:
    """Nothing."""


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    with closing(sqlite3.connect(folder / "items.sqlite3")) as database:
        database.executescript(
            f"""pragma journal_mode = off; pragma synchronous = off;
            create table items (id integer primary key, {_TEXTS});
            create table facet_values (code integer primary key, facet, value);
            create table holds (item integer, code integer, primary key (item, code)) without rowid;
            create virtual table texts using fts5
                ({_TEXTS}, content = 'items', content_rowid = 'id', tokenize = 'porter unicode61');"""
        )
        codes: dict[tuple[str, str], int] = {}
        for document in corpus.documents():
            _insert(database, document, codes)
        rows = [(code, facet, value) for (facet, value), code in codes.items()]
        database.executemany("insert into facet_values values (?, ?, ?)", rows)
        database.execute("insert into texts (texts) values ('rebuild')")
        database.execute("insert into texts (texts) values ('optimize')")
        database.execute("analyze")
        database.commit()


def _insert(database: sqlite3.Connection, document: IndexDocument, codes: dict[tuple[str, str], int]) -> None:
    key, facets = document.key, document.facets
    texts = (document.request, document.rationale, document.summary, document.guideline)
    database.execute("insert into items values (?, ?, ?, ?, ?)", (key, *texts))
    rows = [
        (key, codes.setdefault((facet.name, value), len(codes)))
        for facet in FACETS
        for value in facets[facet.name]
    ]
    database.executemany("insert into holds values (?, ?)", rows)


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    with closing(sqlite3.connect(folder / "items.sqlite3")) as database:
        database.executescript(
            "pragma mmap_size = 8000000000; pragma cache_size = -400000; pragma temp_store = memory"
        )
        yield _Searcher(database).page


class _Facet:
    """The values of one facet: `items[n]` has the value of number `codes[n]`; items ascend."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        values = database.execute(
            "select code, value from facet_values where facet = ? order by code", (name,)
        ).fetchall()
        self.values = [value for _, value in values]
        rows = database.execute(
            "select item, code from holds where code in (select code from facet_values where facet = ?)"
            " order by item",
            (name,),
        ).fetchall()
        pairs = np.array(rows, np.int64).reshape(-1, 2)
        self.items = pairs[:, 0].astype(np.int32)
        self.codes = np.searchsorted([code for code, _ in values], pairs[:, 1]).astype(np.int16)

    def holding(self, values: tuple[str, ...], items: int) -> Mask:
        mask = np.zeros(items, np.bool_)
        chosen = [number for number, value in enumerate(self.values) if value in values]
        mask[self.items[np.isin(self.codes, chosen)]] = True
        return mask


class _Searcher:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._facets = {facet.name: _Facet(database, facet.name) for facet in FACETS}
        decision = self._facets[DECISION.name]
        self._decisions = decision.values
        self._items = int(decision.items[-1]) + 1
        decided = np.zeros(self._items, np.int16)
        decided[decision.items] = decision.codes
        self._every = np.zeros(self._items, np.bool_)
        self._every[decision.items] = True
        # A number for each pair of a value and a decision.
        self._pairs = {
            name: facet.codes * len(self._decisions) + decided[facet.items]
            for name, facet in self._facets.items()
        }

    def page(self, question: Question) -> Page:
        node = question.node
        match = None if node is None else match_string(node)
        matches = self._every if match is None else self._matches(match)
        chosen = {
            given.facet: self._facets[given.facet].holding(given.values, self._items)
            for given in question.filters
        }
        counted = {
            facet.name: self._counts(facet.name, _within(matches, chosen, {facet.name, DECISION.name}))
            for facet in FACETS
        }
        hits = self._hits(match, _within(matches, chosen, set()), narrowed=bool(chosen))
        passages = sum(bool(text) for row in hits for text in row[1:])
        return page_of(counted, question.filters, tuple(row[0] for row in hits), passages)

    def _matches(self, match: str) -> Mask:
        rows = self._database.execute("select rowid from texts where texts match ?", (match,))
        mask = np.zeros(self._items, np.bool_)
        mask[np.fromiter((row[0] for row in rows), np.int64)] = True
        return mask

    def _counts(self, name: str, found: Mask) -> dict[str, dict[str, int]]:
        """Value -> decision -> items."""
        facet, decisions = self._facets[name], self._decisions
        pairs = self._pairs[name][found[facet.items]]
        table = np.bincount(pairs, minlength=len(facet.values) * len(decisions)).reshape(-1, len(decisions))
        return {
            facet.values[number]: dict(zip(decisions, row, strict=True))
            for number, row in enumerate(table.tolist())
            if any(row)
        }

    def _hits(self, match: str | None, found: Mask, *, narrowed: bool) -> list[tuple[int, str, str, str]]:
        if match is None:
            best = np.flatnonzero(found)[:HITS].tolist()
            return self._rows(f"select id, {_OPENINGS} from items where id", best, ())
        if not narrowed:
            return self._database.execute(
                f"select rowid, {_SNIPPETS} from texts where texts match ? order by rank limit {HITS}",
                (match,),
            ).fetchall()
        ranked = self._database.execute("select rowid from texts where texts match ? order by rank", (match,))
        best = list(islice((row[0] for row in ranked if found[row[0]]), HITS))
        return self._rows(
            f"select rowid, {_SNIPPETS} from texts where texts match ? and rowid", best, (match,)
        )

    def _rows(
        self, select: str, best: list[int], parameters: tuple[str, ...]
    ) -> list[tuple[int, str, str, str]]:
        rows = self._database.execute(f"{select} in ({', '.join(map(str, best))})", parameters).fetchall()
        return sorted(rows, key=lambda row: best.index(row[0]))


def _within(matches: Mask, chosen: dict[str, Mask], without: set[str]) -> Mask:
    for facet, mask in chosen.items():
        if facet not in without:
            matches = matches & mask
    return matches


def match_string(node: Node) -> str:
    """FTS5's writing of a question. Raises NotSupportedError."""
    match node:
        case Word(text, field):
            return _in_field(f'"{text}"', field)
        case Phrase(words, 1, field):
            return _in_field(f'"{" ".join(words)}"', field)
        case Near(parts, distance) if distance and all(isinstance(part, Word) for part in parts):
            words = tuple(part.text for part in parts if isinstance(part, Word))
            return match_string(
                Phrase(words, distance, parts[0].field if isinstance(parts[0], Word) else None)
            )
        case Phrase(words, slop, field):  # in either order: FTS5 knows no other
            near = " ".join(f'"{word}"' for word in words)
            return _in_field(f"NEAR({near}, {slop - 1})", field)
        case Wildcard(pattern, field) if pattern.endswith("*") and not set("*?") & set(pattern[:-1]):
            return _in_field(f'"{pattern[:-1]}"*', field)
        case AnyOf(parts):
            return f"({' OR '.join(map(match_string, parts))})"
        case All(parts):
            wanted = [match_string(part) for part in parts if not isinstance(part, Not)]
            unwanted = [match_string(part.part) for part in parts if isinstance(part, Not)]
            if wanted:
                return f"({' NOT '.join((f'({_and(wanted)})', *unwanted))})"
    raise NotSupportedError(f"FTS5 cannot answer {node}")


def _and(parts: Iterable[str]) -> str:
    return " AND ".join(parts)


def _in_field(text: str, field: str | None) -> str:
    return text if field is None else f"{field}: {text}"
