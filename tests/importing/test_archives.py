"""Each entry of an archive comes out, or is refused with a reason, and the others go on."""

import io
import tempfile
import zipfile
from pathlib import Path
from random import Random
from zipfile import ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.text.archive_members import (
    ArchiveLimits,
    ArchiveRefusedError,
    Member,
    RefusedMember,
)
from determinations.letters.text.file_kinds import ARCHIVES, kind_of
from determinations.letters.text.file_labels import label_of
from determinations.letters.text.zip_archives import (
    ZipArchive,
)
from tests.importing.archives import archive_of, link_to, overlapping, spoiled, with_flags

LETTER = b"HOW THE IMR FINAL DETERMINATION WAS MADE"
SMALL = ArchiveLimits(entries=50, directory=100_000, entry=20_000, total=60_000, ratio=20, ratio_free=1000)


def results(path: Path, limits: ArchiveLimits = SMALL, start: int = 0) -> list[Member | RefusedMember]:
    with ZipArchive(path, limits) as archive:
        return list(archive.members(start))


def told(results: list[Member | RefusedMember]) -> list[str]:
    """The bytes of what came out, the code of what did not."""
    return [row.data.decode() if isinstance(row, Member) else row.code for row in results]


def test_letters_come_out_in_order_with_their_names(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("one.txt", b"1"), ("folder/two.txt", b"2"))
    assert results(path) == [Member(0, "one.txt", b"1"), Member(1, "folder/two.txt", b"2")]


