"""Several letters in one text become several, each with its own number, cover and items."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from determinations.letters.parse import parse_letter, parse_letters
from determinations.letters.parsed_letter import Decision, letter_to_json, outcome_of
from tests.letters.invented import item, standard_letter

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
COVER = "Case Number: CM15-900000{} Date Assigned: 07/0{}/2015\nPriority: Standard"
ONE = standard_letter(item("Norco 10/325mg #60: Upheld"), cover=COVER.format(1, 1))
TWO = standard_letter(
    item("MRI of the left knee: Overturned", rationale="It is medically necessary."),
    item("Soma 350mg #30: Upheld"),
    cover=COVER.format(2, 2),
)
THREE = standard_letter(item("Acupuncture, 6 visits: Upheld"), cover=COVER.format(3, 3))


@pytest.mark.parametrize("between", ["\n", "\f", "\n\n\n\n"])
def test_each_letter_has_its_own_cover_and_items(between: str) -> None:
    letters = parse_letters(between.join((ONE, TWO, THREE)))
    assert list(letters) == [parse_letter(text) for text in (ONE, TWO, THREE)]
    assert [letter.case_number for letter in letters] == ["CM15-9000001", "CM15-9000002", "CM15-9000003"]
    assert [letter.warnings for letter in letters] == [(), (), ()]


def test_running_headers_belong_to_their_own_letter() -> None:
    def printed(text: str, number: str) -> str:
        pages = [text[: len(text) // 2].rsplit("\n", 1)[0], text[len(text) // 2 :].split("\n", 1)[1]]
        header = "Final Determination Letter for IMR Case Number {} {}\n"
        return "\f".join(header.format(number, page) + body for page, body in enumerate(pages, start=1))

    bare = [text.replace(text.split("\n\n")[0], "", 1) for text in (ONE, TWO)]
    text = "\f".join((printed(bare[0], "CM15-9000001"), printed(bare[1], "CM15-9000002")))
    assert [letter.case_number for letter in parse_letters(text)] == ["CM15-9000001", "CM15-9000002"]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_one_letter_stays_one(path: Path) -> None:
    text = path.read_text("utf-8")
    assert parse_letters(text) == (parse_letter(text),)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_layout_may_be_the_second(path: Path) -> None:
    text = path.read_text("utf-8")
    letters = parse_letters(f"{ONE}\n\n{text}" if path.stem.startswith("standard") else f"{text}\n\n{text}")
    assert len(letters) == 2
    assert [item.request for item in letters[1].items] == [item.request for item in parse_letter(text).items]


def test_a_heading_repeated_without_items_is_no_second_letter() -> None:
    text = ONE + "\nHOW THE IMR FINAL DETERMINATION WAS MADE\nSee above.\n"
    assert len(parse_letters(text)) == 1


def test_many_letters_on_many_pages_are_told_apart() -> None:
    letters = parse_letters("\f".join([ONE, TWO, THREE] * 20))
    assert len(letters) == 60
    assert [len(letter.items) for letter in letters[:3]] == [1, 2, 1]


def test_the_command_prints_a_line_for_each_letter(tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text(f"{ONE}\n{TWO}", encoding="utf-8")
    out = StringIO()
    call_command("parse_letter", str(path), stdout=out)
    printed = [json.loads(line) for line in out.getvalue().splitlines()]
    assert printed == [{"file": str(path), **letter_to_json(parse_letter(text))} for text in (ONE, TWO)]


@pytest.mark.parametrize(
    ("decisions", "outcome"),
    [
        ("upheld upheld", "upheld"),
        ("overturned", "overturned"),
        ("upheld overturned", "partially_overturned"),
        ("upheld unknown", "unknown"),
        ("overturned unknown overturned", "unknown"),
        ("upheld overturned unknown", "partially_overturned"),
        ("partially_overturned unknown", "partially_overturned"),
        ("unknown", "unknown"),
        ("", "unknown"),
    ],
)
def test_no_outcome_is_claimed_that_an_unread_item_could_change(decisions: str, outcome: str) -> None:
    assert outcome_of(map(Decision, decisions.split())) is Decision(outcome)
