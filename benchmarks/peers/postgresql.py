"""PostgreSQL full text: a stored weighted tsvector, all facets counted in one pass, `ts_headline`.

With the extension RUM its index finds matches, and the 20 best in their order, by `<=>`; without it a GIN
index finds them, and `ts_rank` reads the tsvector of every match. Facets are counted by decision with
grouping sets: a column for each facet of one value, and one array for the values of all the others.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpus import Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers import Ask
from benchmarks.peers.postgresql_server import has_rum, make_cluster, server, unavailable
from benchmarks.questions import HITS, ByDecision, NotSupportedError, Page, Question, page_of
from determinations.search.facets import DECISION
from determinations.search.interface import FacetFilter, IndexDocument
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

if TYPE_CHECKING:
    from psycopg import Connection

__all__ = ["build", "label", "opened", "prepare", "unavailable"]

_SINGLE = tuple(facet.name for facet in FACETS if not facet.multiple)
_MULTIPLE = tuple(facet.name for facet in FACETS if facet.multiple)
_WEIGHTS = dict(zip(SEARCHED_FIELDS, "ABCD", strict=True))
_HEADLINES = {"rationale": (2, 30), "summary": (1, 30), "request": (1, 30)}
"""Fragments and words of each."""


def label() -> str:
    return "PostgreSQL with RUM" if has_rum() else "PostgreSQL"


def prepare() -> None:
    """Nothing."""


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    make_cluster(folder)
    with server(folder) as connection:
        _fill(connection, corpus)


_EVERY_WORD = """
    create text search dictionary every_word (template = snowball, language = english);
    create text search configuration every_word (copy = english);
    alter text search configuration every_word alter mapping
        for asciiword, asciihword, hword_asciipart, hword, hword_part, word with every_word;"""
"""PostgreSQL's English without its list of stop words, which phrases are asked with."""


def _fill(connection: "Connection[Any]", corpus: Corpus) -> None:
    cursor = connection.cursor()
    cursor.execute(_EVERY_WORD)
    texts = ", ".join(f"{name} text" for name in SEARCHED_FIELDS)
    single = ", ".join(f"{name} int" for name in _SINGLE)
    cursor.execute(f"create table items (id int primary key, {texts})")
    cursor.execute(f"create unlogged table loaded (id int, {single}, codes int[])")
    cursor.execute("create table facet_values (code int primary key, facet text, value text)")
    codes: dict[tuple[str, str], int] = {}
    with cursor.copy("copy items from stdin") as rows:
        for document in corpus.documents():
            rows.write_row((document.key, *(getattr(document, name) for name in SEARCHED_FIELDS)))
    with cursor.copy("copy loaded from stdin") as rows:
        for document in corpus.documents():
            rows.write_row(_facts(document, codes))
    with cursor.copy("copy facet_values from stdin") as rows:
        for (facet, value), code in codes.items():
            rows.write_row((code, facet, value))
    vector = " || ".join(
        f"setweight(to_tsvector('every_word', items.{name}), '{weight}')" for name, weight in _WEIGHTS.items()
    )
    cursor.execute(
        f"create table facts as select loaded.*, {vector} as words from loaded join items using (id)"
    )
    cursor.execute("drop table loaded")
    if has_rum():
        cursor.execute("create extension rum")
        cursor.execute("create index on facts using rum (words rum_tsvector_ops)")
    else:
        cursor.execute("create index on facts using gin (words)")
    cursor.execute("alter table facts add primary key (id)")
    for name in _SINGLE:
        cursor.execute(f"create index on facts ({name})")
    cursor.execute("create index on facts using gin (codes)")
    for table in ("items", "facts", "facet_values"):
        cursor.execute(f"vacuum analyze {table}")


def _facts(document: IndexDocument, codes: dict[tuple[str, str], int]) -> tuple[object, ...]:
    def code(facet: str, value: str) -> int:
        return codes.setdefault((facet, value), len(codes))

    single = (code(name, document.facets[name][0]) for name in _SINGLE)
    multiple = [code(name, value) for name in _MULTIPLE for value in document.facets[name]]
    return (document.key, *single, multiple)


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    with server(folder) as connection:
        values = connection.execute("select code, facet, value from facet_values").fetchall()
        yield _Searcher(connection, {code: (facet, value) for code, facet, value in values}).page


