"""Compounds in their three writings: "postoperative", "post-operative", "post operative" ask for the same.

What is written with a hyphen says itself what its parts are. Which closed words are open elsewhere, and which
two words are one, is data: `compounds.toml`.

`in_every_writing` prepares each question before it runs: two words that are one compound are searched as
such, and a span of levels is also its joints (`levels`). The engine's analysis knows the other writings by
itself: forms of words, hyphens, doses, dates.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

from determinations.search.query.levels import every_level
from determinations.search.query.nodes import All, AnyOf, Node, Not, Word, all_of, any_of

PATH = Path(__file__).with_name("compounds.toml")
_SHORTEST_SECOND = 4


class CompoundsError(ValueError):
    """`compounds.toml` breaks its own rules; the message says where."""


@dataclass(frozen=True, slots=True)
class Compounds:
    """`pairs` are the two words of each listed compound; prefixes come longest first."""

    prefixes: tuple[str, ...]
    closed_prefixes: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    of_closed: dict[str, tuple[str, str]]


def compounds_of(text: str) -> Compounds:
    """The compounds of a TOML text. Raises CompoundsError."""
    tables = tomllib.loads(text)
    if set(tables) != {"prefixes", "prefixes_and_words", "open"}:
        raise CompoundsError("compounds are `prefixes`, `prefixes_and_words` and tables of `open`")
    pairs: set[tuple[str, str]] = set()
    for number, table in enumerate(tables["open"], 1):
        if set(table) != {"first", "second"} or not all(table.values()):
            raise CompoundsError(f"table {number} of `open` needs `first` and `second`")
        pairs.update(product(table["first"], table["second"]))
    alone = tuple(sorted(tables["prefixes"], key=len, reverse=True))
    closed = tuple(sorted((*alone, *tables["prefixes_and_words"]), key=len, reverse=True))
    return Compounds(
        alone, closed, frozenset(pairs), {one + other: (one, other) for one, other in sorted(pairs)}
    )


@cache
def compounds() -> Compounds:
    return compounds_of(PATH.read_text(encoding="utf-8"))


def opened(word: str) -> tuple[str, str] | None:
    """The two words that a closed compound in small letters may be written as; None for other words."""
    known = compounds()
    if (pair := known.of_closed.get(word)) is not None:
        return pair
    for prefix in known.closed_prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_SECOND:
            return prefix, word[len(prefix) :]
    return None


def are_one(first: str, second: str) -> bool:
    """Whether two words in small letters, side by side, are one compound: "follow up", "non steroidal"."""
    known = compounds()
    if (first, second) in known.pairs:
        return True
    return first in known.prefixes and len(second) >= _SHORTEST_SECOND and second.isalpha()


def in_every_writing(node: Node) -> Node:
    return every_level(_joined(node))


def _joined(node: Node) -> Node:
    match node:
        case All(parts):
            return all_of(_compounds(parts))
        case AnyOf(parts):
            return any_of(map(_joined, parts), is_one_thing=node.is_one_thing)
        case Not(part):
            return Not(_joined(part))
        case _:
            return node


def _compounds(parts: tuple[Node, ...]) -> Iterator[Node]:
    """The parts, two words that are one compound as one word with a hyphen."""
    at = 0
    while at < len(parts):
        first, second = parts[at], parts[at + 1] if at + 1 < len(parts) else None
        if isinstance(first, Word) and isinstance(second, Word) and _are_one(first, second):
            yield Word(f"{first.text}-{second.text}", first.field, first.weight)
            at += 2
        else:
            yield _joined(first)
            at += 1


def _are_one(first: Word, second: Word) -> bool:
    alike = (first.field, first.weight) == (second.field, second.weight)
    return alike and not first.exact and not second.exact and are_one(first.text.lower(), second.text.lower())
