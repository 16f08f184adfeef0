"""Selected items as a brief, with the same content on paper and in Word.

Passages that were quoted come first, each with its citation, and the whole items follow as an appendix. The
values are frozen, so a page or a file only has to write them out. The Word file has real headings, so people
can keep editing it.
"""

import io
import re
from collections import Counter
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
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from determinations.case.citation import NOT_PRECEDENT, item_citation
from determinations.case.facts import item_facts, letter_facts
from determinations.export.xml_text import xml_text
from determinations.letters.parsed_letter import GroundSide
from determinations.models import DECISION_MEANINGS, CitedBy, Decision, DisputedItem
from determinations.models.determination import StatedGround
from determinations.search.facets import SERVICE
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_panel import full_label
from determinations.search_page.result_rows import guideline_labels
from determinations.statistics.reasons import RationaleExample, ReasonRow, Reasons, Stated, reasons_of_search

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")

MOST_ITEMS = 300
"""As many as a folder takes."""

_STYLES = ("Title", "Intense Quote", "Quote", "Heading 1", "Heading 2", "Heading 3", "List Bullet")
MOST_SERVICES = 3
NOTE = (
    "This is what the rationales of the letters on this site say, and no advice. A partial overturn counts "
    "as overturned; intervals are Wilson’s, at 95% confidence."
)
SIDE_TITLES: Mapping[GroundSide, str] = {
    "against": "Why denied: reasons against the treatment",
    "for": "What won: reasons for the treatment",
}
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
    reasons: tuple[StatedGround, ...]
    rationale: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Quotations:
    """Passages of one item's letter; `citation` follows each. `anchor` is the place of the whole item."""

    anchor: str
    request: str
    decision: Decision
    citation: str
    passages: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class ServiceReasons:
    """Why a service was denied and what won, in all letters of the site."""

    service: str
    address: str
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Brief:
    """`missing` names selected items that are not in the database.

    `services` are those of most of the items, with the reasons that letters state about them. `folder` is the
    name of the folder, "" for items that were chosen from a list.
    """

    items: tuple[BriefItem, ...]
    missing: tuple[str, ...]
    made_on: date
    services: tuple[ServiceReasons, ...] = ()
    quotations: tuple[Quotations, ...] = ()
    folder: str = ""


def brief_of(
    items: Sequence[DisputedItem],
    site: str,
    notes: Mapping[str, str] | None = None,
    missing: Iterable[str] = (),
    services: Iterable[ServiceReasons] = (),
    *,
    passages: Mapping[str, Sequence[str]] | None = None,
    folder: str = "",
) -> Brief:
    """The items' brief, in their order. `site` is the prefix of a path; `notes` and `passages` are keyed by
    item name.
    """
    summaries: dict[int, str] = {}
    made = tuple(_item(item, site, notes or {}, summaries) for item in items)
    return Brief(
        items=made,
        missing=tuple(missing),
        made_on=timezone.localdate(),
        services=tuple(services),
        quotations=tuple(
            Quotations(
                one.anchor,
                one.request,
                one.decision,
                item_citation(item, one.address).plain,
                tuple((passages or {})[item.name]),
                one.note,
            )
            for item, one in zip(items, made, strict=True)
            if (passages or {}).get(item.name)
        ),
        folder=folder,
    )


def service_reasons(
    items: Iterable[DisputedItem], site: str, engine: SearchEngine
) -> tuple[ServiceReasons, ...]:
    """For the services of most of the items, MOST_SERVICES of them, why they were denied and what won.

    Raises SearchUnavailableError.
    """
    counted = Counter(slug for item in items for slug in item.services)
    found = []
    for slug, _ in counted.most_common(MOST_SERVICES):
        address = SearchAddress().choosing(SERVICE.name, (slug,))
        reasons = reasons_of_search(engine, SearchRequest(filters=address.filters), address, examples=1)
        if reasons.read:
            url = f"{site}{address.url_at('reasons')}"
            found.append(ServiceReasons(full_label(SERVICE.name, slug), url, reasons))
    return tuple(found)


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
        reasons=item.stated_grounds,
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
    for service in brief.services:
        _add_service(document, service)
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
    counted = f"{items % {'number': f'{number:,}'}}, {date_format(brief.made_on)}"
    yield _Line(f"{brief.folder}: {counted}" if brief.folder else counted)
    yield _Line(NOT_PRECEDENT, "Intense Quote")
    if brief.missing:
        yield _Line(f"Selected, but not on this site: {', '.join(brief.missing)}.")
    if brief.quotations:
        yield _Line("Quotations", "Heading 1")
        for quoted in brief.quotations:
            yield from _quotation_lines(quoted)
        yield _Line("Appendix: the whole items", "Heading 1")
    for item in brief.items:
        yield from _item_lines(item, 2 if brief.quotations else 1)


