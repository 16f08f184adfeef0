"""When two files are one letter, two letters, or two versions of one."""

import sys
from pathlib import Path

import pytest
from django.test import Client

from determinations.importing import originals
from determinations.importing.letter_reading import letters_and_digits
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


def prints(text: str) -> dict[str, str]:
    """One letter as programs print and extract it."""
    lines = text.split("\n")
    broken = next(at for at, line in enumerate(lines) if len(line) > 60 and line[20:26].isalpha())
    hyphen = [
        *lines[:broken],
        f"{lines[broken][:23]}-",
        *f"{lines[broken][23:]}".split("\n"),
        *lines[broken + 1 :],
    ]
    middle = len(lines) // 2
    return {
        "returns": text.replace("\n", "\r"),
        "wide": text.replace("\n", "\n\n"),
        "hyphen": "\n".join(hyphen),
        "printed": f"Printed 11/28/2026 by intranet\n{text}",
        "browser": f"11/28/26, 9:15 AM letter.txt\n{text}\nfile:///C:/letters/letter.txt 1/1\n",
        "header": "\n".join(
            [
                *lines[:middle],
                "Final Determination Letter for IMR Case Number CM15-9000999 4",
                *lines[middle:],
            ]
        ),
    }


@pytest.mark.parametrize("first", ["plain", "returns", "wide", "hyphen", "printed", "browser", "header"])
def test_prints_of_a_letter_without_a_number_are_one_letter(
    pool: ReadingPool, tmp_path: Path, first: str
) -> None:
    text = a_letter(numbered=False).text
    all_of_them = {"plain": text, **prints(text)}
    batch = imported(files(tmp_path / "1", **{first: all_of_them.pop(first)}), pool)
    again = imported(files(tmp_path / "2", **all_of_them), pool)
    assert [*results(batch).values()] == ["new"]
    assert {*results(again).values()} == {"already_there"}
    letter = Determination.objects.get()
    assert letter.case_number == "CM15-9000999"
    assert letter.public_id == "CM15-9000999"
    assert compare(search_engine()).agrees


def test_prints_that_come_together_are_one_letter(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=False).text
    batch = imported(files(tmp_path / "1", a=text, **prints(text)), pool)
    assert sorted(results(batch).values()) == ["already_there"] * 6 + ["new"]
    assert Determination.objects.get().case_number == "CM15-9000999"
    assert compare(search_engine()).agrees


def test_the_print_with_the_cover_gives_number_and_dates(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=True).text
    whole = imported(files(tmp_path / "1", a=text), pool).files.get().determination
    assert whole
    number, decided, public_id = whole.case_number, whole.decided_on, whole.public_id
    whole.delete()
    start = text.index("HOW THE IMR") if "HOW THE IMR" in text else text.index("\n\n")
    imported(files(tmp_path / "2", b=text[start:]), pool)
    letter = Determination.objects.get()
    assert letter.case_number == ""
    assert results(imported(files(tmp_path / "3", c=text), pool)) == {"c.txt": "already_there"}
    letter.refresh_from_db()
    assert (letter.case_number, letter.decided_on, letter.public_id) == (number, decided, public_id)
    assert originals.read(letter.content_hash) == text.encode()
    assert results(imported(files(tmp_path / "4", d=text[start:]), pool)) == {"d.txt": "already_there"}


def test_the_same_words_under_two_case_numbers_are_two_letters(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=False).text
    numbered = {f"n{n}": f"Case Number: CM15-900000{n}\n\n{text}" for n in (1, 2)}
    assert results(imported(files(tmp_path / "1", **numbered), pool)) == {"n1.txt": "new", "n2.txt": "new"}


def test_a_corrected_cover_is_not_taken_for_another_letter(pool: ReadingPool, tmp_path: Path) -> None:
    text = a_letter(numbered=False).text
    imported(files(tmp_path / "1", a=text), pool)
    Determination.objects.update(decided_on="2001-02-03", corrected_fields=["decided_on"])
    dated = f"Case Number: CM15-9000001\nDecision Date: 07/23/2014\n\n{text}"
    assert results(imported(files(tmp_path / "2", b=dated), pool)) == {"b.txt": "already_there"}
    letter = Determination.objects.get()
    assert (letter.case_number, str(letter.decided_on)) == ("CM15-9000001", "2001-02-03")


def test_letters_joined_to_one_file_are_stored_as_several(
    pool: ReadingPool, tmp_path: Path, client: Client
) -> None:
    letters = [each for each in invented_letters(60, seed=8) if each.letter.case_number][:40:13]
    numbers = [each.letter.case_number for each in letters]
    joined = "\n\f\n".join(each.text for each in letters)
    batch = imported(files(tmp_path / "1", joined=joined), pool)
    assert [*results(batch).values()] == ["unpacked", *["new"] * len(letters)]
    stored = Determination.objects.order_by("part")
    assert [letter.case_number for letter in stored] == numbers
    assert {letter.content_hash for letter in stored} == {batch.files.filter(archive=None).get().content_hash}
    for letter in stored:
        assert client.get(letter.get_absolute_url()).status_code == 200
    assert results(imported(files(tmp_path / "2", again=joined), pool)) == {"again.txt": "already_there"}
    alone = imported(files(tmp_path / "3", alone=letters[1].text), pool)
    assert results(alone) == {"alone.txt": "already_there"}
    assert Determination.objects.count() == len(letters)
    assert compare(search_engine()).agrees


def test_letters_and_digits_are_what_python_takes_for_them() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert letters_and_digits(every) == "".join(filter(str.isalnum, every))
