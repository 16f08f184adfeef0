"""A parsed question, free of any engine: what `query_text` produces and every engine can run.

Text in the leaves is as it was typed; `exact` words are looked for as they are written, others in every
form; an engine applies its own analysis (lower case, stems, "L4/5" to "L4-L5"). `field` None means the
item's own fields, and the summary where that is asked for. `weight` is how much a word or phrase counts
beside the one that was typed, which has 1.

Building trees in the normal form that `parse_query` promises and `query_to_text` prints.

`All` and `AnyOf` have two parts or more and never a part of their own kind; `Not` never holds a `Not`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

SEARCHED_FIELDS: tuple[str, ...] = ("request", "rationale", "summary", "guideline")
"""The text fields of an index document; `case` beside them is matched whole."""

ITEM_FIELDS: tuple[str, ...] = ("request", "rationale", "guideline")
"""The item's own: what a leaf without a field is looked for in, unless the letter's summary is asked for."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    field: str | None = None
    weight: float = 1.0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order; `slop` 1 means adjacent, n that each is at most n positions after the last."""

    words: tuple[str, ...]
    slop: int = 1
    field: str | None = None
    weight: float = 1.0
    exact: bool = False


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


class Nearness(StrEnum):
    """How near the parts of a `Near` must be."""

    WORDS = "words"
    SENTENCE = "sentence"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Near:
    """Each part near to the next one, behind it or, unless `ordered`, before it.

    `distance` counts words (1 is side by side) where the nearness is WORDS, and is 0 elsewhere. The parts are
    words, phrases, wildcards, fuzzy words, `AnyOf` of these, or other `Near`s; all are in one field.
    """

    parts: tuple["Node", ...]
    distance: int
    ordered: bool = False
    nearness: Nearness = Nearness.WORDS
    field: str | None = None


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """Items with this value of a facet: `service:opioids`."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class DateRange:
    """Items whose letter's `date` ("decided") lies from `first` to `last`, both included, yyyymmdd."""

    date: str
    first: int = 0
    last: int = 99_999_999


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in its canonical writing, "CM14-0031877"."""

    number: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`is_one_thing`: the parts are names of one thing, which says how items are scored, not which match."""

    parts: tuple["Node", ...]
    is_one_thing: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


Node: TypeAlias = (
    Word | Phrase | Wildcard | Fuzzy | Near | CaseNumber | FacetTerm | DateRange | All | AnyOf | Not
)


def all_of(nodes: Iterable[Node]) -> Node:
    """Every one of `nodes` (at least one); a single node stands for itself."""
    flat = [part for node in nodes for part in (node.parts if isinstance(node, All) else (node,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def any_of(nodes: Iterable[Node], *, is_one_thing: bool = False) -> Node:
    """At least one of `nodes` (at least one); a single node stands for itself."""
    flat = [part for node in nodes for part in (node.parts if isinstance(node, AnyOf) else (node,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat), is_one_thing)


def negated(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


def in_field(node: Node, name: str) -> Node:
    """`node` with every leaf in the text field `name`, where a case number is a word like any other."""
    match node:
        case All(parts):
            return All(tuple(in_field(part, name) for part in parts))
        case AnyOf(parts):
            return replace(node, parts=tuple(in_field(part, name) for part in parts))
        case Not(part):
            return Not(in_field(part, name))
        case CaseNumber(number):
            return Word(number, name)
        case Near(parts):
            return replace(node, parts=tuple(in_field(part, name) for part in parts), field=name)
        case FacetTerm() | DateRange():
            return node
        case _:
            return replace(node, field=name)


def as_written(node: Node) -> Node:
    """`node` with every word looked for as it is written: the switch "exact words" of a whole question."""
    match node:
        case All(parts):
            return All(tuple(map(as_written, parts)))
        case AnyOf(parts):
            return replace(node, parts=tuple(map(as_written, parts)))
        case Near(parts):
            return replace(node, parts=tuple(map(as_written, parts)))
        case Not(part):
            return Not(as_written(part))
        case Word() | Phrase():
            return replace(node, exact=True)
        case _:
            return node


def names_fields(node: Node | None) -> bool:
    """Whether a part of the question is looked for in one field only."""
    match node:
        case All(parts) | AnyOf(parts):
            return any(map(names_fields, parts))
        case Not(part):
            return names_fields(part)
        case CaseNumber() | FacetTerm() | DateRange() | None:
            return False
        case _:
            return node.field is not None


def asks_every_field(node: Node | None) -> bool:
    """Whether a part of the question names no field, so that summaries may add to what is found."""
    match node:
        case All(parts) | AnyOf(parts):
            return any(map(asks_every_field, parts))
        case Not() | CaseNumber() | FacetTerm() | DateRange() | None:
            return False
        case _:
            return node.field is None


def is_case(node: Node) -> bool:
    """A case number, the beginning of one, or several."""
    if isinstance(node, AnyOf):
        return all(map(is_case, node.parts))
    return isinstance(node, CaseNumber) or (isinstance(node, Wildcard) and node.field == "case")
