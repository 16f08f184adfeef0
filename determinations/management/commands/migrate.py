"""`manage.py migrate`: one process at a time on PostgreSQL, and indexes for the admin's search at the end.

Several machines may start at one moment, and each migrates first. The others wait for the one that began, and
then find nothing to do. They ask again and again instead of in one statement that waits: an index that is
built beside running transactions would wait for that statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from determinations.database_errors import error_in_words, kind_of_error
from determinations.management.database_command import require_server
from determinations.models.trigram_indexes import build_search_indexes

LOCK_KEY = 4_906_143_877
"""Of the advisory lock: any number that no other program on the database uses."""
SECONDS_BETWEEN_TRIES = 0.2


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        require_server(options["database"])
        connection = connections[options["database"]]
        changes = not (options["plan"] or options["check_unapplied"])
        try:
            with self._alone(connection):
                super().handle(*args, **options)
                if changes and connection.vendor == "postgresql":
                    for problem in build_search_indexes(connection):
                        self.stdout.write(self.style.WARNING(problem))
        except OperationalError as error:
            if kind_of_error(error) is None:
                raise
            raise CommandError(
                f"{error_in_words(error)}. The migration was stopped. Run it again; what is done stays done."
            ) from error

    @contextmanager
    def _alone(self, connection: BaseDatabaseWrapper) -> Iterator[None]:
        if connection.vendor != "postgresql":
            yield
            return
        waits = False
        while not _asked(connection, "SELECT pg_try_advisory_lock(%s)"):
            if not waits:
                self.stdout.write("Another process is migrating the database. Waiting for it.")
            waits = True
            sleep(SECONDS_BETWEEN_TRIES)
        try:
            yield
        finally:
            # A connection that was lost has given it back.
            if connection.connection is not None and connection.is_usable():
                _asked(connection, "SELECT pg_advisory_unlock(%s)")


def _asked(connection: BaseDatabaseWrapper, question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [LOCK_KEY])
        return bool(cursor.fetchone() == (True,))
