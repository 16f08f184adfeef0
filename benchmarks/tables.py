"""Measurements as tables: on the terminal after a run, and written into `docs/benchmarks.md`.

python -m benchmarks.tables FILE.json ... [--into docs/benchmarks.md]
"""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.imports.results import holds_import, read_import_run
from benchmarks.imports.tables import imports_document
from benchmarks.markdown import table, times
from benchmarks.measuring import Build
from benchmarks.peers import OURS
from benchmarks.results import MEASURES, PeerResults, Run, Timing, circumstances, read_run
from benchmarks.web.results import PagesRun, holds_pages, read_pages_run
from benchmarks.web.tables import pages_report

_ENGINES, _PAGES, _IMPORTS = "measured", "whole pages measured", "imports measured"
"""The parts of the documentation that are written here, by what its marks say."""


def search_report(run: Run) -> str:
    return "\n\n".join([*_ratio_tables(run), *_page_tables(run), *_notes(run)])


def index_report(run: Run) -> str:
    return "\n\n".join([_index_table(run), *_notes(run)])


def document(runs: Iterable[Run]) -> str:
    """The measured part of the documentation: each run with its machine, date and command."""
    sections = []
    for run in runs:
        searched = bool(run.peers[OURS].timings)
        heading = f"### {'Searching' if searched else 'Indexing'}, {run.items:,} items"
        sections += [heading, _circumstances(run), search_report(run) if searched else index_report(run)]
    return "\n\n".join(sections)


def pages_document(runs: Iterable[PagesRun]) -> str:
    """As `document`, of whole pages."""
    return "\n\n".join(
        part
        for run in runs
        for part in (f"### Whole pages, {run.items:,} items", _circumstances(run), pages_report(run))
    )


def _circumstances(run: Run | PagesRun) -> str:
    return circumstances(run.date, run.machine, run.command)


def _ratio_tables(run: Run) -> Iterator[str]:
    if len(run.peers) > 1:
        yield ratio_table(run)
    yield table(
        ["", "opening, ms", "resident, MB", "of it anonymous, MB", "index, MB"],
        (
            [
                found.label,
                _number(found.opening_ms),
                _megabytes(found.memory.total if found.memory else None),
                _megabytes(found.memory.anonymous if found.memory else None),
                _megabytes(found.builds[0].index_bytes),
            ]
            for found in run.peers.values()
            if found.timings
        ),
    )


def ratio_table(run: Run) -> str:
    """How many times as long as this site a page takes, by measure."""
    ratios = {name: run.ratios(measure) for name, measure in MEASURES.items()}
    return table(
        ["times this site", *ratios],
        (
            [found.label, *(times(by_peer[name]) for by_peer in ratios.values())]
            for name, found in run.peers.items()
            if name != OURS and found.timings
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
    parser.add_argument("--into", type=Path, help="replace what is between the marks in this file")
    options = parser.parse_args(arguments)
    pages = [path for path in options.results if holds_pages(path)]
    imports = [path for path in options.results if holds_import(path)]
    engines = [path for path in options.results if path not in (*pages, *imports)]
    parts = {
        _ENGINES: document(map(read_run, engines)),
        _PAGES: pages_document(map(read_pages_run, pages)),
        _IMPORTS: imports_document(map(read_import_run, imports)),
    }
    for name, text in parts.items():
        if text and options.into:
            options.into.write_text(_with_part(options.into, name, text), encoding="utf-8")
        elif text:
            print(text)


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
