"""`manage.py merge_index`: merges large segments of the search index; searches and changes go on meanwhile.

Whoever keeps the index (`serve`, `worker`, `follow`) runs it when it is due (`index_keeping`).
"""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from determinations.management.database_command import DatabaseCommand
from determinations.search.engines import search_engine
from determinations.search.interface import SearchError

_NICENESS = 10
_NOTHING = (
    "Nothing was merged: nothing is due, another process is merging, or the index was replaced meanwhile."
)


class Command(DatabaseCommand):
    help = "Merge large segments of the search index, if that is due. Searches and changes go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--low-priority", action="store_true", help="let other processes go first")

    def handle(self, *, low_priority: bool, **options: Any) -> None:
        if low_priority:
            os.nice(_NICENESS)
        try:
            merged = search_engine().merge()
        except SearchError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Nothing could be merged: {error}. The index is unchanged.") from error
        self.stdout.write("Large segments were merged." if merged else _NOTHING)
