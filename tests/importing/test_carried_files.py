"""Letters come out of e-mails, Outlook messages, tar archives and PDFs, within the limits that ZIP has."""

import bz2
import gzip
import io
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

import docx
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.importing import originals
from determinations.importing.reading_pool import ReadingPool
from determinations.letters.text.archive_members import (
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
)
from determinations.letters.text.attachments import AttachedFiles, carries_files
from determinations.letters.text.file_kinds import FileKind, kind_of
from determinations.letters.text.tar_archives import TarArchive
from determinations.models import Determination, ImportFile
from sample_letters.generator import invented_letters
from sample_letters.generator.pdf import letter_pdf
from tests.importing.archives import archive_of
from tests.importing.outlook import outlook_message
from tests.importing.running import imported, results

LETTERS = [letter.text for letter in invented_letters(6, seed=15)]
PDFS = [letter_pdf(text, "Final Determination Letter") for text in LETTERS]
SMALL = ArchiveLimits(entries=50, entry=20_000, total=60_000, ratio=20, ratio_free=1000)


def mail(*attachments: tuple[str, bytes], body: str = "See attached.", image: bytes = b"") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "IMR letter"
    message.set_content(body)
    message.add_alternative(f"<p>{body}</p>", subtype="html")
    if image:
        message.get_payload()[1].add_related(image, "image", "png", cid="<logo>")  # type: ignore[index,union-attr]
    for name, data in attachments:
        message.add_attachment(data, "application", "octet-stream", filename=name)
    return message


