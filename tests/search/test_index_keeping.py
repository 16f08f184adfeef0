"""Whoever keeps an index starts a process that merges its large segments when that is due."""

import sys
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from determinations import index_keeping
from determinations.index_keeping import IndexKeeping
from determinations.search.columnar import merge_policy
from determinations.search.engines import search_engine
from determinations.search.indexing import write_changes
from determinations.search.interface import SearchUnavailableError
from tests.views.library import Item, Letter, add

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of which two are too large for a commit to merge."""
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(merge_policy, "MERGED_AT_ONCE", 1)
    monkeypatch.setattr(index_keeping, "SECONDS_BETWEEN_COMMITS", 0)


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexKeeping]:
    """Its merges take until they are ended."""
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(index_keeping, "command", lambda *_: sleeping)
    with closing(IndexKeeping()) as keeping:
        yield keeping


def add_a_letter(number: int) -> None:
    add(Letter(f"CM14-000000{number}", (Item("Norco"),)))


def test_a_merge_begins_when_it_is_due_and_ends_with_the_keeper(keeping: IndexKeeping) -> None:
    add_a_letter(1)
    keeping.write_if_due()
    assert keeping._merging is None
    add_a_letter(2)
    keeping.write_if_due()
    merging = keeping._merging
    assert merging is not None
    assert merging.poll() is None
    add_a_letter(3)
    keeping.write_if_due()
    assert keeping._merging is merging  # one at a time
    keeping.close()
    assert merging.returncode is not None
    assert search_engine().status().documents == 3


def test_a_command_that_writes_once_begins_no_merge(keeping: IndexKeeping) -> None:
    for number in (1, 2):
        add_a_letter(number)
        keeping.write()
    assert search_engine().needs_merging()
    assert keeping._merging is None


def test_a_merge_that_failed_is_tried_again_after_the_next_commit(
    keeping: IndexKeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_keeping, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])
    for number in (1, 2):
        add_a_letter(number)
        keeping.write_if_due()
    failed = keeping._merging
    assert failed is not None
    assert failed.wait(60) == 1
    keeping.write_if_due()
    assert keeping._merging is failed
    add_a_letter(3)
    keeping.write_if_due()
    assert keeping._merging is not failed


@pytest.mark.parametrize("fails", ["starting it", "asking for it"])
def test_changes_are_written_where_a_merge_cannot_begin(
    keeping: IndexKeeping, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fails: str
) -> None:
    def no_process(*_: object, **__: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    def no_answer(_: object) -> bool:
        raise SearchUnavailableError("The index cannot be opened.")

    add_a_letter(1)
    keeping.write_if_due()
    add_a_letter(2)
    with monkeypatch.context() as patched:
        if fails == "starting it":
            patched.setattr("subprocess.Popen", no_process)
        else:
            patched.setattr("determinations.search.columnar.engine.ColumnarEngine.needs_merging", no_answer)
        keeping.write_if_due()
    assert keeping.error == ""
    assert "Large segments of the search index cannot be merged" in caplog.text
    assert search_engine().status().documents == 2
    keeping.write_if_due()
    assert keeping._merging is not None


def test_the_command_merges_what_is_due() -> None:
    for number in (1, 2):
        add_a_letter(number)
        write_changes(search_engine())
    for said in ("Large segments were merged.", "Nothing was merged: nothing is due"):
        out = StringIO()
        call_command("merge_index", stdout=out)
        assert said in out.getvalue()
    assert search_engine().status().documents == 2
