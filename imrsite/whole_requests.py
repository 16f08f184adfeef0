"""gunicorn's thread worker, which gives a thread only to a request that has arrived.

gunicorn's own worker reads a request in a thread and waits as long as the client likes, so a few slow
clients stop the site. Here the worker's event loop collects the headers and a body of up to LARGEST_KEPT_BODY
bytes, within SECONDS_FOR_A_REQUEST. Only an upload of letters has a larger body. A thread reads it, after the
site has refused it where nobody is signed in, and gives up on a client that is too slow. The same holds for a
client that does not read its answer.

When there are too many connections, or they keep too much memory, the one that waits longest is closed.
It depends on `enqueue_req`, the one method through which gunicorn gives any connection to a thread, and on
`murder_pending`, which it calls at least once a second; the version of gunicorn is pinned.
"""

import errno
import re
import selectors
import socket
import struct
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

SECONDS_FOR_A_REQUEST = 15.0
SECONDS_FOR_A_PAUSE = 20
SLOWEST_BYTES_PER_SECOND = 2_000
"""Of a body too large to be kept in memory, on average."""

SECONDS_TO_LINGER = 2.0
SECONDS_TO_STOP = 2.0
"""How long a stopping worker waits for the rest of a request."""

LARGEST_HEADERS = 64 * 1024
LARGEST_KEPT_BODY = 2_621_440  # Django's DATA_UPLOAD_MAX_MEMORY_SIZE: no form is larger
LARGEST_KEPT_TOTAL = 64 * 1024 * 1024
_BYTES_AT_A_TIME = 64 * 1024

_END_OF_HEADERS = b"\r\n\r\n"
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*(?=\r\n)", re.IGNORECASE)
_CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_AWAITS_LEAVE = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)


class Connection(TConn):
    """A client's connection. A last answer is followed by a short wait for the client, in the event loop."""

    parser: Any

    def __init__(
        self, worker: "WholeRequestWorker", client: socket.socket, address: Any, server: Any
    ) -> None:
        super().__init__(worker.cfg, client, address, server)
        self._worker = worker
        pause = struct.pack("@ll", SECONDS_FOR_A_PAUSE, 0)
        for limit in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self.sock.setsockopt(socket.SOL_SOCKET, limit, pause)

    def init(self) -> None:
        begun = self.initialized
        super().init()
        if not begun:
            self.parser.unreader = _LimitedUnreader(self.sock)

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self._worker.linger(self)
        else:
            super().close()


