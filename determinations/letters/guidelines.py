"""A guideline paragraph of a disputed item -> the guidelines it cites.

"Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300. Decision based on Non-MTUS Citation Official
Disability Guidelines (ODG), Low Back Chapter" are two citations. Knows the wording of all four layouts; the
names stand in guidelines.toml. What is not stated is absent: a year is filled in only where the name alone
tells it ("Low Back Complaints" is chapter 12 of the 2004 set).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from determinations.letters.citation_details import read_details
from determinations.letters.guideline_vocabulary import (
    ChapterName,
    Cue,
    GuidelineVocabulary,
    Signal,
    guideline_vocabulary,
)
from determinations.letters.parsed_letter import Citation
from determinations.letters.vocabulary import Chapter

_ACOEM, _CHRONIC_PAIN, _ODG, _OTHER, _NONE = "mtus-acoem", "mtus-chronic-pain", "odg", "other", "none"
_NEAR = 30
"""A chapter's name stands no more letters than this behind its number."""


@dataclass(slots=True)
class _Draft:
    """A citation being read: where it starts, where its source and chapter end."""

    start: int
    named_until: int
    source: str = ""
    chapter: Chapter | None = None
    by_number: bool = False
    is_full_name: bool = False
    non_mtus: bool = False
    end: int = -1


@dataclass(frozen=True, slots=True)
class _Found:
    cue: Cue
    start: int
    end: int
    clause: int


def citations_in(paragraph: str) -> tuple[Citation, ...]:
    """The citations of one side's paragraph, in order. () for an empty one; source "none" where it cites nothing."""
    text = " ".join(paragraph.split())
    if not text:
        return ()
    vocabulary = guideline_vocabulary()
    found = list(_cues_in(text, vocabulary))
    drafts = _Reading(text, vocabulary).drafts(found)
    citations = tuple(_citation(text, draft, vocabulary) for draft in drafts)
    if citations:
        return citations
    denied = any(item.cue.signal is Signal.DENIAL for item in found)
    return (Citation(_NONE if denied else _OTHER, text=text),)


def _cues_in(text: str, vocabulary: GuidelineVocabulary) -> Iterator[_Found]:
    words = vocabulary.reader.read(text)
    for match, cue in vocabulary.cues.matches_in(words, set()):
        first, last = match.positions[0], match.positions[-1]
        yield _Found(cue, words.spans[first][0], words.spans[last][1], words.clause[first])


