"""The sample generator: reproducible, marked, varied, coherent, and as committed."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from determinations.letters.parsed_letter import (
    Decision,
    Layout,
    ParsedItem,
    ParsedLetter,
    Reviewer,
    Sex,
)
from determinations.letters.sample_mark import INVENTED_LINE, is_invented
from determinations.letters.vocabulary.names import guideline_sources
from sample_letters.generator import InventedLetter, Manner, invented_letters, render_letter
from sample_letters.generator.__main__ import COLLECTION, SEED, main
from sample_letters.generator.case import says_nothing_else
from sample_letters.generator.cases import suits
from sample_letters.generator.catalogue import catalogue, check
from sample_letters.generator.disturb import DISTURBANCES
from sample_letters.generator.pdf import letter_pdf
from sample_letters.generator.typing_errors import with_typing_errors
from sample_letters.generator.wording import Template, wrapped


@pytest.fixture(scope="module")
def collection() -> list[InventedLetter]:
    return list(invented_letters(160, SEED))


@pytest.fixture(scope="module")
def items(collection: list[InventedLetter]) -> list[ParsedItem]:
    return [item for invented in collection for item in invented.letter.items]


def words_of(text: str) -> str:
    return " ".join(text.split())


def test_same_seed_same_letters_and_another_seed_others() -> None:
    first = list(invented_letters(30, 7))
    assert list(invented_letters(30, 7)) == first
    assert not {invented.text for invented in first} & {invented.text for invented in invented_letters(30, 8)}


def test_a_letter_does_not_depend_on_how_many_are_made() -> None:
    assert list(islice(invented_letters(400, 7), 200)) == list(invented_letters(200, 7))


def test_letters_are_distinct_in_name_and_text() -> None:
    letters = list(invented_letters(2000, 1))
    assert len({invented.name for invented in letters}) == 2000
    assert len({invented.text for invented in letters}) == 2000
    numbers = [invented.letter.case_number for invented in letters if invented.letter.case_number]
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"CM\d\d-9\d{6}", number) for number in numbers)


def test_the_committed_collection_is_what_the_generator_makes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


def test_check_names_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--count", "12", "--seed", "3", "--output", str(tmp_path)]
    assert main(arguments) == 0
    letters = sorted(tmp_path.glob("*/*.txt"))
    letters[0].write_text("changed", encoding="utf-8")
    letters[1].unlink()
    (tmp_path / "2014").mkdir(exist_ok=True)
    (tmp_path / "2014" / "stray.txt").write_text("stray", encoding="utf-8")
    assert main([*arguments, "--check"]) == 1
    complaints = capsys.readouterr().err
    for expected in (f"differs: {letters[0].parent.name}/", "missing: ", "left over: 2014/stray.txt"):
        assert expected in complaints
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0


def test_every_committed_letter_says_that_it_is_invented() -> None:
    texts = [path.read_text(encoding="utf-8") for path in COLLECTION.glob("20*/*.txt")]
    assert len(texts) > 150
    assert all(is_invented(text) and INVENTED_LINE in text[:200] for text in texts)
    pdfs = [path.read_bytes() for path in COLLECTION.glob("20*/*.pdf")]
    assert len(pdfs) == 6
    assert all(INVENTED_LINE.encode() in pdf for pdf in pdfs)


def test_a_real_letter_is_not_taken_for_an_invented_one() -> None:
    assert not is_invented(render_letter(ParsedLetter(Layout.STANDARD), Manner(marked=False)))


def test_layouts_years_and_letters_without_a_cover(collection: list[InventedLetter]) -> None:
    layouts = Counter(invented.letter.layout for invented in collection)
    assert layouts[Layout.STANDARD] >= 120
    assert all(layouts[layout] >= 12 for layout in Layout)
    assert {invented.year for invented in collection} == set(range(2013, 2025))
    uncovered = [invented for invented in collection if invented.letter.case_number is None]
    assert 12 <= len(uncovered) <= 40
    assert {invented.letter.priority for invented in collection} == {None, "standard", "expedited"}


def test_every_service_is_disputed_and_most_both_ways(items: list[ParsedItem]) -> None:
    decisions: dict[str, set[Decision]] = {}
    for item in items:
        for slug in item.services:
            decisions.setdefault(slug, set()).add(item.decision)
    assert set(decisions) == set(catalogue().services)
    both = [slug for slug, found in decisions.items() if {Decision.UPHELD, Decision.OVERTURNED} <= found]
    assert len(both) >= 12


@pytest.fixture(scope="module")
def many() -> list[ParsedLetter]:
    return [one.letter for one in invented_letters(1600, 2)]


def share(of: Sequence[object]) -> float:
    return sum(map(bool, of)) / len(of)


def test_about_one_item_in_nine_is_overturned(items: list[ParsedItem], many: list[ParsedLetter]) -> None:
    for one in (items, [item for letter in many for item in letter.items]):
        assert 0.08 <= share([item.decision is Decision.OVERTURNED for item in one]) <= 0.14
        assert 0.85 <= share([item.decision is Decision.UPHELD for item in one]) <= 0.91


def test_a_fifth_of_the_letters_have_three_items_or_more(many: list[ParsedLetter]) -> None:
    assert 0.17 <= share([len(letter.items) >= 3 for letter in many]) <= 0.32


def test_the_forms_of_real_letters_come_about_as_often(many: list[ParsedLetter]) -> None:
    items = [item for letter in many for item in letter.items]
    assert 0.07 <= share([item.disputed_portion for item in items]) <= 0.15
    assert 0.02 <= share([item.request.startswith("Associated surgical service:") for item in items]) <= 0.08
    of_2017 = [item for one in many for item in one.items if str(one.dates.decision).startswith("2017")]
    assert 0.02 <= share([re.search(r"Section\(s\): \d", one.reviewer_guideline) for one in of_2017]) <= 0.1
    assert 0.1 <= share([len(item.rationale.split()) > 170 for item in items]) <= 0.3
    levels = re.compile(r"(?:tenderness|bulge)[a-z ]* at [CTL]\d")
    assert share([levels.search(item.rationale) and not item.spinal_levels for item in items]) >= 0.03


def test_partly_authorized_requests_name_what_was_and_what_is_left(many: list[ParsedLetter]) -> None:
    partly = [item for letter in many for item in letter.items if item.disputed_portion]
    for item in partly:
        assert item.original_request in item.request
        assert item.authorized in item.request
        assert item.request.endswith(item.disputed_portion)
        assert item.authorized != item.original_request


def test_one_reviewer_writes_several_letters_nearly_alike(collection: list[InventedLetter]) -> None:
    alike: dict[frozenset[str], list[ParsedLetter]] = {}
    for invented in collection:
        words = frozenset(re.findall(r"[a-z]{5,}", invented.letter.items[0].rationale))
        key = next((one for one in alike if len(one & words) > 0.75 * len(one | words)), words)
        alike.setdefault(key, []).append(invented.letter)
    series = [letters for letters in alike.values() if len(letters) >= 3]
    assert len(series) >= 3
    for letters in series:
        assert len({letter.reviewer for letter in letters}) == 1
        assert len({letter.clinical_summary for letter in letters}) == len(letters)


def test_typing_errors_leave_the_conclusion_and_the_number_of_words() -> None:
    for invented in invented_letters(80, 4):
        mistyped = with_typing_errors(invented.letter, Random(1))
        assert mistyped.clinical_summary != invented.letter.clinical_summary
        for before, after in zip(invented.letter.items, mistyped.items, strict=True):
            assert after.rationale.rsplit(". ", 1)[-1] == before.rationale.rsplit(". ", 1)[-1]
            assert len(after.rationale.split()) == len(before.rationale.split())


def test_every_facet_has_many_values(collection: list[InventedLetter], items: list[ParsedItem]) -> None:
    cited = [citation for item in items for citation in item.reviewer_citations]
    assert len({(citation.source, citation.chapter) for citation in cited}) >= 25
    assert {2004, 2009, 2016, 2017} <= {citation.year for citation in cited}
    levels = {level for item in items for level in item.spinal_levels}
    assert len(levels) >= 15
    assert {level[0] for level in levels} == {"C", "T", "L", "S"}
    assert {item.laterality for item in items} == {None, "left", "right", "bilateral"}
    assert {item.levels_from for item in items} == {None, "request", "rationale"}
    specialties = {one for invented in collection for one in invented.letter.reviewer.specialties}
    states = {one for invented in collection for one in invented.letter.reviewer.licensed_in}
    assert len(specialties) >= 15
    assert len(states) >= 20
    sexes = {invented.letter.patient.sex for invented in collection}
    assert sexes == {None, Sex.FEMALE, Sex.MALE}


def test_every_source_of_guidelines_is_cited(many: list[ParsedLetter]) -> None:
    cited = {citation.source for one in many for item in one.items for citation in item.reviewer_citations}
    assert cited == {source.slug for source in guideline_sources()}


def test_opposite_outcomes_argue_from_the_same_criterion(items: list[ParsedItem]) -> None:
    """Pairs for "similar, opposite outcome": same service, same sentences of criteria, other decision."""
    by_sentence: dict[tuple[str, str], set[Decision]] = {}
    for item in items:
        for sentence in re.split(r"(?<=[.;]) ", item.rationale):
            if len(sentence) > 80:
                by_sentence.setdefault((item.services[0], sentence), set()).add(item.decision)
    services = {
        slug
        for (slug, _), decisions in by_sentence.items()
        if {Decision.UPHELD, Decision.OVERTURNED} <= decisions
    }
    assert len(services) >= 8


def test_summaries_and_rationales_have_a_readers_length(
    collection: list[InventedLetter], items: list[ParsedItem]
) -> None:
    summaries = [len(invented.letter.clinical_summary.split()) for invented in collection]
    rationales = [len(item.rationale.split()) for item in items]
    assert all(80 <= words <= 480 for words in summaries)
    assert all(30 <= words <= 450 for words in rationales)
    assert max(rationales) > 2 * sorted(rationales)[len(rationales) // 2]


def test_no_slot_and_no_choice_is_left_open() -> None:
    for invented in invented_letters(1600, 5):
        assert not re.search(r"[{}\[\]|]| ,|\.\.|  +[a-z]", words_of(invented.text)), invented.name


def test_the_letter_tells_what_the_values_hold() -> None:
    """What a reader is to find stands in the undisturbed text, word for word."""
    for invented in invented_letters(320, 11):
        text = words_of(render_letter(invented.letter))
        letter = invented.letter
        assert letter.clinical_summary in text
        assert all(one in text for one in (*letter.reviewer.specialties, *letter.reviewer.licensed_in))
        assert letter.case_number is None or letter.case_number in text
        for item in letter.items:
            for part in (item.request, item.claims_administrator_guideline, item.reviewer_guideline):
                assert part in text
            assert item.rationale in text
        if letter.patient.age is not None:
            assert f"{letter.patient.age}" in letter.clinical_summary


def test_sex_and_side_agree_throughout_a_letter() -> None:
    for invented in invented_letters(640, 12):
        letter = invented.letter
        prose = " ".join([letter.clinical_summary, *(item.rationale for item in letter.items)])
        if letter.patient.sex is not Sex.FEMALE:
            assert not re.search(r"\b(she|her|woman|female)\b", prose, re.IGNORECASE), invented.name
        if letter.patient.sex is not Sex.MALE:
            assert not re.search(r"\b(he|his|him|man|male)\b", prose, re.IGNORECASE), invented.name
        assert not {"left", "right"} <= set(re.findall(r"\b(?:left|right)\b", prose)), invented.name


def test_disturbances_keep_every_word(collection: list[InventedLetter]) -> None:
    """Undisturbed but for furniture, blanks and split words."""
    shown = {name for invented in collection for name in invented.peculiarities}
    assert set(DISTURBANCES) <= shown
    assert "contradiction" in shown
    for invented in collection:
        if set(invented.peculiarities) & {"page_breaks", "blank_lines", "double_blanks"} and not set(
            invented.peculiarities
        ) & {"footers", "hyphens", "glued_words"}:
            assert invented.letter.clinical_summary in words_of(invented.text)


def test_a_contradictory_letter_concludes_against_its_heading(collection: list[InventedLetter]) -> None:
    contradictory = [invented for invented in collection if "contradiction" in invented.peculiarities]
    assert len(contradictory) >= 3
    for invented in contradictory:
        item = invented.letter.items[0]
        conclusion = item.rationale.rsplit(". ", 1)[-1]
        denied = re.search(r"\bnot (medically|certified|been established|established)", conclusion)
        assert bool(denied) == (item.decision is Decision.OVERTURNED), invented.name


@pytest.mark.parametrize(
    ("layout", "decision", "heading"),
    [
        (Layout.STANDARD, Decision.UPHELD, "X-ray, 3 views: left: Upheld"),
        (Layout.STANDARD, Decision.PARTIALLY_OVERTURNED, "X-ray, 3 views: left: Overturned in part"),
        (
            Layout.LATE_2013,
            Decision.OVERTURNED,
            "1. X-ray, 3 views: left is medically necessary and appropriate.",
        ),
        (
            Layout.LATE_2013,
            Decision.UPHELD,
            "1. X-ray, 3 views: left is not medically necessary and appropriate.",
        ),
        (Layout.NOTICE_2013, Decision.UPHELD, "1) Regarding the request for X-ray, 3 views: left:"),
        (Layout.EARLY_2013, Decision.UPHELD, "TREATMENT/SERVICE WAS NOT MEDICALLY NECESSARY"),
        (Layout.EARLY_2013, Decision.OVERTURNED, "TREATMENT/SERVICE WAS MEDICALLY NECESSARY"),
    ],
)
def test_each_layout_prints_the_decision_in_its_own_way(
    layout: Layout, decision: Decision, heading: str
) -> None:
    item = ParsedItem(1, "X-ray, 3 views: left", decision, rationale="Because.")
    text = render_letter(ParsedLetter(layout, items=(item,)), Manner(decision_after=" "))
    assert heading in words_of(text)


def test_the_notice_prints_each_determination_twice() -> None:
    item = ParsedItem(1, "a cane", Decision.UPHELD, rationale="Because.")
    text = words_of(render_letter(ParsedLetter(Layout.NOTICE_2013, items=(item,))))
    assert text.count("determined the request for a cane is not medically necessary and appropriate.") == 2


def test_a_missing_guideline_leaves_its_paragraph_out() -> None:
    item = ParsedItem(
        1, "a cane", Decision.UPHELD, reviewer_guideline="Decision based on MTUS.", rationale="Because."
    )
    text = render_letter(ParsedLetter(Layout.STANDARD, items=(item,)))
    assert "Claims Administrator guideline" not in text
    assert "MAXIMUS guideline: Decision based on MTUS." in text


def test_credentials_are_printed_in_a_sentence_or_in_a_block() -> None:
    reviewer = Reviewer(("Anesthesiology", "Pain Medicine"), ("Texas", "Ohio"))
    letter = ParsedLetter(Layout.STANDARD, reviewer=reviewer)
    inline = words_of(render_letter(letter, Manner(subspecialty=True)))
    assert "is Board Certified in Anesthesiology, has a subspecialty in Pain Medicine and is" in inline
    assert "and is licensed to practice in Texas and Ohio." in inline
    block = words_of(render_letter(letter, Manner(credentials_block=True)))
    assert (
        "State(s) of Licensure: Texas, Ohio Certification(s)/Specialty: Anesthesiology, Pain Medicine"
        in block
    )


def test_every_request_and_scenario_of_the_material_can_occur() -> None:
    material = catalogue()
    for service in material.services.values():
        conditions = [one for one in material.conditions if suits(service, one)]
        assert conditions, service.slug
        for request in service.requests:
            assert any(not request.only or request.only & one.tags for one in conditions), request
            repeats = [one for group in service.scenarios.values() for one in group if one.is_repeat]
            assert repeats or not request.is_repeat, request
        for scenario in (one for group in service.scenarios.values() for one in group):
            assert any(says_nothing_else(scenario, one, one.says) for one in conditions), scenario


def test_a_slip_in_the_material_is_reported_with_its_place() -> None:
    service = catalogue().services["mri"]
    with pytest.raises(
        ValueError, match=r"diagnostic_testing\.toml: mri: no condition has the tag .*'lumber'"
    ):
        check(replace(service, suits=frozenset({"lumber"})), frozenset())
    only_upheld = {Decision.UPHELD: service.scenarios[Decision.UPHELD]}
    tags = frozenset(tag for one in catalogue().conditions for tag in one.tags)
    with pytest.raises(ValueError, match="mri: no scenario is overturned"):
        check(replace(service, scenarios=only_upheld), tags)


def test_a_pdf_has_the_running_line_on_every_page_and_is_the_same_each_time() -> None:
    text = "\n".join(f"line {number}" for number in range(100))
    pdf = letter_pdf(text, "Final Determination Letter")
    assert pdf == letter_pdf(text, "Final Determination Letter")
    assert pdf.count(b"Final Determination Letter") == 3
    assert b"line 99" in pdf


def test_a_template_draws_a_choice_and_fills_slots() -> None:
    template = Template.of("[A|The]  worker took {drug}.")
    drawn = {template.fill(Random(seed), {"drug": "Norco"}) for seed in range(20)}
    assert drawn == {"A worker took Norco.", "The worker took Norco."}
    with pytest.raises(KeyError, match="drug"):
        template.fill(Random(1), {})


def test_wrapping_never_breaks_a_word_and_keeps_the_width() -> None:
    text = "radiofrequency ablation " * 20
    lines = wrapped(text, 40)
    assert " ".join(lines) == text.strip()
    assert max(map(len, lines)) <= 40
    assert wrapped("x" * 50, 40) == ["x" * 50]
