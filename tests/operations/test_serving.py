"""`manage.py serve` as a whole: its worker, a process of gunicorn and gunicorn itself are killed."""

import os
import signal
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from pytest_django import Settings

from determinations.management.commands.serve import Command
from determinations.models import FileResult, ImportBatch
from tests.importing.letter_folders import write_letters
from tests.importing.sites import PROC, NewSite, Site, children_of, wait_until

LETTERS = "SELECT count(*) FROM determinations_determination"
FINISHED = "SELECT count(*) FROM determinations_importfile WHERE finished_at IS NOT NULL"
MANY = 2_500  # more than the fastest machine imports between two kills
STATES = "SELECT state FROM determinations_importbatch ORDER BY id"


class ServedSite:
    """What can be seen of a site from outside, and which processes make it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._log = site.folder / "serve.log"

    def answers(self) -> bool:
        address = f"http://127.0.0.1:{self.site.extra['PORT']}/"
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                return int(page.status) == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def workers_started(self) -> int:
        return self._log.read_text().count("is ready")

    def import_worker(self) -> int:
        return int((self.site.folder / "import-worker.lock").read_text())

    def gunicorn(self, serve: int) -> int:
        """The master: the child that `serve` started first."""
        return children_of(serve)[0]

    def wait_until_it_runs(self, workers: int) -> None:
        wait_until(self.answers)
        wait_until(lambda: self.workers_started() >= workers)


@pytest.fixture
def served(new_site: NewSite, tmp_path: Path) -> ServedSite:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site: Site = new_site(PORT=str(port), WEB_WORKERS="1")
    # With a batch in the database, the sample letters are not loaded.
    site.manage("import_letters", *map(str, write_letters(tmp_path / "first", 2)))
    return ServedSite(site)


def test_the_whole_site_outlives_its_worker_and_ends_with_gunicorn(
    served: ServedSite, tmp_path: Path
) -> None:
    site = served.site
    with site.running("serve") as serve:
        served.wait_until_it_runs(workers=1)
        os.kill(served.import_worker(), signal.SIGKILL)
        served.wait_until_it_runs(workers=2)
        site.manage("import_letters", *map(str, write_letters(tmp_path / "more", 5, seed=8)))
        assert site.count(LETTERS) == 7

        serve.kill()  # nobody watches any more: both end by themselves
        serve.wait()
        wait_until(lambda: not served.answers())
        wait_until(lambda: not is_running(served.import_worker()))


@pytest.mark.skipif(not PROC.exists(), reason="only Linux tells a process's children in /proc")
def test_an_import_goes_on_whatever_process_of_the_site_is_killed(served: ServedSite, tmp_path: Path) -> None:
    site = served.site
    write_letters(tmp_path / "letters", MANY - 2, seed=9)
    with site.running("serve") as serve:
        served.wait_until_it_runs(workers=1)
        shell = site.start("import_letters", str(tmp_path / "letters"))
        wait_until(lambda: site.count(FINISHED) > 2)
        shell.kill()  # it would take over otherwise
        shell.wait()

        os.kill(served.import_worker(), signal.SIGKILL)
        os.kill(children_of(served.gunicorn(serve.pid))[0], signal.SIGKILL)
        before = site.count(FINISHED)
        assert site.rows(STATES)[-1] == ("running",)
        served.wait_until_it_runs(workers=2)
        wait_until(lambda: site.count(FINISHED) > before)

        os.kill(served.gunicorn(serve.pid), signal.SIGKILL)
        assert serve.wait() == 128 + signal.SIGKILL
        wait_until(lambda: not is_running(served.import_worker()))
        wait_until(lambda: not served.answers())
    assert site.rows(STATES)[-1] == ("running",)
    before = site.count(FINISHED)
    assert before < MANY

    with site.running("serve"):
        served.wait_until_it_runs(workers=3)
        wait_until(lambda: site.rows(STATES)[-1] == ("done",))
    assert site.count(LETTERS) == MANY
    assert site.count("SELECT count(DISTINCT text_hash) FROM determinations_determination") == MANY
    assert site.rows("SELECT DISTINCT result FROM determinations_importfile") == [("new",)]
    assert "agrees" in site.manage("check_index")


@pytest.mark.django_db(transaction=True)
def test_the_program_beside_the_samples_is_no_newcomers_worry(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SAMPLE_LETTERS_DIR = tmp_path / "samples"
    write_letters(settings.SAMPLE_LETTERS_DIR, 2)
    (settings.SAMPLE_LETTERS_DIR / "generator.py").touch()
    Command()._import_samples()
    said = capsys.readouterr().out
    assert "skipped" not in said
    assert ImportBatch.objects.get().skipped_count == 1
    assert ImportBatch.objects.get().files.filter(result=FileResult.NEW).count() == 2
    assert "New" in said


@pytest.mark.django_db
def test_a_site_may_begin_without_the_samples(settings: Settings) -> None:
    settings.IMPORT_SAMPLE_LETTERS = False
    Command()._import_samples()
    assert not ImportBatch.objects.exists()


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
