"""`manage.py parse_letter`: JSON Lines for files and folders, errors as objects, nothing stored."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from determinations.letters.parse import parse_letter
from determinations.letters.parsed_letter import letter_to_json
from tests.letters.invented import item, standard_letter

LETTER = standard_letter(item("Norco: Upheld"), cover="Case Number: CM14-0031877")


def run(*paths: Path) -> list[dict[str, object]]:
    """The objects printed for paths that can all be read."""
    out = io.StringIO()
    call_command("parse_letter", *map(str, paths), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def run_failing(*paths: Path) -> tuple[list[dict[str, object]], CommandError]:
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("parse_letter", *map(str, paths), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()], caught.value


def test_a_letter_is_one_object(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    [answer] = run(path)
    assert answer.pop("file") == str(path)
    assert answer == letter_to_json(parse_letter(LETTER))


def test_spans_are_printed_where_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    [plain] = run(path)
    out = io.StringIO()
    call_command("parse_letter", "--spans", str(path), stdout=out)
    with_spans = json.loads(out.getvalue())
    spans = {span["fact"]: span for span in with_spans.pop("spans")}
    assert with_spans == plain
    assert spans["items[0].request"] == {
        "fact": "items[0].request",
        "start": LETTER.index("Norco"),
        "end": LETTER.index("Norco") + len("Norco"),
        "certainty": "sure",
        "text": "Norco",
    }


def test_folders_are_walked_for_letters_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "deeper/c.txt", "notes.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(LETTER, encoding="utf-8")
    assert [Path(str(answer["file"])).name for answer in run(tmp_path)] == ["a.TXT", "b.txt", "c.txt"]


def test_what_cannot_be_read_is_an_object_and_the_others_are_done(tmp_path: Path) -> None:
    good, bad, missing = tmp_path / "good.txt", tmp_path / "bad.txt", tmp_path / "missing.txt"
    good.write_text(LETTER, encoding="utf-8")
    bad.write_text("A shopping list: milk.", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    answers, error = run_failing(missing, bad, tmp_path / "empty", good)
    assert [answer["error"]["code"] if "error" in answer else "read" for answer in answers] == [  # type: ignore[index]
        "no_such_file",
        "not_a_determination",
        "no_letters",
        "read",
    ]
    assert all(set(answer) == {"file", "error"} for answer in answers[:3])
    assert error.returncode == 1
    assert "3 of 4" in str(error)


def test_a_named_file_is_judged_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_text(LETTER, encoding="utf-8")
    assert run(path)[0]["case_number"] == "CM14-0031877"
