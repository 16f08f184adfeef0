"""What can be wrong with a typed question, and the corrected question to offer.

A `ParseError` has a message for the person and `repaired`: the whole text without this one error. The text
may have further errors: `repair_text` goes on until none is left, or falls back on the text's plain words.
"""

import re
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import Indel

LIKENESS = 0.6
"""From which likeness on a known word is offered for one that is not known."""


class ParseError(Exception):
    """`repaired` is the text without this error, or None where nothing sensible can be offered."""

    def __init__(self, message: str, repaired: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.repaired = repaired


def quoted(text: str) -> str:
    """A piece of the question as a message quotes it, long pieces shortened in the middle."""
    piece = text.strip()
    if len(piece) > 60:
        piece = f"{piece[:40]} … {piece[-15:]}"
    return f"“{piece}”"


def replace_span(text: str, start: int, end: int, instead: str = " ") -> str:
    """`text` with the characters from `start` to `end` replaced."""
    return text[:start] + instead + text[end:]


def nearest(typed: str, known: Iterable[str], likeness: float = LIKENESS) -> str | None:
    """The known word that is spelled most like the typed one, capitals aside, or None.

    `likeness` is twice the letters that both have in one order, as a share of the letters of both.
    """
    found = process.extractOne(
        typed.casefold(), list(known), scorer=Indel.normalized_similarity, score_cutoff=likeness
    )
    return found[0] if found else None


ROUNDS = 12
"""Errors repaired one after another before the plain words are offered instead."""

_WORD = re.compile(r"\w+(?:[-'/.]\w+)*")
_BRACKET_SPACE = re.compile(r"(?<=\() | (?=\))")
_LOOSE_SIGNS = re.compile(r"""(?<![^\s(])[^\w\s()"#*?~,&-]+(?![^\s)])|(?<=\w);(?![^\s)])""")
"""Signs that are passed over: a question to click need not carry them on."""
_DISTANCE_APART = re.compile(r"~ (\d+)(?![^\s()])")
_PLAIN_GROUP = re.compile(r'\(([^()"]*)\)$')


def repair_text(text: str, error: ParseError, check: Callable[[str], object]) -> str | None:
    """A text near to `text` that `check` accepts, or None; `check` raises ParseError."""
    candidate = error.repaired
    for _ in range(ROUNDS):
        candidate = _tidied(candidate or "")
        if not candidate:
            break
        try:
            check(candidate)
        except ParseError as next_error:
            candidate = next_error.repaired
        else:
            return candidate
    return _plain_words(text, check)


def _tidied(candidate: str) -> str:
    return _BRACKET_SPACE.sub("", " ".join(_LOOSE_SIGNS.sub(" ", candidate).split()))


def _plain_words(text: str, check: Callable[[str], object]) -> str | None:
    words = [word for word in _WORD.findall(text) if word not in ("AND", "OR", "NOT")]
    plain = " ".join(words[:20])
    if not plain:
        return None
    try:
        check(plain)
    except ParseError:
        return None
    return plain


def bracketed(text: str, brackets: list[tuple[int, bool]]) -> str | None:
    """`text` with its brackets paired, or None if they are; `brackets` are (place, opens) in order.

    A closing bracket without an opening one is taken out, a missing one is put at the end.
    """
    open_ones = 0
    needless: list[int] = []
    for place, opens in brackets:
        if opens:
            open_ones += 1
        elif open_ones:
            open_ones -= 1
        else:
            needless.append(place)
    if not open_ones and not needless:
        return None
    for place in reversed(needless):
        text = text[:place] + " " + text[place + 1 :]
    return text + ")" * open_ones


def distance_joined(text: str, at: int, run: str) -> str | None:
    """`text` with a "~5" that stands apart joined to the phrase, group or word before it, or left out.

    None if `run` is no such sign.
    """
    if not re.fullmatch(r"~\d*", run):
        return None
    before, after = text[:at].rstrip(), text[at:]
    if before.endswith('"') and (number := _DISTANCE_APART.match(after)):
        return f"{before}~{number[1]}{after[number.end() :]}"
    if (before.endswith('"') and run != "~") or (before[-1:].isalpha() and run in ("~1", "~2")):
        return before + after
    group = _PLAIN_GROUP.search(before)
    if group and not re.search(r"\b(?:AND|OR|NOT)\b|[*?~:]|(?:^|\s)-", group[1]):
        return f'{before[: group.start()]}"{group[1]}"{after}'
    return before + " " + after[len(run) :]