def with_attachment(data: bytes, name: str, attached: bytes) -> bytes:
    document = pypdfium2.PdfDocument(data)
    document.new_attachment(name).set_data(attached)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def tar_of(path: Path, *entries: tuple[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.django_db
def test_letters_attached_to_mails_come_out(pool: ReadingPool, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(
        mail(("Señor.pdf", PDFS[0]), ("two.txt", LETTERS[1].encode())).as_bytes()
    )
    (tmp_path / "b.msg").write_bytes(outlook_message("See attached.", ("three.pdf", PDFS[2])))
    (tmp_path / "c.eml").write_bytes(mail(body=LETTERS[3]).as_bytes())
    forwarded = mail(body="Forwarded.")
    forwarded.add_attachment(mail(("four.pdf", PDFS[4])))
    (tmp_path / "d.eml").write_bytes(forwarded.as_bytes())
    batch = imported([tmp_path], pool)
    assert results(batch) == {
        **dict.fromkeys(("a.eml", "b.msg", "c.eml", "d.eml"), "unpacked"),
        **dict.fromkeys(("Señor.pdf", "two.txt", "three.pdf", "message.txt", "four.pdf"), "new"),
    }
    row = ImportFile.objects.get(name__endswith="a.eml")
    assert originals.read(row.content_hash) == (tmp_path / "a.eml").read_bytes()


@pytest.mark.django_db
def test_a_pdf_and_the_letter_attached_to_it_are_two_letters(pool: ReadingPool, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(with_attachment(PDFS[0], "second.pdf", PDFS[1]))
    batch = imported([tmp_path / "a.pdf"], pool)
    assert results(batch) == {"a.pdf": "unpacked", "the PDF itself": "new", "second.pdf": "new"}


@pytest.mark.django_db
def test_what_carries_files_comes_out_of_an_archive_and_an_archive_out_of_it(
    pool: ReadingPool, tmp_path: Path
) -> None:
    inner = archive_of(
        tmp_path / "inner.zip", ("1.txt", LETTERS[0].encode()), ("b.zip", b"PK\x05\x06" + bytes(18))
    )
    (tmp_path / "a.eml").write_bytes(mail(("inner.zip", inner.read_bytes())).as_bytes())
    archive_of(
        tmp_path / "b.zip",
        ("m.eml", mail(("2.pdf", PDFS[1]), ("c.zip", inner.read_bytes())).as_bytes()),
        ("3.docx", word(LETTERS[2])),
        ("~$3.docx", b"lock"),
        ("book.xlsx", b"PK\x03\x04" + bytes(26) + b"xl/workbook.xml"),
    )
    batch = imported([tmp_path / "a.eml", tmp_path / "b.zip"], pool)
    assert {name.replace(f"{tmp_path}/", ""): result for name, result in by_name(batch.pk).items()} == {
        "a.eml": "unpacked",
        "a.eml/inner.zip": "unpacked",
        "a.eml/inner.zip/1.txt": "new",
        "a.eml/inner.zip/b.zip": "nested_archive",
        "b.zip": "unpacked",
        "b.zip/m.eml": "unpacked",
        "b.zip/m.eml/2.pdf": "new",
        "b.zip/m.eml/c.zip": "archive",
        "b.zip/3.docx": "new",
        "b.zip/book.xlsx": "broken_document",
    }
    assert Determination.objects.count() == 3


def by_name(batch: int) -> dict[str, str]:
    return {file.name: file.code or file.result for file in ImportFile.objects.filter(batch=batch)}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2"])
def test_letters_come_out_of_a_tar_archive(pool: ReadingPool, tmp_path: Path, mode: str) -> None:
    entries = [(f"letters/{number}.txt", text.encode()) for number, text in enumerate(LETTERS)]
    tar_of(tmp_path / "letters.bin", *entries, ("letters/._0.txt", b"x"), mode=mode)
    batch = imported([tmp_path / "letters.bin"], pool)
    assert results(batch) == {"letters.bin": "unpacked", **{f"{number}.txt": "new" for number in range(6)}}
    batch.refresh_from_db()
    assert batch.skipped_count == 1


@pytest.mark.django_db
def test_a_letter_packed_by_itself_comes_out(pool: ReadingPool, tmp_path: Path) -> None:
    (tmp_path / "a.pdf.gz").write_bytes(gzip.compress(PDFS[0]))
    (tmp_path / "b.txt.bz2").write_bytes(bz2.compress(LETTERS[1].encode()))
    batch = imported([tmp_path], pool)
    assert sorted(by_name(batch.pk).values()) == ["new", "new", "unpacked", "unpacked"]
    assert Determination.objects.count() == 2


@pytest.mark.django_db
def test_a_tar_archive_that_breaks_off_fails_and_keeps_what_came_before(
    pool: ReadingPool, tmp_path: Path
) -> None:
    path = tar_of(tmp_path / "a.tar", *((f"{n}.txt", text.encode()) for n, text in enumerate(LETTERS)))
    path.write_bytes(path.read_bytes()[:20_000])
    found = results(imported([path], pool))
    assert found.pop("a.tar") == "broken_archive"
    assert 0 < len(found) < 6
    assert {*found.values()} == {"new"}


def members(path: Path, start: int = 0) -> list[str]:
    with TarArchive(path, SMALL) as archive:
        return [row.data.decode() if isinstance(row, Member) else row.code for row in archive.members(start)]


def test_links_devices_and_large_entries_of_a_tar_archive_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo("../../etc/passwd")
            info.type, info.linkname = kind, "/etc/shadow"
            archive.addfile(info)
        info = tarfile.TarInfo("large.txt")
        info.size = 20_001
        archive.addfile(info, io.BytesIO(bytes(20_001)))
        info = tarfile.TarInfo("b.txt")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"b"))
    assert members(path) == ["not_a_file"] * 4 + ["too_large", "b"]
    assert members(path, start=5) == ["b"]


def test_a_tar_bomb_is_refused_before_it_takes_memory(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "a.tgz", *((f"{n}.txt", bytes(19_000)) for n in range(40)), mode="w:gz")
    with pytest.raises(ArchiveRefusedError) as refused:
        members(path)
    assert refused.value.code == "archive_too_large"


def test_a_header_of_a_tar_archive_takes_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("a.txt")
        info.pax_headers = {"comment": "x" * 5_000_000}
        archive.addfile(info)
    with pytest.raises(ArchiveRefusedError), TarArchive(path) as opened:
        list(opened.members())


@given(st.binary(max_size=200), st.integers(0, 2000))
def test_no_damage_to_a_tar_archive_makes_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    path = tar_of(tmp_path_factory.mktemp("tar") / "a.tar", ("a.txt", b"a" * 600), ("b.txt", b"b"))
    data = bytearray(path.read_bytes())
    data[at : at + len(noise)] = noise
    path.write_bytes(data)
    try:
        with TarArchive(path, SMALL) as archive:
            assert all(isinstance(row, Member | RefusedMember) for row in archive.members())
    except ArchiveRefusedError as refused:
        assert refused.message


def attached(path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    with AttachedFiles(path) as files:
        return [row.name for row in files.members()]


def test_pictures_of_a_signature_are_no_letters(tmp_path: Path) -> None:
    data = mail(("scan.png", b"\x89PNG"), image=b"\x89PNG").as_bytes()
    assert attached(tmp_path / "a.eml", data) == ["scan.png"]


def test_a_mail_without_anything_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefusedError) as refused:
        attached(tmp_path / "a.eml", mail(body="").as_bytes())
    assert refused.value.code == "empty_archive"


@pytest.mark.parametrize(
    "data",
    [
        b"From: a\nMIME-Version: 1.0\n" + b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)
        ),
        b"From: a\nMIME-Version: 1.0\n" + b"Content-Type: message/rfc822\n\nMIME-Version: 1.0\n" * 20_000,
        b"From: a\nMIME-Version: 1.0\nContent-Disposition: attachment; filename=" + b"=?utf-8?q?" * 100_000
        + b"\nSubject: " + b"(" * 500_000 + b"\n\nx",
        b"\xd0\xcf\x11\xe0" + "__properties_version1.0".encode("utf-16-le") * 50,
    ],
    ids=["nested parts", "nested messages", "header", "message"],
)  # fmt: skip
def test_a_hostile_mail_is_refused_or_read_in_bounded_time(tmp_path: Path, data: bytes) -> None:
    try:
        attached(tmp_path / "a.eml", data)
    except ArchiveRefusedError as refused:
        assert refused.code in {"broken_archive", "archive_too_large", "empty_archive"}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"From: a@b.c\nSubject: x\nMIME-Version: 1.0\n\n", FileKind.EMAIL),
        (b"Received: from x\n\tby y\nFrom: a\n\nbody", FileKind.EMAIL),
        (b"From: MAXIMUS\nTo: the worker\nDate: May 1\n\nNotice", FileKind.TEXT),
        (b"Case Number: CM14-9000001\nDate Assigned: 06/20/2014\n", FileKind.TEXT),
        (b"Dated: 12/31/2013\n", FileKind.TEXT),
    ],
)
def test_a_letter_is_not_taken_for_a_mail(data: bytes, kind: FileKind) -> None:
    assert kind_of(data) is kind


def test_an_ordinary_pdf_carries_nothing() -> None:
    assert not carries_files(PDFS[0])
    assert carries_files(with_attachment(PDFS[0], "a.txt", b"a"))


def test_a_name_in_utf_8_without_the_flag_is_read_and_composed(tmp_path: Path) -> None:
    from determinations.letters.text.zip_archives import ZipArchive

    path = archive_of(tmp_path / "a.zip", ("SenXor NuXez.txt", b"a"))
    decomposed = "Sen\u0303or Nu\u0301n.txt".encode()
    plain = b"SenXor NuXez.txt".ljust(len(decomposed), b"X")
    path = archive_of(tmp_path / "b.zip", (plain.decode(), b"a"), method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(plain, decomposed))
    with ZipArchive(path) as archive:
        assert [row.name for row in archive.members()] == ["Señor Nún.txt"]
