"""What a question asks for in every writing of a letter, done to each question before it is run.

A span of levels is also its joints (`levels`), and two words that are one compound are looked for as such
(`compounds`). What the engine's analysis knows by itself is left to it: forms of words, hyphens, doses,
dates.
"""

from collections.abc import Iterator

from determinations.search.query.compounds import are_one
from determinations.search.query.levels import every_level
from determinations.search.query.nodes import All, AnyOf, Node, Not, Word, all_of, any_of


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
