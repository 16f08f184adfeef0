"""One analysis for index, question and highlight: text -> terms with their place in the text.

Knows no field, no index and no query. The rules:

* Text is read in chunks, the runs between white space; a chunk is analysed once and remembered.
* A word is a run of letters and digits, lower case, without a possessive: "Reviewer’s" -> `reviewer`.
  It is indexed twice: as its Porter stem, which questions meet, and as it is spelled, for wildcards,
  fuzzy words and spelling. There are no stop words: a phrase is a phrase.
* Whatever else stands between letters and digits parts words, so that "x-ray", "follow-up", "10/325",
  "12.8" and "12-8" are each found by either half, and by both as a phrase. A unit is parted from its
  number ("325mg" is `325` `mg`).
* A spinal level is one term, however it is written: "L4-5", "L4/5", "L4-L5", "L4–5", "L-4 to L-5" are
  `l4-l5`; "L5-S1" is `l5-s1`; a wider span keeps its ends ("L3-S1" is `l3-s1`).
* A case number is one term: "CM14-31877" and "cm14-0031877" are `cm14-0031877`.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter import stem as porter_stem

ANALYSIS_VERSION = "3"
"""Grows with every change of these rules: an index made under other rules must be rebuilt."""

_DASHES = "-/\u2010-\u2015\u2212"
_VERTEBRA = r"(?:[cC]-?[1-8]|[tT]-?(?:1[0-2]|[1-9])|[lL]-?[1-6]|[sS]-?[1-5])(?!\d)"
_SHORT_SPAN = (
    rf"(?:[cC]-?[1-8][{_DASHES}][1-8]|[tT]-?(?:1[0-2]|[1-9])[{_DASHES}](?:1[0-2]|[1-9])"
    rf"|[lL]-?[1-6][{_DASHES}][1-6]|[sS]-?[1-5][{_DASHES}][1-5])"
)
_BRIDGE = re.compile(
    rf"(?<!\w)({_VERTEBRA})(\s*[{_DASHES}]\s*|\s+(?:to|through|thru)\s+)({_VERTEBRA})(?!\w)", re.IGNORECASE
)
_MAYBE_BRIDGE = re.compile(
    rf"\d(?:\s+(?:[{_DASHES}]|to|through|thru)|[{_DASHES}]\s)\s*[ctls]-?\d", re.IGNORECASE
)
_PIECE = re.compile(
    rf"""(?P<level>(?<!\w)(?:{_SHORT_SPAN}|{_VERTEBRA}(?:[{_DASHES}]+{_VERTEBRA})?)(?!\w))
      |  (?P<case>(?<!\w)[cC][mM](?P<year>\d\d)-?(?P<serial>\d{{1,7}})(?!\w))
      |  \d+(?=(?:mg|mcg|ml|mm|cm|cc|kg|gm|lbs?|hrs?|hz)(?![^\W_]))
      |  [^\W_]+(?:['’][^\W_]+)*
    """,
    re.VERBOSE,
)
_VERTEBRA_NAME = re.compile(r"([ctls]?)-?(\d+)", re.IGNORECASE)
_NEXT_REGION = {("c", 7): "t", ("t", 12): "l", ("l", 5): "s", ("l", 6): "s"}
_REGIONS = "ctls"
_AROUND_WORDS = '.,;:!?()[]"“”#*'
_NOT_PLURAL = frozenset({"tens", "uds", "ncs", "scs", "crps", "cts", "ics", "pens", "dos", "als", "ms"})
"""Abbreviations of the field that end in s: the stemmer would take TENS for several tens."""
_POSSESSIVE = re.compile(r"['’]s$")
_CACHED_CHUNKS = 200_000


class Token(NamedTuple):
    """One word of a text: the term that is searched, the word as spelled, and where it stands."""

    term: str
    word: str
    start: int
    end: int


class _Chunks(dict[str, tuple[Token, ...]]):
    """chunk -> its tokens, filled as chunks come; started anew before it grows without bounds."""

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        if len(self) >= _CACHED_CHUNKS:
            self.clear()
        tokens = self[chunk] = tuple(analyse(chunk))
        return tokens


_chunks = _Chunks()
tokens_of_chunk = _chunks.__getitem__
"""The tokens of one chunk (`chunks` cuts a text into them), placed from the chunk's beginning."""


def bridged(text: str) -> str:
    """`text`, of the same length, with the white space inside "L4 - L5" and "L4 to L5" closed by dashes.

    After this no token contains white space, so each chunk can be analysed by itself.
    """
    if not _MAYBE_BRIDGE.search(text):  # a digit is a rarer start than a word: four times as fast
        return text
    return _BRIDGE.sub(lambda level: level[1] + "-" * len(level[2]) + level[3], text)


def chunks(text: str) -> list[str]:
    return bridged(text).split()


_CHUNK = re.compile(r"\S+")


def tokens(text: str) -> list[Token]:
    """The words of `text` in order, placed by their offsets in `text` as it was given."""
    found = []
    for chunk in _CHUNK.finditer(bridged(text)):
        at = chunk.start()
        for term, word, start, end in _chunks[chunk[0]]:
            found.append(Token(term, word, at + start, at + end))
    return found


def terms(text: str) -> list[str]:
    return [token.term for chunk in chunks(text) for token in _chunks[chunk]]


def case_term(case: str) -> str:
    """A case number as the index holds it: "CM14-31877" -> "cm14-0031877"; other numbers as written."""
    number = _PIECE.fullmatch(case.strip())
    return _case(number) if number and number["case"] else " ".join(case.lower().split())


def plain_word(chunk: str) -> str | None:
    """The spelling of a chunk that is one word of letters, as nearly every chunk is; None for others."""
    word = chunk.strip(_AROUND_WORDS)
    return word.lower() if word.isalpha() else None


def analyse(chunk: str) -> list[Token]:
    """What `tokens_of_chunk` gives, without remembering it."""
    word = chunk.strip(_AROUND_WORDS)
    if word.isalpha():  # as nearly every chunk; the rules below would say the same
        start = chunk.index(word)
        spelled = word.lower()
        return [Token(_stem(spelled), spelled, start, start + len(word))]
    return [_token(piece) for piece in _PIECE.finditer(chunk)]


@lru_cache(maxsize=_CACHED_CHUNKS)
def _stem(word: str) -> str:
    return word if word in _NOT_PLURAL else str(porter_stem(word))


def _token(piece: re.Match[str]) -> Token:
    if piece["level"]:
        word = _level(piece["level"])
        return Token(word, word, piece.start(), piece.end())
    if piece["case"]:
        word = _case(piece)
        return Token(word, word, piece.start(), piece.end())
    word = _POSSESSIVE.sub("", piece[0].lower()).replace("'", "").replace("’", "")
    return Token(_stem(word) if word.isalpha() else word, word, piece.start(), piece.end())


def _case(piece: re.Match[str]) -> str:
    return f"cm{piece['year']}-{int(piece['serial']):07d}"


def _level(written: str) -> str:
    """Canonical name of a vertebra or a span: ends from the head down, the second region filled in."""
    ends: list[tuple[str, int]] = []
    for region, digits in _VERTEBRA_NAME.findall(written.lower()):
        number = int(digits)
        if not region:
            above = ends[0]
            region = _NEXT_REGION.get(above, above[0]) if number == 1 else above[0]
        ends.append((region, number))
    ends.sort(key=lambda end: (_REGIONS.index(end[0]), end[1]))
    return "-".join(dict.fromkeys(f"{region}{number}" for region, number in ends))
