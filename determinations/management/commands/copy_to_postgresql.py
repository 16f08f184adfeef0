"""`manage.py copy_to_postgresql URL`: moves a site's rows from SQLite to an empty PostgreSQL database."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError
from django.db import Error
from rich.table import Table

from determinations.backup.to_postgresql import CopiedRows, CopyRefusedError, copy_to_postgresql
from determinations.database_errors import error_in_words
from determinations.importing.worker import WorkerRunningError, worker_lock
from determinations.management.database_command import DatabaseCommand
from determinations.terminal import console_of, growing_progress_bar


class Command(DatabaseCommand):
    help = (
        "Copy all rows from SQLite to an empty PostgreSQL database, compare both, and leave SQLite as it is. "
        "Stop the site before. If the copy is interrupted, begin it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "url", metavar="URL", help="such as postgresql://imr@host/imr; PGPASSWORD has the password"
        )

    def handle(self, *, url: str, **options: Any) -> None:
        console = console_of(self)
        try:
            with worker_lock(), growing_progress_bar(console, "Rows copied") as progress:
                copied = copy_to_postgresql(url, os.environ, progress)
        except WorkerRunningError as error:
            raise CommandError(f"{error} Stop the site, then begin again.") from error
        except (CopyRefusedError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(f"{error_in_words(error)}. Nothing was copied: {error}") from error
        console.print(_table_of(copied))
        if changed := sum(table.changed for table in copied.tables):
            console.print(f"{changed:,} texts had null characters, which were left out.")
        if copied.left_out:
            console.print(f"Not copied, as no app of this version has them: {', '.join(copied.left_out)}")
        console.print(
            "Both databases agree. Set IMR_DATABASE_URL to the new one and start the site: the original "
            "letters and the index stay where they are."
        )


def _table_of(copied: CopiedRows) -> Table:
    table = Table("Table", "Rows", "Hash of both")
    for one in copied.tables:
        table.add_row(one.name, f"{one.rows:,}", one.digest)
    return table
