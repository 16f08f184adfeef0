"""The other way to read a question whose operators are small, or whose every letter is a capital.

"norco or vicodin" is three words, and "MRI WITH OR WITHOUT CONTRAST" either of two things. Both can be run,
so neither is refused; the person is told how the question was read and offered the other reading.
"""

from dataclasses import dataclass

from .interface import QuerySyntaxError
from .query_characters import plain_characters
from .query_faults import QueryFaultError, without
from .query_lexer import Kind, Token, tokens_of
from .query_text import parse_query
from .query_tree import Word

_WORDS_OF_A_SENTENCE = 4
_NOT_EITHER = {("with", "without"), ("w", "w/o"), ("w/", "w/o"), ("more", "less"), ("whether", "not")}
"""Words around an "or" of prose: "with or without contrast"."""


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
    return _small_or(text, tokens) or _all_capitals(text, tokens)


def _small_or(text: str, tokens: list[Token]) -> OtherReading | None:
    found = [
        token
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if token.node in (Word("or"), Word("Or"), Word("and/or"))
        and text[token.start] != '"'
        and (_spoken(before), _spoken(after)) not in _NOT_EITHER
    ]
    return _offered(
        text,
        found,
        "OR",
        "A small “or” is searched as a word. To find either of two things, write OR in capitals.",
    )


def _all_capitals(text: str, tokens: list[Token]) -> OtherReading | None:
    words = [token for token in tokens if token.kind is Kind.LEAF]
    if text != text.upper() or len(words) < _WORDS_OF_A_SENTENCE:
        return None
    typed = [token for token in tokens if text[token.start : token.end] in ("OR", "NOT")]
    return _offered(
        text,
        typed,
        None,
        "OR and NOT in capitals combine words. To search them as words, write them in small letters.",
    )


def _offered(text: str, tokens: list[Token], instead: str | None, message: str) -> OtherReading | None:
    """The text with each of `tokens` replaced, or made small, if that can be run."""
    if not tokens:
        return None
    for token in reversed(tokens):
        text = without(text, token.start, token.end, instead or text[token.start : token.end].lower())
    try:
        parse_query(text)
    except QuerySyntaxError:
        return None
    return OtherReading(message, text)


def _spoken(token: Token) -> str:
    return token.node.text.lower() if isinstance(token.node, Word) else ""
