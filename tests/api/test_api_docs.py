"""docs/api.md and the page /api/ say what the API does: their examples are run."""

import io
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.conf import settings
from django.test import Client

from determinations.api.parameters import search_parameters
from determinations.api.problems import KINDS
from determinations.importing.reading_pool import ReadingPool
from determinations.models import FileResult
from tests.api.calling import problem, search, validator
from tests.importing.running import imported
from tests.views.html import Page
from tests.views.library import Letter, add, index

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
DOCS = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = [(kind, text) for kind, text in re.findall(r"```(\w+)\n(.*?)```", DOCS, re.DOTALL)]


@pytest.fixture
def samples(data_folders: None, db: None) -> None:
    """The sample letters, as `make run` loads them."""
    with ReadingPool(processes=2) as pool:
        batch = imported([Path(settings.SAMPLE_LETTERS_DIR)], pool)
    assert batch.files.filter(result=FileResult.NEW).count() == batch.files.count() > 100


@pytest.fixture
def documented_letter(library: None) -> None:
    """A letter with the number of the one that the examples name."""
    add(Letter("CM15-9000052"))
    index()


@dataclass
class Curl:
    """One call as curl would send it."""

    address: str = ""
    method: str = "get"
    follow: bool = False
    in_query: bool = False
    data: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, line: str) -> "Curl":
        call, words = cls(), iter(shlex.split(line))
        assert next(words) == "curl"
        for word in words:
            match word:
                case "--data-urlencode":
                    name, _, value = next(words).partition("=")
                    call.data.append(f"{name}={quote_plus(value)}")
                case "-d":
                    call.data.append(next(words))
                case "-u":
                    next(words)
                case _ if re.fullmatch("-[sGIL]+", word):
                    call.method = "head" if "I" in word else call.method
                    call.follow = call.follow or "L" in word
                    call.in_query = call.in_query or "G" in word
                case _:
                    assert word.startswith(SITE), f"the test does not know what {word} does"
                    call.address = word.removeprefix(SITE)
        assert call.in_query or not call.data, "without -G curl would send a POST"
        return call

    def send(self, client: Client) -> Any:
        address = f"{self.address}?{'&'.join(self.data)}" if self.data else self.address
        return getattr(client, self.method)(address, follow=self.follow)


def shown_calls() -> Iterator[tuple[str, str | None]]:
    """Each call with the JSON shown behind it, if any is."""
    for at, (kind, text) in enumerate(BLOCKS):
        if kind == "console":
            shown = BLOCKS[at + 1] if at + 1 < len(BLOCKS) else ("", "")
            yield text.strip().removeprefix("$ "), shown[1] if shown[0] == "json" else None


EXAMPLES = list(shown_calls())


def assert_shown(shown: Any, real: Any, where: str) -> None:
    """Every name shown is there with the value shown; "…" stands for any text, and scores may change."""
    if isinstance(shown, dict):
        assert shown.keys() <= real.keys(), where
        for name, value in shown.items():
            assert_shown(value, real[name], f"{where}.{name}")
    elif isinstance(shown, list):
        assert isinstance(real, list), where
        for at, value in enumerate(shown):
            assert_shown(value, real[at], f"{where}[{at}]")
    elif shown == "…":
        assert isinstance(real, str) and real, where
    elif where.endswith(".score"):
        assert isinstance(real, float), where
    else:
        assert shown == real, where


@pytest.mark.usefixtures("samples")
def test_the_documents_calls_answer_what_it_shows(client: Client) -> None:
    """All in one test: importing the samples takes a while."""
    for call, shown in EXAMPLES:
        response = Curl.of(call).send(client)
        assert response.status_code == (400 if shown and '"errors"' in shown else 200), call
        if shown:
            assert_shown(json.loads(shown), response.json(), call)


def test_there_are_calls_to_run() -> None:
    assert len(EXAMPLES) == 5
    assert sum(shown is not None for _, shown in EXAMPLES) == 3


@pytest.mark.usefixtures("documented_letter")
def test_the_documents_program_walks_all_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    (program,) = (text for kind, text in BLOCKS if kind == "python")
    asked: list[str] = []

    def urlopen(address: str) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(client.get(address.removeprefix(SITE).removeprefix("http://testserver")).content)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    names: dict[str, Any] = {}
    exec(program.replace("page_size=100", "page_size=1"), names)  # noqa: S102  (our own document)
    assert len(asked) == len(names["items"]) == search(client, "level=L4-L5")["total"] > 2
    assert len({item["id"] for item in names["items"]}) == len(names["items"])


def test_the_problem_that_it_shows_is_whole() -> None:
    (shown,) = (text for kind, text in BLOCKS if kind == "json" and '"errors"' in text)
    validator("Problem").validate(json.loads(shown))


def test_the_page_explains_every_parameter_and_problem(client: Client) -> None:
    page = Page.of(client.get("/api/"))
    for parameter in search_parameters():
        assert parameter.name in [code.text for code in page.all("code")]
    for kind in KINDS:
        assert kind.title in page.one("dt", id=kind.name).text
        assert client.get(f"/api/#{kind.name}").status_code == 200
    assert not page.unbalanced
    assert "`" not in page.text


@pytest.mark.usefixtures("documented_letter")
def test_every_example_of_the_page_answers(client: Client) -> None:
    page = Page.of(client.get("/api/"))
    examples = [a.attributes["href"] for a in page.all("a", class_="api-example")]
    assert len(examples) == 4
    for address in examples:
        response = client.get(address)
        if "servise" in address:
            problem(response, 400)
        else:
            assert response.status_code == 200, address
            validator("Determination" if "determinations" in address else "SearchAnswer").validate(
                response.json()
            )
    assert client.get(page.link("/api/openapi.json")).status_code == 200


def test_other_pages_lead_to_it(client: Client) -> None:
    assert "/api/" in {a.attributes.get("href") for a in Page.of(client.get("/about/")).all("a")}
