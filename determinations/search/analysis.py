"""One analysis for index, question and highlight: text -> terms with their place in the text.

Knows no field, no index and no query. The rules:

* Text is read in chunks, the runs between white space; a chunk is analyzed once and remembered. Characters
  that mean the same are one (`text_folding`).
* A word is a run of letters and digits without a possessive: "Reviewer’s" is `reviewer`. Its term is its
  stem, which questions meet (`stemming`). There are no stop words: a phrase is a phrase.
* Each word has one position, where further terms may stand beside its own: the word as it is written, where
  that is not the stem ("injections" is `inject` and `=inject=injections`); the closed form of a compound,
  at its first part ("follow-up" is `follow`, `followup` and, behind, `up`); the parts of a number; the end
  of a sentence.
* Numbers joined by a sign are one word, and so found as they are written and by each part: "7/10", "2.5",
  "7-10". Thousands commas are dropped ("1,200" is `1200`). A unit is parted from its number ("325mg" is
  `325` `mg`), and a dose is one number in every writing ("10/325", "10 mg/325 mg", "10-325 mg"). "#60",
  "60%" and "-2.5" are found by the number and by what is written.
* A date is one word, whatever the writing: "10/23/2014", "Oct. 23, 2014", "2014-10-23" are `2014-10-23`.
* An abbreviation with points is its letters: "C.R.P.S." is `crps`.
* A spinal level is one term in every writing that `letters.facts.spine_notation` knows: "L4/5", "L4 to L5"
  and "L45" are `l4-l5`. A span is named by its ends (`l3-s1`), and a chain by its ends and by each of its
  segments.
* A case number is one term: "CM14-31877" and "cm14-0031877" are `cm14-0031877`.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from determinations.letters.facts.spine_notation import (
    LevelExpression,
    level_expressions,
)
from determinations.search.stemming import letters_of_words, stem
from determinations.search.text_folding import JOINER, folded

ANALYSIS_VERSION = "4"
"""Grows with every change of these rules: an index made under other rules must be rebuilt."""

SENTENCE_END = "."
"""The term that stands beside the last word of a sentence."""

_DASHES = "-\u2010-\u2015\u2212"
_UNITS = r"(?:mcg|mgs?|[uμ]g|ml|mm|cm|cc|kg|gm|g|lbs?|hrs?|hz|meq|iu|%)"
_MONTH = (
    r"(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]une?|[Jj]uly?|[Aa]ug|[Ss]ept?|[Oo]ct|[Nn]ov|[Dd]ec)"
    r"[a-z]{0,6}\.?"
)
_BLANK = rf"[\s{JOINER}]+"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# White space inside of what is read as one: doses, dates, levels and their lists, "60 %". Each begins at a
# digit, a rarer start than a letter; what stands before it is looked at where one matches.
_SPACED_PATTERN = rf"""[0-9](?![0-9A-Za-fh-l.])(?:
            \s+(?=[0-9CTLSctls/&+%moaJFMASOND{_DASHES}jfd])(?:
                (?P<year>(?:19|20)\d\d(?!\d))
              | (?P<level_in_pair>[CTLSctls][1-9])
              | (?P<level>(?:[{_DASHES}/]\s*|(?:to|through|thru)\s+(?:the\s+)?)(?:[CTLSctls][ -]?)?[1-9])
              | (?P<level_listed>(?:[&+]\s*|(?:and|or)\s+)?[1-9])
              | (?P<percent>%)
              | (?P<dose>(?:mg|mcg|ml|g)\s?[/{_DASHES}]\s?\d+(?:\.\d+)?(?=\s?(?:mg|mcg|ml|g)\b))
              | (?P<month>(?:of\s+)?{_MONTH},?\s+(?:19|20)\d\d(?!\d))
            )
          | ,\s+(?:(?P<year_behind_comma>(?:19|20)\d\d(?!\d))|(?P<level_in_list>(?:(?:and|or)\s+)?[1-9]))
          | [{_DASHES}/]\s+(?P<level_behind_sign>(?:[CTLSctls][ -]?)?[1-9])
          | [;&+]\s+(?P<level_behind_list_sign>[1-9])
          | (?:mg|mcg|ml|g)(?P<dose_glued>\s[/{_DASHES}]\s?|[/{_DASHES}]\s)
                \d+(?:\.\d+)?(?=\s?(?:mg|mcg|ml|g)\b)
          | (?:st|nd|rd|th)(?:(?P<year_behind_ordinal>,?\s+(?:19|20)\d\d(?!\d))
                           |(?P<month_behind_ordinal>\s+(?:of\s+)?{_MONTH},?\s+(?:19|20)\d\d(?!\d)))
          | (?P<level_apart>(?<=\b[CTLS]\s\d)\d?\s?[{_DASHES}/])
        )"""
_SPACED = re.compile(_SPACED_PATTERN, re.VERBOSE)
_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_SPACED_IN_ZEROS = re.compile(
    _SPACED_PATTERN.replace("(?:19|20)", "00")
    .replace("[1-9]", "0")
    .replace(r"\d", "0")
    .replace("[0-9]", "0", 1)
    .replace(_DASHES, r"\-")
    .encode(),
    re.VERBOSE,
)
"""Finds whatever `_SPACED` finds, and more, in ASCII whose digits are all written 0.

