"""Measures how many letters a second come from files on disk to searchable, the whole path.

    python -m benchmarks.import_bench --letters 20000 --json results.json
    python -m benchmarks.import_bench --letters 2000 --kind pdf

Invented letters are written to a folder first, which is not measured. Then one import of that folder is,
into an empty site of its own: bytes kept, letters read in processes, rows stored, index written.
"""

import argparse
import json
import os
import resource
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from sample_letters.generator import invented_letters
from sample_letters.generator.pdf import letter_pdf

from .results import command_line, machine

SEED = 20_131_014
_MEBIBYTE = 1024 * 1024
_DEFAULT_WORK = Path(__file__).parent.parent / "data" / "benchmarks"
_STEPS = {
    "receive": "waiting for bytes to be on disk, rows of the queue",
    "wait": "waiting for letters to be read",
    "database": "letters stored",
    "index": "index written",
}


@dataclass(slots=True)
class ImportRun:
    """Seconds, letters a second, bytes. `steps` are shares of the worker's own time, in seconds.

    `reading_cpu` is the processor time of the reader processes, all together. `by_thousand` are the rates
    at which each thousand letters was stored, commits to the index between them included.
    """

    letters: int
    kind: str
    command: str = field(default_factory=command_line)
    date: str = field(default_factory=lambda: date.today().isoformat())
    machine: dict[str, str] = field(default_factory=machine)
    seconds: float = 0.0
    rate: float = 0.0
    steps: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_STEPS, 0.0))
    worker_cpu: float = 0.0
    reading_cpu: float = 0.0
    by_thousand: list[float] = field(default_factory=list)
    longest_until_searchable: float = 0.0
    worker_peak_bytes: int = 0
    readers_peak_bytes: int = 0
    items: int = 0


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--letters", type=int, default=2000, metavar="N", help="how many letters (2000)")
    parser.add_argument("--kind", choices=("text", "pdf"), default="text", help="the letters' files (text)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file")
    parser.add_argument(
        "--work", type=Path, default=_DEFAULT_WORK, metavar="DIR", help="where letters are kept"
    )
    options = parser.parse_args(arguments)
    folder = written_letters(options.work, options.letters, options.kind)
    site = Path(tempfile.mkdtemp(dir=options.work, prefix="import-"))
    try:
        run = measured(folder, site, ImportRun(options.letters, options.kind))
    finally:
        shutil.rmtree(site)
    print(report(run))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(asdict(run), indent=1) + "\n", encoding="utf-8")


def written_letters(work: Path, letters: int, kind: str) -> Path:
    """A folder of that many letters; made unless an earlier run has."""
    folder = work / f"letters-{letters}-{kind}"
    if folder.exists():
        return folder
    aside = work / f"{folder.name}.part"
    shutil.rmtree(aside, ignore_errors=True)
    for number, letter in enumerate(invented_letters(letters, SEED)):
        path = aside / f"{number // 1000:03}" / f"{number:07}.{'pdf' if kind == 'pdf' else 'txt'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(letter_pdf(letter.text, letter.name) if kind == "pdf" else letter.text.encode())
    aside.replace(folder)
    return folder


def measured(folder: Path, site: Path, run: ImportRun) -> ImportRun:
    """Import the folder into a new site, in this process, with the clock on each step."""
    os.environ.update(IMR_DATA_DIR=str(site), DJANGO_SETTINGS_MODULE="imrsite.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from determinations.importing import batch_run, index_writing
    from determinations.importing.arriving import Arriving
    from determinations.importing.letter_files import find_letters
    from determinations.importing.queue import queue_found_files
    from determinations.importing.reading_pool import ReadingPool
    from determinations.importing.worker import import_batch
    from determinations.models import DisputedItem, ImportFile

    call_command("migrate", verbosity=0)
    clock = _Clock(run)
    clock.time(Arriving, "next", "receive")
    clock.time(ReadingPool, "collect", "wait")
    clock.time(batch_run, "store_outcomes", "database")
    clock.time(index_writing, "write_changes", "index", after=clock.note_searchable)
    clock.start()
    batch = queue_found_files("benchmark", find_letters([folder]))
    with ReadingPool() as pool:
        for files in import_batch(batch, pool, index_writing.IndexWriting(), stop=lambda: False):
            clock.note_stored(files)
        clock.stop()
    run.reading_cpu = _cpu_seconds(resource.RUSAGE_CHILDREN)
    failed = ImportFile.objects.exclude(result__in=("new", "superseding"))
    if failed:
        raise SystemExit(f"Letters were not imported, such as {failed[0].name}: {failed[0].reason}")
    run.items = DisputedItem.objects.count()
    run.worker_peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    run.readers_peak_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
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
        """Count the time in a function as that of a step."""
        function = getattr(owner, name)

        def timed(*arguments: object, **options: object) -> object:
            start = perf_counter()
            result = function(*arguments, **options)
            self._run.steps[step] += perf_counter() - start
            if after:
                after()
            return result

        setattr(owner, name, timed)

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
        run.rate = len(stored_at) / run.seconds
        run.worker_cpu = _cpu_seconds(resource.RUSAGE_SELF) - self._cpu
        ends = [0.0, *stored_at[999::1000]]
        run.by_thousand = [1000 / (end - begin) for begin, end in pairwise(ends)]


def _cpu_seconds(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def report(run: ImportRun) -> str:
    """The run as lines to read."""
    lines = [
        f"{run.letters:,} {run.kind} letters with {run.items:,} items in {run.seconds:.1f} s: "
        f"{run.rate:.0f} a second",
        *(
            f"  {run.steps[step] / run.seconds:5.1%}  {run.steps[step]:7.1f} s  {words}"
            for step, words in _STEPS.items()
        ),
        f"  {run.seconds - sum(run.steps.values()):16.1f} s  the rest",
        f"processor time: {run.worker_cpu:.1f} s in the worker, {run.reading_cpu:.1f} s in its readers",
        f"stored to searchable: {run.longest_until_searchable:.1f} s at most",
        f"most memory: {run.worker_peak_bytes / _MEBIBYTE:.0f} MB in the worker, "
        f"{run.readers_peak_bytes / _MEBIBYTE:.0f} MB in a reader",
    ]
    if len(run.by_thousand) > 1:
        lines.append(f"first thousand {run.by_thousand[0]:.0f} a second, last {run.by_thousand[-1]:.0f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
