"""A site moves from SQLite to PostgreSQL: every row as it was, or nothing."""

import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.backup.to_postgresql import _Digest, _without_null_characters, copied_models
from tests import databases
from tests.importing.letter_folders import write_letters
from tests.importing.sites import Site, wait_until
from tests.postgresql.conftest import NewDatabase

ODD = "é 🩺 \t tab\nline\r \\N \\. 'quote' \"%s\" {x} \u2028 \x7f \u00a0,;"
FILL = (
    f"odd = {ODD!r}"
    + """
from datetime import UTC, datetime
from django.contrib.auth.models import Group, Permission, User
from determinations.models import *
user = User.objects.create_user("odd", "odd@example.org", "only for tests", first_name=odd[:30])
group = Group.objects.create(name=odd)
user.groups.add(group)
group.permissions.add(*Permission.objects.filter(codename__contains="import"))
folder = Folder.objects.create(owner=user, name=odd)
item = DisputedItem.objects.order_by("pk").last()
item.request = odd
item.corrected_fields = [odd, "", "1e400", "-0", "x" * 5000]
item.save()
letter = item.determination
letter.clinical_summary = "  " + odd * 3000 + "\\n"
letter.save()
SavedSearch.objects.create(user=user, name=odd, query="q=" + "a" * 50, seen=bytes(range(256)))
early, late = datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC), datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
PastSearch.objects.create(user=user, query="q", total=0, searched_at=early)
PastSearch.objects.create(user=user, query="r", total=1, searched_at=late)
"""
)
COUNT = "SELECT count(*) FROM "
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def rows_in(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def dump_of(file: Path) -> str:
    """A hash of everything in an SQLite file."""
    with closing(sqlite3.connect(file)) as connection:
        return sha256("\n".join(connection.iterdump()).encode()).hexdigest()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("sqlite") / "site", {"IMR_DATABASE_URL": ""})
    site.folder.mkdir()
    site.manage("migrate", "--verbosity", "0")
    letters = write_letters(site.folder.parent / "letters", 30)
    (site.folder.parent / "letters" / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    site.manage("import_letters", *map(str, (*letters, letters[0].parent / "broken.pdf")), status=3)
    site.manage("shell", "--no-imports", "-c", FILL)
    site.manage("rebuild_index")
    return site


@pytest.fixture
def source(filled: Site) -> Iterator[Site]:
    file = filled.folder / "imr.sqlite3"
    before = dump_of(file)
    yield filled
    assert dump_of(file) == before


def moved(site: Site, url: str) -> Site:
    return Site(site.folder, {"IMR_DATABASE_URL": url})


def asked(url: str, query: str) -> list[tuple[Any, ...]]:
    return databases._asked(url, query)


def test_every_row_arrives_and_the_site_goes_on(source: Site, new_database: NewDatabase) -> None:
    url, file = new_database("target"), source.folder / "imr.sqlite3"
    said = source.manage("copy_to_postgresql", url)
    for model in copied_models():
        table = model._meta.db_table
        count = rows_in(file, COUNT + table)[0][0]
        assert asked(url, COUNT + table)[0][0] == count
        line = next(line for line in said.splitlines() if f" {table} " in line)
        assert f" {count:,} " in line
    for query in (
        "SELECT id, public_id, clinical_summary, full_text FROM determinations_determination ORDER BY 1",
        "SELECT id, request, rationale FROM determinations_disputeditem ORDER BY 1",
        "SELECT id, username, first_name, password FROM auth_user ORDER BY 1",
        "SELECT id, name, seen FROM determinations_savedsearch ORDER BY 1",
        "SELECT group_id, permission_id FROM auth_group_permissions ORDER BY 1, 2",
        "SELECT id, app_label, model FROM django_content_type ORDER BY 1",
        "SELECT app, name FROM django_migrations ORDER BY 1, 2",
    ):
        assert asked(url, query) == rows_in(file, query)
    times = "SELECT query, to_char(searched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') FROM "
    assert asked(url, f"{times} determinations_pastsearch ORDER BY 1") == [
        ("q", "0001-01-01 00:00:00.000001"),
        ("r", "2026-11-01 09:30:00.000000"),
    ]
    assert "x" * 5000 in str(
        asked(url, "SELECT corrected_fields FROM determinations_disputeditem ORDER BY id")[-1]
    )

    site = moved(source, url)
    assert "agrees" in site.manage("check_index")
    assert "No planned migration" in site.manage("migrate", "--plan")


def test_what_the_copy_dropped_meanwhile_is_there_again(source: Site, new_database: NewDatabase) -> None:
    """Foreign keys, indexes, and sequences that go on behind the copied keys."""
    shape = """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        UNION ALL SELECT tablename::text, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        ORDER BY 1, 2, 3
    """
    migrated, url = new_database("migrated"), new_database("target")
    moved(source, migrated).manage("migrate", "--verbosity", "0")
    source.manage("copy_to_postgresql", url)
    assert asked(url, shape) == asked(migrated, shape)
    moved(source, url).manage(
        *("shell", "--no-imports", "-c"),
        "from django.contrib.auth.models import User; User.objects.create_user('next')",
    )
    assert asked(url, "SELECT max(id) FROM auth_user WHERE username = 'next'") == [(2,)]


def test_a_target_with_rows_is_refused_and_keeps_them(source: Site, new_database: NewDatabase) -> None:
    url = new_database("target")
    moved(source, url).manage("migrate", "--verbosity", "0")
    asked(url, "INSERT INTO auth_group (name) VALUES ('ours')")
    assert "auth_group" in source.manage("copy_to_postgresql", url, status=1)
    assert asked(url, "SELECT name FROM auth_group") == [("ours",)]
    assert asked(url, "SELECT count(*) FROM determinations_determination") == [(0,)]


@pytest.mark.parametrize("url", ["", "sqlite:////tmp/x.sqlite3", "mysql://x/y", "nothing"])
def test_what_is_no_postgresql_is_refused(source: Site, url: str) -> None:
    said = source.manage("copy_to_postgresql", url, status=1)
    assert "Traceback" not in said


def test_a_server_that_is_not_there_is_told_in_words(source: Site) -> None:
    said = source.manage("copy_to_postgresql", "postgresql://nobody@127.0.0.1:1/imr", status=1)
    assert "does not respond" in said and "Traceback" not in said


def test_a_copy_that_was_killed_begins_anew(source: Site, new_database: NewDatabase) -> None:
    url = new_database("target")
    begun = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%'"
    for _ in range(3):
        with source.running("copy_to_postgresql", url) as process:

            def has_begun(process: "subprocess.Popen[bytes]" = process) -> bool:
                return bool(asked(url, begun)[0][0]) or process.poll() is not None

            wait_until(has_begun)
    databases.end_connections(url.rpartition("/")[2])
    rows = asked(url, "SELECT count(*) FROM determinations_determination") if asked(url, TABLES) else [(0,)]
    if rows == [(0,)]:
        source.manage("copy_to_postgresql", url)
    assert asked(url, "SELECT count(*) FROM determinations_determination") == [(30,)]


def test_while_an_import_runs_nothing_is_copied(filled: Site, new_database: NewDatabase) -> None:
    url = new_database("target")
    log = filled.folder / "process_imports.log"
    with filled.running("process_imports"):  # which notes how far its index follows
        wait_until(lambda: log.exists() and "is ready" in log.read_text())
        assert "Stop the site" in filled.manage("copy_to_postgresql", url, status=1)
    assert asked(url, TABLES) == []


@contextmanager
def changed(source: Site, statement: str, back: str) -> Iterator[None]:
    with closing(sqlite3.connect(source.folder / "imr.sqlite3")) as connection:
        connection.execute(statement)
        connection.commit()
        try:
            yield
        finally:
            connection.execute(back)
            connection.commit()


def test_null_characters_are_left_out_and_counted(source: Site, new_database: NewDatabase) -> None:
    url = new_database("target")
    with changed(
        source,
        "UPDATE auth_user SET last_name = 'a' || char(0) || 'b'",
        "UPDATE auth_user SET last_name = ''",
    ):
        assert "1 texts had null characters" in source.manage("copy_to_postgresql", url)
    assert asked(url, "SELECT last_name FROM auth_user") == [("ab",)]


def test_a_text_that_does_not_fit_is_named_and_nothing_copied(
    source: Site, new_database: NewDatabase
) -> None:
    url = new_database("target")
    with changed(
        source,
        "UPDATE auth_user SET last_name = printf('%.151c', 'x')",
        "UPDATE auth_user SET last_name = ''",
    ):
        said = source.manage("copy_to_postgresql", url, status=1).replace("\n", " ")
    assert "auth_user.last_name" in said and "151" in said
    assert asked(url, "SELECT count(*) FROM determinations_determination") == [(0,)]
    source.manage("copy_to_postgresql", url)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.integers(), VALUES, st.binary()), max_size=6), st.randoms())
