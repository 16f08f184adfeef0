"""What one run of characters without a space is: a word, a wildcard, a fuzzy word, or only signs.

Holds the rules for the length of wildcards and fuzzy words, and for the signs around a word that
are not searched ("pain,", "(s)", "Norco!"), those inside it that are kept ("x-ray", "10/325",
"worker's") and those kept at its edge ("#60", "50%", ".5").
"""

import re

from determinations.search.query.case_numbers import case_number_at
from determinations.search.query.levels import levels_at
from determinations.search.query.nodes import All, Fuzzy, Node, Wildcard, Word
from determinations.search.query.repair import ParseError, quoted

LETTERS_BEFORE_WILDCARD = 2
LETTERS_IN_WILDCARD = 3
LETTERS_IN_FUZZY = {1: 4, 2: 6}
"""Fewest letters of a word that may be one or two letters wrong."""

RUN = re.compile(r'(?:[^\s()"|,;:<>\[\]{}\\]|(?<=\d)[,:](?=\d))+')
ADDRESS = re.compile(r'(?:[a-z][a-z+.-]*://|www\.)[^\s()"|<>]*(?<![.,;:!?\'])', re.IGNORECASE)
OPTIONAL_PLURAL = re.compile(r"(?<=[^\W\d_])\((?:s|es|ies)\)(?!\w)", re.IGNORECASE)
"""The bracket of "request(s)", which is not a group of the query language."""

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
ONE_IN_SEVERAL_WORDS = re.compile(
    rf"""{_MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?,?\ (?:19|20)\d\d(?!\d)
      |  \d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?{_MONTH},?\ (?:19|20)\d\d(?!\d)
      |  \d+(?:\.\d+)?\ ?(?:mg|mcg|ml|g)\ ?[/-]\ ?\d+(?:\.\d+)?\ ?(?:mg|mcg|ml|g)\b
      |  \#\ ?\d+(?![\w.*?~-])
      |  \d+(?:\.\d+)?\ %(?=\ |$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Dates, doses and numbers that are one for the engine's analysis: "October 23, 2014", "10 mg/325 mg", "#
60".
"""

NEGATIVE_NUMBER = re.compile(r"-(?:\d+(?:\.\d+)?|\.\d+)(?![\w/*?~#.-]*\w)")
_ROOT = re.compile(r"[^\W\d_]{3,}!+")
"""A word with the ! of legal databases, which stands for any ending."""

_BEFORE_A_WORD = "'/_=&@^+.-!,:"
_AFTER_A_WORD = "'/_=&@^.-!,:"


def has_letter_or_digit(text: str) -> bool:
    return any(character.isalnum() for character in text)


def trimmed(run: str) -> str:
    """`run` without the signs around it; a decimal point stays (".5")."""
    run = run.rstrip(_AFTER_A_WORD)
    bare = run.lstrip(_BEFORE_A_WORD)
    if bare[:1].isdecimal() and run[: len(run) - len(bare)].endswith("."):
        return f".{bare}"
    return bare


def quoted_word(text: str) -> Word:
    """A word in quotes, looked for as it is written; a number has one form only."""
    return Word(text, exact=any(map(str.isalpha, text)))


def word_or_words(words: tuple[str, ...]) -> Node:
    return Word(words[0]) if len(words) == 1 else All(tuple(Word(word) for word in words))


def read_run(run: str) -> Node | None:
    """The leaf that a run outside quotes stands for; None if there is nothing in it to search.

    A ParseError raised here has as `repaired` what should stand in the run's place.
    """
    if _ROOT.fullmatch(run):
        return read_wildcard(f"{run.rstrip('!')}*")
    core = trimmed(run)
    if "~" in core:
        return _fuzzy(core)
    if "*" in core or "?" in core:
        return read_wildcard(core)
    # What signs around it hid from the lexer: "L4-5_", "CM14-31877_".
    if (case := case_number_at(core, 0)) and case[1] == len(core):
        return case[0]
    return word_or_words(level_or_word(core)) if has_letter_or_digit(core) else None


def read_wildcard(core: str) -> Wildcard:
    """A ParseError raised here has as `repaired` what should stand in its place."""
    pattern = re.sub(r"\*+", "*", core)
    before = re.split(r"[*?]", pattern, maxsplit=1)[0]
    if (
        sum(map(str.isalnum, before)) < LETTERS_BEFORE_WILDCARD
        and sum(map(str.isalnum, pattern)) < LETTERS_IN_WILDCARD
    ):
        raise ParseError(
            f"{quoted(core)} is too short to be searched: it would match almost every word. "
            f"Give at least {LETTERS_BEFORE_WILDCARD} letters before the first * or ?, as in “radic*”, "
            f"or {LETTERS_IN_WILDCARD} letters in all, as in “*itis”.",
            re.sub(r"[*?]+", "", core),
        )
    return Wildcard(pattern)


def _fuzzy(core: str) -> Fuzzy:
    text, _, after = core.partition("~")
    if not text or not re.fullmatch(r"\d*", after):
        raise ParseError(
            f"In {quoted(core)} the sign ~ is in the wrong place. It goes at the end of a word, as in "
            "“radiculopaty~”, to allow for a spelling mistake.",
            f"{text}~" if text and re.fullmatch(r"\d*\.\d+", after) else core.replace("~", " "),
        )
    if re.search(r"[*?]", text):
        raise ParseError(
            f"{quoted(core)} mixes a wildcard with ~. Use one of them.",
            text,
        )
    distance = int(after or 1)
    if distance not in LETTERS_IN_FUZZY:
        raise ParseError(
            f"{quoted(core)} asks for {distance} letters that differ. Write ~ for one letter, ~2 for two.",
            f"{text}~2" if distance > 2 else text,
        )
    if not text.replace("'", "").isalpha():
        raise ParseError(
            f"{quoted(core)} cannot be searched with ~, which works on words of letters only. "
            "Numbers, spinal levels, case numbers and hyphenated words are searched as written.",
            text,
        )
    if len(text) < LETTERS_IN_FUZZY[distance]:
        shorter = distance == 2 and len(text) >= LETTERS_IN_FUZZY[1]
        raise ParseError(
            f"{quoted(text)} is too short for ~{after}: a word needs {LETTERS_IN_FUZZY[1]} letters for ~ "
            f"and {LETTERS_IN_FUZZY[2]} for ~2.",
            f"{text}~" if shorter else text,
        )
    return Fuzzy(text, distance)


def level_or_word(core: str, *, quoted: bool = False) -> tuple[str, ...]:
    levels = levels_at(core, 0, quoted=quoted)
    return levels[0] if levels and levels[1] == len(core) else (core,)
