"""Distinctive terms: words and phrases over-represented in overturned or in upheld rationales.

Function words (articles, pronouns, prepositions, conjunctions and auxiliary verbs) are left out, and so are
negations and names of services, drugs and parts of the body: they say what a letter is about, and not why it
was decided so. A phrase may have such a name in it, but consists of more.

The measure is the log-odds ratio with an informative Dirichlet prior, divided by its standard deviation
(Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16, 2008). The prior has the shares that
the words have in both outcomes together. Counts come from the index, over all matches.

Whatever is searched for, counting takes half a second at most for each million items in the index. Words of
large collections are counted ahead (`counting_ahead`) and kept in the data directory: a folder for the commit
of the index, with a file for each search.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Hashable
from dataclasses import astuple, dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from determinations.letters.facts.grounds.names import ground_words
from determinations.letters.vocabulary.body_parts import body_part_labels
from determinations.letters.vocabulary.names import drug_names, service_categories, service_names
from determinations.search.facets import DECISION
from determinations.search.function_words import is_content_word
from determinations.search.interface import FacetFilter, SearchEngine, SearchRequest, Sort
from determinations.statistics.rates import OVERTURNED, UPHELD

OTHER_NAMES = """
request requested requests requesting service treatment medication procedure surgery imaging test study
visit visits session sessions week weeks month months patient worker claimant employee injured applicant
physician provider reviewer claims administrator utilization review guideline mtus odg acoem
"""
"""What every letter names, whatever was asked for."""


PRIOR_SHARE = 0.1
"""The prior gives each word this share of its total occurrences on each side: enough to dampen rare words,
and little enough that the smaller side can outweigh it."""

FEWEST_OCCURRENCES = 5
"""A word with fewer occurrences than this in both outcomes together is not compared."""

LISTED_FROM_Z = 1.96
"""The lowest z-score of a listed word."""

FIELD = "rationale"

Term = tuple[str, ...]
"""One term of the index, or two adjacent ones."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contrast:
    """`overturned` and `upheld` count occurrences. `z` is positive where the term speaks for overturned."""

    term: Term
    overturned: int
    upheld: int
    log_odds: float
    z: float


@dataclass(frozen=True, slots=True)
class DistinctiveTerms:
    """Words and phrases that are listed, and how many words the rationales of each outcome have in all.

    Those that speak most for overturned come first. A large search compares a hundred times as many.
    """

    words: tuple[Contrast, ...] = ()
    phrases: tuple[Contrast, ...] = ()
    overturned_total: int = 0
    upheld_total: int = 0

    @property
    def can_compare(self) -> bool:
        return bool(self.overturned_total and self.upheld_total)


def distinctive_terms(
    engine: SearchEngine, request: SearchRequest, overturned: tuple[str, ...] = OVERTURNED
) -> DistinctiveTerms:
    """Compares the rationales of what the request finds, whichever decision it is narrowed to.

    `overturned` are the decisions that count as such: a partial one does unless it is left out.
    Raises QuerySyntaxError or SearchUnavailableError.
    """
    commit = engine.status().commit
    return _compared(cast("Hashable", engine), commit, _without_decision(request), overturned)


def keep_distinctive_terms(
    engine: SearchEngine, request: SearchRequest, overturned: tuple[str, ...] = OVERTURNED
) -> None:
    """Count what `distinctive_terms` then finds on disk, until the index changes.

    Raises SearchUnavailableError, or OSError where the disk has no room.
    """
    commit, compared = engine.status().commit, _without_decision(request)
    terms = _counted(engine, compared, overturned)
    rows = [[astuple(one) for one in contrasts] for contrasts in (terms.words, terms.phrases)]
    path = _path(commit, compared, overturned)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps((*rows, terms.overturned_total, terms.upheld_total)), "utf-8")
    unfinished.replace(path)


def forget_kept_terms() -> None:
    """Remove all that is kept on disk."""
    shutil.rmtree(_kept_folder(), ignore_errors=True)


def _kept_folder() -> Path:
    return Path(settings.DATA_DIR) / "statistics"


def _path(commit: str, request: SearchRequest, overturned: tuple[str, ...]) -> Path:
    asked = hashlib.blake2b(repr((request, overturned)).encode(), digest_size=16).hexdigest()
    return _kept_folder() / commit / f"{asked}.json"


