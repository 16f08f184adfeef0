"""Measurements of whole pages as tables."""

from collections.abc import Iterator

from benchmarks.markdown import table, times
from benchmarks.web.pages import DATASETTE, SITE
from benchmarks.web.results import PageRow, PagesRun, PageTiming
from benchmarks.web.servers import LABELS


def pages_report(run: PagesRun) -> str:
    return "\n\n".join([*_tables(run), *_notes(run)])


def _tables(run: PagesRun) -> Iterator[str]:
    servers = [server for server in (SITE, DATASETTE) if server in run.memory]
    ratio = run.search_ratio()
    if ratio:
        yield (
            f"{LABELS[DATASETTE]} takes {times(ratio)} as long for a search, one at a time: "
            f"geometric mean over the {len(run.totals)} kinds of search."
        )
    yield "Milliseconds for a page, from asking to its last byte: median (95th percentile), pages a second:"
    yield table(
        ["", "items found", "clients", *(LABELS[server] for server in servers), "Datasette takes"],
        (
            [
                row.kind,
                f"{run.totals[row.kind]:,}" if row.kind in run.totals else "",
                str(row.clients),
                *(_cell(row.timings[server]) for server in servers),
                times(row.ratio) if row.ratio else "",
            ]
            for row in run.rows
        ),
    )
    yield table(
        ["", *(f"{kind}, KB" for kind in _kinds(run.rows)), "resident, all processes, MB"],
        (
            [
                LABELS[server],
                *(f"{_size(run, kind, server) / 1000:,.0f}" for kind in _kinds(run.rows)),
                _megabytes(run, server),
            ]
            for server in servers
        ),
    )


def _cell(timing: PageTiming) -> str:
    return f"{timing.median:,.0f} ({timing.percentile_95:,.0f}), {timing.a_second:,.1f}"


def _kinds(rows: list[PageRow]) -> list[str]:
    """Those that were asked by several clients."""
    most = max(row.clients for row in rows)
    return [row.kind for row in rows if row.clients == most]


def _size(run: PagesRun, kind: str, server: str) -> int:
    return next(row.timings[server].size for row in run.rows if row.kind == kind)


def _megabytes(run: PagesRun, server: str) -> str:
    memory = run.memory[server]
    return f"{memory.total / 1e6:,.0f}" if memory else ""


def _notes(run: PagesRun) -> Iterator[str]:
    notes = [f"{name} was left out: {reason}." for name, reason in run.missing.items()]
    notes.append(f"The clients took at most {run.clients_share:.0%} of one core.")
    yield "\n".join(f"* {note}" for note in notes)
