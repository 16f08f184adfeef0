"""Reads words.toml and grounds.toml and says in plain words what is wrong with an entry.

words.toml has the classes of words, grounds.toml the grounds with their patterns, and conclusions.toml how a
rationale says what follows from its grounds. A domain expert edits all three; no Python is needed for that.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from determinations.letters.facts.grounds.frames import FRAME_CLASSES
from determinations.letters.facts.grounds.lexicon import Lexicon
from determinations.letters.facts.grounds.patterns import NEGATIONS, GroundPattern, elements_of
from determinations.letters.facts.grounds.tagging import Tagged

Side = Literal["for", "against"]

DIRECTORY: Final = Path(__file__).parent
WORDS: Final = "words.toml"
GROUNDS: Final = "grounds.toml"
CONCLUSIONS: Final = "conclusions.toml"
POLARITY_CLASSES: Final = ("plain no", "lack", "no negation", "that", "failure", "filler", "verdict")
NEGATIONS_LEFT: Final = ("no", "any no")
PARTING: Final = ("contrast", "concession", "because")
_SLUG = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
_CLASS_NAME = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*\Z")
_KEYS: Final = {"words", "with", "unless", "asked", "rule", "weak", "wide", "negated", "example", "counter"}


class GroundsVocabularyError(ValueError):
    """A fault in a vocabulary file. The message names file and entry and says what to fix."""

    def __init__(self, file: str, entry: str, fix: str) -> None:
        super().__init__(f"grounds/{file}, {entry!r}: {fix}")
        self.file, self.entry, self.fix = file, entry, fix


@dataclass(frozen=True, slots=True)
class GroundEntry:
    """A ground as the vocabulary has it."""

    slug: str
    side: Side
    label: str
    meaning: str
    general: bool
    """It yields to a ground of its own in the same sentence (rule 1 of the taxonomy)."""


@dataclass(frozen=True, slots=True)
class PatternExample:
    """A sentence beside a pattern: one that it must find, or one that it must not."""

    file: str
    entry: str
    pattern: int
    sentence: str
    found: bool


@dataclass(frozen=True, slots=True)
class GroundsVocabulary:
    """Everything that the reader of grounds looks up. Patterns are numbered through."""

    lexicon: Lexicon
    grounds: tuple[GroundEntry, ...]
    patterns: tuple[GroundPattern, ...]
    meaning: tuple[str, ...]
    """For each pattern the slug of its ground; for a conclusion its side."""
    conclusions: frozenset[int]
    """Numbers of the patterns that state a conclusion."""
    needed: tuple[int, ...]
    """For each pattern the mask of the classes that a sentence must have."""
    negation: int
    """The class of which polarity leaves the negations that hold and refuse no treatment."""
    any_negation: int
    """The class of which polarity leaves the negations that hold."""
    examples: tuple[PatternExample, ...]


@cache
def vocabulary() -> GroundsVocabulary:
    """The vocabulary of the files. Raises GroundsVocabularyError for the first fault."""
    return build(*(read_file(file) for file in (WORDS, GROUNDS, CONCLUSIONS)))


def read_file(file: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads((DIRECTORY / file).read_text("utf-8"))
    except FileNotFoundError as error:
        raise GroundsVocabularyError(file, "the file", "it is missing; restore it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GroundsVocabularyError(file, "the file", f"it is not valid TOML in UTF-8: {error}") from error


def build(
    words: Mapping[str, Any], grounds: Mapping[str, Any], conclusions: Mapping[str, Any]
) -> GroundsVocabulary:
    """Compiles the three files. Raises GroundsVocabularyError for the first fault."""
    classes = _classes_of(words)
    for name in (*FRAME_CLASSES, *POLARITY_CLASSES, *NEGATIONS_LEFT, *PARTING):
        if name not in classes:
            raise GroundsVocabularyError(WORDS, name, "the reader needs this class; add it")
    entries: list[GroundEntry] = []
    rows: list[tuple[str, str, str, Mapping[str, Any]]] = []
    for ground in _tables(grounds, "ground", GROUNDS):
        entry = ground_entry(ground)
        if any(entry.slug == other.slug for other in entries):
            raise GroundsVocabularyError(GROUNDS, entry.slug, "it is there twice; join the two")
        entries.append(entry)
        rows += ((GROUNDS, f"{entry.slug}: {row.get('words')}", entry.slug, row) for row in ground["pattern"])
    for row in _tables(conclusions, "conclusion", CONCLUSIONS):
        side = row.get("side")
        if side not in ("for", "against"):
            raise GroundsVocabularyError(
                CONCLUSIONS, str(row.get("words")), 'side must be "for" or "against"'
            )
        rest = {key: value for key, value in row.items() if key != "side"}
        rows.append((CONCLUSIONS, str(row.get("words")), side, rest))
    compiler = _Compiler(classes)
    patterns = [compiler.compile(file, name, row) for file, name, _, row in rows]
    examples = [
        PatternExample(file, name, number, sentence, found)
        for number, (file, name, _, row) in enumerate(rows)
        for key, found in (("example", True), ("counter", False))
        for sentence in _sentences(row.get(key), file, name, key)
    ]
    lexicon = Lexicon(compiler.classes, _tried_at(compiler.classes, patterns, examples), PARTING)
    return GroundsVocabulary(
        lexicon=lexicon,
        grounds=tuple(entries),
        patterns=tuple(patterns),
        meaning=tuple(meaning for _, _, meaning, _ in rows),
        conclusions=frozenset(n for n, row in enumerate(rows) if row[0] == CONCLUSIONS),
        needed=tuple(pattern.needed for pattern in patterns),
        negation=lexicon.number["no"],
        any_negation=lexicon.number["any no"],
        examples=tuple(examples),
    )


def _classes_of(words: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The classes with the classes that they name in braces filled in."""
    for name, terms in words.items():
        if not _CLASS_NAME.match(name):
            raise GroundsVocabularyError(WORDS, name, "a class is named in small letters, digits and blanks")
        if not isinstance(terms, list) or not terms or not all(isinstance(term, str) for term in terms):
            raise GroundsVocabularyError(WORDS, name, "a class is a list of words in quotation marks")
    filled: dict[str, tuple[str, ...]] = {}

    def fill(name: str, above: tuple[str, ...]) -> Iterator[str]:
        for term in words[name]:
            if term.startswith("{"):
                inner = term[1:-1]
                if inner in above or inner not in words:
                    raise GroundsVocabularyError(WORDS, name, f"{term} is no other class; correct the name")
                yield from fill(inner, (*above, inner))
            elif not re.match(r"[a-z0-9%]", term):
                raise GroundsVocabularyError(WORDS, name, f"{term!r} is no word in small letters")
            else:
                yield term

    for name in words:
        filled[name] = tuple(dict.fromkeys(fill(name, (name,))))
    return filled


