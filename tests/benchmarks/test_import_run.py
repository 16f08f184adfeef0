"""The import benchmark runs from end to end on a few letters. Reports are asserted, never a time."""

import json
from pathlib import Path

import pytest

from benchmarks import import_bench, tables

LETTERS = 40


@pytest.mark.parametrize("kind", ["text", "pdf"])
def test_an_import_is_measured_beside_both_simpler_ways(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file, page = tmp_path / "import.json", tmp_path / "page.md"
    import_bench.main(
        ["--letters", str(LETTERS), "--kind", kind, "--work", str(tmp_path), "--json", str(file)]
    )
    report = capsys.readouterr().out
    assert "only read, one process" in report
    assert "a save for each row" in report
    stored = json.loads(file.read_text())
    assert stored["items"] >= LETTERS
    assert all(seconds > 0 for seconds in stored["steps"].values())
    assert [len(stored[way]) for way in ("reading_alone", "each_row_saved")] == [2, 2]
    assert stored["worker_cpu"] > 0
    assert stored["longest_until_searchable"] > 0

    page.write_text("Before\n<!-- imports measured: begin -->\nold\n<!-- imports measured: end -->\nAfter\n")
    tables.main([str(file), "--into", str(page)])
    written = page.read_text()
    assert "old" not in written
    assert f"### Importing, {LETTERS} {kind} letters" in written
    # Where PDFs are opened by other processes, their processor time is unknown and not shown.
    assert ("processor time" in written) == (kind == "text")
    assert (tmp_path / page.stem / f"import-{LETTERS}-{kind}.md").read_text().startswith("# Importing")
    kept = {file.name, page.name, page.stem, f"letters-{LETTERS}-{kind}"}
    assert {path.name for path in tmp_path.iterdir()} == kept
