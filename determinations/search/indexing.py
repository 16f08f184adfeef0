"""Keeps an index a copy of the database: follows the log of changes (`change_log`) and writes what it says.

`note_changes` belongs in the transaction that changes rows. `write_changes` may run in any process. A lock
is held from reading rows to writing the index: else a slower process could put an older state of an item
over a newer one. Knows the models and the engine boundary, no engine.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from django.conf import settings

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.leases import Held, LeaseLostError, lease, machines_share_database
from determinations.models import DisputedItem
from determinations.search import change_log
from determinations.search.change_log import Changes, LogPosition, PositionLostError
from determinations.search.documents import documents_of, searchable_items
from determinations.search.interface import (
    IndexDocument,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    Progress,
    SearchEngine,
    SearchUnavailableError,
)
from imrsite.installation import PROGRAM

ITEMS_PER_COMMIT = 5000
CHARACTERS_PER_COMMIT = 20_000_000
SECONDS_TO_WAIT = 10.0
_BEHIND_ALL = (1 << 64, 0)
"""Behind the last key and fingerprint of an index: no key is so large."""


@dataclass(frozen=True, slots=True)
class IndexComparison:
    """Keys of items: not in the index, in it with other content, in it without a row. Ascending."""

    missing: tuple[int, ...]
    stale: tuple[int, ...]
    orphaned: tuple[int, ...]

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.stale or self.orphaned)


@dataclass(frozen=True, slots=True)
class Lag:
    """How many changes an index has not taken in, and how many seconds the oldest of them has waited."""

    changes: int
    seconds: float


def note_changes(item_ids: Iterable[int]) -> None:
    """Note items that were added, changed or deleted, to be written to every index."""
    change_log.note(item_ids)


def note_forgetting() -> None:
    """Note that every index is to take the words of deleted items out of its files."""
    change_log.note([change_log.FORGET_DELETED])


def note_letter() -> None:
    """Note that a letter changed apart from its items, or that one did that has none: its pages show it."""
    change_log.note([change_log.LETTER_ALONE])


def waiting_changes(engine: SearchEngine) -> int:
    """How many noted changes the index has not taken in yet."""
    return change_log.changes_behind(_kept_position(engine))


def lag_of(engine: SearchEngine) -> Lag:
    """How far the index is behind the database."""
    position = _kept_position(engine)
    return Lag(change_log.changes_behind(position), change_log.seconds_behind(position))


def _kept_position(engine: SearchEngine) -> LogPosition:
    """The index's position; the beginning of the log where there is no index that has one."""
    try:
        return LogPosition.of(engine.log_position())
    except SearchUnavailableError:
        return change_log.BEFORE_POSITIONS


def write_changes(engine: SearchEngine, progress: Progress | None = None) -> int:
    """Write every change that the index has not taken in, and give the number of items written or taken out.

    Some of those noted meanwhile may be left: while letters are imported there are always more, and
    people who corrected one must not wait for all of them. The index's position moves with the commit, so a
    crash in between repeats work and loses none.
    Where there is no index yet and the log has all there is, one is begun. Raises IndexLockedError or
    SearchUnavailableError, among them IndexOutdatedError where the log no longer has the index's position.
    """
    with _writing(engine) as held:
        return _write_changes(engine, held, progress)


def _write_changes(engine: SearchEngine, held: Held, progress: Progress | None = None) -> int:
    _begin_index(engine)
    position = LogPosition.of(engine.log_position())
    written = 0
    try:
        newest = change_log.give_positions()
        change_log.require_known(position, newest)
        while position.number < newest.number:
            changes = change_log.changes_after(position, ITEMS_PER_COMMIT)
            if changes is None:
                break
            _write(engine, changes, held)
            position = changes.up_to
            written += len(changes.item_ids)
            if progress:
                progress(len(changes.item_ids))
    except PositionLostError:
        raise _outdated(engine) from None
    change_log.show_position(engine, position)
    return written


def _write(engine: SearchEngine, changes: Changes, held: Held) -> None:
    """Write some changes, in several commits where memory does not hold their texts at once."""
    gone = set(changes.item_ids)
    documents: list[IndexDocument] = []
    characters = 0
    for document in documents_of(searchable_items().filter(pk__in=changes.item_ids)):
        gone.discard(document.key)
        documents.append(document)
        characters += document.characters
        if characters > CHARACTERS_PER_COMMIT:
            held.require()
            engine.update(documents)
            documents, characters = [], 0
    held.require()
    if not changes.forget_deleted:
        engine.update(documents, delete=gone, log_position=str(changes.up_to))
        return
    engine.update(documents, delete=gone)
    engine.forget_deleted()
    engine.update((), log_position=str(changes.up_to))


