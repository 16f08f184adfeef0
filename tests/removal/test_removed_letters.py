"""A letter that was removed for good: no file, row, index or session has a word of it, and it stays out."""

import base64
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from determinations.letters.parse import parse_letters
from sample_letters.generator import invented_letters
from tests import databases
from tests.importing.archives import archive_of
from tests.importing.sites import Site, wait_until

NAME = "Qqmarialena Wxhernandez"
WORDS = (b"qqmarialena", b"wxhernandez", b"vwsmithson")
FILE_NAME = "Zqxjohnny Vwsmithson.txt"
SHELL = """
from django.contrib.auth.models import User
from django.test import Client
from determinations.models import Determination, DisputedItem
letter = Determination.objects.get(full_text__contains="Wxhernandez")
item, other = letter.items.get(position=1), DisputedItem.objects.exclude(determination=letter).first()
assert "Wxhernandez" in item.rationale
host = {"host": "localhost"}
account, visitor = Client(), Client()
account.force_login(User.objects.create_user("ana"))
for client in (account, visitor):
    for name in (item.name, other.name):
        client.post(f"/folder/items/{name}/add/", {"next": "/help/"}, headers=host)
        note = "It says: " + item.rationale[:80]
        client.post("/folder/notes/", {f"note-{name}": note, f"seen-{name}": ""}, headers=host)
from determinations.search.engines import search_engine
from determinations.search.interface import SearchRequest
from determinations.statistics import distinctive_terms
distinctive_terms.FEWEST_OCCURRENCES, distinctive_terms.LISTED_FROM_Z = 1, 0.0
distinctive_terms.keep_distinctive_terms(search_engine(), SearchRequest(), ("upheld",))  # all are
"""


def letters_with_name(count: int = 8) -> list[bytes]:
    """Invented letters; the third has the name in its rationale."""
    texts = [letter.text for letter in invented_letters(count, seed=4)]
    rationale = parse_letters(texts[2])[0].items[0].rationale
    opening = re.compile(r"\s+".join(map(re.escape, rationale.split()[:5])))
    marked = opening.sub(f"The patient {NAME} was seen in the office today. \\g<0>", texts[2], count=1)
    assert NAME in marked
    texts[2] = marked
    return [text.encode() for text in texts]


def traces(folder: Path) -> Iterator[str]:
    """Where in the folder one of the words is, packed or not: in bytes, in rows, in sessions."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for what, content in unpacked(path.read_bytes()):
            found = [word for word in WORDS if word in content.lower()]
            if found and path.suffix != ".log":
                yield f"{path.relative_to(folder)} {what}: {found}"
    for word in WORDS:
        if word in databases.dump(folder).lower():
            yield f"the tables: {word!r}"
    for (data,) in databases.ask(folder, "SELECT session_data FROM django_session"):
        packed = data.partition(":")[0]
        is_packed = packed.startswith(".")
        content = base64.urlsafe_b64decode(packed.lstrip(".") + "==")
        content = zlib.decompress(content) if is_packed else content
        if any(word in content.lower() for word in WORDS):
            yield "a session"


def unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The content as it is, as UTF-16, and whatever in it can be decompressed."""
    yield "as it is", content
    yield "as UTF-16", content.replace(b"\0", b"")
    for magic, wbits in ((b"\x1f\x8b", 31), (b"\x78\x01", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15)):
        at = content.find(magic)
        while at >= 0:
            with suppress(zlib.error):
                yield "compressed", zlib.decompressobj(wbits).decompress(content[at : at + 5_000_000])
            at = content.find(magic, at + 1)
    for at in (match.start() for match in re.finditer(b"PK\x03\x04", content)):
        start = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
        start += int.from_bytes(content[at + 28 : at + 30], "little")
        with suppress(zlib.error):
            yield "an archive's entry", zlib.decompressobj(-15).decompress(content[start:])


@pytest.fixture
def filled(site: Site, tmp_path: Path) -> Site:
    """A site with the letter, alone and in an archive, in folders, notes, a session and an old index."""
    letters = letters_with_name()
    given = tmp_path / "given"
    given.mkdir()
    for number, letter in enumerate(letters):
        (given / (FILE_NAME if number == 2 else f"{number}.txt")).write_bytes(letter)
    archive_of(given / "more.zip", ("1.txt", letters[1]), (FILE_NAME, letters[2]))
    site.manage("import_letters", str(given))
    upload = (
        "from determinations.importing.queue import receive_upload, start_batch\n"
        "from pathlib import Path\n"
        f"data = Path({str(given / 'more.zip')!r}).read_bytes()\n"
        "receive_upload(start_batch('upload'), 'more.zip', [data])\n"  # waits, and is not unpacked yet
        f"data = Path({str(given / FILE_NAME)!r}).read_bytes()\n"
        f"receive_upload(start_batch({FILE_NAME!r}), {FILE_NAME!r}, [data])\n"
    )
    site.manage("shell", "-c", upload)
    site.manage("shell", "-c", SHELL)
    assert {trace.partition("/")[0].partition(" ")[0] for trace in traces(site.folder)} >= {
        "letters",
        "index",
        "statistics",
        "a",
    }
    return site


