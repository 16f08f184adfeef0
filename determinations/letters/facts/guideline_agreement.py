"""Whether the reviewer relied on the guidelines that the claims administrator had cited.

A side whose citations could not be read never counts as different.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from determinations.letters.vocabulary.names import CHRONIC_PAIN, chapter_slug, topic_of

NOT_CITED: Final = "none"
OTHER_EVIDENCE: Final = "other"


class Agreement(Enum):
    """How a citation of one side compares with those of the other."""

    SAME = "same"
    OTHER_CHAPTER = "other_chapter"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation's slugs: its chapter, or the topics of a guideline that has none; none where it names none.

    Only `text`, as written, distinguishes other evidence.
    """

    source: str
    chapters: frozenset[str] = frozenset()
    text: str = ""


def chapter_slugs(source: str, chapter: str, sections: Iterable[str]) -> tuple[str, ...]:
    """What stands for the chapter of a citation: chronic pain guidelines have topics in its place."""
    names = [chapter] if chapter else []
    if source == CHRONIC_PAIN:
        names += filter(None, map(topic_of, sections))
    return tuple(map(chapter_slug, names))


def agreement(citation: Cited, others: Collection[Cited]) -> Agreement:
    """The nearest that the other side comes to the citation.

    A guideline cited without a chapter agrees with any of its chapters, and one chapter in common is enough.
    """
    alike = [other for other in others if other.source == citation.source]
    if citation.source == OTHER_EVIDENCE:
        return Agreement.SAME if any(_same_words(citation, other) for other in alike) else Agreement.ELSEWHERE
    if any(_share_a_chapter(citation, other) for other in alike):
        return Agreement.SAME
    return Agreement.OTHER_CHAPTER if alike else Agreement.ELSEWHERE


def is_different(reviewer: Sequence[Cited], administrator: Sequence[Cited]) -> bool | None:
    """Whether the reviewer relied on something else, in whole or part; None where a side was not read."""
    if not reviewer or not administrator:
        return None
    cited = [citation for citation in reviewer if citation.source != NOT_CITED]
    denied_under = [citation for citation in administrator if citation.source != NOT_CITED]
    if not cited or not denied_under:
        return bool(cited) or bool(denied_under)
    return any(agreement(citation, denied_under) is not Agreement.SAME for citation in cited)


def _share_a_chapter(one: Cited, other: Cited) -> bool:
    return not (one.chapters and other.chapters) or bool(one.chapters & other.chapters)


def _same_words(one: Cited, other: Cited) -> bool:
    a, b = one.text.casefold().strip(), other.text.casefold().strip()
    return bool(a and b) and (a in b or b in a)
