"""What a citation says besides its source: pages, tables, year and the sections or topics it names."""

import re
from dataclasses import dataclass

_PAGE_WORD = re.compile(
    r"\b(?:pages?(?:\(s\))?|pgs?\b|pp?(?=\.)|pp(?= \d))\.?(?:\(s\))? ?[:#]? ?#?", re.IGNORECASE
)
_TABLE_WORD = re.compile(r"\btables?(?:\(s\))?:? ?#?", re.IGNORECASE)
_PAGE = re.compile(
    r"(?P<first>\d{1,4})[a-z]?(?: ?(?:[-‐‑–—−]| to ) ?(?P<last>\d{1,4})[a-z]?)?(?![\d/]|\.\d|[-–]\d)"
)
_TABLE = re.compile(r"(?P<chapter>\d{1,2})(?: ?[-–—.] ?(?P<table>\d{1,2}[a-z]?))?(?!\d)", re.IGNORECASE)
_BETWEEN = re.compile(
    r" ?(?:,|;|&|and\b|through\b)[ ,]*(?:and |& )?(?:pages?(?:\(s\))?|pgs?|pp)?\.? ?:? ?|\. ?(?=table)",
    re.IGNORECASE,
)
_SECTION_WORD = re.compile(
    r"\bsections?(?:\(s\)| ?\(s\))? ?(?::|\bon\b|\bof\b|\btitled\b|\bregarding\b)?", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d/.-])(?:19[89]|20[0-4])\d(?![\d/]|[-.]\d)")
_SECOND_EDITION = re.compile(r"\b(?:2nd|second) ed", re.IGNORECASE)
_DATED = re.compile(
    r"\(?\b(?:last )?(?:updated?|update of|accessed|as of|reviewed|revised|version|effective|web|dated)\b[^,;)]{0,40}?"
    r"(?:\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\b[A-Z][a-z]{2,8}\.? (?:\d{1,2}, ?)?\d{4})\)?"
    r"|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) "
    r"(?:\d{1,2}, ?)?\d{4}",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\((?:ODG|MTUS|ACOEM|TWC|updated|web|acute & chronic|acute and chronic|chronic|acute)[^()]{0,60}\)|\bchapters?\b(?: \d{1,2})?|"
    r"\b\d{1,2}(?:st|nd|rd|th) ed(?:ition|\.)?|\b(?:second|third|current|online|web|latest)[ -](?:ed(?:ition|\.)|version|based)|"
    r"https?://\S*|www\.\S*|\bODG(?:-TWC)?\b|\btreatment (?:index|guidelines?)\b|\bguidelines?\b(?= ?[,;.:]|$)|\bupdated?\b|"
    r"\baccessed\b|\bonline\b|\bpractice guidelines\b|\bin workers'? comp(?:ensation)?\b|\bintegrated treatment/disability duration\b|"
    r"\bwhich (?:is|are)\b.*|\(\s*\)",
    re.IGNORECASE,
)
_EDGES = " ,;:.-–—()/&"


@dataclass(frozen=True, slots=True)
class Details:
    pages: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    year: int | None = None


def read_details(text: str, topic_from: int, with_commas: tuple[str, ...], *, has_topics: bool) -> Details:
    """Details of one citation's text.

    `topic_from` is where its source and chapter end: what stands behind and is nothing else names its topics,
    if `has_topics`. `with_commas` are topic names that hold a comma.
    """
    pages, tables, taken = _pages_and_tables(text)
    section = _SECTION_WORD.search(text)
    sections: tuple[str, ...] = ()
    if section is not None:
        sections = _split_sections(_cleaned(text, section.end(), taken), with_commas)
    elif has_topics:
        sections = _split_sections(_cleaned(text, topic_from, taken), with_commas)
    return Details(pages, tables, sections, _year(text, taken))


def _pages_and_tables(text: str) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[int, int]]]:
    """Pages and tables in order, and the spans of text that told them."""
    pages: dict[str, None] = {}
    tables: dict[str, None] = {}
    taken: list[tuple[int, int]] = []
    at = 0
    while True:
        page, table = _PAGE_WORD.search(text, at), _TABLE_WORD.search(text, at)
        begin = min(
            (found for found in (page, table) if found), key=lambda found: found.start(), default=None
        )
        if begin is None:
            return tuple(pages), tuple(tables), taken
        at = _read_numbers(text, begin.end(), begin is table, pages, tables)
        if at > begin.end():
            taken.append((begin.start(), at))


def _read_numbers(text: str, at: int, is_table: bool, pages: dict[str, None], tables: dict[str, None]) -> int:
    """Reads "300 and Table 12.8, 309" from `at` on; returns where the numbers end."""
    end = at
    while True:
        number = (_TABLE if is_table else _PAGE).match(text, at)
        if number is None:
            return end
        if is_table:
            tables[f"{number['chapter']}-{number['table']}" if number["table"] else number["chapter"]] = None
        else:
            pages[f"{number['first']}-{number['last']}" if number["last"] else number["first"]] = None
        end = number.end()
        between = _BETWEEN.match(text, end)
        at = between.end() if between else end
        table_word = _TABLE_WORD.match(text, at) or _TABLE_WORD.match(text, at + 1)
        if table_word is not None:
            is_table, at = True, table_word.end()
        elif between is None:
            return end
        elif is_table and not re.match(r"\d{1,2} ?[-–.] ?\d", text[at : at + 7]):
            is_table = False


def _year(text: str, taken: list[tuple[int, int]]) -> int | None:
    """The one year that the text states as an edition; None for none or several."""
    outside = _without(text, taken)
    years = set(_YEAR.findall(_DATED.sub(" ", outside)))
    if len(years) == 1:
        return int(years.pop())
    return 2004 if not years and _SECOND_EDITION.search(outside) else None


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts.append(text[at:start])
        at = end
    parts.append(text[at:])
    return " ".join(parts)


def _cleaned(text: str, start: int, taken: list[tuple[int, int]]) -> str:
    """What is left of `text` from `start` on without pages, tables, dates, editions and addresses."""
    spans = [(max(0, a - start), b - start) for a, b in taken if b > start]
    rest = _without(text[start:], spans)
    rest = _NOISE.sub(" ", _YEAR.sub(" ", _DATED.sub(" ", rest)))
    return " ".join(rest.split())


def _split_sections(text: str, with_commas: tuple[str, ...]) -> tuple[str, ...]:
    """Topics one by one: a semicolon, or a comma before a capital, begins another."""
    sections: list[str] = []
    text = text.strip(_EDGES)
    while text:
        name = next((known for known in with_commas if text[: len(known)].lower() == known.lower()), "")
        cut = _next_cut(text, len(name))
        section = text[:cut].strip(" ,;:.-–—/&")
        if sum(letter.isalpha() for letter in section) >= 3:
            sections.append(section)
        text = text[cut:].lstrip(_EDGES)
    return tuple(dict.fromkeys(sections))


def _next_cut(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        letter = text[at]
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif depth <= 0 and (
            letter == ";" or (letter == "," and text[at + 1 : at + 3].strip()[:1].isupper())
        ):
            return at
    return len(text)
