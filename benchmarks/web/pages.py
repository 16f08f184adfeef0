"""The pages that are asked for: their addresses on the site and on Datasette, and what both must find.

Both are asked the same: Datasette gets the words that the site's search adds as related ones, too, and looks
for them where the site does, not in clinical summaries.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from benchmarks.corpus import SEED, Corpus
from benchmarks.corpus_facets import CORPUS_FACETS as FACETS
from benchmarks.peers.sqlite_fts5 import match_string
from benchmarks.questions import HITS, Question
from benchmarks.vocabulary import tail_words
from determinations.search.facets import FACETS_BY_NAME
from determinations.search.interface import FacetFilter
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import ITEM_FIELDS
from determinations.search.query.synonyms import expand

SITE, DATASETTE = "site", "datasette"

Parameters = list[tuple[str, str]]
"""Of an address of the site."""

_OVERTURNED = FacetFilter("decision", ("overturned",))
_QUESTIONS = (
    Question("very common term", "injection"),
    Question("rare term", tail_words(Random(SEED))[3_006]),  # one item in 4,000 has it, in this form
    Question("two AND", "lumbar discogram"),
    Question("phrase", '"medial branch block"'),
    Question("facets only", "", (FacetFilter("service", ("physical-therapy",)), _OVERTURNED)),
    Question("query with two filters", "opioid", (_OVERTURNED, FacetFilter("year", ("2014", "2015")))),
)
_CASES = 24
_EVERY_FACET = [(f"_facet{'_array' if facet.multiple else ''}", facet.name) for facet in FACETS]
_SITE_TOTAL = re.compile(rb'id="results-heading">(?:All )?([\d,]+|Nothing)')
_DATASETTE_TOTAL = re.compile(rb"<h3>\s*([\d,]+) rows?\b")
_CUT_SHORT = (b"These facets timed out", b"facet-results-error")


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of one kind. `paths`: server -> the addresses that clients ask for in turn."""

    kind: str
    paths: Mapping[str, tuple[str, ...]]


def search_pages() -> Iterator[Pages]:
    """One address of each kind of question."""
    for question in _QUESTIONS:
        paths = {SITE: (site_search(question),), DATASETTE: (_datasette_search(question, HITS),)}
        yield Pages(question.kind, paths)


def case_pages(corpus: Corpus) -> Pages:
    """Letters from all over the collection; a row's page is the nearest that Datasette has to a case page."""
    with closing(corpus.connect()) as database:
        rows = database.execute(
            "select key, letter_case from items where key % ? = 1 order by key limit ?",
            (max(1, corpus.items // _CASES), _CASES),
        ).fetchall()
    site = tuple(f"/determinations/{case}/" for _, case in rows)
    return Pages("case page", {SITE: site, DATASETTE: tuple(f"/items/texts/{key}" for key, _ in rows)})


def statistics_pages() -> Pages:
    """Of everything, of a word and of a filter; Datasette counts the facets and gives no rates."""
    asked = [
        Question("", ""),
        *(question for question in _QUESTIONS if question.kind in ("very common term", "facets only")),
    ]
    return Pages(
        "statistics",
        {
            SITE: tuple(_address("/statistics/", site_parameters(question)) for question in asked),
            DATASETTE: tuple(_datasette_search(question, 0) for question in asked),
        },
    )


def mixed(kind: str, parts: list[Pages]) -> Pages:
    """All of them in turn."""
    servers = parts[0].paths
    return Pages(
        kind, {server: tuple(path for part in parts for path in part.paths[server]) for server in servers}
    )


def total_found(server: str, page: bytes) -> int:
    """How many items a page of search results says it found. Raises ValueError for any other page."""
    match = (_SITE_TOTAL if server == SITE else _DATASETTE_TOTAL).search(page)
    if match is None or any(sign in page for sign in _CUT_SHORT):
        raise ValueError(f"{server} gave a page that does not say how many items it found")
    return 0 if match[1] == b"Nothing" else int(match[1].replace(b",", b""))


def _address(path: str, parameters: Parameters) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def site_search(question: Question) -> str:
    """The address of its page of results."""
    return _address("/", site_parameters(question))


def site_parameters(question: Question) -> Parameters:
    chosen = [(given.facet, value) for given in question.filters for value in given.values]
    return [("q", question.typed), *chosen] if question.typed else chosen


def _datasette_search(question: Question, rows: int) -> str:
    query = parse_query(question.typed)
    searched = []
    if query is not None:
        asked = f"{{{' '.join(ITEM_FIELDS)}}} : ({match_string(expand(query).node)})"
        searched = [("_search", asked), ("_searchmode", "raw")]
    chosen = [_datasette_filter(given) for given in question.filters]
    shown = [("_size", str(rows)), ("_facet_size", "max")]
    return _address("/items/items", [*searched, *chosen, *_EVERY_FACET, *shown])


def _datasette_filter(given: FacetFilter) -> tuple[str, str]:
    if not FACETS_BY_NAME[given.facet].multiple:
        return f"{given.facet}__in", ",".join(given.values)
    (value,) = given.values
    return f"{given.facet}__arraycontains", value
