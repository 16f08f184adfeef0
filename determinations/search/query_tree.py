"""A parsed question, free of any engine: what `query_text` produces and every engine can run.

Text in the leaves is as it was typed; an engine applies its own analysis (lower case, stems,
"L4/5" to "L4-L5"). `field` None means every searched field. `weight` is what a word's or phrase's score
is multiplied by; what a person types has 1.
"""

from dataclasses import dataclass
from typing import TypeAlias

SEARCHED_FIELDS: tuple[str, ...] = ("request", "rationale", "summary", "guideline")
"""The text fields of an index document; `case` beside them is matched whole."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    field: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order; `slop` 1 means adjacent, n that each is at most n positions after the last."""

    words: tuple[str, ...]
    slop: int = 1
    field: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`pattern` holds `*` (any letters) or `?` (one letter); "radic*" is a prefix."""

    pattern: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words within `distance` edits; the first letter must be right."""

    text: str
    distance: int = 1
    field: str | None = None


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in its canonical writing, "CM14-0031877"."""

    number: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


Node: TypeAlias = Word | Phrase | Wildcard | Fuzzy | CaseNumber | All | AnyOf | Not
