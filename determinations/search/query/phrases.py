"""What is between quotes: a phrase, words near each other, a single word, or an inch sign after all.

Words in quotes are looked for as they are written. A wildcard may be among them; a lone * is a word or none.
"""

import re

from determinations.search.positions import MAX_DISTANCE
from determinations.search.query.case_numbers import case_number_at
from determinations.search.query.levels import levels_at
from determinations.search.query.nodes import Near, Node, Phrase, Wildcard, Word
from determinations.search.query.repair import ParseError, quoted, replace_span
from determinations.search.query.words import (
    ADDRESS,
    NEGATIVE_NUMBER,
    ONE_IN_SEVERAL_WORDS,
    OPTIONAL_PLURAL,
    RUN,
    has_letter_or_digit,
    level_or_word,
    quoted_word,
    read_wildcard,
    trimmed,
)

MAX_SLOP = MAX_DISTANCE
USUAL_SLOP = 5
MAX_WILDCARDS = 4
"""Wildcards of a phrase: each stands for every word that fits."""

_PHRASE = re.compile(r'"(?P<content>[^"]*)"(?:(?P<near>~)(?P<slop>[^\s()"]*))?')
_IN_APOSTROPHES = re.compile(r"""'(?=\S)(?P<content>(?:[^'"]|(?<=\w)'(?=\w))+)'(?!\w)(?P<near>)(?P<slop>)""")
_INCHES = re.compile(r'(?<=\d)"(?=[\s,.;:)]|$)')
_SLOP_APART = re.compile(r" \d+(?![^\s()])")
_LONE_STAR = re.compile(r"\*+")
_ANY_WORD = "*"


def is_inch_sign(text: str, at: int) -> bool:
    """Whether the quote at `at`, where a phrase could begin, follows a number: `a 6" pad`."""
    return _INCHES.match(text, at) is not None


def phrase_at(text: str, at: int) -> tuple[Node, int] | None:
    """The phrase whose opening quote or apostrophe stands at `at`, and its end.

    None for an apostrophe that opens nothing. Raises ParseError.
    """
    match = (_PHRASE if text[at] == '"' else _IN_APOSTROPHES).match(text, at)
    if match:
        return _phrase(text, match), match.end()
    if text[at] == '"':
        raise ParseError(
            "A quotation mark is missing: quotes come in pairs, one before and one after the phrase.",
            _closed(text, at) if text[at + 1 :].strip() else text[:at],
        )
    return None


def _closed(text: str, at: int) -> str:
    """`text` with the phrase that opens at `at` closed at its end, before brackets that were open there."""
    content = text[at + 1 :].rstrip()
    bare = content.rstrip(")")
    still_open = max(0, text.count("(", 0, at) - text.count(")", 0, at))
    brackets = min(len(content) - len(bare), still_open, max(0, content.count(")") - content.count("(")))
    return f'{text[: at + 1]}{content[: len(content) - brackets]}"{")" * brackets}'


def _phrase(text: str, match: re.Match[str]) -> Node:
    content = match["content"].strip()
    try:
        words = _words(content)
    except ParseError as error:
        raise ParseError(error.message, replace_span(text, *match.span(), error.repaired or " ")) from None
    if not words:
        raise ParseError("There is nothing to search between the quotes.", replace_span(text, *match.span()))
    _check_wildcards(text, match, words)
    slop = _slop(text, match) if match["near"] else 1
    case = case_number_at(content, 0)
    if case and case[1] == len(content):
        return case[0]
    parts = tuple(_part(word) for word in words if word != _ANY_WORD)
    if not parts:
        raise ParseError("There is no word between the quotes.", replace_span(text, *match.span()))
    if len(parts) == 1 and match["near"]:
        raise ParseError(
            f"{quoted(match.group())} asks for words near each other, but there is only one word.",
            replace_span(text, match.start("near"), match.end()),
        )
    if len(parts) == 1:
        return parts[0]
    if slop > 1:
        return Near(parts, slop)
    if len(parts) < len(words):
        return Near(parts, _longest_gap(words) + 1, ordered=True)
    if any(isinstance(part, Wildcard) for part in parts):
        return Near(parts, 1, ordered=True)
    return Phrase(tuple(word for word in words if isinstance(word, str)), 1, exact=True)


