"""Writes the committed collection, or checks that it is what the generator makes.

python -m sample_letters.generator            writes sample_letters/<year>/*.txt and *.pdf again
python -m sample_letters.generator --check    fails where a letter differs, is missing or left over
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sample_letters.generator.collection import BLOCK, InventedLetter, invented_letters
from sample_letters.generator.pdf import letter_pdf

COLLECTION = Path(__file__).resolve().parent.parent
SEED = 4728
"""A seed whose letters have something for every example of the help page."""
_PDF_EVERY = 27
"""One letter in so many is a PDF: six of 160."""


def files(count: int, seed: int) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Each letter's place in the collection ("2014/CM14-9000001.txt") and its bytes."""
    pdfs = 0
    for number, invented in enumerate(invented_letters(count, seed), start=1):
        due = number >= pdfs * _PDF_EVERY + _PDF_EVERY // 2
        as_pdf = due and not invented.peculiarities  # disturbances are those of text
        pdfs += as_pdf
        yield _file(invented, as_pdf=as_pdf)


def _file(invented: InventedLetter, *, as_pdf: bool) -> tuple[PurePosixPath, bytes]:
    place = PurePosixPath(str(invented.year), invented.name)
    if as_pdf:
        running = f"Final Determination Letter for IMR Case Number {invented.letter.case_number or ''}"
        return place.with_suffix(".pdf"), letter_pdf(invented.text, running)
    return place.with_suffix(".txt"), invented.text.encode()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sample_letters.generator", description=__doc__)
    parser.add_argument(
        "--count", type=_positive, default=BLOCK, help="how many letters (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, help="same seed, same letters (default: %(default)s)"
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=COLLECTION,
        help="folder to write to or to check (default: sample_letters)",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the folder differs")
    options = parser.parse_args(arguments)
    if options.check:
        return _check(options.output, dict(files(options.count, options.seed)))
    return _write(options.output, dict(files(options.count, options.seed)))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _letters_in(folder: Path) -> set[PurePosixPath]:
    """The letters that a folder holds, one level of years deep."""
    return {
        PurePosixPath(path.relative_to(folder).as_posix())
        for path in folder.glob("20[0-9][0-9]/*")
        if path.suffix in {".txt", ".pdf"}
    }


def _write(folder: Path, wanted: dict[PurePosixPath, bytes]) -> int:
    for place in _letters_in(folder) - set(wanted):
        (folder / place).unlink()
    for place, content in wanted.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(content)
    sys.stdout.write(f"{len(wanted)} invented letters written to {folder}\n")
    return 0


def _check(folder: Path, wanted: dict[PurePosixPath, bytes]) -> int:
    present = _letters_in(folder)
    wrong = [f"left over: {place}" for place in sorted(present - set(wanted))]
    wrong += [f"missing: {place}" for place in sorted(set(wanted) - present)]
    wrong += [
        f"differs: {place}"
        for place, content in sorted(wanted.items())
        if place in present and (folder / place).read_bytes() != content
    ]
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if wrong:
        sys.stderr.write("Make them again with: python -m sample_letters.generator\n")
        return 1
    sys.stdout.write(f"{len(wanted)} letters are as the generator makes them\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
