"""What the campaign does to connections and disks, and what it finds afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.campaign.aftermath import processes_left
from tests.campaign.dropping_proxy import DroppingProxy
from tests.campaign.machines import MARK
from tests.campaign.ports import free_port
from tests.campaign.small_disk import filled, mounted, unmount
from tests.importing.sites import wait_until


@pytest.fixture
def echoing() -> Iterator[int]:
    """A server that gives back what it gets; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=echo, args=(connection,), daemon=True).start()

        def echo(connection: socket.socket) -> None:
            with connection:
                try:
                    while piece := connection.recv(1000):
                        connection.sendall(piece)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.fixture
def proxy(echoing: int) -> Iterator[DroppingProxy]:
    proxy = DroppingProxy(free_port(), echoing)
    yield proxy
    proxy.close()


def connected(proxy: DroppingProxy) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=30)
    connection.sendall(b"one")
    assert connection.recv(10) == b"one"
    return connection


def is_ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(10) == b""
    except ConnectionError:
        return True


def test_a_cut_ends_connections_and_lets_new_ones_through(proxy: DroppingProxy) -> None:
    with closing(connected(proxy)) as cut:
        proxy.cut()
        assert is_ended(cut)
    connected(proxy).close()


def test_what_is_stalled_comes_when_the_stall_is_over(proxy: DroppingProxy) -> None:
    with closing(connected(proxy)) as stalled:
        with proxy.stalled():
            stalled.settimeout(0.3)
            stalled.sendall(b"two")
            with pytest.raises(TimeoutError):
                stalled.recv(10)
        stalled.settimeout(30)
        assert stalled.recv(10) == b"two"


def test_what_is_refused_is_not_even_connected_until_it_is_accepted_again(proxy: DroppingProxy) -> None:
    with closing(connected(proxy)) as refused:
        proxy.refuse()
        assert is_ended(refused)
    with pytest.raises(ConnectionRefusedError):
        connected(proxy)
    proxy.accept()
    connected(proxy).close()


def test_a_filled_disk_takes_nothing_until_it_is_free_again(tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    if not mounted(place, "1m"):
        pytest.skip("this system lets the tests mount no disk")
    try:
        with filled(place):
            assert shutil.disk_usage(place).free == 0
            with pytest.raises(OSError, match="space"):
                (place / "more").write_bytes(b"x" * 5000)
        (place / "more").write_bytes(b"x" * 5000)
    finally:
        unmount(place)


def test_processes_that_were_left_are_found_by_their_mark_or_their_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    marked = subprocess.Popen(command, env={**os.environ, MARK: tmp_path.name})
    inside = subprocess.Popen(command, cwd=tmp_path)
    try:
        wait_until(lambda: processes_left(tmp_path.name, [tmp_path]) == sorted((marked.pid, inside.pid)))
    finally:
        for process in (marked, inside):
            process.kill()
            process.wait()
    assert processes_left(tmp_path.name, [tmp_path]) == []
