"""Cuts a question into its parts: leaves, operators, brackets, field names.

Reads text from `plain_characters`. What a leaf is, is decided by `query_words`, `query_phrases`,
`query_levels` and `query_case_numbers`; whether the parts make sense together, by `query_parser`.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from determinations.search.query_case_numbers import (
    EXAMPLE,
    case_number_at,
    overlong_case_number_at,
)
from determinations.search.query_faults import QueryFaultError, shown, without
from determinations.search.query_fields import field_at
from determinations.search.query_foreign_signs import check_foreign_sign, check_weight
from determinations.search.query_levels import levels_at
from determinations.search.query_phrases import is_inch_sign, phrase_at
from determinations.search.query_repair import distance_joined
from determinations.search.query_tree import Node, Word
from determinations.search.query_words import (
    ADDRESS,
    OPTIONAL_PLURAL,
    RUN,
    read_run,
    word_or_words,
)


class Kind(Enum):
    LEAF = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    FIELD = auto()
    DASH = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`start` and `end` are places in the text; `node` is a leaf's, `field` a field name's."""

    kind: Kind
    start: int
    end: int
    node: Node | None = None
    field: str | None = None


OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}

_MINUS = re.compile(r"""-(?=["(*?]|'\S|[^\s\w()"',;:|<>\[\]{}\\-]*[^\W_])""")
_DASHES = re.compile(r"-+")
_DECIMAL = re.compile(r"\.\d")
_LOOSE_SIGNS = "'/_=&@^+.!"


def tokens_of(text: str) -> list[Token]:
    """The parts of `text` in order. Raises QueryFaultError for a part that cannot be understood."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        token, at = _next(text, at)
        if token:
            found.append(token)
    return found


def _next(text: str, at: int) -> tuple[Token | None, int]:
    """The part at `at`, or None for a sign that is passed over, and where to go on."""
    character = text[at]
    if character in "()":
        if plural := OPTIONAL_PLURAL.match(text, at):
            return None, plural.end()
        return Token(Kind.OPEN if character == "(" else Kind.CLOSE, at, at + 1), at + 1
    if character == '"' and is_inch_sign(text, at):
        return None, at + 1
    if character == '"' or (character == "'" and (at == 0 or not text[at - 1].isalnum())):
        phrase = phrase_at(text, at)
        if phrase:
            return Token(Kind.LEAF, at, phrase[1], phrase[0]), phrase[1]
    if character == "-":
        token = _minus_or_dash(text, at)
        return token, token.end
    check_foreign_sign(text, at)
    if character in _LOOSE_SIGNS and not _DECIMAL.match(text, at):
        return None, at + 1
    return _word(text, at)


def _minus_or_dash(text: str, at: int) -> Token:
    if _MINUS.match(text, at):
        return Token(Kind.NOT, at, at + 1)
    dashes = _DASHES.match(text, at)
    end = dashes.end() if dashes else at + 1
    if text[end : end + 1].isalnum():
        raise QueryFaultError(
            f"Two minus signs stand before {shown(text[end:].split(' ')[0])}. One leaves a word out.",
            without(text, at, end, "-"),
        )
    return Token(Kind.DASH, at, end)


def _word(text: str, at: int) -> tuple[Token | None, int]:
    if case := case_number_at(text, at):
        return Token(Kind.LEAF, at, case[1], case[0]), case[1]
    if overlong := overlong_case_number_at(text, at):
        raise QueryFaultError(
            f"{shown(text[at : overlong[0]])} has too many digits: a case number looks like {EXAMPLE}.",
            without(text, overlong[1], overlong[0]),
        )
    if levels := levels_at(text, at):
        return Token(Kind.LEAF, at, levels[1], word_or_words(levels[0])), levels[1]
    if address := ADDRESS.match(text, at):
        return Token(Kind.LEAF, at, address.end(), Word(address.group())), address.end()
    if field := field_at(text, at):
        return Token(Kind.FIELD, at, field[1], field=field[0]), field[1]
    run = RUN.match(text, at)
    if run is None:
        return None, at + 1
    if operator := OPERATORS.get(run.group()):
        return Token(operator, at, run.end()), run.end()
    check_weight(text, at, run.end())
    try:
        node = read_run(_without_question_mark(text, run))
    except QueryFaultError as fault:
        instead = None if fault.repaired is None else without(text, at, run.end(), fault.repaired)
        raise QueryFaultError(fault.message, distance_joined(text, at, run.group()) or instead) from None
    return (Token(Kind.LEAF, at, run.end(), node) if node else None), run.end()


def _without_question_mark(text: str, run: re.Match[str]) -> str:
    """The run without the ? at its end, if it is one of several words: "is Norco necessary?"."""
    ends_a_word = text[run.end() : run.end() + 1] in ("", " ", ",", ";")
    return run.group().rstrip("?!") if " " in text and ends_a_word else run.group()
