"""What a request's words mean: services.toml and drugs.toml, compiled for `services` to match against.

Knows how the files are written and checked, not how a request is read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any, Final

from determinations.letters.phrases import Phrase, PhraseError, PhraseIndex, compile_phrase
from determinations.letters.vocabulary import (
    VocabularyError,
    category_of,
    drugs,
    read_file,
    service_categories,
)
from determinations.letters.words import WordReader, plain_words

FILE: Final = "services.toml"
EVERYTHING: Final = "all"


class Strength(IntEnum):
    """How much a phrase proves: by itself, only within its category, or only where nothing else was found."""

    FIRM = 0
    FALLBACK = 1
    LAST_RESORT = 2


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for. `service` is None for words that are read and yield nothing."""

    service: str | None
    category: str | None = None
    strength: Strength = Strength.FIRM
    is_drug: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Words after which, up to a comma or the clause's end, mentions of some categories are only context."""

    hides: frozenset[str]
    needs_earlier_mention: bool = False


@dataclass(frozen=True, slots=True)
class Compounding:
    """Single words: drugs mixed into creams, those sold as such, and the forms a cream comes in."""

    ingredients: frozenset[str]
    commercial: frozenset[str]
    commercial_alone: frozenset[str]
    forms: frozenset[str]
    oral_signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class ServiceVocabulary:
    reader: WordReader
    exact: PhraseIndex[Meaning]
    with_gaps: PhraseIndex[Meaning]
    weak: PhraseIndex[Meaning]
    contexts: PhraseIndex[Context]
    compounding: Compounding
    injected_agents: frozenset[str]


@cache
def service_vocabulary() -> ServiceVocabulary:
    """Reads and checks both files. Raises VocabularyError."""
    table = read_file(FILE)
    classes = {name: frozenset(plain_words(" ".join(words))) for name, words in table["classes"].items()}
    service_categories()
    entries = [
        *_plain_entries(table["nothing"]["names"], Meaning(None)),
        *(entry for service in table["service"] for entry in _service_entries(service, classes)),
        *_drug_entries(),
    ]
    contexts = [
        (_plain_phrase(words), Context(frozenset(item["hides"]), item.get("needs_earlier_mention", False)))
        for item in table["context"]
        for words in item["begins"]
    ]
    phrases = [phrase for phrase, _ in entries]
    words = frozenset().union(*(phrase.all_words() for phrase in phrases))
    known = words.union(
        *(phrase.all_words() for phrase, _ in contexts), plain_words(" ".join(table["left_alone"]))
    )
    weak = [entry for entry in entries if entry[1].strength is not Strength.FIRM]
    firm = [entry for entry in entries if entry[1].strength is Strength.FIRM]
    compounding = read_file("drugs.toml")["compounding"]
    return ServiceVocabulary(
        reader=WordReader(known, table["spelling"], words, _single_words(weak)),
        exact=PhraseIndex(entry for entry in firm if not entry[0].has_gap),
        with_gaps=PhraseIndex(entry for entry in firm if entry[0].has_gap),
        weak=PhraseIndex(weak),
        contexts=PhraseIndex(contexts),
        compounding=Compounding(
            **{name: frozenset(plain_words(" ".join(compounding[name]))) for name in compounding}
        ),
        injected_agents=frozenset(plain_words(" ".join(read_file("drugs.toml")["injected"]["agents"]))),
    )


def _single_words(entries: Iterable[tuple[Phrase, Meaning]]) -> frozenset[str]:
    return frozenset().union(*(phrase.all_words() for phrase, _ in entries if len(phrase.elements) == 1))


def _plain_phrase(name: str) -> Phrase:
    try:
        return compile_phrase(" ".join(plain_words(name)), {})
    except PhraseError as error:
        raise VocabularyError(FILE, name, str(error)) from error


def _plain_entries(names: Iterable[str], meaning: Meaning) -> Iterator[tuple[Phrase, Meaning]]:
    for name in names:
        yield _plain_phrase(name), meaning


def _service_entries(
    service: Mapping[str, Any], classes: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Phrase, Meaning]]:
    slug, category = service["slug"], service["category"]
    yield from _plain_entries(service.get("names", ()), Meaning(slug, category))
    yield from _plain_entries(service.get("fallback", ()), Meaning(slug, category, Strength.FALLBACK))
    yield from _plain_entries(service.get("last_resort", ()), Meaning(slug, category, Strength.LAST_RESORT))
    for pattern in service.get("patterns", ()):
        yield _checked_pattern(slug, pattern, classes), Meaning(slug, category)


def _checked_pattern(slug: str, pattern: Mapping[str, str], classes: Mapping[str, frozenset[str]]) -> Phrase:
    try:
        phrase = compile_phrase(pattern["match"], classes)
    except PhraseError as error:
        raise VocabularyError(FILE, slug, str(error)) from error
    reader = WordReader(phrase.all_words(), {}, ())
    if "example" not in pattern or not _matches(phrase, reader, pattern["example"]):
        raise VocabularyError(FILE, slug, f"pattern {pattern['match']!r} needs an example that it matches")
    if "not" in pattern and _matches(phrase, reader, pattern["not"]):
        raise VocabularyError(
            FILE,
            slug,
            f"pattern {pattern['match']!r} matches {pattern['not']!r}, which it must not: narrow it",
        )
    return phrase


def _matches(phrase: Phrase, reader: WordReader, text: str) -> bool:
    words = reader.read(text)
    return any(phrase.match_at(words, start) for start in range(len(words.words)))


def _drug_entries() -> Iterator[tuple[Phrase, Meaning]]:
    for drug in drugs():
        meaning = Meaning(drug.service, category_of(drug.service), is_drug=True)
        yield from _plain_entries((drug.generic, *drug.brands), meaning)
