"""PostgreSQL full text: a stored weighted tsvector, facets counted by numpy, `ts_headline`.

With the extension RUM its index finds matches, and the 20 best in their order, by `<=>`; without it a GIN
index finds them, and `ts_rank` reads the tsvector of every match that passes the filters. The ids of all
matches leave the server once, as bytes: to count facets there takes several times as long.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.corpus import Corpus
from benchmarks.peers import Ask
from benchmarks.peers.facet_arrays import FacetArrays, Mask, Numbers, coded
from benchmarks.peers.fuzzy_words import with_near_words
from benchmarks.peers.postgresql_server import has_rum, make_cluster, server, unavailable
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

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

__all__ = ["build", "label", "opened", "prepare", "unavailable"]

_WEIGHTS = dict(zip(SEARCHED_FIELDS, "ABCD", strict=True))
_HEADLINES = {"rationale": (2, 30), "summary": (1, 30), "request": (1, 30)}
"""Fragments and words of each."""

_READ_ROWS = 20
"""An index scan goes through so many matches while the tsvector of one is read from its row."""

_WHEN_BUILDING = {"wal_level": "minimal", "max_wal_senders": "0"}
_WHEN_ASKED = {
    "shared_buffers": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') // 4 // 2**20}MB",
    "autovacuum": "off",
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_custom_plan",
}


def label() -> str:
    return "PostgreSQL with RUM" if has_rum() else "PostgreSQL"


def prepare() -> None:
    """Nothing."""


def build(corpus: Corpus, folder: Path, processes: int) -> None:
    make_cluster(folder)
    with server(folder, _WHEN_BUILDING) as connection:
        with connection.transaction():  # tables made in it need no log
            _fill(connection, corpus)
        connection.execute("vacuum analyze")


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
    cursor.execute(f"create table items (id int primary key, {texts})")
    cursor.execute("create table holds (id int, codes int[])")
    cursor.execute("create table facet_values (code int primary key, facet text, value text)")
    cursor.execute("create table spelled (first text, length int, word text)")
    pieces: set[str] = set()
    codes: dict[tuple[str, str], int] = {}
    with cursor.copy("copy items from stdin") as rows:
        for document in corpus.documents():
            written = [getattr(document, name) for name in SEARCHED_FIELDS]
            rows.write_row((document.key, *written))
            pieces.update(*map(str.split, written))
    with cursor.copy("copy holds from stdin") as rows:
        for document in corpus.documents():
            rows.write_row((document.key, coded(document, codes)))
    with cursor.copy("copy facet_values from stdin") as rows:
        for (facet, value), code in codes.items():
            rows.write_row((code, facet, value))
    with cursor.copy("copy spelled from stdin") as rows:
        for word in sorted(set(re.findall(r"[^\W_]+", " ".join(pieces).lower()))):
            rows.write_row((word[0], len(word), word))
    cursor.execute("alter table spelled add primary key (first, length, word)")
    cursor.execute("create extension fuzzystrmatch")
    _index(cursor)


def _index(cursor: "Cursor[Any]") -> None:
    """The tsvectors, outside of their rows and not compressed: a scan reads few pages."""
    vector = " || ".join(
        f"setweight(to_tsvector('every_word', {name}), '{weight}')" for name, weight in _WEIGHTS.items()
    )
    cursor.execute("create table facts (id int, words tsvector) with (toast_tuple_target = 128)")
    cursor.execute("alter table facts alter words set storage external")
    cursor.execute(f"insert into facts select id, {vector} from items order by id")
    cursor.execute("alter table facts add primary key (id)")
    if has_rum():
        cursor.execute("create extension rum")
        cursor.execute("create index on facts using rum (words rum_tsvector_ops)")
    else:
        cursor.execute("create index on facts using gin (words)")
    # The planner does not count that tsvectors are read from elsewhere, and would scan the table.
    cursor.execute("alter function ts_match_vq(tsvector, tsquery) cost 100")


@contextmanager
def opened(corpus: Corpus, folder: Path) -> Iterator[Ask]:
    with server(folder, _WHEN_ASKED) as connection:
        yield _Searcher(connection).page


class _Searcher:
    def __init__(self, connection: "Connection[Any]") -> None:
        self._connection = connection
        self._by_rum = has_rum()
        values = connection.execute("select facet, value from facet_values order by code").fetchall()
        pairs = self._numbers(
            "select string_agg(int4send(id) || int4send(code), '')"
            " from (select id, unnest(codes) as code from holds order by id) as held"
        ).reshape(-1, 2)
        self._facets = FacetArrays(values, pairs[:, 0], pairs[:, 1])

    def page(self, question: Question) -> Page:
        node = question.node
        if node is None:
            matches = self._facets.every
            found = np.flatnonzero(self._facets.passing(matches, question.filters))
            rows = self._openings(found[:HITS].tolist())
        else:
            node = with_near_words(node, self._words_near)
            query = _text_query(node)
            ids = self._numbers(
                f"select string_agg(int4send(id), '') from facts where {_MATCHING}", {"query": query}
            )
            matches = self._facets.mask(ids)
            passing = self._facets.passing(matches, question.filters)
            rows = self._hits(node, query, len(ids), passing)
        counts = self._facets.counts(matches, question.filters)
        passages = sum(bool(text) for row in rows for text in row[1:])
        return page_of(counts, question.filters, tuple(row[0] for row in rows), passages)

    def _words_near(self, text: str, distance: int) -> list[str]:
        rows = self._connection.execute(
            "select word from spelled where first = %(first)s and length between %(least)s and %(most)s"
            " and levenshtein_less_equal(word, %(text)s, %(distance)s) <= %(distance)s",
            {
                "first": text[0],
                "least": len(text) - distance,
                "most": len(text) + distance,
                "text": text,
                "distance": distance,
            },
        )
        return [word for (word,) in rows]

    def _numbers(self, select: str, parameters: dict[str, object] | None = None) -> Numbers:
        """Of one value: the bytes of `int4send`, one number behind the other."""
        ((found,),) = self._connection.execute(select, parameters, binary=True)
        return np.frombuffer(found or b"", ">i4").astype(np.int32)

    def _openings(self, best: list[int]) -> list[tuple[Any, ...]]:
        shown = ", ".join(f"left({name}, 300)" for name in _HEADLINES)
        return self._connection.execute(
            f"select id, {shown} from items where id = any(%s) order by id", (best,)
        ).fetchall()

    def _hits(self, node: Node, query: str, matches: int, passing: Mask) -> list[tuple[Any, ...]]:
        found = np.flatnonzero(passing)
        asked: dict[str, object] = {"query": query, "ranked_by": _text_query(_without_places(node))}
        if len(found) <= max(HITS, matches // _READ_ROWS):
            where = "id = any(%(found)s)"
            asked["found"] = found.tolist()
        elif len(found) < matches:
            where = f"{_MATCHING} and get_byte(%(passing)s, id) <> 0"
            asked["passing"] = passing.tobytes()
        else:
            where = _MATCHING
        ranking = "to_tsquery('every_word', %(ranked_by)s)"
        order = f"words <=> {ranking}" if self._by_rum else f"ts_rank(words, {ranking}) desc, id"
        first = f"select id, words from facts where {where} order by {order} limit {HITS}"
        marked = {name: " | ".join(map(_text_query, _leaves_in(node, name))) for name in _HEADLINES}
        shown = ", ".join(_shown(name, marked=bool(query)) for name, query in marked.items())
        return self._connection.execute(
            f"with best as materialized (select *, row_number() over () as place from ({first}) as first)"
            f" select id, {shown} from best join items using (id) order by place",
            asked | marked,
        ).fetchall()


def _shown(name: str, *, marked: bool) -> str:
    """The passages of a text. `ts_headline` reads all of it, so only texts that match are given to it."""
    opening = f"left({name}, 300)"
    if not marked:
        return opening
    query = f"to_tsquery('every_word', %({name})s)"
    fragments, words = _HEADLINES[name]
    options = f"MaxFragments={fragments}, MaxWords={words}, MinWords=15"
    headline = f"ts_headline('every_word', {name}, {query}, '{options}')"
    return f"case when words @@ {query} then {headline} else {opening} end"


_MATCHING = "words @@ to_tsquery('every_word', %(query)s)"


def _without_places(node: Node) -> Node:
    """What ranks matches: RUM's distance knows nothing of phrases, and takes long for many alternatives."""
    match node:
        case Phrase(words, _, field):
            return All(tuple(Word(word, field) for word in words))
        case Near(parts):
            return All(parts)
        case All(parts):
            wanted = tuple(_without_places(part) for part in parts if not isinstance(part, Not))
            return All(wanted) if wanted else node
        case AnyOf(parts):
            return AnyOf(tuple(map(_without_places, parts)))
        case _:
            return node


