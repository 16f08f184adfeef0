"""Lines joined to paragraphs: a word split at a line's end is made whole, a compound keeps its hyphen.

"neces-" + "sary" is one word; "follow-" + "up", "L4-" + "5" and "31-" + "32" are not. The letter's own words
decide first, then a list of words that letters are made of: a hyphen between two whole words is a compound's.
Knows no layout.
"""

import re
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from determinations.letters.text.characters import SOFT_HYPHEN, with_single_blanks

_HYPHENS = ("-", SOFT_HYPHEN)
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_LAST_WORD = re.compile(r"[A-Za-z]+\Z")
_BEGUN_COMPOUND = re.compile(r"(?:[A-Za-z]+-)+[A-Za-z]+\Z")
_LONGEST_WORD = 40
_LOOKED_FOR = 30
"""Words that are looked for line by line before all words of a letter are collected."""
_FIRST_WORD = re.compile(r"[A-Za-z]+")
_AFTER_SUSPENSION = re.compile(r"(?:to|and|or|through|versus|vs)\b(?!-)")

_ALWAYS_HYPHENATED = frozenset({"non", "self", "mid", "ex", "anti", "multi", "cross", "x", "t", "e", "c"})
"""First parts after which the field writes a hyphen whatever follows."""

_OPEN_PREFIXES = frozenset({"pre", "post", "bi", "semi", "peri", "tri", "intra", "extra"})
_PREFIXES = _OPEN_PREFIXES | {"re", "co", "sub", "inter", "over", "under", "un"}
"""First parts that make a compound only before a whole word: "post-operative", but "pre-scribed" is split.
After the open ones the field writes a hyphen even where the closed word is known."""

_KNOWN_WORDS = frozenset(Path(__file__).with_name("words.txt").read_text("utf-8").split())
"""Words of letters, each whole by itself: what is put together from two of them and is none is a compound."""

_NEVER_SECOND = frozenset(
    {"able", "age", "art", "end", "ten", "less", "ate", "ant", "per", "sing", "ring", "king"}
)
"""Words that are rather a word's ending where a line begins with them: "consider-able", "pack-age"."""

_WHOLE_WORDS = frozenset(
    {
        *(
            "another",
            "background",
            "become",
            "before",
            "between",
            "cannot",
            "forward",
            "furthermore",
            "herself",
        ),
        *("himself", "however", "inpatient", "inside", "into", "itself", "nonetheless", "ongoing", "onset"),
        *("otherwise", "outcome", "outpatient", "outside", "overall", "sometimes", "something", "themselves"),
        *("therefore", "throughout", "today", "understanding", "upon", "whereas", "within", "without"),
    }
)
"""Common words whose halves are words, too."""

_FUNCTION_WORDS = frozenset({"of", "to", "the", "and", "on", "by"})
"""Words within compounds: "range-of-motion", "side-to-side"."""

_PARTICIPLE = re.compile(r"[a-z]{3,}(?:ing|ed)")
"""Makes compounds with any word: "opioid-sparing", "well-documented"."""


