"""A node that answers as a test wants: never, in drops, after it closed the connection, with an error."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Answering = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One call: what was asked, and the connection to answer on."""

    head: bytes
    handler: socketserver.StreamRequestHandler
    node: "FalseNode"

    def answer(self, body: object, status: int = 200) -> None:
        content = json.dumps(body).encode()
        self.send(b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n" % (status, len(content)) + content)

    def send(self, content: bytes) -> None:
        self.handler.wfile.write(content)
        self.handler.wfile.flush()

    def wait(self) -> None:
        """Until the test is over."""
        self.node.over.wait(60)


@dataclass
class FalseNode:
    """`asked`: the calls that came so far, head and all."""

    url: str = ""
    asked: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def false_node(answering: Answering, tls: Any = None) -> Iterator[FalseNode]:
    """A node on this machine; `tls` is the SSL context of its side."""
    node = FalseNode()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while head := self._head():
                node.asked.append(head)
                try:
                    answering(Exchange(head, self, node))
                except ConnectionError:
                    return
                if node.over.is_set():
                    return

        def _head(self) -> bytes:
            head = b""
            while line := self.rfile.readline():
                head += line
                if line == b"\r\n":
                    break
            length = next(
                (
                    int(one.split(b":")[1])
                    for one in head.split(b"\r\n")
                    if one.lower().startswith(b"content-l")
                ),
                0,
            )
            return head + self.rfile.read(length)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def get_request(self) -> tuple[Any, Any]:
            connection, address = super().get_request()
            return (tls.wrap_socket(connection, server_side=True) if tls else connection), address

        def handle_error(self, request: object, client_address: object) -> None:
            """The other side closed the connection, as tests want it to."""

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "https" if tls else "http"
        node.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield node
        finally:
            node.over.set()
            server.shutdown()
            thread.join()


def closed_port() -> str:
    """An address at which nobody listens."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_address[1]}"
