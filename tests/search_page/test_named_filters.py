"""Which filters a question in plain words names, and that the file of phrases is checked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search_page import named_filters
from determinations.search_page.address import SearchAddress
from determinations.search_page.facet_values import read_values
from determinations.search_page.named_filters import (
    FilterPhrasesError,
    filter_phrases,
    filters_named,
)
from determinations.search_page.question import read_question

pytestmark = pytest.mark.django_db


def named(question: str) -> set[str]:
    """As "facet=value", of the question as the search page reads it."""
    plain = read_question(SearchAddress(question)).plain
    assert plain is not None
    return {f"{one.facet}={one.value}" for one in filters_named(question, plain.decisions, plain.about)}


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("overturned lumbar MRI", {"decision=overturned", "service=mri", "body_part=low-back"}),
        (
            "upheld physical therapy because no functional improvement",
            {"decision=upheld", "service=physical-therapy", "reason=no-functional-benefit"},
        ),
        (
            "cases at L5-S1 where the injection was overturned",
            {"decision=overturned", "service=injections", "level=L5-S1", "body_part=low-back"},
        ),
        ("partially overturned opioids", {"decision=partially_overturned", "service=opioids"}),
        ("norco was modified by the reviewer", {"decision=partially_overturned", "service=opioids"}),
        ("gym membership not medically necessary", {"decision=upheld", "service=gym-membership"}),
        ("surgery denied since 2019", {"decision=upheld", "service=surgery"}),
        ("block denied", {"decision=upheld", "service=injections"}),
        (
            "Was an MRI of the left knee approved?",
            {"decision=overturned", "service=mri", "body_part=knee", "side=left"},
        ),
        ("any other treatment", set()),
        ("the reviewer assessed the wrong level", {"contradiction=levels"}),
        ("the reviewer relied on another guideline", {"agreement=other-source"}),
        ("the reviewer cited no guideline", {"agreement=none", "guideline=none"}),
        ("left knee MRI without contrast", {"service=mri", "body_part=knee", "side=left"}),
    ],
)
def test_every_facet_that_is_meant_is_named(question: str, filters: set[str]) -> None:
    assert named(question) == filters


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("acupuncture denied for lack of documentation", "documentation-lacking"),
        ("fusion overturned because conservative treatment failed", "conservative-care-failed"),
        ("epidural upheld, no radiculopathy on exam", "findings-absent"),
        ("the request did not specify frequency or duration", "request-unspecified"),
        ("topical cream not recommended by the guideline", "not-recommended"),
        ("visits exceed the guideline", "exceeds-guideline"),
        ("MRI denied under ODG because no neurologic findings", "findings-absent"),
        ("approved, guideline criteria met", "criteria-met"),
    ],
)
def test_reasons_are_read_as_in_a_rationale(question: str, reason: str) -> None:
    assert f"reason={reason}" in named(question)


@pytest.mark.parametrize(
    "question",
    [
        "urine drug screen",
        "MRI without contrast",
        "Physical therapy 3 times a week for 4 weeks",
        "Lidoderm patch 5%",
        '"lack of documentation" norco',
        "rationale:undocumented norco",
    ],
)
def test_a_bare_request_and_what_is_quoted_name_no_reason(question: str) -> None:
    assert not [one for one in named(question) if one.startswith("reason=")]


def test_beside_a_decision_only_reasons_that_decide_so_are_named() -> None:
    """The urine test by itself would be a reason for the treatment."""
    assert named("urine drug screen upheld") == {"decision=upheld", "service=urine-drug-testing"}


def test_a_guideline_is_that_of_whoever_is_said_to_cite_it() -> None:
    assert named("the reviewer relied on ODG but the claims administrator on ACOEM") == {
        "guideline=odg",
        "ca_guideline=mtus-acoem",
    }
    assert named("adjuster cited ODG") == {"ca_guideline=odg"}
    assert named("denials under ODG") == {"decision=upheld", "guideline=odg", "ca_guideline=odg"}


def test_a_name_of_a_service_and_of_a_specialty_is_the_service() -> None:
    assert named("acupuncture overturned") == {"decision=overturned", "service=acupuncture"}
    assert "specialty=acupuncture" in named("acupuncturists who denied massage")


def test_operators_are_taken_as_written() -> None:
    assert named("norco AND upheld") == {"decision=upheld", "service=opioids"}
    assert named("norco -upheld") == {"service=opioids"}
    assert named("(mri OR ct) without trial") == set()
    assert named("rad?culopathy without trial") == set()


def test_every_phrase_names_a_value_that_its_facet_takes() -> None:
    for phrase in filter_phrases().phrases:
        assert read_values(phrase.named.facet, phrase.named.value) == (phrase.named.value,)


@pytest.mark.parametrize("at_fault", ["example", "counter"])
def test_a_phrase_that_its_examples_do_not_bear_out_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_fault: str
) -> None:
    examples = {"example": '["a lasting thing"]', "counter": '["another matter"]'}
    examples[at_fault] = '["another matter"]' if at_fault == "example" else '["a lasting thing"]'
    rows = "\n".join(f"{key} = {value}" for key, value in examples.items())
    file = tmp_path / "filter_phrases.toml"
    file.write_text(
        '[side]\nguideline = "x"\n[reason]\nwords = "x"\n'
        f'[[phrase]]\nfacet = "decision"\nvalue = "upheld"\nwords = "lasting"\n{rows}\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(named_filters, "PATH", file)
    filter_phrases.cache_clear()
    try:
        with pytest.raises(FilterPhrasesError, match="decision upheld"):
            filter_phrases()
    finally:
        filter_phrases.cache_clear()


@given(st.text(max_size=60))
def test_any_text_names_only_values_that_their_facets_take(text: str) -> None:
    for one in filters_named(text):
        assert read_values(one.facet, one.value)
