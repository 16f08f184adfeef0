"""Measures a whole page of work in every engine, side by side: see `docs/benchmarks.md`.

    python -m benchmarks.search_bench --items 20000 --json results.json

A page is: the typed text parsed, the 20 best hits, their passages, all facets counted, each without
its own filter. Engines take turns, so that whatever else the machine does slows all of them.
"""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.corpus import Corpus
from benchmarks.measuring import PeerProcess, built
from benchmarks.options import add_common_options, available
from benchmarks.peers import OURS, peer
from benchmarks.questions import Page, questions
from benchmarks.results import PeerResults, Run, Timing, command_line
from benchmarks.tables import search_report

_FIRST_TOUCHES = 3
_ROUNDS = 5
_PAGES_A_TURN = 5
_SECONDS_A_TURN = 0.5


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_common_options(parser)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="turns of each engine for each query")
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    run = Run(options.items, command_line())
    names = available(options.peers, run)
    corpus.ensure()
    for name in names:
        print(f"index of {peer(name).LABEL} ...", flush=True)
        run.peers[name] = PeerResults(peer(name).LABEL, [built(name, corpus)])
    measure(run, corpus, options.rounds)
    print(search_report(run))
    if options.json:
        run.write(options.json)


def measure(run: Run, corpus: Corpus, rounds: int) -> None:
    """Fill in the timings, memory and differences of `run.peers`, whose indexes are built."""
    with ExitStack() as stack:
        processes = {name: stack.enter_context(PeerProcess(name, corpus)) for name in run.peers}
        first = {(name, number): seconds for name, number, seconds in _first_touches(processes, rounds)}
        for name, process in processes.items():
            run.peers[name].opening_ms = process.open() * 1000
        for number, question in enumerate(questions()):
            print(f"{question.kind} ...", flush=True)
            answering = [name for name in processes if first[name, number]]
            pages = {name: processes[name].pages(number, 1, 0)[1] for name in answering}
            seconds: dict[str, list[float]] = {name: [] for name in answering}
            for _ in range(rounds):
                for name in answering:
                    seconds[name] += processes[name].pages(number, _PAGES_A_TURN, _SECONDS_A_TURN)[0]
            for name in answering:
                page = pages[name]
                if page is not None:
                    timing = Timing.of(first[name, number], seconds[name], page.total)
                    run.peers[name].timings[question.kind] = timing
            run.differences += _differences(question.kind, pages, run)
        for name, process in processes.items():
            run.peers[name].memory = process.memory()


def _first_touches(processes: dict[str, PeerProcess], rounds: int) -> Iterator[tuple[str, int, list[float]]]:
    """(name of the engine, number of the question, seconds of each try); no tries: it cannot answer."""
    for number, question in enumerate(questions()):
        print(f"{question.kind}, first touch ...", flush=True)
        for name, process in processes.items():
            tries = (process.first_touch(number) for _ in range(min(rounds, _FIRST_TOUCHES)))
            yield name, number, [seconds for seconds in tries if seconds is not None]


def _differences(kind: str, pages: dict[str, Page | None], run: Run) -> Iterator[str]:
    ours = pages.get(OURS)
    for name, page in pages.items():
        if ours is None or page is None:
            continue
        label = run.peers[name].label
        if page.total != ours.total:
            yield f"{kind}: {label} finds {page.total:,} items, this site {ours.total:,}"
        elif page.counts != ours.counts:
            yield f"{kind}: {label} finds the same number of items and counts other facet values"


if __name__ == "__main__":
    main()
