"""Ports of this machine for servers that come and go."""

import socket
from random import SystemRandom

_LEAST, _MOST = 21_000, 31_000
"""Below those of outgoing connections, one of which could take the port of a server that is down."""


def free_port(more: int = 0) -> int:
    """A port that nobody has now, as are so many after it."""
    random = SystemRandom()
    while True:
        port = random.randrange(_LEAST, _MOST)
        if all(_is_free(port + place) for place in range(more + 1)):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
