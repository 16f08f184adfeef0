"""Lines joined to paragraphs: a word split at a line's end is made whole, a compound keeps its hyphen.

"neces-" + "sary" is one word; "follow-" + "up", "L4-" + "5" and "31-" + "32" are not. The letter's own words
decide first, then a list of words that compounds are made of. Knows no layout.
"""

import re
from functools import cached_property
from itertools import pairwise
from pathlib import Path

_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
_LAST_WORD = re.compile(r"[A-Za-z]+\Z")
_LONGEST_WORD = 40
_FIRST_WORD = re.compile(r"[A-Za-z]+")
_AFTER_SUSPENSION = re.compile(r"(?:to|and|or|through|versus|vs)\b(?!-)")

_ALWAYS_HYPHENATED = frozenset({"non", "self", "mid", "ex", "anti", "multi", "cross", "x", "t", "e", "c"})
"""First parts after which the field writes a hyphen whatever follows."""

_PREFIXES = frozenset(
    {
        "pre",
        "re",
        "co",
        "post",
        "bi",
        "sub",
        "inter",
        "intra",
        "over",
        "under",
        "semi",
        "extra",
        "peri",
        "tri",
        "un",
    }
)
"""First parts that make a compound only before a whole word: "post-operative", but "pre-scribed" is split."""

_COMPOUND_WORDS = frozenset(Path(__file__).with_name("compound_words.txt").read_text("utf-8").split())
"""Words that first or second parts of compounds are made of in letters, each a whole word by itself."""

_NEVER_SECOND = frozenset({"able", "age", "art", "end", "ten"})
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

_PARTICIPLE = re.compile(r"[a-z]{3,}(?:ing|ed)")
"""Makes compounds with any word: "opioid-sparing", "well-documented"."""


class ParagraphJoiner:
    """Joins slices of one letter; its words tell which hyphens at line ends belong to the writing."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _words(self) -> frozenset[str]:
        """Every word of the letter, and every hyphenated word that stands unbroken on a line."""
        words: set[str] = set()
        carried_over = False
        for line in self._text.lower().split("\n"):
            whole = line.rstrip("-\u00ad")
            found = _WORD.findall(whole)
            breaks_off = len(whole) != len(line)
            words.update(found[carried_over : len(found) - breaks_off])
            carried_over = breaks_off
        return frozenset(words)

    def join(self, start: int, end: int) -> str:
        """The text between two offsets as one paragraph."""
        return self.join_text(self._text[start:end])

    def join_text(self, text: str) -> str:
        """Newlines become spaces, or nothing where a hyphen or slash carries the word over."""
        if "-\n" not in text and "/\n" not in text and "\u00ad" not in text:
            return " ".join(text.split())
        lines = text.split("\n")
        pieces = [lines[0]]
        for before, after in pairwise(lines):
            mark = before[-1:]
            if mark == "-" and self._is_suspended(before, after):
                pieces.append(" ")
            elif mark and mark in "-\u00ad/" and before[-2:-1].strip() and after[:1].strip():
                if mark != "/" and not self._keeps_hyphen(before, after):
                    pieces[-1] = pieces[-1][:-1]
                elif mark == "\u00ad":
                    pieces[-1] = pieces[-1][:-1] + "-"
            else:
                pieces.append(" ")
            pieces.append(after)
        return " ".join("".join(pieces).replace("\u00ad", "").split())

    def _is_suspended(self, before: str, after: str) -> bool:
        """ "2- to 3-level", "pre- and post-operative", "from 4- to 5": the hyphen ends its word."""
        following = _AFTER_SUSPENSION.match(after)
        if following is None:
            return False
        left = _LAST_WORD.search(before[-1 - _LONGEST_WORD : -1])
        if left is None:
            return before[-2:-1].isdigit()
        first = left[0].lower()
        if first + following[0] in self._words:
            return False
        return first in _PREFIXES or first in _ALWAYS_HYPHENATED or self._is_word(first, 4)

    def _keeps_hyphen(self, before: str, after: str) -> bool:
        left = _LAST_WORD.search(before[-1 - _LONGEST_WORD : -1])
        right = _FIRST_WORD.match(after[:_LONGEST_WORD])
        if left is None or right is None or not right[0][0].islower():
            return True
        first, second = left[0].lower(), right[0].lower()
        if f"{first}-{second}" in self._words:
            return True
        if first + second in self._words or first + second in _WHOLE_WORDS or before[-1] == "\u00ad":
            return False
        if first in _ALWAYS_HYPHENATED or (left[0].isupper() and len(first) > 1):
            return True
        known = second not in _NEVER_SECOND and self._is_word(second, 4)
        if first in _PREFIXES:
            return known
        if len(first) > 3 and _PARTICIPLE.fullmatch(second):
            known = True
        return known and self._is_word(first, 3)

    def _is_word(self, word: str, shortest: int) -> bool:
        return word in _COMPOUND_WORDS or (len(word) >= shortest and word in self._words)
