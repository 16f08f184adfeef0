"""Measures how many letters a second come from files on disk to searchable, the whole path.

    python -m benchmarks.import_bench --letters 20000 --json import.json
    python -m benchmarks.import_bench --letters 2000 --kind pdf

Invented letters are written to a folder first, which is not measured. Then, each in a process and a site of
its own: some of them are only read; some are imported with a save for each row; all are imported by this
site; and the first two once more, since a machine is not equally busy all the time.
"""

import argparse
import json
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.imports.baselines import read_only, save_each_row
from benchmarks.imports.measuring import import_all
from benchmarks.imports.results import ImportRun
from benchmarks.imports.tables import import_report
from benchmarks.options import DEFAULT_WORK, positive
from sample_letters.generator import invented_letters

SEED = 20_131_014
LETTERS_OF_BASELINES = 500
T = TypeVar("T")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--letters", type=positive, default=2000, metavar="N", help="how many letters (2000)")
    parser.add_argument("--kind", choices=("text", "pdf"), default="text", help="the letters' files (text)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file")
    parser.add_argument(
        "--work", type=Path, default=DEFAULT_WORK, metavar="DIR", help="where letters are kept, 8 KB each"
    )
    options = parser.parse_args(arguments)
    folder = written_letters(options.work, options.letters, options.kind)
    run = ImportRun(options.letters, options.kind)
    some = sorted(path for path in folder.rglob("*") if path.is_file())[:LETTERS_OF_BASELINES]
    before = [apart(way, options.work, some) for way in (read_only, save_each_row)]
    run = apart(import_all, options.work, folder, run)
    after = [apart(way, options.work, some) for way in (read_only, save_each_row)]
    run.reading_alone, run.each_row_saved = map(list, zip(before, after, strict=True))
    print(import_report(run))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(asdict(run), indent=1) + "\n", encoding="utf-8")


def written_letters(work: Path, letters: int, kind: str) -> Path:
    """A folder of that many letters; made unless an earlier run has."""
    folder = work / f"letters-{letters}-{kind}"
    if folder.exists():
        return folder
    aside = work / f"{folder.name}.part"
    shutil.rmtree(aside, ignore_errors=True)
    for number, letter in enumerate(invented_letters(letters, SEED)):
        path = aside / f"{number // 1000:03}" / f"{number:07}.{'pdf' if kind == 'pdf' else 'txt'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_pdf(letter.text, letter.name) if kind == "pdf" else letter.text.encode())
    aside.replace(folder)
    return folder


def _pdf(text: str, name: str) -> bytes:
    from sample_letters.generator.pdf import letter_pdf  # brings reportlab, which no measured process needs

    return letter_pdf(text, name)


def apart(way: Callable[..., T], work: Path, *arguments: Any) -> T:
    """What `way` gives, in a process of its own with a folder that is removed afterwards."""
    site = Path(tempfile.mkdtemp(dir=work, prefix="import-"))
    try:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
            return process.submit(way, site, *arguments).result()
    finally:
        # What is left of it must not cost a long run its result.
        shutil.rmtree(site, ignore_errors=True)


if __name__ == "__main__":
    main()
