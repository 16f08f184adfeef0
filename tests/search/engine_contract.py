"""What every search engine must do. Subclass `EngineContract` and give it the fixture `engine`.

`engine` is an engine whose index does not exist yet; `other_engine` is a second one on the same index,
as another process would have it.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from determinations.search.facets import FACETS
from determinations.search.interface import (
    FacetFilter,
    IndexDocument,
    IndexLockedError,
    Passage,
    QuerySyntaxError,
    SearchEngine,
    SearchRequest,
    SearchResults,
    SearchUnavailableError,
    Sort,
)
from determinations.search.query_tree import (
    All,
    AnyOf,
    CaseNumber,
    Fuzzy,
    Node,
    Not,
    Phrase,
    Wildcard,
    Word,
)

from .word_count_contract import WordCountContract


def document(
    key: int,
    rationale: str = "",
    *,
    request: str = "",
    summary: str = "",
    guideline: str = "",
    case: str = "",
    date: int = 20140101,
    fingerprint: int = 0,
    **facets: str | tuple[str, ...],
) -> IndexDocument:
    values = {name: (value,) if isinstance(value, str) else value for name, value in facets.items()}
    return IndexDocument(key, case, request, guideline, rationale, summary, values, date, fingerprint)


LETTERS = (
    document(
        1,
        "A medial branch block should precede the rhizotomy. The request is not certified.",
        request="Right medial branch block at L4-5",
        summary="Chronic low back pain; lumbar radiculopathy.",
        guideline="MTUS ACOEM Chapter 12 Low Back Complaints",
        case="CM14-0031877",
        date=20140620,
        decision="upheld",
        service=("injections", "medial-branch-blocks"),
        level=("lumbar", "L4-L5"),
    ),
    document(
        2,
        "Epidural steroid injections are an option for radicular pain. Injected levels: L4/L5 and L5-S1.",
        request="Lumbar epidural steroid injection",
        summary="The patient has radiculopathy and takes gabapentin.",
        guideline="Official Disability Guidelines (ODG), Low Back Chapter",
        case="CM13-0000004",
        date=20131105,
        decision="overturned",
        service=("injections", "epidural-steroid-injections"),
        level=("lumbar", "L4-L5", "L5-S1"),
    ),
    document(
        3,
        "The branch of the medial nerve was not blocked. X-ray at follow-up was normal.",
        request="Norco 10/325mg #60",
        summary="Neck pain at C5-6.",
        guideline="MTUS Chronic Pain Medical Treatment Guidelines",
        date=20150301,
        decision="upheld",
        service=("pharmaceuticals", "opioids"),
        level=("cervical", "C5-C6"),
    ),
    document(
        4,
        "Opioid use is supported by a urine drug screen.",
        request="Urine drug screen",
        summary="Takes Norco.",
        date=0,
        decision="upheld",
        service=("diagnostic-testing", "urine-drug-testing"),
    ),
    document(
        5,
        "Block of the branch: medial approach.",
        request="Acupuncture",
        date=20140620,
        decision="overturned",
        service=("rehabilitation", "acupuncture"),
    ),
)


def keys(engine: SearchEngine, query: Node | None = None, **request: object) -> set[int]:
    return set(ordered_keys(engine, query, **request))


def ordered_keys(engine: SearchEngine, query: Node | None = None, **request: object) -> list[int]:
    return [hit.key for hit in engine.search(SearchRequest(query=query, **request)).hits]  # type: ignore[arg-type]


def counts(results: SearchResults, facet: str) -> dict[str, int]:
    return {one.value: one.count for one in results.counts[facet]}


def text_of(passage: Passage) -> str:
    return "".join(fragment.text for fragment in passage)


def lit(*passages: Passage) -> list[str]:
    return [fragment.text for passage in passages for fragment in passage if fragment.is_match]


class EngineContract(WordCountContract):
    @pytest.fixture
    def index_path(self, tmp_path: Path) -> Path:
        return tmp_path / "index"

    @pytest.fixture
    def engine(self, index_path: Path) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def other_engine(self, index_path: Path) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def letters(self, engine: SearchEngine) -> SearchEngine:
        engine.replace_all(LETTERS)
        return engine

    # The index and its changes

    def test_before_the_first_build_everything_says_which_command_builds_it(
        self, engine: SearchEngine, index_path: Path
    ) -> None:
        for attempt in (
            engine.status,
            lambda: engine.search(SearchRequest()),
            lambda: list(engine.fingerprints()),
            lambda: engine.more_like({"rationale": "pain"}, (), (), 5),
            lambda: engine.suggest_word("pain"),
            lambda: engine.words_with_prefix("pa", 5),
            lambda: engine.update([LETTERS[0]]),
        ):
            with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
                attempt()

    def test_an_index_of_another_version_is_refused_and_kept(
        self, letters: SearchEngine, index_path: Path
    ) -> None:
        pointer = index_path / "current"
        pointer.write_text(json.dumps(json.loads(pointer.read_text()) | {"schema_version": "0.0"}))
        before = _files(index_path)
        for attempt in (letters.status, lambda: letters.search(SearchRequest()), lambda: letters.update([])):
            with pytest.raises(SearchUnavailableError, match=r"version 0\.0.*manage.py rebuild_index"):
                attempt()
        assert _files(index_path) == before
        letters.replace_all(LETTERS)
        assert letters.status().documents == len(LETTERS)

    def test_a_broken_index_is_refused_and_kept(self, letters: SearchEngine, index_path: Path) -> None:
        (index_path / "current").write_text("not what was written")
        with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
            letters.search(SearchRequest())
        assert (index_path / "current").read_text() == "not what was written"

    def test_an_index_whose_files_are_lost_is_refused(
        self, letters: SearchEngine, other_engine: SearchEngine, index_path: Path
    ) -> None:
        for file in index_path.glob("[0-9]*/*"):
            file.unlink()
        with pytest.raises(SearchUnavailableError, match=r"manage.py rebuild_index"):
            other_engine.search(SearchRequest())

    def test_an_empty_index_is_an_index(self, engine: SearchEngine) -> None:
        engine.replace_all([])
        assert engine.status().documents == 0
        results = engine.search(SearchRequest(query=Word("pain"), count=("decision",)))
        assert (results.total, results.hits, results.counts["decision"]) == (0, (), ())
        assert engine.search(SearchRequest()).total == 0
        assert list(engine.fingerprints()) == []
        assert engine.words_with_prefix("pa", 5) == ()
        assert engine.suggest_word("pain") is None
        assert engine.more_like({"rationale": "pain"}, (), (), 5) == ()

    def test_added_documents_are_found_by_every_engine_on_the_index(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        assert keys(other_engine, Word("cryotherapy")) == set()
        letters.update([document(9, "Cryotherapy is not supported.")])
        assert keys(letters, Word("cryotherapy")) == {9}
        assert keys(other_engine, Word("cryotherapy")) == {9}

    def test_a_document_with_a_known_key_replaces_the_old_one(self, letters: SearchEngine) -> None:
        letters.update([document(1, "Wholly rewritten.", decision="overturned", fingerprint=7)])
        assert keys(letters, Word("rhizotomy")) == set()
        assert keys(letters, Word("rewritten")) == {1}
        assert letters.status().documents == len(LETTERS)
        results = letters.search(SearchRequest(count=("decision",)))
        assert counts(results, "decision") == {"overturned": 3, "upheld": 2}
        assert dict(letters.fingerprints())[1] == 7

    def test_deleted_documents_are_gone_from_hits_totals_and_counts(self, letters: SearchEngine) -> None:
        letters.update([], delete=[2, 4, 77])
        results = letters.search(SearchRequest(count=("decision", "service")))
        assert results.total == letters.status().documents == 3
        assert counts(results, "decision") == {"upheld": 2, "overturned": 1}
        assert "opioids" in counts(results, "service")
        assert "epidural-steroid-injections" not in counts(results, "service")
        assert keys(letters, Not(Word("nothing"))) == {1, 3, 5}

    def test_a_key_both_deleted_and_given_is_replaced(self, letters: SearchEngine) -> None:
        letters.update([document(1, "Second thoughts."), document(1, "Third thoughts.")], delete=iter([1, 2]))
        assert keys(letters, Word("thoughts")) == {1}
        assert keys(letters, Word("third")) == {1}
        assert keys(letters) == {1, 3, 4, 5}

    def test_many_small_commits_keep_every_document(self, engine: SearchEngine) -> None:
        engine.replace_all([])
        for key in range(1, 41):
            engine.update([document(key, f"pain number{key}", year=str(2000 + key % 3))], delete=[key - 7])
        assert keys(engine, Word("pain"), limit=50) == set(range(34, 41))
        assert keys(engine, Word("number36")) == {36}
        assert [key for key, _ in engine.fingerprints()] == list(range(34, 41))

    def test_an_index_deleted_and_built_anew_is_not_taken_for_the_old_one(
        self, engine: SearchEngine, index_path: Path
    ) -> None:
        block = Word("block")
        engine.replace_all([document(1, request="block"), document(2, request="block")])
        assert keys(engine, block) == {1, 2}
        shutil.rmtree(index_path)
        engine.replace_all([document(1, request="block"), document(2, request="cream")])
        assert keys(engine, block) == {1}

    def test_every_commit_raises_the_generation(self, engine: SearchEngine) -> None:
        generations = []
        changes: tuple[Callable[[], None], ...] = (
            lambda: engine.replace_all(LETTERS),
            lambda: engine.update([document(8)]),
            lambda: engine.update([], delete=[8]),
            lambda: engine.replace_all(LETTERS),
            lambda: engine.update([document(8)]),
        )
        for change in changes:
            change()
            generations.append(engine.status().generation)
        assert generations == sorted(set(generations))

    def test_a_failed_rebuild_leaves_the_old_index_serving(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        def failing() -> Iterator[IndexDocument]:
            yield document(100, "never seen")
            raise RuntimeError("the database went away")

        before = letters.status()
        with pytest.raises(RuntimeError, match="went away"):
            letters.replace_all(failing())
        assert letters.status() == before
        assert keys(letters) == keys(other_engine) == {1, 2, 3, 4, 5}
        letters.replace_all([document(6, "new")])
        assert keys(letters) == keys(other_engine) == {6}

    def test_a_failed_update_changes_nothing(self, letters: SearchEngine) -> None:
        def failing() -> Iterator[IndexDocument]:
            yield document(1, "never seen")
            raise RuntimeError("the database went away")

        with pytest.raises(RuntimeError, match="went away"):
            letters.update(failing(), delete=[2])
        assert keys(letters) == {1, 2, 3, 4, 5}
        assert keys(letters, Word("rhizotomy")) == {1}

    def test_rebuilding_reports_each_document_once(self, engine: SearchEngine) -> None:
        told: list[int] = []
        engine.replace_all((document(key, "pain") for key in range(1, 1234)), told.append)
        assert sum(told) == engine.status().documents == 1233

    def test_the_same_key_twice_in_a_rebuild_is_one_document(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "first"), document(2, "other"), document(1, "second")])
        assert engine.status().documents == 2
        assert keys(engine, Word("first")) == set()
        assert keys(engine, Word("second")) == {1}

    def test_a_second_writer_is_told_what_to_do(
        self, letters: SearchEngine, other_engine: SearchEngine
    ) -> None:
        def meanwhile() -> Iterator[IndexDocument]:
            yield LETTERS[0]
            with pytest.raises(IndexLockedError, match=r"Another process .* try again"):
                other_engine.update([document(8)])
            assert keys(other_engine) == {1, 2, 3, 4, 5}

        letters.replace_all(meanwhile())
        other_engine.update([document(8)])
        assert keys(letters) == {1, 8}

    def test_fingerprints_come_by_key(self, engine: SearchEngine) -> None:
        engine.replace_all([document(3, fingerprint=2**62), document(1, fingerprint=5), document(2)])
        assert list(engine.fingerprints()) == [(1, 5), (2, 0), (3, 2**62)]

    # What matches

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (Word("radiculopathy"), {1, 2}),
            (Word("INJECTIONS"), {2}),
            (Word("injection", "rationale"), {2}),
            (Word("injection", "guideline"), set()),
            (Word("norco"), {3, 4}),
            (Word("norco", "request"), {3}),
            (Word("and"), {2}),
            (Word("L4-L5"), {1, 2}),
            (Word("l4/5"), {1, 2}),
            (Word("L4–5"), {1, 2}),
            (Word("L-4 to L-5"), {1, 2}),
            (Word("c5/c6"), {3}),
            (Word("10/325"), {3}),
            (Word("325"), {3}),
            (Word("x-ray"), {3}),
            (Word("followup"), set()),
            (Word("follow-up"), {3}),
            (Word("patient's"), {2}),
            (Word("—"), set()),
            (Word(""), set()),
            (Word("nowhere"), set()),
            (Phrase(("medial", "branch", "block")), {1}),
            (Phrase(("medial", "branch")), {1}),
            (Phrase(("branch", "medial"), slop=2), {5}),
            (Phrase(("branch", "medial"), slop=3), {3, 5}),
            (Phrase(("epidural", "injection"), slop=2), {2}),
            (Phrase(("epidural", "injection")), set()),
            (Phrase(("block", "branch", "approach"), slop=3), {5}),
            (Phrase(("medial", "branch"), field="rationale"), {1}),
            (Phrase(("medial", "branch"), field="summary"), set()),
            (Phrase(("the", "the")), set()),
            (Phrase(("medial",)), {1, 3, 5}),
            (Phrase(()), set()),
            (Phrase(("low", "unheard")), set()),
            (Wildcard("radic*"), {1, 2}),
            (Wildcard("RADIC*"), {1, 2}),
            (Wildcard("radiculopathy*"), {1, 2}),
            (Wildcard("inject?d"), {2}),
            (Wildcard("inject*d"), {2}),
            (Wildcard("*pathy"), {1, 2}),
            (Wildcard("*aba*"), {2}),
            (Wildcard("ra?ic*", "rationale"), {2}),
            (Wildcard("block", "rationale"), {1, 5}),
            (Wildcard("blocked*"), {3}),
            (Wildcard("follow-u*"), {3}),
            (Wildcard("l4-*"), {1, 2}),
            (Wildcard("zzz*"), set()),
            (Fuzzy("gabapentn"), {2}),
            (Fuzzy("gabepentn"), set()),
            (Fuzzy("gabepentn", distance=2), {2}),
            (Fuzzy("habapentin"), set()),
            (Fuzzy("injecton"), {2}),
            (Fuzzy("norko", field="request"), {3}),
            (CaseNumber("CM14-0031877"), {1}),
            (CaseNumber("cm14-31877"), {1}),
            (CaseNumber("CM14-9999999"), set()),
            (Word("CM14-0031877", "case"), {1}),
            (Wildcard("cm14*", "case"), {1}),
            (All((Word("medial"), Word("rhizotomy"))), {1}),
            (All((Word("norco"), Word("pain"), Word("opioid"))), set()),
            (All((Word("pain"), Word("—"))), {1, 2, 3}),
            (All((Word("medial"), Not(Word("rhizotomy")))), {3, 5}),
            (All((Word("medial"), Not(Word("—")))), {1, 3, 5}),
            (All((Not(Word("pain")), Not(Word("urine")))), {5}),
            (All(()), set()),
            (Not(Word("pain")), {4, 5}),
            (Not(Not(Word("pain"))), {1, 2, 3}),
            (Not(AnyOf((Word("pain"), Word("norco")))), {5}),
            (AnyOf((Word("rhizotomy"), Word("urine"))), {1, 4}),
            (AnyOf((Word("rhizotomy"), Not(Word("pain")))), {1, 4, 5}),
            (AnyOf(()), set()),
            (
                All((AnyOf((Word("medial"), Word("urine"))), Not(Phrase(("medial", "branch", "block"))))),
                {3, 4, 5},
            ),
            (All((Word("block", "rationale"), Wildcard("acup*", "request"))), {5}),
            (None, {1, 2, 3, 4, 5}),
        ],
        ids=repr,
    )
    def test_matches(self, letters: SearchEngine, query: Node | None, expected: set[int]) -> None:
        results = letters.search(SearchRequest(query=query))
        assert {hit.key for hit in results.hits} == expected
        assert results.total == len(expected)

    @pytest.mark.parametrize("pattern", ["*", "?", "**", "*-?", ""])
    def test_a_wildcard_without_a_letter_is_explained(self, letters: SearchEngine, pattern: str) -> None:
        with pytest.raises(QuerySyntaxError, match="letter"):
            letters.search(SearchRequest(query=Wildcard(pattern)))

    # Facets

    def test_counts_of_every_facet_over_all_documents(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(count=tuple(facet.name for facet in FACETS)))
        assert counts(results, "decision") == {"upheld": 3, "overturned": 2}
        assert counts(results, "level") == {
            "lumbar": 2,
            "L4-L5": 2,
            "L5-S1": 1,
            "cervical": 1,
            "C5-C6": 1,
        }
        assert counts(results, "specialty") == {}
        assert set(results.counts) == {facet.name for facet in FACETS}

    def test_counts_come_commonest_first_then_by_value(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(count=("level",)))
        values = [one.value for one in results.counts["level"]]
        assert values == ["L4-L5", "lumbar", "C5-C6", "L5-S1", "cervical"]

    def test_only_facets_asked_for_are_counted(self, letters: SearchEngine) -> None:
        assert letters.search(SearchRequest()).counts == {}

    def test_values_of_a_facet_are_or_and_facets_are_and(self, letters: SearchEngine) -> None:
        injections = FacetFilter("service", ("injections",))
        either = FacetFilter("service", ("injections", "opioids"))
        upheld = FacetFilter("decision", ("upheld",))
        assert keys(letters, filters=(injections,)) == {1, 2}
        assert keys(letters, filters=(either,)) == {1, 2, 3}
        assert keys(letters, filters=(either, upheld)) == {1, 3}
        assert keys(letters, Word("medial"), filters=(either, upheld)) == {1, 3}
        assert keys(letters, Word("radiculopathy"), filters=(upheld,)) == {1}
        assert keys(letters, filters=(FacetFilter("decision", ("unheard-of",)),)) == set()

    def test_each_facet_is_counted_without_its_own_filter(self, letters: SearchEngine) -> None:
        results = letters.search(
            SearchRequest(
                filters=(FacetFilter("decision", ("upheld",)), FacetFilter("level", ("lumbar", "cervical"))),
                count=("decision", "level", "service"),
            )
        )
        assert results.total == 2
        assert counts(results, "decision") == {"upheld": 2, "overturned": 1}
        assert counts(results, "level") == {"lumbar": 1, "L4-L5": 1, "cervical": 1, "C5-C6": 1}
        assert counts(results, "service") == {
            "injections": 1,
            "medial-branch-blocks": 1,
            "pharmaceuticals": 1,
            "opioids": 1,
        }

    def test_counts_follow_the_query(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(query=Word("radiculopathy"), count=("decision",)))
        assert counts(results, "decision") == {"upheld": 1, "overturned": 1}

    # Order and pages

    def test_relevance_prefers_documents_that_say_more_of_it_in_fewer_words(
        self, engine: SearchEngine
    ) -> None:
        engine.replace_all(
            [
                document(1, "pain " + "and other matters of little concern here " * 5),
                document(2, "pain, pain and again pain"),
                document(3, "nothing of the kind"),
                document(4, "pain in a short note"),
            ]
        )
        assert ordered_keys(engine, Word("pain")) == [2, 4, 1]

    def test_rare_words_weigh_more(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [document(1, "pain here"), document(2, "discogram here")]
            + [document(key, "pain again") for key in range(3, 30)]
        )
        assert ordered_keys(engine, AnyOf((Word("pain"), Word("discogram"))))[0] == 2

    def test_equal_scores_come_by_key(self, engine: SearchEngine) -> None:
        engine.replace_all([document(key, "pain") for key in (5, 3, 9, 1, 7)])
        assert ordered_keys(engine, Word("pain")) == [1, 3, 5, 7, 9]
        assert ordered_keys(engine) == [1, 3, 5, 7, 9]
        assert ordered_keys(engine, Word("pain"), limit=2) == [1, 3]
        scores = {hit.score for hit in engine.search(SearchRequest(query=Word("pain"))).hits}
        assert len(scores) == 1

    def test_by_date_undated_items_come_last_and_ties_by_key(self, letters: SearchEngine) -> None:
        assert ordered_keys(letters, sort=Sort.NEWEST) == [3, 1, 5, 2, 4]
        assert ordered_keys(letters, sort=Sort.OLDEST) == [2, 1, 5, 3, 4]
        assert ordered_keys(letters, Word("medial"), sort=Sort.OLDEST) == [1, 5, 3]
        assert ordered_keys(letters, sort=Sort.NEWEST, limit=2, offset=3) == [2, 4]

    @pytest.mark.parametrize("sort", list(Sort))
    def test_pages_add_up_to_the_whole_list(self, engine: SearchEngine, sort: Sort) -> None:
        engine.replace_all(
            document(key, "pain " * (key % 4 + 1), date=20140101 + key % 3 if key % 5 else 0)
            for key in range(1, 60)
        )
        whole = ordered_keys(engine, Word("pain"), sort=sort, limit=100)
        paged = [
            key
            for offset in range(0, 63, 7)
            for key in ordered_keys(engine, Word("pain"), sort=sort, offset=offset, limit=7)
        ]
        assert paged == whole
        assert sorted(whole) == list(range(1, 60))

    def test_a_page_beyond_the_end_is_empty_and_knows_the_total(self, letters: SearchEngine) -> None:
        results = letters.search(SearchRequest(query=Word("medial"), offset=40))
        assert (results.hits, results.total) == ((), 3)
        nothing = letters.search(SearchRequest(query=Word("medial"), limit=0, count=("decision",)))
        assert (nothing.hits, nothing.total) == ((), 3)
        assert counts(nothing, "decision") == {"upheld": 2, "overturned": 1}

    # Highlights

    @pytest.mark.parametrize(
        ("query", "text", "expected"),
        [
            (Word("injection"), "Two injections were injected.", ["injections", "injected"]),
            (Word("L4-5"), "At L4/L5, L4–5 and L5-S1.", ["L4/L5", "L4–5"]),
            (Word("l4-l5"), "From L4 to L5.", ["L4 to L5"]),
            (Word("10/325"), "Norco 10/325mg or 325 mg.", ["10/325"]),
            (Phrase(("medial", "branch")), "A branch; the medial branches, medial.", ["medial branches"]),
            (Phrase(("medial", "block"), slop=3), "medial nerve block, then block", ["medial", "block"]),
            (
                All((Word("medial"), Phrase(("branch", "block")))),
                "medial branch block",
                ["medial", "branch block"],
            ),
            (Wildcard("radic*"), "Radiculopathy, radical; trad.", ["Radiculopathy", "radical"]),
            (Wildcard("*pathy"), "Radiculopathy and sympathy path", ["Radiculopathy", "sympathy"]),
            (Wildcard("l4-*"), "L4/5 and L5-S1", ["L4/5"]),
            (Fuzzy("gabapentn"), "Gabapentin, not pregabalin", ["Gabapentin"]),
            (All((Word("pain"), Not(Word("chronic")))), "chronic pain", ["pain"]),
            (Not(Word("pain")), "chronic pain", []),
            (AnyOf((Word("pain"), Word("chronic"))), "Chronic\n pain", ["Chronic", "pain"]),
            (Word("pain", "rationale"), "pain", ["pain"]),
            (Word("pain", "summary"), "pain", []),
            (CaseNumber("CM14-0031877"), "pain", []),
            (None, "chronic pain", []),
            (Word("pain"), "", []),
        ],
        ids=repr,
    )
    def test_lit_words(
        self, engine: SearchEngine, query: Node | None, text: str, expected: list[str]
    ) -> None:
        whole = engine.highlight_whole(query, "rationale", text)
        assert lit(whole) == expected
        assert text_of(whole) == text

    def test_the_best_passages_hold_the_most_different_words(self, engine: SearchEngine) -> None:
        filler = "The applicant was seen again and the chart was in order. " * 6
        best_of_all = f"Medial branch blocks relieve pain.\n\n{filler}"
        text = f"{filler}There is pain. {filler}{best_of_all}Pain and pain.{filler}"
        query = All((Word("pain"), Word("medial"), Word("block")))
        (best,) = engine.highlight(query, "rationale", text, 1)
        assert set(lit(best)) == {"Medial", "blocks", "pain"}
        assert text_of(best) in text
        assert len(text_of(best)) <= 320
        assert text_of(best).startswith(("Medial", "The"))
        assert text_of(best).endswith(".")
        two = engine.highlight(query, "rationale", text, 2)
        assert len(two) == 2
        assert text.index(text_of(two[0])) < text.index(text_of(two[1]))

    def test_without_a_match_the_opening_is_shown_unmarked(self, engine: SearchEngine) -> None:
        text = "First sentence. " + "Another sentence of some length follows here. " * 30
        for query in (None, Word("absent")):
            (opening,) = engine.highlight(query, "summary", text, 2)
            assert lit(opening) == []
            assert text.startswith(text_of(opening))
            assert 100 < len(text_of(opening)) <= 320
        assert engine.highlight(Word("absent"), "summary", "", 2) == ()

    def test_a_text_without_sentences_is_cut_between_words(self, engine: SearchEngine) -> None:
        text = "unbroken words " * 100 + "target " + "more words " * 100
        (passage,) = engine.highlight(Word("target"), "rationale", text, 1)
        assert lit(passage) == ["target"]
        assert text_of(passage) in text
        assert len(text_of(passage)) <= 320
        assert text_of(passage).strip() == text_of(passage)

    # Similar items and words

    def test_more_like_finds_the_closest_rationale(self, letters: SearchEngine) -> None:
        letters.update(
            [
                document(
                    20,
                    "Rhizotomy after a successful medial branch block is certified.",
                    decision="overturned",
                ),
                document(21, "A medial branch block and rhizotomy were tried before.", decision="upheld"),
            ]
        )
        texts = {"rationale": LETTERS[0].rationale, "request": LETTERS[0].request}
        found = [hit.key for hit in letters.more_like(texts, (), (1,), 4)]
        assert {20, 21} <= set(found)
        assert 1 not in found
        overturned = letters.more_like(texts, (FacetFilter("decision", ("overturned",)),), (1,), 1)
        assert [hit.key for hit in overturned] == [20]
        assert letters.more_like({"rationale": ""}, (), (), 5) == ()

    def test_more_like_orders_by_score_then_key(self, engine: SearchEngine) -> None:
        engine.replace_all(
            [document(key, "facet joint pain") for key in (4, 2, 8)] + [document(1, "else")] * 1
        )
        hits = engine.more_like({"rationale": "facet joint"}, (), (8,), 5)
        assert [hit.key for hit in hits] == [2, 4]

    @pytest.mark.parametrize(
        ("word", "field", "expected"),
        [
            ("radiculopaty", None, "radiculopathy"),
            ("gabapentine", None, "gabapentin"),
            ("epidurla", None, "epidural"),
            ("nijections", None, "injections"),
            ("Rhizotmy", "rationale", "rhizotomy"),
            ("rhizotmy", "summary", None),
            ("radiculopathy", None, None),
            ("zzzzzzz", None, None),
            ("L4-5", None, None),
            ("", None, None),
            ("pian", None, "pain"),
        ],
    )
    def test_suggested_words(
        self, letters: SearchEngine, word: str, field: str | None, expected: str | None
    ) -> None:
        assert letters.suggest_word(word, field) == expected

    def test_the_commoner_of_equally_near_words_is_suggested(self, engine: SearchEngine) -> None:
        engine.replace_all([document(1, "lumber"), document(2, "lumbar"), document(3, "lumbar")])
        assert engine.suggest_word("lumbxr") == "lumbar"

    def test_words_with_a_prefix_come_commonest_first_as_spelled(self, letters: SearchEngine) -> None:
        assert letters.words_with_prefix("radic", 10) == ("radiculopathy", "radicular")
        assert letters.words_with_prefix("Inject", 10) == ("injected", "injection", "injections")
        assert letters.words_with_prefix("radic", 1) == ("radiculopathy",)
        assert letters.words_with_prefix("zz", 10) == ()
        assert letters.words_with_prefix("", 10) == ()


def _files(path: Path) -> Iterable[str]:
    return sorted(str(file.relative_to(path)) for file in path.rglob("*"))
