"""A management command that reads or changes the database, and says so where the tables are missing."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from imrsite.installation import PROGRAM, RUN


class DatabaseCommand(BaseCommand):
    """Refuses to run on a database without this version's tables, instead of ending in a traceback."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        if migrations_are_missing():
            raise CommandError(
                f"The database lacks tables of this version. Run “{RUN}” or “{PROGRAM} migrate” first."
            )


def migrations_are_missing() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
