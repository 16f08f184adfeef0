"""Clients that send slowly, or nothing, keep nobody waiting: gunicorn as `serve` starts it, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from imrsite.whole_requests import LARGEST_HEADERS, LARGEST_KEPT_BODY, SECONDS_FOR_A_REQUEST
from tests.importing.sites import ROOT, wait_until

THREADS = 4
SLOW_CLIENTS = 200
APPLICATION = """
import time

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/slow":
        time.sleep(1)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) if path == "/read" else b""
    answer = f"{environ['REQUEST_METHOD']} {len(body)} {environ['SCRIPT_NAME']}".encode()
    start_response("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]
"""
FORM = b"POST /read HTTP/1.1\r\nHost: site\r\nContent-Length: %d\r\n\r\n"
UNFINISHED = {
    "nothing": b"",
    "headers": b"GET / HTTP/1.1\r\nHost: site\r\nX-Slow: ",
    "body": FORM % 5000,
    "body that nobody reads": b"POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 50000000\r\n\r\nslow",
    "chunks": b"POST / HTTP/1.1\r\nHost: site\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n",
    "answers not taken": b"GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n",
}


class Server:
    """One worker of gunicorn with the site's settings, and an application that says what it was asked."""

    def __init__(self, folder: Path) -> None:
        (folder / "asked.py").write_text(APPLICATION)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address: tuple[str, int] = probe.getsockname()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
        environment |= {
            "PORT": str(self.address[1]),
            "WEB_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "imrsite.settings",
        }
        environment |= {"IMR_DATA_DIR": str(folder), "PYTHONPATH": str(folder)}
        settings = str(ROOT / "imrsite" / "gunicorn.conf.py")
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", settings, "asked:application"],
                env=environment,
                stderr=log,
            )
        wait_until(self.answers)

    def answers(self) -> bool:
        try:
            return self.ask(b"GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n").endswith(b"GET 0 ")
        except OSError:
            return False

    def open(self, sent: bytes) -> socket.socket:
        client = socket.create_connection(self.address, timeout=2 * SECONDS_FOR_A_REQUEST)
        client.sendall(sent)
        return client

    def ask(self, sent: bytes) -> bytes:
        """All that the server answers until it closes the connection."""
        with self.open(sent) as client:
            return all_from(client)


def all_from(client: socket.socket) -> bytes:
    answer = b""
    while piece := client.recv(65536):
        answer += piece
    return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.process.kill()
    server.process.wait()


@pytest.mark.parametrize("sent", UNFINISHED.values(), ids=UNFINISHED)
def test_many_slow_clients_take_no_thread(server: Server, sent: bytes) -> None:
    with ExitStack() as clients:
        for _ in range(SLOW_CLIENTS):
            clients.enter_context(server.open(sent))
        for _ in range(5 * THREADS):
            assert server.answers()


@pytest.mark.parametrize("sent", [UNFINISHED["headers"], UNFINISHED["body"]], ids=["headers", "body"])
def test_dripping_does_not_keep_a_connection_open(server: Server, sent: bytes) -> None:
    begun = time.monotonic()
    with server.open(sent) as client:
        client.settimeout(0.5)
        answer = b""
        while not answer and time.monotonic() - begun < 4 * SECONDS_FOR_A_REQUEST:
            client.sendall(b"a")
            try:
                answer = client.recv(65536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_request_in_pieces_arrives_whole(server: Server) -> None:
    request = (FORM % 300).replace(b"Host", b"Connection: close\r\nHost") + b"x" * 300
    with server.open(b"") as client:
        for place in range(0, len(request), 7):
            client.sendall(request[place : place + 7])
        assert all_from(client).endswith(b"POST 300 ")


@pytest.mark.parametrize("length", [0, 1, LARGEST_KEPT_BODY, LARGEST_KEPT_BODY + 1, 4 * LARGEST_KEPT_BODY])
def test_a_body_of_any_length_is_read(server: Server, length: int) -> None:
    request = (FORM % length).replace(b"Host", b"Connection: close\r\nHost") + b"x" * length
    assert server.ask(request).endswith(b"POST %d " % length)


def test_requests_sent_at_once_are_answered_in_order(server: Server) -> None:
    last = b"GET / HTTP/1.1\r\nHost: site\r\nConnection: close\r\n\r\n"
    answer = server.ask(FORM % 5 + b"abcde" + FORM % 0 + FORM % 2 + b"xy" + last)
    assert [part[:6] for part in answer.split(b"\r\n\r\n")[1:]] == [
        b"POST 5",
        b"POST 0",
        b"POST 2",
        b"GET 0 ",
    ]


def test_a_client_that_asks_first_may_send_its_body(server: Server) -> None:
    request = (FORM % 4).replace(b"Host", b"Expect: 100-continue\r\nConnection: close\r\nHost")
    with server.open(request) as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"body")
        assert all_from(client).endswith(b"POST 4 ")


def test_a_body_without_a_length_is_refused(server: Server) -> None:
    assert server.ask(UNFINISHED["chunks"]).startswith(b"HTTP/1.1 411 ")


def test_endless_headers_are_refused(server: Server) -> None:
    with server.open(UNFINISHED["headers"]) as client:
        client.sendall(b"a" * LARGEST_HEADERS)
        assert client.recv(65536).startswith(b"HTTP/1.1 431 ")


def test_a_header_does_not_say_where_the_site_is(server: Server) -> None:
    request = b"GET / HTTP/1.1\r\nHost: site\r\nSCRIPT_NAME: /elsewhere\r\nConnection: close\r\n\r\n"
    assert server.ask(request).endswith(b"GET 0 ")


def test_a_restart_answers_what_was_asked_among_slow_clients(tmp_path: Path) -> None:
    server = Server(tmp_path)
    answers: list[bytes] = []
    asked = threading.Thread(
        target=lambda: answers.append(server.ask(b"GET /slow HTTP/1.1\r\nHost: site\r\n\r\n"))
    )
    with ExitStack() as clients:
        for _ in range(SLOW_CLIENTS):
            clients.enter_context(server.open(UNFINISHED["headers"]))
        asked.start()
        time.sleep(0.3)  # the request is in its thread, which takes a second
        server.process.send_signal(signal.SIGTERM)
        server.process.wait()
        asked.join()
    assert answers[0].endswith(b"GET 0 ")