def _leaves_in(node: Node, name: str) -> Iterator[Node]:
    """What is marked in the text of a field: words and phrases, looked for in that field alone."""
    match node:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves_in(part, name)
        case Near(parts):
            if leaves := tuple(leaf for part in parts for leaf in _leaves_in(part, name)):
                yield All(leaves)
        case Word() | Phrase() | Wildcard() if node.field in (None, name):
            yield replace(node, field=name)


def _text_query(node: Node) -> str:
    """PostgreSQL's writing of a question. Raises NotSupportedError."""
    match node:
        case Word(text, field):
            return f"{text}{_weight(field)}"
        case Near(parts, distance) if distance and all(isinstance(part, Word) for part in parts):
            return _near(list(map(_text_query, parts)), distance, ordered=node.ordered)
        case Phrase(words, slop, field):
            written = [f"{word}{_weight(field)}" for word in words]
            if slop == 1:
                return _placed(written, [" <-> ".join(written)])
            return _near(written, slop, ordered=True)
        case Wildcard(pattern, field) if pattern.endswith("*") and not set("*?") & set(pattern[:-1]):
            return f"{pattern[:-1]}:*{_weight(field)[1:]}"
        case AnyOf(parts):
            return f"({' | '.join(map(_text_query, parts))})"
        case All(parts):
            return f"({' & '.join(map(_text_query, parts))})"
        case Not(part):
            return f"!{_text_query(part)}"
    raise NotSupportedError(f"PostgreSQL cannot answer {node}")


def _near(words: list[str], distance: int, *, ordered: bool) -> str:
    """Each two words that follow each other within `distance`.

    PostgreSQL knows exact distances only, so that each is an alternative of its own.
    """
    places = []
    for one, other in pairwise(words):
        pairs = [(one, other)] if ordered else [(one, other), (other, one)]
        exact = (f"{first} <{by}> {last}" for by in range(1, distance + 1) for first, last in pairs)
        places.append(" | ".join(exact))
    return _placed(words, places)


def _placed(words: list[str], places: list[str]) -> str:
    """The words by themselves come first: an item that lacks one is done with before places are read."""
    return f"({' & '.join([*words, *(f'({place})' for place in places)])})"


def _weight(field: str | None) -> str:
    return "" if field is None else f":{_WEIGHTS[field]}"
