"""HTTP to the nodes of a cluster: kept connections, limits of time, a breaker, TLS and passwords.

A call that no node answers in time fails with EngineAwayError. After one that no node took, or several that
were not answered in time, calls fail at once for REST_SECONDS; then one call tries again, while all others
still fail. Needs the standard library alone.
"""

import http.client
import io
import json
import os
import secrets
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from determinations.search.interface import SearchUnavailableError

PAGE_SECONDS = 2.0
"""How long a call for a page may take, all nodes together."""
WORK_SECONDS = 600.0
"""How long a call may take that writes, merges or copies."""
REST_SECONDS = 2.0
SLOW_CALLS = 3
"""So many calls in succession that were not answered in time: one may be a question that is too wide."""

_PORT = 9200

Body = dict[str, Any]


class EngineAwayError(SearchUnavailableError):
    """No node answers in time. Visitors see the message, the log the address and the cause as well."""

    def __init__(self, note: str) -> None:
        super().__init__("The search engine does not answer at the moment. Try again in a minute.")
        self.add_note(note)


class RefusedError(SearchUnavailableError):
    """The cluster answered with an error: its HTTP status and the name that it gives the error."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__("The search engine could not do what was asked of it.")
        self.add_note(f"It answered {status} {kind}: {reason}")
        self.status = status
        self.kind = kind
        self.reason = reason


def refused(status: int, answer: object) -> RefusedError:
    error = answer.get("error") if isinstance(answer, dict) else answer
    if not isinstance(error, dict):
        return RefusedError(status, "", str(error)[:500])
    causes = error.get("failed_shards") or ()
    inner: Body = next((one["reason"] for one in causes if isinstance(one.get("reason"), dict)), {})
    deepest = (inner.get("caused_by") or inner).get("reason") or ""
    reason = f"{error.get('reason')} {deepest}".strip()
    return RefusedError(status, str(error.get("type", "")), reason[:500])


@dataclass(frozen=True)
class Access:
    """Where the nodes are and who asks. `urls`: http or https, without a user or a password in them."""

    urls: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError; the message names no password."""
        for url in self.urls:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("the address of a search node begins with http:// or https://")
            if "@" in parts.netloc:
                raise ValueError("a user and a password do not belong in the address of a search node")
            if parts.scheme == "http" and self.password:
                raise ValueError("a password is sent to a search node by https only")
        if not self.urls:
            raise ValueError("no address of a search node is given")