def _part(word: str | Wildcard) -> Word | Wildcard:
    return word if isinstance(word, Wildcard) else quoted_word(word)


def _longest_gap(words: tuple[str | Wildcard, ...]) -> int:
    """How many lone * stand side by side at most."""
    longest = here = 0
    for word in words:
        here = here + 1 if word == _ANY_WORD else 0
        longest = max(longest, here)
    return longest


def _check_wildcards(text: str, match: re.Match[str], words: tuple[str | Wildcard, ...]) -> None:
    wildcards = sum(isinstance(word, Wildcard) for word in words)
    if wildcards > MAX_WILDCARDS:
        raise ParseError(
            f"The phrase has {wildcards} wildcards; at most {MAX_WILDCARDS} can be searched.",
            replace_span(text, *match.span(), re.sub(r"[*?]+", "", match.group())),
        )


def _slop(text: str, match: re.Match[str]) -> int:
    typed = match["slop"].rstrip(".,;:!?'")
    if not typed.isdecimal():
        apart = None if typed else _SLOP_APART.match(text, match.end())
        number = apart or re.search(r"\d+", typed)
        raise ParseError(
            "After a closing quote ~ needs a number: how many words apart at most, as in "
            + quoted(f'"{match["content"]}"~{USUAL_SLOP}')
            + ".",
            replace_span(
                text,
                match.start("slop"),
                apart.end() if apart else match.end(),
                f"{number.group().strip() if number else USUAL_SLOP} ",
            ),
        )
    if not 1 <= int(typed) <= MAX_SLOP:
        raise ParseError(
            f"Words can be from 1 to {MAX_SLOP} words apart, not {quoted(typed)}.",
            replace_span(text, match.start("slop"), match.end(), f"{min(max(int(typed), 1), MAX_SLOP)} "),
        )
    return int(typed)


def _words(content: str) -> tuple[str | Wildcard, ...]:
    """The words in order; signs between them left out, each level one word.

    A ParseError raised here has as `repaired` what should stand in the phrase's place.
    """
    words: list[str | Wildcard] = []
    # No minus sign here: "L4 -L5" is a level.
    content = re.sub(r" -(?=[^\W\d])", " - ", content)
    at = 0
    while at < len(content):
        at_start = at == 0 or not content[at - 1].isalnum()
        levels = levels_at(content, at, quoted=True) if at_start else None
        address = ADDRESS.match(content, at) if at_start else None
        written = ONE_IN_SEVERAL_WORDS.match(content, at) or NEGATIVE_NUMBER.match(content, at)
        written = written if at_start else None
        if levels:
            words.extend(levels[0])
            at = levels[1]
        elif address:
            words.append(address.group())
            at = address.end()
        elif written:
            words.append(written.group())
            at = written.end()
        elif run := RUN.match(content, at):
            words.extend(_read_run(run.group(), content))
            at = run.end()
        elif plural := OPTIONAL_PLURAL.match(content, at):
            at = plural.end()
        else:
            at += 1
    return tuple(words)


def _read_run(run: str, content: str) -> tuple[str | Wildcard, ...]:
    if _LONE_STAR.fullmatch(run):
        return (_ANY_WORD,)
    asked = run.rstrip("?!.'")
    if "*" in run or "?" in asked:
        try:
            return (read_wildcard(trimmed(run)),)
        except ParseError as error:
            raise ParseError(error.message, f'"{content.replace(run, error.repaired or "")}"') from None
    if re.search(r"\w~", run):
        raise ParseError(
            f"The sign ~ cannot be inside quotes: {quoted(content)}. After the closing quote it means "
            f'“near each other”, as in "lumbar fusion"~{USUAL_SLOP}.',
            content,
        )
    word = trimmed(asked.replace("~", ""))
    return level_or_word(word, quoted=True) if has_letter_or_digit(word) else ()
