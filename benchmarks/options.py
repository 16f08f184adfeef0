"""What the scripts have in common: their options and the choice of engines."""

import argparse
from pathlib import Path

from benchmarks.peers import NAMES, OURS, peer
from benchmarks.results import Run

DEFAULT_WORK = Path(__file__).parent.parent / "data" / "benchmarks"


def add_size_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--items", type=positive, default=20_000, metavar="N", help="how many items (20000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file")
    parser.add_argument(
        "--work", type=Path, default=DEFAULT_WORK, metavar="DIR",
        help="where items and indexes are kept, 15 KB an item (data/benchmarks); delete it when finished",
    )  # fmt: skip


def add_common_options(parser: argparse.ArgumentParser) -> None:
    add_size_options(parser)
    parser.add_argument(
        "--peers", nargs="+", choices=NAMES, default=list(NAMES), metavar="NAME",
        help=f"only these engines, of {', '.join(NAMES)}",
    )  # fmt: skip


def available(names: list[str], run: Run) -> list[str]:
    """Those of `names` that can be measured here, prepared, ours always first; says why for the others."""
    found = [OURS]
    for name in names:
        reason = peer(name).unavailable()
        if reason:
            run.missing[name] = reason
            print(f"{peer(name).label()} is left out: {reason}.", flush=True)
        elif name != OURS:
            peer(name).prepare()
            found.append(name)
    return found


def positive(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("the number must be at least 1")
    return number
