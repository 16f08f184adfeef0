"""Indexes of trigrams on what the admin searches, where the database is PostgreSQL.

Admin pages look for parts of words, whatever their case (`icontains`). An index on the three-letter pieces of
each searched text answers that; words of one or two letters still read the whole table. Other databases read
the whole table always.
"""

import logging
from collections.abc import Iterator

from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from determinations.models.determination import Determination, DisputedItem
from determinations.models.imports import ImportFile
from imrsite.installation import PROGRAM

INDEXED: tuple[tuple[type[models.Model], str], ...] = (
    (Determination, "case_number"),
    (Determination, "public_id"),
    (Determination, "source_name"),
    (Determination, "clinical_summary"),
    (DisputedItem, "request"),
    (DisputedItem, "rationale"),
    (ImportFile, "name"),
    (ImportFile, "content_hash"),
    (ImportFile, "reason"),
)
"""What the admin searches in tables that grow with the letters."""

logger = logging.getLogger(__name__)


def build_search_indexes(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Build the indexes that are missing, on PostgreSQL, while others read and write.

    Gives what is in the way. Does nothing for tables that are not there yet.
    """
    if not _has_trigrams(connection):
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            logger.warning("The extension pg_trgm was not created: %s", error)
            yield (
                f"The extension pg_trgm could not be created ({str(error).strip()}). The admin’s search "
                "works without it, but reads whole tables. Have a superuser run CREATE EXTENSION pg_trgm in "
                f"this database, and run “{PROGRAM} migrate” again."
            )
            return
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")  # an index built beside transactions waits for all of them
        try:
            for model, field in INDEXED:
                if model._meta.db_table in present:
                    _build(connection, model, field)
        finally:
            cursor.execute("RESET lock_timeout")


def index_name(model: type[models.Model], field: str) -> str:
    return f"{model._meta.db_table}_{field}_trigrams"


def _has_trigrams(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def _build(connection: BaseDatabaseWrapper, model: type[models.Model], field: str) -> None:
    quote = connection.ops.quote_name
    name, table, column = map(quote, (index_name(model, field), model._meta.db_table, field))
    beside = "" if connection.in_atomic_block else "CONCURRENTLY"
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        found = cursor.fetchone()
        if found == (True,):
            return
        if found:  # building it was interrupted
            cursor.execute(f"DROP INDEX {beside} {name}")
        cursor.execute(
            f"CREATE INDEX {beside} {name} ON {table} USING gin (upper({column}::text) gin_trgm_ops)"
        )
