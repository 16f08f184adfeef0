"""The original letter can be read and downloaded, byte for byte, and is never served as HTML."""

import pytest
from django.test import Client

from determinations.importing import originals
from determinations.models import Determination
from tests.views.html import Page
from tests.views.library import Letter, add

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def test_a_text_letter_is_read_as_a_page_of_its_text(client: Client) -> None:
    letter = add(Letter("CM14-0031877", text="Line one\n   indented <b>two</b>\n"))
    response = client.get(letter.get_absolute_url() + "original/")
    page = Page.of(response)
    assert "".join(page.one("pre").parts) == "Line one\n   indented <b>two</b>\n"
    assert page.link("Download the original file") == "/determinations/CM14-0031877/original/download/"


def test_a_letter_is_downloaded_byte_for_byte_under_its_case_number(client: Client) -> None:
    letter = add(Letter("CM14-0031877", text="caf\u00e9 <script>alert(1)</script>\r\n"))
    response = client.get(letter.get_absolute_url() + "original/download/")
    assert response.content == "caf\u00e9 <script>alert(1)</script>\r\n".encode()
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"] == 'attachment; filename="IMR-CM14-0031877.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_shown_in_the_browser_and_downloaded_as_a_pdf(client: Client) -> None:
    letter = add(Letter("CM14-0031877"))
    Determination.objects.update(content_hash=originals.keep(PDF))
    shown = client.get(letter.get_absolute_url() + "original/")
    assert (shown["Content-Type"], shown.content) == ("application/pdf", PDF)
    assert shown["Content-Disposition"] == 'inline; filename="IMR-CM14-0031877.pdf"'
    assert shown["X-Content-Type-Options"] == "nosniff"
    downloaded = client.get(letter.get_absolute_url() + "original/download/")
    assert downloaded["Content-Disposition"] == 'attachment; filename="IMR-CM14-0031877.pdf"'


def test_html_that_came_as_a_letter_stays_text(client: Client) -> None:
    letter = add(Letter("", text="<html><script>alert(1)</script></html>"))
    shown = client.get(letter.get_absolute_url() + "original/")
    assert "<html><script>" not in shown.content.decode()
    assert client.get(letter.get_absolute_url() + "original/download/")["Content-Type"] == "text/plain"


def test_a_missing_file_is_said_and_the_text_can_still_be_read(client: Client) -> None:
    letter = add(Letter("CM14-0031877", text="The text itself"))
    originals.path_of(letter.content_hash).unlink()
    page = Page.of(client.get(letter.get_absolute_url() + "original/"))
    assert "The text itself" in page.text
    assert "Download the original file" not in page.text
    missing = client.get(letter.get_absolute_url() + "original/download/")
    assert missing.status_code == 404
    assert "missing" in Page.of(missing).one("main").text