def _tables(file: Mapping[str, Any], table: str, name: str) -> list[Mapping[str, Any]]:
    entries = file.get(table)
    if not isinstance(entries, list) or not entries:
        raise GroundsVocabularyError(name, table, f"the file needs entries [[{table}]]")
    return entries


def ground_entry(entry: Mapping[str, Any]) -> GroundEntry:
    """A table [[ground]] without its patterns. Raises GroundsVocabularyError."""
    slug = str(entry.get("slug", ""))
    if not _SLUG.match(slug):
        raise GroundsVocabularyError(GROUNDS, slug or "[[ground]]", "slug is small letters joined by hyphens")
    for key in ("side", "label", "meaning", "pattern"):
        if not entry.get(key):
            raise GroundsVocabularyError(GROUNDS, slug, f"add {key}")
    if unknown := sorted(set(entry) - {"slug", "side", "label", "meaning", "general", "pattern"}):
        raise GroundsVocabularyError(GROUNDS, slug, f"unknown key {', '.join(unknown)}")
    if entry["side"] not in ("for", "against"):
        raise GroundsVocabularyError(GROUNDS, slug, 'side must be "for" or "against"')
    return GroundEntry(slug, entry["side"], entry["label"], entry["meaning"], bool(entry.get("general")))


def _sentences(value: Any, file: str, name: str, key: str) -> list[str]:
    sentences = [value] if isinstance(value, str) else value
    if (
        not isinstance(sentences, list)
        or not sentences
        or not all(isinstance(s, str) and s for s in sentences)
    ):
        raise GroundsVocabularyError(file, name, f"add {key}: a sentence, or a list of sentences")
    return sentences


