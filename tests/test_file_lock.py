"""Locks between processes: one holder, known by its process id, and released when it is killed."""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from determinations.file_lock import LockHeldError, exclusive_lock, holder_of

HOLDER = """
import sys, time
from pathlib import Path
from determinations.file_lock import exclusive_lock

with exclusive_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "some.lock"


@contextmanager
def held_elsewhere(path: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_holder_is_known_and_keeps_others_out(path: Path) -> None:
    with held_elsewhere(path) as holder:
        assert holder_of(path) == holder.pid
        with pytest.raises(LockHeldError) as raised, exclusive_lock(path, 0.1):
            pass
        assert raised.value.pid == holder.pid
        assert holder_of(path) == holder.pid


def test_a_killed_holder_holds_nothing(path: Path) -> None:
    with held_elsewhere(path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert holder_of(path) is None
        with exclusive_lock(path):
            assert holder_of(path) == os.getpid()
    assert holder_of(path) is None


def test_an_error_lets_go_of_the_lock(path: Path) -> None:
    with pytest.raises(RuntimeError), exclusive_lock(path):
        raise RuntimeError
    with exclusive_lock(path):
        assert holder_of(path) == os.getpid()


def test_a_lock_that_nobody_took_has_no_holder(path: Path) -> None:
    assert holder_of(path) is None


def test_a_second_hold_in_the_same_process_is_refused(path: Path) -> None:
    with exclusive_lock(path), pytest.raises(LockHeldError), exclusive_lock(path):
        pass


def test_a_holder_that_wrote_no_process_id_is_unknown(path: Path) -> None:
    path.parent.mkdir()
    with path.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert holder_of(path) == 0
        with pytest.raises(LockHeldError) as raised, exclusive_lock(path):
            pass
        assert raised.value.pid == 0
