"""Selected items as a brief, with the same content on paper and in Word.

The values are frozen, so a page or a file only has to write them out. The Word file has real headings, so
people can keep editing it.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from xml.sax.saxutils import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import ngettext
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from determinations.case.citation import NOT_PRECEDENT, item_citation
from determinations.case.facts import item_facts, letter_facts
from determinations.export.xml_text import xml_text
from determinations.models import DECISION_MEANINGS, CitedBy, Decision, DisputedItem
from determinations.search_page.result_rows import guideline_labels

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")

MOST_ITEMS = 300
"""As many as a folder takes."""

_STYLES = ("Title", "Intense Quote", "Heading 1", "Heading 2", "List Bullet")
TITLE = "Independent Medical Review determinations"


@dataclass(frozen=True, slots=True)
class BriefSide:
    """What one side relied on: the letter's paragraphs, and the guidelines read from them."""

    label: str
    paragraphs: tuple[str, ...]
    guidelines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BriefItem:
    """`heading` is the citation without the address, which has a line of its own.

    `summary_under` is the heading under which the brief already has this letter's summary, else "".
    """

    anchor: str
    heading: str
    address: str
    request: str
    decision: Decision
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    summary_under: str
    sides: tuple[BriefSide, BriefSide]
    rationale: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Brief:
    """`missing` names selected items that are not in the database."""

    items: tuple[BriefItem, ...]
    missing: tuple[str, ...]
    made_on: date


def brief_of(
    items: Sequence[DisputedItem],
    site: str,
    notes: Mapping[str, str] | None = None,
    missing: Iterable[str] = (),
) -> Brief:
    """The items' brief, in their order. `site` is the prefix of a path; `notes` are keyed by item name."""
    summaries: dict[int, str] = {}
    return Brief(
        items=tuple(_item(item, site, notes or {}, summaries) for item in items),
        missing=tuple(missing),
        made_on=timezone.localdate(),
    )


def _item(item: DisputedItem, site: str, notes: Mapping[str, str], summaries: dict[int, str]) -> BriefItem:
    letter = item.determination
    address = f"{site}{item.get_absolute_url()}"
    heading = item_citation(item, address).heading
    summary_under = summaries.get(letter.pk, "")
    summaries.setdefault(letter.pk, heading)
    return BriefItem(
        anchor=f"{letter.public_id}-item-{item.position}",
        heading=heading,
        address=address,
        request=" ".join(item.title.split()),
        decision=Decision(item.decision),
        facts=tuple(_facts(item)),
        summary=() if summary_under else _paragraphs(letter.clinical_summary),
        summary_under=summary_under if letter.clinical_summary else "",
        sides=(
            _side(item, CitedBy.CLAIMS_ADMINISTRATOR, item.claims_administrator_guideline),
            _side(item, CitedBy.REVIEWER, item.reviewer_guideline),
        ),
        rationale=_paragraphs(item.rationale),
        note=notes.get(item.name, ""),
    )


def _facts(item: DisputedItem) -> Iterator[tuple[str, str]]:
    """Label and value of what is known, the item's own first."""
    for fact in chain(item_facts(item), letter_facts(item.determination)):
        yield fact.label, ", ".join(fact.values)


def _side(item: DisputedItem, cited_by: CitedBy, text: str) -> BriefSide:
    return BriefSide(str(cited_by.label), _paragraphs(text), guideline_labels(item, cited_by))


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _PARAGRAPH_BREAK.split(text) if part.strip())


def word_file(brief: Brief) -> bytes:
    """The brief as the bytes of a .docx file. Characters that XML cannot hold become spaces.

    python-docx looks for a style and for the end of the document at every paragraph, so 320 items took 8 s.
    Here the paragraphs are written as text and parsed once.
    """
    document = Document()
    document.core_properties.title = TITLE
    document.core_properties.author = ""
    document.core_properties.comments = ""
    styles = {name: str(document.styles[name].style_id) for name in _STYLES}
    paragraphs = "".join(_written(line, styles) for line in _brief_lines(brief))
    written = parse_xml(f"<w:body {nsdecls('w')}>{paragraphs}</w:body>")
    section = document.element.body.sectPr
    for paragraph in list(written):
        section.addprevious(paragraph)
    _number_pages(document.sections[0].footer.paragraphs[0])
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of the Word file: `bold` comes before `text`."""

    text: str
    style: str = ""
    bold: str = ""


def _brief_lines(brief: Brief) -> Iterator[_Line]:
    yield _Line(TITLE, "Title")
    number = len(brief.items)
    items = ngettext("%(number)s disputed item", "%(number)s disputed items", number)
    yield _Line(f"{items % {'number': f'{number:,}'}}, {date_format(brief.made_on)}")
    yield _Line(NOT_PRECEDENT, "Intense Quote")
    if brief.missing:
        yield _Line(f"Selected, but not on this site: {', '.join(brief.missing)}.")
    for item in brief.items:
        yield from _item_lines(item)


def _item_lines(item: BriefItem) -> Iterator[_Line]:
    yield _Line(item.heading, "Heading 1")
    yield _Line(item.request, bold="Request: ")
    yield _Line("", bold=capfirst(DECISION_MEANINGS[item.decision]))
    yield _Line(item.address, bold="Address: ")
    if item.note:
        yield _Line("Note", "Heading 2")
        yield from _text_lines(item.note.split("\n"))
    yield _Line("Facts", "Heading 2")
    for label, value in item.facts:
        yield _Line(value, bold=f"{label}: ")
    if item.summary or item.summary_under:
        yield _Line("Clinical summary", "Heading 2")
        yield from _text_lines(item.summary)
        if item.summary_under:
            yield _Line(f"Same letter as above: see the summary under {item.summary_under}.")
    for side in item.sides:
        yield _Line(f"{side.label} relied on", "Heading 2")
        yield from _text_lines(side.paragraphs or ("The letter has no guideline paragraph for this side.",))
        for guideline in side.guidelines:
            yield _Line(guideline, "List Bullet")
    yield _Line("Rationale", "Heading 2")
    yield from _text_lines(item.rationale or ("No rationale could be read for this item.",))


def _text_lines(texts: Iterable[str]) -> Iterator[_Line]:
    return (_Line(text) for text in texts if text.strip())


def _written(line: _Line, styles: Mapping[str, str]) -> str:
    """The line as a paragraph of WordprocessingML. `styles`: name -> the template's id."""
    style = f'<w:pPr><w:pStyle w:val="{styles[line.style]}"/></w:pPr>' if line.style else ""
    bold = _run(line.bold, "<w:rPr><w:b/></w:rPr>") if line.bold else ""
    text = _clean(line.text)
    return f"<w:p>{style}{bold}{_run(text) if text else ''}</w:p>"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(xml_text(text))}</w:t></w:r>'


def _number_pages(paragraph: Paragraph) -> None:
    """The page's number, which Word itself fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph.add_run("Page ")
    paragraph._p.append(field)


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold, and without the letter's own line breaks."""
    return " ".join(xml_text(text).split())