@contextmanager
def _writing(engine: SearchEngine) -> Iterator[Held]:
    """Be the only process that writes the index; of one that machines share, on all of them."""
    try:
        if engine.is_shared and machines_share_database():
            with lease(f"index {engine.location}"[:600], SECONDS_TO_WAIT) as held:
                yield held
        else:
            with exclusive_lock(Path(settings.DATA_DIR) / "index-writing.lock", SECONDS_TO_WAIT):
                yield Held()
    except LockHeldError as error:
        holder = f"p{error.holder[1:]}" if error.pid else "another process"
        raise IndexLockedError(
            f"The search index is being written by {holder} (waited {SECONDS_TO_WAIT:g} seconds). "
            "Wait until it has finished, or stop it, and try again. Changes noted meanwhile are not lost."
        ) from None
    except LeaseLostError as error:
        raise IndexLockedError(f"{error} Changes noted meanwhile are not lost.") from None


def _begin_index(engine: SearchEngine) -> None:
    try:
        engine.status()
    except IndexMissingError:
        # An index that got lost is for a person to rebuild: with many letters that takes a while.
        beginning = change_log.beginning(searchable_items())
        if beginning is None:
            raise
        engine.replace_all((), log_position=str(beginning))


def _outdated(engine: SearchEngine) -> IndexOutdatedError:
    error = IndexOutdatedError(
        "The search index is older than the changes that are kept, or belongs to another database. "
        f"Rebuild it: {PROGRAM} rebuild_index"
    )
    error.add_note(f"The index is in {engine.location}")
    return error


def rebuild(engine: SearchEngine, progress: Progress | None = None) -> int:
    """Build the index anew from the database, aside, then switch; give the number of items.

    Changes noted before the start are covered; those noted meanwhile are written on top.
    """
    with _writing(engine) as held:
        _rebuild(engine, held, progress)
        _write_changes(engine, held)
    return engine.status().documents


def _rebuild(engine: SearchEngine, held: Held, progress: Progress | None = None) -> None:
    start = change_log.give_positions()
    change_log.show_position(engine, start)  # else what is noted meanwhile could be trimmed
    engine.replace_all(_all_documents(held), progress, str(start))


def _all_documents(held: Held) -> Iterator[IndexDocument]:
    yield from documents_of(searchable_items())
    held.require()  # before the new index takes the place of the old one


def forget_deleted(engine: SearchEngine) -> None:
    """Bring the index up to date, and take the words of all that was ever deleted out of its files.

    An index that cannot be read is built anew instead.
    """
    try:
        with _writing(engine) as held:
            _write_changes(engine, held)
            engine.forget_deleted()
    except SearchUnavailableError:
        rebuild(engine)


def rebuild_if_needed(engine: SearchEngine) -> bool:
    """Read the index, and build it anew where `require_current` refuses it; give whether it was.

    One that is missing is left alone: `write_changes` begins it, or says that a person must.
    """
    try:
        require_current(engine)
    except IndexMissingError:
        return False
    except SearchUnavailableError:
        rebuild(engine)
        return True
    return False


def require_current(engine: SearchEngine) -> None:
    """Raises SearchUnavailableError where the index is missing or damaged, of an older version, or so old
    that the log no longer has what followed; IndexOutdatedError where it still answers.
    """
    engine.verify()
    try:
        change_log.require_known(LogPosition.of(engine.log_position()))
    except PositionLostError:
        raise _outdated(engine) from None


def compare(engine: SearchEngine, progress: Progress | None = None) -> IndexComparison:
    """Compare every item with its document in the index, both by ascending key, a few at a time in memory."""
    missing, stale, orphaned = list[int](), list[int](), list[int]()
    indexed = chain(engine.fingerprints(), repeat(_BEHIND_ALL))
    key, fingerprint = next(indexed)
    for document in documents_of(searchable_items()):
        if progress:
            progress(1)
        while key < document.key:
            orphaned.append(key)
            key, fingerprint = next(indexed)
        if key > document.key:
            missing.append(document.key)
            continue
        if fingerprint != document.fingerprint:
            stale.append(document.key)
        key, fingerprint = next(indexed)
    while (key, fingerprint) != _BEHIND_ALL:
        orphaned.append(key)
        key, fingerprint = next(indexed)
    return IndexComparison(tuple(missing), tuple(stale), tuple(orphaned))


def mend(engine: SearchEngine, comparison: IndexComparison) -> None:
    """Make the index agree with the database where it did not."""
    note_changes((*comparison.missing, *comparison.stale, *comparison.orphaned))
    write_changes(engine)


def note_items_of(determination_ids: Iterable[int]) -> None:
    """Note all items of the letters, and letters that have none."""
    letters = set(determination_ids)
    found = DisputedItem.objects.filter(determination_id__in=letters)
    items = dict(found.values_list("pk", "determination_id"))
    note_changes(items)
    if letters - set(items.values()):
        note_letter()
