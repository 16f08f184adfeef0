"""The settings that the documents name for the internet have nothing missing; others are told what is."""

import re
from pathlib import Path

import pytest

from imrsite.listening import is_loopback, listening_names, refusal
from tests.importing.sites import ROOT
from tests.views.test_settings import run


def documented() -> dict[str, str]:
    """The settings in the environment file that `deploy/` ships."""
    lines = (ROOT / "deploy" / "imr.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def missing(folder: Path, **variables: str) -> set[str]:
    variables["DJANGO_SETTINGS_MODULE"] = "imrsite.settings"
    done = run(["manage.py", "check", "--deploy"], folder, **variables)
    return set(re.findall(r"\(((?:determinations|security)\.\w+)\)", done.stderr))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def test_the_documented_settings_lack_nothing(folder: Path) -> None:
    given = {name: value for name, value in documented().items() if name != "IMR_DATA_DIR"}
    assert missing(folder, **given, IMR_SECRET_KEY="") == set()


def test_a_closed_site_is_told_what_it_lacks(folder: Path) -> None:
    found = missing(folder, IMR_SIGN_IN_ONLY="1")
    assert found >= {"determinations.W001", "determinations.W003", "security.W008"}
    folder.chmod(0o755)
    # Django 6 opens the database in its checks, and whoever opens that closes the folder.
    assert "determinations.W007" in missing(folder) or not folder.stat().st_mode & 0o077


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "[::]", "192.0.2.1", "imr.example.org"])  # noqa: S104
def test_a_closed_site_does_not_listen_to_a_network_in_the_clear(host: str) -> None:
    assert refusal(host, {"IMR_SIGN_IN_ONLY": "1"})
    assert not refusal(host, {})
    assert not refusal(host, {"IMR_SIGN_IN_ONLY": "yes", "IMR_HTTPS": "1"})
    assert not refusal(host, {"IMR_SIGN_IN_ONLY": "1", "IMR_PLAIN_HTTP": "1"})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.1.2.3"])
def test_this_machine_itself_may_always_ask(host: str) -> None:
    assert is_loopback(host)
    assert not refusal(host, {"IMR_SIGN_IN_ONLY": "1"})


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("10.77.0.1", ["10.77.0.1"]),
        ("2001:db8::1", ["[2001:db8::1]"]),
        ("[2001:db8::1]", ["[2001:db8::1]"]),
        ("0.0.0.0", []),  # noqa: S104
        ("::", []),
        ("", []),
    ],
)
def test_a_load_balancer_may_ask_by_the_address_on_which_the_site_listens(
    host: str, names: list[str]
) -> None:
    assert listening_names(host) == names


def test_this_machines_names_are_no_host_name_of_the_site(folder: Path) -> None:
    assert "determinations.W003" in missing(folder, IMR_SIGN_IN_ONLY="1", HOST="10.77.0.1")


@pytest.mark.parametrize(
    "command", [["manage.py", "serve"], ["-m", "gunicorn", "-c", "imrsite/gunicorn.conf.py"]]
)
def test_neither_way_to_serve_starts(folder: Path, command: list[str]) -> None:
    done = run(command, folder, IMR_SIGN_IN_ONLY="1", HOST="0.0.0.0")  # noqa: S104
    assert done.returncode == 1
    assert "IMR_PLAIN_HTTP" in done.stderr
