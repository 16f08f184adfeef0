"""Which filters a question in plain words names: decisions, services, levels, guidelines, reasons and others.

"upheld physical therapy because no functional improvement" names a decision, a service and a reason. Reasons
are read as in a rationale. What no other vocabulary has is in `filter_phrases.toml`. Knows no engine.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.grounds.names import grounds_by_slug
from determinations.letters.facts.grounds.reading import grounds_in_narrative
from determinations.letters.facts.guideline_agreement import NOT_CITED, OTHER_EVIDENCE
from determinations.letters.facts.guidelines import citations_in
from determinations.letters.facts.laterality import laterality_in
from determinations.letters.facts.services import services_in
from determinations.letters.facts.spine import levels_in
from determinations.letters.vocabulary.names import chapter_slug, service_categories, specialties
from determinations.models import Decision
from determinations.models.determination import DECIDED_FOR
from determinations.search import facets
from determinations.search.interface import NamedValue
from determinations.search_page.plain_question import plain_words

PATH = Path(__file__).with_name("filter_phrases.toml")
_AS_WRITTEN = re.compile(r'"[^"]*"|(?<!\S)-\S+|(?<!\S)\w+:\S*')
"""What is in quotes, left out, or in a field: no plain words."""
_OPERATOR = re.compile(r"[()*~]|\w\?\w|\b(?:AND|OR|NOT)\b|(?<!\S)(?:w/\w+|/[spn]|pre/\d+)(?!\S)")
CATCH_ALL = "other-"
"""What the services begin with that hold the rest of their category."""
NO_CATEGORY = "other"
"""The category of all other services, which the word "other" does not name."""
_PERSON = ("ist", "or", "ian")
_CLAUSE = re.compile(r"[;,.]|\b(?:but|while|whereas|although|though|and|instead of|rather than)\b")

_BECAUSE = re.compile(r"\b(?:because|due to|where|when|while|although|though|but)\b")


class FilterPhrasesError(ValueError):
    """A fault in filter_phrases.toml. The message names the entry and says what to fix."""


@dataclass(frozen=True, slots=True)
class FilterPhrase:
    """Words that name a filter, with questions that they are in and questions that they are not in."""

    named: NamedValue
    words: re.Pattern[str]
    examples: tuple[str, ...]
    counters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilterPhrases:
    """`sides` are the words for whoever cited a guideline: the facet of its guidelines -> pattern.

    `reason`: words that say that a reason is meant.
    """

    phrases: tuple[FilterPhrase, ...]
    sides: Mapping[str, re.Pattern[str]]
    reason: re.Pattern[str]


@cache
def filter_phrases() -> FilterPhrases:
    """The file, read and checked. Raises FilterPhrasesError for the first fault."""
    try:
        file = tomllib.loads(PATH.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise FilterPhrasesError(f"filter_phrases.toml: it is not valid TOML: {error}") from error
    phrases = tuple(map(_phrase, file["phrase"]))
    sides = {facet: re.compile(words) for facet, words in file["side"].items()}
    return FilterPhrases(phrases, sides, re.compile(file["reason"]["words"]))


def _phrase(row: Mapping[str, Any]) -> FilterPhrase:
    name = f"filter_phrases.toml, {row.get('facet')} {row.get('value')}"
    if set(row) != {"facet", "value", "words", "example", "counter"}:
        raise FilterPhrasesError(f"{name}: give facet, value, words, example and counter")
    if row["facet"] not in facets.FACETS_BY_NAME:
        raise FilterPhrasesError(f"{name}: there is no such facet")
    words = re.compile(row["words"])
    for example in row["example"]:
        if not words.search(_folded(example)):
            raise FilterPhrasesError(f"{name}: its words are not in the example {example!r}")
    for counter in row["counter"]:
        if words.search(_folded(counter)):
            raise FilterPhrasesError(f"{name}: its words are in the counterexample {counter!r}")
    named = NamedValue(row["facet"], row["value"])
    return FilterPhrase(named, words, tuple(row["example"]), tuple(row["counter"]))


@cache
def _decision_word() -> re.Pattern[str]:
    """What is decided is no reason for it, unlike a second decision: "denied because surgery was denied"."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, plain_words().decisions))})\b")


def _says(text: str, name: str) -> bool:
    """Whether the name, in lower case, stands in the text as words, one or several of the thing."""
    return name in text and re.search(rf"\b{re.escape(name)}s?\b", text) is not None


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())


