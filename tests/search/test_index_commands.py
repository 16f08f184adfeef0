"""`check_index` and `rebuild_index` as a person meets them: what they say, mend and leave alone."""

import fcntl
import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from determinations.file_lock import exclusive_lock
from determinations.importing.worker import ImportWorker
from determinations.management.commands import serve
from determinations.models import Determination, DisputedItem, IndexChange
from determinations.search import engines, indexing
from determinations.search.columnar.index_directory import IndexDirectory, Pointer
from determinations.search.columnar.schema import SCHEMA_VERSION
from determinations.search.engines import search_engine
from determinations.search.interface import IndexOutdatedError, SearchRequest
from determinations.search.query.nodes import Word
from tests.views.library import Item, Letter, add, index

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, settings: Settings) -> None:
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.DATA_DIR = tmp_path


@pytest.fixture
def letters(folders: None) -> list[Determination]:
    found = [add(Letter(f"CM14-000000{n}", (Item("Norco"),))) for n in range(1, 4)]
    index()
    return found


def said(command: str, **options: bool) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def refusal(command: str, **options: bool) -> str:
    with pytest.raises(CommandError) as raised:
        said(command, **options)
    return str(raised.value)


def files(folder: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "writer.lock"
    }


def differing(letters: list[Determination]) -> None:
    """One item missing, one stale and one orphaned, behind the index's back."""
    search_engine().update((), delete=[letters[0].items.get().pk])
    DisputedItem.objects.filter(determination=letters[1]).update(request="Flexeril")
    DisputedItem.objects.filter(determination=letters[2]).delete()
    IndexChange.objects.filter(position=None).delete()


def test_an_index_that_agrees_is_said_to(letters: list[Determination]) -> None:
    assert "3/3" in said("check_index")
    assert "The index agrees with the database." in said("check_index")


def test_differences_are_counted_named_and_left_alone(letters: list[Determination], tmp_path: Path) -> None:
    differing(letters)
    before = files(tmp_path / "index")
    out = StringIO()
    with pytest.raises(CommandError, match=r"manage\.py check_index --fix"):
        call_command("check_index", stdout=out)
    for name in ("missing", "stale", "orphaned"):
        assert any(name in line and "1" in line for line in out.getvalue().splitlines())
    assert files(tmp_path / "index") == before


def test_a_change_that_waits_to_be_written_is_told_from_damage(letters: list[Determination]) -> None:
    """Nothing waits where rows were changed behind the log's back."""
    differing(letters)
    assert "Repair it: " in refusal("check_index")
    said("rebuild_index")
    letters[0].clinical_summary = "Changed."
    letters[0].save()
    assert "these changes may only wait to be written" in refusal("check_index")
    indexing.write_changes(search_engine())
    assert "The index agrees with the database." in said("check_index")


def test_fix_mends_them(letters: list[Determination]) -> None:
    differing(letters)
    assert "The index agrees with the database." in said("check_index", fix=True)
    assert search_engine().search(SearchRequest()).total == 2
    assert said("check_index")


