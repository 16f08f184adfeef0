"""`manage.py rebuild_index`: rebuilds the search index from the database; searches use the old one."""

from typing import Any

from django.core.management.base import CommandError

from determinations.management.database_command import DatabaseCommand
from determinations.search.documents import searchable_items
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild
from determinations.search.interface import SearchError
from determinations.terminal import console_of, progress_bar


class Command(DatabaseCommand):
    help = "Rebuild the search index from the database. Searches use the old one until the new one is ready."

    def handle(self, **options: Any) -> None:
        console = console_of(self)
        try:
            with progress_bar(console, "Indexing", searchable_items().count()) as advance:
                documents = rebuild(search_engine(), advance)
        except SearchError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The new index could not be written: {error}. The old one is unchanged. "
                "Free space or fix the path, then run this command again."
            ) from error
        console.print(f"The index contains {documents:,} disputed items.")
