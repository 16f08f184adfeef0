"""Requests in one process on a few items. No time is asserted."""

import json
import subprocess
import sys
from pathlib import Path


def test_every_kind_of_question_those_of_attorneys_and_letters_are_asked(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.request_bench", "--items", "300", "--work", str(tmp_path)]
    file = tmp_path / "requests.json"
    few = ["--of-each-kind", "2", "--json", str(file)]
    subprocess.run([*command, *few], check=True, capture_output=True, timeout=300)

    costs = json.loads(file.read_text())
    kinds = [cost["kind"] for cost in costs]
    assert len(kinds) == len(set(kinds))
    assert kinds[-3:] == ["attorneys, words", "attorneys, phrases", "a letter"]
    assert all(cost["kilobytes"] > 1 for cost in costs)
