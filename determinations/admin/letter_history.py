"""A letter's history in one list: corrections, imports, and changes made by a newer version of the parser.

Read-only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import Model, QuerySet
from django.urls import reverse

from determinations.models import Determination, DisputedItem, FileResult, ImportFile

_IN_WORDS = {
    FileResult.NEW: "Imported",
    FileResult.SUPERSEDING: "Imported as a new version",
    FileResult.ALREADY_THERE: "Imported again (duplicate)",
}


@dataclass(frozen=True, slots=True)
class LetterEvent:
    """`who` is a user's name, or what did it; `link` leads to the import, where there is one."""

    when: datetime
    who: str
    what: str
    link: str = ""


def history_of(letter: Determination) -> list[LetterEvent]:
    """All that happened to the letter, newest first."""
    events = [*_corrections(letter), *_imports(letter), *_rereadings(letter)]
    return sorted(events, key=lambda event: event.when, reverse=True)


def _corrections(letter: Determination) -> Iterator[LetterEvent]:
    for entry in _entries(Determination, [letter.pk]):
        yield LetterEvent(entry.action_time, entry.user.get_username(), entry.get_change_message())
    positions = dict(letter.items.values_list("pk", "position"))
    for entry in _entries(DisputedItem, positions):
        what = f"Item {positions[int(entry.object_id or 0)]}: {entry.get_change_message()}"
        yield LetterEvent(entry.action_time, entry.user.get_username(), what)


def _entries(model: type[Model], keys: Iterable[int]) -> QuerySet[LogEntry]:
    about = LogEntry.objects.filter(content_type=get_content_type_for_model(model))
    return about.filter(object_id__in=map(str, keys)).select_related("user")


def _imports(letter: Determination) -> Iterator[LetterEvent]:
    for file in letter.import_files.select_related("batch").order_by("pk"):
        yield LetterEvent(
            file.finished_at or file.batch.started_at,
            file.batch.started_by_name,
            f"{_IN_WORDS.get(FileResult(file.result), 'Queued for another try')}: {file.name} ({file.batch})",
            reverse("admin:determinations_importbatch_change", args=[file.batch_id]),
        )
    newer = letter.superseded_by
    if newer:
        yield LetterEvent(newer.imported_at, "import", f"Superseded by another version of {newer}")


def _rereadings(letter: Determination) -> Iterator[LetterEvent]:
    for reading in letter.reparses.all():
        yield LetterEvent(
            reading.parsed_at,
            f"parser, version {reading.parser_version}",
            f"Parsed again; changed: {', '.join(reading.changes)}",
        )


def imports_of(letter: Determination, most: int) -> list[ImportFile]:
    """The files that this letter came with, newest first."""
    return list(letter.import_files.select_related("batch").order_by("-pk")[:most])
