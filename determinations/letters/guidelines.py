"""A guideline paragraph of a disputed item -> the guidelines it cites.

"Decision based on MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 300. Decision based on Non-MTUS Citation
Official Disability Guidelines (ODG), Low Back Chapter" are two citations. Knows the wording of all four
layouts; the names stand in guidelines.toml. What is not stated is absent: a year is filled in only where the
name alone tells it ("Low Back Complaints" is chapter 12 of the 2004 set).
"""

from functools import lru_cache

from determinations.letters.citation_drafts import ACOEM, OTHER, Draft, drafts_in
from determinations.letters.citation_numbers import read_numbers
from determinations.letters.citation_topics import sections_of, year_of
from determinations.letters.guideline_vocabulary import GuidelineVocabulary, guideline_vocabulary
from determinations.letters.parsed_letter import Citation

_CHRONIC_PAIN, _NONE = "mtus-chronic-pain", "none"
_ACOEM_ON_CHRONIC_PAIN = 2017
"""From this edition on, the MTUS guideline on chronic pain is ACOEM's."""
_OUTSIDE = " ,;:."
_LONGEST_REMEMBERED = 1000
_CONNECTING = (" the", " and", " as well as", " on")


def citations_in(paragraph: str) -> tuple[Citation, ...]:
    """One side's citations in order; () for an empty paragraph, source "none" where it cites nothing."""
    text = " ".join(paragraph.split())
    if not text:
        return ()
    return remembered_citations(text) if len(text) <= _LONGEST_REMEMBERED else _citations_of(text)


def _citations_of(text: str) -> tuple[Citation, ...]:
    vocabulary = guideline_vocabulary()
    drafts, denied = drafts_in(text, vocabulary)
    citations = tuple(_citation(text, draft, vocabulary) for draft in drafts)
    return citations or (Citation(_NONE if denied else OTHER, text=text),)


remembered_citations = lru_cache(maxsize=4096)(_citations_of)
"""Letters cite the same pages in the same words again and again: most paragraphs were read before."""


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
    if source == _CHRONIC_PAIN and year is not None and year >= _ACOEM_ON_CHRONIC_PAIN:
        source, chapter = ACOEM, vocabulary.chronic_pain_of_acoem
    if source == ACOEM and draft.non_mtus and chapter is not None and chapter.name in vocabulary.not_adopted:
        source = OTHER
    name = chapter.name if chapter else None
    return Citation(source, name, year, sections, numbers.pages, numbers.tables, raw)


def _trimmed(raw: str) -> str:
    """A citation's words without the punctuation and the joining words around them."""
    raw = raw.strip(_OUTSIDE)
    while raw.endswith(_CONNECTING):
        joining = next(word for word in _CONNECTING if raw.endswith(word))
        raw = raw.removesuffix(joining).rstrip(_OUTSIDE)
    return raw
