"""`import_letters` in processes of its own: alone, beside the worker, beside another shell, interrupted."""

import csv
import signal
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from determinations.models import ImportBatch
from tests.importing.archives import archive_of
from tests.importing.letter_folders import write_letters, write_mixed_folder
from tests.importing.sites import CHANGES_WAITING, NewSite, Site, kill_all, wait_until

LETTERS = "SELECT count(*) FROM determinations_determination"
FINISHED = "SELECT count(*) FROM determinations_importfile WHERE finished_at IS NOT NULL"
STATES = "SELECT state FROM determinations_importbatch ORDER BY id"


def results(site: Site, batch: int) -> dict[str, int]:
    rows = site.rows(
        f"SELECT result, count(*) FROM determinations_importfile WHERE batch_id = {batch} GROUP BY 1"  # noqa: S608
    )
    return {str(result): int(str(files)) for result, files in rows}


def test_folders_archives_and_a_list_on_standard_input(site: Site, tmp_path: Path) -> None:
    paths = write_letters(tmp_path / "letters", 9)
    archive = archive_of(tmp_path / "a.zip", *((path.name, path.read_bytes()) for path in paths[3:6]))
    (tmp_path / "folder").mkdir()
    for path in paths[:3]:
        path.rename(tmp_path / "folder" / path.name)
    (tmp_path / "folder" / "notes.xlsx").touch()
    (tmp_path / "bad.txt").write_text("Minutes of the meeting. " * 20)

    listed = "\n".join(map(str, [*paths[6:], tmp_path / "bad.txt"])).encode()
    report = tmp_path / "report.csv"
    said = site.manage(
        "import_letters",
        *(str(tmp_path / "folder"), str(archive), "-", "--csv", str(report)),
        stdin=listed,
        status=3,
    )
    assert site.count(LETTERS) == 9
    assert "(no letters, e-mails, or archives): 1." in said
    assert "has none of the sections" in said
    assert "Files not imported: 1." in said
    assert "--retry 1" in said
    with report.open(encoding="utf-8-sig", newline="") as file:
        assert [row["result"] for row in csv.DictReader(file)].count("New") == 9
    assert results(site, 1) == {"new": 9, "failed": 1, "unpacked": 1}

    again = site.manage("import_letters", str(tmp_path / "folder"))
    assert "Already there" in again
    assert results(site, 2) == {"already_there": 3}

    (tmp_path / "bad.txt").write_bytes(paths[6].read_bytes())
    assert "1" in site.manage("import_letters", "--retry", "1", status=3)
    assert results(site, 1) == {"new": 9, "failed": 1, "unpacked": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name what to import"),
        (["--continue", "7"], "There is no import 7"),
        (["--retry", "7"], "There is no import 7"),
        (["--continue", "7", "letters"], "not both"),
        ([str(Path(__file__)), "/no/such/folder"], "There is no such file or folder: /no/such/folder"),
    ],
)
def test_a_wrong_call_gets_one_clear_line(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as refused:
        call_command("import_letters", *arguments)
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 1
    assert not ImportBatch.objects.exists()


def test_ctrl_c_stops_and_says_how_to_go_on(site: Site, tmp_path: Path) -> None:
    write_mixed_folder(tmp_path / "letters", 150)
    shell = site.start("import_letters", str(tmp_path / "letters"))
    wait_until(lambda: site.count(FINISHED) > 0)
    shell.send_signal(signal.SIGINT)
    assert shell.wait() == 130
    said = (site.folder / "import_letters.log").read_text()
    assert "Nothing is lost" in said
    assert "manage.py import_letters --continue 1" in said
    assert site.rows(STATES) == [("paused",)]
    stored = site.count(LETTERS)
    assert site.count(CHANGES_WAITING) == 0

    site.manage("import_letters", "--continue", "1", status=3)  # some files of the folder are no letters
    assert site.rows(STATES) == [("done",)]
    assert site.count(LETTERS) > stored
    assert "agrees" in site.manage("check_index")


def test_the_worker_takes_what_the_shell_queues(site: Site, tmp_path: Path) -> None:
    write_letters(tmp_path / "letters", 30)
    with site.running("process_imports") as worker:
        wait_until(lambda: "is ready" in (site.folder / "process_imports.log").read_text())
        said = site.manage("import_letters", str(tmp_path / "letters"))
        assert f"Process {worker.pid} is importing" in said
        assert site.count(LETTERS) == 30
        worker.terminate()
        assert worker.wait() == 0


def test_a_shell_takes_over_from_a_worker_that_dies(site: Site, tmp_path: Path) -> None:
    write_letters(tmp_path / "letters", 120)
    with site.running("process_imports") as worker:
        wait_until(lambda: "is ready" in (site.folder / "process_imports.log").read_text())
        shell = site.start("import_letters", str(tmp_path / "letters"))
        wait_until(lambda: site.count(FINISHED) > 0)
        kill_all(worker)
        assert shell.wait() == 0
    assert site.count(LETTERS) == 120
    assert "agrees" in site.manage("check_index")


def test_two_shells_that_import_one_folder_store_each_letter_once(site: Site, tmp_path: Path) -> None:
    write_letters(tmp_path / "letters", 60)
    shells = [site.start("import_letters", str(tmp_path / "letters")) for _ in range(2)]
    assert [shell.wait() for shell in shells] == [0, 0]
    assert site.count(LETTERS) == 60
    by_batch = [results(site, batch) for batch in (1, 2)]  # whichever shell was the first to import
    assert by_batch in ([{"new": 60}, {"already_there": 60}], [{"already_there": 60}, {"new": 60}])
    assert "agrees" in site.manage("check_index")


def test_a_locked_database_only_delays(new_site: NewSite, tmp_path: Path) -> None:
    site = new_site(IMR_DATABASE_WAIT_SECONDS="0.2")
    write_letters(tmp_path / "letters", 100)
    shell = site.start("import_letters", str(tmp_path / "letters"))
    wait_until(lambda: site.count(FINISHED) > 0)
    shell.kill()
    shell.wait()
    log = site.folder / "process_imports.log"
    with site.running("process_imports"):
        with site.locked():  # the import waits, or, for its lease on PostgreSQL, the worker
            wait_until(lambda: " waits" in log.read_text())
        wait_until(lambda: site.rows(STATES) == [("done",)])
    assert site.count(LETTERS) == 100
    assert "agrees" in site.manage("check_index")


def test_a_second_worker_waits_for_the_first(site: Site) -> None:
    log = site.folder / "process_imports.log"
    with site.running("process_imports") as first:
        wait_until(lambda: "is ready" in log.read_text())
        with site.running("process_imports"):
            wait_until(lambda: f"Process {first.pid} is importing letters" in log.read_text())
            time.sleep(0.1)
            assert log.read_text().count("is ready") == 1
            first.kill()
            wait_until(lambda: log.read_text().count("is ready") == 2)
