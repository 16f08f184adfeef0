"""Each bad file is refused or read with a reason, whatever its name, and its neighbors are imported."""

import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from determinations.importing import originals
from determinations.importing.letter_files import (
    FileRefusedError,
    bytes_of,
    find_letters,
    paths_listed,
)
from determinations.importing.reading_pool import ReadingPool
from determinations.letters.text import extraction
from determinations.models import ImportFile
from sample_letters.generator import invented_letters
from tests.importing.archives import archive_of
from tests.importing.running import imported, results

pytestmark = pytest.mark.django_db

LETTER = next(invented_letters(1, seed=4)).text


def pdf(draw: Callable[[Canvas], None]) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def many_pages(canvas: Canvas) -> None:
    for number in range(1000):
        canvas.drawString(100, 700, f"page {number}")
        canvas.showPage()


def encrypted() -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt="secret")
    canvas.drawString(100, 700, LETTER[:80])
    canvas.save()
    return buffer.getvalue()


LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 100000>>endobj\n"
    b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"
)

HOSTILE: list[tuple[str, bytes, set[str]]] = [
    ("empty.txt", b"", {"empty_file"}),
    ("blank.txt", b" \r\n\t" * 50, {"empty_file"}),
    ("zeros.pdf", bytes(5000), {"empty_file", "not_text"}),
    ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10, {"not_text"}),
    ("photo.pdf", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 10, {"not_text"}),
    ("word.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), {"office_document"}),
    ("page.pdf", b"<!DOCTYPE html><html><body>Not found</body></html>", {"html"}),
    ("packed.zip", b"Rar!\x1a\x07\x01\x00" + b"packed" * 100, {"not_text"}),
    ("packed.7z", b"7z\xbc\xaf\x27\x1c" + b"packed" * 100, {"not_text"}),
    ("minutes.txt", b"Minutes of the meeting. Nothing was decided.\n" * 30, {"not_a_determination"}),
    ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<</Type/Cat", {"broken_pdf"}),
    ("loop.pdf", LOOP, {"broken_pdf", "too_many_pages", "needs_ocr", "pdf_too_slow"}),
    ("pages.pdf", pdf(many_pages), {"too_many_pages"}),
    ("scan.pdf", pdf(lambda canvas: canvas.rect(100, 100, 300, 300, fill=1)), {"needs_ocr"}),
    ("secret.pdf", encrypted(), {"encrypted_pdf"}),
    ("long.txt", b"word " * 1_200_000, {"too_large"}),
    ("rather-long.txt", LETTER.encode() + b"\nword" * 210_000, {"too_large"}),
    ("archive.txt", b"PK\x03\x04 and no more", {"broken_archive"}),
]

READABLE: list[tuple[str, bytes]] = [
    ("utf-16-with-mark.txt", LETTER.encode("utf-16")),
    ("utf-16.txt", LETTER.encode("utf-16-le")),
    ("cp1252.txt", LETTER.replace("'", "’").encode("cp1252", "replace")),
    ("with-mark.pdf", b"\xef\xbb\xbf" + LETTER.encode()),
    ("no-suffix", LETTER.encode()),
]


def test_bad_files_are_refused_with_reasons_and_their_neighbor_is_imported(
    pool: ReadingPool, tmp_path: Path
) -> None:
    paths = []
    for name, data, _ in HOSTILE:
        (tmp_path / name).write_bytes(data)
        paths.append(tmp_path / name)
    (tmp_path / "good.txt").write_text(LETTER)
    batch = imported([*paths, tmp_path / "good.txt"], pool)
    got = results(batch)
    assert {name: got[name] for name, _, codes in HOSTILE if got[name] not in codes} == {}
    assert got["good.txt"] == "new"
    assert all(file.reason for file in batch.files.exclude(name__endswith="good.txt"))


