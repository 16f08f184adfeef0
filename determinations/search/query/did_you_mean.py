"""A question with its misspelt words replaced by words that the index holds.

Knows no index: the engine's `suggest_word` is handed in. Numbers, levels, case numbers, wildcards and fuzzy
words stay as typed, and so does every word that the index knows in any form, or that names a thing
(`synonyms`). Whether an offered word makes sense in its place shows in what the corrected question finds:
see `finds`.
"""

from collections.abc import Callable
from dataclasses import replace

from determinations.search.query.nodes import All, AnyOf, Near, Node, Not, Phrase, Word
from determinations.search.query.synonyms import known_term

Suggest = Callable[[str, str | None], str | None]
"""(word, field) -> the likeliest correction, or None if the index holds the word or nothing near it."""


Finds = Callable[[Node], bool]
"""Whether a question finds anything."""


def corrected(node: Node, suggest: Suggest, finds: Finds | None = None) -> Node | None:
    """The corrected question, or None if there is nothing to correct, or nothing that it `finds`."""
    better = _corrected(node, suggest)
    if better == node or (finds is not None and not finds(better)):
        return None
    return better


def _corrected(node: Node, suggest: Suggest) -> Node:
    match node:
        case All(parts) | AnyOf(parts):
            return replace(node, parts=tuple(_corrected(part, suggest) for part in parts))
        case Not(part):
            return Not(_corrected(part, suggest))
        case Near(parts):
            return replace(node, parts=tuple(_corrected(part, suggest) for part in parts))
        case Word(text, field):
            return node if known_term(text) else replace(node, text=_word(text, field, suggest))
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
