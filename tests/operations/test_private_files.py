"""Other accounts of the machine read nothing of the site, and a process that reads PDFs knows no secret."""

import os
import subprocess
from pathlib import Path

import pytest

from determinations.letters.parsed_letter import UnreadableLetterError
from determinations.letters.text.limited_process import LimitedProgram
from determinations.letters.text.pdf import PdfReader
from imrsite.data_directory import keep_private
from tests.databases import files_of_sqlite
from tests.importing.letter_folders import write_letters
from tests.importing.sites import NewSite

PROC = Path("/proc")


def modes(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]}


def test_no_file_of_the_site_is_open_to_others(new_site: NewSite, tmp_path: Path) -> None:
    letters = write_letters(tmp_path / "given", 2)
    site = new_site("fresh/site")
    for path in [site.folder, *site.folder.rglob("*")]:
        path.unlink() if path.is_file() else None
    site.manage("migrate", "--verbosity", "0")
    site.manage("import_letters", *map(str, letters))
    found = modes(site.folder)
    assert len(found) > 8
    assert {path: mode for path, mode in found.items() if mode} == {}


@files_of_sqlite
def test_what_an_older_version_left_open_is_closed(new_site: NewSite) -> None:
    site = new_site()
    for path in (site.folder, site.folder / "imr.sqlite3"):
        path.chmod(0o755)
    site.manage("check_originals")
    assert modes(site.folder)[str(site.folder)] == 0
    assert modes(site.folder)[str(site.folder / "imr.sqlite3")] == 0


def test_a_directory_of_something_else_stays_as_it_is(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        tmp_path.chmod(0o755)
        (tmp_path / "other").touch()
        keep_private(tmp_path)
        assert tmp_path.stat().st_mode & 0o777 == 0o755
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(before)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> LimitedProgram:
    monkeypatch.setenv("IMR_SECRET_KEY", "planted-secret")
    reader = PdfReader()
    with pytest.raises(UnreadableLetterError):
        reader.read(b"%PDF-1.4 broken")
    return reader.program


@pytest.mark.skipif(not PROC.exists(), reason="only Linux shows a process's environment in /proc")
def test_the_pdf_process_has_no_environment_and_few_rights(reader: LimitedProgram) -> None:
    process = PROC / str(reader.pid)
    try:
        names = {entry.partition("=")[0] for entry in (process / "environ").read_text().split("\0") if entry}
        assert names <= {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
        lines = (process / "limits").read_text().splitlines()
        limits = {line[:26].strip(): line[26:].split()[0] for line in lines}
        assert limits["Max file size"] == limits["Max core file size"] == "0"
        assert int(limits["Max open files"]) <= 64
        assert int(limits["Max cpu time"]) <= 60
        assert "NoNewPrivs:\t1" in (process / "status").read_text()
    finally:
        reader.close()


@pytest.mark.skipif(not PROC.exists(), reason="only Linux has networks of a process's own")
def test_the_pdf_process_has_no_network_where_the_system_allows_that(reader: LimitedProgram) -> None:
    try:
        alone = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
        if alone.returncode:
            pytest.skip("this system gives no process a network of its own")
        own = (PROC / str(reader.pid) / "ns" / "net").readlink()
        assert own != (PROC / "self" / "ns" / "net").readlink()
        assert "eth" not in (PROC / str(reader.pid) / "net" / "dev").read_text()
    finally:
        reader.close()
