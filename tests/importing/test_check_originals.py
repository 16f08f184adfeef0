"""`manage.py check_originals`: damaged and missing originals are named; an import mends them."""

from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from determinations.importing import originals
from determinations.importing.original_checks import check_originals, last_check
from determinations.importing.reading_pool import ReadingPool
from determinations.importing.reparsing import letters_to_reread, reread
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.indexing import write_changes
from tests.importing.running import imported, results
from tests.importing.troublesome_reader import read_as_told


def damage(letter: Determination) -> bytes:
    """Change four bytes of the kept file in place; gives the true bytes."""
    path = originals.path_of(letter.content_hash)
    true = path.read_bytes()
    with path.open("r+b") as file:
        file.write(b"XXXX")
    return true


def test_a_whole_collection_is_whole(letters: list[Determination]) -> None:
    checked = check_originals()
    assert checked.whole
    assert checked.files == len(letters)
    call_command("check_originals", stdout=StringIO())


def test_damaged_and_missing_originals_are_named_with_their_letters(letters: list[Determination]) -> None:
    damage(letters[0])
    originals.path_of(letters[1].content_hash).unlink()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_originals", stdout=out)
    checked = check_originals()
    assert checked.damaged == (letters[0].content_hash,)
    assert checked.missing == (letters[1].content_hash,)
    assert str(letters[0]) in out.getvalue() and str(letters[1]) in out.getvalue()


@pytest.mark.parametrize("cut", [0, 10])
def test_a_shortened_original_is_damaged(letters: list[Determination], cut: int) -> None:
    path = originals.path_of(letters[0].content_hash)
    path.write_bytes(path.read_bytes()[:cut])
    assert check_originals().damaged == (letters[0].content_hash,)


def test_importing_the_true_bytes_again_mends_a_damaged_and_a_missing_one(
    letters: list[Determination], pool: ReadingPool, tmp_path: Path
) -> None:
    files = {"damaged.txt": damage(letters[0])}
    missing = originals.path_of(letters[1].content_hash)
    files["missing.txt"] = missing.read_bytes()
    missing.unlink()
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    batch = imported([tmp_path / name for name in files], pool)
    assert set(results(batch).values()) == {"already_there"}
    assert check_originals().whole


def test_an_upload_of_the_true_bytes_mends_a_damaged_one(letters: list[Determination]) -> None:
    true = damage(letters[0])
    originals.keep_arriving([true], most=len(true))
    assert check_originals().whole


def test_reparse_refuses_damaged_bytes_and_leaves_the_text(letters: list[Determination]) -> None:
    damage(letters[0])
    Determination.objects.update(parser_version=0)
    errors = {again.determination.pk: again.error for again in reread(letters_to_reread(everything=True))}
    assert [pk for pk, error in errors.items() if error] == [letters[0].pk]
    assert "damaged" in errors[letters[0].pk]
    row = Determination.objects.get(pk=letters[0].pk)
    assert (row.full_text, row.parser_version) == (letters[0].full_text, 0)


def test_the_last_result_is_kept_and_a_check_of_the_index_says_it(letters: list[Determination]) -> None:
    write_changes(search_engine())
    assert last_check() is None
    assert "never checked" in said_of_the_index()
    check_originals()
    found = last_check()
    assert found is not None and found.whole and found.files == len(letters)
    assert "were whole" in said_of_the_index()

    damage(letters[0])
    originals.path_of(letters[1].content_hash).unlink()
    check_originals()
    found = last_check()
    assert found is not None and not found.whole
    assert (found.damaged, found.missing, found.unreadable) == (1, 1, 0)
    assert "1 damaged, 1 missing" in said_of_the_index()


def said_of_the_index() -> str:
    out = StringIO()
    call_command("check_index", stdout=out)
    return " ".join(out.getvalue().split())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"finished_at": 1}', b'{"files": 1}'])
def test_a_note_that_cannot_be_read_counts_as_no_check(content: bytes, settings: Settings) -> None:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / "originals-check.json").write_bytes(content)
    assert last_check() is None


def test_a_letter_on_which_the_parser_hangs_stays_as_it_is(
    letters: list[Determination], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = partial(ReadingPool, processes=1, seconds=1.0, read=read_as_told)
    monkeypatch.setattr("determinations.management.commands.reparse.ReadingPool", quick)
    for letter, words in zip(letters, ["hang", "die"], strict=False):
        originals.path_of(letter.content_hash).write_text(words)
    Determination.objects.filter(pk__in=[one.pk for one in letters[:2]]).update(parser_version=0)
    out = StringIO()
    with pytest.raises(CommandError, match="2 letters"):
        call_command("reparse", stdout=out)
    said = " ".join(out.getvalue().split())
    assert "longer than 1 seconds" in said and "crashed" in said
    for letter in letters[:2]:
        row = Determination.objects.get(pk=letter.pk)
        assert (row.full_text, row.parser_version) == (letter.full_text, 0)
