"""`manage.py mcp_server --http`, as an assistant on this machine or behind a proxy reaches it."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from pathlib import Path
from typing import Any

import httpx2
import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult
from pytest_django import Settings

from determinations.assistants.protocol import PATH
from tests.assistants.calling import SITE, text_of
from tests.importing.sites import LONGEST_WAIT_SECONDS, Site

ROOT = Path(site_settings.BASE_DIR)
TOKEN = "invented-token-of-these-tests-only-0123456789"  # noqa: S105
ACCOUNT = "ana"
INITIALIZE: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}

BODY = json.dumps(INITIALIZE).encode()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A data directory with two sample letters and an account; a site for signed-in people only."""
    extra = {
        "IMR_SITE_URL": SITE,
        "IMR_ASSISTANT_TOKEN": TOKEN,
        "IMR_SIGN_IN_ONLY": "1",
        "IMR_API_RATE": "6/minute",
    }
    site = Site(tmp_path_factory.mktemp("site"), extra)
    site.manage("migrate", "--verbosity", "0")
    samples = sorted(Path(site_settings.SAMPLE_LETTERS_DIR).rglob("*.txt"))[:2]
    site.manage("import_letters", *map(str, samples))
    site.manage("createsuperuser", "--noinput", "--username", ACCOUNT, "--email", "ana@example.org")
    return site


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """The address of a server that has counted no call yet."""
    port = free_port()
    arguments = ("mcp_server", "--account", ACCOUNT, "--http", f"127.0.0.1:{port}")
    with subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=site.environment,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
    ) as process:
        try:
            ends = time.monotonic() + LONGEST_WAIT_SECONDS
            while not _listens(port):
                assert process.poll() is None and time.monotonic() < ends
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}{PATH}"
        finally:
            process.terminate()
            process.wait(timeout=60)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def calls(url: str, *asked: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
    """The answers of the SDK's own client."""

    async def talk() -> list[CallToolResult]:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            return [await client.call_tool(name, given) for name, given in asked]

    return async_to_sync(talk)()


def post(url: str, body: bytes, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of an answer to a request with these headers."""
    sent = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data=body, headers=sent)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  (of this machine)
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def test_an_assistant_searches_and_reads_with_the_sdks_own_client(url: str) -> None:
    (found,) = calls(url, ("search", {"page_size": 1}))
    assert found.structured_content["total"] > 0
    (one,) = found.structured_content["items"]
    assert one["item"]["address"].startswith(f"{SITE}/determinations/")
    letter = one["item"]["determination"]
    read, unknown = calls(url, ("determination", {"id": letter}), ("determination", {"id": "CM14-9999999"}))
    assert read.structured_content["determination"]["id"] == letter
    assert unknown.is_error and "No letter" in text_of(unknown)


def test_calls_of_all_connections_count_together(url: str) -> None:
    once = ("search", {"page_size": 1})
    answers = [*calls(url, once, once, once), *calls(url, once, once, once, once)]
    assert [answer.is_error for answer in answers] == [False] * 6 + [True]
    assert "Wait" in text_of(answers[-1])


def test_an_account_that_was_deactivated_meanwhile_reads_nothing_more(site: Site, url: str) -> None:
    once = ("search", {"page_size": 1})
    code = "from django.contrib.auth.models import User; User.objects.update(is_active={})"
    assert not calls(url, once)[0].is_error
    site.manage("shell", "-c", code.format(False))
    try:
        (refused,) = calls(url, once)
    finally:
        site.manage("shell", "-c", code.format(True))
    assert refused.is_error and "no active account" in text_of(refused)


class TestWhoIsRefused:
    def test_without_the_token(self, url: str) -> None:
        for given in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}):
            status, headers, said = post(url, BODY, **given)
            assert (status, headers["WWW-Authenticate"]) == (401, "Bearer")
            assert TOKEN.encode() not in said
        status, _, answer = post(url, BODY, Authorization=f"Bearer {TOKEN}")
        assert status == 200
        assert json.loads(answer)["result"]["serverInfo"]["name"] == "imr-determinations"

    def test_under_another_name_of_this_machine_or_from_another_site(self, url: str) -> None:
        own = {"Authorization": f"Bearer {TOKEN}"}
        assert post(url, BODY, **own, Host="evil.example")[0] == 421
        assert post(url, BODY, **own, Origin="https://evil.example")[0] == 403
        assert post(url, BODY, **own, Host="imr.example.org", Origin=SITE)[0] == 200

    def test_with_a_body_that_is_too_large(self, url: str) -> None:
        status, _, _ = post(url, BODY + b" " * 70_000, Authorization=f"Bearer {TOKEN}")
        assert status == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "token", "said"),
    [
        ("127.0.0.1:8010", "", "IMR_ASSISTANT_TOKEN"),
        ("127.0.0.1:8010", "short", "IMR_ASSISTANT_TOKEN"),
        ("0.0.0.0:8010", TOKEN, "unencrypted"),
        ("imr.example.org:8010", TOKEN, "unencrypted"),
        ("8010", TOKEN, "not an address"),
        ("127.0.0.1:99999", TOKEN, "not an address"),
    ],
)
def test_what_it_does_not_start_with(settings: Settings, address: str, token: str, said: str) -> None:
    settings.ASSISTANT_TOKEN = token
    with pytest.raises(CommandError, match=said):
        call_command("mcp_server", http=address)
