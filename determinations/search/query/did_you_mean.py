"""A question with its misspelt words replaced by words that the index holds.

Knows no index: the engine's `suggest_word` is handed in. Numbers, levels, case numbers, wildcards and
fuzzy words stay as typed, and so does every word that the index knows, in quotes or not.
"""

from collections.abc import Callable
from dataclasses import replace

from determinations.search.query.nodes import All, AnyOf, Node, Not, Phrase, Word

Suggest = Callable[[str, str | None], str | None]
"""(word, field) -> the likeliest correction, or None if the index holds the word or nothing near it."""


def corrected(node: Node, suggest: Suggest) -> Node | None:
    """The corrected question, or None if there is nothing to correct."""
    better = _corrected(node, suggest)
    return better if better != node else None


def _corrected(node: Node, suggest: Suggest) -> Node:
    match node:
        case All(parts) | AnyOf(parts):
            return type(node)(tuple(_corrected(part, suggest) for part in parts))
        case Not(part):
            return Not(_corrected(part, suggest))
        case Word(text, field):
            return replace(node, text=_word(text, field, suggest))
        case Phrase(words, _, field):
            return replace(node, words=tuple(_word(word, field, suggest) for word in words))
        case _:
            return node


def _word(typed: str, field: str | None, suggest: Suggest) -> str:
    """The correction of a word of letters; one that differs in capitals only is none."""
    if not typed.isalpha():
        return typed
    better = suggest(typed, field)
    return better if better and better.casefold() != typed.casefold() else typed
