"""Cuts a question into its parts: leaves, operators, brackets, field names.

Reads text from `plain_characters`. What stands in a leaf is decided by `query_words`; whether the
parts make sense together is decided by `query_text`.
"""

import difflib
import re
from dataclasses import dataclass
from enum import Enum, auto

from . import query_words
from .facets import FACETS_BY_NAME
from .query_case_numbers import EXAMPLE, case_number_at, overlong_case_number_at
from .query_faults import QueryFaultError, shown, without
from .query_levels import levels_at
from .query_repair import distance_joined
from .query_tree import SEARCHED_FIELDS, Node, Phrase, Word

FIELDS: tuple[str, ...] = (*SEARCHED_FIELDS, "case")
FIELDS_IN_WORDS = "rationale:, summary:, request:, guideline: and case:"
MAX_SLOP = 100


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

_KNOWN_FIELD = re.compile(rf"({'|'.join(FIELDS)}) ?:+", re.IGNORECASE)
_OTHER_FIELD = re.compile(r'([^\W\d]+):+(?=[\w"\'(*?#$.~-])')
_FIELD_BEFORE_SPACE = re.compile(r"([^\W\d_]{6,}):+(?= )")
_MINUS = re.compile(r"""-(?=["(*?]|'\S|[^\s\w()"',;:|<>\[\]{}\\-]*[^\W_])""")
_PHRASE = re.compile(r'"([^"]*)"(?:(~)([\w.]*))?')
_PHRASE_IN_APOSTROPHES = re.compile(r"""'(?=\S)((?:[^'"]|(?<=\w)'(?=\w))+)'(?!\w)()()""")
_INCHES = re.compile(r'(?<=\d)"(?=[\s,.;)]|$)')
_CLOSING_QUESTION = re.compile(r"[ ?!.]*\?[ ?!.]*$")
_REFUSAL = re.compile(r'!(?=[\w"(])')
_DECIMAL = re.compile(r"\.\d")
_LOOSE_SIGNS = "'/_=&@^+.!"


def without_question_mark(text: str) -> str:
    """`text` without the question mark that ends a question of several words.

    Elsewhere ? stands for one letter; "is Norco necessary?" should not look for "necessaryx".
    """
    asked = _CLOSING_QUESTION.sub("", text)
    return asked if " " in asked else text


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
        plural = query_words.OPTIONAL_PLURAL.match(text, at)
        if plural:
            return None, plural.end()
        return Token(Kind.OPEN if character == "(" else Kind.CLOSE, at, at + 1), at + 1
    if character == '"' or (character == "'" and (at == 0 or not text[at - 1].isalnum())):
        phrase = (_PHRASE if character == '"' else _PHRASE_IN_APOSTROPHES).match(text, at)
        if phrase:
            return _phrase(text, phrase), phrase.end()
        if character == '"':
            raise _unclosed_quote(text, at)
    if character == "-":
        minus = _MINUS.match(text, at)
        if minus:
            return Token(Kind.NOT, at, at + 1), at + 1
        end = at + len(text[at:]) - len(text[at:].lstrip("-"))
        if end > at + 1 and text[end : end + 1].isalnum():
            raise QueryFaultError(
                f"Two minus signs stand before {shown(text[end:].split(' ')[0])}. One leaves a word out.",
                without(text, at, end, "-"),
            )
        return Token(Kind.DASH, at, end), end
    if character == "|":
        end = at + len(text[at:]) - len(text[at:].lstrip("|"))
        raise QueryFaultError(
            f"The sign {shown(text[at:end])} has no meaning here. For one or the other write OR.",
            without(text, at, end, " OR "),
        )
    if _REFUSAL.match(text, at):
        raise QueryFaultError(
            "An exclamation mark before a word has no meaning here. A minus sign leaves the word out.",
            without(text, at, at + 1, "-"),
        )
    if character in _LOOSE_SIGNS and not _DECIMAL.match(text, at):
        return None, at + 1
    return _word(text, at)


