"""Guideline paragraphs as letters word them, and the citations that a reader should find in them.

Each layout has its own wording; the standard one cited pages at first and sections from early 2015 on.
"""

from datetime import date
from random import Random

from determinations.letters.parsed_letter import Citation, Layout

from .guideline_choice import Guideline

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
        citations = tuple(_standard(guideline, side, by_section, rng) for guideline in guidelines)
    else:
        citations = tuple(
            _of_2013(guideline, side, "also based" if at else "based", rng)
            for at, guideline in enumerate(guidelines)
        )
    text = " ".join(citation.text for citation in citations)
    if layout is Layout.STANDARD and _says_what_it_is_not(guidelines) and rng.random() < 0.5:
        text = f"{side} did not base their decision on the MTUS. {text}"
    return text, citations


def _says_what_it_is_not(guidelines: list[Guideline]) -> bool:
    return bool(guidelines) and all(guideline.source in _NOT_IN_THE_MTUS for guideline in guidelines)


def _citation(
    guideline: Guideline, text: str, *, year: bool = False, section: bool = False, pages: bool = False
) -> Citation:
    """The citation with what its wording shows of the guideline, and no more."""
    return Citation(
        source=guideline.source,
        chapter=guideline.chapter or None,
        year=guideline.year if year and guideline.year else None,
        sections=(guideline.section,) if section and guideline.section else (),
        pages=(guideline.pages,) if pages and guideline.pages else (),
        tables=(guideline.table,) if pages and guideline.table else (),
        text=text,
    )


def _standard(guideline: Guideline, side: str, by_section: bool, rng: Random) -> Citation:
    if guideline.source == "none":
        no_mtus = f"{side} did not base their decision on the MTUS."
        return _citation(
            guideline, rng.choice((no_mtus, f"{side} did not cite any medical evidence for its decision."))
        )
    if guideline.source == "odg":
        return _citation(
            guideline, f"Decision based on Non-MTUS Citation {_odg(guideline, rng)}.", section=True
        )
    if guideline.source == "other":
        return _citation(guideline, f"Decision based on Non-MTUS Citation {guideline.words}.")
    return _by_section(guideline) if by_section else _by_pages(guideline, rng)


def _by_section(guideline: Guideline) -> Citation:
    title = _SECTION_TITLES.get(guideline.source, guideline.chapter)
    section = f", Section(s): {guideline.section}" if guideline.section else ""
    return _citation(
        guideline, f"Decision based on MTUS {title} {guideline.year}{section}.", year=True, section=True
    )


def _by_pages(guideline: Guideline, rng: Random) -> Citation:
    pages = f" Page(s): {guideline.pages}" if guideline.pages else ""
    if guideline.table and guideline.pages:
        pages += rng.choice((f" and Table {guideline.table}", f", Table {guideline.table.replace('-', '.')}"))
    if guideline.source == "mtus-acoem":
        edition = rng.choice(("ACOEM", "ACOEM", "ACOEM Practice Guidelines,"))
        title = f"{edition} Chapter {guideline.chapter_number} {guideline.chapter}"
        return _citation(guideline, f"Decision based on MTUS {title}{pages}.", pages=True)
    title = rng.choice(_PAGE_TITLES[guideline.source])
    section = f" {guideline.section}" if guideline.section and rng.random() < 0.6 else ""
    return _citation(
        guideline, f"Decision based on MTUS {title}{section}{pages}.", section=bool(section), pages=True
    )


def _odg(guideline: Guideline, rng: Random) -> str:
    name, chapter = rng.choice(_ODG_NAMES), guideline.chapter
    written = rng.choice((f", {chapter} Chapter", f" {chapter} Chapter", f", {chapter}"))
    return f"{name}{written}, {guideline.section}"


def _of_2013(guideline: Guideline, side: str, based: str, rng: Random) -> Citation:
    its = "its" if side == "The Claims Administrator" else "his/her"
    if guideline.source == "none":
        evidence = rng.choice(
            ("any evidence based criteria for {its} decision", "a guideline in support of {its} decision")
        )
        return _citation(guideline, f"{side} did not cite {evidence.format(its=its)}.")
    words, part = _words_of_2013(guideline), "not part" if guideline.source in _NOT_IN_THE_MTUS else "part"
    return _citation(
        guideline,
        f"{side} {based} {its} decision on {words}, which is {part} of the MTUS.",
        year=guideline.source == "mtus-acoem",
        section=guideline.source in {"odg", "mtus-chronic-pain"},
        pages=True,
    )


def _words_of_2013(guideline: Guideline) -> str:
    if guideline.source == "odg":
        return f"the Official Disability Guidelines (ODG), {guideline.chapter} Chapter, {guideline.section}"
    if guideline.source == "other":
        return guideline.words
    if guideline.source == "mtus-acoem":
        return (
            "the American College of Occupational and Environmental Medicine (ACOEM), 2nd Edition, (2004), "
            f"Chapter {guideline.chapter_number}, {guideline.chapter}{_pages_of_2013(guideline)}"
        )
    if guideline.source == "mtus-chronic-pain":
        title = f"the Chronic Pain Medical Treatment Guidelines, {guideline.section}"
        return f"{title}{_pages_of_2013(guideline)}"
    return f"the {guideline.words} Guidelines"


def _pages_of_2013(guideline: Guideline) -> str:
    if not guideline.pages:
        return ""
    return f", {'pages' if '-' in guideline.pages else 'page'} {guideline.pages}"
