"""`manage.py import_letters PATH...`: letters from files and folders into the database and the index."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from determinations.importing import import_waiting, receive
from determinations.letter_files import find_letters, incoming_files
from determinations.models import BatchState, FileResult, ImportBatch
from determinations.search.engines import search_engine
from determinations.search.index_updates import waiting_changes, write_changes
from determinations.search.interface import SearchError
from determinations.terminal import console_of, progress_bar

SECONDS_BETWEEN_COMMITS = 8


class Command(BaseCommand):
    help = (
        "Import letters (.txt, .pdf) from files and folders. A letter that is there already stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a letter or a folder")
        parser.add_argument("--continue", type=int, dest="batch", metavar="N", help="go on with import N")

    def handle(self, *, paths: list[Path], batch: int | None, **options: Any) -> None:
        console = console_of(self)
        running = _batch(paths, batch)
        try:
            _receive(running, console)
            _import(running, console)
        except KeyboardInterrupt:
            _end(running, BatchState.STOPPED)
            raise CommandError(
                f"Stopped, and nothing is lost. To go on: manage.py import_letters --continue {running.pk}"
            ) from None
        _end(running, BatchState.DONE)
        console.print(_summary(running))
        console.print(_failures(running))


def _batch(paths: list[Path], batch: int | None) -> ImportBatch:
    if batch is None:
        if not paths:
            raise CommandError("Say what to import: manage.py import_letters FILE_OR_FOLDER...")
        names = [str(path.absolute()) for path in paths]
        return ImportBatch.objects.create(source=", ".join(names)[:400], paths=names)
    try:
        return ImportBatch.objects.get(pk=batch)
    except ImportBatch.DoesNotExist:
        raise CommandError(f"There is no import {batch}.") from None


def _receive(batch: ImportBatch, console: Console) -> None:
    found = find_letters(map(Path, batch.paths))
    received = set(batch.files.values_list("name", flat=True))
    files = [path for path in found.files if str(path) not in received]
    if found.left_alone:
        console.print(
            f"{found.left_alone} other files (neither .txt nor .pdf) in these folders are left alone."
        )
    with progress_bar(console, "Receiving", len(files)) as advance:
        for _ in receive(batch, incoming_files(files)):
            advance(1)


def _import(batch: ImportBatch, console: Console) -> None:
    waiting = batch.files.filter(result=FileResult.WAITING).count()
    last_commit = monotonic()
    with progress_bar(console, "Importing", waiting) as advance:
        for group in import_waiting(batch):
            advance(len(group))
            if monotonic() - last_commit > SECONDS_BETWEEN_COMMITS:
                _write_index(console)
                last_commit = monotonic()
    _write_index(console)


def _write_index(console: Console) -> None:
    try:
        write_changes(search_engine())
    except SearchError as error:
        console.print(
            f"The letters are stored, but {waiting_changes()} items are not searchable yet: {error}"
        )


def _end(batch: ImportBatch, state: BatchState) -> None:
    batch.state = state
    batch.finished_at = timezone.now()
    batch.save(update_fields=["state", "finished_at"])


def _summary(batch: ImportBatch) -> Table:
    counts = dict(batch.files.values_list("result").annotate(n=Count("pk")))
    table = Table("Result", "Files", title=f"Import {batch.pk}", title_justify="left")
    for result in FileResult:
        if result in counts or result in (FileResult.NEW, FileResult.ALREADY_THERE, FileResult.FAILED):
            table.add_row(result.label, f"{counts.get(result, 0):,}")
    return table


def _failures(batch: ImportBatch) -> Table | str:
    failed = batch.files.filter(result__in=(FileResult.FAILED, FileResult.NEEDS_OCR))
    if not failed:
        return ""
    table = Table("File", "Reason", title="Not imported (their bytes are kept)", title_justify="left")
    for file in failed:
        table.add_row(file.name, file.reason)
    return table
