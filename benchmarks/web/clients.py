"""Clients that ask one server for pages, each on a connection of its own that is kept open.

They run in a process apart, and tell how much processor time they took from the servers. Every page must
be answered 200: the first that is not ends the run.
"""

import resource
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

_PATIENCE_SECONDS = 900
"""32 clients wait for each other where a page takes seconds of all cores."""


class PageFailedError(Exception):
    """A page was answered with another status than 200, or not at all."""


@dataclass(slots=True)
class Answers:
    """Seconds and bytes of each page; `elapsed` and `cpu` are seconds of all clients together."""

    seconds: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    elapsed: float = 0.0
    cpu: float = 0.0


def page(port: int, path: str) -> bytes:
    """One page. Raises PageFailedError."""
    client = _Client(port)
    try:
        return client.ask(path)
    finally:
        client.close()


def ask(port: int, paths: Sequence[str], clients: int, most: int, seconds: float) -> Answers:
    """Up to `most` pages and none begun after `seconds`, but one for each client and every path as often.

    Raises PageFailedError.
    """
    started = threading.Barrier(clients)
    run = _Run(paths, clients, most, seconds)
    threads = [threading.Thread(target=run.client, args=(port, started)) for _ in range(clients)]
    cpu, begin = _cpu_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if run.failures:
        raise run.failures[0]
    run.answers.elapsed, run.answers.cpu = time.perf_counter() - begin, _cpu_seconds() - cpu
    return run.answers


class _Run:
    """Hands paths out in whole rounds, so that a slow server is asked for the same pages as a fast one."""

    def __init__(self, paths: Sequence[str], clients: int, most: int, seconds: float) -> None:
        self._paths = paths
        self._least = _whole_rounds(clients, paths)
        self._most = max(self._least, _whole_rounds(most, paths))
        self._given = 0
        self._deadline = time.perf_counter() + seconds
        self._lock = threading.Lock()
        self.answers = Answers()
        self.failures: list[PageFailedError] = []

    def client(self, port: int, started: threading.Barrier) -> None:
        client = _Client(port)
        started.wait()
        try:
            while path := self._next_path():
                begin = time.perf_counter()
                content = client.ask(path)
                taken = time.perf_counter() - begin
                with self._lock:
                    self.answers.seconds.append(taken)
                    self.answers.sizes.append(len(content))
        except PageFailedError as failure:
            self.failures.append(failure)
        finally:
            client.close()

    def _next_path(self) -> str | None:
        with self._lock:
            place = self._given % len(self._paths)
            late = place == 0 and self._given >= self._least and time.perf_counter() > self._deadline
            if self.failures or late or self._given >= self._most:
                return None
            self._given += 1
            return self._paths[place]


def _whole_rounds(pages: int, paths: Sequence[str]) -> int:
    return -(-pages // len(paths)) * len(paths)


class _Client:
    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)

    def ask(self, path: str) -> bytes:
        reused = self._connection.sock is not None
        try:
            return self._ask(path)
        except ConnectionError as error:
            self.close()
            if not reused:
                raise PageFailedError(f"{path} was not answered: {error!r}") from None
        try:  # a server may close a connection between two pages
            return self._ask(path)
        except ConnectionError as error:
            raise PageFailedError(f"{path} was not answered twice: {error!r}") from None

    def _ask(self, path: str) -> bytes:
        try:
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            content = answer.read()
        except TimeoutError:
            raise PageFailedError(f"{path} was not answered within {_PATIENCE_SECONDS} seconds") from None
        except HTTPException as error:
            if isinstance(error, ConnectionError):
                raise
            raise PageFailedError(f"{path} was answered in part: {error!r}") from None
        if answer.status != 200:
            start = content[:300].decode(errors="replace")
            raise PageFailedError(f"{path} was answered {answer.status} {answer.reason}: {start}")
        return content

    def close(self) -> None:
        self._connection.close()


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
