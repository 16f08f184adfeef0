"""The whole record's run on a few items: built, asked, exported and added to. No time is asserted."""

import re
from pathlib import Path

import pytest

from benchmarks import whole_record
from benchmarks.questions import attorneys_questions

ITEMS, LETTERS = 300, 3


def test_a_run_builds_asks_exports_checks_and_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        whole_record, "attorneys_questions", lambda: ["lumbar fusion", "ESI", '"the patient"']
    )
    whole_record.main(["--items", str(ITEMS), "--letters", str(LETTERS), "--work", str(tmp_path)])

    printed = capsys.readouterr().out
    assert f"{ITEMS + 1:,} line ends, status 200" in printed
    assert re.search(r"check_index: .* status 0", printed)
    assert re.search(r"import beside readers: .* status 0", printed)
    assert "; 0 failed []" in printed
    for page in (*whole_record._PAGES, "a letter"):
        assert f"| {page} |" in printed


def test_no_question_is_asked_twice() -> None:
    questions = attorneys_questions()

    assert len(set(questions)) == len(questions) >= 24
