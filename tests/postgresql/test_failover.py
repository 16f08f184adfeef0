"""A primary is lost and its standby takes over: the site says so, goes on there, and has lost nothing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.campaign.postgresql_pair import PostgresqlPair
from tests.importing.letter_folders import write_letters
from tests.importing.sites import Site
from tests.operations.conftest import NewWebServer
from tests.operations.test_locked_database import MAKE, Visitor
from tests.postgresql.test_lost_database import PASSWORD


@pytest.fixture
def pair() -> Iterator[PostgresqlPair]:
    with tempfile.TemporaryDirectory(prefix="imr-pair-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database's user has to reach its clusters
        pair = PostgresqlPair(folder)
        try:
            pair.start()
            yield pair
        finally:
            pair.stop()


def test_a_site_goes_on_with_the_standby_that_took_over(
    pair: PostgresqlPair, serve: NewWebServer, tmp_path: Path
) -> None:
    site = Site(tmp_path / "site", {"IMR_DATABASE_URL": pair.url})
    site.folder.mkdir()
    site.manage("migrate", "--verbosity", "0")
    site.manage("shell", "--no-imports", "-c", MAKE)
    site.manage("import_letters", *map(str, write_letters(tmp_path / "letters", 2)))
    ((public_id,),) = pair.rows("SELECT public_id FROM determinations_determination LIMIT 1")
    chief = Visitor(serve(site))
    assert chief.send("/account/sign-in/", username="chief", password=PASSWORD).status == 302
    assert chief.send("/saved/save/", name="before", query="q=before").status == 302

    pair.primary.stop_immediately()
    for answer in (chief.open(f"/determinations/{public_id}/"), chief.send("/saved/save/", name="lost")):
        assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0

    pair.promote_standby()
    assert chief.open(f"/determinations/{public_id}/").status == 200
    assert chief.send("/saved/save/", name="after", query="q=after").status == 302
    names = [name for (name,) in pair.rows("SELECT name FROM determinations_savedsearch ORDER BY id")]
    assert names == ["before", "after"]

    pair.join_standby()  # the old primary is now the standby, and commits wait for it
    assert chief.send("/saved/save/", name="both", query="q=both").status == 302
    assert pair.standby.ask("SELECT name FROM determinations_savedsearch WHERE name = 'both'")
    assert "agrees" in site.manage("check_index")
