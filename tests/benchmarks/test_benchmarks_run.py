"""The benchmarks run from end to end on a few items. What is asserted is what they report, never a time."""

import json
import os
import re
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from benchmarks import index_bench, search_bench, tables
from benchmarks.corpus import SEED, Corpus
from benchmarks.measuring import build, built, folder_of
from benchmarks.peers import NAMES, OURS, Ask, peer, postgresql, sqlite_fts5, tantivy_process
from benchmarks.peers.fuzzy_words import with_near_words
from benchmarks.processor import processor_time
from benchmarks.questions import Page, Question, page_of, unseen_questions
from benchmarks.results import MEASURES, read_run
from benchmarks.tables import index_report, search_report
from benchmarks.writing import LetterWriter
from determinations.search.interface import FacetFilter
from determinations.search.query.nodes import All, AnyOf, Fuzzy, Not, Word

ITEMS = 300
QUICK_TO_START = [name for name in NAMES if name != "postgresql" and peer(name).unavailable() is None]
_OVERTURNED = FacetFilter("decision", ("overturned",))
_YEARS = FacetFilter("year", ("2014", "2015"))
_SERVICES = FacetFilter("service", ("physical-therapy", "opioids"))
SAME_TO_ALL = (
    Question("very common term", "injection"),
    Question("two AND", "lumbar discogram"),
    Question("three AND", "opioid urine tramadol"),
    Question("three OR", "gabapentin OR acupuncture OR tramadol"),
    Question("phrase", '"medial branch block"'),
    Question("phrase", '"the injured worker"'),
    Question("prefix", "radic*"),
    Question("field", "request:mri"),
    Question("NOT", "injection NOT epidural"),
    Question("no words, one filter", "", (FacetFilter("service", ("physical-therapy",)),)),
    Question("facets only", "", (FacetFilter("service", ("physical-therapy",)), _OVERTURNED)),
    Question("query with two filters", "opioid", (_OVERTURNED, _YEARS)),
    Question("two filters and a facet of many values", "opioid", (_SERVICES, _YEARS)),
    Question("facets only", "", (_SERVICES, _YEARS, _OVERTURNED)),
    Question("fuzzy", "gabapentn~1"),
    Question("fuzzy", "gabapentn~1 AND opioid", (_OVERTURNED,)),
    Question("phrase with slop", '"opioid injection"~5'),
)
"""No word here has forms that this site finds and a stemmer does not: every engine must find the same."""

AS_WRITTEN = (
    Question("prefix", "tens*"),
    Question("prefix", "rationale:body*"),
    Question("prefix", "summary:daily*", (_OVERTURNED, _YEARS)),
    Question("fuzzy", "significan~1"),
    Question("fuzzy", "locatio~1"),
    Question("fuzzy", "rationale:activitie~1"),
    Question("fuzzy", "studie~1 NOT body*"),
)
"""Their words are found as they are written, and not as a stemmer of Porter's kind writes them."""


def assert_same(page: Page, ours: Page, about: object) -> None:
    assert (about, page.total, page.counts) == (about, ours.total, ours.counts)
    assert (about, page.outcomes) == (about, ours.outcomes)
    assert (about, len(set(page.keys))) == (about, min(20, ours.total))


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, which pytest's are not."""
    before = os.umask(0o022)  # the site's own settings let no other user in
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
    os.umask(before)


