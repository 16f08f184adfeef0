"""The log of changes: positions, indexes that follow it, that were away, were copied, or belong elsewhere."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import Settings

from determinations.leases import Held
from determinations.models import Determination, IndexChange, IndexFollower, IndexLog
from determinations.search import change_log, indexing
from determinations.search.change_log import LogPosition, PositionLostError
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import IndexDocument, IndexOutdatedError, SearchEngine
from tests.views.library import Item, Letter, add

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Settings) -> None:
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def no_log_yet(db: None) -> None:
    """Letters that other tests keep in the database have changes in it, too."""
    IndexChange.objects.all().delete()
    IndexLog.objects.all().delete()
    IndexFollower.objects.all().delete()


@pytest.fixture
def first(tmp_path: Path) -> SearchEngine:
    return ColumnarEngine(tmp_path / "first")


@pytest.fixture
def second(tmp_path: Path) -> SearchEngine:
    return ColumnarEngine(tmp_path / "second")


_numbers = iter(range(1, 10_000))


def arrive() -> Determination:
    return add(Letter(f"CM14-{next(_numbers):07}"))


def correct(letter: Determination, request: str = "Zanaflex") -> None:
    item = letter.items.get()
    item.request = request
    item.save()


_rebuild = indexing.rebuild


def begin(*engines: SearchEngine) -> None:
    for engine in engines:
        _rebuild(engine)


def positions() -> list[int | None]:
    return list(
        IndexChange.objects.exclude(position=None).order_by("position").values_list("position", flat=True)
    )


def absent_for(engine: SearchEngine, days: float) -> None:
    followers = IndexFollower.objects.filter(name=change_log.follower_name(engine))
    assert followers.update(seen_at=timezone.now() - timedelta(days=days))


@pytest.fixture
def no_rebuild(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("The index was built anew.")

    monkeypatch.setattr(indexing, "rebuild", refuse)


def test_positions_are_given_without_gaps_to_what_has_none() -> None:
    change_log.note([5, 6])
    change_log.give_positions()
    change_log.note([7, 5, 8])
    newest = change_log.give_positions()
    assert positions() == [0, 1, 2, 3, 4, 5]
    assert newest.number == 5
    assert change_log.give_positions() == newest


def test_more_changes_than_are_numbered_at_once_get_their_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_log, "NUMBERED_AT_ONCE", 2)
    change_log.note(range(1, 8))
    assert change_log.give_positions().number == 7
    assert positions() == list(range(8))


def test_a_change_with_a_lower_key_that_is_committed_later_comes_later() -> None:
    """As PostgreSQL shows them: the row with the higher key is there first."""
    begins = change_log.give_positions()
    change_log.note([1, 2])
    late = IndexChange.objects.order_by("-pk").values("pk", "item_id")[1]
    IndexChange.objects.filter(pk=late["pk"]).delete()
    seen = change_log.changes_after(begins, 10)
    assert seen and seen.item_ids == (2,)
    IndexChange.objects.create(pk=late["pk"], item_id=late["item_id"])
    then = change_log.changes_after(seen.up_to, 10)
    assert then and then.item_ids == (1,)


def test_repeated_changes_of_an_item_are_written_once(
    first: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = arrive()
    indexing.write_changes(first)
    for request in ("Norco", "Flexeril", "Zanaflex"):
        correct(letter, request)
    written: list[int] = []
    update = first.update

    def noting(documents: list[IndexDocument], *rest: object, **named: object) -> None:
        written.extend(document.key for document in documents)
        update(documents, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(first, "update", noting)
    assert indexing.write_changes(first) == 1
    assert written == [letter.items.get().pk]
    assert indexing.compare(first).agrees


def test_every_change_is_another_state_of_the_log() -> None:
    arrive()
    states = [change_log.log_state()]
    assert states == [""]  # nobody has read the log yet
    change_log.give_positions()
    for change in (
        lambda: change_log.note([5]),
        lambda: change_log.note([6]),
        change_log.give_positions,
        lambda: change_log.note([5]),
        change_log.give_positions,
        change_log.begin_new_log,
    ):
        states.append(change_log.log_state())
        assert change_log.log_state() == states[-1]
        change()
    states.append(change_log.log_state())
    assert len(set(states)) == len(states)


def test_the_state_is_unknown_while_more_changes_wait_than_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_log.give_positions()
    monkeypatch.setattr(change_log, "MOST_COUNTED", 3)
    change_log.note([1, 2, 3])
    assert change_log.log_state()
    change_log.note([4])
    assert not change_log.log_state()
    change_log.give_positions()
    assert change_log.log_state()


def test_what_indexes_do_with_the_log_is_no_change_of_it(first: SearchEngine) -> None:
    begin(first)
    for _ in range(3):
        arrive()
    change_log.give_positions()
    state, kept = change_log.log_state(), len(positions())
    assert indexing.write_changes(first)
    assert len(positions()) < kept  # dropped, since the only index has them
    assert change_log.log_state() == state


def test_a_letter_without_items_is_noted_and_no_index_learns_of_it(first: SearchEngine) -> None:
    begin(first)
    letter = add(Letter("CM17-0000001", ()))
    letter.items.all().delete()
    indexing.write_changes(first)
    for change in (letter.save, letter.delete):
        before = change_log.log_state()
        change()
        assert change_log.log_state() != before
    assert indexing.waiting_changes(first) == 0
    assert indexing.write_changes(first) == 0
    assert LogPosition.of(first.log_position()) == change_log.give_positions()


def test_every_index_learns_of_every_change(first: SearchEngine, second: SearchEngine) -> None:
    letters = [arrive() for _ in range(3)]
    begin(first, second)
    letters[0].delete()
    correct(letters[1])
    arrive()
    for engine in (second, first):
        indexing.write_changes(engine)
        assert indexing.compare(engine).agrees
        assert engine.status().documents == 3
        assert indexing.lag_of(engine).changes == 0


def test_an_index_knows_how_far_it_is_behind(first: SearchEngine, second: SearchEngine) -> None:
    letter = arrive()
    begin(first, second)
    correct(letter)
    IndexChange.objects.filter(position=None).update(noted_at=timezone.now() - timedelta(seconds=90))
    indexing.write_changes(first)
    assert indexing.lag_of(first) == indexing.Lag(0, 0.0)
    behind = indexing.lag_of(second)
    assert behind.changes == 1
    assert 90 <= behind.seconds < 3600


def test_changes_stay_until_every_index_has_them(first: SearchEngine, second: SearchEngine) -> None:
    letter = arrive()
    begin(first, second)
    for request in ("Norco", "Flexeril", "Zanaflex"):
        correct(letter, request)
        indexing.write_changes(first)
    kept = len(positions())
    assert kept > 3
    indexing.write_changes(second)
    assert positions() == [LogPosition.of(second.log_position()).number]


@pytest.mark.usefixtures("no_rebuild")
def test_an_index_that_was_away_for_a_week_catches_up(first: SearchEngine, second: SearchEngine) -> None:
    letters = [arrive() for _ in range(3)]
    begin(first, second)
    absent_for(second, days=7)
    letters[0].delete()
    for request in ("Norco", "Zanaflex"):
        correct(letters[1], request)
        indexing.write_changes(first)
    indexing.require_current(second)
    indexing.write_changes(second)
    assert indexing.compare(second).agrees


def test_an_index_that_was_away_for_too_long_is_built_anew(first: SearchEngine, second: SearchEngine) -> None:
    letters = [arrive() for _ in range(3)]
    begin(first, second)
    absent_for(second, days=15)
    letters[0].delete()
    for request in ("Norco", "Zanaflex"):
        correct(letters[1], request)
        indexing.write_changes(first)
    with pytest.raises(IndexOutdatedError, match=r"manage\.py rebuild_index"):
        indexing.write_changes(second)
    assert second.status().documents == 3, "it answers until then"
    assert indexing.rebuild_if_needed(second)
    assert indexing.compare(second).agrees
    assert not indexing.rebuild_if_needed(second)


@pytest.mark.usefixtures("no_rebuild")
def test_a_restored_older_copy_goes_on_from_its_own_position(
    first: SearchEngine, second: SearchEngine, tmp_path: Path
) -> None:
    letter = arrive()
    begin(first, second)
    shutil.copytree(tmp_path / "first", tmp_path / "copy")
    correct(letter)
    arrive()
    indexing.write_changes(first)
    assert indexing.compare(first).agrees
    shutil.rmtree(tmp_path / "first")
    shutil.copytree(tmp_path / "copy", tmp_path / "first")
    again = ColumnarEngine(tmp_path / "first")
    assert not indexing.compare(again).agrees
    indexing.write_changes(again)
    assert indexing.compare(again).agrees


@pytest.mark.usefixtures("no_rebuild")
def test_a_copy_of_another_index_follows_from_there(first: SearchEngine, tmp_path: Path) -> None:
    letter = arrive()
    indexing.write_changes(first)
    shutil.copytree(tmp_path / "first", tmp_path / "third")
    third = ColumnarEngine(tmp_path / "third")
    correct(letter)
    indexing.write_changes(third)
    assert indexing.compare(third).agrees
    assert indexing.lag_of(first).changes > 0


def test_an_index_of_another_database_is_refused(first: SearchEngine, second: SearchEngine) -> None:
    arrive()
    begin(first, second)
    change_log.begin_new_log()
    indexing.rebuild(first)
    correct(arrive())
    for engine in (first, second):
        indexing.rebuild_if_needed(engine)
        indexing.write_changes(engine)
        assert indexing.compare(engine).agrees
    with pytest.raises(PositionLostError):
        change_log.require_known(LogPosition(10**6, 1))


def test_an_index_from_before_there_were_positions_goes_on_with_what_waited(
    first: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the migration leaves it: the notes that waited then, and a log that begins with stamp 0."""
    letters = [arrive() for _ in range(3)]
    indexing.rebuild(first)
    first.update((), log_position="")
    IndexChange.objects.all().delete()
    IndexLog.objects.update(position=0, stamp=0)
    IndexFollower.objects.all().delete()
    IndexChange.objects.create(item_id=0, position=0, stamp=0)
    correct(letters[2])
    with monkeypatch.context() as patched:
        patched.setattr(indexing, "rebuild", lambda *_: pytest.fail("The index was built anew."))
        indexing.write_changes(first)
    assert indexing.compare(first).agrees


