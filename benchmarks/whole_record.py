"""The whole public record on one machine: builds it, then asks for every kind of page over HTTP.

    python -m benchmarks.whole_record --items 3500000 --work data/benchmarks --letters 10000

Items are written as rows, in 1.67 million letters where they are 3.5 million, and indexed. `manage.py serve`
then answers attorneys' questions that were not asked before, each once, and every other page twice. Then
everything is exported as CSV, checked, and added to while others read.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from benchmarks.corpus import Corpus
from benchmarks.import_bench import written_letters
from benchmarks.markdown import table
from benchmarks.memory import anonymous, watched, with_children
from benchmarks.options import DEFAULT_WORK, positive
from benchmarks.processor import processor_seconds_of
from benchmarks.questions import attorneys_questions
from benchmarks.web import clients, servers, site_data

_ROOT = Path(__file__).parent.parent
_SPAWN = get_context("spawn")
_READERS = 8
_MEGABYTE = 1_000_000
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class BuildStep:
    """`peak_bytes` is memory that no file backs, of all processes together; None where it is not known."""

    name: str
    seconds: float
    processor_seconds: float
    peak_bytes: int | None
    disk_bytes: int


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=positive, default=3_500_000, metavar="N", help="how many (3500000)")
    parser.add_argument("--letters", type=positive, default=10_000, metavar="N", help="to import (10000)")
    parser.add_argument("--work", type=Path, default=DEFAULT_WORK, metavar="DIR", help="12 KB an item")
    options = parser.parse_args(arguments)
    folder, steps = built(Corpus(options.work, options.items))
    print(_build_table(steps), flush=True)
    letters = written_letters(options.work, options.letters, "text")
    with servers.site(folder) as server:
        print(_questions_table(server), flush=True)
        print(_pages_table(server), flush=True)
        print(_export_line(server), flush=True)
        print(_command_line("check_index", folder, "check_index"), flush=True)
        print(_import_lines(server, folder, letters), flush=True)
        print(_memory_line(server), flush=True)


def built(corpus: Corpus) -> tuple[Path, list[BuildStep]]:
    """The site's data directory, made unless an earlier run has, and what it took to make it."""
    folder, record = corpus.folder / "site", corpus.folder / "site.json"
    if not folder.exists():
        corpus.folder.mkdir(parents=True, exist_ok=True)
        unfinished = corpus.folder / "site.unfinished"
        steps = [_step(each, corpus, unfinished) for each in (site_data.fill_rows, site_data.fill_index)]
        record.write_text(json.dumps([asdict(step) for step in steps]))
        unfinished.rename(folder)
    return folder, [BuildStep(**step) for step in json.loads(record.read_text())]


def _step(fill: Callable[[Corpus, Path], None], corpus: Corpus, folder: Path) -> BuildStep:
    process = _SPAWN.Process(target=fill, args=(corpus, folder))
    start, used = time.perf_counter(), _used_by_ended()
    process.start()
    assert process.pid is not None  # noqa: S101 - for the type checker: it has been started
    with watched(process.pid) as peak:
        process.join()
    if process.exitcode:
        raise SystemExit(f"{fill.__name__} failed: see above. Delete {folder} and try again.")
    seconds, used = time.perf_counter() - start, _used_by_ended() - used
    disk = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    return BuildStep(fill.__name__, seconds, used, peak.anonymous, disk)


def _build_table(steps: Sequence[BuildStep]) -> str:
    rows = [
        (
            step.name.replace("fill_", ""),
            f"{step.seconds:,.0f}",
            f"{step.processor_seconds:,.0f}",
            _megabytes(step.peak_bytes),
            f"{step.disk_bytes / 1e9:.1f}",
        )
        for step in steps
    ]
    heads = ("built", "seconds", "processor s", "peak MB of anonymous memory", "GB on disk afterwards")
    return table(heads, rows)


def _questions_table(server: servers.Server) -> str:
    """Each question once, then all of them again, one at a time."""
    asked = [f"/search/?{urlencode({'q': each})}" for each in attorneys_questions()]
    clients.ask(server.port, ["/", "/search/?q=zebra"], 4, 40, 5.0)  # what each process does only once
    rows = []
    for label in ("unseen", "repeated"):
        used, seconds = _asked(server, asked)
        worst = asked[seconds.index(max(seconds))].partition("q=")[2]
        rows.append((label, *_spread(seconds), f"{used / len(asked) * 1000:.0f}", worst))
    return f"\n{len(asked)} questions of attorneys, ms by the clock\n\n" + table(
        ("", "median", "95th percentile", "worst", "mean of the processor", "the worst one"), rows
    )


