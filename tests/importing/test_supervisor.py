"""The site and its worker, watched: what happens to the other when one of them is killed."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .letter_folders import write_letters
from .sites import ROOT, NewSite, kill_all, wait_until

PROGRAM = """
import sys
from imrsite.supervisor import supervise
child = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
web, worker = ([sys.executable, "-c", child, name] for name in sys.argv[1:])
sys.exit(supervise(web, worker))
"""


class Watched:
    """A supervisor over two children that only sleep; each start of theirs adds a line to a file."""

    def __init__(self, folder: Path) -> None:
        self.files = {"web": folder / "web", "worker": folder / "worker"}
        for file in self.files.values():
            file.touch()
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *map(str, self.files.values())],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        wait_until(lambda: all(self.starts(name) for name in self.files))

    def starts(self, name: str) -> list[int]:
        return [int(line) for line in self.files[name].read_text().split("\n")[:-1]]

    def kill(self, name: str) -> None:
        os.kill(self.starts(name)[-1], signal.SIGKILL)

    def lives(self, name: str) -> bool:
        try:
            os.kill(self.starts(name)[-1], 0)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path)
    yield watched
    kill_all(watched.process)
    assert watched.process.stdout
    watched.process.stdout.close()


def test_a_worker_that_dies_is_started_again_and_the_site_stays(watched: Watched) -> None:
    watched.kill("worker")
    wait_until(lambda: len(watched.starts("worker")) == 2)
    assert watched.lives("worker")
    assert len(watched.starts("web")) == 1
    assert watched.lives("web")


def test_when_the_site_dies_all_ends_with_its_status(watched: Watched) -> None:
    watched.kill("web")
    assert watched.process.wait() == 128 + signal.SIGKILL
    assert not watched.lives("worker")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_both(watched: Watched, number: int) -> None:
    watched.process.send_signal(number)
    assert watched.process.wait() == 0
    assert not watched.lives("web")
    assert not watched.lives("worker")


@contextmanager
def free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


def test_the_whole_site_outlives_its_worker_and_ends_with_gunicorn(new_site: NewSite, tmp_path: Path) -> None:
    with free_port() as port:
        site = new_site(PORT=str(port), WEB_WORKERS="1")
    # With a batch in the database, the sample letters are not loaded.
    site.manage("import_letters", *map(str, write_letters(tmp_path / "letters", 2)))
    log = site.folder / "serve.log"

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                return int(page.status) == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    with site.running("serve") as serve:
        wait_until(answers)
        wait_until(lambda: "is ready" in log.read_text())
        worker = int((site.folder / "import-worker.lock").read_text())
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: log.read_text().count("is ready") == 2)
        assert answers()
        site.manage("import_letters", *map(str, write_letters(tmp_path / "more", 5, seed=8)))
        assert site.count("SELECT count(*) FROM determinations_determination") == 7

        serve.kill()  # nobody watches any more: both end by themselves
        serve.wait()
        wait_until(lambda: not answers())
        wait_until(lambda: not is_running(int((site.folder / "import-worker.lock").read_text())))


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
