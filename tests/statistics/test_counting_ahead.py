"""Words of large collections that are counted before a page asks for them."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from determinations.models import Decision
from determinations.search.engines import search_engine
from determinations.search.interface import FacetFilter, SearchRequest
from determinations.statistics import counting_ahead, distinctive_terms
from determinations.statistics.browsing import BROWSE_FACETS_BY_NAME, FacetValuePage
from determinations.statistics.counting_ahead import CountingAhead, count_ahead
from determinations.statistics.typical_passages import typical_passages
from tests.views.library import Item, Letter, add, index

EVERYTHING = SearchRequest(limit=0)
BLOCKS = FacetValuePage(BROWSE_FACETS_BY_NAME["service"], "medial-branch-blocks").address


@pytest.fixture
def data(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, db: None) -> Path:
    """The data directory of a site with 40 items, which count as many."""
    settings.DATA_DIR = tmp_path
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"
    for _ in range(16):
        add(Letter("", (Item(decision=Decision.OVERTURNED, rationale="The criteria are met at L4-L5."),)))
    for _ in range(24):
        add(Letter("", (Item(rationale="No radiculopathy; the criteria are not documented."),)))
    index()
    monkeypatch.setattr(counting_ahead, "FEWEST_ITEMS", 10)
    return tmp_path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SearchRequest]]:
    """The requests whose words are counted from now on."""
    requests: list[SearchRequest] = []
    count = distinctive_terms._counted

    def counts(engine: object, request: SearchRequest, overturned: tuple[str, ...]) -> object:
        requests.append(request)
        return count(engine, request, overturned)  # type: ignore[arg-type]

    monkeypatch.setattr(distinctive_terms, "_counted", counts)
    yield requests


def kept(data: Path) -> list[Path]:
    return sorted((data / "statistics").rglob("*.json"))


def all_steps() -> None:
    for _ in count_ahead(search_engine()):
        pass


def test_pages_find_what_was_counted_ahead(data: Path, counted: list[SearchRequest]) -> None:
    expected = distinctive_terms.distinctive_terms(search_engine(), EVERYTHING)
    assert expected.words and len(counted) == 1
    all_steps()
    distinctive_terms._compared.cache_clear()
    counted.clear()
    assert distinctive_terms.distinctive_terms(search_engine(), EVERYTHING) == expected
    assert [one.words for one in typical_passages(BLOCKS, search_engine())] != [(), ()]
    assert counted == []


def test_small_values_are_left_to_their_pages(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting_ahead, "FEWEST_ITEMS", 20)
    all_steps()
    large = search_engine().search(SearchRequest(count=("service", "guideline", "level", "specialty")))
    values = sum(one.count >= 20 for counts in large.counts.values() for one in counts)
    assert len(kept(data)) == 1 + values
    monkeypatch.setattr(counting_ahead, "FEWEST_ITEMS", 41)
    all_steps()
    assert kept(data) == []


def test_another_commit_drops_what_was_kept_for_the_one_before(data: Path) -> None:
    all_steps()
    before = {path.parent for path in kept(data)}
    add(Letter("", (Item(rationale="One more."),)))
    index()
    all_steps()
    assert kept(data) and before.isdisjoint(path.parent for path in kept(data))


@pytest.mark.parametrize("spoiled", [b"", b"\xff", b"[[], [[", b"[]", b"{}", b"[1, 2, 3, 4]"])
def test_a_file_that_is_not_whole_is_counted_anew(data: Path, spoiled: bytes) -> None:
    expected = distinctive_terms.distinctive_terms(search_engine(), EVERYTHING)
    all_steps()
    for path in kept(data):
        path.write_bytes(spoiled)
    distinctive_terms._compared.cache_clear()
    assert distinctive_terms.distinctive_terms(search_engine(), EVERYTHING) == expected


def test_numbers_come_back_as_they_were_counted(data: Path) -> None:
    all_steps()
    words = [json.loads(path.read_text())[0] for path in kept(data)]
    assert all(isinstance(z, float) for rows in words for *_, z in rows)
    decided = SearchRequest(filters=(FacetFilter("decision", ("upheld",)),), limit=5)
    engine = search_engine()
    assert distinctive_terms.distinctive_terms(engine, decided) == distinctive_terms.distinctive_terms(
        engine, EVERYTHING
    )


class TestSteps:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [1000.0]
        monkeypatch.setattr(counting_ahead, "monotonic", lambda: now[0])
        return now

    def test_counting_begins_once_the_index_has_been_left_alone(self, data: Path, clock: list[float]) -> None:
        counting = CountingAhead()
        for _ in range(3):
            counting.step(search_engine())
        assert kept(data) == []
        clock[0] += counting_ahead.SECONDS_UNCHANGED
        counting.step(search_engine())
        assert len(kept(data)) == 1
        for _ in range(20):
            counting.step(search_engine())
        assert len(kept(data)) > 1

    def test_a_commit_in_between_begins_anew(self, data: Path, clock: list[float]) -> None:
        counting = CountingAhead()
        counting.step(search_engine())
        clock[0] += counting_ahead.SECONDS_UNCHANGED
        counting.step(search_engine())
        add(Letter("", (Item(rationale="One more."),)))
        index()
        counting.step(search_engine())
        held = kept(data)
        counting.step(search_engine())
        assert kept(data) == held
        clock[0] += counting_ahead.SECONDS_UNCHANGED
        counting.step(search_engine())
        assert len(kept(data)) == 1 and kept(data) != held

    def test_without_an_index_it_complains_once_in_a_while(
        self, tmp_path: Path, settings: Settings, clock: list[float], caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.SEARCH_INDEX_DIR = tmp_path / "none"
        counting = CountingAhead()
        with caplog.at_level(logging.ERROR):
            for _ in range(5):
                counting.step(search_engine())
            assert len(caplog.records) == 1
            clock[0] += counting_ahead.SECONDS_AFTER_AN_ERROR
            counting.step(search_engine())
        assert len(caplog.records) == 2