def _kept(commit: str, request: SearchRequest, overturned: tuple[str, ...]) -> DistinctiveTerms | None:
    """None where nothing is kept, or where the file is not what was written."""
    try:
        *both, overturned_total, upheld_total = json.loads(_path(commit, request, overturned).read_bytes())
        words, phrases = (tuple(Contrast(tuple(term), *rest) for term, *rest in rows) for rows in both)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return DistinctiveTerms(words, phrases, overturned_total, upheld_total)


def _without_decision(request: SearchRequest) -> SearchRequest:
    return replace(_decided(request, ()), sort=Sort.RELEVANCE, offset=0, limit=0, count=())


@lru_cache(maxsize=16)
def _compared(
    engine: SearchEngine, commit: str, request: SearchRequest, overturned: tuple[str, ...]
) -> DistinctiveTerms:
    """Remembered until the index changes."""
    return _kept(commit, request, overturned) or _counted(engine, request, overturned)


def _counted(engine: SearchEngine, request: SearchRequest, overturned: tuple[str, ...]) -> DistinctiveTerms:
    requests = tuple(_decided(request, decisions) for decisions in (overturned, UPHELD))
    words = engine.word_counts(requests)
    overturned_total, upheld_total = words.counts.sum(axis=0).tolist()
    if not overturned_total or not upheld_total:
        return DistinctiveTerms((), (), overturned_total, upheld_total)
    often = (words.counts.sum(axis=1) >= FEWEST_OCCURRENCES).tolist()
    rows = [row for row, term in enumerate(words.terms) if often[row] and is_content_word(term)]
    pairs = engine.pair_counts(requests, [words.terms[row] for row in rows], FEWEST_OCCURRENCES)
    named = set(engine.terms(" ".join(_names())))
    rows = [row for row in rows if words.terms[row] not in named]
    is_named = np.array([term in named for term in pairs.terms], bool)
    phrases = np.flatnonzero(~(is_named[pairs.first] & is_named[pairs.second]))
    first, second = pairs.first[phrases], pairs.second[phrases]
    return DistinctiveTerms(
        words=_listed(words.counts[rows], lambda row: (words.terms[rows[row]],)),
        phrases=_listed(
            pairs.counts[phrases], lambda row: (pairs.terms[first[row]], pairs.terms[second[row]])
        ),
        overturned_total=overturned_total,
        upheld_total=upheld_total,
    )


@cache
def _names() -> tuple[str, ...]:
    """What services, drugs and parts of the body are called, but for words in which grounds are stated."""
    labels = [service.label for category in service_categories() for service in category.services]
    of_grounds = {word for terms in ground_words().values() for term in terms for word in term.split()}
    names = {word for name in service_names() for word in name.lower().split()} - of_grounds
    return (*labels, *names, *drug_names(), *body_part_labels().values(), *OTHER_NAMES.split())


def contrast(overturned: Numbers, upheld: Numbers, prior: Numbers) -> tuple[Numbers, Numbers]:
    """The log-odds ratio and the z-score of each term; `prior` has pseudo-counts above 0.

    At least two terms: the odds of one are its count against all others'.
    """
    won, lost = overturned + prior, upheld + prior
    ratio = np.log(won / (won.sum() - won)) - np.log(lost / (lost.sum() - lost))
    return ratio, ratio / np.sqrt(1 / won + 1 / lost)


def _listed(counts: NDArray[np.int64], term_of: Callable[[int], Term]) -> tuple[Contrast, ...]:
    """Those of the terms compared that are listed; none where there is only one.

    `counts` has a row for each term: how often it is in overturned, and in upheld. `term_of` names a row's.
    """
    if len(counts) < 2:
        return ()
    won, lost = counts.astype(np.float64).T
    ratio, z = contrast(won, lost, PRIOR_SHARE * (won + lost))
    listed = np.flatnonzero(np.abs(z) >= LISTED_FROM_Z)
    figures = zip(counts[listed].tolist(), ratio[listed].tolist(), z[listed].tolist(), strict=True)
    contrasts = (
        Contrast(term_of(row), overturned, upheld, its_ratio, its_z)
        for row, ((overturned, upheld), its_ratio, its_z) in zip(listed.tolist(), figures, strict=True)
    )
    return tuple(sorted(contrasts, key=lambda one: (-one.z, one.term)))


def _decided(request: SearchRequest, decisions: tuple[str, ...]) -> SearchRequest:
    """The request narrowed to these decisions instead of its own; to none of them without any."""
    others = tuple(chosen for chosen in request.filters if chosen.facet != DECISION.name)
    decided = (FacetFilter(DECISION.name, decisions),) if decisions else ()
    return replace(request, filters=(*others, *decided))
