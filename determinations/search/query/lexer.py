"""Cuts a question into its parts: leaves, operators, parentheses, names of fields.

Reads text from `plain_characters`. `words`, `phrases`, `levels` and `case_numbers` decide what a leaf is, and
`parser` decides whether the parts make sense together. A colon after a field's name is not a colon in prose:
`rationale:norco`, but "Diagnosis: sprain".

Signs that other search engines have and that are written differently here are errors whose repair says the
same in this language: passed over as punctuation, they would silently find something else, or nothing. The
connectors of legal databases are in `connectors`, facet values and dates in `facet_fields`.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from determinations.search.query.case_numbers import (
    EXAMPLE,
    case_number_at,
    next_case_number_at,
    overlong_case_number_at,
)
from determinations.search.query.connectors import Connector, check_foreign_connector, connector_at
from determinations.search.query.facet_fields import FACET_FIELDS, filter_at
from determinations.search.query.levels import levels_at
from determinations.search.query.nodes import SEARCHED_FIELDS, Node, Word, any_of
from determinations.search.query.phrases import is_inch_sign, phrase_at
from determinations.search.query.repair import ParseError, distance_joined, nearest, quoted, replace_span
from determinations.search.query.words import (
    ADDRESS,
    NEGATIVE_NUMBER,
    ONE_IN_SEVERAL_WORDS,
    OPTIONAL_PLURAL,
    RUN,
    read_run,
    word_or_words,
)

FIELDS: tuple[str, ...] = (*SEARCHED_FIELDS, "case")
FIELDS_IN_WORDS = (
    "rationale:, summary:, request:, guideline: and case:, with the filters decided:, "
    f"{', '.join(f'{name}:' for name in FACET_FIELDS[:-1])} and {FACET_FIELDS[-1]}:"
)

_KNOWN = re.compile(rf"({'|'.join(FIELDS)}) ?:+", re.IGNORECASE)
_BEFORE_WORD = re.compile(r'([^\W\d]+):+(?=[\w"\'(*?#$.~-])')
_BEFORE_SPACE = re.compile(r"([^\W\d_]{6,}):+(?= )")
_NEAR = 0.75
_NEAR_IN_PROSE = 0.9
"""Likeness to a field's name from which a name before a space is taken for it: not "Requested: MRI"."""


def field_at(text: str, at: int) -> tuple[str, int] | None:
    """The field whose name stands at `at`, and where its colon ends.

    Raises ParseError for a name that no field has, unless it is prose.
    """
    if known := _KNOWN.match(text, at):
        return known[1].lower(), known.end()
    if name := _BEFORE_WORD.match(text, at):
        raise _unknown(text, name, _nearest(name[1], _NEAR))
    if (name := _BEFORE_SPACE.match(text, at)) and (meant := _nearest(name[1], _NEAR_IN_PROSE)):
        raise _unknown(text, name, meant)
    return None


def _nearest(typed: str, likeness: float) -> str | None:
    known = (*FIELDS, *FACET_FIELDS)
    return nearest(typed, known, likeness)


def _unknown(text: str, name: re.Match[str], meant: str | None) -> ParseError:
    message = f"There is no field {quoted(name[1] + ':')}. The fields are {FIELDS_IN_WORDS}."
    if meant:
        return ParseError(
            f"{message} Did you mean {quoted(meant + ':')}?",
            replace_span(text, *name.span(), f"{meant}:"),
        )
    return ParseError(
        f"{message} To search {quoted(name[1])} as a word, leave the colon out.",
        replace_span(text, *name.span()),
    )


_SIGN_BEFORE_WORD = re.compile(r'!+(?=[\w"(])')
_BARS = re.compile(r"\|+")
_PER_CENT = re.compile(r"%(?= )")
_WEIGHT = re.compile(r"\^\d[\d.]*")


def check_foreign_sign(text: str, at: int) -> None:
    """Raise ParseError if a sign of another search service begins at `at`, the beginning of a part."""
    if sign := _SIGN_BEFORE_WORD.match(text, at):
        raise ParseError(
            "An exclamation mark before a word has no meaning here. A minus sign leaves the word out.",
            replace_span(text, *sign.span(), "-"),
        )
    if sign := _BARS.match(text, at):
        raise ParseError(
            f"The sign {quoted(sign.group())} has no meaning here. For one or the other write OR.",
            replace_span(text, *sign.span(), " OR "),
        )
    if (sign := _PER_CENT.match(text, at)) and not text[:at].rstrip()[-1:].isdecimal():
        raise ParseError(
            "The sign % has no meaning by itself. To leave the next word out, write a minus sign.",
            replace_span(text, at, sign.end() + 1, "-"),
        )
    if sign := _WEIGHT.match(text, at):
        check_weight(text, at, sign.end())


def check_weight(text: str, start: int, end: int) -> None:
    """Raise ParseError if the part from `start` to `end` is given a weight: "norco^4"."""
    if weight := _WEIGHT.search(text, start, end):
        raise ParseError(
            f"Words cannot be given a weight: {quoted(text[start:end])}. Leave {quoted(weight.group())} out.",
            replace_span(text, *weight.span()),
        )


class Kind(Enum):
    LEAF = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    FIELD = auto()
    NEAR = auto()
    DASH = auto()


@dataclass(frozen=True, slots=True)
class QueryToken:
    """`start` and `end` are places in the text; `node` is a leaf's, `field` a field name's, `near` a
    connector's.
    """

    kind: Kind
    start: int
    end: int
    node: Node | None = None
    field: str | None = None
    near: Connector | None = None


OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}