@pytest.mark.parametrize("command", ["rebuild_index", "check_index"])
def test_a_held_lock_is_waited_for_and_then_explained(
    letters: list[Determination], command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing(letters)
    monkeypatch.setattr(indexing, "SECONDS_TO_WAIT", 0.1)
    with exclusive_lock(tmp_path / "index-writing.lock"):
        message = refusal(command, **({"fix": True} if command == "check_index" else {}))
    assert "being written by process" in message
    assert "waited 0.1 seconds" in message
    assert "try again" in message
    assert said("rebuild_index")


def test_a_lock_whose_holder_is_unknown_names_no_process(
    letters: list[Determination], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "SECONDS_TO_WAIT", 0)
    path = tmp_path / "index-writing.lock"
    with path.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "by another process" in refusal("rebuild_index")


@pytest.mark.parametrize("command", ["rebuild_index", "check_index"])
def test_a_disk_that_cannot_be_written_is_explained_and_nothing_changes(
    letters: list[Determination], command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing(letters)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = (tmp_path / "index" / "current").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(IndexDirectory, "switch", full)
        assert "No space left on device" in refusal(
            command, **({"fix": True} if command == "check_index" else {})
        )
    assert (tmp_path / "index" / "current").read_bytes() == before
    assert search_engine().search(SearchRequest()).total == 2
    assert "2 disputed items" in said("rebuild_index")


@pytest.mark.parametrize(
    "damage", ["missing folder", "pointer gone", "pointer garbage", "columns cut", "file"]
)
def test_a_damaged_index_is_told_left_as_it_is_and_built_anew(
    letters: list[Determination], damage: str, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    (columns,) = folder.rglob("*.columns")
    match damage:
        case "missing folder":
            folder.rename(tmp_path / "elsewhere")
        case "pointer gone":
            (folder / "current").unlink()
        case "pointer garbage":
            (folder / "current").write_text('{"generation": 1')
        case "columns cut":
            cut = columns.read_bytes()[:500]
            columns.unlink()
            columns.write_bytes(cut)
        case "file":
            folder.rename(tmp_path / "elsewhere")
            folder.write_text("in the way")
    engines._engine.cache_clear()  # a command is a process of its own
    before = files(tmp_path)
    for options in ({}, {"fix": True}):
        assert "manage.py rebuild_index" in refusal("check_index", **options)
    assert files(tmp_path) == before
    if damage == "file":
        assert "could not be written" in refusal("rebuild_index")
        folder.unlink()
    assert "3 disputed items" in said("rebuild_index")
    assert "agrees" in said("check_index")


def old_version(folder: Path) -> None:
    pointer = json.loads((folder / "current").read_text())
    (folder / "current").write_text(json.dumps(pointer | {"schema_version": "2.2"}))


def zeroed_block(folder: Path) -> None:
    """Damage that opening the index does not meet: the middle of the postings."""
    (columns,) = folder.rglob("*.columns")
    with columns.open("r+b") as file:
        file.seek(columns.stat().st_size // 3)
        file.write(bytes(4096))


def test_a_check_finds_damage_that_no_page_has_met(letters: list[Determination], tmp_path: Path) -> None:
    zeroed_block(tmp_path / "index")
    assert search_engine().status().documents == 3
    assert "manage.py rebuild_index" in refusal("check_index")


@pytest.mark.parametrize("harm", [old_version, zeroed_block, lambda folder: (folder / "current").unlink()])
def test_serving_begins_with_an_index_that_is_whole(
    letters: list[Determination], harm: Callable[[Path], None], tmp_path: Path
) -> None:
    harm(tmp_path / "index")
    engines._engine.cache_clear()
    serve.Command(stdout=StringIO())._require_index()
    search_engine().verify()
    assert search_engine().search(SearchRequest(Word("norco"))).total == 3
    assert "agrees" in said("check_index")


def test_serving_leaves_a_whole_index_alone(letters: list[Determination], tmp_path: Path) -> None:
    before = files(tmp_path / "index")
    serve.Command(stdout=StringIO())._require_index()
    assert files(tmp_path / "index") == before


def test_an_older_index_of_the_same_layout_answers_until_the_worker_has_built_a_new_one(
    letters: list[Determination], tmp_path: Path
) -> None:
    current = tmp_path / "index" / "current"
    layout = SCHEMA_VERSION.partition(".")[0]
    pointer = Pointer.from_json(current.read_bytes())
    current.write_bytes(replace(pointer, schema_version=f"{layout}.0").to_json())
    engines._engine.cache_clear()
    norco = SearchRequest(Word("norco"))
    before = files(tmp_path / "index")
    assert search_engine().search(norco).total == 3
    for writes in (search_engine().verify, lambda: search_engine().update([], delete=[1])):
        with pytest.raises(IndexOutdatedError, match=r"manage\.py rebuild_index"):
            writes()
    assert "manage.py rebuild_index" in refusal("check_index")
    serve.Command(stdout=StringIO())._require_index()
    assert files(tmp_path / "index") == before

    assert indexing.rebuild_if_needed(search_engine())
    search_engine().verify()
    assert search_engine().search(norco).total == 3
    assert not indexing.rebuild_if_needed(search_engine())


def test_the_worker_mends_a_damaged_index_and_leaves_a_missing_one_alone(
    letters: list[Determination], tmp_path: Path
) -> None:
    zeroed_block(tmp_path / "index")
    ImportWorker(stop=lambda: True).run()
    search_engine().verify()
    (tmp_path / "index" / "current").unlink()
    assert not indexing.rebuild_if_needed(search_engine())