def test_what_a_crash_cuts_off_is_done_again(first: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [arrive() for _ in range(4)]
    indexing.write_changes(first)
    before = first.log_position()
    for letter in letters:
        correct(letter)
    monkeypatch.setattr(indexing, "CHARACTERS_PER_COMMIT", 1)
    update, calls = first.update, 0

    def dying(*given: object, **named: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError("killed")
        update(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(first, "update", dying)
        with pytest.raises(OSError, match="killed"):
            indexing.write_changes(first)
    assert first.log_position() == before
    assert indexing.lag_of(first).changes == 4
    indexing.write_changes(first)
    assert indexing.compare(first).agrees


def test_changes_during_a_rebuild_are_kept_for_it(
    first: SearchEngine, second: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = arrive()
    indexing.write_changes(first)
    replace_all = second.replace_all

    def slowly(*given: object) -> None:
        replace_all(*given)  # type: ignore[arg-type]
        for request in ("Norco", "Zanaflex"):
            correct(letter, request)
            indexing._write_changes(first, Held())

    monkeypatch.setattr(second, "replace_all", slowly)
    indexing.rebuild(second)
    assert indexing.compare(second).agrees


def test_words_of_removed_letters_are_forgotten_by_every_index(
    first: SearchEngine, second: SearchEngine, tmp_path: Path
) -> None:
    for _ in range(4):
        arrive()
    removed = add(Letter("CM15-0000001", (Item("Wxhernandez"),)))
    begin(first, second)
    removed.delete()
    indexing.note_forgetting()
    indexing.write_changes(second)
    assert not is_in_a_file(b"wxhernandez", tmp_path / "second")
    assert second.log_position()
    assert indexing.lag_of(second).changes == 0


def is_in_a_file(word: bytes, folder: Path) -> bool:
    return any(word in path.read_bytes().lower() for path in folder.rglob("*") if path.is_file())


STEPS = st.lists(
    st.sampled_from(
        ["change", "change", "repeat", "follow 0", "follow 1", "follow 2", "copy", "away", "new log"]
    ),
    max_size=25,
)


class WhateverHappens(TestCase):
    """Followers that are dictionaries: item -> its version when it was taken in."""

    @given(STEPS, st.integers(1, 4))
    @examples(max_examples=60)
    def test_a_follower_has_everything_or_knows_that_it_has_not(self, steps: list[str], most: int) -> None:
        database: dict[int, int] = {}
        known: list[tuple[dict[int, int], LogPosition]] = [({}, change_log.give_positions())] * 3
        for number, step in enumerate(steps, 1):
            match step.split():
                case ["change" | "repeat" as kind]:
                    item = number if kind == "change" else max(database, default=number)
                    database[item] = number
                    change_log.note([item])
                case ["follow", name]:
                    known[int(name)] = self._followed(int(name), known[int(name)], database, most)
                case ["copy"]:
                    known[2] = known[0]
                case ["away"]:
                    IndexFollower.objects.filter(name="1").update(seen_at=timezone.now() - timedelta(days=99))
                    change_log.trim()
                case _:
                    change_log.begin_new_log()
        for which in range(3):
            assert self._followed(which, known[which], database, most)[0] == database

    def _followed(
        self, which: int, known: tuple[dict[int, int], LogPosition], database: dict[int, int], most: int
    ) -> tuple[dict[int, int], LogPosition]:
        index, position = dict(known[0]), known[1]
        try:
            while changes := change_log.changes_after(position, most):
                index.update({item: database[item] for item in changes.item_ids})
                position = changes.up_to
        except PositionLostError:
            position = change_log.give_positions()
            index = dict(database)
        IndexFollower.objects.update_or_create(
            name=str(which), defaults={"position": position.number, "seen_at": timezone.now()}
        )
        change_log.trim()
        return index, position


def test_a_follower_that_came_second_leaves_the_log_as_it_is(
    first: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two see changes without positions; one gives all of them while the other waits for the lock."""
    begin(first)
    arrive()
    locked = change_log._locked_log

    def locked_after_another() -> IndexLog:
        monkeypatch.setattr(change_log, "_locked_log", locked)
        indexing.write_changes(first)
        return locked()

    monkeypatch.setattr(change_log, "_locked_log", locked_after_another)
    newest = change_log.give_positions()
    assert LogPosition.of(first.log_position()) == newest
    assert IndexChange.objects.get(position=newest.number).stamp == newest.stamp
    indexing.require_current(first)


def test_who_writes_changes_does_not_wait_for_those_that_keep_coming(
    first: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while letters are imported: a page that corrects one wrote the index for as long as that took."""
    begin(first)
    for _ in range(3):
        arrive()
    update, room = first.update, iter(range(20))

    def while_more_arrive(documents: list[IndexDocument], *rest: object, **named: object) -> None:
        assert next(room, None) is not None, "it never ends"
        arrive()
        update(documents, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(indexing, "ITEMS_PER_COMMIT", 2)
    monkeypatch.setattr(first, "update", while_more_arrive)
    assert indexing.write_changes(first) >= 3
    monkeypatch.setattr(first, "update", update)
    indexing.write_changes(first)
    assert indexing.compare(first).agrees
    assert LogPosition.of(first.log_position()) == change_log.give_positions()
