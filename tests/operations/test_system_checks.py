"""Which commands make system checks, and what they say of a file that somebody edited."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import ALL_CHECKS, BaseCommand, CommandError, SystemCheckError
from pytest_django import Settings

from determinations import checks
from determinations.letters.vocabulary.names import VocabularyError
from determinations.search.query.synonyms import SynonymsError
from tests.campaign.ports import free_port


@pytest.fixture
def swallowed_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def check_vocabulary() -> None:
        raise VocabularyError("services.toml", "mri", "'magnet' is read as pump")

    monkeypatch.setattr(checks, "check_vocabulary", check_vocabulary)


def command(name: str) -> BaseCommand:
    return load_command_class(get_commands()[name], name)


@pytest.mark.django_db
@pytest.mark.usefixtures("swallowed_name")
@pytest.mark.parametrize("name", ["import_letters", "reparse"])
def test_no_letter_is_read_with_a_faulty_vocabulary(name: str, tmp_path: Path) -> None:
    paths = [tmp_path] if name == "import_letters" else []
    with pytest.raises(SystemCheckError, match=r"services.toml.*'magnet' is read as pump") as raised:
        call_command(name, *paths, skip_checks=False, stderr=StringIO())
    assert "Correct the entry that it names" in str(raised.value)


@pytest.mark.django_db
@pytest.mark.usefixtures("swallowed_name")
def test_commands_that_read_no_letter_do_not_wait_for_checks() -> None:
    with pytest.raises(CommandError, match="Nothing was sent"):  # its own words: no mail server is set
        command("send_alerts").execute(force_color=False, no_color=True, skip_checks=False)


@pytest.mark.parametrize("name", ["migrate", "web"])
def test_what_upgrades_a_database_or_serves_pages_makes_every_check(name: str) -> None:
    assert command(name).requires_system_checks == ALL_CHECKS


@pytest.mark.django_db
@pytest.mark.usefixtures("swallowed_name")
def test_a_site_does_not_start_with_a_faulty_vocabulary(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("PORT", str(free_port()))
    with pytest.raises(SystemCheckError, match="'magnet' is read as pump"):
        call_command("serve", skip_checks=False, stdout=StringIO())


@pytest.mark.django_db  # Django 6 asks the database
def test_a_faulty_synonym_is_named_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def synonyms() -> None:
        raise SynonymsError("the entry 'esi' has no spelling")

    monkeypatch.setattr(checks, "synonyms", synonyms)
    with pytest.raises(SystemCheckError, match="the entry 'esi' has no spelling") as raised:
        call_command("check", stderr=StringIO())
    assert "synonyms.toml" in str(raised.value)
