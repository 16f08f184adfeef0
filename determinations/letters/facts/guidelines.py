"""Pages and tables of a citation: "Page(s): 300 and Table 12.8, 309" -> pages 300 and 309, table 12-8.

A range stays one entry as the letter writes it ("300-301", "617-25"); a table is chapter and number joined by
a hyphen.

Cuts a guideline paragraph into citations: where each begins, which source and chapter it names.

Goes through the known words of the paragraph from left to right. Reads neither pages nor topics.

A guideline paragraph of a disputed item -> the guidelines it cites.

"Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300. Decision based on Non-MTUS Citation
Official Disability Guidelines (ODG), Low Back Chapter" are two citations. Knows the wording of all four
layouts; the names stand in guidelines.toml. What is not stated is absent: a year is filled in only where the
name alone tells it ("Low Back Complaints" is chapter 12 of the 2004 set).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from determinations.letters.facts.guideline_topics import sections_of, year_of
from determinations.letters.parsed_letter import Citation
from determinations.letters.text.characters import with_single_blanks
from determinations.letters.vocabulary.guidelines import (
    Cue,
    GuidelineVocabulary,
    Signal,
    guideline_vocabulary,
)
from determinations.letters.vocabulary.names import Chapter

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
class CitationNumbers:
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


def read_numbers(text: str) -> CitationNumbers:
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
    return CitationNumbers(tuple(pages), tuple(tables), tuple(spans))


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


ACOEM: Final = "mtus-acoem"
ODG: Final = "odg"
OTHER: Final = "other"

_NEAR = 30
"""A chapter's name stands no more letters than this behind its number."""
_A_FEW = 12
_JOINERS = " -–—(/&:"
_ADDRESS_OF_ODG = re.compile(
    r"(?:https?://|www\.)[^\s()]{0,60}(?:odg|worklossdata)[^\s()]{0,60}", re.IGNORECASE
)
_EDITION = re.compile(r"\)? \(?(?:19|20)\d\d\b")
_OWN_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_UNKNOWN_CHAPTER = re.compile(r"[ ,:]*(?P<name>[A-Z][^.;:]{2,80}?),? \(?(?:19|20)\d\d\b")
_CHAPTER_ENDS = re.compile(r" ?(?:[,;:.(–—-]|chapter\b|\Z)", re.IGNORECASE)


@dataclass(slots=True)
class Draft:
    """A citation being read: where it starts, where its source and chapter end."""

    start: int
    named_until: int
    source: str = ""
    chapter: Chapter | None = None
    by_number: bool = False
    is_full_name: bool = False
    non_mtus: bool = False
    end: int = -1
    before_chapter: tuple[int, int] = (0, 0)
    """From where to where other words stand between the source's name and the chapter's."""

    def name(
        self, chapter: Chapter, start: int, until: int, *, by_number: bool = False, is_full: bool = False
    ) -> None:
        """Takes the chapter, named by its number, its full name, or a short name that sources share."""
        if self.chapter is None:
            self.before_chapter = (self.named_until, start)
        self.chapter, self.named_until = chapter, until
        self.by_number, self.is_full_name = by_number, is_full


class _Found(NamedTuple):
    cue: Cue
    start: int
    end: int
    clause: int


def drafts_in(text: str, vocabulary: GuidelineVocabulary) -> tuple[list[Draft], bool]:
    """The citations of a paragraph, and whether it says that nothing was cited."""
    cues = list(_cues_in(text, vocabulary))
    denied = any(found.cue.signal is Signal.DENIAL for found in cues)
    return _Reading(text, vocabulary).drafts(cues), denied


def _cues_in(text: str, vocabulary: GuidelineVocabulary) -> Iterator[_Found]:
    words, spans = vocabulary.reader.read_with_spans(text)
    for match, cue in vocabulary.cues.matches_in(words, set()):
        first, last = match.positions[0], match.positions[-1]
        yield _Found(cue, spans[first][0], spans[last][1], words.clause[first])


