"""Who may see the site is set by the environment, and a slip there is refused instead of guessed at."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

NAMES = ("SIGN_IN_ONLY", "ALLOW_CRAWLERS", "CORS_ALLOW_ALL_ORIGINS", "CORS_ALLOWED_ORIGINS")
PRINT = f"""
import json
from imrsite import settings
print(json.dumps([getattr(settings, name) for name in {NAMES}]))
"""
PRINT_MAIL_SERVER = """
import json
from django.core import mail
server = mail.mailers["default"] if hasattr(mail, "mailers") else mail.get_connection()
print(json.dumps([getattr(server, name) for name in "host port username password use_tls use_ssl".split()]))
"""


def run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("IMR_")}
    environment = {**others, "IMR_DATA_DIR": str(folder), "IMR_SECRET_KEY": "only-for-tests", **variables}
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read(folder: Path, **variables: str) -> list[object]:
    printed = run(["-c", PRINT], folder, **variables)
    assert printed.returncode == 0, printed.stderr
    values: list[object] = json.loads(printed.stdout)
    return values


def test_by_default_people_may_look_and_crawlers_and_other_sites_may_not(tmp_path: Path) -> None:
    assert read(tmp_path) == [False, False, False, []]


def test_each_variable_sets_what_it_says(tmp_path: Path) -> None:
    given = {"IMR_SIGN_IN_ONLY": "1", "IMR_ALLOW_CRAWLERS": "yes"}
    origins = "https://firm.example, https://other.example"
    assert read(tmp_path, **given, IMR_API_ORIGINS=origins) == [True, True, False, origins.split(", ")]
    assert read(tmp_path, IMR_SIGN_IN_ONLY="0", IMR_API_ORIGINS="*") == [False, False, True, []]


@pytest.mark.parametrize("rate", ["5000/m", "often", "240 per"])
def test_what_is_no_rate_is_refused(tmp_path: Path, rate: str) -> None:
    refused = run(["-c", PRINT], tmp_path, IMR_SEARCH_RATE=rate)
    assert refused.returncode != 0
    assert "IMR_SEARCH_RATE" in refused.stderr.splitlines()[-1]


@pytest.mark.parametrize("rate", ["", "10/second", "60/minute; 2000/day"])
def test_a_rate_several_and_none_are_taken(tmp_path: Path, rate: str) -> None:
    assert read(tmp_path, IMR_SEARCH_RATE=rate)


def test_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    refused = run(["-c", PRINT], tmp_path, IMR_SIGN_IN_ONLY="ja")
    assert refused.returncode != 0
    assert "IMR_SIGN_IN_ONLY is “ja”" in refused.stderr


def test_an_origin_that_is_none_is_refused(tmp_path: Path) -> None:
    refused = run(["manage.py", "check"], tmp_path, IMR_API_ORIGINS="firm.example")
    assert refused.returncode != 0
    assert "firm.example" in refused.stderr


def test_mail_goes_to_the_server_that_the_variables_name(tmp_path: Path) -> None:
    given = {
        "HOST": "mail.example.org",
        "PORT": "465",
        "USER": "imr",
        "PASSWORD": "secret",
        "SECURITY": "ssl",
    }
    variables = {f"IMR_EMAIL_{name}": value for name, value in given.items()}
    printed = run(["-c", PRINT_MAIL_SERVER], tmp_path, **variables, DJANGO_SETTINGS_MODULE="imrsite.settings")
    assert printed.returncode == 0, printed.stderr
    assert json.loads(printed.stdout) == ["mail.example.org", 465, "imr", "secret", False, True]
