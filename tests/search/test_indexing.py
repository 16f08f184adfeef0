"""The index is a copy: notes beside each change bring it up to date, a comparison finds what differs."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from pytest_django import Settings

from determinations.models import DisputedItem, IndexChange
from determinations.search import indexing
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.documents import documents_of, searchable_items
from determinations.search.interface import IndexMissingError, SearchEngine, SearchUnavailableError
from tests.views.library import Item, Letter, add

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letters_folder(tmp_path: Path, settings: Settings) -> None:
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"


@pytest.fixture
def engine(tmp_path: Path) -> SearchEngine:
    return ColumnarEngine(tmp_path / "index")


def test_the_first_letters_begin_the_index(engine: SearchEngine) -> None:
    add(Letter("CM14-0000001"))
    indexing.write_changes(engine)
    assert engine.status().documents == 1
    assert indexing.waiting_changes(engine) == 0
    assert indexing.compare(engine).agrees


def test_a_lost_index_is_left_to_a_person(engine: SearchEngine, tmp_path: Path) -> None:
    add(Letter("CM14-0000001"))
    indexing.write_changes(engine)
    lost = ColumnarEngine(tmp_path / "elsewhere")
    add(Letter("CM14-0000002"))
    with pytest.raises(IndexMissingError, match="rebuild_index"):
        indexing.write_changes(lost)
    assert indexing.waiting_changes(lost) > 0


def test_changes_and_deletions_reach_the_index(engine: SearchEngine) -> None:
    letter = add(Letter("CM14-0000001", (Item("Norco"), Item("Flexeril"))))
    other = add(Letter("CM14-0000002"))
    indexing.write_changes(engine)
    item = letter.items.get(position=1)
    item.request = "Zanaflex"
    item.save()
    other.delete()
    assert indexing.compare(engine).stale == (item.pk,)
    indexing.write_changes(engine)
    assert indexing.compare(engine).agrees
    assert engine.status().documents == 2


@dataclass
class Indexed(ColumnarEngine):
    """An index of some keys and fingerprints."""

    pairs: list[tuple[int, int]]

    def fingerprints(self) -> list[tuple[int, int]]:
        return self.pairs


def test_a_comparison_finds_what_differs_wherever_it_is() -> None:
    add(Letter("CM14-0000001", (Item("Norco"), Item("Flexeril"), Item("Zanaflex"))))
    rows = {one.key: one.fingerprint for one in documents_of(searchable_items())}
    orphans = {min(rows) - 1, max(rows) + 1}
    for states in product(("same", "stale", "missing"), repeat=3):
        state = dict(zip(sorted(rows), states, strict=True))
        held = [key for key in rows if state[key] != "missing"]
        stale = [key for key in rows if state[key] == "stale"]
        for orphaned in (set(), orphans):
            index = {key: rows[key] + (key in stale) for key in held} | dict.fromkeys(orphaned, 0)
            found = indexing.compare(Indexed(sorted(index.items())))
            assert found.missing == tuple(sorted(set(rows) - set(held)))
            assert found.stale == tuple(sorted(stale))
            assert found.orphaned == tuple(sorted(orphaned))


def test_a_superseded_letter_leaves_the_index(engine: SearchEngine) -> None:
    letter = add(Letter("CM14-0000001"))
    indexing.write_changes(engine)
    letter.is_current = False
    letter.save()
    indexing.write_changes(engine)
    assert engine.status().documents == 0


def test_differences_are_found_and_mended(engine: SearchEngine) -> None:
    letters = [add(Letter(f"CM14-000000{n}")) for n in range(1, 5)]
    indexing.write_changes(engine)
    keys = [letter.items.get().pk for letter in letters]
    # Writes that bypass signals and notes, as a restored backup would.
    DisputedItem.objects.filter(pk=keys[0]).update(request="changed behind the index")
    DisputedItem.objects.filter(pk=keys[1]).delete()
    engine.update((), delete=[keys[2]])
    IndexChange.objects.filter(position=None).delete()
    comparison = indexing.compare(engine)
    assert comparison == indexing.IndexComparison((keys[2],), (keys[0],), (keys[1],))
    indexing.mend(engine, comparison)
    assert indexing.compare(engine).agrees


def test_notes_stay_where_the_index_cannot_be_written(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(Letter("CM14-0000001"))
    indexing.write_changes(engine)
    add(Letter("CM14-0000002"))

    def refuse(*_: object, **__: object) -> None:
        raise SearchUnavailableError("the disk is away")

    monkeypatch.setattr(engine, "update", refuse)
    with pytest.raises(SearchUnavailableError):
        indexing.write_changes(engine)
    monkeypatch.undo()
    indexing.write_changes(engine)
    assert indexing.compare(engine).agrees


def test_a_rebuild_covers_what_was_noted(engine: SearchEngine) -> None:
    for n in range(1, 4):
        add(Letter(f"CM14-000000{n}"))
    seen: list[int] = []
    assert indexing.rebuild(engine, seen.append) == 3
    assert sum(seen) == 3
    assert indexing.waiting_changes(engine) == 0


def test_a_document_depends_on_every_searched_word(engine: SearchEngine) -> None:
    letter = add(Letter("CM14-0000001"))
    (before,) = documents_of(searchable_items())
    letter.specialties = ["Neurology"]
    letter.save()
    (after,) = documents_of(searchable_items())
    assert before.fingerprint != after.fingerprint
    assert after.facets["specialty"] == ("neurology",)
