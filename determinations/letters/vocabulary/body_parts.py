"""The parts of the body that requests name: body_parts.toml, compiled for `facts.body_parts` to match."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from determinations.letters.vocabulary.files import (
    VocabularyError,
    check_slugs,
    entries_of,
    section_of,
)
from determinations.letters.vocabulary.phrases import (
    PhraseError,
    PhraseIndex,
    VocabularyPhrase,
    compile_phrase,
)
from determinations.letters.vocabulary.words import WordReader, plain_words

FILE: Final = "body_parts.toml"


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A part of the body, with requests that name it. Beside one of `only_alone` it says nothing more."""

    slug: str
    label: str
    examples: tuple[str, ...]
    only_alone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BodyPartVocabulary:
    """The phrases that name parts, with the slugs of those parts; () for words that name none."""

    reader: WordReader
    names: PhraseIndex[tuple[str, ...]]


@cache
def body_parts() -> tuple[BodyPart, ...]:
    """Every part, from head to foot."""
    entries = entries_of(FILE, "body_part", ("slug", "label", "names", "examples"), ("only_alone",))
    slugs = [entry["slug"] for entry in entries]
    check_slugs(FILE, slugs)
    for entry in entries:
        if unknown := sorted(set(entry.get("only_alone", ())) - set(slugs)):
            raise VocabularyError(FILE, entry["slug"], f"only_alone {unknown}: no such body part")
    return tuple(
        BodyPart(
            entry["slug"],
            entry["label"],
            tuple(entry["examples"]),
            frozenset(entry.get("only_alone", ())),
        )
        for entry in entries
    )


@cache
def body_part_labels() -> Mapping[str, str]:
    """Label by slug, in the order of the parts."""
    return {part.slug: part.label for part in body_parts()}


@cache
def body_part_vocabulary() -> BodyPartVocabulary:
    """Reads and checks the file. Raises VocabularyError."""
    body_parts()
    slugs: dict[VocabularyPhrase, tuple[str, ...]] = {}
    for name in section_of(FILE, "nothing", "names"):
        slugs[_phrase(name)] = ()
    for entry in entries_of(FILE, "body_part", ("slug", "label", "names", "examples"), ("only_alone",)):
        for name in entry["names"]:
            phrase = _phrase(name)
            if slugs.get(phrase) == ():
                raise VocabularyError(FILE, name, "it also stands under nothing; keep one")
            slugs[phrase] = (*slugs.get(phrase, ()), entry["slug"])
    words = frozenset().union(*(phrase.all_words() for phrase in slugs))
    reader = WordReader(words, section_of("services.toml", "spelling"), words)
    return BodyPartVocabulary(reader, PhraseIndex(slugs.items()))


def _phrase(name: str) -> VocabularyPhrase:
    try:
        return compile_phrase(" ".join(plain_words(name)), {})
    except PhraseError as error:
        raise VocabularyError(FILE, name, str(error)) from error