@pytest.mark.parametrize(("name", "data"), READABLE, ids=[name for name, _ in READABLE])
def test_a_letter_is_told_by_its_content_in_any_encoding(
    pool: ReadingPool, tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    assert results(imported([tmp_path / name], pool)) == {name: "new"}


def test_the_bytes_of_a_refused_file_are_kept(pool: ReadingPool, tmp_path: Path) -> None:
    (tmp_path / "image.txt").write_bytes(b"\x89PNG and so on")
    file = imported([tmp_path / "image.txt"], pool).files.get()
    (tmp_path / "image.txt").unlink()
    assert originals.read(file.content_hash) == b"\x89PNG and so on"


def test_a_huge_file_is_refused_without_reading_it(pool: ReadingPool, tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(2 * 1024**3)  # holds no block on disk: reading it would take 2 GB of memory
    row = imported([huge], pool).files.get()
    assert (row.code, row.content_hash) == ("too_large", "")
    assert "2,147,483,648 bytes" in row.reason


@pytest.mark.parametrize(
    ("path", "code"),
    [("nowhere.txt", "no_such_file"), ("/dev/zero", "not_a_file"), ("nul\0.txt", "unreadable_file")],
)
def test_what_is_no_file_is_refused(tmp_path: Path, path: str, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        bytes_of(tmp_path / path)
    assert refused.value.refusal.code == code


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(FileRefusedError, match="pipe"):
        bytes_of(tmp_path / "pipe.txt")


def test_a_name_that_is_no_unicode_is_read_all_the_same(pool: ReadingPool, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(LETTER.encode())
    batch = imported([tmp_path], pool)
    assert results(batch) == {"caf.txt": "new"}


def test_a_folder_gives_its_letters_and_counts_the_rest(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.pdf", "sub/c.zip", "d.docx", "~$d.docx", "sub/photo.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "round").symlink_to(tmp_path)
    found = find_letters([tmp_path])
    assert [path.name for path in found.files] == ["a.pdf", "b.TXT", "d.docx", "c.zip"]
    assert found.skipped == 3


@pytest.mark.parametrize("listed", [b"/a/b.txt\n/c d.pdf\r\n\n", b"/a/b.txt\0/c d.pdf\0"])
def test_a_list_of_paths_is_one_a_line_or_ended_by_nul(listed: bytes) -> None:
    assert paths_listed(listed) == [Path("/a/b.txt"), Path("/c d.pdf")]


def test_the_refused_entries_of_an_archive_leave_the_others_unharmed(
    pool: ReadingPool, tmp_path: Path
) -> None:
    letters = [letter.text.encode() for letter in invented_letters(3, seed=5)]
    path = archive_of(
        tmp_path / "letters.txt",
        ("../../1.txt", letters[0]),
        ("C:\\2.txt", letters[1]),
        ("bomb.txt", bytes(extraction.MAX_LETTER_BYTES - 1)),
        ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("3.txt", letters[2]),
    )
    batch = imported([path], pool)
    assert results(batch) == {
        "letters.txt": "unpacked",
        "1.txt": "new",
        "2.txt": "new",
        "bomb.txt": "zip_bomb",
        "image.txt": "not_text",
        "3.txt": "new",
    }
    member = ImportFile.objects.get(name__endswith="3.txt")
    assert member.name == f"{path}/3.txt"
    assert member.archive == ImportFile.objects.get(result="unpacked")


def test_an_archive_of_many_groups_is_unpacked_once(
    pool: ReadingPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("determinations.importing.archives.ENTRIES_AT_A_TIME", 3)
    letters = list(invented_letters(10, seed=6))
    path = archive_of(
        tmp_path / "a.zip",
        *((f"{letter.name}.txt", letter.text.encode()) for letter in letters),
        method=zipfile.ZIP_STORED,
    )
    batch = imported([path], pool)
    assert list(batch.files.filter(archive__isnull=False).values_list("position", flat=True)) == [*range(10)]
    assert batch.files.filter(result="new").count() == 10
