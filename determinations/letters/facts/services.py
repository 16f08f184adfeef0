"""Creams: which drugs of a request are ingredients of one mixture rather than drugs of their own.

"Flurbiprofen 20%/Tramadol 20% cream" asks for a compounded medication, not for an NSAID and an opioid;
"Tramadol 50 mg" and "lidocaine 5% patch" do not. Signs are a percentage, a form ("cream") or "compound".

Which treatments a request names: its words -> service slugs of the vocabulary.

What counts is what is asked for. A surgery named as history ("status post arthroscopy") or as the reason for
something else is context, an ingredient of a cream is no drug of its own class, and a general word
("injection") speaks only where nothing more exact does. What nothing matches is "unclassified", never forced.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from determinations.letters.vocabulary.names import UNCLASSIFIED
from determinations.letters.vocabulary.phrases import Clauses, Match
from determinations.letters.vocabulary.services import (
    EVERYTHING,
    Compounding,
    Meaning,
    ServiceVocabulary,
    Strength,
    service_vocabulary,
)
from determinations.letters.vocabulary.words import PERCENT

COMPOUNDED, TOPICAL = "compounded-medications", "topical-analgesics"

_APART = 5
"""Ingredients of one mixture stand no further apart, counted in words, strengths included."""
_PATCH = "patch"
_COMPOUND = frozenset({"compound", "compounded", "compounding"})


@dataclass(frozen=True, slots=True)
class Mixture:
    """The words at which its ingredients stand, and the service it is."""

    ingredients: tuple[int, ...]
    service: str


def read_compounds(text: Clauses, compounding: Compounding) -> Iterator[Mixture]:
    """The mixtures of a request, from left to right."""
    is_compound = not _COMPOUND.isdisjoint(text.words)
    for chain in _chains(text, compounding):
        if not is_compound and {text.words[at] for at in chain} <= compounding.for_the_skin:
            continue
        if is_compound or _is_topical(text, chain, compounding):
            yield Mixture(tuple(chain), _service(text, chain, compounding, is_compound))


def _chains(text: Clauses, compounding: Compounding) -> Iterator[list[int]]:
    """Runs of neighboring ingredients, leaving out those that are taken by mouth."""
    chain: list[int] = []
    for at, word in enumerate(text.words):
        if word not in compounding.ingredients or _is_oral(text, at, compounding):
            continue
        if chain and at - chain[-1] > _APART:
            yield chain
            chain = []
        chain.append(at)
    if chain:
        yield chain


def _is_oral(text: Clauses, at: int, compounding: Compounding) -> bool:
    for word in text.words[at + 1 : at + _APART]:
        if word == PERCENT or word in compounding.ingredients or word in compounding.forms:
            return False
        if word in compounding.oral_signs:
            return True
    return False


def _is_topical(text: Clauses, chain: list[int], compounding: Compounding) -> bool:
    near = text.words[max(0, chain[0] - _APART + 1) : chain[-1] + _APART]
    inside = text.words[max(0, chain[0] - 1) : chain[-1] + _APART]
    return (
        PERCENT in inside
        or not compounding.forms.isdisjoint(near)
        or (_PATCH in near and text.words[chain[0]] in compounding.commercial)
    )


def _service(text: Clauses, chain: list[int], compounding: Compounding, is_compound: bool) -> str:
    drugs = {text.words[at] for at in chain}
    alone = len(drugs) == 1
    sold = drugs <= compounding.commercial and (alone or drugs.isdisjoint(compounding.commercial_alone))
    return TOPICAL if sold and not is_compound else COMPOUNDED


OTHER_MEDICATIONS = "other-medications"
_AND = frozenset({"and", "plus"})
_COMMA, _COMMA_OR_AND, _CLAUSE = "comma", "comma or and", "clause"
"""What ends a context."""
_SHORTEST_WITH_ENDING = 8
_LONGEST_REMEMBERED = 300

_DOSE = re.compile(r"\d ?(?:mg|mcg|µg|ug|meq|milligrams?|micrograms?|iu)\b", re.IGNORECASE)
_MEASURE = re.compile(r"\d ?(?:g|gm|grams?|ml|cc|units?|%|percent|l)(?:\b|(?<=%))", re.IGNORECASE)
_COUNT = re.compile(r"#\s?\d|\bqty\b|\bquantity\b", re.IGNORECASE)
_FORM = re.compile(
    r"\b(?:tabs?|tablets?|caps?|capsules?|pills?|softgels?|lozenges?|suppositor(?:y|ies)|drops?|syrup|elixir|tincture"
    r"|suspension|solution|po|bid|tid|qid|qhs|qd|q\d+h|by mouth|orally|at bedtime|refills?|dispense)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A service named in a request, at the word where its name begins."""

    at: int
    meaning: Meaning


def services_in(request: str) -> tuple[str, ...]:
    """Slugs of the services a request names, in order of first mention; ("unclassified",) for none."""
    return remembered_services(request) if len(request) <= _LONGEST_REMEMBERED else _services_of(request)


def _services_of(request: str) -> tuple[str, ...]:
    vocabulary = service_vocabulary()
    text = vocabulary.reader.read(request)
    mentions = _mentions(text, vocabulary)
    asked_for = _without_context(mentions, request, text, vocabulary)
    slugs = dict.fromkeys(mention.meaning.service for mention in _strongest(asked_for))
    named = tuple(slug for slug in slugs if slug is not None and slug != UNCLASSIFIED)
    if named:
        return named
    return (OTHER_MEDICATIONS,) if not slugs and _is_dosed(request) else (UNCLASSIFIED,)


remembered_services = lru_cache(maxsize=4096)(_services_of)
"""The same treatments are asked for in the same words in many letters."""


