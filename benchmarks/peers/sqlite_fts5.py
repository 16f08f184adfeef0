"""SQLite FTS5: bm25 by `rank`, `snippet()`, and GROUP BY over narrow tables of integers.

The matches of a question go into a temporary table once; each count joins it. Of the layouts tried
(one table for all facets, subselects without a temporary table) this was the fastest.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.questions import HITS, NotSupportedError, Page, Question
from determinations.search.interface import FacetFilter, IndexDocument
from determinations.search.query.language import parse_query
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

LABEL = "SQLite FTS5"
_SINGLE = tuple(facet.name for facet in FACETS if not facet.multiple)
_MULTIPLE = tuple(facet.name for facet in FACETS if facet.multiple)
_TEXTS = ", ".join(SEARCHED_FIELDS)
_SNIPPETS = ", ".join(
    f"snippet(texts, {SEARCHED_FIELDS.index(name)}, '<b>', '</b>', '...', {words})"
    for name, words in (("rationale", 60), ("summary", 30), ("request", 30))
)
_OPENINGS = "substr(rationale, 1, 300), substr(summary, 1, 300), request"


def unavailable() -> str | None:
    with closing(sqlite3.connect(":memory:")) as database:
        options = {option for (option,) in database.execute("pragma compile_options")}
    return None if "ENABLE_FTS5" in options else "this Python's SQLite is built without FTS5"


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    with closing(sqlite3.connect(folder / "items.sqlite3")) as database:
        database.executescript(
            f"""pragma journal_mode = off; pragma synchronous = off;
            create table items (id integer primary key, {_TEXTS});
            create table facts (id integer primary key, {", ".join(f"{name} integer" for name in _SINGLE)});
            create table facet_values (code integer primary key, facet, value);
            create virtual table texts using fts5
                ({_TEXTS}, content = 'items', content_rowid = 'id', tokenize = 'porter unicode61');"""
        )
        for name in _MULTIPLE:
            database.execute(
                f"create table has_{name} (item int, code int, primary key (item, code)) without rowid"
            )
        codes: dict[tuple[str, str], int] = {}
        for document in corpus.documents():
            _insert(database, document, codes)
        rows = [(code, facet, value) for (facet, value), code in codes.items()]
        database.executemany("insert into facet_values values (?, ?, ?)", rows)
        for name in _MULTIPLE:
            database.execute(f"create index {name}_items on has_{name} (code, item)")
        database.execute("insert into texts (texts) values ('rebuild')")
        database.execute("insert into texts (texts) values ('optimize')")
        database.execute("analyze")
        database.commit()


def _insert(database: sqlite3.Connection, document: IndexDocument, codes: dict[tuple[str, str], int]) -> None:
    key, facets = document.key, document.facets
    texts = (document.request, document.rationale, document.summary, document.guideline)
    database.execute("insert into items values (?, ?, ?, ?, ?)", (key, *texts))
    single = [codes.setdefault((name, facets[name][0]), len(codes)) for name in _SINGLE]
    database.execute(f"insert into facts values (?{', ?' * len(single)})", (key, *single))
    for name in _MULTIPLE:
        rows = [(key, codes.setdefault((name, value), len(codes))) for value in facets[name]]
        database.executemany(f"insert into has_{name} values (?, ?)", rows)


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    with closing(sqlite3.connect(folder / "items.sqlite3")) as database:
        database.executescript(
            "pragma mmap_size = 8000000000; pragma cache_size = -400000; pragma temp_store = memory"
        )
        values = {
            code: (facet, value)
            for code, facet, value in database.execute("select code, facet, value from facet_values")
        }
        yield _Searcher(database, values).page


class _Searcher:
    def __init__(self, database: sqlite3.Connection, values: Mapping[int, tuple[str, str]]) -> None:
        self._database = database
        self._values = values
        self._codes = {value: code for code, value in values.items()}

    def page(self, question: Question) -> Page:
        query = parse_query(question.typed)
        match = None if query is None else match_string(query)
        source = self._matches(match)
        conditions = {one.facet: self._condition(one) for one in question.filters}
        where = _where(conditions, None)
        (total,) = self._database.execute(f"select count(*) from {source} as f where {where}").fetchone()
        counts = {facet.name: self._counts(facet.name, source, conditions) for facet in FACETS}
        rows = self._hits(match, where)
        passages = sum(bool(text) for row in rows for text in row[1:])
        return Page(total, tuple(row[0] for row in rows), counts, passages)

    def _matches(self, match: str | None) -> str:
        """The name of a table with the facts of all matching items."""
        if match is None:
            return "facts"
        self._database.execute("drop table if exists temp.matches")
        self._database.execute(
            "create temp table matches as"
            " select facts.* from texts join facts on facts.id = texts.rowid where texts match ?",
            (match,),
        )
        return "temp.matches"

    def _condition(self, chosen: FacetFilter) -> str:
        codes = ", ".join(str(self._codes.get((chosen.facet, value), -1)) for value in chosen.values)
        if chosen.facet in _SINGLE:
            return f"f.{chosen.facet} in ({codes})"
        return f"f.id in (select item from has_{chosen.facet} where code in ({codes}))"

    def _counts(self, facet: str, source: str, conditions: Mapping[str, str]) -> dict[str, int]:
        code, join = f"f.{facet}", ""
        if facet in _MULTIPLE:
            code, join = "h.code", f"join has_{facet} as h on h.item = f.id"
        rows = self._database.execute(
            f"select {code}, count(*) from {source} as f {join} where {_where(conditions, facet)} group by 1"
        )
        return {self._values[code][1]: count for code, count in rows}

    def _hits(self, match: str | None, where: str) -> list[tuple[int, str, str, str]]:
        if match is None:
            return self._database.execute(
                f"select i.id, {_OPENINGS} from facts as f join items as i on i.id = f.id where {where}"
                f" order by f.id limit {HITS}"
            ).fetchall()
        return self._database.execute(
            f"select texts.rowid, {_SNIPPETS} from texts join facts as f on f.id = texts.rowid"
            f" where texts match ? and {where} order by rank limit {HITS}",
            (match,),
        ).fetchall()


def _where(conditions: Mapping[str, str], without: str | None) -> str:
    return " and ".join(text for facet, text in conditions.items() if facet != without) or "true"


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
