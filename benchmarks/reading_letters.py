"""How fast letters are read: letters a second on one core, and whether time grows with length only.

python -m benchmarks.reading_letters [--letters 1000] [--hostile 200000] [--without-grounds] [--processes 2]

The first table reads letters of the sample generator; the second reads hostile texts of a length and of
twice that length, and prints the largest ratios: about 2 is linear, 4 would be quadratic. Times are of the
processor, so that other work on the machine has less of a say. With `--processes` several read at once, as an
import does, and the time is that of the clock.
"""

import argparse
import time
from collections.abc import Sequence
from multiprocessing import get_context
from unittest.mock import patch

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import UnreadableLetterError
from sample_letters.generator import invented_letters
from tests.letters.text.test_hostile_texts import EARLY, ISSUES, NOTICE, UNITS

_FORK = get_context("fork")
_RUNS = 3
_SHOWN = 10
_TOO_SHORT_TO_COMPARE = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=1000, help="letters to read (default 1000)")
    parser.add_argument(
        "--hostile", type=int, default=200_000, help="characters of a hostile text; 0 for none"
    )
    parser.add_argument(
        "--without-grounds", action="store_true", help="leave out the grounds of the rationales"
    )
    parser.add_argument(
        "--processes", type=int, default=0, help="read with so many at once, by the clock, and end"
    )
    arguments = parser.parse_args()
    for invented in invented_letters(10, seed=2):
        parse_letter(invented.text)  # builds the vocabulary
    if arguments.processes:
        _read_by_several(arguments.letters, arguments.processes)
        return
    if arguments.without_grounds:
        with patch("determinations.letters.parse.read_grounds", new=_no_grounds):
            _read_letters(arguments.letters)
    else:
        _read_letters(arguments.letters)
    if arguments.hostile:
        _read_hostile_texts(arguments.hostile)


def _no_grounds(*_: object) -> tuple[()]:
    return ()


def _read_letters(count: int) -> None:
    by_layout: dict[str, list[str]] = {}
    for invented in invented_letters(count, seed=1):
        by_layout.setdefault(invented.letter.layout.value, []).append(invented.text)
    every = [text for texts in by_layout.values() for text in texts]
    print(f"{'layout':12} {'letters':>8} {'characters':>11} {'letters/s':>10}")
    for name, texts in (*sorted(by_layout.items()), ("all", every)):
        seconds = min(_seconds(texts) for _ in range(_RUNS))
        print(f"{name:12} {len(texts):8} {sum(map(len, texts)):11,} {len(texts) / seconds:10,.0f}")


def _read_by_several(count: int, processes: int) -> None:
    texts = [invented.text for invented in invented_letters(count, seed=1)]
    with _FORK.Pool(processes) as pool:
        start = time.perf_counter()
        pool.map(_read_all, [texts[first::processes] for first in range(processes)], chunksize=1)
        seconds = time.perf_counter() - start
    print(
        f"{len(texts):,} letters by {processes} processes: {len(texts) / seconds:,.0f} a second by the clock"
    )


def _read_hostile_texts(length: int) -> None:
    rows = []
    for head in ("", ISSUES, EARLY, NOTICE):
        for unit in UNITS:
            once, twice = (
                min(_seconds([head + unit * (size // len(unit))]) for _ in range(_RUNS))
                for size in (length, 2 * length)
            )
            if twice > _TOO_SHORT_TO_COMPARE:
                rows.append((twice / once, twice, head[:12], unit))
    print(f"\n{'ratio':>6} {'seconds':>8}  text ({2 * length:,} characters)")
    for ratio, seconds, head, unit in sorted(rows, reverse=True)[:_SHOWN]:
        print(f"{ratio:6.1f} {seconds:8.2f}  {head!r} + {unit!r} repeated")


def _seconds(texts: Sequence[str]) -> float:
    """Processor time in which the texts are read, by a process that remembers none of them."""
    with _FORK.Pool(1) as pool:
        return pool.apply(_read_all, (texts,))


def _read_all(texts: Sequence[str]) -> float:
    start = time.process_time()
    for text in texts:
        try:
            parse_letter(text)
        except UnreadableLetterError as error:
            if error.code != "not_a_determination":
                raise
    return time.process_time() - start


if __name__ == "__main__":
    main()
