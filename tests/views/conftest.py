"""A throw-away database, index and folder of letters for each test of the pages."""

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from determinations import kept_answers
from determinations.models import Decision, LevelsFrom
from tests.views.library import Item, Letter, add, index


@pytest.fixture(autouse=True)
def data_folders(tmp_path: Path, settings: Settings) -> None:
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.ORIGINAL_LETTERS_DIR = tmp_path / "letters"


@pytest.fixture
def library(db: None) -> None:
    """Five letters with seven items, indexed: two categories, three regions, three years, two specialties."""
    add(
        Letter(
            "CM14-0031877",
            (
                Item(),
                Item(
                    "Norco 10/325 #60",
                    Decision.OVERTURNED,
                    ("opioids",),
                    (),
                    rationale="Opioids may be continued when the patient has returned to work.",
                    reviewer=(("mtus-chronic-pain", ""),),
                ),
            ),
        )
    )
    add(
        Letter(
            "CM15-0000200",
            (
                Item(
                    "Radiofrequency ablation L5-S1",
                    Decision.OVERTURNED,
                    ("radiofrequency-ablation",),
                    ("L5-S1",),
                    rationale="Two medial branch blocks gave seventy percent relief.",
                ),
            ),
            decided_on=date(2015, 3, 2),
        )
    )
    add(
        Letter(
            "CM16-0000300",
            (
                Item(
                    "Epidural steroid injection",
                    services=("epidural-steroid-injections",),
                    levels=("C5-C6",),
                    levels_from=LevelsFrom.RATIONALE,
                    rationale="An epidural steroid injection at C5-C6 needs radiculopathy on examination.",
                    reviewer=(("mtus-chronic-pain", "Epidural steroid injections"),),
                ),
                Item(
                    "Physical therapy, 12 visits",
                    Decision.PARTIALLY_OVERTURNED,
                    ("physical-therapy",),
                    (),
                    rationale="Six visits are supported.",
                ),
            ),
            decided_on=date(2016, 1, 20),
            specialties=("Physical Medicine and Rehabilitation",),
        )
    )
    add(Letter("", (Item("Lumbar medial branch block", levels=("L3-L4", "L4-L5")),), decided_on=None))
    add(Letter("CM14-0090000", (Item("Urine drug screen", services=("urine-drug-testing",), levels=()),)))
    index()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is kept yet; what becomes of each answer from now on."""
    results: list[str] = []
    monkeypatch.setattr(kept_answers, "_answers", kept_answers.KeptAnswers())
    monkeypatch.setattr("determinations.metrics.count_kept_answer", results.append)
    return results
