"""Keeps the index a copy of the database: what changed is noted beside the change, then written.

`note_changes` belongs in the transaction that changes rows. `write_changes` may run in any process. A lock
of this module's own is held from reading rows to writing the index: else a slower process could put an
older state of an item over a newer one. Knows the models and the engine boundary, no engine.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from determinations.file_lock import LockHeldError, exclusive_lock
from determinations.models import DisputedItem, IndexChange
from determinations.models.row_writes import insert_values
from determinations.search.documents import documents_of, searchable_items
from determinations.search.interface import (
    IndexDocument,
    IndexLockedError,
    IndexMissingError,
    Progress,
    SearchEngine,
    SearchUnavailableError,
)

ITEMS_PER_COMMIT = 5000
CHARACTERS_PER_COMMIT = 20_000_000
SECONDS_TO_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class IndexComparison:
    """Keys of items: not in the index, in it with other content, in it without a row. Ascending."""

    missing: tuple[int, ...]
    stale: tuple[int, ...]
    orphaned: tuple[int, ...]

    @property
    def agrees(self) -> bool:
        return not (self.missing or self.stale or self.orphaned)


def note_changes(item_ids: Iterable[int]) -> None:
    """Note items that were added, changed or deleted, to be written to the index."""
    insert_values(IndexChange, [{"item_id": pk} for pk in item_ids])


def waiting_changes() -> int:
    """How many noted changes the index has not seen yet."""
    return IndexChange.objects.count()


def write_changes(engine: SearchEngine, progress: Progress | None = None) -> int:
    """Write every noted change to the index and give the number of items written or taken out.

    A note is removed only once its change is on disk, so a crash in between repeats work and loses none.
    Where there is no index yet and the notes are all there is, one is begun. Raises IndexLockedError or
    SearchUnavailableError; notes not written then stay.
    """
    with _writing():
        return _write_changes(engine, progress)


def _write_changes(engine: SearchEngine, progress: Progress | None = None) -> int:
    _begin_index(engine)
    written = 0
    while True:
        notes = list(IndexChange.objects.order_by("pk").values_list("pk", "item_id")[:ITEMS_PER_COMMIT])
        if not notes:
            return written
        changed = {item_id for _, item_id in notes}
        documents, last = _documents_that_memory_holds(changed)
        covered = {item_id for item_id in changed if last is None or item_id <= last}
        engine.update(documents, delete=covered - {document.key for document in documents})
        IndexChange.objects.filter(pk__in=[pk for pk, item_id in notes if item_id in covered]).delete()
        written += len(covered)
        if progress:
            progress(len(covered))


def _documents_that_memory_holds(item_ids: set[int]) -> tuple[list[IndexDocument], int | None]:
    """The items' documents, and the key of the last where some are left for another commit."""
    documents: list[IndexDocument] = []
    characters = 0
    for document in documents_of(searchable_items().filter(pk__in=item_ids)):
        documents.append(document)
        characters += document.characters
        if characters > CHARACTERS_PER_COMMIT:
            return documents, document.key
    return documents, None


@contextmanager
def _writing() -> Iterator[None]:
    try:
        with exclusive_lock(Path(settings.DATA_DIR) / "index-writing.lock", SECONDS_TO_WAIT):
            yield
    except LockHeldError as error:
        holder = f"process {error.pid}" if error.pid else "another process"
        raise IndexLockedError(
            f"The search index is being written by {holder} (waited {SECONDS_TO_WAIT:g} seconds). "
            "Wait until it has finished, or stop it, and try again. Changes noted meanwhile are not lost."
        ) from None


def _begin_index(engine: SearchEngine) -> None:
    try:
        engine.status()
    except IndexMissingError:
        # An index that got lost is for a person to rebuild: with many letters that takes a while.
        if searchable_items().exclude(pk__in=IndexChange.objects.values("item_id")).exists():
            raise
        engine.replace_all(())


def rebuild(engine: SearchEngine, progress: Progress | None = None) -> int:
    """Build the index anew from the database, aside, then switch; give the number of items.

    Changes noted before the start are covered; those noted meanwhile are written on top.
    """
    with _writing():
        # By key: PostgreSQL may show a note with a lower key later, whose rows were not read.
        noted = list(IndexChange.objects.values_list("pk", flat=True))
        engine.replace_all(documents_of(searchable_items()), progress)
        for start in range(0, len(noted), ITEMS_PER_COMMIT):
            IndexChange.objects.filter(pk__in=noted[start : start + ITEMS_PER_COMMIT]).delete()
        _write_changes(engine)
    return engine.status().documents


def forget_deleted(engine: SearchEngine) -> None:
    """Bring the index up to date, and take the words of all that was ever deleted out of its files.

    An index that cannot be read is built anew instead.
    """
    try:
        with _writing():
            _write_changes(engine)
            engine.forget_deleted()
    except SearchUnavailableError:
        rebuild(engine)


def rebuild_if_needed(engine: SearchEngine) -> bool:
    """Read the index, and build it anew where it is damaged or of an older version; give whether it was.

    One that is missing is left alone: `write_changes` begins it, or says that a person must.
    """
    try:
        engine.verify()
    except IndexMissingError:
        return False
    except SearchUnavailableError:
        rebuild(engine)
        return True
    return False


def compare(engine: SearchEngine, progress: Progress | None = None) -> IndexComparison:
    """Compare every item with its document in the index."""
    indexed = dict(engine.fingerprints())
    missing, stale = [], []
    for document in documents_of(searchable_items()):
        if progress:
            progress(1)
        fingerprint = indexed.pop(document.key, None)
        if fingerprint is None:
            missing.append(document.key)
        elif fingerprint != document.fingerprint:
            stale.append(document.key)
    return IndexComparison(tuple(missing), tuple(stale), tuple(sorted(indexed)))


def mend(engine: SearchEngine, comparison: IndexComparison) -> None:
    """Make the index agree with the database where it did not."""
    note_changes((*comparison.missing, *comparison.stale, *comparison.orphaned))
    write_changes(engine)


def note_items_of(determination_ids: Iterable[int]) -> None:
    """Note all items of the letters."""
    note_changes(
        DisputedItem.objects.filter(determination_id__in=determination_ids).values_list("pk", flat=True)
    )