def test_the_hash_is_of_the_rows_and_not_of_their_order(rows: list[tuple[Any, ...]], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert digest(rows) == digest(shuffled)
    assert digest(rows) != digest([*rows, (0, None, b"")])
    as_memory = [(key, value, memoryview(data)) for key, value, data in rows]
    assert digest(rows) == digest(as_memory)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, ""),
        (1, "1"),
        (True, "True"),
        (b"a", "a"),
        ([], {}),
        ("a", "a "),
        ({"a": 1}, {"a": 2}),
        (0.5, 0.25),
    ],
)
def test_values_that_differ_have_other_hashes(one: object, other: object) -> None:
    assert digest([(one,)]) != digest([(other,)])


def digest(rows: Iterable[tuple[Any, ...]]) -> str:
    found = _Digest()
    for row in rows:
        found.add(row)
    return found.text


@given(VALUES)
def test_only_null_characters_are_left_out(value: object) -> None:
    cleaned = _without_null_characters(value)
    assert not any("\0" in text for text in texts_in(cleaned))
    assert "".join(texts_in(cleaned)) == "".join(texts_in(value)).replace("\0", "")
    assert _without_null_characters(cleaned) == cleaned


def texts_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from texts_in(one)
        case dict():
            for key, one in value.items():
                yield key
                yield from texts_in(one)
