"""`manage.py reparse [--all]`: read stored letters again, keep corrections, report what changed."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.table import Table

from determinations.importing.reparsing import letters_to_reread, reread
from determinations.search.engines import search_engine
from determinations.search.indexing import write_changes
from determinations.search.interface import SearchError
from determinations.terminal import console_of, progress_bar


class Command(BaseCommand):
    help = "Read again the letters that an older reader read. What a person corrected by hand stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that the present reader read")

    def handle(self, *, all: bool, **options: Any) -> None:
        console = console_of(self)
        letters = letters_to_reread(everything=all)
        total, changed = letters.count(), 0
        changes: Counter[str] = Counter()
        problems = Table("Letter", "Problem", title="Left as they were", title_justify="left")
        with progress_bar(console, "Reading again", total) as advance:
            for letter in reread(letters):
                advance(1)
                changes.update(name.partition(": ")[2] or name for name in letter.changes)
                changed += bool(letter.changes)
                if letter.problem:
                    problems.add_row(str(letter.determination), letter.problem)
        table = Table(
            "Changed", "Times", title=f"{changed:,} of {total:,} letters changed", title_justify="left"
        )
        for name, times in changes.most_common():
            table.add_row(name, f"{times:,}")
        console.print(table)
        try:
            write_changes(search_engine())
        except SearchError as error:
            raise CommandError(
                f"The letters are stored, but search does not know of it yet: {error}"
            ) from error
        if problems.row_count:
            console.print(problems)
            raise CommandError(f"{problems.row_count} letters could not be read again.")
