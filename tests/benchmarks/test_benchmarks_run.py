"""The benchmarks run from end to end on a few items. What is asserted is what they report, never a time."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import index_bench, search_bench, tables
from benchmarks.corpus import SEED, Corpus
from benchmarks.measuring import build, folder_of
from benchmarks.peers import NAMES, OURS, peer
from benchmarks.questions import NotSupportedError, questions
from benchmarks.request_bench import unseen_questions
from benchmarks.writing import LetterWriter

ITEMS = 300
QUICK_TO_START = [name for name in NAMES if name != "postgresql" and peer(name).unavailable() is None]
CANNOT = {("sqlite_fts5", "fuzzy"), ("postgresql", "fuzzy")}
OTHER_MEANING = {("sqlite_fts5", "phrase with slop"), ("tantivy_rust", "phrase with slop")}
"""Both find the words in either order; everything else must find what this site finds."""


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def corpus(work: Path) -> Corpus:
    made = Corpus(work, ITEMS)
    made.ensure()
    return made


def test_a_search_run_reports_every_kind_of_query_and_every_ratio(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = work / "search.json"
    options = ["--items", str(ITEMS), "--work", str(work), "--json", str(file), "--rounds", "1"]
    search_bench.main([*options, "--peers", *QUICK_TO_START])
    report = capsys.readouterr().out
    stored = json.loads(file.read_text())

    kinds = {question.kind for question in questions()}
    assert len(kinds) >= 11
    assert set(stored["peers"]) == set(QUICK_TO_START)
    for name, found in stored["peers"].items():
        assert set(found["timings"]) == {kind for kind in kinds if (name, kind) not in CANNOT}
        assert all(timing["first"] > 0 and timing["median"] > 0 for timing in found["timings"].values())
        assert found["builds"][0]["index_bytes"] > 0
    others = set(QUICK_TO_START) - {OURS}
    assert {measure: set(ratios) - {OURS} for measure, ratios in stored["ratios"].items()} == {
        "warm": others, "percentile_95": others, "first_touch": others, "first_touch_to_warm": others,
    }  # fmt: skip
    assert all(f"| {kind} |" in report for kind in kinds)
    assert all(peer(name).LABEL in report for name in QUICK_TO_START)
    expected = {(peer(name).LABEL, kind) for name, kind in OTHER_MEANING}
    unexpected = [
        difference
        for difference in stored["differences"]
        if not any(kind in difference and label in difference for label, kind in expected)
    ]
    assert unexpected == []


def test_an_index_run_reports_every_engine_and_the_table_goes_into_the_documentation(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, page = work / "index.json", work / "page.md"
    options = ["--items", str(ITEMS), "--work", str(work), "--json", str(file)]
    index_bench.main([*options, "--peers", OURS, "whoosh_documented"])
    stored = json.loads(file.read_text())
    assert [build["processes"] for build in stored["peers"][OURS]["builds"]] == [1, 2]
    assert "times plain Whoosh" in capsys.readouterr().out

    page.write_text("Before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nAfter\n")
    tables.main([str(file), "--into", str(page)])
    written = page.read_text()
    assert written.startswith("Before\n") and written.endswith("After\n") and "old" not in written
    assert f"Indexing, {ITEMS} items" in written
    assert "python -m benchmarks." in written


@pytest.mark.skipif(peer("postgresql").unavailable() is not None, reason="no PostgreSQL to be measured")
def test_postgresql_finds_what_this_site_finds(corpus: Corpus) -> None:
    for name in (OURS, "postgresql"):
        build(name, corpus)
    with (
        peer(OURS).opened(corpus, folder_of(OURS, corpus) / "index") as ours,
        peer("postgresql").opened(corpus, folder_of("postgresql", corpus) / "index") as theirs,
    ):
        for question in questions():
            if ("postgresql", question.kind) in CANNOT:
                with pytest.raises(NotSupportedError):
                    theirs(question)
                continue
            here, there = ours(question), theirs(question)
            assert (question.kind, there.total, there.counts) == (question.kind, here.total, here.counts)


def test_the_same_seed_writes_the_same_letters(corpus: Corpus) -> None:
    assert list(corpus.documents()) == list(islice(LetterWriter(SEED).documents(), ITEMS))


def test_texts_are_as_long_as_real_ones_and_have_a_long_tail(corpus: Corpus) -> None:
    documents = list(corpus.documents())
    words = [word for each in documents for word in f"{each.summary} {each.rationale}".split()]
    assert 160 < sum(len(each.summary.split()) for each in documents) / ITEMS < 240
    assert 110 < sum(len(each.rationale.split()) for each in documents) / ITEMS < 170
    seen = Counter(words)
    assert sum(times == 1 for times in seen.values()) > len(seen) / 3


def test_a_missing_engine_is_named_and_the_others_are_measured(
    work: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peer("tantivy_rust"), "unavailable", lambda: "it is not installed")
    file = work / "one.json"
    options = ["--items", str(ITEMS), "--work", str(work), "--json", str(file)]
    index_bench.main([*options, "--peers", "tantivy_rust"])
    assert "tantivy (Rust) is left out: it is not installed." in capsys.readouterr().out
    stored = json.loads(file.read_text())
    assert stored["missing"] == {"tantivy_rust": "it is not installed"}
    assert set(stored["peers"]) == {OURS}


def test_unseen_questions_are_the_same_each_time_and_no_two_alike(corpus: Corpus) -> None:
    kinds = unseen_questions(corpus)
    assert kinds == unseen_questions(corpus)
    for several in kinds.values():
        assert len({tuple(parameters) for parameters in several}) == len(several) > 1
