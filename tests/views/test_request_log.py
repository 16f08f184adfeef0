"""The access log, request ids, and what neither of them may hold."""

import io
import json
import logging
import logging.config

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from determinations.request_log import HEADER, MOST_CHARACTERS
from determinations.research.saved_searches import save
from determinations.search.engines import search_engine
from imrsite.logs import logging_settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]

ACCESS = "determinations.access"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, settings: Settings) -> pytest.LogCaptureFixture:
    settings.ACCESS_LOG = "paths"
    caplog.set_level(logging.INFO, ACCESS)
    return caplog


def access(lines: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in lines.records if record.name == ACCESS]


def test_a_request_has_one_line_without_its_words(client: Client, lines: pytest.LogCaptureFixture) -> None:
    client.get("/?q=norco")
    (line,) = access(lines)
    assert line.startswith("GET / 200 ")
    assert "norco" not in line


def test_words_are_logged_where_a_setting_says_so(
    client: Client, settings: Settings, lines: pytest.LogCaptureFixture
) -> None:
    settings.ACCESS_LOG = "words"
    client.get("/?q=norco")
    assert "GET /?q=norco 200" in access(lines)[0]
    settings.ACCESS_LOG = "off"
    client.get("/")
    assert len(access(lines)) == 1


def test_a_secret_address_is_not_logged(client: Client, lines: pytest.LogCaptureFixture) -> None:
    ana = User.objects.create_user("ana")
    token = save(ana, "Blocks", "q=block", search_engine()).saved.feed_token
    assert client.get(f"/feeds/{token}.atom").status_code == 200
    (line,) = access(lines)
    assert token not in line
    assert "feeds" in line


def test_a_path_writes_one_line_of_bounded_length(client: Client, lines: pytest.LogCaptureFixture) -> None:
    client.get("/nothing%0AERROR%20forged/" + "a" * 2000)
    (line,) = access(lines)
    assert "\n" not in line
    assert len(line) < MOST_CHARACTERS + 50


@pytest.mark.parametrize("address", ["/health/", "/health/live", "/health/ready", "/metrics"])
def test_checks_of_the_health_are_not_logged(
    client: Client, lines: pytest.LogCaptureFixture, address: str
) -> None:
    client.get(address)
    assert access(lines) == []


@pytest.mark.parametrize("address", ["/", "/nothing/", "/static/determinations/site.css", "/api/search"])
def test_every_answer_has_an_id_of_its_own(client: Client, address: str) -> None:
    one, other = (client.get(address) for _ in range(2))
    one.close()
    other.close()
    assert one[HEADER] != other[HEADER]


def test_only_a_proxy_of_the_site_gives_an_id(client: Client, settings: Settings) -> None:
    given = {"x-request-id": "from-a-visitor-1"}
    assert client.get("/about/", headers=given)[HEADER] != "from-a-visitor-1"
    settings.PROXIES = 1
    assert client.get("/about/", headers=given)[HEADER] == "from-a-visitor-1"
    for bad in ("short", "a" * 65, "with space", "a\u00e9aaaaaaaa"):
        assert client.get("/about/", headers={"x-request-id": bad})[HEADER] != bad


def test_json_has_the_fields_of_a_request(client: Client, settings: Settings) -> None:
    settings.ACCESS_LOG = "paths"
    written = io.StringIO()
    configured = logging_settings("json")
    configured["handlers"]["console"]["stream"] = written
    formatters = logging.config.DictConfigurator(configured)
    formatters.configure()
    try:
        response = client.get("/about/")
        logging.getLogger("determinations.other").warning("two\nlines")
    finally:
        logging.config.dictConfig(settings.LOGGING)
    entry, other = map(json.loads, written.getvalue().splitlines())
    assert entry["request_id"] == response[HEADER]
    assert (entry["method"], entry["path"], entry["status"], entry["level"]) == (
        "GET",
        "/about/",
        200,
        "INFO",
    )
    assert other["message"] == "two\nlines"
