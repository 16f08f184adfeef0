"""How the admin searches millions of rows: by an index of trigrams, which PostgreSQL has.

Admin pages look for parts of words, whatever their case (`icontains`). An index on the three-letter pieces of
each searched text answers that; words of one or two letters still read the whole table. Other databases read
the whole table always.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db import DatabaseError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import smart_split, unescape_string_literal

from determinations.models import Determination, DisputedItem, ImportFile
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


class IndexedSearch(ModelAdmin[Any]):
    """Finds the same rows as Django's own search, asking one table at a time, so that indexes are used.

    A condition on two tables at once, joined by OR, reads both whole.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in _words(search_term):
            first, *others = (
                self.model._base_manager.filter(condition).values("pk")
                for condition in _conditions(map(str, self.get_search_fields(request)), word)
            )
            queryset = queryset.filter(pk__in=first.union(*others) if others else first)
        return queryset, False


def _words(search_term: str) -> Iterator[str]:
    """Words, and texts in quotation marks without them."""
    for word in smart_split(search_term):
        is_quoted = word.startswith(('"', "'")) and word[0] == word[-1]
        yield unescape_string_literal(word) if is_quoted else word


def _conditions(search_fields: Iterable[str], word: str) -> Iterable[Q]:
    """For each table, that one of its searched fields contains the word."""
    by_table: dict[str, Q] = {}
    for name in search_fields:
        table = name.rpartition("__")[0]
        by_table[table] = by_table.get(table, Q()) | Q(**{f"{name}__icontains": word})
    return by_table.values()


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
