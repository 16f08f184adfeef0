"""Text letters: encodings told apart by content, other formats refused with what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.characters import normalized
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
        (b"PK\x03\x04" + b"x" * 50, "archive"),
        (b"\x1f\x8b\x08" + b"x" * 50, "archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "not_text"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "office_document"),
        (b"Subject: a letter\nMIME-Version: 1.0\n\nSee attached.", "email"),
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


DAMAGED = (
    "The worker’s “pain” – 7½ of 10 – is naïve; Señor Núñez; ± 5° of flexion; 5 µg of Lyrica® and more…\n"
)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp437", "latin-1"])
def test_one_byte_encodings_are_told_apart_by_where_their_characters_stand(encoding: str) -> None:
    data = DAMAGED.encode(encoding, "ignore")
    read = extract_text(data)
    assert (read.text, read.warnings) == (data.decode(encoding), ())


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp437", "latin-1"])
def test_utf_8_that_was_read_twice_is_mended(encoding: str) -> None:
    twice = DAMAGED.encode().decode(encoding, "ignore")
    assert extract_text(twice.encode()).text == DAMAGED
    if encoding == "latin-1":
        assert extract_text(twice.encode().decode("latin-1").encode()).text == DAMAGED


def test_a_dos_or_mac_text_that_was_saved_as_windows_and_then_as_utf_8_is_mended() -> None:
    for encoding in ("mac_roman", "cp437"):
        data = DAMAGED.encode(encoding, "ignore")
        assert extract_text(data.decode("cp1252", "ignore").encode()).text == data.decode(encoding)


@pytest.mark.parametrize(
    "data",
    [
        "pain is ‡ and ˇ of ◊".encode("mac_roman"),
        "the worker\ufffds pain".encode(),
        b"a worker\x81s na\x90ve \xe3",
    ],
)
def test_what_stays_doubtful_is_said(data: bytes) -> None:
    assert [warning.code for warning in extract_text(data).warnings] == ["characters_in_doubt"]


@pytest.mark.parametrize(
    "text", ["☐ approved ☒ denied", "№ 5 → L4 ✓", "中文 letter", "“L4–L5” (“disc”) ‘it’s’ 5′ 3″"]
)
def test_unusual_characters_of_a_sound_text_are_no_doubt(text: str) -> None:
    read = extract_text(text.encode())
    assert (read.text, read.warnings) == (text, ())


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Sjo\u0308gren", "Sjögren"),
        ("di\ufb03cult \ufb02exion", "difficult flexion"),
        ("hy\u00adphen", "hyphen"),
        ("medi\u00ad\ncation", "medi\u00ad\ncation"),
        ("31\u00ad32", "31-32"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("non\u2011steroidal", "non-steroidal"),
        ("zero\u200bwidth", "zerowidth"),
        ("E\u0301 ½ ² µ", "É ½ ² µ"),
    ],
)
def test_characters_are_written_in_one_way(text: str, normal: str) -> None:
    assert extract_text(text.encode()).text == normal


@given(st.text())
def test_writing_characters_in_one_way_twice_changes_nothing(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


@pytest.mark.parametrize("unit", ["a\u0301\u0323", "\u0301", "â€™", "Ã©", "\u00ad ", "Õ‹", "\ufb01\u2028"])
def test_hostile_characters_take_time_by_their_number(unit: str) -> None:
    # 900,000 characters: what grows with the square would take minutes.
    assert extract_text((unit * (900_000 // len(unit))).encode())
