"""`manage.py reparse` while people correct and delete letters: what they saved stays."""

from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from determinations.importing.letter_reading import LetterRead, LetterRefused, read_stored_letter
from determinations.importing.reparsing import letters_to_reread, reread
from determinations.models import Determination, DisputedItem
from determinations.search.engines import search_engine
from determinations.search.indexing import compare
from tests.admin.test_corrections import change_page, form_data
from tests.importing.sites import ROOT, NewSite, kill_all, wait_until


class ReadsWhilePeopleWork:
    """Reads a group of letters; all are corrected or deleted before what was read is stored."""

    def __init__(self, client: Client, letters: Sequence[Determination], deleted: int) -> None:
        self._client = client
        self._work = [
            *((self._correct_summary, letter) for letter in letters[: len(letters) // 2]),
            *((self._correct_item, letter) for letter in letters[len(letters) // 2 : -deleted]),
            *((self._delete, letter) for letter in letters[-deleted:]),
        ]

    def __call__(self, paths: Sequence[Path]) -> Iterable[LetterRead | LetterRefused]:
        readings = [read_stored_letter(path) for path in paths]  # before anybody works on them
        for reading in readings:
            while self._work:
                do, letter = self._work.pop()
                do(letter)
            yield reading

    def _correct_summary(self, letter: Determination) -> None:
        self._save(letter, clinical_summary=f"Corrected {letter.pk}.")

    def _correct_item(self, letter: Determination) -> None:
        self._save(letter.items.get(position=1), rationale=f"Corrected {letter.pk}.")

    def _save(self, row: Determination | DisputedItem, **fields: str) -> None:
        page = change_page(row)
        assert self._client.post(page, form_data(self._client, page) | fields).status_code == 302

    def _delete(self, letter: Determination) -> None:
        page = reverse("admin:determinations_determination_delete", args=[letter.pk])
        assert self._client.post(page, {"post": "yes"}).status_code == 302


def test_corrections_and_deletions_in_the_group_in_work_stay(
    admin_client: Client, letters: list[Determination]
) -> None:
    Determination.objects.update(patient_age=119)  # something for the parser to mend in each
    deleted = {letter.pk for letter in letters[-4:]}
    people = ReadsWhilePeopleWork(admin_client, letters, deleted=4)
    done = list(reread(letters_to_reread(everything=True), people))
    assert [again.error for again in done] == [""] * (len(letters) - 4)
    assert not Determination.objects.filter(pk__in=deleted).exists()
    for letter in Determination.objects.all():
        item = letter.items.get(position=1)
        corrected = {letter.clinical_summary: letter.corrected_fields, item.rationale: item.corrected_fields}
        assert corrected[f"Corrected {letter.pk}."] in (["clinical_summary"], ["rationale"])
        assert letter.patient_age != 119
    call_command("reparse", "--all", stdout=StringIO())
    assert compare(search_engine()).agrees


def test_a_letter_that_took_another_print_meanwhile_is_read_from_that_one(
    letters: list[Determination],
) -> None:
    letter, other = letters[0], letters[1].content_hash
    read: list[str] = []

    def read_all(paths: Sequence[Path]) -> Iterable[LetterRead | LetterRefused]:
        for path in paths:
            if not read:
                letters[1].delete()
                Determination.objects.filter(pk=letter.pk).update(content_hash=other)
            read.append(path.name)
            yield read_stored_letter(path)

    list(reread(letters_to_reread(everything=True), read_all))
    assert read[-1] == other
    letter.refresh_from_db()
    assert letter.full_text == letters[1].full_text


def test_kills_lose_no_letter_and_no_correction(new_site: NewSite) -> None:
    site = new_site()
    site.manage("import_letters", str(ROOT / "sample_letters" / "2013"))
    letters = site.count("SELECT COUNT(*) FROM determinations_determination")
    everything = "SELECT * FROM determinations_disputeditem ORDER BY id"
    before = site.rows(everything)
    site.execute(
        "UPDATE determinations_determination SET parser_version = 0, clinical_summary = 'Corrected.', "
        "corrected_fields = '[\"clinical_summary\"]'"
    )
    behind = "SELECT COUNT(*) FROM determinations_determination WHERE parser_version = 0"
    for part in (3, 2):
        with site.running("reparse") as process:
            wait_until(lambda part=part: site.count(behind) < letters * part / 4)  # type: ignore[misc]
            kill_all(process)
    site.manage("reparse")
    assert site.count(behind) == 0
    assert site.rows("SELECT DISTINCT clinical_summary FROM determinations_determination") == [
        ("Corrected.",)
    ]
    assert site.count("SELECT COUNT(*) FROM determinations_determination") == letters
    assert site.rows(everything) == before
    assert "agrees" in site.manage("check_index")