class Cluster:
    """Calls that any node may answer. Threads may share one; a connection belongs to one thread."""

    def __init__(
        self, access: Access, page_seconds: float = PAGE_SECONDS, rest_seconds: float = REST_SECONDS
    ) -> None:
        self._access = access
        self._page_seconds = page_seconds
        self._breaker = _Breaker(rest_seconds)
        self._local = threading.local()
        self._first = 0
        self._tls = (
            ssl.create_default_context(cafile=access.ca_file or None)
            if any(url.startswith("https:") for url in access.urls)
            else None
        )

    @property
    def hosts(self) -> str:
        """The nodes, in whatever order they were given."""
        return ", ".join(sorted(urlsplit(url).netloc for url in self._access.urls))

    def call(self, method: str, path: str, body: Body | None = None, seconds: float = 0.0) -> Body:
        """What the cluster answers. Raises EngineAwayError, or RefusedError for a status of 400 and more."""
        content = None if body is None else json.dumps(body).encode()
        status, answer = self._answer(method, path, content, "application/json", seconds)
        if status >= http.HTTPStatus.BAD_REQUEST:
            raise refused(status, answer)
        return answer

    def lines(self, path: str, lines: Iterable[Body], seconds: float = 0.0) -> Body:
        """The same for the calls whose body is a list of lines: several searches, several documents."""
        content = "".join(f"{json.dumps(line)}\n" for line in lines).encode()
        status, answer = self._answer("POST", path, content, "application/x-ndjson", seconds)
        if status >= http.HTTPStatus.BAD_REQUEST:
            raise refused(status, answer)
        return answer

    def searches(self, several: Sequence[tuple[str, Body]], seconds: float = 0.0) -> list[Body]:
        """The answers to several searches, each of an index, in one round trip; `checked` tells errors."""
        # The cluster, too, gives up what nobody waits for any more.
        timeout = {"timeout": f"{(seconds or self._page_seconds) * 1000:.0f}ms"}
        # All of them of the same copies of the shards, which show a change one after the other.
        copies = {"preference": secrets.token_hex(4)}
        headers_and_bodies = (
            line for index, body in several for line in ({"index": index, **copies}, body | timeout)
        )
        answers: list[Body] = self.lines("/_msearch", headers_and_bodies, seconds)["responses"]
        return answers

    def _answer(
        self, method: str, path: str, content: bytes | None, kind: str, seconds: float
    ) -> tuple[int, Body]:
        self._breaker.enter()
        deadline = monotonic() + (seconds or self._page_seconds)
        causes: list[str] = []
        urls = self._access.urls
        for place in range(len(urls)):
            number = (self._first + place) % len(urls)
            try:
                answer = self._asked(urls[number], method, path, content, kind, deadline)
            except (OSError, http.client.HTTPException) as error:
                causes.append(f"{urls[number]}: {type(error).__name__} {error}")
                if monotonic() >= deadline:
                    break
            else:
                self._first = number
                self._breaker.close()
                return answer
        self._breaker.failed(is_slow=monotonic() >= deadline)
        raise EngineAwayError("; ".join(causes))

    def _asked(
        self, url: str, method: str, path: str, content: bytes | None, kind: str, deadline: float
    ) -> tuple[int, Body]:
        connection, is_kept = self._connection(url)
        try:
            return self._exchanged(connection, url, method, path, content, kind, deadline)
        except (ConnectionError, http.client.RemoteDisconnected, http.client.CannotSendRequest):
            self._drop(url)
            if not is_kept:
                raise
            # The node closed a connection that was kept: that says nothing about the node.
            connection, _ = self._connection(url)
            try:
                return self._exchanged(connection, url, method, path, content, kind, deadline)
            except BaseException:
                self._drop(url)
                raise
        except BaseException:
            self._drop(url)
            raise

    def _exchanged(
        self,
        connection: http.client.HTTPConnection,
        url: str,
        method: str,
        path: str,
        content: bytes | None,
        kind: str,
        deadline: float,
    ) -> tuple[int, Body]:
        headers = {"Accept": "application/json"}
        if content is not None:
            headers["Content-Type"] = kind
        if self._access.user:
            secret = b64encode(f"{self._access.user}:{self._access.password}".encode()).decode()
            headers["Authorization"] = f"Basic {secret}"
        connection.timeout = _left(deadline)
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(_left(deadline))
        connection.response_class = partial(_TimedResponse, deadline=deadline)  # type: ignore[assignment]
        connection.request(method, urlsplit(url).path.rstrip("/") + path, content, headers)
        response = connection.getresponse()
        text = response.read()
        try:
            return response.status, json.loads(text) if text else {}
        except ValueError:
            return response.status, {"error": text[:200].decode(errors="replace")}

    def _connection(self, url: str) -> tuple[http.client.HTTPConnection, bool]:
        """This thread's connection to a node, and whether it was used before."""
        if getattr(self._local, "process", None) != os.getpid():
            # A process that was forked must not write into the sockets of its parent.
            self._local.process, self._local.connections = os.getpid(), {}
        connections: dict[str, http.client.HTTPConnection] = self._local.connections
        if url in connections:
            return connections[url], True
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORT
        connections[url] = (
            http.client.HTTPSConnection(host, port, context=self._tls)
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, port)
        )
        return connections[url], False

    def _drop(self, url: str) -> None:
        connection = self._local.connections.pop(url, None)
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Close the connections of this thread; the next call opens them anew."""
        if getattr(self._local, "process", None) == os.getpid():
            for url in list(self._local.connections):
                self._drop(url)


class _TimedResponse(http.client.HTTPResponse):
    """A response that has to be read whole before a deadline, however slowly it comes."""

    def __init__(self, sock: socket.socket, *args: Any, deadline: float, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp, deadline))


class _TimedReader(io.RawIOBase):
    """What a socket gives; `file` is the one that keeps it open."""

    def __init__(self, sock: socket.socket, file: io.BufferedReader, deadline: float) -> None:
        self._sock = sock
        self._file = file
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._deadline))
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Breaker:
    """Refuses calls for a while after some that no node answered."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._slow_calls = 0
        self._is_open = False
        self._next_try = 0.0

    def enter(self) -> None:
        """Raises EngineAwayError where no call is made now."""
        if not self._is_open:
            return
        with self._lock:
            if self._is_open and monotonic() < self._next_try:
                raise EngineAwayError("No node answered a moment ago.")
            self._next_try = monotonic() + self._seconds  # this call tries; others wait for what it finds

    def failed(self, *, is_slow: bool) -> None:
        with self._lock:
            self._slow_calls += is_slow
            if self._is_open or not is_slow or self._slow_calls >= SLOW_CALLS:
                self._is_open, self._next_try = True, monotonic() + self._seconds

    def close(self) -> None:
        if self._is_open or self._slow_calls:
            with self._lock:
                self._is_open, self._slow_calls = False, 0


def _left(deadline: float) -> float:
    """Seconds that are left of a call. Raises TimeoutError."""
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError("the time for this call is over")
    return left


def checked(answer: Body) -> Body:
    """Raises RefusedError for an error, EngineAwayError where some shards did not answer: a part of the hits
    is no answer.
    """
    if "error" in answer:
        raise refused(int(answer.get("status", 0)), answer)
    shards = answer.get("_shards", {})
    if answer.get("timed_out") or shards.get("failed"):
        raise EngineAwayError(f"{shards.get('failed')} of {shards.get('total')} shards did not answer")
    return answer