A pattern that begins with one character is looked for twice as fast.
"""

_NUMBER_BEFORE = re.compile(r"(?<![\w.,/])\d*(?:\.\d+)?$")
_MONTH_BEFORE = re.compile(rf"(?<![^\W_]){_MONTH}\s+\d{{1,2}}$", re.IGNORECASE)
_BETWEEN_LEVELS = rf"[{_DASHES}\s/,;&+\dCTLSctls]|to\b|through\b|thru\b|and\b|or\b|the\b"
_LEVEL_BEFORE = re.compile(rf"(?<![\w.#'’])[CTLSctls][ -]?\d(?:{_BETWEEN_LEVELS})*$")
_VERTEBRA_BEFORE = re.compile(rf"(?<![{_DASHES}\w/.#'’])[CTLSctls]-?\d{{1,2}}$")
_HASH = re.compile(r"#\s\d")
_BEFORE, _BEHIND = 40, 80
"""How far around a digit a level, or a list of levels, is looked for."""
_HYPHEN_AT_END = re.compile(r"-\s")
_CUT_WORD = re.compile(r"(?<=[a-z]{2}-)\s+(?=(?!and\b|or\b|to\b|but\b)[a-z]{3})")
_BLANKS = re.compile(r"\s")
_TO_IN_HYPHENS = re.compile(r"(?<=\d)-(to|through|thru)-(?=[CTLS]?-?\d)", re.IGNORECASE)

_PIECE = re.compile(
    rf"""(?P<case>(?<!\w)cm(?P<case_year>\d\d)-?(?P<serial>\d{{1,7}})(?!\w))
      |  (?P<dated>(?<![\w./-])(?:
            (?P<iso>(?:19|20)\d\d-\d{{1,2}}-\d{{1,2}})
          | (?P<slashed>\d{{1,2}}(?P<sign>[/-])\d{{1,2}}(?P=sign)(?:\d{{4}}|\d\d))
          | (?P<named>{_MONTH}{_BLANK}\d{{1,2}}(?:st|nd|rd|th)?,?{_BLANK}\d{{4}})
          | (?P<day_first>\d{{1,2}}(?:st|nd|rd|th)?{_BLANK}(?:of{_BLANK})?{_MONTH},?{_BLANK}\d{{4}})
         )(?![\w/]|[-.]\d))
      |  (?P<dose>(?P<one>\d+(?:\.\d+)?){JOINER}?(?:mg|mcg|ml|g){JOINER}?[/-]{JOINER}?(?P<other>\d+(?:\.\d+)?)
            (?={JOINER}?(?:mg|mcg|ml|g)\b|$))
      |  (?P<number>(?P<before>(?<![\w.)%])[\#-]{JOINER}?)?
            (?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+|(?<![\w.])\.\d+)(?:[./:-]\d+)*
            (?:(?P<percent>{JOINER}?%)|(?={_UNITS}(?![^\W_]))|(?![^\W_])))
      |  (?P<dotted>(?<![^\W_])(?:[^\W\d_]\.){{2,}}[^\W\d_]?(?![^\W_]))
      |  (?P<word>[^\W_]+(?:'[^\W_]+)*)
    """,
    re.VERBOSE,
)
_AROUND_WORDS = '.,;:!?()[]"“”*'
_ENDS_SENTENCE = re.compile(r"""[.!?]['"”’)\]]*$""")
_DOTTED_END = re.compile(r"\w\.\w\.$")
_NO_SENTENCE_END = frozenset(
    """dr mr mrs ms vs no nos pp pg pgs p vol eg ie etc al fig jr sr st inc ltd co approx dept ed eds sec
    cf""".split()  # noqa: SIM905 - a list of so many short words
)
_POSSESSIVE = re.compile(r"'s$")
_HYPHENS = re.compile(rf"-+{JOINER}?")
_LONGEST_COMPOUND = 30
_LONGEST_PART_BESIDE_DIGITS = 5
_SMALLEST_SECOND_DOSE, _LARGEST_FIRST_DOSE = 200, 199
_CACHED_CHUNKS = 200_000


class Token(NamedTuple):
    """One word of a text: its term, the word as written, its place, and what other terms stand there."""

    term: str
    word: str
    start: int
    end: int
    others: tuple[str, ...] = ()


class _Chunks(dict[str, tuple[Token, ...]]):
    """chunk -> its tokens, filled as chunks come; started anew before it grows without bounds."""

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        if len(self) >= _CACHED_CHUNKS:
            self.clear()
        tokens = self[chunk] = tuple(analyze(chunk))
        return tokens


_chunks = _Chunks()
tokens_of_chunk = _chunks.__getitem__
"""The tokens of one chunk (`chunks` cuts a text into them), placed from the chunk's beginning."""


def bridged(text: str) -> str:
    """`text`, of the same length, with the white space inside of "L4 to L5" and the like taken out of the
    way.

    After this no token contains white space, so each chunk can be analyzed by itself.
    """
    spans = list(_spaced(text))
    if "#" in text:  # a single character is looked for a hundred times as fast as two
        spans += [match.span() for match in _HASH.finditer(text)]
    if _HYPHEN_AT_END.search(text):  # six times as fast as `"- " in text`
        spans += [match.span() for match in _CUT_WORD.finditer(text)]
    if not spans:
        return text
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            pieces += [text[at:start], _BLANKS.sub(JOINER, text[start:end])]
            at = end
    return "".join((*pieces, text[at:]))


def _spaced(text: str) -> Iterator[tuple[int, int]]:
    """Each stretch of `text` whose white space is inside of what is read as one."""
    if not text.isascii():
        yield from (span for match in _SPACED.finditer(text) if (span := _span(text, match)))
        return
    zeros = text.encode().translate(_ZEROS)
    place = _SPACED_IN_ZEROS.search(zeros)
    while place:
        at = place.start()
        match = _SPACED.match(text, at)
        if match and (span := _span(text, match)):
            yield span
        place = _SPACED_IN_ZEROS.search(zeros, match.end() if match else at + 1)


def _span(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    """What is read as one around a digit with white space behind it; None where nothing is."""
    at, kind = match.start(), match.lastgroup or ""
    before = max(0, at - _BEFORE)
    if kind == "level_in_pair" and not _VERTEBRA_BEFORE.search(text[before : at + 1]):
        return None
    if kind.startswith("level"):
        return _level_span(text, before, at, match.end())
    if kind == "percent":
        return at, match.end()
    opening = (_MONTH_BEFORE if kind.startswith("year") else _NUMBER_BEFORE).search(text[before : at + 1])
    return (before + opening.start(), match.end()) if opening else None


def _level_span(text: str, before: int, at: int, end: int) -> tuple[int, int] | None:
    """The level that holds both text[at] and text[end - 1], or the list where the second leans on the first.

    The "5-6" of "C4-5, 5-6" has its region written before it.
    """
    window = text[before : end + _BEHIND]
    if not _LEVEL_BEFORE.search(window[: at + 1 - before]):
        return None
    start = -1
    for level in level_expressions(window):
        first, last = before + level.start, before + level.end
        if not level.levels:
            start = -1
        elif start < 0 or not window[level.start].isdigit():
            start = first
        if start >= 0 and start <= at and end <= last:
            return start, last
    return None


def chunks(text: str) -> list[str]:
    return bridged(text).split()


_CHUNK = re.compile(r"\S+")


def tokens(text: str) -> list[Token]:
    """The words of `text` in order, placed by their offsets in `text` as it was given."""
    found: list[Token] = []
    for chunk in _CHUNK.finditer(bridged(text)):
        at = chunk.start()
        found += [one._replace(start=at + one.start, end=at + one.end) for one in _chunks[chunk[0]]]
    return found


def terms(text: str) -> list[str]:
    """The terms of the words of `text`, one for each position."""
    return [token.term for chunk in chunks(text) for token in _chunks[chunk]]


def written_term(term: str, word: str) -> str:
    """The further term of a word that is not its own stem: its postings are those of the word as written."""
    return f"={term}={word}"


def words_at(token: Token) -> Iterator[str]:
    """The words that stand at the place of a token as they are written, each once."""
    terms = tuple(dict.fromkeys((token.term, *token.others)))
    for term in terms:
        if term[0] == "=":
            yield term.rpartition("=")[2]
        elif not is_mark(term) and not any(other.startswith(written_term(term, "")) for other in terms):
            yield term


def is_mark(term: str) -> bool:
    """Whether a term is there for the sake of searches only, and counts as no word of the text."""
    return term[0] in "=.#-" or term[-1] == "%"


def case_term(case: str) -> str:
    """A case number as the index holds it: "CM14-31877" -> "cm14-0031877"; other numbers as written."""
    number = _PIECE.fullmatch(case.strip().lower())
    return _case(number) if number and number["case"] else " ".join(case.lower().split())


def plain_word(chunk: str) -> str | None:
    """The spelling of a chunk that is one word of letters, as nearly every chunk is; None for others."""
    word = chunk.strip(_AROUND_WORDS)
    return word.lower() if word.isascii() and word.isalpha() else None


def letters_of(term: str) -> tuple[str, ...]:
    """Letters of which every word of this term holds some in a text of plain ASCII, hyphens and points aside.

    Empty where no such letters are known: for numbers, levels, dates and case numbers.
    """
    return letters_of_words(term) if term.isalpha() and term.isascii() else ()


def analyze(chunk: str) -> list[Token]:
    """What `tokens_of_chunk` gives, without remembering it."""
    word = chunk.strip(_AROUND_WORDS)
    if word.isascii() and word.isalpha():  # as nearly every chunk; the rules below would say the same
        start = chunk.index(word)
        spelled = word.lower()
        term = _stem(spelled)
        others: tuple[str, ...] = (written_term(term, spelled),) if term != spelled else ()
        if len(chunk) > start + len(word) and _ends_sentence(chunk, spelled):
            others += (SENTENCE_END,)
        return [Token(term, spelled, start, start + len(word), others)]
    found = list(_pieces(chunk))
    if found and _ends_sentence(chunk, found[-1].word):
        found[-1] = found[-1]._replace(others=(*found[-1].others, SENTENCE_END))
    return found


def _pieces(chunk: str) -> Iterator[Token]:
    at = 0
    written = _TO_IN_HYPHENS.sub(r" \1 ", chunk.replace(JOINER, " "))
    for level in level_expressions(written):
        if level.levels:
            yield from _words(chunk, at, level.start)
            yield _level(level)
            at = level.end
    yield from _words(chunk, at, len(chunk))


def _words(chunk: str, start: int, end: int) -> Iterator[Token]:
    """The words of chunk[start:end], which begins and ends at a level or the chunk's edge."""
    if start == end:
        return
    text = folded(chunk) if not (start or chunk[end:]) else folded(chunk[start:end])
    if start or text.places:
        for token in _words_of(text.text):
            yield token._replace(start=start + text.start(token.start), end=start + text.end(token.end))
    else:
        yield from _words_of(text.text)


def _words_of(text: str) -> Iterator[Token]:
    """The words of a folded text, compounds closed at their first part."""
    found = [_token(piece) for piece in _PIECE.finditer(text)]
    at = 0
    while at < len(found):
        last = at
        while last + 1 < len(found) and _HYPHENS.fullmatch(text, found[last].end, found[last + 1].start):
            last += 1
        if last > at and (closed := _closed(found[at : last + 1])):
            found[at] = found[at]._replace(others=(*found[at].others, *closed))
        at = last + 1
    yield from found


def _closed(parts: list[Token]) -> tuple[str, ...]:
    """The terms of "follow-up" or "B-12" written as one word."""
    words = [part.word for part in parts]
    word = "".join(words)
    beside_digits = any(not word.isalpha() for word in words)
    if (
        len(word) > _LONGEST_COMPOUND
        or word.isdigit()
        or not word.isalnum()
        or (beside_digits and any(len(word) > _LONGEST_PART_BESIDE_DIGITS for word in words))
    ):
        return ()
    term = _stem(word) if word.isalpha() else word
    return (term,) if term == word else (term, written_term(term, word))


@lru_cache(maxsize=_CACHED_CHUNKS)
def _stem(word: str) -> str:
    return stem(word)


def _ends_sentence(chunk: str, last_word: str) -> bool:
    if _ENDS_SENTENCE.search(chunk) is None:
        return False
    return not chunk.endswith(".") or (
        last_word not in _NO_SENTENCE_END and len(last_word) > 1 and _DOTTED_END.search(chunk) is None
    )


def _token(piece: re.Match[str]) -> Token:
    start, end = piece.span()
    if piece["case"]:
        word = _case(piece)
        return Token(word, word, start, end)
    if piece["dated"]:
        return _date(piece) or _number(piece, piece.group())
    if piece["dose"]:
        word = f"{piece['one']}/{piece['other']}"
        return Token(word, word, start, end, (piece["one"], piece["other"]))
    if piece["number"]:
        return _number(piece, piece["number"])
    word = piece["dotted"].replace(".", "") if piece["dotted"] else _POSSESSIVE.sub("", piece["word"])
    word = _UNIT_NAMES.get(word, word.replace("'", ""))
    term = _stem(word) if word.isalpha() else word
    return Token(term, word, start, end, (written_term(term, word),) if term != word else ())


_UNIT_NAMES = {"μg": "mcg", "ug": "mcg", "mgs": "mg"}
_NUMBER_PART = re.compile(r"\d+(?:\.\d+)*")


def _number(piece: re.Match[str], written: str) -> Token:
    number = written.lstrip(f"#-{JOINER}").rstrip(f"%{JOINER}").replace(",", "")
    if number.startswith("."):
        number = f"0{number}"
    one, _, other = number.partition("-")
    if other and _is_dose(one, other):
        number = f"{one}/{other}"
    others: list[str] = []
    parts = _NUMBER_PART.findall(number)
    for part in parts:
        others += [part.rsplit(".", places)[0] for places in range(part.count(".") + 1)]
    if piece["before"]:
        others.append(f"{piece['before'][0]}{number}")
    if piece["percent"]:
        others.append(f"{number}%")
    return Token(
        number, number, *piece.span(), tuple(dict.fromkeys(one for one in others if one not in (number, "0")))
    )


def _is_dose(one: str, other: str) -> bool:
    """Whether "10-325" is a dose and no range: the second drug of such tablets weighs far more."""
    if not other.isdigit() or not one.replace(".", "", 1).isdigit():
        return False
    return float(one) <= _LARGEST_FIRST_DOSE and int(other) >= _SMALLEST_SECOND_DOSE


_WORDS_OF_A_DATE = re.compile(r"[a-z]+|\d+")
_NOT_OF_A_DATE = ("st", "nd", "rd", "th", "of")
_FIRST_YEAR_OF_2_DIGITS = 40


def _date(piece: re.Match[str]) -> Token | None:
    """One term for a date in figures, the month first, or in words; None where there is no such day."""
    words = [word for word in _WORDS_OF_A_DATE.findall(piece["dated"]) if word not in _NOT_OF_A_DATE]
    if piece["iso"]:
        year, month, day = words
    elif piece["day_first"]:
        day, month, year = words
    else:
        month, day, year = words
    number = int(year)
    if len(year) == len("14"):
        number += 1900 if number >= _FIRST_YEAR_OF_2_DIGITS else 2000
    named = month.isalpha()
    try:
        meant = date(number, _MONTHS.index(month[:3]) + 1 if named else int(month), int(day)).isoformat()
    except ValueError:
        return None
    others = (_stem(month), day, year) if named else (str(number),)
    return Token(meant, meant, *piece.span(), others)


def _case(piece: re.Match[str]) -> str:
    return f"cm{piece['case_year']}-{int(piece['serial']):07d}"


def _level(level: LevelExpression) -> Token:
    """A span is named by its ends; a chain ("L4-L5-S1") by its segments, too."""
    first, last = level.levels[0], level.levels[-1]
    others: tuple[str, ...] = ()
    if len(level.levels) == 1:
        term = first.lower()
    elif all("-" in segment for segment in level.levels):
        term = f"{first.split('-')[0]}-{last.split('-')[1]}".lower()
        if len(level.vertebrae) > len("LS"):
            others = tuple(segment.lower() for segment in level.levels)
    else:
        term = first.lower()
        others = tuple(other.lower() for other in level.levels[1:])
    return Token(term, term, level.start, level.end, others)