class _Reading:
    """Goes through the cues of one paragraph from left to right and cuts it into citations."""

    def __init__(self, text: str, vocabulary: GuidelineVocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._drafts: list[Draft] = []
        self._open: Draft | None = None
        self._lead: int | None = None
        self._statement_end = -1
        self._mtus_end = -1
        self._in_mtus = False
        self._bare_mtus: int | None = None
        self._non_mtus = False
        self._topics_in = -1

    def drafts(self, found: list[_Found]) -> list[Draft]:
        denied_clause = -1
        for item in found:
            signal = item.cue.signal
            if signal in (Signal.STATEMENT, Signal.NON_MTUS):
                denied_clause = -1
            elif signal is Signal.DENIAL and self._open is None:
                denied_clause = item.clause
            if item.clause != denied_clause:
                self._read(item)
        self._close(len(self._text))
        return self._drafts

    def _read(self, item: _Found) -> None:
        if self._text[item.start : item.start + 4].lower() == "mtus" and self._follows_statement(item):
            self._in_mtus, self._mtus_end = True, item.start + 4
        match item.cue.signal:
            case Signal.STATEMENT:
                self._close(item.start)
                self._lead, self._non_mtus, self._topics_in = item.end, False, -1
                self._statement_end, self._in_mtus = item.end, False
            case Signal.NON_MTUS:
                if self._is_a_mere_mark(item.start):
                    self._open = None
                self._close(item.start)
                self._open = Draft(item.end, item.end, non_mtus=True)
                self._lead, self._non_mtus, self._topics_in = item.end, True, -1
                self._in_mtus = False
            case Signal.MTUS:
                self._read_mtus(item)
            case Signal.ASIDE:
                self._read_aside(item)
            case Signal.SOURCE:
                self._read_source(item)
            case Signal.CHAPTER:
                self._read_chapter_name(item)
            case Signal.CHAPTER_NUMBER:
                self._read_chapter(item, self._vocabulary.by_number[item.cue.number], by_number=True)
            case Signal.SECTIONS:
                self._topics_in = item.clause
            case Signal.DENIAL:
                pass

    def _read_mtus(self, item: _Found) -> None:
        """The MTUS leads up to one of its guidelines; where nothing follows it is cited as a whole."""
        if self._follows_statement(item):
            self._in_mtus, self._mtus_end = True, item.end
        if self._open is not None or self._lead is None:
            self._lead = item.start
        elif not any(map(str.isalnum, self._text[self._lead : min(item.start, self._lead + _NEAR)])):
            self._bare_mtus = self._lead

    def _follows_statement(self, item: _Found) -> bool:
        """Whether "Decision based on" stands just before."""
        return self._statement_end >= 0 and not self._text[self._statement_end : item.start].strip(" :")

    def _read_aside(self, item: _Found) -> None:
        """ "..., which is not part of the MTUS" ends a citation, known or not."""
        if self._open is None and self._lead is not None and self._has_words(self._lead, item.start):
            self._open = Draft(self._lead, self._lead, OTHER)
        self._close(item.start)
        self._lead = None

    def _leads_on(self) -> bool:
        """Whether "MTUS" or "Decision based on" stands after all that the open citation names."""
        return self._lead is not None and (self._open is None or self._lead > self._open.named_until)

    def _is_topic(self, item: _Found) -> bool:
        """Behind "Section(s):" the name of a chapter or source is a topic, unless an edition's year follows.

        "ODG; Section: Low Back" names the chapter, since ODG has no topics outside its chapters.
        """
        if self._open is not None and self._open.source == ODG and self._open.chapter is None:
            return False
        return item.clause == self._topics_in and not self._has_year(item)

    def _has_year(self, item: _Found) -> bool:
        """Whether an edition's year follows the name, or is part of it."""
        name = self._text[item.start : item.end]
        return _EDITION.match(self._text, item.end) is not None or _OWN_YEAR.search(name) is not None

    def _begin(self, item: _Found, source: str) -> Draft:
        start = self._lead if self._lead is not None and self._leads_on() else item.start
        self._bare_mtus = None
        self._close(start)
        self._open = Draft(start, item.end, source, non_mtus=self._non_mtus)
        self._lead = None
        self._topics_in = -1
        return self._open

    def _close(self, at: int) -> None:
        if self._open is None and self._bare_mtus is not None:
            unknown = _UNKNOWN_CHAPTER.match(self._text, self._mtus_end, at) if self._in_mtus else None
            until = unknown.end("name") if unknown else self._bare_mtus
            self._open = Draft(self._bare_mtus, until, ACOEM if unknown else OTHER)
        self._bare_mtus = None
        if self._open is not None:
            self._open.end = at
            if self._open.source or self._text[self._open.start : at].strip(" .,:;"):
                self._drafts.append(self._open)
            self._open = None

    def _read_source(self, item: _Found) -> None:
        draft, source = self._open, item.cue.source
        if draft is not None and item.start < draft.named_until:
            return
        if self._in_mtus and draft is not None and self._is_topic(item):
            return
        self._topics_in = -1
        if draft is None:
            self._begin(item, source)
        elif draft.source in (ODG, "") and (address := _ADDRESS_OF_ODG.match(self._text, item.start)):
            draft.source, draft.named_until = ODG, address.end()
        elif not draft.source and not self._has_words(draft.start, item.start):
            draft.source, draft.named_until = source, item.end
        elif source == OTHER and draft.source in (OTHER, ""):
            draft.source = OTHER
        elif draft.source == source and self._is_named_again(draft, item):
            draft.named_until = item.end
        else:
            self._begin(item, source)

    def _is_named_again(self, draft: Draft, item: _Found) -> bool:
        """ "Official Disability Guidelines (ODG)", "Chapter 12 (ACOEM)": the same source by another name."""
        again = draft.chapter is None or draft.source == ACOEM
        return again and not self._has_words(draft.named_until, item.start)

    def _is_a_mere_mark(self, until: int) -> bool:
        """ "Non-MTUS Citation X Other Medical Treatment Guideline": a form's ticked box, no citation."""
        draft = self._open
        if draft is None or draft.source or until - draft.start > _A_FEW:
            return False
        return sum(map(str.isalnum, self._text[draft.start : until])) <= 1

    def _has_words(self, start: int, end: int) -> bool:
        """Whether more than a few letters stand between, so that something else is spoken of."""
        if end - start > 4 * _A_FEW:
            return True
        return sum(map(str.isalnum, self._text[start:end])) > _A_FEW

    def _read_chapter_name(self, item: _Found) -> None:
        if self._is_topic(item):
            return
        draft, names = self._open, item.cue.names
        source = draft.source if draft is not None else ""
        if self._in_mtus and ACOEM in names and self._has_year(item) and self._is_next_of_mtus(item):
            self._begin(item, ACOEM).name(names[ACOEM].chapter, item.start, item.end, is_full=True)
            return
        is_acoem_again = source == ODG and ACOEM in names and self._leads_on()
        if source in names and not is_acoem_again:
            self._read_chapter(item, names[source].chapter, is_full=names[source].is_full)
        elif ACOEM in names and names[ACOEM].is_full and source not in (OTHER, ODG):
            if draft is None or source or self._has_words(draft.start, item.start):
                draft = self._begin(item, ACOEM)
            draft.source = ACOEM
            draft.name(names[ACOEM].chapter, item.start, item.end, is_full=True)

    def _read_chapter(
        self, item: _Found, chapter: Chapter, *, by_number: bool = False, is_full: bool = False
    ) -> None:
        draft = self._open
        if by_number and draft is not None and not draft.source and self._has_words(draft.start, item.start):
            return
        if by_number and (draft is None or not draft.source):
            draft = self._begin(item, ACOEM)
        if draft is None or draft.source != chapter.source:
            return
        near = item.start - draft.named_until <= _NEAR
        if draft.chapter is None or (draft.by_number and is_full and near and draft.chapter != chapter):
            draft.name(chapter, item.start, item.end, by_number=by_number, is_full=is_full)
        elif draft.chapter == chapter:
            draft.is_full_name = draft.is_full_name or is_full
            joiners = _JOINERS + "," if is_full else _JOINERS
            if near and not self._text[draft.named_until : item.start].strip(joiners):
                draft.named_until = item.end
        elif by_number and not draft.by_number and near:
            draft.named_until = item.end
        elif by_number or is_full or self._is_called_chapter(item) or self._opens_clause(item):
            self._begin(item, draft.source).name(
                chapter, item.start, item.end, by_number=by_number, is_full=is_full
            )

    def _is_next_of_mtus(self, item: _Found) -> bool:
        """Whether the name follows "Decision based on MTUS" at once, or sections of the citation before."""
        draft = self._open
        if draft is None:
            return not any(map(str.isalnum, self._text[self._mtus_end : item.start]))
        return draft.end < 0 and item.start > draft.named_until and self._topics_in >= 0

    def _opens_clause(self, item: _Found) -> bool:
        """ "ODG Low Back, Manipulation; Neck and Upper Back, Manipulation" names two chapters."""
        before = self._text[: item.start].rstrip()
        return before.endswith(";") and _CHAPTER_ENDS.match(self._text, item.end) is not None

    def _is_called_chapter(self, item: _Found) -> bool:
        return "chapter" in self._text[item.end : item.end + 10].lower()


_CHRONIC_PAIN, _NONE = "mtus-chronic-pain", "none"
_ACOEM_ON_CHRONIC_PAIN = 2017
"""From this edition on, the MTUS guideline on chronic pain is ACOEM's."""
_OUTSIDE = " ,;:."
_LONGEST_REMEMBERED = 1000
_STATEMENT_AGAIN = ". Decision based on "
_NEXT_STATEMENT = re.compile(r"(?<=\.) (?=Decision based on )")
"""Where the form's next statement begins: nothing of the one before bears on it."""
_ONE_TOPIC = re.compile(r"[ ,:)–-]*[A-Za-z][A-Za-z /-]{1,40}[ ,:–-]*")
_CONNECTING = (" the", " and", " as well as", " on")


def citations_in(paragraph: str) -> tuple[Citation, ...]:
    """One side's citations in order; () for an empty paragraph, source "none" where it cites nothing."""
    text = with_single_blanks(paragraph)
    if not text:
        return ()
    statements = [
        remembered_citations(statement) if len(statement) <= _LONGEST_REMEMBERED else _citations_of(statement)
        for statement in (_NEXT_STATEMENT.split(text) if _STATEMENT_AGAIN in text else (text,))
    ]
    citations = tuple(citation for cited, _ in statements for citation in cited)
    denied = any(denied for _, denied in statements)
    return citations or (Citation(_NONE if denied else OTHER, text=text),)


def _citations_of(statement: str) -> tuple[tuple[Citation, ...], bool]:
    """What a statement cites, and whether it says that nothing was cited."""
    vocabulary = guideline_vocabulary()
    drafts, denied = drafts_in(statement, vocabulary)
    return tuple(_citation(statement, draft, vocabulary) for draft in drafts), denied


remembered_citations = lru_cache(maxsize=4096)(_citations_of)
"""Letters cite the same pages in the same words again and again: most statements were read before."""


def _citation(text: str, draft: Draft, vocabulary: GuidelineVocabulary) -> Citation:
    raw = text[draft.start : draft.end]
    lead = len(raw) - len(raw.lstrip(_OUTSIDE))
    raw = _trimmed(raw)
    source, chapter = draft.source or OTHER, draft.chapter
    numbers = read_numbers(raw)
    year = year_of(numbers.without(raw))
    if chapter is not None and year is None and (draft.by_number or draft.is_full_name):
        year = chapter.year
    behind = numbers.without(raw, max(0, draft.named_until - draft.start - lead))
    sections = sections_of(behind, vocabulary.sections_with_commas, always=source != OTHER)
    if source == ODG:
        between = text[slice(*draft.before_chapter)]
        sections = (*_topic_before_chapter(between, vocabulary), *sections)
    if source == _CHRONIC_PAIN and year is not None and year >= _ACOEM_ON_CHRONIC_PAIN:
        source, chapter = ACOEM, vocabulary.chronic_pain_of_acoem
    if draft.non_mtus and source.startswith("mtus-"):
        source = OTHER
    name = chapter.name if chapter else None
    return Citation(source, name, year, sections, numbers.pages, numbers.tables, raw)


def _topic_before_chapter(between: str, vocabulary: GuidelineVocabulary) -> tuple[str, ...]:
    """ "ODG, MRI shoulder": a topic may stand between the source's name and the chapter's."""
    if _ONE_TOPIC.fullmatch(between) is None:
        return ()
    return sections_of(between, vocabulary.sections_with_commas, always=True)


def _trimmed(raw: str) -> str:
    """A citation's words without the punctuation and the joining words around them."""
    raw = raw.strip(_OUTSIDE)
    while raw.endswith(_CONNECTING):
        joining = next(word for word in _CONNECTING if raw.endswith(word))
        raw = raw.removesuffix(joining).rstrip(_OUTSIDE)
    return raw
