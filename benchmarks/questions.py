"""What is asked, and what a page of the answer holds. Knows no engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from random import Random

from benchmarks.corpus import SEED
from benchmarks.vocabulary import tail_words
from determinations.search.interface import FacetFilter

HITS = 20
PASSAGES = {"rationale": 2, "summary": 1, "request": 1}
"""How many passages of each text a page shows for each hit."""


@dataclass(frozen=True, slots=True)
class Question:
    """`typed` as a person types it; the site's query language and Whoosh's parser read it alike."""

    kind: str
    typed: str
    filters: tuple[FacetFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows. `counts`: facet -> value -> items, each facet without its own filter."""

    total: int
    keys: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]
    passages: int


class NotSupportedError(Exception):
    """The peer has no means for this kind of question."""


@cache
def questions() -> tuple[Question, ...]:
    overturned = FacetFilter("decision", ("overturned",))
    return (
        Question("very common term", "injection"),
        Question("rare term", _rare_word()),
        Question("two AND", "lumbar discogram"),
        Question("three AND", "opioid urine tramadol"),
        Question("three OR", "gabapentin OR acupuncture OR tramadol"),
        Question("phrase", '"medial branch block"'),
        Question("prefix", "radic*"),
        Question("field", "request:mri"),
        Question("NOT", "injection NOT epidural"),
        Question("facets only", "", (FacetFilter("service", ("physical-therapy",)), overturned)),
        Question("query with two filters", "opioid", (overturned, FacetFilter("year", ("2014", "2015")))),
        Question("fuzzy", "gabapentn~1"),
    )


def _rare_word() -> str:
    """About one item in 5,000 holds it."""
    return tail_words(Random(SEED))[3_000]