def filters_named(
    question: str, decisions: Sequence[Decision] = (), about: Sequence[NamedValue] = ()
) -> tuple[NamedValue, ...]:
    """The values that the question names, each once, in an order in which people read them.

    `decisions` and `about` are the decisions and services that the question was found to name already. A
    question with operators is taken as it is written: only these two are named by it.
    """
    if _OPERATOR.search(question):
        return (*(NamedValue(facets.DECISION.name, one.value) for one in decisions), *about)
    words = _AS_WRITTEN.sub(" ", question)
    text = _folded(words)
    matched = [phrase for phrase in filter_phrases().phrases if phrase.words.search(text)]
    phrases = [phrase.named for phrase in matched]
    outcomes = tuple(_decisions(decisions, phrases))
    rest = _decision_word().sub(" ", text, count=1)
    for phrase in matched:
        if phrase.named.facet != facets.SERVICE.name:
            rest = phrase.words.sub(" ", rest)
    found = (
        *outcomes,
        *_services(about, phrases, text),
        *_reasons(rest, outcomes),
        *_places(words),
        *_specialties(about, text),
        *_guidelines(words),
        *(one for one in phrases if one.facet not in (facets.DECISION.name, facets.SERVICE.name)),
    )
    return tuple(dict.fromkeys(found))


def _decisions(decisions: Sequence[Decision], phrases: Sequence[NamedValue]) -> Iterator[NamedValue]:
    """ "overturned in part" is a decision of its own, and not "overturned" beside it."""
    in_phrases = [one for one in phrases if one.facet == facets.DECISION.name]
    if any(one.value == Decision.PARTIALLY_OVERTURNED for one in in_phrases):
        decisions = [one for one in decisions if one is Decision.UPHELD]
    yield from (NamedValue(facets.DECISION.name, one.value) for one in decisions)
    yield from in_phrases


def _services(about: Sequence[NamedValue], phrases: Sequence[NamedValue], text: str) -> Iterator[NamedValue]:
    """The services, and categories of which no service is named: "injections" beside no epidural.

    A general name is read as the category's service for everything else ("other-injections").
    """
    in_phrases = {one.value for one in phrases if one.facet == facets.SERVICE.name}
    categories: list[str] = []
    catch_alls: set[str] = set()
    for category in service_categories():
        is_named = _says(text, category.label.casefold().removesuffix("s"))
        named = {one.slug for one in category.services} & {one.value for one in about}
        is_general = named or category.slug in in_phrases or (is_named and category.slug != NO_CATEGORY)
        if is_general and all(slug.startswith(CATCH_ALL) for slug in named):
            categories.append(category.slug)
            catch_alls |= named
    yield from (one for one in about if one.value not in catch_alls)
    yield from (NamedValue(facets.SERVICE.name, slug) for slug in categories)


def _places(words: str) -> Iterator[NamedValue]:
    """Levels, parts and side of the body."""
    levels = levels_in(words)
    yield from (NamedValue(facets.LEVEL.name, level) for level in levels)
    yield from (NamedValue(facets.BODY_PART.name, part) for part in body_parts_in(words, levels))
    if side := laterality_in(words):
        yield NamedValue(facets.SIDE.name, side.value)


def _specialties(about: Sequence[NamedValue], text: str) -> Iterator[NamedValue]:
    """Where a name is also that of a service asked for ("acupuncture"), the service is meant."""
    services = {one.value for one in about}
    for specialty in specialties():
        named = [name for name in (specialty.name, *specialty.spellings) if _says(text, name.casefold())]
        if any(name.endswith(_PERSON) or not services.intersection(services_in(name)) for name in named):
            yield NamedValue(facets.SPECIALTY.name, specialty.slug)


def _guidelines(words: str) -> Iterator[NamedValue]:
    """Each guideline as cited by whoever its clause names; of both sides where it names nobody."""
    for clause in _CLAUSE.split(words):
        sides = [facet for facet, named in filter_phrases().sides.items() if named.search(_folded(clause))]
        for citation in citations_in(clause):
            if citation.source in (NOT_CITED, OTHER_EVIDENCE):
                continue  # any text that names no known guideline is "other"
            chapter = f".{chapter_slug(citation.chapter)}" if citation.chapter else ""
            for facet in sides or filter_phrases().sides:
                yield NamedValue(facet, f"{citation.source}{chapter}")


def _reasons(text: str, outcomes: Sequence[NamedValue]) -> Iterator[NamedValue]:
    """What a rationale would state in these words, and reasons that are called by their labels.

    Only where a decision or a word such as "because" or "no" says that a reason is meant: "urine drug screen"
    is a request, and states in a rationale that use is monitored. Beside a decision, only what decides so.
    """
    read: list[str] = []
    if outcomes or filter_phrases().reason.search(text):
        # A guideline named before its "because" makes a rule of the whole, and rules state no reason.
        clauses = dict.fromkeys((text, *_BECAUSE.split(text)))
        read = [ground.slug for clause in clauses for ground in grounds_in_narrative(clause)]
    labels = [slug for slug, ground in grounds_by_slug().items() if _says(text, ground.label.casefold())]
    sides = {DECIDED_FOR.get(Decision(one.value)) for one in outcomes}
    for slug in (*read, *labels):
        if not sides or None in sides or grounds_by_slug()[slug].side in sides:
            yield NamedValue(facets.REASON.name, slug)