def _tried_at(
    classes: Mapping[str, tuple[str, ...]],
    patterns: Sequence[GroundPattern],
    examples: Sequence[PatternExample],
) -> dict[int, list[int]]:
    """For a class the patterns to try where it occurs. Each stands under the one of its classes that is
    rarest in the examples, so that few are tried in vain."""
    lexicon = Lexicon(classes)
    seen: Counter[int] = Counter()
    for example in examples:
        seen.update(_numbers_in(Tagged(example.sentence.lower(), lexicon).present))
    tried: dict[int, list[int]] = {}
    for number, pattern in enumerate(patterns):
        rarest = min((seen[c], c) for c in _numbers_in(pattern.needed))[1]
        tried.setdefault(rarest, []).append(number)
    return tried


def _numbers_in(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _negates(part: str) -> bool:
    return part in NEGATIONS or part.split("-")[0] in _NEGATIVE_WORDS


class _Compiler:
    """Gives every element of a pattern a class: its own where it is {class}, else a nameless one."""

    def __init__(self, classes: Mapping[str, tuple[str, ...]]) -> None:
        self.classes: dict[str, tuple[str, ...]] = dict(classes)
        self._numbers = {name: number for number, name in enumerate(self.classes)}

    def compile(self, file: str, name: str, row: Mapping[str, Any]) -> GroundPattern:
        if unknown := sorted(set(row) - _KEYS):
            raise GroundsVocabularyError(
                file, name, f"unknown key {', '.join(unknown)}; use {', '.join(sorted(_KEYS))}"
            )
        if not isinstance(row.get("words"), str):
            raise GroundsVocabularyError(file, name, "add words: the pattern itself")
        try:
            elements = elements_of(row["words"])
            steps = tuple((gap, self._class(element)) for gap, element in elements)
            also = tuple(self._class(element) for element in row.get("with", ()))
            unless = tuple(self._class(element) for element in row.get("unless", ()))
            asked = self._class(row["asked"]) if "asked" in row else None
        except ValueError as error:
            raise GroundsVocabularyError(file, name, str(error)) from error
        return GroundPattern(
            text=row["words"],
            first=steps[0][1],
            steps=steps[1:],
            needed=sum(1 << number for number in {*(number for _, number in steps), *also}),
            unless=unless,
            unless_any=sum(1 << number for number in set(unless)),
            asked=asked,
            negative=bool(row.get("negated"))
            or any(_negates(part) for _, element in elements for part in element.split("|")),
            rule=bool(row.get("rule")),
            weak=bool(row.get("weak")),
            wide=bool(row.get("wide")),
        )

    def _class(self, element: str) -> int:
        parts = element.split("|")
        for part in parts:
            if part.startswith("{") and part[1:-1] not in self._numbers:
                raise ValueError(f"{part} is no class of {WORDS}")
        name = element[1:-1] if len(parts) == 1 and element.startswith("{") else f"={element}"
        if name not in self._numbers:
            terms: list[str] = []
            for part in parts:
                terms += self.classes[part[1:-1]] if part.startswith("{") else [part]
            self._numbers[name] = len(self.classes)
            self.classes[name] = tuple(dict.fromkeys(terms))
        return self._numbers[name]


_NEGATIVE_WORDS: Final = frozenset(["no", "not", "never", "nothing", "none", "neither", "nor", "without"])
