"""One import by this site, with the clock on each step. Runs in a process of its own."""

import os
import resource
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.imports.results import LETTERS_A_STRETCH, ImportRun
from benchmarks.imports.sites import new_site
from benchmarks.memory import watched


def import_all(site: Path, folder: Path, run: ImportRun) -> ImportRun:
    """Import the folder into a new site, as the worker does."""
    new_site(site)
    from determinations import index_keeping
    from determinations.importing import batch_run
    from determinations.importing.batch_run import Arriving
    from determinations.importing.letter_files import find_letters
    from determinations.importing.queue import queue_found_files
    from determinations.importing.reading_pool import ReadingPool
    from determinations.importing.worker import import_batch
    from determinations.models import DisputedItem, ImportFile

    clock = _Clock(run)
    clock.time(Arriving, "next", "receive")
    clock.time(ReadingPool, "collect", "wait")
    clock.time(batch_run, "store_outcomes", "database")
    clock.time(index_keeping, "write_changes", "index", after=clock.note_searchable)
    queue = clock.timed(queue_found_files, "queue")
    with watched(os.getpid(), alone=True) as peak:
        clock.start()
        with ReadingPool() as pool:
            batch = queue("benchmark", find_letters([folder]))
            for files in import_batch(batch, pool, index_keeping.IndexKeeping(), stop=lambda: False):
                clock.note_stored(files)
            clock.stop()
    run.worker_peak = peak.anonymous
    run.readers_cpu = _cpu_seconds(resource.RUSAGE_CHILDREN)
    run.reader_peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    failed = ImportFile.objects.exclude(result__in=("new", "superseding"))
    if failed:
        raise SystemExit(f"Letters were not imported, such as {failed[0].name}: {failed[0].reason}")
    run.items = DisputedItem.objects.count()
    return run


class _Clock:
    """Fills a run: the time spent in functions, and when letters were stored and searchable."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._started_at = 0.0
        self._cpu = 0.0
        self._stored_at: list[float] = []
        self._searchable = 0

    def time(self, owner: Any, name: str, step: str, after: Callable[[], None] | None = None) -> None:
        """Count the time in a function as that of a step, wherever it is called."""
        setattr(owner, name, self.timed(getattr(owner, name), step, after))

    def timed(
        self, function: Callable[..., Any], step: str, after: Callable[[], None] | None = None
    ) -> Callable[..., Any]:
        def timed(*arguments: object, **options: object) -> object:
            start = perf_counter()
            result = function(*arguments, **options)
            self._run.steps[step] += perf_counter() - start
            if after:
                after()
            return result

        return timed

    def start(self) -> None:
        self._started_at, self._cpu = perf_counter(), _cpu_seconds(resource.RUSAGE_SELF)

    def note_stored(self, letters: int) -> None:
        self._stored_at += [perf_counter() - self._started_at] * letters

    def note_searchable(self) -> None:
        now = perf_counter() - self._started_at
        if new := self._stored_at[self._searchable :]:
            self._run.longest_until_searchable = max(self._run.longest_until_searchable, now - new[0])
        self._searchable = len(self._stored_at)

    def stop(self) -> None:
        run, stored_at = self._run, self._stored_at
        run.seconds = perf_counter() - self._started_at
        run.worker_cpu = _cpu_seconds(resource.RUSAGE_SELF) - self._cpu
        run.first_seconds = stored_at[0]
        ends = [stored_at[0], *stored_at[LETTERS_A_STRETCH::LETTERS_A_STRETCH]]
        run.stretches = [LETTERS_A_STRETCH / (end - begin) for begin, end in pairwise(ends)]


def _cpu_seconds(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime
