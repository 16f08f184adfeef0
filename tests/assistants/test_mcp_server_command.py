"""`manage.py mcp_server` over real standard input and output, as an assistant's program starts it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult
from pytest_django import Settings

from determinations.management.commands import mcp_server
from imrsite.installation import installing
from tests.assistants.calling import SITE, text_of
from tests.importing.sites import Site

ROOT = Path(site_settings.BASE_DIR)
INITIALIZE: dict[str, Any] = {
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A data directory with two sample letters."""
    site = Site(tmp_path_factory.mktemp("site"), {"IMR_SITE_URL": SITE})
    site.manage("migrate", "--verbosity", "0")
    samples = sorted(Path(site_settings.SAMPLE_LETTERS_DIR).rglob("*.txt"))[:2]
    site.manage("import_letters", *map(str, samples))
    return site


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), "mcp_server", *arguments]


def test_an_assistant_searches_and_reads_over_stdio(site: Site) -> None:
    program, *arguments = command()
    names = (
        "IMR_DATA_DIR",
        "IMR_DATABASE_URL",
        "IMR_SECRET_KEY",
        "IMR_SITE_URL",
        "DJANGO_SETTINGS_MODULE",
    )
    server = StdioServerParameters(
        command=program,
        args=arguments,
        env={name: site.environment[name] for name in names},
        cwd=str(site.folder),
    )

    async def talk() -> tuple[CallToolResult, CallToolResult, CallToolResult]:
        async with Client(server) as client:
            found = await client.call_tool("search", {"page_size": 1})
            (one,) = found.structured_content["items"]
            read = await client.call_tool("determination", {"id": one["item"]["determination"]})
            return found, read, await client.call_tool("determination", {"id": "CM14-9999999"})

    found, read, unknown = async_to_sync(talk)()
    assert found.structured_content["total"] > 0
    (one,) = found.structured_content["items"]
    assert one["item"]["address"].startswith(f"{SITE}/determinations/")
    assert one["item"]["is_invented"] and "invented sample" in text_of(found)
    assert read.structured_content["determination"]["id"] == one["item"]["determination"]
    assert unknown.is_error and "No letter" in text_of(unknown)


def test_standard_output_carries_the_protocol_and_nothing_else(site: Site) -> None:
    """A call that fails is logged, and the log goes to standard error."""
    (site.folder / "index").rename(site.folder / "put-aside")
    messages: list[dict[str, Any]] = [
        INITIALIZE,
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "search", "arguments": {}}},
    ]
    with subprocess.Popen(
        command(),
        env=site.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        answers = []
        for message in messages:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
            process.stdin.flush()
            if "id" in message:
                answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        rest, log = process.stdout.read(), process.stderr.read().decode()
        assert process.wait(timeout=60) == 0
    (site.folder / "put-aside").rename(site.folder / "index")
    assert [answer["id"] for answer in answers] == [1, 2]
    assert answers[1]["result"]["isError"]
    assert rest == b""
    assert "Search is unavailable" in log and "Traceback" not in log


def test_the_documented_line_of_authorized_keys_starts_it(site: Site, tmp_path: Path) -> None:
    """As the shell of a login over SSH runs it, with the settings of deploy/imr.env."""
    site.manage("createsuperuser", "--noinput", "--username", "ana", "--email", "ana@example.org")
    settings = (ROOT / "deploy" / "imr.env").read_text(encoding="utf-8")
    own = f"IMR_DATABASE_URL={site.environment['IMR_DATABASE_URL']}\n"
    (tmp_path / "imr.env").write_text(
        settings.replace("/var/lib/imr", str(site.folder)) + own, encoding="utf-8"
    )
    (line,) = re.findall(r'command="([^"]+)"', (ROOT / "docs" / "api.md").read_text(encoding="utf-8"))
    for documented, here in (
        ("/etc/imr", str(tmp_path)),
        ("/opt/imr", str(ROOT)),
        (".venv/bin/python", sys.executable),
    ):
        assert documented in line
        line = line.replace(documented, here)
    done = subprocess.run(
        ["sh", "-c", line],
        env={"PATH": os.environ["PATH"]},
        input=json.dumps({"jsonrpc": "2.0", **INITIALIZE}).encode() + b"\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["result"]["serverInfo"]["name"] == "imr-determinations"


def refused(site: Site, *arguments: str, **extra: str) -> str:
    """What the command says to standard error when it refuses to start; standard output stays empty."""
    done = subprocess.run(
        command(*arguments),
        env={**site.environment, **extra},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    return done.stderr.decode()


def test_it_starts_only_with_an_account_that_may_read_the_site(site: Site) -> None:
    assert "--account" in refused(site, IMR_SIGN_IN_ONLY="1")
    assert "no active account “nobody”" in refused(site, "--account", "nobody")


def test_it_starts_only_on_a_database_of_this_version(tmp_path: Path) -> None:
    empty = Site(tmp_path, {"IMR_SITE_URL": SITE})
    assert "migrate" in refused(empty)


@pytest.mark.django_db
class TestWhatIsMissing:
    def test_without_the_extra_it_says_how_to_install_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mcp_server, "SDK", "no_such_package")
        with pytest.raises(CommandError, match=r"requirements/assistants\.txt") as said:
            call_command("mcp_server")
        assert "\n" not in str(said.value)
        assert (ROOT / installing("assistants").split()[-1]).is_file()

    def test_without_the_sites_address_it_names_the_setting(self, settings: Settings) -> None:
        settings.SITE_URL = ""
        with pytest.raises(CommandError, match="IMR_SITE_URL"):
            call_command("mcp_server")