def _word(text: str, at: int) -> tuple[Token | None, int]:
    if case := case_number_at(text, at):
        return Token(Kind.LEAF, at, case[1], case[0]), case[1]
    if overlong := overlong_case_number_at(text, at):
        raise QueryFaultError(
            f"{shown(text[at : overlong[0]])} has too many digits: a case number looks like {EXAMPLE}.",
            without(text, overlong[1], overlong[0]),
        )
    if levels := levels_at(text, at):
        return Token(Kind.LEAF, at, levels[1], query_words.word_or_words(levels[0])), levels[1]
    if address := query_words.ADDRESS.match(text, at):
        return Token(Kind.LEAF, at, address.end(), Word(address.group())), address.end()
    if field := _KNOWN_FIELD.match(text, at):
        return Token(Kind.FIELD, at, field.end(), field=field[1].lower()), field.end()
    if other := _OTHER_FIELD.match(text, at) or _FIELD_BEFORE_SPACE.match(text, at):
        _check_unknown_field(text, other)
    run = query_words.RUN.match(text, at)
    if run is None:
        return None, at + 1
    if operator := OPERATORS.get(run.group()):
        return Token(operator, at, run.end()), run.end()
    try:
        node = query_words.read_run(run.group())
    except QueryFaultError as fault:
        instead = None if fault.repaired is None else without(text, at, run.end(), fault.repaired)
        raise QueryFaultError(fault.message, distance_joined(text, at, run.group()) or instead) from None
    return (Token(Kind.LEAF, at, run.end(), node) if node else None), run.end()


def _check_unknown_field(text: str, name: re.Match[str]) -> None:
    """Raise the fault of a field that does not exist, unless it is prose ("Diagnosis: sprain")."""
    typed = name[1]
    close = difflib.get_close_matches(typed.lower(), FIELDS, n=1, cutoff=0.75)
    if not close and text[name.end() : name.end() + 1] == " ":
        return
    message = f"There is no field {shown(typed + ':')}. The fields are {FIELDS_IN_WORDS}."
    if facet := FACETS_BY_NAME.get(typed.lower()):
        message += f" {facet.label} is chosen in the filters beside the results."
    if close:
        raise QueryFaultError(
            f"{message} Did you mean {shown(close[0] + ':')}?",
            without(text, name.start(), name.end(), f"{close[0]}:"),
        )
    raise QueryFaultError(
        f"{message} To search the words themselves, leave the colon out.", without(text, *name.span())
    )


def _phrase(text: str, match: re.Match[str]) -> Token:
    content, near, _ = match.groups()
    try:
        words = query_words.phrase_words(content)
    except QueryFaultError as fault:
        raise QueryFaultError(fault.message, without(text, *match.span(), fault.repaired or " ")) from None
    if not words:
        raise QueryFaultError("There is nothing to search between the quotes.", without(text, *match.span()))
    slop = _slop(text, match) if near else 1
    case = case_number_at(content.strip(), 0)
    whole_case = case[0] if case and case[1] == len(content.strip()) else None
    if near and (whole_case or len(words) == 1):
        raise QueryFaultError(
            f"{shown(match.group())} asks for words near each other, but there is only one word.",
            without(text, match.end(1) + 1, match.end()),
        )
    if whole_case or len(words) == 1:
        return Token(Kind.LEAF, *match.span(), whole_case or Word(words[0]))
    return Token(Kind.LEAF, *match.span(), Phrase(words, slop))


def _slop(text: str, match: re.Match[str]) -> int:
    distance = match[3].rstrip(".")
    if not distance.isdecimal():
        raise QueryFaultError(
            f'After a closing quote ~ needs a number: how many words apart at most, as in "{match[1]}"~5.',
            without(text, match.end(1) + 1, match.end(), "~5 "),
        )
    if not 1 <= int(distance) <= MAX_SLOP:
        raise QueryFaultError(
            f"Words can be from 1 to {MAX_SLOP} words apart, not {shown(distance)}.",
            without(text, match.end(1) + 1, match.end(), f"~{min(max(int(distance), 1), MAX_SLOP)} "),
        )
    return int(distance)


def _unclosed_quote(text: str, at: int) -> QueryFaultError:
    inches = _INCHES.search(text)
    if inches:
        mended = without(text, inches.start(), inches.end())
    else:
        mended = f'{text}"' if text[at + 1 :].strip() else text[:at]
    return QueryFaultError(
        "A quotation mark is missing: quotes come in pairs, one before and one after the phrase.", mended
    )
