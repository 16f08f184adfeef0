"""Checks the vocabulary of grounds: what the site calls at start.

Reading the files already checks their form. This reads every example and counter-example beside a pattern,
and compares the classifier's grounds with the vocabulary's.
"""

from determinations.letters.facts.grounds.classifier import COEFFICIENTS, classifier
from determinations.letters.facts.grounds.names import opposed_grounds
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.vocabulary import (
    GroundsVocabulary,
    GroundsVocabularyError,
    vocabulary,
)


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
