"""Word documents: paragraphs, tables, headers, controls and tracked changes; other documents are refused."""

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text import word
from determinations.letters.text.extraction import extract_text
from tests.letters.invented import item, standard_letter
from tests.letters.one_letter import read_letter

TEXT = standard_letter(item("Norco 10/325mg #60: Upheld"))


def document(build: Callable[[Any], object]) -> bytes:
    made = docx.Document()
    build(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def of_text(made: Any) -> None:
    for line in TEXT.split("\n"):
        made.add_paragraph(line)


def test_a_word_document_reads_like_its_text() -> None:
    extracted, letter = read_letter(document(of_text))
    assert extracted.kind == "word"
    assert letter == parse_letter(TEXT)


def test_a_cover_in_a_table_and_a_number_in_the_footer_are_read() -> None:
    def build(made: Any) -> None:
        row = made.add_table(1, 2).rows[0].cells
        row[0].text, row[1].text = "Date Assigned: 06/20/2015", "Decision Date: 07/23/2015"
        footer = "Final Determination Letter for IMR Case Number CM15-9001234 1"
        made.sections[0].footer.paragraphs[0].text = footer
        of_text(made)

    letter = read_letter(document(build))[1]
    assert (letter.case_number, str(letter.dates.assigned)) == ("CM15-9001234", "2015-06-20")
    assert str(letter.dates.decision) == "2015-07-23"


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    def build(made: Any) -> None:
        paragraph = made.add_paragraph("Kept ")
        for tag, inner in (("ins", "<w:t>inserted</w:t>"), ("del", "<w:delText>deleted</w:delText>")):
            xml = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r>{inner}</w:r></w:{tag}>'
            paragraph._p.append(parse_xml(xml))
        inside = "<w:p><w:r><w:t>in a control</w:t></w:r></w:p>"
        control = f"<w:sdt {nsdecls('w')}><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
        made.element.body.insert(1, parse_xml(control))

    assert extract_text(document(build)).text.split("\n")[:2] == ["Kept inserted", "in a control"]


@pytest.mark.parametrize("depth", [50, 3000])
def test_nested_tables_are_read_or_refused(depth: int) -> None:
    def build(made: Any) -> None:
        of_text(made)
        table = made.add_table(1, 1)
        inner = deepcopy(table._tbl)
        for _ in range(depth):
            cell = inner.tr_lst[0].tc_lst[0]
            nested = deepcopy(table._tbl)
            cell.insert(0, nested)
            inner = nested
        made.element.body.append(inner)

    try:
        assert "Norco" in extract_text(document(build)).text
    except UnreadableLetterError as refused:
        assert refused.code in {"broken_document", "too_large"}


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableLetterError) as caught:
        extract_text(data)
    return caught.value.code


def test_what_is_no_word_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = document(of_text)
    assert refused(whole[:3000]) == "broken_document"
    assert refused(repacked(whole, "word/document.xml", b"<w:document")) == "broken_document"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        types = archive.read("[Content_Types].xml")
    types = types.replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")
    assert refused(repacked(whole, "[Content_Types].xml", types)) == "office_document"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert refused(out.getvalue()) == "office_document"
    monkeypatch.setattr(word, "MAX_UNPACKED_BYTES", 1000)
    assert refused(whole) == "too_large"


def test_entities_that_grow_are_refused() -> None:
    bomb = b"<!DOCTYPE d [" + b"".join(
        b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 20 if n else b"x" * 100) for n in range(9)
    ) + b"]><d>&e8;</d>"  # fmt: skip
    assert refused(repacked(document(of_text), "word/document.xml", bomb)) in {
        "broken_document",
        "empty_file",
    }
