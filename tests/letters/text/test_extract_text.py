"""Text letters: encodings told apart by content, other formats refused with what to do."""

import pytest

from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.extraction import MAX_LETTER_BYTES, extract_text

LETTER = "Norco 10/325mg – “one tablet” #60: Upheld\nThe worker’s pain is 7½ of 10.\n" * 5


@pytest.mark.parametrize(
    "data",
    [
        LETTER.encode("utf-8"),
        LETTER.encode("utf-8-sig"),
        LETTER.encode("utf-16"),
        LETTER.encode("utf-16-le"),
        LETTER.encode("utf-16-be"),
        LETTER.encode("utf-32"),
        LETTER.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 marked", "utf-16 marked", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_encodings_are_told_apart(data: bytes) -> None:
    read = extract_text(data)
    assert (read.text, read.kind, read.pages) == (LETTER, "text", 1)


def test_a_file_cut_within_a_character_is_still_utf_8() -> None:
    assert extract_text("Norco’s “dose”".encode()[:-1]).text == "Norco’s “dose"


def test_form_feeds_count_pages() -> None:
    assert extract_text(b"one\n\ftwo\n\fthree\n\f\n").pages == 3


def test_control_characters_are_taken_out() -> None:
    assert extract_text(b"Norco\x00 10mg\x0b\n" + b"prose of a letter " * 100).text.startswith("Norco 10mg")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n\t\n", "empty_file"),
        (b"\xef\xbb\xbf \n", "empty_file"),
        (b"PK\x03\x04" + b"x" * 50, "not_text"),
        (b"{\\rtf1 Norco: Upheld}", "not_text"),
        (b"\x89PNG\r\n\x1a\n", "not_text"),
        (bytes(range(256)) * 20, "not_text"),
        (b"<!DOCTYPE html>\n<html><body>Norco: Upheld</body></html>", "html"),
        (b"\n<?xml version='1.0'?>\n<html lang='en'>", "html"),
        (b"x" * (MAX_LETTER_BYTES + 1), "too_large"),
        (b"x" * 5_000_001, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)  # fmt: skip
def test_what_is_no_letter_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableLetterError) as caught:
        extract_text(data)
    assert caught.value.code == code


def test_a_text_that_mentions_a_pdf_is_a_text() -> None:
    assert extract_text(b"The file was named report.pdf, header %PDF-\nNorco: Upheld").kind == "text"
