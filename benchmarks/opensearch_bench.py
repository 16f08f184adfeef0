"""Measures whole pages on a cluster beside columns, in processor time of both sides.

    python -m benchmarks.opensearch_bench --items 20000 --url http://127.0.0.1:19200 --pid 1234

`--pid` is the node's process, on this machine. What it does in the turns of columns (compiling, cleaning up
after its own turn) counts for neither. Engines take turns. A page is that of `search_bench`: the
question read, hits, passages, all facets counted, outcomes. Each question is asked once,
then again ("repeated").
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import mean

from benchmarks.corpus import Corpus
from benchmarks.options import positive
from benchmarks.peers import Ask
from benchmarks.peers.columnar import asking
from benchmarks.questions import Page, Question, unseen_questions
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import SearchEngine, SearchRequest
from determinations.search.opensearch.connection import WORK_SECONDS, Access, Cluster
from determinations.search.opensearch.engine import OpenSearchEngine

_TICK = os.sysconf("SC_CLK_TCK")
_MS = 1000.0
_FIRST, _REPEATED = 10, 3


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time, here and in the node."""

    here: float
    node: float

    @property
    def milliseconds(self) -> str:
        return f"{self.here * _MS:.1f} + {self.node * _MS:.1f}"


class Node:
    """A process on this machine whose processor time is read."""

    def __init__(self, pid: int) -> None:
        self._stat = Path(f"/proc/{pid}/stat")

    def seconds(self) -> float:
        fields = self._stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def spent(self, work: Callable[[], object], times: int = 1) -> Spent:
        """What a piece of work takes, each of so many times."""
        here, there = time.process_time(), self.seconds()
        for _ in range(times):
            work()
        return Spent((time.process_time() - here) / times, (self.seconds() - there) / times)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=positive, default=20_000)
    parser.add_argument("--questions", type=positive, default=6, help="how many of each kind (6)")
    parser.add_argument("--warm-up", type=positive, default=3, help="questions of each kind asked before (3)")
    parser.add_argument("--shards", type=positive, default=1)
    parser.add_argument("--url", required=True)
    parser.add_argument("--pid", type=positive, required=True)
    parser.add_argument("--work", type=Path, default=Path("data/benchmarks"))
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    corpus.ensure()
    node = Node(options.pid)
    cluster = Cluster(Access((options.url,)), page_seconds=60.0)
    prefix = f"bench{options.items}"
    columns = ColumnarEngine(corpus.folder / "columns-beside-cluster", processes=1)
    remote = OpenSearchEngine(Access((options.url,)), prefix, shards=options.shards, cluster=cluster)
    print(f"{options.items:,} items; milliseconds of processor time, here + node")
    for name, engine in (("columns", columns), ("cluster", remote)):
        spent = node.spent(partial(engine.replace_all, corpus.documents()))
        print(f"building on {name}: {spent.here:.1f} + {spent.node:.1f} seconds", flush=True)
    cluster.call("POST", f"/{prefix}-*/_forcemerge?max_num_segments=1", seconds=WORK_SECONDS)
    questions = unseen_questions(corpus, options.warm_up + options.questions)
    before = {kind: several[: options.warm_up] for kind, several in questions.items()}
    measured = {kind: several[options.warm_up :] for kind, several in questions.items()}
    warm_up(columns, remote, corpus, before)
    pages(node, columns, remote, corpus, measured)
    others(node, columns, remote)
    cluster.call("DELETE", f"/{prefix}-control")
    for alias in ("items", "words"):
        for index in cluster.call("GET", f"/{prefix}-{alias}-*?filter_path=*.aliases"):
            cluster.call("DELETE", f"/{index}")
    cluster.close()


Questions = dict[str, tuple[Question, ...]]


def warm_up(columns: SearchEngine, remote: SearchEngine, corpus: Corpus, kinds: Questions) -> None:
    """The node compiles what it runs often."""
    in_columns, in_cluster = asking(columns, corpus), asking(remote, corpus)
    for several in zip(*kinds.values(), strict=True):
        for question in several:
            for _ in range(3):
                in_cluster(question)
            in_columns(question)


def pages(node: Node, columns: SearchEngine, remote: SearchEngine, corpus: Corpus, kinds: Questions) -> None:
    asks = (asking(columns, corpus), asking(remote, corpus))
    sums: list[list[float]] = [[], [], [], []]
    print("| kind | items | columns | cluster | columns, repeated | cluster, repeated | same first 10 |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for kind, several in kinds.items():
        asked = [[_asked(node, ask, question) for ask in asks] for question in several]
        seen = [[page for page, _, _ in both] for both in asked]
        if any(one.total != other.total or one.counts != other.counts for one, other in seen):
            print(f"{kind}: totals or counts differ")
        common = mean(_in_common(one.keys[:_FIRST], other.keys[:_FIRST]) for one, other in seen)
        turns = [[times for _, *times in both] for both in asked]
        cells = [_mean([both[side][turn] for both in turns]) for turn in (0, 1) for side in (0, 1)]
        cells[::2] = [replace(of_columns, node=0.0) for of_columns in cells[::2]]
        for column, cell in zip(sums, cells, strict=True):
            column.append(cell.here + cell.node)
        total = round(mean(one.total for one, _ in seen))
        columns_of_row = " | ".join(cell.milliseconds for cell in cells)
        print(f"| {kind} | {total:,} | {columns_of_row} | {common:.0%} |", flush=True)
    together = " | ".join(f"{mean(total) * _MS:.1f}" for total in sums)
    print(f"| together |  | {together} |  |")
    print(f"ratios: {mean(sums[1]) / mean(sums[0]):.1f}, repeated {mean(sums[3]) / mean(sums[2]):.1f}")


def _asked(node: Node, ask: Ask, question: Question) -> tuple[Page, Spent, Spent]:
    """The page, what it took at first, and what it took again."""
    pages: list[Page] = []
    first = node.spent(lambda: pages.append(ask(question)))
    return pages[0], first, node.spent(lambda: ask(question), _REPEATED)


def _in_common(one: Sequence[int], other: Sequence[int]) -> float:
    return len({*one} & {*other}) / len(one) if one else 1.0


def others(node: Node, columns: SearchEngine, remote: SearchEngine) -> None:
    """Work beside pages, each once after a warm-up."""
    every = [SearchRequest()]

    def pairs(engine: SearchEngine) -> object:
        words = engine.word_counts(every)
        return engine.pair_counts(every, [word for word, (count,) in words.items() if count > 50], 50)

    works: dict[str, Callable[[SearchEngine], object]] = {
        "status": lambda engine: engine.status(),
        "completions": lambda engine: engine.words_with_prefix("pr", 8),
        "correction": lambda engine: engine.suggest_word("radiculopaty"),
        "all keys": lambda engine: sum(len(page.hits) for page in engine.all_pages(SearchRequest(), 50_000)),
        "fingerprints": lambda engine: len(list(engine.fingerprints())),
        "words and pairs of all": pairs,
    }
    for name, work in works.items():
        cells = []
        for engine in (columns, remote):
            work(engine)
            cells.append(node.spent(partial(work, engine)))
        print(f"{name}: {cells[0].milliseconds} and {cells[1].milliseconds}", flush=True)


def _mean(several: Sequence[Spent]) -> Spent:
    return Spent(mean(one.here for one in several), mean(one.node for one in several))


if __name__ == "__main__":
    main()
