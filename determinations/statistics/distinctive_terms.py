"""Distinctive terms: words and phrases over-represented in overturned or in upheld rationales.

Function words (articles, pronouns, prepositions, conjunctions and auxiliary verbs) are left out, and so are
negations and names of services, drugs and parts of the body: they say what a letter is about, and not why it
was decided so. A phrase may have such a name in it, but consists of more.

The measure is the log-odds ratio with an informative Dirichlet prior, divided by its standard deviation
(Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16, 2008). The prior has the shares that
the words have in both outcomes together. Counts come from the index, over all matches.

Some 15 million words are counted in a second. What takes longer is counted ahead (`counting_ahead`) and kept
in the data directory: a folder for the commit of the index, with a file for each search.
"""

import hashlib
import json
import shutil
from collections.abc import Hashable, Mapping
from dataclasses import astuple, dataclass, replace
from functools import cache, lru_cache
from math import log, sqrt
from pathlib import Path
from typing import TypeVar, cast

from django.conf import settings

from determinations.letters.facts.grounds.names import ground_words
from determinations.letters.vocabulary.body_parts import body_part_labels
from determinations.letters.vocabulary.names import drug_names, service_categories, service_names
from determinations.search.facets import DECISION
from determinations.search.interface import FacetFilter, SearchEngine, SearchRequest, Sort
from determinations.statistics.rates import OVERTURNED, UPHELD

FUNCTION_WORDS = """
a an the this that these those such same other another each every either neither both
i me my we us our you your he him his himself she her hers herself it its itself they them their themselves
who whom whose which what when where why how
of in on at by for from with to into onto upon about above below over under after before during since until
between among through within against along across toward towards per via as than
and or but if so because while although though whether then thus hence therefore
be am is are was were been being have has had having do does did doing done
will would shall should can could may might must there here also too very just only
no not nor none never nothing neither cannot without lack lacks lacked lacking
"""

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

T = TypeVar("T", bound=Hashable)


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
    """All compared words and phrases, and how many words the rationales of each outcome have in all."""

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
    won, lost = (_decided(request, decisions) for decisions in (overturned, UPHELD))
    words = engine.word_counts((won, lost))
    totals = sum(overturned for overturned, _ in words.values()), sum(upheld for _, upheld in words.values())
    if not all(totals):
        return DistinctiveTerms((), (), *totals)
    silent = set(engine.terms(FUNCTION_WORDS))
    named = set(engine.terms(" ".join(_names())))
    spoken = {
        term
        for term, counts in words.items()
        if sum(counts) >= FEWEST_OCCURRENCES and says_something(term) and term not in silent
    }
    pairs = engine.pair_counts((won, lost), spoken, FEWEST_OCCURRENCES)
    return DistinctiveTerms(
        words=_contrasts({(term,): words[term] for term in spoken - named}),
        phrases=_contrasts({pair: counts for pair, counts in pairs.items() if not named.issuperset(pair)}),
        overturned_total=totals[0],
        upheld_total=totals[1],
    )


@cache
def _names() -> tuple[str, ...]:
    """What services, drugs and parts of the body are called, but for words in which grounds are stated."""
    labels = [service.label for category in service_categories() for service in category.services]
    of_grounds = {word for terms in ground_words().values() for term in terms for word in term.split()}
    names = {word for name in service_names() for word in name.lower().split()} - of_grounds
    return (*labels, *names, *drug_names(), *body_part_labels().values(), *OTHER_NAMES.split())


def says_something(term: str) -> bool:
    """Whether it is a word: no number, no single letter. A spinal level is one."""
    return len(term) > 1 and any(map(str.isalpha, term))


def contrast(
    overturned: Mapping[T, int], upheld: Mapping[T, int], prior: Mapping[T, float]
) -> Mapping[T, tuple[float, float]]:
    """Term -> (log-odds ratio, z-score) for each term of the prior, which gives pseudo-counts above 0.

    At least two terms: the odds of one are its count against all others'.
    """
    weight = sum(prior.values())
    won_total = sum(overturned.values()) + weight
    lost_total = sum(upheld.values()) + weight
    found = {}
    for term, pseudo in prior.items():
        won = overturned.get(term, 0) + pseudo
        lost = upheld.get(term, 0) + pseudo
        ratio = log(won / (won_total - won)) - log(lost / (lost_total - lost))
        found[term] = (ratio, ratio / sqrt(1 / won + 1 / lost))
    return found


def _contrasts(counts: Mapping[Term, tuple[int, ...]]) -> tuple[Contrast, ...]:
    """The terms compared, those that speak most for overturned first; none where there is only one."""
    if len(counts) < 2:
        return ()
    measured = contrast(
        {term: won for term, (won, _) in counts.items()},
        {term: lost for term, (_, lost) in counts.items()},
        {term: PRIOR_SHARE * (won + lost) for term, (won, lost) in counts.items()},
    )
    contrasts = (Contrast(term, won, lost, *measured[term]) for term, (won, lost) in counts.items())
    return tuple(sorted(contrasts, key=lambda one: (-one.z, one.term)))


def _decided(request: SearchRequest, decisions: tuple[str, ...]) -> SearchRequest:
    """The request narrowed to these decisions instead of its own; to none of them without any."""
    others = tuple(chosen for chosen in request.filters if chosen.facet != DECISION.name)
    decided = (FacetFilter(DECISION.name, decisions),) if decisions else ()
    return replace(request, filters=(*others, *decided))
