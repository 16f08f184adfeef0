"""Fuzzy words for engines that have none: all words near a fuzzy word, as they are spelled, are asked for.

The engines' own lists of words hold stems: "locatio" is one letter from "location", but two from "locat".
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from determinations.search.query.nodes import All, AnyOf, Fuzzy, Node, Not, Word


def with_near_words(node: Node, near: Callable[[str, int], Iterable[str]]) -> Node:
    """`near`: the words within some edits of a word that share its first letter."""
    match node:
        case Fuzzy(text, distance, field):
            # Where no word is near, the question is asked with what was typed, and finds nothing either.
            words = tuple(Word(word, field) for word in near(text.lower(), distance)) or (Word(text, field),)
            return words[0] if len(words) == 1 else AnyOf(words)
        case All(parts) | AnyOf(parts):
            return replace(node, parts=tuple(with_near_words(part, near) for part in parts))
        case Not(part):
            return Not(with_near_words(part, near))
        case _:
            return node
