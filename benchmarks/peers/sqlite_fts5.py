"""SQLite FTS5 with facets counted by numpy: the rowids of all matches once, then the 20 best by `bm25()`.

Rowids come as one text, which `group_concat` makes in C. Where there are filters, `bm25()` scores the items
that pass them and no others. `order by bm25() limit 20` keeps 20 rows; `order by rank` sorts all of them, but
makes snippets in the same query.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from benchmarks.corpus import Corpus
from benchmarks.peers import Ask
from benchmarks.peers.facet_arrays import FacetArrays, Mask, Numbers, coded
from benchmarks.peers.fuzzy_words import with_near_words
from benchmarks.questions import HITS, NotSupportedError, Page, Question, page_of
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
_FEW = 1_000
"""Matches that `order by rank` sorts sooner than snippets are asked for in a query of their own."""

_OPENINGS = "substr(rationale, 1, 300), substr(summary, 1, 300), request"


_WORDS = f"""
    create virtual table spelled using fts5
        ({_TEXTS}, content = 'items', content_rowid = 'id', detail = 'none', columnsize = 0);
    insert into spelled (spelled) values ('rebuild');
    create virtual table terms using fts5vocab (spelled, row);
    create table words (word primary key) without rowid;
    insert into words select term from terms;
    drop table terms;
    drop table spelled;"""
"""All words as they are spelled, by an index that is dropped before the other is made and uses its pages."""


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
            texts = [getattr(document, name) for name in SEARCHED_FIELDS]
            database.execute("insert into items values (?, ?, ?, ?, ?)", (document.key, *texts))
            held = ((document.key, code) for code in coded(document, codes))
            database.executemany("insert into holds values (?, ?)", held)
        rows = [(code, facet, value) for (facet, value), code in codes.items()]
        database.executemany("insert into facet_values values (?, ?, ?)", rows)
        database.executescript(_WORDS)
        database.execute("insert into texts (texts) values ('rebuild')")
        database.execute("insert into texts (texts) values ('optimize')")
        database.execute("analyze")
        database.commit()


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    with closing(sqlite3.connect(folder / "items.sqlite3")) as database:
        database.executescript(
            "pragma mmap_size = 8000000000; pragma cache_size = -400000; pragma temp_store = memory"
        )
        yield _Searcher(database).page


class _Searcher:
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        values = database.execute("select facet, value from facet_values order by code").fetchall()
        items, codes = database.execute("select group_concat(item), group_concat(code) from holds").fetchone()
        self._facets = FacetArrays(values, _numbers(items), _numbers(codes))
        self._words = [word for (word,) in database.execute("select word from words order by word")]

    def page(self, question: Question) -> Page:
        node = question.node
        match = None if node is None else match_string(with_near_words(node, self._words_near))
        matches = self._facets.every if match is None else self._matches(match)
        counted = self._facets.counts(matches, question.filters)
        passing = self._facets.passing(matches, question.filters)
        if match is None:
            hits = self._openings(passing)
        elif not question.filters and np.count_nonzero(matches) <= _FEW:
            hits = self._best(match)
        else:
            hits = self._best_passing(match, passing if question.filters else None)
        passages = sum(bool(text) for row in hits for text in row[1:])
        return page_of(counted, question.filters, tuple(row[0] for row in hits), passages)

    def _words_near(self, text: str, distance: int) -> list[str]:
        first, end = (bisect_left(self._words, letter) for letter in (text[0], chr(ord(text[0]) + 1)))
        candidates = self._words[first:end]
        found = process.extract(
            text, candidates, scorer=Levenshtein.distance, score_cutoff=distance, limit=None
        )
        return [word for word, _, _ in found]

    def _matches(self, match: str) -> Mask:
        ((rowids,),) = self._database.execute(
            "select group_concat(rowid) from texts where texts match ?", (match,)
        )
        return self._facets.mask(_numbers(rowids))

    def _openings(self, found: Mask) -> list[tuple[int, str, str, str]]:
        best = np.flatnonzero(found)[:HITS].tolist()
        return self._rows(f"select id, {_OPENINGS} from items where id", best, ())

    def _best(self, match: str) -> list[tuple[int, str, str, str]]:
        return self._database.execute(
            f"select rowid, {_SNIPPETS} from texts where texts match ? order by rank limit {HITS}", (match,)
        ).fetchall()

    def _best_passing(self, match: str, passing: Mask | None) -> list[tuple[int, str, str, str]]:
        """Of many matches, first the rowids. `passing` None: every match passes."""
        narrowed = "" if passing is None else "and substr(:passing, rowid + 1, 1) = x'01'"
        ranked = self._database.execute(
            f"select rowid from texts where texts match :match {narrowed} order by bm25(texts) limit {HITS}",
            {"match": match, "passing": None if passing is None else passing.tobytes()},
        )
        best = [rowid for (rowid,) in ranked]
        # FTS5 looks for each rowid by itself. With + it runs through all matches instead, which is faster
        # than to read a prefix for each rowid.
        rowid = "+rowid" if "*" in match else "rowid"
        return self._rows(
            f"select rowid, {_SNIPPETS} from texts where texts match ? and {rowid}", best, (match,)
        )

    def _rows(
        self, select: str, best: list[int], parameters: tuple[str, ...]
    ) -> list[tuple[int, str, str, str]]:
        rows = self._database.execute(f"{select} in ({', '.join(map(str, best))})", parameters).fetchall()
        return sorted(rows, key=lambda row: best.index(row[0]))


def _numbers(text: str | None) -> Numbers:
    """Of what `group_concat` has made, None of no rows."""
    return np.fromstring(text, np.int32, sep=",") if text else np.zeros(0, np.int32)


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