@pytest.fixture(autouse=True)
def nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes minutes, and crates from the network."""
    monkeypatch.setattr(tantivy_process, "compile_if_possible", lambda: None)


@pytest.fixture(scope="module")
def corpus(work: Path) -> Corpus:
    made = Corpus(work, ITEMS)
    made.ensure()
    return made


def test_a_search_run_reports_every_kind_of_query_and_every_ratio(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = work / "search.json"
    options = [
        "--items",
        str(ITEMS),
        "--work",
        str(work),
        "--json",
        str(file),
        "--rounds",
        "1",
        "--questions",
        "2",
    ]
    search_bench.main([*options, "--peers", *QUICK_TO_START])
    report = capsys.readouterr().out
    stored = json.loads(file.read_text())

    kinds = set(unseen_questions(Corpus(work, ITEMS), 1))
    assert set(stored["peers"]) == set(QUICK_TO_START)
    for found in stored["peers"].values():
        assert set(found["timings"]) == kinds
        for timing in found["timings"].values():
            assert timing["first"] > 0
            assert timing["questions"] == 2
            assert all(timing[name]["processor"] > 0 for name in ("unseen", "repeated"))
            assert all(timing[name]["median"] > 0 for name in ("unseen", "repeated"))
        assert found["builds"][0]["index_bytes"] > 0
    others = set(QUICK_TO_START) - {OURS}
    assert {measure: set(ratios) for measure, ratios in stored["ratios"].items()} == dict.fromkeys(
        MEASURES, others
    )
    assert all(f"| {kind} |" in report for kind in kinds)
    assert all(peer(name).label() in report for name in QUICK_TO_START)
    assert search_report(read_run(file)) in report


needs_tantivy = pytest.mark.skipif(
    peer("tantivy_rust").unavailable() is not None, reason="tantivy is not installed"
)


def test_the_collector_reads_what_the_pinned_python_package_writes() -> None:
    root = Path(__file__).parents[2]
    cargo = tomllib.loads((root / "benchmarks/peers/tantivy_collector/Cargo.toml").read_text())
    pins = dict(line.split("==") for line in (root / "constraints.txt").read_text().splitlines() if line)
    pinned, crate = pins["tantivy"], cargo["dependencies"]["tantivy"].removeprefix("=")
    assert crate.split(".")[:2] == pinned.split(".")[:2]


needs_the_collector = pytest.mark.skipif(
    tantivy_process.compiled() is None, reason="tantivy_collector is not compiled: search_bench does it"
)


@needs_tantivy
@needs_the_collector
def test_the_collector_finds_and_counts_what_this_site_does(corpus: Corpus) -> None:
    assert_finds_the_same(corpus, "tantivy_rust")


@needs_tantivy
@needs_the_collector
def test_the_collector_finds_prefixes_and_fuzzy_words_as_they_are_written(corpus: Corpus) -> None:
    assert_finds_the_same(corpus, "tantivy_rust", AS_WRITTEN)


@needs_tantivy
def test_without_a_compiler_too_tantivy_finds_prefixes_and_fuzzy_words_as_they_are_written(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_process, "compiled", lambda: None)
    assert_finds_the_same(corpus, "tantivy_rust", AS_WRITTEN)


@needs_tantivy
@needs_the_collector
def test_the_index_of_tantivy_is_merged_to_one_segment(corpus: Corpus) -> None:
    import tantivy

    build("tantivy_rust", corpus, processes=2)
    index = tantivy.Index.open(str(folder_of("tantivy_rust", corpus, 2) / "index"))
    assert (index.searcher().num_segments, index.searcher().num_docs) == (1, ITEMS)


@needs_tantivy
def test_without_a_compiler_tantivy_is_asked_through_python_and_tables_say_so(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tantivy_process, "compiled", lambda: None)
    assert "Python" in peer("tantivy_rust").label()
    assert_finds_the_same(corpus, "tantivy_rust")


@pytest.mark.parametrize("name", [name for name in QUICK_TO_START if name not in (OURS, "tantivy_rust")])
def test_every_engine_finds_and_counts_what_this_site_does(corpus: Corpus, name: str) -> None:
    assert_finds_the_same(corpus, name)


def assert_finds_the_same(corpus: Corpus, name: str, questions: tuple[Question, ...] = SAME_TO_ALL) -> None:
    for each in (OURS, name):
        built(each, corpus)
    with (
        peer(OURS).opened(corpus, folder_of(OURS, corpus) / "index") as ours,
        peer(name).opened(corpus, folder_of(name, corpus) / "index") as theirs,
    ):
        assert_same_pages(corpus, ours, theirs, questions)


def assert_same_pages(corpus: Corpus, ours: Ask, theirs: Ask, questions: Sequence[Question]) -> None:
    for question in questions:
        here, there = ours(question), theirs(question)
        assert here.total > 0
        assert_same(there, here, question)
        assert (question, passing(corpus, there.keys, question.filters)) == (question, list(there.keys))


def passing(corpus: Corpus, keys: Sequence[int], filters: Sequence[FacetFilter]) -> list[int]:
    """Those of the items that have a value of every filter."""
    facets = {document.key: document.facets for document in corpus.documents()}
    return [key for key in keys if all(set(one.values) & set(facets[key][one.facet]) for one in filters)]


def test_sqlite_ranks_the_items_that_pass_filters_as_it_ranks_all(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    built("sqlite_fts5", corpus)
    monkeypatch.setattr(sqlite_fts5, "HITS", ITEMS)
    question = Question("", "opioid")
    with sqlite_fts5.opened(corpus, folder_of("sqlite_fts5", corpus) / "index") as ask:
        every = ask(question).keys
        monkeypatch.setattr(sqlite_fts5, "_FEW", 0)
        assert ask(question).keys == every
        narrowed = ask(replace(question, filters=(_OVERTURNED, _YEARS))).keys
    assert 0 < len(narrowed) < len(every)
    assert list(narrowed) == passing(corpus, every, (_OVERTURNED, _YEARS))


def test_a_fuzzy_word_is_asked_as_the_words_near_it() -> None:
    def near(text: str, distance: int) -> list[str]:
        return [word for word in ("codeine", "codeines", "morphine") if word[0] == text[0]]

    assert with_near_words(Fuzzy("Morfine", 1, "summary"), near) == Word("morphine", "summary")
    assert with_near_words(All((Word("knee"), Not(Fuzzy("codene")))), near) == All(
        (Word("knee"), Not(AnyOf((Word("codeine"), Word("codeines")))))
    )
    assert with_near_words(Fuzzy("zzz"), near) == Word("zzz")


def test_a_page_is_made_of_values_counted_by_decision() -> None:
    found = {
        "decision": {"upheld": {"upheld": 5}, "overturned": {"overturned": 2}},
        "year": {"2014": {"upheld": 5, "overturned": 1}, "2015": {"upheld": 0, "overturned": 1}},
    }
    every = page_of(found, (), (1, 2), 3)
    assert (every.total, every.keys, every.passages) == (7, (1, 2), 3)
    assert every.counts == {"decision": {"upheld": 5, "overturned": 2}, "year": {"2014": 6, "2015": 1}}
    assert every.outcomes == {"year": {"2014": (1, 6), "2015": (1, 1)}}
    upheld = page_of(found, (FacetFilter("decision", ("upheld",)),), (), 0)
    assert upheld.total == 5
    assert upheld.counts == {"decision": {"upheld": 5, "overturned": 2}, "year": {"2014": 5}}
    assert upheld.outcomes == every.outcomes


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
    assert f"### Indexing, {ITEMS} items" in written
    assert f"(page/index-{ITEMS}.md)" in written
    tables_of_run = (work / "page" / f"index-{ITEMS}.md").read_text()
    assert tables_of_run.startswith(f"# Indexing, {ITEMS} items\n")
    assert index_report(read_run(file)) in tables_of_run
    assert "python -m benchmarks." in tables_of_run


needs_postgresql = pytest.mark.skipif(
    peer("postgresql").unavailable() is not None, reason="no PostgreSQL to be measured"
)


@needs_postgresql
def test_postgresql_finds_what_this_site_finds(corpus: Corpus) -> None:
    assert_finds_the_same(corpus, "postgresql")


@needs_postgresql
def test_postgresql_without_rum_finds_the_same(
    corpus: Corpus, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "has_rum", lambda: False)
    assert "RUM" not in postgresql.label()
    folder = work / "gin"
    folder.mkdir()
    postgresql.build(corpus, folder, 1)
    built(OURS, corpus)
    with (
        peer(OURS).opened(corpus, folder_of(OURS, corpus) / "index") as ours,
        postgresql.opened(corpus, folder) as theirs,
    ):
        assert_same_pages(corpus, ours, theirs, SAME_TO_ALL)


@needs_postgresql
def test_postgresql_finds_the_same_whether_rows_or_the_index_are_read(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    built("postgresql", corpus)
    with postgresql.opened(corpus, folder_of("postgresql", corpus) / "index") as ask:
        for question in SAME_TO_ALL:
            monkeypatch.setattr(postgresql, "_READ_ROWS", 1)
            by_rows = ask(question)
            monkeypatch.setattr(postgresql, "_READ_ROWS", ITEMS)
            by_index = ask(question)
            assert_same(by_rows, by_index, question)
            assert passing(corpus, by_index.keys, question.filters) == list(by_index.keys)


@needs_postgresql
def test_postgresql_finds_near_words_in_either_order(corpus: Corpus) -> None:
    built("postgresql", corpus)
    with postgresql.opened(corpus, folder_of("postgresql", corpus) / "index") as ask:
        one, other = (ask(Question("", text)) for text in ('"opioid injection"~5', '"injection opioid"~5'))
    assert one.total == other.total > 0


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
    label = peer("tantivy_rust").label()
    assert f"{label} is left out: it is not installed." in capsys.readouterr().out
    stored = json.loads(file.read_text())
    assert stored["missing"] == {"tantivy_rust": "it is not installed"}
    assert set(stored["peers"]) == {OURS}


def test_unseen_questions_are_the_same_each_time_and_no_two_alike(corpus: Corpus) -> None:
    kinds = unseen_questions(corpus, 5)
    assert kinds == unseen_questions(corpus, 5)
    asked = [(question.typed, question.filters) for several in kinds.values() for question in several]
    assert len(set(asked)) == len(asked) == 5 * len(kinds)
    assert all({question.kind for question in several} == {kind} for kind, several in kinds.items())


def test_the_words_of_unseen_questions_do_not_come_again(corpus: Corpus) -> None:
    kinds = unseen_questions(corpus, 5)
    words = [
        word
        for kind in ("very common term", "two AND", "three AND", "three OR", "NOT", "field")
        for question in kinds[kind]
        for word in re.findall(r"[a-z]+", question.typed.removeprefix("rationale:"))
    ]
    assert len(set(words)) == len(words)


def test_processor_time_counts_children_that_still_run() -> None:
    program = "import sys\nsum(range(3_000_000))\nprint('done', flush=True)\nsys.stdin.read()"
    with ExitStack() as stack:
        with processor_time() as used:
            own = time.process_time()
            child = stack.enter_context(Popen([sys.executable, "-c", program], stdin=PIPE, stdout=PIPE))
            assert child.stdout is not None and child.stdout.readline() == b"done\n"
            own = time.process_time() - own
        child.communicate()
    assert used.seconds > own
