"""A brief as a Word file, with the headings of a document to work on further. Knows no rows, no web."""

import io
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.text import capfirst
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from determinations.case.citation import NOT_PRECEDENT
from determinations.export.xml_text import xml_text
from determinations.research.brief import Brief, BriefItem

TITLE = "Independent Medical Review determinations"


def word_file(brief: Brief) -> bytes:
    """The brief as the bytes of a .docx file. Characters that XML cannot hold become spaces."""
    document = Document()
    document.core_properties.title = TITLE
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_heading(TITLE, level=0)
    number = len(brief.items)
    _add(document, f"{number:,} disputed item{'' if number == 1 else 's'}, {date_format(brief.made_on)}")
    _add(document, NOT_PRECEDENT, "Intense Quote")
    if brief.missing:
        _add(document, f"Chosen, but not held here: {', '.join(brief.missing)}.")
    for item in brief.items:
        _add_item(document, item)
    _number_pages(document.sections[0].footer.paragraphs[0])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add_item(document: DocumentObject, item: BriefItem) -> None:
    document.add_heading(_clean(item.heading), level=1)
    _labelled(document, "Request", item.request)
    document.add_paragraph().add_run(capfirst(item.decision.in_words)).bold = True
    _labelled(document, "Address", item.address)
    if item.note:
        document.add_heading("Note", level=2)
        _paragraphs(document, item.note.split("\n"))
    document.add_heading("Facts", level=2)
    for label, value in item.facts:
        _labelled(document, label, value)
    if item.summary or item.summary_under:
        document.add_heading("Clinical summary", level=2)
        _paragraphs(document, item.summary)
        if item.summary_under:
            _add(document, f"The same letter’s; it stands under {item.summary_under}.")
    for side in item.sides:
        document.add_heading(f"{side.label} relied on", level=2)
        _paragraphs(document, side.paragraphs or ("The letter has no guideline paragraph for this side.",))
        for guideline in side.guidelines:
            _add(document, guideline, "List Bullet")
    document.add_heading("Rationale", level=2)
    _paragraphs(document, item.rationale or ("No rationale could be read for this item.",))


def _paragraphs(document: DocumentObject, texts: Iterable[str]) -> None:
    for text in texts:
        if text.strip():
            _add(document, text)


def _add(document: DocumentObject, text: str, style: str | None = None) -> None:
    document.add_paragraph(_clean(text), style)


def _labelled(document: DocumentObject, label: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{label}: ").bold = True
    paragraph.add_run(_clean(text))


def _number_pages(paragraph: Paragraph) -> None:
    """The page's number, which Word itself fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph.add_run("Page ")
    paragraph._p.append(field)


def _clean(text: str) -> str:
    """Without what XML cannot hold. A letter's line ends are those of its paper: Word breaks lines anew."""
    return " ".join(xml_text(text).split())