class ParagraphJoiner:
    """Joins slices of one letter's text, whose lines hold single blanks.

    The letter's words tell which hyphens at line ends belong to the writing.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        ends = "".join([line[-1:] for line in text.split("\n")])
        self._carries_over = "-" in ends or "/" in ends or SOFT_HYPHEN in text
        self._looked_for = 0

    def _has(self, word: str) -> bool:
        """Whether a word, hyphenated or not, stands unbroken on a line of the letter.

        Only the first few are looked for line by line, so that the time grows with the letter's length alone.
        """
        self._looked_for += 1
        if self._looked_for > _LOOKED_FOR:
            return word in self._words
        if word not in self._lowered:  # as nearly always
            return False
        return any(word in line and word in self._words_of(at) for at, line in enumerate(self._lines))

    @cached_property
    def _lowered(self) -> str:
        return self._text.lower()

    @cached_property
    def _lines(self) -> list[str]:
        return self._lowered.split("\n")

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of the letter, and every hyphenated word that stands unbroken on a line."""
        return frozenset(word for at in range(len(self._lines)) for word in self._words_of(at))

    def _words_of(self, at: int) -> list[str]:
        """The words of a line, without one that a hyphen carries over from or to another line."""
        line = self._lines[at]
        breaks_off = line.endswith(_HYPHENS)
        carried_over = at > 0 and self._lines[at - 1].endswith(_HYPHENS)
        found = _WORD.findall(line.rstrip("".join(_HYPHENS)) if breaks_off else line)
        return found[carried_over : len(found) - breaks_off]

    def join(self, start: int, end: int) -> str:
        """The text between two offsets as one paragraph."""
        text = self._text[start:end]
        if self._carries_over:
            return self.join_text(text)
        return text.replace("\n", " ").strip()  # its lines hold single blanks already

    def join_text(self, text: str) -> str:
        """Newlines become spaces, or nothing where a hyphen or slash carries the word over."""
        if "-\n" not in text and "/\n" not in text and SOFT_HYPHEN not in text:
            return with_single_blanks(text.replace("\n", " "))
        lines = text.split("\n")
        pieces = [lines[0]]
        for before, after in pairwise(lines):
            mark = before[-1:]
            if mark == "-" and self._is_suspended(before, after):
                pieces.append(" ")
            elif mark and mark in f"-{SOFT_HYPHEN}/" and before[-2:-1].strip() and after[:1].strip():
                if mark != "/" and not self._keeps_hyphen(before, after):
                    pieces[-1] = pieces[-1][:-1]
                elif mark == SOFT_HYPHEN:
                    pieces[-1] = pieces[-1][:-1] + "-"
            else:
                pieces.append(" ")
            pieces.append(after)
        return " ".join("".join(pieces).replace(SOFT_HYPHEN, "").split())

    def _is_suspended(self, before: str, after: str) -> bool:
        """ "2- to 3-level", "pre- and post-operative", "from 4- to 5": the hyphen ends its word."""
        following = _AFTER_SUSPENSION.match(after)
        if following is None:
            return False
        left = _LAST_WORD.search(before[-1 - _LONGEST_WORD : -1])
        if left is None:
            return before[-2:-1].isdigit()
        first = left[0].lower()
        if self._has(first + following[0]) or first + following[0] in _KNOWN_WORDS:
            return False
        return first in _PREFIXES or first in _ALWAYS_HYPHENATED or self._is_word(first, 4)

    def _keeps_hyphen(self, before: str, after: str) -> bool:
        left = _LAST_WORD.search(before[-1 - _LONGEST_WORD : -1])
        right = _FIRST_WORD.match(after[:_LONGEST_WORD])
        if left is None or right is None or not right[0][0].islower():
            return True
        first, second = left[0].lower(), right[0].lower()
        begun = _BEGUN_COMPOUND.search(before[-1 - 2 * _LONGEST_WORD : -1])
        if self._has(f"{first}-{second}") or (begun and self._has(f"{begun[0].lower()}-{second}")):
            return True
        known = second not in _NEVER_SECOND and self._is_word(second, 4)
        if begun and first in _FUNCTION_WORDS:
            return True
        joined = first + second
        if self._has(joined) or joined in _WHOLE_WORDS or before[-1] == SOFT_HYPHEN:
            return False
        if first in _ALWAYS_HYPHENATED or (left[0].isupper() and len(first) > 1):
            return True
        if first in _OPEN_PREFIXES:
            return known
        if joined in _KNOWN_WORDS:
            return False
        if first in _PREFIXES:
            return known
        if begun and self._is_word(first, 3):
            return True
        if len(first) > 3 and _PARTICIPLE.fullmatch(second):
            known = True
        return known and self._is_word(first, 3)

    def _is_word(self, word: str, shortest: int) -> bool:
        return word in _KNOWN_WORDS or (len(word) >= shortest and self._has(word))
