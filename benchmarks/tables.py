"""Measurements as tables: on the terminal after a run, and written into the documentation.

    python -m benchmarks.tables FILE.json ... [--into docs/benchmarks.md]

The page gets a summary of each run between its marks, and a folder of the page's name beside it all tables of
each run, in a file of its own.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.imports.results import holds_import, read_import_run
from benchmarks.imports.tables import import_report
from benchmarks.markdown import table, times
from benchmarks.measuring import Build
from benchmarks.peers import OURS
from benchmarks.results import MEASURES, PeerResults, Run, Timing, circumstances, geometric_mean, read_run
from benchmarks.web.results import holds_pages, read_pages_run
from benchmarks.web.tables import pages_report

_ENGINES, _PAGES, _IMPORTS = "measured", "whole pages measured", "imports measured"
"""The parts of the documentation that are written here, by what its marks say."""


@dataclass(frozen=True, slots=True)
class Report:
    """One run as Markdown. `name` is that of its file, `part` the marks that its summary goes between."""

    part: str
    name: str
    heading: str
    circumstances: str
    summary: str
    tables: str

    @property
    def document(self) -> str:
        return f"# {self.heading}\n\n{self.circumstances}\n\n{self.tables}\n"

    def summary_beside(self, folder: str) -> str:
        """As it goes into the page, with a link to the file in `folder`."""
        parts = [f"### {self.heading}", self.summary, f"[All tables of this run]({folder}/{self.name}.md)"]
        return "\n\n".join(part for part in parts if part)


def report_of(file: Path) -> Report:
    """Of a file that one of the benchmarks has written. Raises ValueError for any other."""
    if holds_pages(file):
        pages = read_pages_run(file)
        tables = pages_report(pages)
        about = circumstances(pages.date, pages.machine, pages.command)
        heading = f"Whole pages, {pages.items:,} items"
        return Report(_PAGES, f"pages-{pages.items}", heading, about, tables.partition("\n\n")[0], tables)
    if holds_import(file):
        run = read_import_run(file)
        tables = import_report(run)
        about = circumstances(run.date, run.machine, run.command)
        heading = f"Importing, {run.letters:,} {run.kind} letters"
        name = f"import-{run.letters}-{run.kind}"
        return Report(_IMPORTS, name, heading, about, tables.partition("\n\n")[0], tables)
    return _engines_report(read_run(file))


def _engines_report(run: Run) -> Report:
    about = circumstances(run.date, run.machine, run.command)
    if run.peers[OURS].timings:
        heading = f"Searching, {run.items:,} items"
        return Report(
            _ENGINES, f"search-{run.items}", heading, about, search_summary(run), search_report(run)
        )
    heading = f"Indexing, {run.items:,} items"
    return Report(_ENGINES, f"index-{run.items}", heading, about, "", index_report(run))


def search_report(run: Run) -> str:
    return "\n\n".join([search_summary(run), _size_table(run), *_page_tables(run), *_notes(run)])


def index_report(run: Run) -> str:
    return "\n\n".join([_index_table(run), *_notes(run)])


def search_summary(run: Run) -> str:
    """How many times as long as this site a page takes, and the site's own milliseconds."""
    ours = run.peers[OURS].timings.values()
    unseen, repeated = (
        geometric_mean([measure(timing) for timing in ours]) for measure in list(MEASURES.values())[:2]
    )
    said = (
        f"A page of this site costs {unseen:.1f} ms of processor time for an unseen question and "
        f"{repeated:.1f} for a repeated one (geometric means over the {len(ours)} kinds)."
    )
    ratios = {name: run.ratios(measure) for name, measure in MEASURES.items()}
    rows = [
        [found.label, *(times(by_peer[name]) for by_peer in ratios.values())]
        for name, found in run.peers.items()
        if name != OURS and found.timings
    ]
    if not rows:
        return said
    heads = ["times this site", *ratios]
    return (
        f"{said} How many times as much the others take, over the kinds they answer:\n\n{table(heads, rows)}"
    )


