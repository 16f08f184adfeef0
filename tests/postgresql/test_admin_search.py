"""The admin finds letters by an index of trigrams, and goes on without where none may be made."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model, QuerySet
from django.test import RequestFactory

from determinations.models import Determination, DisputedItem, ImportFile
from determinations.models.trigram_indexes import INDEXED, build_search_indexes, index_name
from tests.databases import ask_server
from tests.importing.sites import Site
from tests.postgresql.conftest import NewDatabase

pytestmark = pytest.mark.django_db


def found(model: type[Model], words: str) -> QuerySet[Model]:
    page = admin.site.get_model_admin(model)
    return page.get_search_results(RequestFactory().get("/"), model._base_manager.all(), words)[0]


@pytest.fixture
def indexes_preferred() -> Iterator[None]:
    """As if the tables were too large to be read."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    yield


@pytest.mark.usefixtures("indexes_preferred")
@pytest.mark.parametrize("model", [Determination, DisputedItem, ImportFile])
def test_a_search_reads_the_index_of_every_field(model: type[Model]) -> None:
    plan = found(model, "lumbar").order_by().values("pk").explain()
    searched = {
        (related_model(model, name), name.rpartition("__")[2])
        for name in admin.site.get_model_admin(model).get_search_fields(RequestFactory().get("/"))
    }
    assert searched <= set(INDEXED)
    assert "Seq Scan" not in plan, plan
    for searched_model, name in searched:
        if searched_model is model:  # of a related one, few rows may as well be joined by their keys
            assert f"Bitmap Index Scan on {index_name(model, name)}" in plan, plan


def related_model(model: type[Model], name: str) -> type[Model]:
    relation = name.rpartition("__")[0]
    return model._meta.get_field(relation).related_model if relation else model  # type: ignore[return-value]


def test_every_index_is_there_and_building_again_changes_nothing() -> None:
    def present() -> set[tuple[str, int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, oid FROM pg_class WHERE relname LIKE '%trigrams'")
            return set(cursor.fetchall())

    before = present()
    assert {name for name, _ in before} == {index_name(*place) for place in INDEXED}
    assert list(build_search_indexes(connection)) == []
    assert present() == before


def test_an_index_whose_building_was_interrupted_is_built_anew() -> None:
    name = index_name(*INDEXED[0])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)", [name])
        assert list(build_search_indexes(connection)) == []
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        assert cursor.fetchone() == (True,)


def test_a_role_that_may_not_make_the_extension_is_told_and_goes_on(
    new_database: NewDatabase, site: Site
) -> None:
    url = new_database("plain")
    name = url.rpartition("/")[2]
    ask_server("DROP ROLE IF EXISTS plain_owner")
    ask_server("CREATE ROLE plain_owner LOGIN")
    plain = Site(site.folder, {"IMR_DATABASE_URL": url.replace("//bench@", "//plain_owner@")})
    try:
        Site(site.folder, {"IMR_DATABASE_URL": url}).manage(
            *("shell", "--no-imports", "-c"),
            "from django.db import connection; connection.cursor().execute("
            "'GRANT CREATE, USAGE ON SCHEMA public TO plain_owner')",
        )
        assert "CREATE EXTENSION pg_trgm" in plain.manage("migrate")
        assert "[ ]" not in plain.manage("showmigrations")
        ask_server(f'GRANT CREATE ON DATABASE "{name}" TO plain_owner')
        assert "CREATE EXTENSION" not in plain.manage("migrate")
        counted = plain.manage(
            *("shell", "--no-imports", "-c"),
            "from django.db import connection as c; k = c.cursor(); "
            "k.execute(\"SELECT count(*) FROM pg_class WHERE relname LIKE '%trigrams'\"); "
            "print(k.fetchone()[0])",
        )
        assert counted.split()[-1] == str(len(INDEXED))
    finally:
        ask_server(f'DROP DATABASE "{name}" WITH (FORCE)')
        ask_server("DROP ROLE plain_owner")
