"""Typing errors in the prose of a letter: what people write, and a reader must not stumble over.

Only long words of plain letters are mistyped, never what a fact is read from, and never the conclusion.
"""

import re
from dataclasses import replace
from random import Random

from determinations.letters.parsed_letter import LevelsFrom, ParsedLetter

_WORD = re.compile(r"(?<![\w-])[a-z]{9,}(?![\w-])")
_CONCLUSION = 250
"""Letters at a rationale's end that stay as they are."""
_TELLING = re.compile(r"necess|certif|authori|overturn|approv|establish|medical|determin|support|recommend")
_MOST = 3


def with_typing_errors(letter: ParsedLetter, rng: Random) -> ParsedLetter:
    """The letter with one to three mistyped words in its summary and in each rationale."""
    return replace(
        letter,
        clinical_summary=_mistyped(letter.clinical_summary, rng),
        items=tuple(
            item
            if item.levels_from is LevelsFrom.RATIONALE
            else replace(
                item,
                rationale=_mistyped(item.rationale[:-_CONCLUSION], rng) + item.rationale[-_CONCLUSION:],
            )
            for item in letter.items
        ),
    )


def _mistyped(text: str, rng: Random) -> str:
    words = [word for word in _WORD.finditer(text) if not _TELLING.search(word[0])]
    chosen = rng.sample(words, min(len(words), rng.randint(1, _MOST)))
    for word in sorted(chosen, key=re.Match.start, reverse=True):
        text = text[: word.start()] + _slip(word[0], rng) + text[word.end() :]
    return text


def _slip(word: str, rng: Random) -> str:
    """Two letters changed round, one left out or one typed twice; the first and the last stay."""
    at = rng.randrange(2, len(word) - 3)
    return rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )
