"""Measures a whole page of work in every engine, side by side: see `docs/benchmarks.md`.

    python -m benchmarks.search_bench --items 20000 --json results.json

A page is: the typed text read, the 20 best hits, their passages, all facets counted, each without its own
filter, and the outcomes of every value. Each question is asked once of every engine, then the same question
again: "repeated". Engines take turns, so that whatever else the machine does slows all of them.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from statistics import median

from benchmarks.corpus import Corpus
from benchmarks.measuring import Cost, PeerProcess, built
from benchmarks.options import add_common_options, available, positive
from benchmarks.peers import OURS, peer
from benchmarks.questions import Page, Question, unseen_questions
from benchmarks.results import PeerResults, Run, Times, Timing, command_line
from benchmarks.tables import search_report

_FIRST_TOUCHES = 3
_ROUNDS = 2
_QUESTIONS = 12


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_common_options(parser)
    parser.add_argument(
        "--questions", type=positive, default=_QUESTIONS, metavar="N", help="how many of each kind (12)"
    )
    parser.add_argument(
        "--rounds", type=positive, default=_ROUNDS, metavar="N", help="how often each is repeated (2)"
    )
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    run = Run(options.items, command_line())
    names = available(options.peers, run)
    corpus.ensure()
    for name in names:
        print(f"index of {peer(name).label()} ...", flush=True)
        run.peers[name] = PeerResults(peer(name).label(), [built(name, corpus)])
    measure(run, corpus, unseen_questions(corpus, options.questions + 1), options.rounds)
    print(search_report(run))
    if options.json:
        run.write(options.json)


def measure(run: Run, corpus: Corpus, kinds: dict[str, tuple[Question, ...]], rounds: int) -> None:
    """Fill in the timings, memory and differences of `run.peers`, whose indexes are built.

    The first question of each kind is asked of fresh processes, and warms the others up. It is not counted.
    """
    with ExitStack() as stack:
        processes = {name: stack.enter_context(PeerProcess(name, corpus)) for name in run.peers}
        first = {
            (name, question.kind): seconds
            for several in kinds.values()
            for question in several[:1]
            for name, seconds in _first_touches(processes, question, rounds)
        }
        for name, process in processes.items():
            run.peers[name].opening_ms = process.open() * 1000
            for several in kinds.values():
                process.page(several[0])
        for kind, several in kinds.items():
            print(f"{kind} ...", flush=True)
            found = [_asked(processes, question, rounds) for question in several[1:]]
            for name in processes:
                pages = [one[name] for one in found if name in one]
                if pages and first[name, kind]:
                    run.peers[name].timings[kind] = Timing(
                        median(first[name, kind]) * 1000,
                        Times.of([unseen for unseen, _, _ in pages]),
                        Times.of([cost for _, repeated, _ in pages for cost in repeated]),
                        len(pages),
                        round(median(page.total for _, _, page in pages)),
                    )
            run.differences += _differences(kind, run, several[1:], found)
        for name, process in processes.items():
            run.peers[name].memory = process.memory()


_Asked = tuple[Cost, list[Cost], Page]
"""What a question cost the first time, what it cost again, and its page."""


def _first_touches(
    processes: dict[str, PeerProcess], question: Question, rounds: int
) -> Iterator[tuple[str, list[float]]]:
    """(name of the engine, seconds of each try); no tries: it cannot answer."""
    print(f"{question.kind}, first touch ...", flush=True)
    for name, process in processes.items():
        tries = (process.first_touch(question) for _ in range(min(rounds, _FIRST_TOUCHES)))
        yield name, [seconds for seconds in tries if seconds is not None]


def _asked(processes: dict[str, PeerProcess], question: Question, rounds: int) -> dict[str, _Asked]:
    """By name of the engine; without those that cannot answer."""
    found: dict[str, _Asked] = {}
    for name, process in processes.items():
        if (once := process.page(question)) is not None:
            found[name] = (once[0], [], once[1])
    for _ in range(rounds):
        for name, (_, repeated, _) in found.items():
            if (again := processes[name].page(question)) is not None:
                repeated.append(again[0])
    return found


def _differences(
    kind: str, run: Run, questions: Iterable[Question], found: Iterable[dict[str, _Asked]]
) -> Iterator[str]:
    others: Counter[str] = Counter()
    examples: dict[str, str] = {}
    asked = 0
    for question, pages in zip(questions, found, strict=True):
        asked += 1
        ours = pages[OURS][2]
        for name, (_, _, page) in pages.items():
            if _facts(page) == _facts(ours):
                continue
            others[name] += 1
            finds = f"{page.total:,} items, this site {ours.total:,}"
            if page.total == ours.total:
                finds = "the same number of items and counts other facet values or outcomes"
            examples.setdefault(name, f"for {question.typed or question.filters} it finds {finds}")
    for name, number in others.items():
        label = run.peers[name].label
        yield f"{kind}: {label} finds something else for {number} of {asked} questions; {examples[name]}"


def _facts(page: Page) -> tuple[object, ...]:
    return page.total, page.counts, page.outcomes


if __name__ == "__main__":
    main()
