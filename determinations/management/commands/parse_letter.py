"""`manage.py parse_letter PATH...`: prints parsed letters as JSON Lines. Does not save, needs no database."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from determinations.importing.letter_reading import LetterRefused
from determinations.importing.reading_pool import ReadingPool
from determinations.letters.parsed_letter import letter_to_json
from determinations.letters.spans.reading import FactSpan, spans_of

_SUFFIXES = frozenset({".txt", ".pdf", ".docx"})


class Command(BaseCommand):
    help = (
        "Parse letters (.txt, .pdf, .docx, folders) and print one JSON object per letter; a file with "
        "several letters gives several. Does not save."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", type=Path, help="a letter or a folder of letters"
        )
        parser.add_argument(
            "--spans",
            action="store_true",
            help="also print where each fact was read: its name, offsets in the letter's text, and the words",
        )

    def handle(self, *args: Any, paths: list[Path], spans: bool = False, **options: Any) -> None:
        failed = total = 0
        with ReadingPool(processes=1) as pool:
            for path in _files(paths):
                answers = _read(path, pool, with_spans=spans)
                total += 1
                failed += "error" in answers[0]
                for answer in answers:
                    self.stdout.write(json.dumps(answer))
                self.stdout.flush()
        if failed:
            raise CommandError(
                f"{failed} of {total} files could not be read as determinations. See their errors."
            )


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and the letters of the folders named, in a stable order."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        letters = sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
        # A folder without letters is reported as itself, so that a mistyped folder is not silence.
        yield from letters or [path]


def _read(path: Path, pool: ReadingPool, *, with_spans: bool) -> list[dict[str, object]]:
    """Read the file as an import does, with its limits of time and memory."""
    name = str(path)
    if path.is_dir():
        return _unreadable(name, "no_letters", "The folder has no letters (.txt, .pdf, or .docx).")
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError:
        return _unreadable(name, "no_such_file", "There is no such file or folder.")
    except OSError as error:
        return _unreadable(name, "unreadable_file", f"The file cannot be read: {error.strerror}.")
    (outcome,) = pool.read_all([path])
    if isinstance(outcome, LetterRefused):
        return _unreadable(name, outcome.code, outcome.reason)
    letters = [read.letter for read in (outcome, *outcome.others)]
    answers: list[dict[str, object]] = [{"file": name, **letter_to_json(letter)} for letter in letters]
    if with_spans:
        for answer, letter in zip(answers, letters, strict=True):
            answer["spans"] = [_span(span, outcome.text) for span in spans_of(outcome.text, letter)]
    return answers


def _span(span: FactSpan, text: str) -> dict[str, object]:
    return {
        "fact": span.fact_path,
        "start": span.start,
        "end": span.end,
        "certainty": span.certainty.value,
        "text": text[span.start : span.end],
    }


def _unreadable(name: str, code: str, message: str) -> list[dict[str, object]]:
    return [{"file": name, "error": {"code": code, "message": message}}]