class _LimitedUnreader(SocketUnreader):
    """Reads the rest of a large body in a thread, and gives up on a client that is too slow."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.begin()

    def begin(self) -> None:
        """A new request begins."""
        self._since, self._bytes = time.monotonic(), 0

    def chunk(self, size_hint: int | None = None) -> bytes:
        try:
            data = super().chunk(size_hint)  # type: ignore[call-arg]  # the stubs are of an older gunicorn
        except BlockingIOError:
            raise ConnectionResetError(errno.ECONNRESET, "The client paused for too long.") from None
        self._bytes += len(data)
        seconds = time.monotonic() - self._since
        if seconds > SECONDS_FOR_A_PAUSE and self._bytes < seconds * SLOWEST_BYTES_PER_SECOND:
            raise ConnectionResetError(errno.ECONNRESET, "The client sends too slowly.")
        return data


@dataclass(slots=True)
class _Waiting:
    """What has arrived of a request. `whole` is its length in bytes once the headers are there."""

    until: float
    data: bytearray = field(default_factory=bytearray)
    whole: int | None = None
    read_up_to: int = 0


class WholeRequestWorker(ThreadWorker):
    """See the module."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: OrderedDict[Connection, _Waiting] = OrderedDict()
        self._lingering: OrderedDict[Connection, float] = OrderedDict()
        self._kept = 0

    def accept(self, listener: socket.socket) -> None:
        """Takes a connection; where there are too many, it takes the place of the one that waits longest."""
        if self.nr_conns + len(self._lingering) >= self.worker_connections - 1:
            if self._lingering:
                self._end_lingering(next(iter(self._lingering)))
            elif self._waiting:
                self._drop(next(iter(self._waiting)))
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE) and self._waiting:
                self._drop(next(iter(self._waiting)))
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self, client, address, listener.getsockname()))

    def enqueue_req(self, conn: Connection) -> None:  # type: ignore[override]  # accept makes no others
        """Collects the connection's next request first. Bytes read ahead of it are in the parser."""
        waiting = _Waiting(time.monotonic() + SECONDS_FOR_A_REQUEST)
        conn.sock.setblocking(False)
        if conn.initialized:
            waiting.data += conn.parser.unreader.take_buffered()
        self._waiting[conn] = waiting
        self._kept += len(waiting.data)
        self.poller.register(conn.sock, selectors.EVENT_READ, lambda _: self._read(conn))
        if waiting.data:
            self._look(conn)

    def linger(self, conn: Connection) -> None:
        """Closes after the client has: an answer whose request was not read to its end would be lost."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, lambda _: self._drain(conn))
        except (OSError, KeyError, ValueError):
            TConn.close(conn)
        else:
            self._lingering[conn] = time.monotonic() + SECONDS_TO_LINGER

    def murder_pending(self) -> None:
        """Ends what has waited too long."""
        super().murder_pending()
        now = time.monotonic()
        grace = 0.0 if self.alive else SECONDS_FOR_A_REQUEST - SECONDS_TO_STOP
        for conn, waiting in [*self._waiting.items()]:
            if waiting.until - grace > now:
                break
            self._drop(conn)
        for conn, until in [*self._lingering.items()]:
            if until > now:
                break
            self._end_lingering(conn)

    def _keepalive_after(self, conn: Connection, keepalive: Any) -> bool:
        """Only what has arrived is read of a body that its view left: no thread waits for the rest."""
        return _is_read(conn) and super()._keepalive_after(conn, keepalive)  # type: ignore[misc]  # as above

    def _read(self, conn: Connection) -> None:
        waiting = self._waiting[conn]
        data = _received(conn)
        if data is None:
            return
        if not data:
            self._drop(conn, silently=True)
            return
        waiting.data += data
        self._kept += len(data)
        self._look(conn)
        while self._kept > LARGEST_KEPT_TOTAL and self._waiting:
            self._drop(next(iter(self._waiting)))

    def _look(self, conn: Connection) -> None:
        """Hands the request to a thread if it is there, and answers here if no thread should see it."""
        waiting = self._waiting[conn]
        if waiting.whole is None:
            end = waiting.data.find(_END_OF_HEADERS, max(0, waiting.read_up_to - 3))
            waiting.read_up_to = len(waiting.data)
            if end < 0:
                if len(waiting.data) > LARGEST_HEADERS:
                    self._drop(conn, "431 Request Header Fields Too Large")
                return
            headers = bytes(waiting.data[: end + 2])
            if _CODED.search(headers):
                self._drop(conn, "411 Length Required")
                return
            length = max((int(digits) for digits in _CONTENT_LENGTH.findall(headers)), default=0)
            waiting.whole = end + len(_END_OF_HEADERS) + (length if length <= LARGEST_KEPT_BODY else 0)
            if len(waiting.data) < waiting.whole and _AWAITS_LEAVE.search(headers):
                with suppress(OSError):
                    conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if len(waiting.data) >= waiting.whole:
            self._forget(conn)
            conn.data_ready = True
            conn.init()
            conn.parser.unreader.begin()
            conn.parser.unreader.unread(bytes(waiting.data))
            super().enqueue_req(conn)

    def _drop(self, conn: Connection, status: str = "408 Request Timeout", *, silently: bool = False) -> None:
        begun = bool(self._waiting[conn].data)
        self._forget(conn)
        self.nr_conns -= 1
        if begun and not silently:
            answer = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            with suppress(OSError):
                conn.sock.send(answer.encode())
            conn.close(graceful=True)
        else:
            conn.close()

    def _forget(self, conn: Connection) -> None:
        self._kept -= len(self._waiting.pop(conn).data)
        self.poller.unregister(conn.sock)

    def _drain(self, conn: Connection) -> None:
        if _received(conn) == b"":
            self._end_lingering(conn)

    def _end_lingering(self, conn: Connection) -> None:
        del self._lingering[conn]
        self.poller.unregister(conn.sock)
        TConn.close(conn)


def _received(conn: Connection) -> bytes | None:
    """What has arrived; None for nothing yet, and no bytes where the client is gone."""
    try:
        return conn.sock.recv(_BYTES_AT_A_TIME)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _is_read(conn: Connection) -> bool:
    """Whether the last request's body was read to its end or is in memory."""
    request = conn.parser.mesg
    length = next((int(value) for name, value in request.headers if name == "CONTENT-LENGTH"), 0)
    return length <= LARGEST_KEPT_BODY or request.body.reader.length == 0