def _size_table(run: Run) -> str:
    return table(
        [
            "",
            "items indexed a second of processor time",
            "index, MB",
            "opening, ms",
            "resident, MB",
            "of it anonymous, MB",
        ],
        (
            [
                found.label,
                f"{_work_rate(found.builds[0]):,.0f}",
                _megabytes(found.builds[0].index_bytes),
                _number(found.opening_ms),
                _megabytes(found.memory.total if found.memory else None),
                _megabytes(found.memory.anonymous if found.memory else None),
            ]
            for found in run.peers.values()
            if found.timings
        ),
    )


def _page_tables(run: Run) -> Iterator[str]:
    peers = [found for found in run.peers.values() if found.timings]
    kinds = run.peers[OURS].timings
    yield (
        "Milliseconds of processor time for a page, unseen / repeated, means of the questions of a kind, "
        "and how many times this site's the others take for unseen ones:"
    )
    yield table(
        ["", "questions", "items found, median", *(found.label for found in peers)],
        (
            [kind, str(ours.questions), f"{ours.found:,}", *(_processor(one, kind, ours) for one in peers)]
            for kind, ours in kinds.items()
        ),
    )
    yield "Milliseconds by the clock: unseen, median (95th percentile) / repeated, median / first touch:"
    yield table(
        ["", *(found.label for found in peers)],
        ([kind, *(_clock(found, kind) for found in peers)] for kind in kinds),
    )


def _processor(found: PeerResults, kind: str, ours: Timing) -> str:
    timing = found.timings.get(kind)
    if timing is None:
        return "cannot"
    ratio = "" if timing is ours else f" [{times(timing.unseen.processor / ours.unseen.processor)}]"
    return f"{timing.unseen.processor:.1f} / {timing.repeated.processor:.1f}{ratio}"


def _clock(found: PeerResults, kind: str) -> str:
    timing = found.timings.get(kind)
    if timing is None:
        return "cannot"
    unseen = f"{timing.unseen.median:.1f} ({timing.unseen.percentile_95:.1f})"
    return f"{unseen} / {timing.repeated.median:.1f} / {timing.first:.1f}"


def _index_table(run: Run) -> str:
    whoosh = run.peers.get("whoosh_documented")
    plain = whoosh.builds[0] if whoosh else None
    return table(
        [
            "",
            "processes",
            "items a second",
            "times plain Whoosh",
            "items a second of processor time",
            "times plain Whoosh",
            "peak memory, MB",
            "index, MB",
        ],
        (
            [
                found.label,
                str(each.processes),
                f"{_rate(each):,.0f}",
                times(_rate(each) / _rate(plain)) if plain else "",
                f"{_work_rate(each):,.0f}",
                times(_work_rate(each) / _work_rate(plain)) if plain else "",
                _megabytes(each.peak_bytes),
                _megabytes(each.index_bytes),
            ]
            for found in run.peers.values()
            for each in found.builds
        ),
    )


def _rate(build: Build) -> float:
    return build.items / build.seconds


def _work_rate(build: Build) -> float:
    return build.items / build.cpu_seconds


def _notes(run: Run) -> Iterator[str]:
    notes = [
        *(f"{name} was left out: {reason}." for name, reason in run.missing.items()),
        *(f"{difference}." for difference in run.differences),
    ]
    if notes:
        yield "\n".join(f"* {note}" for note in notes)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _megabytes(value: int | None) -> str:
    return _number(None if value is None else value / 1e6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("results", nargs="+", type=Path, metavar="FILE.json")
    parser.add_argument(
        "--into", type=Path, metavar="PAGE.md", help="put summaries between the marks in this page"
    )
    options = parser.parse_args(arguments)
    reports = [report_of(path) for path in options.results]
    if options.into is None:
        for report in reports:
            print(report.document)
        return
    folder = options.into.with_suffix("")
    folder.mkdir(exist_ok=True)
    for report in reports:
        (folder / f"{report.name}.md").write_text(report.document, encoding="utf-8")
    for part in dict.fromkeys(report.part for report in reports):
        summaries = [report.summary_beside(folder.name) for report in reports if report.part == part]
        options.into.write_text(_with_part(options.into, part, "\n\n".join(summaries)), encoding="utf-8")


def _with_part(file: Path, name: str, text: str) -> str:
    """The file's text with what stands between the marks replaced. Raises SystemExit without them."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found_begin, rest = file.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise SystemExit(f"{file} has no lines “{begin}” and “{end}”")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


if __name__ == "__main__":
    main()