class _Searcher:
    def __init__(self, connection: "Connection[Any]", values: Mapping[int, tuple[str, str]]) -> None:
        self._connection = connection
        self._values = values
        self._codes = {value: code for code, value in values.items()}
        self._by_rum = has_rum()

    def page(self, question: Question) -> Page:
        node = question.node
        query = None if node is None else _text_query(node)
        conditions = {one.facet: self._condition(one) for one in question.filters}
        counts = self._counts(query, {name: one for name, one in conditions.items() if name != DECISION.name})
        rows = self._hits(query, " and ".join(conditions.values()) or "true")
        passages = sum(bool(text) for row in rows for text in row[1:])
        return page_of(counts, question.filters, tuple(row[0] for row in rows), passages)

    def _condition(self, chosen: FacetFilter) -> str:
        codes = ", ".join(str(self._codes.get((chosen.facet, value), -1)) for value in chosen.values)
        if chosen.facet in _SINGLE:
            return f"{chosen.facet} in ({codes})"
        return f"codes && array[{codes}]"

    def _counts(self, query: str | None, conditions: Mapping[str, str]) -> ByDecision:
        """`conditions` by facet, without that of decisions. Each filtered facet is a pass of its own."""
        counts: dict[str, dict[str, dict[str, int]]] = {facet.name: {} for facet in FACETS}
        for own in (None, *conditions):
            where = " and ".join(one for facet, one in conditions.items() if facet != own) or "true"
            for code, decision, number in self._passed(query, where, own):
                facet, value = self._values[code]
                if own == facet or (own is None and facet not in conditions):
                    counts[facet].setdefault(value, {})[self._values[decision][1]] = number
        return counts

    def _passed(self, query: str | None, where: str, only: str | None) -> Iterator[tuple[int, int, int]]:
        """(code of a value, code of a decision, items), of all facets or one."""
        matches = f"facts where {_matching(query)} and {where}"
        single = [name for name in _SINGLE if name != DECISION.name and only in (None, name)]
        parts = []
        if single or only is None:
            sets = ", ".join(f"(decision, {name})" for name in single)
            parts.append(
                f"select coalesce({', '.join([*single, 'decision'])}), decision, count(*) from matches"
                f" group by grouping sets ((decision), {sets})"
            )
        if only not in _SINGLE:
            parts.append(
                "select code, decision, count(*) from matches, unnest(codes) as code group by code, decision"
            )
        columns = ", ".join([*_SINGLE, "codes"])
        yield from self._connection.execute(
            f"with matches as materialized (select {columns} from {matches}) {' union all '.join(parts)}",
            {"query": query},
        )

    def _hits(self, query: str | None, where: str) -> list[tuple[Any, ...]]:
        asked = "to_tsquery('every_word', %(query)s)"
        order = "id"
        if query is not None:
            order = f"words <=> {asked}" if self._by_rum else f"ts_rank(words, {asked}) desc, id"
        best = (
            f"select id, row_number() over (order by {order}) as place from facts"
            f" where {_matching(query)} and {where} order by {order} limit {HITS}"
        )
        shown = ", ".join(
            f"left({name}, 300)"
            if query is None
            else f"ts_headline('every_word', {name}, to_tsquery('every_word', %(query)s),"
            f" 'MaxFragments={fragments}, MaxWords={words}, MinWords=15')"
            for name, (fragments, words) in _HEADLINES.items()
        )
        rows: list[tuple[Any, ...]] = self._connection.execute(
            f"with best as materialized ({best}) select id, {shown} from best join items using (id)"
            " order by place",
            {"query": query},
        ).fetchall()
        return rows


def _matching(query: str | None) -> str:
    return "true" if query is None else "words @@ to_tsquery('every_word', %(query)s)"


def _text_query(node: Node) -> str:
    """PostgreSQL's writing of a question. Raises NotSupportedError."""
    match node:
        case Word(text, field):
            return f"{text}{_weight(field)}"
        case Near(parts, distance) if distance and all(isinstance(part, Word) for part in parts):
            words = tuple(part.text for part in parts if isinstance(part, Word))
            return _text_query(
                Phrase(words, distance, parts[0].field if isinstance(parts[0], Word) else None)
            )
        case Phrase(words, slop, field):
            return _near([f"{word}{_weight(field)}" for word in words], slop)
        case Wildcard(pattern, field) if pattern.endswith("*") and not set("*?") & set(pattern[:-1]):
            return f"{pattern[:-1]}:*{_weight(field)[1:]}"
        case AnyOf(parts):
            return f"({' | '.join(map(_text_query, parts))})"
        case All(parts):
            return f"({' & '.join(map(_text_query, parts))})"
        case Not(part):
            return f"!{_text_query(part)}"
    raise NotSupportedError(f"PostgreSQL cannot answer {node}")


def _near(words: list[str], slop: int) -> str:
    """PostgreSQL's distance is exact, so that each distance up to `slop` is an alternative of its own."""
    first, *others = words
    for word in others:
        first = f"({' | '.join(f'({first} <{distance}> {word})' for distance in range(1, slop + 1))})"
    return first


def _weight(field: str | None) -> str:
    return "" if field is None else f":{_WEIGHTS[field]}"
