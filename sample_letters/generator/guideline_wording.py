"""Guideline paragraphs as letters word them, and the citations that a reader should find in them.

Each layout has its own wording; the standard one cited pages at first and sections from early 2015 on.
"""

from datetime import date
from random import Random

from determinations.letters.parsed_letter import Citation, Layout
from sample_letters.generator.guideline_choice import Guideline

_SECTIONS_INSTEAD_OF_PAGES = date(2015, 2, 1)
_NOT_IN_THE_MTUS = frozenset(("odg", "other"))
_PAGE_TITLES = {
    "mtus-chronic-pain": ("Chronic Pain Treatment Guidelines", "Chronic Pain Medical Treatment Guidelines"),
    "mtus-postsurgical": ("Postsurgical Treatment Guidelines",),
    "mtus-acupuncture": ("Acupuncture Treatment Guidelines",),
    "mtus-opioids": ("Opioids Treatment Guidelines",),
}
_SECTION_TITLES = {
    "mtus-chronic-pain": "Chronic Pain Medical Treatment",
    "mtus-postsurgical": "Postsurgical Treatment",
    "mtus-acupuncture": "Acupuncture Treatment",
    "mtus-opioids": "Opioids Treatment",
}
_CHAPTERS = {
    "Knee & Leg": "Knee",
    "Forearm, Wrist, & Hand": "Forearm, Wrist, and Hand",
    "General Approach to Initial Assessment and Documentation": "General Approaches",
}
"""Chapters that the site knows by another name than the letters print."""

_ODG_NAMES = (
    "Official Disability Guidelines (ODG)",
    "Official Disability Guidelines (ODG)",
    "Official Disability Guidelines",
    "ODG",
    "ODG-TWC",
)


def word_guidelines(
    guidelines: list[Guideline], side: str, layout: Layout, decided: date, rng: Random
) -> tuple[str, tuple[Citation, ...]]:
    """The paragraph of one side ("The Claims Administrator", "The Expert Reviewer") and its citations."""
    if layout is Layout.STANDARD:
        by_section = decided >= _SECTIONS_INSTEAD_OF_PAGES
        worded = [_standard(guideline, side, by_section, rng) for guideline in guidelines]
    else:
        worded = [
            _of_2013(guideline, side, "also based" if at else "based", rng)
            for at, guideline in enumerate(guidelines)
        ]
    text = " ".join(sentence for sentence, _ in worded)
    if layout is Layout.STANDARD and _says_what_it_is_not(guidelines) and rng.random() < 0.5:
        text = f"{side} did not base their decision on the MTUS. {text}"
    return text, tuple(citation for _, citation in worded)


def _says_what_it_is_not(guidelines: list[Guideline]) -> bool:
    return bool(guidelines) and all(guideline.source in _NOT_IN_THE_MTUS for guideline in guidelines)


def _citation(
    guideline: Guideline, words: str, *, year: bool = False, section: bool = False, pages: bool = False
) -> Citation:
    """The citation with what its words show of the guideline, and no more.

    The numbered ACOEM chapters are of 2004, whether or not their year is printed.
    """
    return Citation(
        source=guideline.source,
        chapter=_CHAPTERS.get(guideline.chapter, guideline.chapter.replace(" & ", " and ")) or None,
        year=guideline.year if year or guideline.chapter_number else None,
        sections=(guideline.section,) if section and guideline.section else (),
        pages=(guideline.pages,) if pages and guideline.pages else (),
        tables=(guideline.table,) if guideline.table and "Table" in words else (),
        text=words,
    )


def _standard(guideline: Guideline, side: str, by_section: bool, rng: Random) -> tuple[str, Citation]:
    if guideline.source == "none":
        no_mtus = f"{side} did not base their decision on the MTUS."
        words = rng.choice((no_mtus, f"{side} did not cite any medical evidence for its decision."))
        return words, _citation(guideline, words)
    if guideline.source in _NOT_IN_THE_MTUS:
        words = _odg(guideline, rng) if guideline.source == "odg" else guideline.words
        citation = _citation(guideline, words, section=True)
        return f"Decision based on Non-MTUS Citation {words}.", citation
    citation = _by_section(guideline) if by_section else _by_pages(guideline, rng)
    return f"Decision based on {citation.text}.", citation


def _by_section(guideline: Guideline) -> Citation:
    title = _SECTION_TITLES.get(guideline.source, guideline.chapter)
    section = f", Section(s): {guideline.section}" if guideline.section else ""
    return _citation(guideline, f"MTUS {title} {guideline.year}{section}", year=True, section=True)


def _by_pages(guideline: Guideline, rng: Random) -> Citation:
    pages = f" Page(s): {guideline.pages}" if guideline.pages else ""
    if guideline.table and guideline.pages:
        pages += rng.choice((f" and Table {guideline.table}", f", Table {guideline.table.replace('-', '.')}"))
    if guideline.source == "mtus-acoem":
        edition = rng.choice(("ACOEM", "ACOEM", "ACOEM Practice Guidelines,"))
        title = f"{edition} Chapter {guideline.chapter_number} {guideline.chapter}"
        return _citation(guideline, f"MTUS {title}{pages}", pages=True)
    title = rng.choice(_PAGE_TITLES[guideline.source])
    section = f" {guideline.section}" if guideline.section and rng.random() < 0.6 else ""
    return _citation(guideline, f"MTUS {title}{section}{pages}", section=bool(section), pages=True)


def _odg(guideline: Guideline, rng: Random) -> str:
    name, chapter = rng.choice(_ODG_NAMES), guideline.chapter
    written = rng.choice((f", {chapter} Chapter", f" {chapter} Chapter", f", {chapter}"))
    return f"{name}{written}, {guideline.section}"


def _of_2013(guideline: Guideline, side: str, based: str, rng: Random) -> tuple[str, Citation]:
    its = "its" if side == "The Claims Administrator" else "his/her"
    if guideline.source == "none":
        evidence = rng.choice(
            ("any evidence based criteria for {its} decision", "a guideline in support of {its} decision")
        )
        words = f"{side} did not cite {evidence.format(its=its)}."
        return words, _citation(guideline, words)
    words = _words_of_2013(guideline)
    part = "not part" if guideline.source in _NOT_IN_THE_MTUS else "part"
    citation = _citation(
        guideline, words, section=guideline.source in {"odg", "mtus-chronic-pain"}, pages=True
    )
    return f"{side} {based} {its} decision on {words}, which is {part} of the MTUS.", citation


def _words_of_2013(guideline: Guideline) -> str:
    pages = guideline.pages and f", {'pages' if '-' in guideline.pages else 'page'} {guideline.pages}"
    if guideline.source == "odg":
        return f"the Official Disability Guidelines (ODG), {guideline.chapter} Chapter, {guideline.section}"
    if guideline.source == "other":
        return guideline.words
    if guideline.source == "mtus-acoem":
        return (
            "the American College of Occupational and Environmental Medicine (ACOEM), 2nd Edition, (2004), "
            f"Chapter {guideline.chapter_number}, {guideline.chapter}{pages}"
        )
    if guideline.source == "mtus-chronic-pain":
        return f"the Chronic Pain Medical Treatment Guidelines, {guideline.section}{pages}"
    return f"the {guideline.words} Guidelines"
