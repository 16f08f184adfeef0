"""Pages and tables of a citation: "Page(s): 300 and Table 12.8, 309" -> pages 300 and 309, table 12-8.

A range stays one entry as the letter writes it ("300-301", "617-25"); a table is chapter and number joined by
a hyphen.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEGIN = re.compile(
    r"\b(?:(?P<table>tables?(?:\(s\))?)|pages?(?:\(s\))?|pgs?\b|pp?(?=\.)|pp(?= \d))\.?(?:\(s\))? ?[:#]? ?#?",
    re.IGNORECASE,
)
_TABLE_WORD = re.compile(r" ?\(?tables?(?:\(s\))?:? ?#?", re.IGNORECASE)
_PAGE = re.compile(
    r"(?P<first>\d{1,4})[a-z]?(?: ?(?:[-‐‑–—−]| to ) ?(?P<last>\d{1,4})[a-z]?)?(?![\d/]|\.\d|[-–]\d)"
)
_TABLE = re.compile(r"(?P<chapter>\d{1,2})(?: ?[-‐‑–—−.] ?(?P<table>\d{1,2}[a-z]?))?(?!\d)", re.IGNORECASE)
_BETWEEN = re.compile(
    r" ?(?:,|;|&|and\b)[ ,]*(?:and |& )?(?:(?:pages?(?:\(s\))?|pgs?|pp)\b\.? ?:? ?)?", re.IGNORECASE
)
_LIKE_A_TABLE = re.compile(r"\d{1,2} ?[-‐‑–—−.] ?\d")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Pages and tables in order, each once, and the spans of text that told them."""

    pages: tuple[str, ...]
    tables: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def without(self, text: str, start: int = 0) -> str:
        """`text` from `start` on, blanks in place of what told pages and tables."""
        parts = []
        at = start
        for begin, end in self.spans:
            if begin >= at:
                parts.append(text[at:begin])
            at = max(at, end)
        parts.append(text[at:])
        return " ".join(parts) if len(parts) > 1 else parts[0]


def read_numbers(text: str) -> Numbers:
    """Every page and table that a citation's text names."""
    pages: dict[str, None] = {}
    tables: dict[str, None] = {}
    spans = []
    at = 0
    while begin := _BEGIN.search(text, at):
        at = begin.end()
        for number, is_table, end in _numbers_from(text, at, begin["table"] is not None):
            (tables if is_table else pages)[number] = None
            at = end
        if at > begin.end():
            spans.append((begin.start(), at))
    return Numbers(tuple(pages), tuple(tables), tuple(spans))


def _numbers_from(text: str, at: int, is_table: bool) -> Iterator[tuple[str, bool, int]]:
    """The numbers that follow each other from `at` on, whether each is a table's, and where it ends."""
    table_word = _TABLE_WORD.match(text, at)
    if table_word is not None:
        is_table, at = True, table_word.end()
    while number := (_TABLE if is_table else _PAGE).match(text, at):
        first, second = number.groups()
        yield (f"{first}-{second}" if second else first), is_table, number.end()
        between = _BETWEEN.match(text, number.end())
        at = between.end() if between else number.end()
        table_word = _TABLE_WORD.match(text, at)
        if table_word is not None:
            is_table, at = True, table_word.end()
        elif between is None:
            return
        elif is_table:
            is_table = _LIKE_A_TABLE.match(text, at) is not None
