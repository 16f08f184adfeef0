"""`manage.py check_index [--fix]`: does the search index agree with the database?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.formats import date_format
from django.utils.timezone import localtime
from rich.table import Table

from determinations.importing.original_checks import LastCheck, last_check
from determinations.management.database_command import DatabaseCommand
from determinations.search.documents import searchable_items
from determinations.search.engines import search_engine
from determinations.search.indexing import IndexComparison, compare, mend, waiting_changes
from determinations.search.interface import Progress, SearchEngine, SearchError
from determinations.terminal import console_of, progress_bar
from imrsite.installation import PROGRAM

_AFTER_CHANGES = (
    "Letters were changed during the comparison, and these changes may only wait to be written. Check again "
    "when no import runs, or repair it now"
)


class Command(DatabaseCommand):
    help = "Compare the search index with the database; with --fix, repair the index."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="add what is missing or stale, remove orphans")

    def handle(self, *, fix: bool, **options: Any) -> None:
        console = console_of(self)
        engine = search_engine()
        try:
            engine.verify()
            with progress_bar(console, "Comparing", searchable_items().count()) as advance:
                comparison, is_changing = _compared(engine, advance)
            table = Table("Items", "Number", "First keys")
            for name, keys in (
                ("missing in the index", comparison.missing),
                ("stale in the index", comparison.stale),
                ("orphaned in the index", comparison.orphaned),
            ):
                table.add_row(name, f"{len(keys):,}", ", ".join(map(str, keys[:5])))
            console.print(table)
            if fix and not comparison.agrees:
                mend(engine, comparison)
                comparison, is_changing = _compared(engine)
        except SearchError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The index could not be written: {error}. It is unchanged.") from error
        if not comparison.agrees:
            how = _AFTER_CHANGES if is_changing else "Repair it"
            raise CommandError(f"The index differs from the database. {how}: {PROGRAM} check_index --fix")
        console.print("The index agrees with the database.")
        console.print(_originals(last_check()))


def _compared(engine: SearchEngine, advance: Progress | None = None) -> tuple[IndexComparison, bool]:
    """The comparison, and whether letters were changed meanwhile or shortly before."""
    before = engine.status().commit
    comparison = compare(engine, advance)
    return comparison, waiting_changes(engine) > 0 or engine.status().commit != before


def _originals(last: LastCheck | None) -> str:
    if last is None:
        return f"The original letters were never checked here: {PROGRAM} check_originals"
    when = date_format(localtime(last.finished_at), "DATETIME_FORMAT")
    if last.whole:
        return f"The original letters were whole when they were last checked, {when}."
    return (
        f"The last check of the original letters, {when}, found {last.damaged:,} damaged, {last.missing:,} "
        f"missing and {last.unreadable:,} unreadable. Check again: {PROGRAM} check_originals"
    )
