"""Measures whole pages over HTTP, by 1, 8 and 32 clients, beside Datasette: see `docs/benchmarks.md`.

    python -m benchmarks.http_bench --items 20000 --json pages.json

The site is served by `manage.py serve` and Datasette by `datasette serve`, on the same items and the same
facets. Both take turns, so that whatever else the machine does slows both.
"""

import argparse
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.memory import resident
from benchmarks.options import add_size_options
from benchmarks.results import command_line
from benchmarks.web import clients, servers, site_data
from benchmarks.web.pages import (
    DATASETTE,
    SITE,
    Pages,
    case_pages,
    mixed,
    search_pages,
    statistics_pages,
    total_found,
)
from benchmarks.web.results import PageRow, PagesRun, PageTiming
from benchmarks.web.tables import pages_report

_CLIENTS = (1, 8, 32)
_ROUNDS = 3
_PAGES_A_TURN = 120
_SECONDS_A_TURN = 5.0


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_size_options(parser)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="turns of each server for each page")
    parser.add_argument(
        "--seconds", type=float, default=_SECONDS_A_TURN, help="no page is begun later in a turn (5)"
    )
    parser.add_argument(
        "--clients", type=int, nargs="+", default=_CLIENTS, metavar="N", help="at once, beside 1 (1 8 32)"
    )
    options = parser.parse_args(arguments)
    run = PagesRun(options.items, command_line())
    corpus = Corpus(options.work, options.items)
    corpus.ensure()
    try:
        data = _data(corpus, run)
        with ExitStack() as stack:
            starts = {SITE: servers.site, DATASETTE: servers.datasette}
            served = {name: stack.enter_context(starts[name](folder)) for name, folder in data.items()}
            measure(run, corpus, served, options.clients, options.rounds, options.seconds)
    except (clients.PageFailedError, servers.ServerFailedError, site_data.DataFailedError) as error:
        raise SystemExit(f"Nothing was measured. {error}") from None
    print(pages_report(run))
    if options.json:
        run.write(options.json)


def _data(corpus: Corpus, run: PagesRun) -> dict[str, Path]:
    """Server -> the folder that it serves; without Datasette where that is not installed."""
    data = {SITE: site_data.ensure_site(corpus)}
    reason = servers.datasette_missing()
    if reason:
        run.missing[servers.LABELS[DATASETTE]] = reason
        print(f"{servers.LABELS[DATASETTE]} is left out: {reason}.", flush=True)
    else:
        data[DATASETTE] = site_data.ensure_datasette(corpus, data[SITE])
    return data


def measure(
    run: PagesRun,
    corpus: Corpus,
    served: dict[str, servers.Server],
    at_once: Sequence[int],
    rounds: int,
    seconds: float,
) -> None:
    """Fill in `run`. Raises PageFailedError, also where the servers disagree on what a search finds."""
    searches = list(search_pages())
    run.totals = {pages.kind: _agreed_total(pages, served) for pages in searches}
    several = [mixed("search page", searches), case_pages(corpus), statistics_pages()]
    turns = [(pages, 1) for pages in searches]
    turns += [(pages, number) for pages in several for number in sorted({1, *at_once})]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        for name, server in served.items():  # every process and thread of a server opens its files once
            for pages in several:
                pool.submit(clients.ask, server.port, pages.paths[name], 4, 40, seconds).result()
        for pages, number in turns:
            print(f"{pages.kind}, {number} at a time ...", flush=True)
            answers: dict[str, list[clients.Answers]] = {name: [] for name in served}
            for _ in range(rounds):
                for name, server in served.items():
                    asked = (server.port, pages.paths[name], number, _PAGES_A_TURN, seconds)
                    answers[name].append(pool.submit(clients.ask, *asked).result())
            timings = {name: PageTiming.of(turns) for name, turns in answers.items()}
            run.rows.append(PageRow(pages.kind, number, timings))
            shares = [turn.cpu / turn.elapsed for turns in answers.values() for turn in turns]
            run.clients_share = max(run.clients_share, *shares)
    run.memory = {name: resident(server.process) for name, server in served.items()}


def _agreed_total(pages: Pages, served: dict[str, servers.Server]) -> int:
    """How many items the search finds, on every server."""
    try:
        found = {
            servers.LABELS[name]: total_found(name, clients.page(server.port, pages.paths[name][0]))
            for name, server in served.items()
        }
    except ValueError as error:
        raise clients.PageFailedError(f"{pages.kind}: {error}") from None
    if len(set(found.values())) > 1:
        told = ", ".join(f"{label} {total:,}" for label, total in found.items())
        raise clients.PageFailedError(f"{pages.kind}: the servers find different numbers of items: {told}")
    return next(iter(found.values()))


if __name__ == "__main__":
    main()
