"""Measures how many items a second each engine indexes, in one process and in two.

    python -m benchmarks.index_bench --items 20000 --json results.json

Every engine reads the same items from the same file, one by one. The time is until the index is on
disk and ready to be asked.
"""

import argparse

from benchmarks.corpus import Corpus
from benchmarks.measuring import build
from benchmarks.options import add_common_options, available
from benchmarks.peers import peer
from benchmarks.results import PeerResults, Run, command_line
from benchmarks.tables import index_report

_IN_TWO = ("columnar", "tantivy_rust")
"""Engines that can index in two processes or threads. (Whoosh's own `procs` is slower than one process.)"""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_common_options(parser)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.work, options.items)
    run = Run(options.items, command_line())
    names = available(options.peers, run)
    corpus.ensure()
    for name in names:
        found = run.peers[name] = PeerResults(peer(name).label())
        for processes in (1, 2) if name in _IN_TWO else (1,):
            print(f"{found.label} in {processes} ...", flush=True)
            found.builds.append(build(name, corpus, processes))
    print(index_report(run))
    if options.json:
        run.write(options.json)


if __name__ == "__main__":
    main()
