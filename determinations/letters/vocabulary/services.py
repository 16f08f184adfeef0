"""What a request's words mean: services.toml and drugs.toml, compiled for `services` to match against.

Knows how the files are written and checked, not how a request is read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from typing import Final

from determinations.letters.vocabulary.files import (
    VocabularyError,
    entries_of,
    read_file,
    section_of,
)
from determinations.letters.vocabulary.names import category_of, drugs, service_categories
from determinations.letters.vocabulary.phrases import (
    PhraseError,
    PhraseIndex,
    VocabularyPhrase,
    compile_phrase,
    fold,
)
from determinations.letters.vocabulary.words import WordReader, plain_words

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
    yields_to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Context:
    """Words after which, up to a comma or the clause's end, mentions of some categories are only context.

    `after`: only where one of these categories or services was named before; empty for always. `until_and`:
    "and" ends it as a comma does. `over_commas`: nothing but the clause's end ends it.
    """

    hides: frozenset[str]
    after: frozenset[str] = frozenset()
    until_and: bool = False
    over_commas: bool = False


@dataclass(frozen=True, slots=True)
class Compounding:
    """Single words: drugs mixed into creams, those sold as such, and the forms a cream comes in."""

    ingredients: frozenset[str]
    commercial: frozenset[str]
    commercial_alone: frozenset[str]
    forms: frozenset[str]
    oral_signs: frozenset[str]
    for_the_skin: frozenset[str]


@dataclass(frozen=True, slots=True)
class ServiceVocabulary:
    reader: WordReader
    exact: PhraseIndex[Meaning]
    with_gaps: PhraseIndex[Meaning]
    weak: PhraseIndex[Meaning]
    contexts: PhraseIndex[tuple[Context, ...]]
    compounding: Compounding
    injected_agents: frozenset[str]
    companions: frozenset[str]
    bare: Mapping[str, Meaning]
    """Words that name a service only behind nothing, or a word of `plain_before`: "therapy"."""
    plain_before: frozenset[str]
    endings: tuple[tuple[str, Meaning], ...]
    """Endings of unknown words, the longest first, and what such a word means."""


@cache
def service_vocabulary() -> ServiceVocabulary:
    """Reads and checks both files. Raises VocabularyError."""
    spelling = {fold(wrong): fold(right) for wrong, right in section_of(FILE, "spelling").items()}
    service_categories()
    entries = [
        *_plain_entries(section_of(FILE, "nothing", "names"), Meaning(None), spelling),
        *_service_entries(spelling),
        *_drug_entries(spelling),
    ]
    _check_owners(entries)
    contexts = list(_contexts(spelling))
    words = frozenset().union(*(phrase.all_words() for phrase, _ in entries))
    left_alone = plain_words(" ".join(section_of(FILE, "left_alone")))
    known = words.union(left_alone, *(phrase.all_words() for phrase, _ in contexts))
    bare, endings = _bare_words(), _endings()
    known |= bare.keys()
    weak = [entry for entry in entries if entry[1].strength is not Strength.FIRM]
    firm = [entry for entry in entries if entry[1].strength is Strength.FIRM]
    return ServiceVocabulary(
        reader=WordReader(known, spelling, words, _single_words(weak)),
        exact=PhraseIndex(entry for entry in firm if not entry[0].has_gap),
        with_gaps=PhraseIndex(entry for entry in firm if entry[0].has_gap),
        weak=PhraseIndex(weak),
        contexts=PhraseIndex(contexts),
        compounding=_compounding(),
        injected_agents=_drug_words("injected", "agents"),
        companions=_drug_words("companions", "names"),
        bare=bare,
        plain_before=frozenset(plain_words(" ".join(section_of(FILE, "plain_before")))),
        endings=endings,
    )


def _bare_words() -> dict[str, Meaning]:
    return {
        fold(word): Meaning(service["slug"], service["category"], Strength.FALLBACK)
        for service in read_file(FILE)["service"]
        for word in service.get("bare", ())
    }


def _endings() -> tuple[tuple[str, Meaning], ...]:
    found = [
        (ending, Meaning(service["slug"], service["category"], Strength.FALLBACK))
        for service in read_file(FILE)["service"]
        for ending in service.get("endings", ())
    ]
    return tuple(sorted(found, key=lambda entry: -len(entry[0])))


def _check_owners(entries: Iterable[tuple[VocabularyPhrase, Meaning]]) -> None:
    """Raises VocabularyError where the same plain words stand under two services."""
    owners: dict[tuple[str, ...], str | None] = {}
    for phrase, meaning in entries:
        words = tuple(phrase.source.split())
        if owners.setdefault(words, meaning.service) != meaning.service:
            one, other = owners[words] or "nothing", meaning.service or "nothing"
            raise VocabularyError(FILE, phrase.source, f"it stands under {one} and under {other}; keep one")


def _contexts(spelling: Mapping[str, str]) -> Iterator[tuple[VocabularyPhrase, tuple[Context, ...]]]:
    """Each opening phrase once, with every context that it begins."""
    found: dict[VocabularyPhrase, tuple[Context, ...]] = {}
    categories = {category.slug for category in service_categories()}
    services = {service.slug for category in service_categories() for service in category.services}
    for item in entries_of(FILE, "context", ("begins", "hides"), ("after", "until_and", "over_commas")):
        hides, after = frozenset(item["hides"]), frozenset(item.get("after", ()))
        if unknown := sorted((hides - categories - {EVERYTHING}) | (after - categories - services)):
            raise VocabularyError(FILE, item["begins"][0], f"{unknown}: no such category")
        for words in item["begins"]:
            phrase = compile_phrase(words, {}) if "..." in words else _plain_phrase(words, spelling)
            context = Context(hides, after, item.get("until_and", False), item.get("over_commas", False))
            found[phrase] = (*found.get(phrase, ()), context)
    yield from found.items()


def _drug_words(table: str, key: str) -> frozenset[str]:
    return frozenset(plain_words(" ".join(section_of("drugs.toml", table, key))))


def _compounding() -> Compounding:
    """The table of drugs.toml, its ingredients joined by their brands ("Naprosyn cream")."""
    ingredients = _drug_words("compounding", "ingredients")
    brands = {
        words[0]
        for drug in drugs()
        if drug.generic in ingredients
        and drug.service not in ("topical-analgesics", "compounded-medications")
        for words in map(plain_words, drug.brands)
        if len(words) == 1
    }
    return Compounding(
        ingredients=ingredients | brands,
        commercial=_drug_words("compounding", "commercial"),
        commercial_alone=_drug_words("compounding", "commercial_alone"),
        forms=_drug_words("compounding", "forms"),
        oral_signs=_drug_words("compounding", "oral_signs"),
        for_the_skin=_drug_words("compounding", "for_the_skin"),
    )


def _single_words(entries: Iterable[tuple[VocabularyPhrase, Meaning]]) -> frozenset[str]:
    return frozenset().union(*(phrase.all_words() for phrase, _ in entries if len(phrase.elements) == 1))


def _plain_phrase(name: str, spelling: Mapping[str, str]) -> VocabularyPhrase:
    try:
        return compile_phrase(" ".join(spelling.get(word, word) for word in plain_words(name)), {})
    except PhraseError as error:
        raise VocabularyError(FILE, name, str(error)) from error


def _plain_entries(
    names: Iterable[str], meaning: Meaning, spelling: Mapping[str, str]
) -> Iterator[tuple[VocabularyPhrase, Meaning]]:
    for name in names:
        yield _plain_phrase(name, spelling), meaning


def _service_entries(spelling: Mapping[str, str]) -> Iterator[tuple[VocabularyPhrase, Meaning]]:
    classes = {
        name: frozenset(plain_words(" ".join(words))) for name, words in section_of(FILE, "classes").items()
    }
    slugs = {service.slug for category in service_categories() for service in category.services}
    for service in read_file(FILE)["service"]:
        slug, yields_to = service["slug"], frozenset(service.get("yields_to", ()))
        if not yields_to <= slugs:
            raise VocabularyError(FILE, slug, f"yields_to {sorted(yields_to - slugs)}: no such service")
        firm = Meaning(slug, service["category"], yields_to=yields_to)
        yield from _plain_entries(service.get("names", ()), firm, spelling)
        for key, strength in (("fallback", Strength.FALLBACK), ("last_resort", Strength.LAST_RESORT)):
            yield from _plain_entries(service.get(key, ()), replace(firm, strength=strength), spelling)
        for pattern in service.get("patterns", ()):
            yield _checked_pattern(slug, pattern, classes), firm


def _checked_pattern(
    slug: str, pattern: Mapping[str, str], classes: Mapping[str, frozenset[str]]
) -> VocabularyPhrase:
    if "match" not in pattern:
        raise VocabularyError(FILE, slug, 'a pattern needs match = "..."')
    try:
        phrase = compile_phrase(pattern["match"], classes)
    except PhraseError as error:
        raise VocabularyError(FILE, slug, str(error)) from error
    reader = WordReader(phrase.all_words(), {}, ())
    if unknown := sorted(set(pattern) - {"match", "example", "not"}):
        raise VocabularyError(FILE, slug, f"pattern {pattern['match']!r} has unknown keys {unknown}")
    if "example" not in pattern or not _matches(phrase, reader, pattern["example"]):
        raise VocabularyError(FILE, slug, f"pattern {pattern['match']!r} needs an example that it matches")
    if "not" in pattern and _matches(phrase, reader, pattern["not"]):
        raise VocabularyError(
            FILE,
            slug,
            f"pattern {pattern['match']!r} matches {pattern['not']!r}, which it must not: narrow it",
        )
    return phrase


def _matches(phrase: VocabularyPhrase, reader: WordReader, text: str) -> bool:
    words = reader.read(text)
    return any(phrase.match_at(words, start) for start in range(len(words.words)))


def _drug_entries(spelling: Mapping[str, str]) -> Iterator[tuple[VocabularyPhrase, Meaning]]:
    for drug in drugs():
        meaning = Meaning(drug.service, category_of(drug.service), is_drug=True)
        yield from _plain_entries((drug.generic, *drug.brands), meaning, spelling)