def test_unpacking_goes_on_from_a_position(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", *((f"{n}.txt", str(n).encode()) for n in range(10)))
    assert results(path, start=7) == results(path)[7:]


def test_stored_entries_come_out_as_well(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", LETTER), method=zipfile.ZIP_STORED)
    assert told(results(path)) == [LETTER.decode()]


def test_entries_of_one_name_are_letters_of_their_own(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = archive_of(tmp_path / "a.zip", ("a.txt", b"first"), ("a.txt", b"second"))
    assert told(results(path)) == ["first", "second"]


def test_folders_and_notes_of_operating_systems_are_counted_and_left(tmp_path: Path) -> None:
    path = archive_of(
        tmp_path / "a.zip",
        ("folder/", b""),
        ("__MACOSX/._a.txt", b"x"),
        ("a/.DS_Store", b"x"),
        ("a/b.txt", b"b"),
    )
    with ZipArchive(path, SMALL) as archive:
        assert told(list(archive.members())) == ["b"]
        assert archive.skipped == 3


def test_large_archives_of_the_64_bit_form_come_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with (
        zipfile.ZipFile(path, "w") as archive,
        archive.open(ZipInfo("a.txt"), "w", force_zip64=True) as entry,
    ):
        entry.write(LETTER)
    assert told(results(path)) == [LETTER.decode()]


def test_an_archive_with_a_comment_comes_out(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", b"a"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"letters of May" * 100
    assert told(results(path)) == ["a"]


@pytest.mark.parametrize("flag", [0x1, 0x41], ids=["old encryption", "strong encryption"])
def test_an_encrypted_entry_is_refused(tmp_path: Path, flag: int) -> None:
    assert told(results(with_flags(archive_of(tmp_path / "a.zip", ("a.txt", b"a")), flag))) == [
        "encrypted_entry"
    ]


def test_a_link_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", link_to("/etc/passwd"), ("b.txt", b"b"))
    assert told(results(path)) == ["not_a_file", "b"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_may_ask_for_any_memory_is_refused(tmp_path: Path, method: int) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", LETTER), method=method)
    assert told(results(path)) == ["unsupported_packing"]


def test_a_wrong_checksum_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", b"aaaa"), ("b.txt", b"b"), method=zipfile.ZIP_STORED)
    assert told(results(spoiled(path, b"aaaa", b"aaab"))) == ["damaged_entry", "b"]


def test_damaged_packing_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", bytes(range(256)) * 8), ("b.txt", b"b"))
    data = bytearray(path.read_bytes())
    data[45:60] = b"\xff" * 15
    path.write_bytes(data)
    assert told(results(path)) == ["damaged_entry", "b"]


def test_an_archive_inside_an_archive_is_refused(tmp_path: Path) -> None:
    inner = archive_of(tmp_path / "inner.zip", ("a.txt", b"a")).read_bytes()
    path = archive_of(tmp_path / "a.zip", ("letter.txt", inner), ("b.txt", b"b"))
    assert told(results(path)) == ["nested_archive", "b"]


def test_an_entry_beyond_the_size_of_a_letter_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", bytes(range(256)) * 100), ("b.txt", b"b"))
    assert told(results(path)) == ["too_large", "b"]


def test_an_entry_that_unpacks_to_many_times_its_size_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", b"a" * 19_000), ("b.txt", b"b"))
    assert told(results(path)) == ["zip_bomb", "b"]


def test_an_entry_that_states_a_smaller_size_than_it_has_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", b"a" * 50_000), ("b.txt", b"b"))
    size = (50_000).to_bytes(4, "little")
    assert told(results(spoiled(path, size, (900).to_bytes(4, "little")))) == ["damaged_entry", "b"]


def test_the_rest_of_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    content = bytes(range(256)) * 70
    path = archive_of(
        tmp_path / "a.zip", *((f"{n}.txt", content) for n in range(5)), method=zipfile.ZIP_STORED
    )
    codes = [row.code for row in results(path) if isinstance(row, RefusedMember)]
    assert codes == ["archive_too_large"] * 2


def test_what_was_refused_before_a_stop_is_refused_after_it(tmp_path: Path) -> None:
    content = bytes(range(256)) * 70
    path = archive_of(
        tmp_path / "a.zip",
        ("bomb.txt", b"a" * 19_000),
        *((f"{n}.txt", content) for n in range(5)),
        method=zipfile.ZIP_DEFLATED,
    )
    limits = ArchiveLimits(entry=20_000, total=60_000, ratio=100, ratio_free=1000)
    whole = results(path, limits)
    for start in range(len(whole)):
        assert results(path, limits, start) == whole[start:]


def test_entries_that_share_their_packed_bytes_are_held_against_the_size_of_the_file(tmp_path: Path) -> None:
    content = Random(1).randbytes(10_000)
    path = overlapping(tmp_path / "a.zip", [f"{n:02}.txt" for n in range(40)], content)
    limits = ArchiveLimits(entry=20_000, ratio=5, ratio_free=1000)
    rows = results(path, limits)
    out = [row for row in rows if isinstance(row, Member)]
    assert 0 < len(out) * len(content) <= 1000 + 5 * path.stat().st_size
    refused = told(rows[len(out) :])
    assert len(refused) == 40 - len(out)
    # Newer Pythons refuse such entries themselves.
    assert set(refused) <= {"archive_too_large", "damaged_entry"}


def refusal(path: Path, limits: ArchiveLimits = SMALL) -> ArchiveRefusedError:
    with pytest.raises(ArchiveRefusedError) as refused, ZipArchive(path, limits):
        pass
    return refused.value


def test_too_many_entries_are_refused_before_they_take_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive_of(tmp_path / "a.zip", *((f"{n}.txt", b"") for n in range(51)))
    monkeypatch.setattr(zipfile, "ZipInfo", None)  # an object an entry is what a bomb lives on
    assert refusal(path).code == "too_many_entries"


def test_a_directory_beyond_its_limit_is_refused(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", *((f"{'n' * 9000}{n}.txt", b"") for n in range(20)))
    assert refusal(path).code == "too_many_entries"


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_truncated_archive_is_refused(tmp_path: Path, kept: float) -> None:
    path = archive_of(tmp_path / "a.zip", *((f"{n}.txt", LETTER) for n in range(20)))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    refused = refusal(path)
    assert refused.code == "broken_archive"
    assert "copy it again" in refused.message


def test_an_empty_archive_is_refused(tmp_path: Path) -> None:
    assert refusal(archive_of(tmp_path / "a.zip")).code == "empty_archive"
    folders = refusal(archive_of(tmp_path / "b.zip", ("2014/", b""), ("2014/may/", b"")))
    assert (folders.code, "folders and no file" in folders.message) == ("empty_archive", True)


def test_an_archive_without_its_end_is_said_to_be_cut_short(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "a.zip", ("a.txt", LETTER))
    path.write_bytes(path.read_bytes()[:60])
    assert "cut short (the list of its files is missing)" in refusal(path).message


@pytest.mark.parametrize("entry", ["[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"])
def test_an_office_document_is_no_archive_of_letters(tmp_path: Path, entry: str) -> None:
    assert refusal(archive_of(tmp_path / "a.docx", (entry, b"x"), ("b.xml", b"x"))).code == "office_document"


def test_a_refused_archive_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[io.BufferedReader] = []
    original = Path.open

    def watched(self: Path, mode: str = "r") -> object:
        opened.append(original(self, mode))  # type: ignore[arg-type]
        return opened[-1]

    path = archive_of(tmp_path / "a.zip")
    monkeypatch.setattr(Path, "open", watched)
    refusal(path)
    assert [file.closed for file in opened] == [True]


def test_an_archive_is_told_by_its_content(tmp_path: Path) -> None:
    assert kind_of(archive_of(tmp_path / "letters.txt", ("a.txt", b"a")).read_bytes()) in ARCHIVES
    assert kind_of(archive_of(tmp_path / "empty.zip").read_bytes()) in ARCHIVES
    assert kind_of(b"Notice of Independent Medical Review Determination") not in ARCHIVES


@given(st.binary(max_size=300), st.integers(0, 300))
def test_no_damage_makes_anything_but_a_refusal(noise: bytes, at: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", LETTER)
        archive.writestr("b.txt", LETTER * 3)
    data = bytearray(buffer.getvalue())
    data[at : at + len(noise)] = noise
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        try:
            rows = results(path)
        except ArchiveRefusedError as refused:
            assert refused.message
        else:
            assert all(isinstance(row, Member | RefusedMember) for row in rows)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("letter.txt", "letter.txt"),
        ("2014/May/letter.txt", "2014/May/letter.txt"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        (r"..\..\C:\Windows\letter.txt", "Windows/letter.txt"),
        (r"C:letter.txt", "letter.txt"),
        (r"\\server\share\letter.txt", "server/share/letter.txt"),
        ("letter\x00.txt", "letter.txt"),
        ("letter\n\r\x1b[2J.txt", "letter[2J.txt"),
        ("invoice\u202egpj.txt", "invoicegpj.txt"),
        ("a\u2028b\u200f.txt", "ab.txt"),
        ("bad\udcff.txt", "bad.txt"),
        ("", "(no name)"),
        ("../..", "(no name)"),
        ("...", "(no name)"),
        ("  /. /x.txt", "x.txt"),
        ("Ärztebrief – Nº 5.txt", "Ärztebrief – Nº 5.txt"),
    ],
)
def test_a_name_is_a_label(name: str, label: str) -> None:
    assert label_of(name) == label


def test_a_very_long_name_keeps_its_end() -> None:
    label = label_of("x" * 300 + "/CM14-0012345.txt")
    assert len(label) == 200
    assert label.startswith("…x")
    assert label.endswith("/CM14-0012345.txt")


@given(st.text(st.characters()))
def test_a_label_never_leads_anywhere(name: str) -> None:
    label = label_of(name)
    assert label
    assert not label.startswith("/")
    assert "\0" not in label
    assert ".." not in label.split("/")
    label.encode()
