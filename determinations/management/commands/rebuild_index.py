"""`manage.py rebuild_index`: the search index anew from the database; the old one serves meanwhile."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from determinations.search.documents import searchable_items
from determinations.search.engines import search_engine
from determinations.search.indexing import rebuild
from determinations.search.interface import SearchError
from determinations.terminal import console_of, progress_bar


class Command(BaseCommand):
    help = "Build the search index anew from the database. The old index serves until the new one is ready."

    def handle(self, **options: Any) -> None:
        console = console_of(self)
        try:
            with progress_bar(console, "Indexing", searchable_items().count()) as advance:
                documents = rebuild(search_engine(), advance)
        except SearchError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The new index could not be written: {error}. The old one is as it was. "
                "Make room or clear the way, then run this command again."
            ) from error
        console.print(f"The index holds {documents:,} disputed items.")
