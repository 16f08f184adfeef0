"""A management command that reads or changes the database, and says so where the tables are missing."""

from typing import Literal

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.migrations.executor import MigrationExecutor

from determinations.database_errors import error_in_words
from imrsite.installation import PROGRAM, RUN


class DatabaseCommand(BaseCommand):
    """Refuses to run on a database without this version's tables, instead of ending in a traceback.

    Makes no system checks, which take longer than most commands: `serve`, `web`, `migrate` and `check` make
    them. `import_letters` and `reparse` check the vocabulary.
    """

    requires_system_checks: tuple[str, ...] | Literal["__all__"] = ()
    requires_migrations_checks = True

    def check_migrations(self) -> None:
        if migrations_are_missing():
            raise CommandError(
                f"The database lacks tables of this version. Run “{RUN}” or “{PROGRAM} migrate” first."
            )


def require_server(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Raises CommandError, with the server's own words, where a database server cannot be reached."""
    if connections[alias].vendor == "sqlite":
        return
    try:
        connections[alias].ensure_connection()
    except Error as error:
        raise CommandError(f"{error_in_words(error)}. IMR_DATABASE_URL names the database.") from error


def migrations_are_missing() -> bool:
    """Raises CommandError where the database server cannot be reached."""
    require_server()
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
