"""The labeled rationales beside the repository: a floor below which reading must not fall.

Skipped where they are not there. The first measure of a pair is over real letters, the second over written
ones.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from determinations.letters.facts.grounds import read_grounds

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "grounds"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no labeled rationales beside the repository")


def score(rows: Iterable[Mapping[str, Any]]) -> tuple[float, float]:
    """Recall of the certain slugs, and precision against certain and allowed ones."""
    hit = must = right = said = 0
    for row in rows:
        found = {g.slug for g in read_grounds(row["rationale"], [row["service"]], row["request"])}
        certain = set(row["must"])
        must += len(certain)
        hit += len(certain & found)
        said += len(found)
        right += len(found & (certain | set(row["may"])))
    return hit / must, right / said


def rows_of(file: str) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in (FOLDER / file).read_text("utf-8").splitlines() if line]


@pytest.mark.parametrize(
    ("file", "recall", "precision"), [("real_examples.jsonl", 0.94, 0.91), ("examples.jsonl", 0.82, 0.84)]
)
def test_reading_stays_above_its_floor(file: str, recall: float, precision: float) -> None:
    reached = score(rows_of(file))
    assert reached[0] >= recall
    assert reached[1] >= precision
