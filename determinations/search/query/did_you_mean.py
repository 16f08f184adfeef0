"""Questions to offer beside the results: misspelled words corrected, or an ambiguous question read otherwise.

Knows no index: the engine's `suggest_word` is an argument. Numbers, levels, case numbers, wildcards and fuzzy
words stay as typed, and so does every word that the index knows in any form, or that names a thing
(`synonyms`). Whether an offered word makes sense in its place shows in what the corrected question finds:
see `finds`.

"norco or vicodin" is three words, and "MRI WITH OR WITHOUT CONTRAST" either of two things. Both can be run,
so neither is refused; the page says how the question was read and offers the other reading.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.language import parse_query
from determinations.search.query.lexer import Kind, QueryToken, tokens_of
from determinations.search.query.nodes import All, AnyOf, Near, Node, Not, Phrase, Word
from determinations.search.query.repair import ParseError, replace_span
from determinations.search.query.synonyms import known_term
from determinations.search.text_folding import plain_characters

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


_WORDS_OF_A_SENTENCE = 4
_PROSE = {("with", "without"), ("w", "w/o"), ("w/", "w/o"), ("more", "less"), ("whether", "not")}
"""Words around an "or" that separates no two searches: "with or without contrast"."""

Change = tuple[int, int, str]
"""From where to where in the text, and what instead."""


@dataclass(frozen=True, slots=True)
class OtherReading:
    """`message` says how the question was read; `text` is the question that is read the other way."""

    message: str
    text: str


def other_reading(typed: str) -> OtherReading | None:
    """The other reading to offer beside the results, or None. `typed` is a question that parses."""
    text = plain_characters(typed)
    try:
        tokens = tokens_of(text)
    except ParseError:
        return None
    return _small_or(text, tokens) or _all_capitals(text, tokens) or _signed_number(text, tokens)


def _signed_number(text: str, tokens: list[QueryToken]) -> OtherReading | None:
    """A minus before a number that was not taken for "leave out", or a plus that was taken for nearness."""
    for token in tokens:
        typed = text[token.start : token.end]
        if token.kind is Kind.LEAF and typed.startswith("-"):
            number = typed[1:]
            message = (
                f"{typed} is searched as a number below zero. To leave {number} out, write NOT {number}."
            )
            return _offered(text, [(token.start, token.end, f"NOT {number}")], message)
        if token.kind is Kind.NEAR and typed.startswith("+"):
            message = (
                f"{typed} is read as “in this order, near each other”. To search the number, leave the + out."
            )
            return _offered(text, [(token.start, token.start + 1, "")], message)
    return None


def _small_or(text: str, tokens: list[QueryToken]) -> OtherReading | None:
    words = [_spoken(text, token) for token in tokens]
    changes: list[Change] = []
    for place in range(1, len(tokens) - 1):
        before, here, after = words[place - 1 : place + 2]
        if here in ("or", "and/or") and (before, after) not in _PROSE:
            changes.append((tokens[place].start, tokens[place].end, "OR"))
        elif (here, after) == ("but", "not") and words[place + 2 : place + 3] not in ([], ["limited"]):
            changes.append((tokens[place].start, tokens[place + 1].end, "NOT"))
    message = "Small “or” and “not” are searched as words. To combine words, write OR and NOT in capitals."
    return _offered(text, changes, message)


def _all_capitals(text: str, tokens: list[QueryToken]) -> OtherReading | None:
    if text != text.upper() or sum(token.kind is Kind.LEAF for token in tokens) < _WORDS_OF_A_SENTENCE:
        return None
    typed = [(token, text[token.start : token.end]) for token in tokens]
    changes = [(token.start, token.end, word.lower()) for token, word in typed if word in ("OR", "NOT")]
    message = "OR and NOT in capitals combine words. To search them as words, write them in small letters."
    return _offered(text, changes, message)


def _offered(text: str, changes: list[Change], message: str) -> OtherReading | None:
    """The changed text, if there is one and it can be run."""
    if not changes:
        return None
    for start, end, instead in reversed(changes):
        text = replace_span(text, start, end, instead)
    try:
        parse_query(text)
    except QuerySyntaxError:
        return None
    return OtherReading(message, text)


def _spoken(text: str, token: QueryToken) -> str:
    """The word a token is, in small letters; empty for phrases, operators and words in quotes."""
    typed = text[token.start : token.end]
    if not isinstance(token.node, Word) or typed.startswith('"') or typed in ("AND", "OR", "NOT"):
        return ""
    return typed.lower()
