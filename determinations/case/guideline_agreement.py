"""Whether two sides relied on the same guideline. Knows citations as values; no rows, no page.

What an IMR turns on is often here: the claims administrator denies under one chapter and the reviewer
approves under another. A side whose citations could not be read is never said to differ.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

NOT_CITED = "none"
OTHER_EVIDENCE = "other"


class Agreement(Enum):
    """How a citation of one side stands to those of the other."""

    SAME = "same"
    OTHER_CHAPTER = "other_chapter"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation's slugs: its chapter, or the topics of a guideline that has none; none where it names none.

    `text`, as written, alone tells other evidence apart.
    """

    source: str
    chapters: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both sides in one sentence; `differs` where the reviewer relied on something else, in whole or part."""

    text: str
    differs: bool


_ELSE = "The reviewer relied on something else than the claims administrator."
_ALSO = "The reviewer also relied on something that the claims administrator did not cite."
_VERDICTS = {
    frozenset({Agreement.SAME}): (
        "The claims administrator had cited every guideline that the reviewer cited, and no other chapter or "
        "topic of it. Pages are not compared."
    ),
    frozenset({Agreement.ELSEWHERE}): _ELSE,
    frozenset({Agreement.ELSEWHERE, Agreement.OTHER_CHAPTER}): _ELSE,
    frozenset(
        {Agreement.OTHER_CHAPTER}
    ): "The reviewer relied on another chapter or topic than the claims administrator.",
}


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


def verdict(reviewer: Sequence[Cited], administrator: Sequence[Cited]) -> Verdict | None:
    """What to say above both sides, or None where a side's citations could not be read."""
    if not reviewer or not administrator:
        return None
    cited = [citation for citation in reviewer if citation.source != NOT_CITED]
    denied_under = [citation for citation in administrator if citation.source != NOT_CITED]
    if not cited and not denied_under:
        return Verdict("Neither side cited a guideline.", differs=False)
    if not cited:
        return Verdict("The reviewer cited no guideline.", differs=True)
    if not denied_under:
        return Verdict("Only the reviewer cited a guideline.", differs=True)
    found = {agreement(citation, denied_under) for citation in cited}
    return Verdict(_VERDICTS.get(frozenset(found), _ALSO), differs=found != {Agreement.SAME})


def _share_a_chapter(one: Cited, other: Cited) -> bool:
    return not (one.chapters and other.chapters) or bool(one.chapters & other.chapters)


def _same_words(one: Cited, other: Cited) -> bool:
    a, b = one.text.casefold().strip(), other.text.casefold().strip()
    return bool(a and b) and (a in b or b in a)
