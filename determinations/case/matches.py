"""The words marked in a letter, numbered in the order in which a reader meets them: "match 2 of 9".

A page opens at match 1, the first match of the disputed item that was found. The numbers go on to the end of
the letter and then to what stands before that item. Words that a person looks for within the letter are
marked as the words of a search are; the address has them: `within=medial branch`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, TypeVar

from determinations.search.interface import Fragment, Passage, QuerySyntaxError
from determinations.search.query.nodes import Node
from determinations.search_page.address import QueryParams
from determinations.search_page.question import marking_query

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
_BETWEEN_WORDS = re.compile(r"[^\w.!?;\n]*\n?[^\w.!?;\n]*")
"""What may stand between two marked words of one match: "medial branch" is one, "relief. Block" is two."""

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class NumberedMatch(Fragment):
    """The beginning of a match; what else of it is marked is a plain fragment."""

    number: int = 0

    @property
    def anchor(self) -> str:
        return f"match-{self.number}"


@dataclass(frozen=True, slots=True)
class NumberedParts(Generic[Part]):
    """Each part of the page with its matches numbered, and how many there are."""

    passages: Mapping[Part, Passage]
    count: int


def numbered(parts: Mapping[Part, Passage], first: frozenset[Part] = frozenset()) -> NumberedParts[Part]:
    """The parts of a page in its order; match 1 is the first one in the parts of `first`, if there is one."""
    places = {part: tuple(_beginnings(passage)) for part, passage in parts.items()}
    count = sum(map(len, places.values()))
    before = 0
    for part, found in places.items():
        if part in first and found:
            break
        before += len(found)
    else:
        before = 0
    passages: dict[Part, Passage] = {}
    at = 0
    for part, passage in parts.items():
        numbers = {place: (at + order - before) % count + 1 for order, place in enumerate(places[part])}
        at += len(numbers)
        passages[part] = tuple(
            NumberedMatch(fragment.text, is_match=True, number=numbers[place])
            if place in numbers
            else fragment
            for place, fragment in enumerate(passage)
        )
    return NumberedParts(passages, count)


def _beginnings(passage: Passage) -> Iterator[int]:
    """The places of the fragments that begin a match."""
    goes_on = False
    for place, fragment in enumerate(passage):
        if fragment.is_match and not goes_on:
            yield place
        goes_on = fragment.is_match or (goes_on and _BETWEEN_WORDS.fullmatch(fragment.text) is not None)


def split(fragment: Fragment, places: tuple[int, ...]) -> Iterator[Fragment]:
    """The fragment in pieces, cut at the places within it; the first piece keeps the number of a match."""
    edges = (0, *places, len(fragment.text))
    for start, end in pairwise(edges):
        text = fragment.text[start:end]
        yield Fragment(text, fragment.is_match) if start else replace(fragment, text=text)


def split_at_blank_lines(fragment: Fragment) -> Iterator[Fragment]:
    """The fragment in pieces, one for each paragraph that it reaches into."""
    first, *others = _PARAGRAPH_BREAK.split(fragment.text)
    yield replace(fragment, text=first)
    for text in others:
        yield Fragment(text, fragment.is_match)


WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Within:
    """`text` as typed, `node` what to mark, `error` why that cannot be read; empty if nothing is asked.

    Words are read as the search box reads them, with their related words and other forms.
    """

    text: str = ""
    node: Node | None = None
    error: str = ""


def read_within(params: QueryParams) -> Within:
    typed = next(iter(params.values(WITHIN)[-1:]), "").strip()
    if not typed:
        return Within()
    try:
        return Within(typed, marking_query(typed))
    except QuerySyntaxError as error:
        return Within(typed, error=error.message)
