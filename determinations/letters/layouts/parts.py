"""What each layout's reader hands on: the letter cut into its parts, before any fact is read from them."""

from dataclasses import dataclass, field

from determinations.letters.parsed_letter import Decision, Layout, ReadingWarning


@dataclass(frozen=True, slots=True)
class ItemParts:
    """One disputed item's texts, each a joined paragraph, empty where the letter has none.

    `expects_claims_guideline` is False in layouts that print no paragraph of the claims administrator.
    `says_both`: the heading states decisions that differ, so that the item counts as partially overturned.
    `mistyped_labels` are labels, as written, that were taken for ones which are all but spelled so.
    """

    request: str
    decision: Decision
    claims_administrator_guideline: str = ""
    reviewer_guideline: str = ""
    rationale: str = ""
    expects_claims_guideline: bool = True
    says_both: bool = False
    mistyped_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterParts:
    layout: Layout
    cover: str
    reviewer: str
    summary: str
    items: tuple[ItemParts, ...]
    warnings: list[ReadingWarning] = field(default_factory=list)