_MINUS = re.compile(r"""-(?=["(*?]|'\S|[^\s\w()"',;:|<>\[\]{}\\-]*[^\W_])""")
_DASHES = re.compile(r"-+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DECIMAL = re.compile(r"\.\d")
_LOOSE_SIGNS = "'/_=&@^+.!"


def tokens_of(text: str) -> list[QueryToken]:
    """The parts of `text` in order. Raises ParseError for a part that cannot be understood."""
    found: list[QueryToken] = []
    at = 0
    while at < len(text):
        token, at = _next(text, at)
        if token:
            found.append(token)
    return found


def _next(text: str, at: int) -> tuple[QueryToken | None, int]:
    """The part at `at`, or None for a sign that is passed over, and where to go on."""
    character = text[at]
    if character in "()":
        if plural := OPTIONAL_PLURAL.match(text, at):
            return None, plural.end()
        return QueryToken(Kind.OPEN if character == "(" else Kind.CLOSE, at, at + 1), at + 1
    if character == '"' and is_inch_sign(text, at):
        return None, at + 1
    if character == '"' or (character == "'" and (at == 0 or not text[at - 1].isalnum())):
        phrase = phrase_at(text, at)
        if phrase:
            return QueryToken(Kind.LEAF, at, phrase[1], phrase[0]), phrase[1]
    check_foreign_connector(text, at)
    if connector := connector_at(text, at):
        return QueryToken(Kind.NEAR, at, connector[1], near=connector[0]), connector[1]
    if character == "-":
        if number := _negative_number(text, at):
            return QueryToken(Kind.LEAF, at, number.end(), Word(number.group())), number.end()
        token = _minus_or_dash(text, at)
        return token, token.end
    check_foreign_sign(text, at)
    if character in _LOOSE_SIGNS and not _DECIMAL.match(text, at):
        return None, at + 1
    return _word(text, at)


def _negative_number(text: str, at: int) -> re.Match[str] | None:
    """The number of "a T-score of -2.5". Behind an operator or a bracket, and before a year, a minus leaves
    out.
    """
    number = NEGATIVE_NUMBER.match(text, at)
    if number is None or _YEAR.fullmatch(number.group(), 1):
        return None
    before = text[:at].rstrip()
    if not before:
        return number if text[number.end() :].strip() else None
    is_behind_a_word = before[-1].isalnum() or before[-1] in ":,;="
    return number if is_behind_a_word and before.split()[-1] not in OPERATORS else None


def _minus_or_dash(text: str, at: int) -> QueryToken:
    if _MINUS.match(text, at):
        return QueryToken(Kind.NOT, at, at + 1)
    dashes = _DASHES.match(text, at)
    end = dashes.end() if dashes else at + 1
    if text[end : end + 1].isalnum():
        raise ParseError(
            f"There are two minus signs before {quoted(text[end:].split(' ')[0])}. One excludes a word.",
            replace_span(text, at, end, "-"),
        )
    return QueryToken(Kind.DASH, at, end)


def _word(text: str, at: int) -> tuple[QueryToken | None, int]:
    if case := case_number_at(text, at):
        cases, end = [case[0]], case[1]
        while following := next_case_number_at(text, end, cases[-1]):
            cases.append(following[0])
            end = following[1]
        return QueryToken(Kind.LEAF, at, end, any_of(cases)), end
    if overlong := overlong_case_number_at(text, at):
        raise ParseError(
            f"{quoted(text[at : overlong[0]])} has too many digits: a case number looks like {EXAMPLE}.",
            replace_span(text, overlong[1], overlong[0]),
        )
    if levels := levels_at(text, at):
        return QueryToken(Kind.LEAF, at, levels[1], word_or_words(levels[0])), levels[1]
    if filtering := filter_at(text, at):
        return QueryToken(Kind.LEAF, at, filtering[1], filtering[0]), filtering[1]
    if written := ONE_IN_SEVERAL_WORDS.match(text, at):
        return QueryToken(Kind.LEAF, at, written.end(), Word(written.group())), written.end()
    if address := ADDRESS.match(text, at):
        return QueryToken(Kind.LEAF, at, address.end(), Word(address.group())), address.end()
    if field := field_at(text, at):
        return QueryToken(Kind.FIELD, at, field[1], field=field[0]), field[1]
    run = RUN.match(text, at)
    if run is None:
        return None, at + 1
    if operator := OPERATORS.get(run.group()):
        return QueryToken(operator, at, run.end()), run.end()
    check_weight(text, at, run.end())
    try:
        node = read_run(_without_question_mark(text, run))
    except ParseError as error:
        instead = None if error.repaired is None else replace_span(text, at, run.end(), error.repaired)
        raise ParseError(error.message, distance_joined(text, at, run.group()) or instead) from None
    return (QueryToken(Kind.LEAF, at, run.end(), node) if node else None), run.end()


def _without_question_mark(text: str, run: re.Match[str]) -> str:
    """The run without the ? at its end, if it is one of several words: "is Norco necessary?".

    An ! at the end of a text in plain words ends a sentence, too; elsewhere it stands for any ending.
    """
    typed = run.group()
    if " " not in text:
        return typed
    if (
        typed.endswith("!")
        and run.end() == len(text)
        and text.count("!") == len(typed) - len(typed.rstrip("!"))
    ):
        is_plain = not any(
            word in OPERATORS or connector_at(text, at) for word, at in _words_with_places(text)
        )
        typed = typed.rstrip("!") if is_plain else typed
    return typed.rstrip("?") if text[run.end() : run.end() + 1] in ("", " ", ",", ";") else typed


def _words_with_places(text: str) -> list[tuple[str, int]]:
    return [(word.group(), word.start()) for word in re.finditer(r"\S+", text)]
