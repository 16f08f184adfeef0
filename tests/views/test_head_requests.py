"""HEAD as gunicorn sees it: the headers of GET and no byte behind them. Django's test client hides bodies."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]


def asked(method: str, path: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body that the application hands to its server."""
    started: list[tuple[str, dict[str, str]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], *others: Any
    ) -> Callable[[bytes], object]:
        started.append((status, dict(headers)))
        return lambda written: None

    body = b"".join(WSGIHandler()(RequestFactory().generic(method, path).environ, start_response))
    ((status, headers),) = started
    return status, headers, body


@pytest.mark.parametrize(
    "path",
    [
        "/help/",
        "/nowhere/",
        "/folder/notes/",
        "/api/search?q=norco",
        "/api/determinations/CM16-0000300",
        "/api/nothing",
        "/search.csv?q=norco",
        "/statistics/letters.csv",
        "/statistics/letters.svg",
        "/statistics/compare/service.csv?value=opioids&value=injections",
        "/determinations/CM16-0000300/original/download/",
    ],
)
def test_head_has_the_headers_of_get_and_no_body(path: str) -> None:
    status, headers, body = asked("GET", path)
    assert body
    got_status, got_headers, got_body = asked("HEAD", path)
    assert got_body == b""
    assert got_status == status
    for name in ("Content-Type", "Content-Length", "ETag", "Content-Disposition"):
        assert got_headers.get(name) == headers.get(name)