_PAGES = (
    "/",
    "/search/",
    "/search/?decision=overturned&year=2015",
    "/search/facet/specialty/?q=knee",
    "/browse/",
    "/browse/service/",
    "/browse/service/diagnostic-testing/",
    "/statistics/",
    "/statistics/?q=knee",
    "/statistics/reasons/?q=knee",
    "/statistics/words/",
    "/statistics/words/?q=knee",
    "/api/search?q=lumbar+fusion",
    "/suggest/?q=lumb",
    "/health/",
)


def _letter_in(page: bytes) -> str:
    """The address of the first letter on a page of results. Raises SystemExit where there is none."""
    found = re.search(rb'href="(/determinations/[^/"]+/)', page)
    if found is None:
        raise SystemExit("Nothing was found where a letter was to be opened.")
    return found[1].decode()


def _pages_table(server: servers.Server) -> str:
    letter = _letter_in(clients.page(server.port, "/search/"))
    rows = []
    for path in (*_PAGES, letter):
        first, again = (_asked(server, [path])[1][0] for _ in range(2))
        shown = "a letter" if path == letter else path
        rows.append((shown, f"{first * 1000:,.0f}", f"{again * 1000:,.0f}"))
    return "\n" + table(("page, ms by the clock", "first", "again"), rows)


def _export_line(server: servers.Server) -> str:
    """All items as CSV, read as it comes."""
    with watched(server.process) as peak:
        start = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", server.port, timeout=3600)
        connection.request("GET", "/search.csv")
        answer = connection.getresponse()
        first = time.perf_counter() - start
        size = lines = 0
        while piece := answer.read(_PIECE):
            size += len(piece)
            lines += piece.count(b"\n")
        connection.close()
    seconds = time.perf_counter() - start
    return (
        f"\nEverything as CSV: {size / 1e9:.2f} GB, {lines:,} line ends, status {answer.status}, first byte"
        f" after {first:.1f} s, all after {seconds:,.0f} s; the server's peak of anonymous memory:"
        f" {_megabytes(peak.anonymous)} MB."
    )


def _command_line(label: str, folder: Path, *command: str) -> str:
    with _command(folder, *command) as process, watched(process.pid) as peak:
        start = time.perf_counter()
        output = process.communicate()[0]
    seconds = time.perf_counter() - start
    last = (output.strip().splitlines() or [""])[-1]
    peak_shown = _megabytes(peak.anonymous)
    return f"\n{label}: {seconds:,.0f} s, peak {peak_shown} MB, status {process.returncode}: {last}"


def _import_lines(server: servers.Server, folder: Path, letters: Path) -> str:
    """An import while readers ask questions that were asked before and others."""
    stop = threading.Event()
    taken: list[float] = []
    failed: list[str] = []
    asked = attorneys_questions()

    def read(number: int) -> None:
        place = number
        while not stop.is_set():
            path = f"/search/?{urlencode({'q': asked[place % len(asked)], 'page': 1 + place % 3})}"
            start = time.perf_counter()
            try:
                clients.page(server.port, path)
            except clients.PageFailedError as error:
                if "404" not in str(error):  # there is no such page of results
                    failed.append(str(error))
            taken.append(time.perf_counter() - start)
            place += _READERS
            time.sleep(0.5)

    readers = [threading.Thread(target=read, args=(number,)) for number in range(_READERS)]
    for reader in readers:
        reader.start()
    try:
        line = _command_line("import beside readers", folder, "import_letters", str(letters))
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    median, slow, worst = _spread(taken)
    return (
        f"{line}\n{len(taken):,} pages meanwhile: median {median}, 95th percentile {slow}, worst {worst} ms;"
        f" {len(failed)} failed {failed[:1]}."
    )


def _memory_line(server: servers.Server) -> str:
    found = [f"{_megabytes(anonymous(process))} MB" for process in with_children(server.process)]
    return f"\nAnonymous memory of each process of the server: {', '.join(found)}."


def _asked(server: servers.Server, paths: Sequence[str]) -> tuple[float, list[float]]:
    """Processor seconds of the server, and seconds by the clock of each page."""
    start, seconds = processor_seconds_of(server.process), []
    for path in paths:
        begin = time.perf_counter()
        clients.page(server.port, path)
        seconds.append(time.perf_counter() - begin)
    return processor_seconds_of(server.process) - start, seconds


def _used_by_ended() -> float:
    """Processor seconds of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _spread(seconds: Sequence[float]) -> tuple[str, str, str]:
    """Median, 95th percentile and the longest in milliseconds."""
    twentieths = quantiles(seconds, n=20, method="inclusive")
    return tuple(f"{1000 * each:,.0f}" for each in (twentieths[9], twentieths[18], max(seconds)))  # type: ignore[return-value]


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / _MEGABYTE:,.0f}"


@contextmanager
def _command(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, str(_ROOT / "manage.py"), *words]
    environment = site_data.site_environment(folder)
    with subprocess.Popen(
        arguments, env=environment, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        yield process


if __name__ == "__main__":
    main()
