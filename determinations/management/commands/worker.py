"""`manage.py worker`: takes imports and writes rows. Needs no index: indexes follow the log of changes."""

from typing import Any

from determinations.index_keeping import NoIndex
from determinations.management.commands.process_imports import work_when_alone
from determinations.management.database_command import DatabaseCommand
from determinations.stopping import stop_request


class Command(DatabaseCommand):
    help = "Import the letters of running batches until Ctrl-C. Several machines may run one each."

    def handle(self, **options: Any) -> None:
        with stop_request() as stop:
            work_when_alone(stop, NoIndex())
