"""The worker's memory stays bounded, whatever letters come."""

import subprocess
import sys
from pathlib import Path

import pytest

from sample_letters.generator import invented_letters
from tests.importing.sites import MANAGE, Site

MOST_MEMORY_KILOBYTES = 500 * 1024

# ru_maxrss counts the peak of the process that started this one, too; Linux tells a process's own as VmHWM.
MEASURED = """
import pathlib, re, resource, runpy, sys
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as ended:
    assert not ended.code, ended.code
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if pathlib.Path("/proc/self/status").exists():
    own = re.search(r"VmHWM:\\s+(\\d+) kB", pathlib.Path("/proc/self/status").read_text())[1]
for peak in (own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss):
    print("kilobytes", peak)
"""


def write_huge_letters(folder: Path, count: int) -> None:
    """Letters of almost the most characters allowed, most of them in the last item's rationale."""
    folder.mkdir()
    for number, letter in enumerate(invented_letters(count, seed=11)):
        words = f"Sentence {number} of a rationale that does not end. "
        (folder / f"{number}.txt").write_text(f"{letter.text}\n{words * 20_000}")


@pytest.mark.parametrize("seconds_between_commits", ["0.2", "1000"], ids=["many commits", "one commit"])
def test_huge_letters_take_no_more_memory_than_allowed(
    site: Site, tmp_path: Path, seconds_between_commits: str
) -> None:
    write_huge_letters(tmp_path / "letters", 30)
    said = subprocess.run(
        [sys.executable, "-c", MEASURED, str(MANAGE), "import_letters", str(tmp_path / "letters")],
        env={**site.environment, "SECONDS_BETWEEN_COMMITS": seconds_between_commits},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    assert (
        site.count("SELECT count(*) FROM determinations_determination WHERE length(full_text) > 900000") == 30
    )
    peaks = [int(line.split()[1]) for line in said.splitlines() if line.startswith("kilobytes")]
    assert len(peaks) == 2
    assert max(peaks) < MOST_MEMORY_KILOBYTES
