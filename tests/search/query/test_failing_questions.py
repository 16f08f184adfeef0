"""Every question of `../shared/failing/search/queries.tsv`, asked of an index of its kind's small letters.

The letters and questions are shared material that is no part of the project; without them nothing is tested.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from determinations.letters.parse import parse_letter
from determinations.search.columnar.engine import ColumnarEngine
from determinations.search.interface import IndexDocument, QuerySyntaxError, SearchRequest
from determinations.search.query.compounds import in_every_writing
from determinations.search.query.did_you_mean import corrected
from determinations.search.query.language import parse_query
from determinations.search.query.synonyms import expand

PLACES = [folder / "shared" / "failing" / "search" for folder in Path(__file__).resolve().parents[4:]]
FOLDER = next((folder for folder in PLACES if folder.exists()), PLACES[0])
CASE = re.compile(r"CM14-\d{7}")

TOLD = {
    "(epidural OR facet) /s (steroid OR injection)": None,
    "epidural w/5 (steroid OR injection)": None,
    "epidural +3 steroid": None,
    "epidural NEAR steroid": None,
    "epidural NOT w/5 steroid": "epidural -(epidural w/5 steroid)",
    "CM14-99000??": None,
    "CM14-9900001, 9900002": None,
}
"""Questions that were to be told that they cannot be run: those with None are run now, others are offered
this.
"""


@dataclass(frozen=True)
class Row:
    kind: str
    question: str
    found: frozenset[str]
    not_found: frozenset[str]


def rows() -> Iterator[Row]:
    if not FOLDER.exists():
        return
    with (FOLDER / "queries.tsv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind, question, found, not_found, *_ = line.values()
            yield Row(
                kind,
                question.replace("⏎", "\n").split(" (pasted")[0],
                frozenset(CASE.findall(found or "")),
                frozenset(CASE.findall(not_found or "")),
            )


@cache
def documents() -> tuple[IndexDocument, ...]:
    made: list[IndexDocument] = []
    for path in sorted(FOLDER.glob("k0*/*.txt")):
        letter = parse_letter(path.read_text(encoding="utf-8"))
        for item in letter.items:
            made.append(
                IndexDocument(
                    key=len(made) + 1,
                    case=letter.case_number or "",
                    request=item.request,
                    guideline="",
                    rationale=item.rationale,
                    summary=letter.clinical_summary,
                    facets={},
                )
            )
    return tuple(made)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ColumnarEngine:
    if not FOLDER.exists():
        pytest.skip("the shared questions are not here")
    engine = ColumnarEngine(tmp_path_factory.mktemp("index"), processes=1)
    engine.replace_all(documents())
    return engine


def found_by(engine: ColumnarEngine, question: str) -> set[str]:
    node = parse_query(question)
    assert node is not None
    node = in_every_writing(expand(node).node)
    hits = engine.search(SearchRequest(node, limit=100, summaries=True)).hits
    return {documents()[hit.key - 1].case for hit in hits}


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: f"{row.kind} {row.question}")
def test_a_question_finds_what_it_should(engine: ColumnarEngine, row: Row) -> None:
    if TOLD.get(row.question):
        with pytest.raises(QuerySyntaxError) as told:
            parse_query(row.question)
        assert told.value.suggestion == TOLD[row.question]
        return
    found = found_by(engine, row.question)
    assert row.found <= found
    assert not row.not_found & found


@pytest.mark.parametrize("question", ["CRPS", "inject"])
def test_no_spelling_is_offered_for_a_word_that_finds_something(
    engine: ColumnarEngine, question: str
) -> None:
    node = parse_query(question)
    assert node is not None
    assert corrected(node, engine.suggest_word) is None


@pytest.mark.parametrize(
    ("question", "also", "not_these"),
    [
        ("#60", {"CM14-9900004"}, {"CM14-9800003"}),
        ("2.5", {"CM14-9900005"}, {"CM14-9800006"}),
        ("10-325 mg", {"CM14-9800003", "CM14-9800004"}, set()),
        ("October 23, 2014", {"CM14-9900005", "CM14-9800005"}, set()),
        ('"severe"', {"CM14-9900009"}, {"CM14-9900008"}),
        ('"criterion"', {"CM14-9900010"}, {"CM14-9900011"}),
        ("L5-S1", set(), {"CM14-9900017"}),
        ("R.S.D.", {"CM14-9900006"}, set()),
        ("health care", {"CM14-9800009"}, set()),
        ("healthcare", {"CM14-9800009"}, set()),
    ],
)
def test_rows_that_name_no_letters(
    engine: ColumnarEngine, question: str, also: set[str], not_these: set[str]
) -> None:
    found = found_by(engine, question)
    assert also <= found
    assert not not_these & found


def test_nearness_is_in_any_order(engine: ColumnarEngine) -> None:
    assert found_by(engine, '"steroid epidural"~3') == found_by(engine, '"epidural steroid"~3') != set()


def test_a_word_is_marked_behind_letters_that_fold_to_others(engine: ColumnarEngine) -> None:
    text = "The İstanbul hospital İİ before the Sjo\u0308gren visit."
    for question, marked in (
        ("İstanbul", "İstanbul"),
        ("hospital", "hospital"),
        ("Sjögren", "Sjo\u0308gren"),
    ):
        passage = engine.highlight_whole(parse_query(question), "rationale", text)
        assert [fragment.text for fragment in passage if fragment.is_match] == [marked]
