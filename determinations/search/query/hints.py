"""The other way to read a question whose operators are small, or whose every letter is a capital.

"norco or vicodin" is three words, and "MRI WITH OR WITHOUT CONTRAST" either of two things. Both can be run,
so neither is refused; the person is told how the question was read and offered the other reading.
"""

from dataclasses import dataclass

from determinations.search.interface import QuerySyntaxError
from determinations.search.query.characters import plain_characters
from determinations.search.query.errors import QueryFaultError, replace_span
from determinations.search.query.language import parse_query
from determinations.search.query.lexer import Kind, Token, tokens_of
from determinations.search.query.nodes import Word

_WORDS_OF_A_SENTENCE = 4
_PROSE = {("with", "without"), ("w", "w/o"), ("w/", "w/o"), ("more", "less"), ("whether", "not")}
"""Words around an "or" that parts no two searches: "with or without contrast"."""

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
    except QueryFaultError:
        return None
    return _small_or(text, tokens) or _all_capitals(text, tokens) or _signed_number(text, tokens)


def _signed_number(text: str, tokens: list[Token]) -> OtherReading | None:
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


def _small_or(text: str, tokens: list[Token]) -> OtherReading | None:
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


def _all_capitals(text: str, tokens: list[Token]) -> OtherReading | None:
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


def _spoken(text: str, token: Token) -> str:
    """The word a token is, in small letters; empty for phrases, operators and words in quotes."""
    typed = text[token.start : token.end]
    if not isinstance(token.node, Word) or typed.startswith('"') or typed in ("AND", "OR", "NOT"):
        return ""
    return typed.lower()
