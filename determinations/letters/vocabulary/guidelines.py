"""What the words of a guideline paragraph mean: guidelines.toml, compiled for `guidelines` to match."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from determinations.letters.vocabulary.files import VocabularyError, read_file, section_of
from determinations.letters.vocabulary.names import Chapter, guideline_sources
from determinations.letters.vocabulary.phrases import (
    PhraseError,
    PhraseIndex,
    VocabularyPhrase,
    compile_phrase,
)
from determinations.letters.vocabulary.words import WordReader, plain_words

FILE: Final = "guidelines.toml"


class Signal(Enum):
    """What a phrase of a guideline paragraph does."""

    STATEMENT = auto()
    NON_MTUS = auto()
    MTUS = auto()
    ASIDE = auto()
    DENIAL = auto()
    SECTIONS = auto()
    SOURCE = auto()
    CHAPTER = auto()
    CHAPTER_NUMBER = auto()


@dataclass(frozen=True, slots=True)
class ChapterName:
    """A name as one source uses it: `is_full` names tell the source and the edition by themselves."""

    chapter: Chapter
    is_full: bool


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase's meaning: a source's slug, a chapter's number, or the chapter it names in each source."""

    signal: Signal
    source: str = ""
    number: int = 0
    names: dict[str, ChapterName] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class GuidelineVocabulary:
    reader: WordReader
    cues: PhraseIndex[Cue]
    by_number: dict[int, Chapter]
    sections_with_commas: tuple[str, ...]
    chronic_pain_of_acoem: Chapter


@cache
def guideline_vocabulary() -> GuidelineVocabulary:
    """Reads and checks guidelines.toml. Raises VocabularyError."""
    sources = guideline_sources()
    table = read_file(FILE)
    chapters = {(chapter.source, chapter.name): chapter for source in sources for chapter in source.chapters}
    by_number = {chapter.number: chapter for chapter in chapters.values() if chapter.number is not None}
    entries = [*_wording(), *_sources(table), *_chapters(table, chapters)]
    entries += [
        (_phrase(f"{word} {number}"), Cue(Signal.CHAPTER_NUMBER, number=number))
        for number in by_number
        for word in ("chapter", "ch", "chap", "chapters")
    ]
    words = frozenset().union(*(phrase.all_words() for phrase, _ in entries))
    with_commas = sorted(map(str.lower, section_of(FILE, "sections", "with_commas")), key=len, reverse=True)
    return GuidelineVocabulary(
        WordReader(words, section_of(FILE, "spelling"), words),
        PhraseIndex(entries),
        by_number,
        tuple(with_commas),
        chapters["mtus-acoem", "Chronic Pain"],
    )


def _phrase(name: str) -> VocabularyPhrase:
    try:
        return compile_phrase(" ".join(plain_words(name)), {})
    except PhraseError as error:
        raise VocabularyError(FILE, name, str(error)) from error


def _wording() -> Iterator[tuple[VocabularyPhrase, Cue]]:
    signals = {
        "statements": Signal.STATEMENT,
        "non_mtus": Signal.NON_MTUS,
        "mtus": Signal.MTUS,
        "asides": Signal.ASIDE,
        "denials": Signal.DENIAL,
        "sections": Signal.SECTIONS,
    }
    for key, signal in signals.items():
        for name in section_of(FILE, "wording", key):
            yield _phrase(name), Cue(signal)


def _sources(table: Mapping[str, Any]) -> Iterator[tuple[VocabularyPhrase, Cue]]:
    for source in table["source"]:
        for name in source.get("names", ()):
            yield _phrase(name), Cue(Signal.SOURCE, source=source["slug"])


def _chapters(
    table: Mapping[str, Any], chapters: dict[tuple[str, str], Chapter]
) -> Iterator[tuple[VocabularyPhrase, Cue]]:
    """One cue for each name, with what it means in each source that uses it."""
    by_words: dict[tuple[str, ...], dict[str, ChapterName]] = {}
    for entry in table["chapter"]:
        chapter = chapters[entry["source"], entry["name"]]
        full = [] if chapter.source == "odg" or entry.get("needs_source") else [entry["name"]]
        full += entry.get("names", ())
        for name in full:
            by_words.setdefault(_without_and(name), {})[chapter.source] = ChapterName(chapter, is_full=True)
        for name in (entry["name"], *entry.get("short", ())):
            by_words.setdefault(_without_and(name), {}).setdefault(
                chapter.source, ChapterName(chapter, is_full=False)
            )
    for words, names in by_words.items():
        yield _optional_and(words), Cue(Signal.CHAPTER, names=names)


def _without_and(name: str) -> tuple[str, ...]:
    return tuple(word for word in plain_words(name) if word != "and")


def _optional_and(words: tuple[str, ...]) -> VocabularyPhrase:
    """ "Forearm, Wrist & Hand", "Forearm Wrist and Hand": an "and" may stand between any two words."""
    return compile_phrase(" [and] ".join(words), {})
