"""What leaves a folder: Word with quotations first, tables and citations for other programs, every note."""

import csv
import io
import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from docx import Document

from determinations.models import Determination
from determinations.research.folder import mark_of
from tests.research.folders import ABLATION, NORCO, put_in
from tests.views.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

QUOTED = "returned to work"


@pytest.fixture(params=["browser", "account"])
def reader(request: pytest.FixtureRequest, client: Client, ana: User) -> Client:
    if request.param == "account":
        client.force_login(ana)
    client.post(f"/folder/items/{NORCO}/passages/add/", {"passage": QUOTED})
    put_in(client, ABLATION)
    note = {f"note-{ABLATION}": "compare\nwith Smith", f"seen-{ABLATION}": mark_of("")}
    client.post("/folder/notes/", note)
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return response.content.decode()


def test_word_begins_with_the_quotations_and_ends_with_the_whole_items(reader: Client) -> None:
    response = reader.get("/folder/brief.docx?notes=1")
    document = Document(io.BytesIO(response.content))
    texts = [(line.style.name if line.style else "", line.text) for line in document.paragraphs]
    headings = [text for style, text in texts if style == "Heading 1" and not text.startswith("Why denied")]
    assert headings == ["Quotations", "Appendix: the whole items"]
    place = texts.index(("Quote", f"“{QUOTED}”"))
    assert texts[place + 1][1] == "IMR Case No. CM14-0031877, item 2 (Aug. 13, 2014)"
    assert place < texts.index(("Heading 1", "Appendix: the whole items"))
    items = [text for style, text in texts[place:] if style == "Heading 2" and text.startswith("IMR Case")]
    assert [text[:24] for text in items] == ["IMR Case No. CM14-003187", "IMR Case No. CM15-000020"]


def test_the_printed_brief_begins_with_the_quotations(reader: Client) -> None:
    page = Page.of(reader.get("/folder/brief/"))
    assert page.all("blockquote")[0].text == f"“{QUOTED}”"
    assert page.all("h2")[0].text == "Quotations"
    assert not page.unbalanced


def test_csv_has_the_columns_of_a_search_and_what_the_folder_adds(reader: Client) -> None:
    rows = list(
        csv.DictReader(io.StringIO(text_of(reader, "/folder/items.csv?notes=1").removeprefix("\ufeff")))
    )
    assert [row["case_number"] for row in rows] == ["CM14-0031877", "CM15-0000200"]
    assert [row["passages"] for row in rows] == [QUOTED, ""]
    assert [row["note"] for row in rows] == ["", "compare\nwith Smith"]
    assert rows[0]["decision"] == "Overturned" and rows[0]["on_this_site"] == "yes"


def test_notes_leave_the_folder_only_when_asked_for(reader: Client) -> None:
    for address in ("items.csv", "citations.ris", "citations.json", "brief/"):
        assert "Smith" not in reader.get(f"/folder/{address}").content.decode()
        assert "Smith" in reader.get(f"/folder/{address}?notes=1").content.decode()


def test_ris_has_a_record_for_each_item_that_zotero_reads_as_a_case(reader: Client) -> None:
    records = text_of(reader, "/folder/citations.ris?notes=1").split("ER  - \r\n\r\n")
    assert len(records) == 3 and records[-1] == ""
    for record in records[:-1]:
        for line in record.removesuffix("\r\n").split("\r\n"):
            assert re.fullmatch(r"[A-Z][A-Z0-9]  - \S.*", line), line
    first = dict(line.split("  - ", 1) for line in records[0].strip().split("\r\n"))
    assert first["TY"] == "CASE"
    assert first["TI"] == "IMR Case No. CM14-0031877, item 2"
    assert first["DA"] == "2014/08/13/"
    assert first["SV"] == "CM14-0031877"
    assert first["UR"] == "http://testserver/determinations/CM14-0031877/#item-2"
    assert first["N1"].startswith(f"“{QUOTED}” IMR Case No.")


def test_csl_json_has_a_legal_case_for_each_item(reader: Client) -> None:
    first, second = json.loads(text_of(reader, "/folder/citations.json?notes=1"))
    assert (first["type"], first["number"]) == ("legal_case", "CM14-0031877")
    assert first["issued"] == {"date-parts": [[2014, 8, 13]]}
    assert QUOTED in first["note"]
    assert second["id"] == ABLATION and "Smith" in second["note"]


def test_every_file_keeps_an_item_whose_letter_is_gone(reader: Client) -> None:
    Determination.objects.get(case_number="CM14-0031877").delete()
    rows = list(csv.DictReader(io.StringIO(text_of(reader, "/folder/items.csv").removeprefix("\ufeff"))))
    assert [row["on_this_site"] for row in rows] == ["no", "yes"]
    assert rows[0]["citation"].startswith("IMR Case No. CM14-0031877, item 2")
    assert rows[0]["passages"] == QUOTED
    assert "CM14-0031877" in text_of(reader, "/folder/citations.ris")
    assert len(json.loads(text_of(reader, "/folder/citations.json"))) == 2
    assert "not on this site: IMR Case No. CM14-0031877" in Page.of(reader.get("/folder/brief/")).text


@pytest.mark.parametrize("kind", ["brief_word", "brief", "folder_csv", "folder_ris", "folder_csl"])
def test_a_note_that_was_typed_and_not_saved_is_in_the_file(reader: Client, kind: str) -> None:
    page = Page.of(reader.get("/folder/"))
    assert page.one("button", name="export", value=kind)
    sent = {f"note-{NORCO}": "typed a moment ago", f"seen-{NORCO}": mark_of(""), "export": kind, "notes": "1"}
    response = reader.post("/folder/notes/", sent, follow=True)
    assert response.status_code == 200
    if kind == "brief_word":
        document = Document(io.BytesIO(response.content))
        assert any("typed a moment ago" in line.text for line in document.paragraphs)
    else:
        assert "typed a moment ago" in response.content.decode()


def test_a_note_that_cannot_be_saved_makes_no_file(reader: Client) -> None:
    sent = {f"note-{NORCO}": "a" * 10_001, "export": "folder_csv", "notes": "1"}
    response = reader.post("/folder/notes/", sent, follow=True)
    assert "was not saved" in Page.of(response).text
