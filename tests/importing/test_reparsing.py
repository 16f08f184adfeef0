"""`manage.py reparse`: stored letters read again, corrections kept, changes reported."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from determinations.importing import originals
from determinations.importing.reparsing import letters_to_reread, reread
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.indexing import compare


def read_again() -> dict[str, tuple[str, ...]]:
    return {
        str(letter.determination): letter.changes for letter in reread(letters_to_reread(everything=True))
    }


def test_reading_again_with_the_same_reader_changes_nothing(letters: list[Determination]) -> None:
    assert read_again() == {str(letter): () for letter in letters}


def test_only_letters_of_an_older_reader_are_read(letters: list[Determination]) -> None:
    Determination.objects.filter(pk=letters[0].pk).update(parser_version=0)
    assert list(letters_to_reread(everything=False)) == [letters[0]]
    assert [letter.error for letter in reread(letters_to_reread(everything=False))] == [""]
    assert not letters_to_reread(everything=False).exists()


def test_what_an_older_reader_misread_is_mended_and_reported(letters: list[Determination]) -> None:
    letter = letters[0]
    item = letter.items.get(position=1)
    request = item.request
    Determination.objects.filter(pk=letter.pk).update(clinical_summary="misread")
    letter.items.filter(position=1).update(request="misread")
    item.citations.all().delete()
    changes = read_again()[str(letter)]
    assert {"clinical_summary", "item 1: request"} <= set(changes)
    item.refresh_from_db()
    assert item.request == request
    assert item.citations.exists()


def test_what_a_person_corrected_stays(letters: list[Determination]) -> None:
    letter = letters[0]
    Determination.objects.filter(pk=letter.pk).update(
        clinical_summary="as corrected", corrected_fields=["clinical_summary"]
    )
    letter.items.filter(position=1).update(
        rationale="as corrected", grounds=[], corrected_fields=["rationale"]
    )
    assert read_again()[str(letter)] == ()
    letter.refresh_from_db()
    assert letter.clinical_summary == "as corrected"
    assert letter.items.get(position=1).rationale == "as corrected"


def test_grounds_that_a_person_corrected_stay(letters: list[Determination]) -> None:
    corrected = [{"ground": "exception-justified", "start": 0, "end": 5}]
    letters[0].items.filter(position=1).update(grounds=corrected, corrected_fields=["grounds"])
    assert read_again()[str(letters[0])] == ()
    assert letters[0].items.get(position=1).grounds == corrected


def test_a_corrected_rationale_has_its_own_grounds(letters: list[Determination]) -> None:
    rationale = "There is no documentation of failed physical therapy. It is not medically necessary."
    letters[0].items.filter(position=1).update(rationale=rationale, corrected_fields=["rationale"])
    read_again()
    (ground,) = letters[0].items.get(position=1).stated_grounds
    assert (ground.slug, ground.sentence) == ("conservative-care-not-tried", rationale.split(". ")[0] + ".")


def test_letters_of_before_there_were_grounds_get_them(letters: list[Determination]) -> None:
    (item,) = [row for letter in letters for row in letter.items.exclude(grounds=[])][:1]
    stated = item.grounds
    Determination.objects.update(parser_version=3)
    letters[0].items.model.objects.update(grounds=[])
    list(reread(letters_to_reread(everything=False)))
    item.refresh_from_db()
    assert item.grounds == stated


def test_a_corrected_letter_whose_items_come_out_otherwise_is_left_and_named(
    letters: list[Determination],
) -> None:
    letter = letters[0]
    letter.items.filter(position=1).update(corrected_fields=["request"])
    letter.items.create(position=99, request="added by hand", decision="upheld")
    problems = {str(again.determination): again.error for again in reread(letters_to_reread(everything=True))}
    assert "corrected by hand" in problems[str(letter)]
    assert letter.items.filter(position=99).exists()


def test_missing_bytes_are_named_and_the_others_read(letters: list[Determination]) -> None:
    originals.path_of(letters[0].content_hash).unlink()
    Determination.objects.update(parser_version=0)
    out = StringIO()
    with pytest.raises(CommandError, match="1 letter"):
        call_command("reparse", stdout=out)
    assert str(letters[0]) in out.getvalue()
    assert list(letters_to_reread(everything=False)) == [letters[0]]


def test_the_index_follows(letters: list[Determination]) -> None:
    Determination.objects.update(parser_version=0, clinical_summary="misread")
    call_command("reparse", stdout=StringIO())
    assert compare(search_engine()).agrees