def _is_dosed(request: str) -> bool:
    """Whether a dose, with a count or a form where it may be another measure, makes it a medication."""
    if _DOSE.search(request):
        return True
    has_count, has_form = _COUNT.search(request) is not None, _FORM.search(request) is not None
    return (has_count and has_form) or (_MEASURE.search(request) is not None and (has_count or has_form))


def _mentions(text: Clauses, vocabulary: ServiceVocabulary) -> list[Mention]:
    taken: set[int] = set()
    found = vocabulary.exact.matches_in(text, taken)
    found += vocabulary.with_gaps.matches_in(text, taken)
    found += vocabulary.weak.matches_in(text, taken)
    found += _by_single_words(text, vocabulary, taken)
    mentions = [
        Mention(match.positions[0], meaning) for match, meaning in found if meaning.service is not None
    ]
    mentions.sort(key=lambda mention: mention.at)
    if any(mention.meaning.category == "pharmaceuticals" for mention in mentions):
        mentions = _with_compounds(mentions, text, vocabulary)
    return mentions


def _by_single_words(
    text: Clauses, vocabulary: ServiceVocabulary, taken: set[int]
) -> Iterator[tuple[Match, Meaning]]:
    """What a word left over means by itself, or an unknown word by its ending."""
    for at, word in enumerate(text.words):
        if at in taken:
            continue
        bare = vocabulary.bare.get(word)
        if bare is not None:
            first = at == 0 or text.clause[at - 1] != text.clause[at]
            if first or text.words[at - 1] in vocabulary.plain_before or text.words[at - 1][:1].isdigit():
                yield Match((at,)), bare
        elif len(word) >= _SHORTEST_WITH_ENDING:
            yield from (
                (Match((at,)), meaning) for ending, meaning in vocabulary.endings if word.endswith(ending)
            )


def _with_compounds(mentions: list[Mention], text: Clauses, vocabulary: ServiceVocabulary) -> list[Mention]:
    """Ingredients of a cream, agents of an injection and halves of a pair are no drugs themselves."""
    mixtures = list(read_compounds(text, vocabulary.compounding))
    ingredients = {at for mixture in mixtures for at in mixture.ingredients}
    has_compound = any(mixture.service == COMPOUNDED for mixture in mixtures)
    has_injection = any(mention.meaning.category == "injections" for mention in mentions)
    drugs_at = {mention.at for mention in mentions if mention.meaning.is_drug}
    kept = [
        Mention(min(mixture.ingredients), Meaning(mixture.service, "pharmaceuticals")) for mixture in mixtures
    ]
    for mention in mentions:
        word = text.words[mention.at]
        if mention.meaning.is_drug:
            is_part = (
                mention.at in ingredients
                or (has_injection and word in vocabulary.injected_agents)
                or (
                    word in vocabulary.companions
                    and not drugs_at.isdisjoint(range(mention.at - 3, mention.at))
                )
            )
        else:
            is_part = has_compound and mention.meaning.service == TOPICAL
        if not is_part:
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.at)


def _without_context(
    mentions: list[Mention], request: str, text: Clauses, vocabulary: ServiceVocabulary
) -> list[Mention]:
    """Leaves out what is only context.

    Where that would leave nothing the request is read as it stands, unless a context hides whatever follows
    it ("copies of the MRI").
    """
    contexts = vocabulary.contexts.matches_in(text, set())
    if not contexts:
        return mentions
    pauses = vocabulary.reader.pauses(request)
    ands = [at for at, word in enumerate(text.words) if word in _AND]
    clauses = [at for at in range(1, len(text.words)) if text.clause[at] != text.clause[at - 1]]
    stretches = {_COMMA: pauses, _COMMA_OR_AND: sorted(pauses + ands), _CLAUSE: clauses}
    named_at = _first_named(mentions)
    begins: dict[tuple[str, int, str], int] = {}  # where, in each stretch of words, a category is context
    for match, begun in contexts:
        begin = match.positions[-1] + 1
        for context in begun:
            if not context.after or any(named_at.get(slug, begin) < begin for slug in context.after):
                ended_by = _CLAUSE if context.over_commas else _COMMA
                ended_by = _COMMA_OR_AND if context.until_and else ended_by
                stretch = bisect_right(stretches[ended_by], begin - 1)
                for category in context.hides:
                    begins.setdefault((ended_by, stretch, category), begin)
    kept = [
        mention
        for mention in mentions
        if all(
            mention.at < begins.get((ended_by, bisect_right(ends, mention.at), category), len(text.words))
            for ended_by, ends in stretches.items()
            for category in (mention.meaning.category or "", EVERYTHING)
        )
    ]
    hides_all = any(category == EVERYTHING for _, _, category in begins)
    return kept if kept or hides_all else mentions


def _first_named(mentions: list[Mention]) -> dict[str, int]:
    """Where each category and each service is first named without doubt."""
    named_at: dict[str, int] = {}
    for mention in mentions:
        if mention.meaning.strength is Strength.FIRM:
            named_at.setdefault(mention.meaning.category or "", mention.at)
            named_at.setdefault(mention.meaning.service or "", mention.at)
    return named_at


def _strongest(mentions: list[Mention]) -> Iterable[Mention]:
    firm = {mention.meaning.category for mention in mentions if mention.meaning.strength is Strength.FIRM}
    kept = [
        mention
        for mention in mentions
        if mention.meaning.strength is Strength.FIRM
        or (mention.meaning.strength is Strength.FALLBACK and mention.meaning.category not in firm)
    ]
    named = {mention.meaning.service for mention in kept}
    return [mention for mention in kept if named.isdisjoint(mention.meaning.yields_to)] or mentions
