"""`manage.py import_letters PATH...`: imports letters from files, folders and archives.

If the import worker runs (`make run`), it does the work and this command shows progress. Otherwise, the
command does the work itself with the same code. Either way, the batch's rows are the record.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.core.management.base import CommandError
from rich.console import Console
from rich.table import Table

from determinations.checks import VOCABULARY
from determinations.export.csv_lines import spreadsheet_lines
from determinations.importing import batch_run
from determinations.importing.control import (
    ImportControlError,
    continue_batch,
    pause,
    retry_failed,
)
from determinations.importing.letter_files import find_letters, paths_listed
from determinations.importing.progress import csv_rows, newest_failures, progress_of
from determinations.importing.queue import queue_found_files
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.worker import (
    Stop,
    WorkerRunningError,
    batch_lock,
    import_batch,
    is_of_this_machine,
    worker_lock,
)
from determinations.index_keeping import keeping_of_this_machine
from determinations.leases import Held, LeaseLostError
from determinations.management.database_command import DatabaseCommand
from determinations.models import BatchState, FileResult, ImportBatch
from determinations.stopping import INTERRUPTED, StopRequest, stop_request
from determinations.terminal import console_of, growing_progress_bar
from imrsite.installation import PROGRAM

FAILURES_SHOWN = 50
SECONDS_BETWEEN_LOOKS = 0.5
SOME_FAILED = 3
ALWAYS_SHOWN = (FileResult.NEW, FileResult.ALREADY_THERE, FileResult.FAILED)


class Command(DatabaseCommand):
    help = (
        "Import letters (.txt, .pdf, .docx), e-mails, and archives of them from files and folders. Letters "
        "that were already imported stay as they are. Exits with status 0 if every file was imported now or "
        "earlier, 3 if some were not (their reasons are shown), 1 if the import could not start or has "
        "stopped, 130 after Ctrl-C."
    )
    requires_system_checks = (VOCABULARY,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            type=Path,
            metavar="PATH",
            help="a letter, an archive or a folder; - reads a list of paths from standard input",
        )
        earlier = parser.add_mutually_exclusive_group()
        earlier.add_argument("--continue", type=int, dest="going_on", metavar="N", help="continue import N")
        earlier.add_argument("--retry", type=int, metavar="N", help="retry the failed files of import N")
        parser.add_argument(
            "--csv",
            type=Path,
            dest="csv_path",
            metavar="FILE",
            help="write every file and its result to FILE",
        )

    def handle(
        self,
        *,
        paths: list[Path],
        going_on: int | None,
        retry: int | None,
        csv_path: Path | None,
        **options: Any,
    ) -> None:
        console = console_of(self)
        with stop_request() as stop:
            batch = _batch(paths, going_on, retry)
            if batch.skipped_count and options["verbosity"]:
                console.print(
                    "Files skipped in these folders (no letters, e-mails, or archives): "
                    f"{batch.skipped_count:,}."
                )
            _import(batch, console, stop)
        batch.refresh_from_db()
        console.print(_summary(batch))
        _print_failures(batch, console)
        if csv_path:
            _write_csv(batch, csv_path)
        if batch.error:
            console.print(batch.error)
        if batch.state != BatchState.DONE:
            raise CommandError(_how_to_go_on(batch), returncode=INTERRUPTED if stop.asked else 1)
        if failed := _failed(batch):
            raise CommandError(
                f"Files not imported: {failed:,}. Import a corrected file like a new one. To retry the "
                f"same files after an update: {PROGRAM} import_letters --retry {batch.pk}",
                returncode=SOME_FAILED,
            )


def _batch(paths: list[Path], going_on: int | None, retry: int | None) -> ImportBatch:
    number = going_on or retry
    if number is None:
        return _new_batch(paths)
    if paths:
        raise CommandError("Give either paths or the number of an earlier import, not both.")
    try:
        batch = ImportBatch.objects.get(pk=number)
        if retry:
            retry_failed(batch)
        elif batch.state in (BatchState.PAUSED, BatchState.CANCELLED):
            continue_batch(batch)
    except ImportBatch.DoesNotExist:
        raise CommandError(f"There is no import {number}.") from None
    except ImportControlError as error:
        raise CommandError(str(error)) from None
    return batch


def _new_batch(paths: list[Path]) -> ImportBatch:
    if not paths:
        raise CommandError(f"Name what to import: {PROGRAM} import_letters FILE_OR_FOLDER...")
    named = [path for path in paths if path != Path("-")]
    _require_present(named)
    listed = paths_listed(sys.stdin.buffer.read()) if len(named) < len(paths) else []
    sources = [str(path.absolute()) for path in named] + (
        ["a list of paths"] if len(named) < len(paths) else []
    )
    return queue_found_files(", ".join(sources), find_letters([*named, *listed]))


def _require_present(paths: list[Path]) -> None:
    """Reports a mistyped path before anything starts. In a long list, a missing file only fails by itself."""
    # A broken link exists, and its row says what is wrong with it.
    missing = [str(path) for path in paths if not os.path.lexists(path)]
    if missing:
        raise CommandError(
            f"There is no such file or folder: {', '.join(missing)}. Nothing was imported.",
        )


def _import(batch: ImportBatch, console: Console, stop: StopRequest) -> None:
    """Wait for the batch to finish: as the worker, or while another process is the worker."""
    reported = 0
    try:
        with growing_progress_bar(console, "Importing") as show:
            while not stop():
                progress = progress_of(batch)
                show(progress.finished, progress.total)
                if progress.state != BatchState.RUNNING:
                    return
                if not is_of_this_machine(batch):
                    if not reported:
                        console.print(
                            f"The files of this import are on the machine {batch.machine}, and the import "
                            "worker there reads them. Press Ctrl-C to pause it."
                        )
                        reported = -1
                    sleep(SECONDS_BETWEEN_LOOKS)
                    continue
                try:
                    with worker_lock() as worker, batch_lock(batch) as held, ReadingPool() as pool:
                        _import_here(batch, pool, show, stop, worker, held)
                except LeaseLostError as error:
                    console.print(f"{error} Nothing was stored twice.")
                except WorkerRunningError as error:
                    if error.pid != reported:
                        console.print(f"{error} This import is queued. Press Ctrl-C to pause it.")
                        reported = error.pid
                    sleep(SECONDS_BETWEEN_LOOKS)
    except batch_run.PASSING_ERRORS as error:
        message = batch_run.in_words(error)
        raise CommandError(f"{message} {_how_to_go_on(batch)}") from error
    _pause(batch)


def _import_here(
    batch: ImportBatch,
    pool: ReadingPool,
    show: Callable[[int, int], None],
    stop: Stop,
    worker: Held,
    held: Held,
) -> None:
    looked = monotonic()
    with closing(keeping_of_this_machine()) as index:
        for _ in import_batch(batch, pool, index, stop, worker, held):
            if monotonic() - looked > SECONDS_BETWEEN_LOOKS:  # counting a large batch takes a while
                progress = progress_of(batch)
                show(progress.finished, progress.total)
                looked = monotonic()


def _pause(batch: ImportBatch) -> None:
    try:
        pause(batch)
    except ImportControlError:
        return  # it was done, or paused, just before


def _how_to_go_on(batch: ImportBatch) -> str:
    return (
        f"Import {batch.pk} has stopped. Nothing is lost. "
        f"To continue: {PROGRAM} import_letters --continue {batch.pk}"
    )


def _summary(batch: ImportBatch) -> Table:
    table = Table("Result", "Files", title=f"Import {batch.pk}", title_justify="left")
    for result, files in progress_of(batch).counts.items():
        if files or result in ALWAYS_SHOWN:
            table.add_row(result.label, f"{files:,}")
    return table


def _failed(batch: ImportBatch) -> int:
    counts = progress_of(batch).counts
    return counts[FileResult.FAILED] + counts[FileResult.NEEDS_OCR]


def _print_failures(batch: ImportBatch, console: Console) -> None:
    failed = _failed(batch)
    if not failed:
        return
    table = Table("File", "Reason", title="Not imported", title_justify="left")
    for file in newest_failures(batch, FAILURES_SHOWN):
        table.add_row(file.name, file.reason)
    console.print(table)
    if failed > FAILURES_SHOWN:
        console.print(
            f"These are the last {FAILURES_SHOWN} of {failed:,}. To list all: {PROGRAM} import_letters "
            f"--continue {batch.pk} --csv FILE"
        )


def _write_csv(batch: ImportBatch, path: Path) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            file.writelines(spreadsheet_lines(csv_rows(batch)))
    except OSError as error:
        raise CommandError(f"The list cannot be written to {path}: {error.strerror}.") from None
