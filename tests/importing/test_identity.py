"""When two files are one letter, two letters, or two versions of one."""

from pathlib import Path

import pytest
from django.test import Client

from determinations.importing import originals
from determinations.importing.reading_pool import ReadingPool
from determinations.models import Determination
from determinations.search.engines import search_engine
from determinations.search.indexing import compare
from sample_letters.generator import InventedLetter, invented_letters
from tests.importing.running import imported, results

pytestmark = pytest.mark.django_db


def a_letter(*, numbered: bool) -> InventedLetter:
    return next(
        letter for letter in invented_letters(200, seed=3) if bool(letter.letter.case_number) == numbered
    )


def files(folder: Path, **texts: str | bytes) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = []
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    return paths


def test_the_same_bytes_are_already_there(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=True).text
    assert results(imported(files(tmp_path / "1", a=text, b=text), pool)) == {
        "a.txt": "new",
        "b.txt": "already_there",
    }
    again = imported(files(tmp_path / "2", c=text), pool)
    assert results(again) == {"c.txt": "already_there"}
    assert again.files.get().determination == Determination.objects.get()


@pytest.mark.parametrize("numbered", [True, False], ids=["with a case number", "without one"])
def test_the_same_text_but_for_white_space_is_already_there(
    pool: ReadingPool, tmp_path: Path, numbered: bool
) -> None:
    text = a_letter(numbered=numbered).text
    other = text.replace("\n", "\r\n\r\n").replace(". ", ".   ")
    batch = imported(files(tmp_path / "1", a=text, b=other), pool)
    assert results(batch) == {"a.txt": "new", "b.txt": "already_there"}
    again = imported(files(tmp_path / "2", c=f"\n\n{text}"), pool)
    assert results(again) == {"c.txt": "already_there"}
    assert Determination.objects.count() == 1


def test_other_content_under_the_same_case_number_is_a_new_version(pool: ReadingPool, tmp_path: Path) -> None:
    letter = a_letter(numbered=True)
    number = letter.letter.case_number
    assert number
    imported(files(tmp_path / "1", a=letter.text), pool)
    batch = imported(files(tmp_path / "2", b=f"{letter.text}\nIssued again.\n"), pool)
    assert results(batch) == {"b.txt": "superseding"}
    old, new = Determination.objects.order_by("pk")
    assert (new.public_id, new.is_current, new.superseded_by) == (number, True, None)
    assert (old.public_id, old.is_current) == (f"{number}-{old.content_hash[:8]}", False)
    assert old.superseded_by == new
    assert originals.read(old.content_hash) == letter.text.encode()
    assert compare(search_engine()).agrees
    assert search_engine().status().documents == new.items.count()


def test_three_versions_in_one_group_end_with_the_last(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=True).text
    versions = {name: f"{text}\n{name} edition\n" for name in ("a", "b", "c")}
    batch = imported(files(tmp_path / "1", **versions), pool)
    assert results(batch) == {"a.txt": "new", "b.txt": "superseding", "c.txt": "superseding"}
    first, second, third = Determination.objects.order_by("pk")
    assert [first.superseded_by, second.superseded_by, third.superseded_by] == [second, third, None]
    assert compare(search_engine()).agrees


def test_an_old_version_that_comes_again_is_already_there(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=True).text
    newer = f"{text}\nIssued again.\n"
    imported(files(tmp_path / "1", a=text, b=newer), pool)
    assert results(imported(files(tmp_path / "2", c=text), pool)) == {"c.txt": "already_there"}
    assert originals.read(Determination.objects.get(is_current=True).content_hash) == newer.encode()


def test_letters_without_a_case_number_are_told_apart_by_content_alone(
    pool: ReadingPool, tmp_path: Path
) -> None:
    text = a_letter(numbered=False).text
    batch = imported(files(tmp_path / "1", a=text, b=f"{text}\nIssued again.\n"), pool)
    assert results(batch) == {"a.txt": "new", "b.txt": "new"}
    assert Determination.objects.filter(is_current=True).count() == 2


def test_addresses_of_both_versions_lead_to_their_letters(
    pool: ReadingPool, tmp_path: Path, client: Client
) -> None:
    text = a_letter(numbered=True).text
    imported(files(tmp_path / "1", a=text, b=f"{text}\nIssued again.\n"), pool)
    for letter in Determination.objects.all():
        assert client.get(letter.get_absolute_url()).status_code == 200
