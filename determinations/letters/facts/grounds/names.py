"""What grounds are called, and which stand against each other: for pages, facets and forms.

Takes names from grounds.toml without compiling its patterns, and the pairs from opposites.toml.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from determinations.letters.facts.grounds.vocabulary import (
    GROUNDS,
    WORDS,
    GroundEntry,
    GroundsVocabularyError,
    Side,
    ground_entry,
    read_file,
)

OPPOSITES: Final = "opposites.toml"
SIDE_LABELS: Final[Mapping[str, str]] = {"against": "Against the treatment", "for": "For the treatment"}
_RULE_GROUNDS: Final = frozenset(
    {"not-recommended", "evidence-lacking", "long-term-use", "guideline-supports", "within-guideline"}
)
"""Grounds that repeat a guideline's rule: a fact of the case says more about it."""


@dataclass(frozen=True, slots=True)
class OpposedGrounds:
    """What one side misses and the other shows, both slugs, in one `topic`.

    Several grounds may answer one: those of `shown` beside the first.
    """

    topic: str
    lacking: str
    shown: tuple[str, ...]


@cache
def grounds_by_slug() -> Mapping[str, GroundEntry]:
    """Every ground that the vocabulary has, in its order."""
    entries = map(ground_entry, read_file(GROUNDS)["ground"])
    return {entry.slug: entry for entry in entries}


@cache
def ground_words() -> Mapping[str, tuple[str, ...]]:
    """The classes of words in which grounds are stated."""
    return {name: tuple(terms) for name, terms in read_file(WORDS).items()}


@cache
def opposed_grounds() -> tuple[OpposedGrounds, ...]:
    """The pairs in the order of the file. Raises GroundsVocabularyError for the first fault."""
    pairs: list[OpposedGrounds] = []
    for row in read_file(OPPOSITES).get("pair", ()):
        topic, lacking, shown = row.get("topic"), row.get("lacking"), row.get("shown")
        name = str(topic or lacking)
        if set(row) != {"topic", "lacking", "shown"} or not topic or not isinstance(shown, list) or not shown:
            raise GroundsVocabularyError(OPPOSITES, name, "give topic, lacking, and shown as a list")
        for slug, side in ((lacking, "against"), *((one, "for") for one in shown)):
            known = grounds_by_slug().get(slug)
            if known is None or known.side != side:
                raise GroundsVocabularyError(
                    OPPOSITES, name, f'{slug!r} is no ground of the side "{side}" in {GROUNDS}'
                )
        pairs.append(OpposedGrounds(topic, lacking, tuple(shown)))
    if not pairs:
        raise GroundsVocabularyError(OPPOSITES, "pair", "the file needs entries [[pair]]")
    return tuple(pairs)


def main_ground(slugs: Iterable[str], side: Side | None) -> str | None:
    """Of grounds in their order the one that says most: a fact of the case before a rule before the general.

    Those of the `side` come first, where one is given.
    """
    known = [entry for slug in slugs if (entry := grounds_by_slug().get(slug))]
    return min(known, key=lambda entry: _rank(entry, side)).slug if known else None


def _rank(entry: GroundEntry, side: Side | None) -> tuple[bool, bool, bool]:
    return (side is not None and entry.side != side, entry.general, entry.slug in _RULE_GROUNDS)