def _quotation_lines(quoted: Quotations) -> Iterator[_Line]:
    yield _Line(quoted.request, "Heading 2")
    yield _Line("", bold=capfirst(DECISION_MEANINGS[quoted.decision]))
    for passage in quoted.passages:
        yield _Line(f"“{passage}”", "Quote")
        yield _Line(quoted.citation)
    if quoted.note:
        yield _Line(quoted.note, bold="Note: ")


def _item_lines(item: BriefItem, level: int) -> Iterator[_Line]:
    """The whole item under a heading of this level."""
    below = f"Heading {level + 1}"
    yield _Line(item.heading, f"Heading {level}")
    yield _Line(item.request, bold="Request: ")
    yield _Line("", bold=capfirst(DECISION_MEANINGS[item.decision]))
    yield _Line(item.address, bold="Address: ")
    if item.note:
        yield _Line("Note", below)
        yield from _text_lines(item.note.split("\n"))
    yield _Line("Facts", below)
    for label, value in item.facts:
        yield _Line(value, bold=f"{label}: ")
    if item.summary or item.summary_under:
        yield _Line("Clinical summary", below)
        yield from _text_lines(item.summary)
        if item.summary_under:
            yield _Line(f"Same letter as above: see the summary under {item.summary_under}.")
    for side in item.sides:
        yield _Line(f"{side.label} relied on", below)
        yield from _text_lines(side.paragraphs or ("The letter has no guideline paragraph for this side.",))
        for guideline in side.guidelines:
            yield _Line(guideline, "List Bullet")
    if item.reasons:
        yield _Line("Reasons that the rationale states", below)
        for reason in item.reasons:
            yield _Line(reason.sentence, bold=f"{reason.label}: ")
    yield _Line("Rationale", below)
    yield from _text_lines(item.rationale or ("No rationale could be read for this item.",))


def _text_lines(texts: Iterable[str]) -> Iterator[_Line]:
    return (_Line(text) for text in texts if text.strip())


def _add(document: DocumentObject, text: str, style: str | None = None) -> None:
    document.add_paragraph(_clean(text), style)


def _labeled(document: DocumentObject, label: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(f"{label}: ").bold = True
    paragraph.add_run(_clean(text))


def _add_service(document: DocumentObject, service: ServiceReasons) -> None:
    """A service's reasons: what stands against each other, then every reason with its counts."""
    reasons = service.reasons
    document.add_heading(_clean(f"Why denied, what won: {service.service}"), level=1)
    _add(document, f"{reasons.items.upheld:,} upheld and {reasons.items.overturned:,} overturned. {NOTE}")
    _labeled(document, "Address", service.address)
    if reasons.opposed:
        document.add_heading("What overturned items show and upheld ones are said to lack", level=2)
    for row in reasons.opposed:
        document.add_heading(_clean(row.topic), level=3)
        if row.lacking.upheld.items:
            _stated(document, row.lacking.label, row.lacking.upheld, "upheld", row.lacking.examples)
        if row.overturned.items:
            labels = " or ".join(shown.label for shown in row.shown)
            examples = tuple(example for shown in row.shown for example in shown.examples)
            _stated(document, labels, row.overturned, "overturned", examples)
    for table in reasons.tables:
        if table.rows:
            document.add_heading(SIDE_TITLES[table.side], level=2)
            _add_table(document, table.rows)


def _stated(
    document: DocumentObject, label: str, stated: Stated, outcome: str, examples: Sequence[RationaleExample]
) -> None:
    counted = f"{stated.items:,} of {stated.of:,} {outcome}"
    _labeled(document, label, f"{counted} ({stated.percentage})" if stated.percentage else counted)
    for example in examples[:1]:
        _add(document, f"{example.sentence} ({example.ref.title})", "Quote")


def _add_table(document: DocumentObject, rows: Sequence[ReasonRow]) -> None:
    table = document.add_table(rows=1, cols=3, style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("Reason", "Upheld", "Overturned"), strict=True):
        cell.text = text
    for row in rows:
        texts = (row.label, _counted(row.upheld), _counted(row.overturned))
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = _clean(text)


def _counted(stated: Stated) -> str:
    counted = f"{stated.items:,} of {stated.of:,}"
    return f"{counted}, {stated.percentage} ({stated.bounds})" if stated.percentage else counted


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
