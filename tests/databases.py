"""Where the tests' sites have their rows: SQLite files, or databases of the PostgreSQL that a variable names.

`make test-postgresql` starts a cluster of its own and sets IMR_TEST_DATABASE_URL to it. Each site then has a
database there, named after its folder.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from psycopg import Connection

CLUSTER = os.environ.get("IMR_TEST_DATABASE_URL", "")
ON_POSTGRESQL = bool(CLUSTER)
Rows = list[tuple[Any, ...]]

files_of_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="this is about SQLite's own files")
needs_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="make test-postgresql runs this")


def database_url(folder: Path) -> str:
    """Of the site in the folder, whose database is made if there is none; "" for SQLite's default."""
    if not ON_POSTGRESQL:
        return ""
    name = name_of(folder)
    if not ask_server("SELECT 1 FROM pg_database WHERE datname = %s", name):
        create_database(name)
    return url_of(name)


def url_of(name: str) -> str:
    return urlsplit(CLUSTER)._replace(path=f"/{name}").geturl()


def name_of(folder: Path) -> str:
    return f"site_{sha256(str(folder).encode()).hexdigest()[:16]}"


def create_database(name: str, like: str = "template0") -> None:
    end_connections(like)
    ask_server(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')


def drop_database(name: str) -> None:
    ask_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def end_connections(name: str) -> None:
    """Of all processes to the database, which find out at their next question."""
    ask_server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)


def copy_site(source: Path, folder: Path) -> None:
    """A data directory, and its database; nothing may use them meanwhile."""
    shutil.copytree(source, folder)
    if ON_POSTGRESQL:
        drop_database(name_of(folder))
        create_database(name_of(folder), like=name_of(source))


def ask(folder: Path, query: str) -> Rows:
    """Rows of the site's database; a locked one is asked again."""
    if ON_POSTGRESQL:
        return _asked(database_url(folder), query)
    with closing(sqlite3.connect(folder / "imr.sqlite3", timeout=30)) as connection:
        return connection.execute(query).fetchall()


def execute(folder: Path, statement: str) -> None:
    """Change the database behind the site's back."""
    if ON_POSTGRESQL:
        _asked(database_url(folder), statement)
        return
    with closing(sqlite3.connect(folder / "imr.sqlite3", timeout=30)) as connection, connection:
        connection.execute(statement)


def is_empty(folder: Path) -> bool:
    """Whether the site's database has no table yet, or is not there."""
    if ON_POSTGRESQL:
        return ask(folder, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    return not (folder / "imr.sqlite3").exists()


def dump(folder: Path) -> bytes:
    """All rows of the site in PostgreSQL; SQLite's file has its own."""
    if not ON_POSTGRESQL:
        return b""
    return subprocess.run(["pg_dump", database_url(folder)], capture_output=True, check=True).stdout


def ask_copy(copy: Path, query: str) -> Rows:
    """Rows of a database that a backup has; PostgreSQL's is put back aside for it."""
    if ON_POSTGRESQL:
        name = name_of(copy)
        if not ask_server("SELECT 1 FROM pg_database WHERE datname = %s", name):
            create_database(name)
            subprocess.run(["pg_restore", "--no-owner", "--dbname", url_of(name), copy], check=True)
        return _asked(url_of(name), query)
    with closing(sqlite3.connect(copy)) as connection:
        return connection.execute(query).fetchall()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Within the block, the site's rows can be read and not changed."""
    if ON_POSTGRESQL:
        tables = ask(folder, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        with _connected(database_url(folder)) as other, other.transaction(force_rollback=True):
            names = ", ".join(f'"{table}"' for (table,) in tables)
            other.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE".encode())
            yield
        return
    with closing(sqlite3.connect(folder / "imr.sqlite3", timeout=30)) as program:
        program.execute("BEGIN IMMEDIATE")
        yield
        program.rollback()


def ask_server(query: str, *values: object) -> Rows:
    """Ask or change what belongs to the whole cluster."""
    return _asked(url_of("postgres"), query, *values)


def _asked(url: str, query: str, *values: object) -> Rows:
    with _connected(url) as connection:
        statement = query.replace("group_concat(", "string_agg(")  # which SQLite calls so
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def _connected(url: str) -> "Connection[Any]":
    import psycopg

    return psycopg.connect(url, autocommit=True)