class _Reading:
    """Goes through the cues of one paragraph from left to right and cuts it into citations."""

    def __init__(self, text: str, vocabulary: GuidelineVocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._drafts: list[_Draft] = []
        self._open: _Draft | None = None
        self._lead: int | None = None
        self._non_mtus = False

    def drafts(self, found: list[_Found]) -> list[_Draft]:
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
        match item.cue.signal:
            case Signal.STATEMENT:
                self._close(item.start)
                self._lead, self._non_mtus = item.end, False
            case Signal.NON_MTUS:
                self._close(item.start)
                self._open = _Draft(item.end, item.end, non_mtus=True)
                self._lead, self._non_mtus = item.end, True
            case Signal.MTUS:
                self._lead = self._lead if self._open is None and self._lead is not None else item.start
            case Signal.ASIDE:
                self._close(item.start)
            case Signal.SOURCE:
                self._read_source(item)
            case Signal.CHAPTER:
                self._read_chapter_name(item)
            case Signal.CHAPTER_NUMBER:
                self._read_chapter(item, self._vocabulary.by_number[item.cue.number], by_number=True)
            case Signal.DENIAL:
                pass

    def _begin(self, item: _Found, source: str) -> _Draft:
        lead = (
            self._lead
            if self._lead is not None and (self._open is None or self._lead > self._open.named_until)
            else None
        )
        start = lead if lead is not None else item.start
        self._close(start)
        self._open = _Draft(start, item.end, source, non_mtus=self._non_mtus)
        self._lead = None
        return self._open

    def _close(self, at: int) -> None:
        if self._open is not None:
            self._open.end = at
            if self._open.source or self._text[self._open.start : at].strip(" .,:;"):
                self._drafts.append(self._open)
            self._open = None

    def _read_source(self, item: _Found) -> None:
        draft, source = self._open, item.cue.source
        if draft is not None and not draft.source and not self._has_words(draft.start, item.start):
            draft.source, draft.named_until = source, item.end
        elif (
            draft is not None
            and draft.source == source
            and draft.chapter is None
            and not self._has_words(draft.named_until, item.start)
        ):
            draft.named_until = item.end
        elif draft is not None and source == _OTHER and (draft.source == _OTHER or not draft.source):
            draft.source = _OTHER
        elif (
            draft is not None
            and draft.source == source == _ACOEM
            and not self._has_words(draft.named_until, item.start)
        ):
            draft.named_until = item.end
        else:
            self._begin(item, source)

    def _has_words(self, start: int, end: int) -> bool:
        between = self._text[start:end]
        return sum(letter.isalnum() for letter in between) > 12

    def _read_chapter_name(self, item: _Found) -> None:
        draft, names = self._open, item.cue.names
        source = draft.source if draft is not None else ""
        if source in names and not (source == _ODG and self._is_acoem_again(item)):
            self._read_chapter(item, names[source].chapter, is_full=names[source].is_full)
        elif _ACOEM in names and names[_ACOEM].is_full and source not in (_OTHER, _ODG):
            self._read_full_acoem(item, names[_ACOEM])

    def _is_acoem_again(self, item: _Found) -> bool:
        """ "MTUS Low Back Complaints" after an ODG citation begins a citation of its own."""
        return (
            self._lead is not None
            and self._open is not None
            and self._lead > self._open.named_until
            and _ACOEM in item.cue.names
        )

    def _read_full_acoem(self, item: _Found, name: ChapterName) -> None:
        draft = self._open
        if draft is None or draft.source or self._has_words(draft.start, item.start):
            draft = self._begin(item, _ACOEM)
        draft.source, draft.chapter, draft.is_full_name, draft.named_until = (
            _ACOEM,
            name.chapter,
            True,
            item.end,
        )

    def _read_chapter(
        self, item: _Found, chapter: Chapter, *, by_number: bool = False, is_full: bool = False
    ) -> None:
        draft = self._open
        if draft is None or draft.source != chapter.source:
            if by_number and (draft is None or not draft.source):
                draft = self._begin(item, _ACOEM)
            else:
                return
        if draft.chapter is None:
            draft.chapter, draft.by_number, draft.is_full_name, draft.named_until = (
                chapter,
                by_number,
                is_full,
                item.end,
            )
        elif draft.chapter == chapter:
            draft.is_full_name = draft.is_full_name or is_full
            if item.start - draft.named_until <= _NEAR:
                draft.named_until = item.end
        elif draft.by_number and is_full and item.start - draft.named_until <= _NEAR:
            draft.chapter, draft.by_number, draft.is_full_name, draft.named_until = (
                chapter,
                False,
                True,
                item.end,
            )
        elif by_number and not draft.by_number and item.start - draft.named_until <= _NEAR:
            draft.named_until = item.end
        elif by_number or is_full or self._is_called_chapter(item):
            fresh = self._begin(item, draft.source)
            fresh.chapter, fresh.by_number, fresh.is_full_name = chapter, by_number, is_full

    def _is_called_chapter(self, item: _Found) -> bool:
        return "chapter" in self._text[item.end : item.end + 10].lower()


def _citation(text: str, draft: _Draft, vocabulary: GuidelineVocabulary) -> Citation:
    raw = text[draft.start : draft.end]
    lead = len(raw) - len(raw.lstrip(" ,;:.)"))
    raw = _trimmed(raw)
    source, chapter = draft.source or _OTHER, draft.chapter
    topic_from = max(0, draft.named_until - draft.start - lead)
    details = read_details(
        raw, topic_from, vocabulary.sections_with_commas, has_topics=source in (_ODG, _CHRONIC_PAIN)
    )
    year = details.year
    if chapter is not None and year is None and (draft.by_number or draft.is_full_name):
        year = chapter.year
    if source == _CHRONIC_PAIN and year is not None and year >= 2017:
        source, chapter = _ACOEM, _chapter_named("Chronic Pain")
    if source == _ACOEM and draft.non_mtus and chapter is not None and chapter.name in vocabulary.not_adopted:
        source = _OTHER
    return Citation(
        source, chapter.name if chapter else None, year, details.sections, details.pages, details.tables, raw
    )


def _trimmed(raw: str) -> str:
    raw = raw.strip(" ,;:.")
    for word in (" and the", " and", ", the", " the", " as well as the", " as well as", " and on the"):
        raw = raw.removesuffix(word).rstrip(" ,;:.")
    return raw


def _chapter_named(name: str) -> Chapter:
    from determinations.letters.vocabulary import guideline_sources

    return next(
        chapter for source in guideline_sources() for chapter in source.chapters if chapter.name == name
    )