def public_id(site: Site) -> str:
    return str(site.rows(WITH_NAME)[0][0])


WITH_NAME = "SELECT public_id FROM determinations_determination WHERE full_text LIKE '%Wxhernandez%'"
LETTERS = "SELECT count(*) FROM determinations_determination"
REFUSED = "SELECT count(*) FROM determinations_importfile WHERE code = 'removed'"
NOT_ERASED = "SELECT count(*) FROM determinations_removedletter WHERE erased_at IS NULL"


def test_nothing_of_a_removed_letter_is_left_and_it_does_not_come_back(filled: Site, tmp_path: Path) -> None:
    letter, letters = public_id(filled), filled.count(LETTERS)
    before = list(traces(filled.folder))
    said = filled.manage("remove_letter", letter, status=1, stdin=b"no\n")
    assert all(word in said for word in ("more.zip", "folder of ana", str(tmp_path / "given" / FILE_NAME)))
    assert list(traces(filled.folder)) == before and filled.count(LETTERS) == letters

    filled.manage("remove_letter", letter, stdin=letter.encode() + b"\n")
    assert list(traces(filled.folder)) == []
    assert filled.count(LETTERS) == letters - 1
    assert filled.count("SELECT count(*) FROM determinations_folderitem") == 1
    assert "[removed]" in str(filled.rows("SELECT note FROM determinations_folderitem"))
    assert "agrees" in filled.manage("check_index")
    filled.manage("check_originals")
    assert filled.count(NOT_ERASED) == 0

    refused = filled.count(REFUSED)
    filled.manage("import_letters", str(tmp_path / "given"), status=3)
    again = tmp_path / "printed again.txt"
    again.write_bytes((tmp_path / "given" / FILE_NAME).read_bytes().replace(b"\n", b"\n\n"))
    filled.manage("import_letters", str(again), status=3)
    upload = (
        "from determinations.importing.queue import receive_upload, start_batch\n"
        "from pathlib import Path\n"
        f"data = Path({str(tmp_path / 'given' / 'more.zip')!r}).read_bytes()\n"
        "receive_upload(start_batch('upload'), 'more.zip', [data])\n"
        f"data = Path({str(tmp_path / 'given' / FILE_NAME)!r}).read_bytes()\n"
        "receive_upload(start_batch('upload'), 'one.txt', [data])\n"
    )
    filled.manage("shell", "-c", upload)
    assert filled.count(REFUSED) >= refused + 5
    assert filled.count(LETTERS) == letters - 1
    filled.manage("remove_letter")
    assert list(traces(filled.folder)) == []


def test_a_removal_that_was_cut_off_is_finished_by_the_worker(filled: Site) -> None:
    rows_only = (
        "from determinations.models import Determination\n"
        "from determinations.removal.removing import remove_rows\n"
        f"remove_rows(Determination.objects.filter(public_id={public_id(filled)!r}))\n"
    )
    filled.manage("shell", "-c", rows_only)
    assert list(traces(filled.folder)) and filled.count(NOT_ERASED) > 0
    with filled.running("process_imports"):
        wait_until(lambda: filled.count(NOT_ERASED) == 0)
    assert list(traces(filled.folder)) == []
    assert "agrees" in filled.manage("check_index")


def test_a_redacted_letter_replaces_the_earlier_version_for_good(filled: Site, tmp_path: Path) -> None:
    letters, number = filled.count(LETTERS), public_id(filled)
    redacted = tmp_path / "redacted.txt"
    redacted.write_bytes((tmp_path / "given" / FILE_NAME).read_bytes().replace(NAME.encode(), b"[name]"))
    filled.manage("import_letters", str(redacted))
    assert public_id(filled) != number
    filled.manage("remove_letter", "--earlier-versions", "--yes", number)
    assert list(traces(filled.folder)) == []
    assert filled.count(LETTERS) == letters
    is_current = f"SELECT is_current FROM determinations_determination WHERE public_id = '{number}'"  # noqa: S608
    assert filled.rows(is_current) == [(1,)]
    names = filled.rows("SELECT name FROM determinations_folderitem ORDER BY name")
    assert len(names) == 2 and any(str(name).startswith(f"('{number}") for name in names)
    assert "agrees" in filled.manage("check_index")


def test_a_backup_into_the_same_folder_loses_the_letter_too(filled: Site, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    filled.manage("backup", str(backup))
    hashes = filled.manage("remove_letter", "--yes", public_id(filled)) and filled.manage(
        "remove_letter", "--list"
    )
    filled.manage("backup", str(backup))
    for path in (path for path in backup.rglob("*") if path.is_file()):
        for _, content in unpacked(path.read_bytes()):
            assert not any(word in content.lower() for word in WORDS), path
    assert len(hashes.split()) == filled.count("SELECT count(*) FROM determinations_removedletter")


def test_a_letter_that_is_not_there_is_said_to_be_missing(site: Site) -> None:
    assert "CM14-9999999" in site.manage("remove_letter", "CM14-9999999", "--yes", status=1)
