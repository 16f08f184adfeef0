"""`manage.py reparse [--all]`: parses stored letters again, keeps corrections and reports what changed."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import CommandError
from rich.table import Table

from determinations.checks import VOCABULARY
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.reparsing import letters_to_reread, reread
from determinations.index_keeping import keeping_of_this_machine
from determinations.management.database_command import DatabaseCommand
from determinations.terminal import console_of, progress_bar


class Command(DatabaseCommand):
    help = "Parse letters again that an older version of the parser read. Corrections made by hand stay."
    requires_system_checks = (VOCABULARY,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also letters that the current parser read")

    def handle(self, *, all: bool, **options: Any) -> None:
        console = console_of(self)
        letters = letters_to_reread(everything=all)
        total, changed = letters.count(), 0
        changes: Counter[str] = Counter()
        errors = Table("Letter", "Error", title="Unchanged", title_justify="left")
        # With the import's limits of time and memory: a letter that exceeds them stays as it is.
        with progress_bar(console, "Parsing again", total) as advance, ReadingPool() as pool:
            for letter in reread(letters, pool.read_all):
                advance(1)
                changes.update(name.partition(": ")[2] or name for name in letter.changes)
                changed += bool(letter.changes)
                if letter.error:
                    errors.add_row(str(letter.determination), letter.error)
        table = Table(
            "Changed", "Times", title=f"{changed:,} of {total:,} letters changed", title_justify="left"
        )
        for name, times in changes.most_common():
            table.add_row(name, f"{times:,}")
        console.print(table)
        index = keeping_of_this_machine()
        index.write()
        if index.error:
            raise CommandError(index.error)
        if errors.row_count:
            console.print(errors)
            raise CommandError(f"{errors.row_count} letters could not be parsed again.")
