"""Checks the whole vocabulary: what a system check of the site calls at start.

Reading a file already checks its form. This reads every name and every example the way a request is read, so
that a name that another one swallows is found before a letter is. Of grounds it reads every example and
counter-example beside a pattern, and compares the classifier's grounds with the vocabulary's.
"""

from collections.abc import Iterator

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.grounds.classifier import COEFFICIENTS, classifier
from determinations.letters.facts.grounds.names import opposed_grounds
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.vocabulary import (
    GroundsVocabulary,
    GroundsVocabularyError,
    vocabulary,
)
from determinations.letters.facts.reviewer import reviewer_in
from determinations.letters.facts.services import services_in
from determinations.letters.vocabulary.body_parts import FILE as BODY_PARTS
from determinations.letters.vocabulary.body_parts import body_parts
from determinations.letters.vocabulary.files import VocabularyError, read_file
from determinations.letters.vocabulary.guidelines import guideline_vocabulary
from determinations.letters.vocabulary.names import chronic_pain_topics, drugs, specialties
from determinations.letters.vocabulary.services import FILE, service_vocabulary


def check_vocabulary() -> None:
    """Raises VocabularyError for the first fault of any file, naming file and entry and what to fix."""
    service_vocabulary()
    guideline_vocabulary()
    chronic_pain_topics()
    for file, slug, name in _names():
        found = services_in(name)
        if slug not in found:
            raise VocabularyError(
                file,
                slug,
                f"{name!r} is read as {', '.join(found)}; write it so that its own service is found",
            )
    for part in body_parts():
        for example in part.examples:
            if part.slug not in (read := body_parts_in(example)):
                raise VocabularyError(BODY_PARTS, part.slug, f"its example {example!r} is read as {read}")
    for specialty in specialties():
        for spelling in (specialty.name, *specialty.spellings):
            read = reviewer_in(f"Board Certified in {spelling}.").specialties
            if read != (specialty.name,):
                raise VocabularyError("specialties.toml", specialty.name, f"{spelling!r} is read as {read}")


def _names() -> Iterator[tuple[str, str, str]]:
    """Every name and example of a service, with the file and the slug it stands under."""
    for service in read_file(FILE)["service"]:
        for key in ("names", "fallback", "last_resort"):
            for name in service.get(key, ()):
                yield FILE, service["slug"], name
        for pattern in service.get("patterns", ()):
            yield FILE, service["slug"], pattern["example"]
    for drug in drugs():
        for name in (drug.generic, *drug.brands):
            yield "drugs.toml", drug.service, name


def check_grounds(words: GroundsVocabulary | None = None) -> None:
    """Raises GroundsVocabularyError for the first fault, naming file and entry and what to fix."""
    words = words or vocabulary()
    opposed_grounds()
    reader = Reader(words)
    for example in words.examples:
        if reader.matches(example.sentence, example.pattern) != example.found:
            verdict = "is not found by it; change one of the two" if example.found else "is found by it, too"
            raise GroundsVocabularyError(example.file, example.entry, f"{example.sentence!r} {verdict}")
    unknown = set(classifier().grounds) - {ground.slug for ground in words.grounds}
    if unknown:
        fix = "the classifier knows it, and grounds.toml does not; run grounds_training.training again"
        raise GroundsVocabularyError(COEFFICIENTS.name, min(unknown), fix)
