"""Two processes, watched: what happens to the other when one of them is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.importing.sites import ROOT, kill_all, wait_until

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
