"""Which database the site uses is said by a URL; what is wrong with it is told without a traceback."""

import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from imrsite import database
from imrsite.database import database_settings, settings_of
from tests.views.test_settings import run

URL = "postgresql://imr@db.example.org/imr"
WITHOUT_PSYCOPG = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "psycopg" else find(name, *rest)
sys.argv = ["manage.py", "serve"]
runpy.run_path("manage.py", run_name="__main__")
"""


def options(url: str = URL, **variables: str) -> dict[str, Any]:
    found: dict[str, Any] = settings_of(url, variables)["OPTIONS"]
    return found


def test_without_a_url_rows_are_in_the_data_directory(tmp_path: Path) -> None:
    found = database_settings({}, tmp_path)
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", str(tmp_path / "imr.sqlite3"))


def test_connections_are_kept_and_checked_unless_they_are_shared() -> None:
    kept, shared = settings_of(URL, {}), settings_of(URL, {"IMR_DATABASE_POOL": "6"})
    assert kept["CONN_MAX_AGE"] > 0 and kept["CONN_HEALTH_CHECKS"] and "pool" not in kept["OPTIONS"]
    assert shared["CONN_MAX_AGE"] == 0 and shared["OPTIONS"]["pool"]["max_size"] == 6


def test_waiting_and_statements_are_limited() -> None:
    given = options(IMR_DATABASE_WAIT_SECONDS="2", IMR_DATABASE_STATEMENT_SECONDS="0.5")["options"]
    assert "lock_timeout=2000" in given and "statement_timeout=500" in given
    assert "statement_timeout=0" in options()["options"]
    assert "-c tcp_keepalives_idle=30" in options()["options"]


def test_what_the_url_says_wins() -> None:
    found = options(f"{URL}?sslmode=verify-full&connect_timeout=9&options=-c%20work_mem%3D64MB")
    assert (found["sslmode"], int(found["connect_timeout"])) == ("verify-full", 9)
    assert found["options"].endswith("-c work_mem=64MB")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://imr:p%2C%40@db-1:5433,db-2/imr?sslmode=require",
        "postgresql://imr:p%2C%40@/imr?host=db-1,db-2&port=5433,&sslmode=require",
    ],
)
def test_of_several_servers_the_one_that_takes_changes_is_used(url: str) -> None:
    found = settings_of(url, {})
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("imr", "p,@", "", "")
    given = found["OPTIONS"]
    assert (given["host"], given["port"], given["sslmode"]) == ("db-1,db-2", "5433,", "require")
    assert given["target_session_attrs"] == "read-write"
    assert options(f"{url}&target_session_attrs=any")["target_session_attrs"] == "any"
    assert "target_session_attrs" not in options()


@pytest.mark.parametrize("url", ["nothing", "mongodb://x/y", "postgresql://u:secret@[bad/imr", "://"])
def test_what_is_no_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="IMR_DATABASE_URL") as refused:
        settings_of(url, {})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("name", ["WAIT_SECONDS", "STATEMENT_SECONDS", "POOL"])
@pytest.mark.parametrize("given", ["soon", "-1", "nan", "inf"])
def test_what_is_no_number_is_refused(name: str, given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        options(**{f"IMR_DATABASE_{name}": given})


def refused(command: list[str], folder: Path, url: str) -> str:
    """What a command writes that fails."""
    done = run(
        command, folder, IMR_DATABASE_URL=url, PORT=free_port(), DJANGO_SETTINGS_MODULE="imrsite.settings"
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr and "secret" not in done.stderr
    return done.stderr


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_without_the_driver_a_command_names_what_to_install(tmp_path: Path) -> None:
    assert "requirements/postgresql.txt" in refused(["-c", WITHOUT_PSYCOPG], tmp_path, URL)
    assert Path(database.__file__).parents[1].joinpath("requirements", "postgresql.txt").exists()


@pytest.mark.parametrize(
    "command", ["serve", "migrate", "process_imports", "check_index", "backup DEST", "restore SRC"]
)
def test_a_server_that_does_not_answer_is_told_in_words(tmp_path: Path, command: str) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and never listens
        url = f"postgresql://imr:secret@127.0.0.1:{nobody.getsockname()[1]}/imr"
        said = refused(["manage.py", *command.split()], tmp_path, url)
    assert "does not respond" in said and "IMR_DATABASE_URL" in said
