"""What the reader of grounds must not care about, and what holds of every ground that it reads.

The sentences are those of invented_sentences.toml.
"""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.grounds import Ground, read_grounds
from determinations.letters.facts.grounds.sentences import sentences_of
from determinations.letters.facts.grounds.vocabulary import vocabulary

SENTENCES: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "invented_sentences.toml").read_text("utf-8")
)
SIDES = {ground.slug: ground.side for ground in vocabulary().grounds}
CONCLUSION = {
    "against": "The request is not medically necessary.",
    "for": "The request is medically necessary.",
}

one = st.sampled_from([(slug, sentence) for slug, sentences in SENTENCES.items() for sentence in sentences])
of_one_side = st.sampled_from(["for", "against"]).flatmap(
    lambda side: st.tuples(
        st.just(side),
        st.lists(
            st.sampled_from([s for slug in SENTENCES if SIDES[slug] == side for s in SENTENCES[slug]]),
            min_size=1,
            max_size=5,
            unique=True,
        ),
    )
)
ASKED = {
    "findings-against": "facet block",
    "long-term-use": "muscle relaxant",
    "ingredient-not-recommended": "compound cream",
    "depends-on-denied": "postoperative brace",
}

breaks = st.sampled_from(["\n", "\r\n", "  ", "\n  ", "\r\n\r\n", "\t"])


def rationale_of(side: str, sentences: list[str]) -> str:
    return " ".join([*sentences, CONCLUSION[side]])


def read(text: str) -> list[tuple[str, str, str]]:
    """Grounds with their sentences, white space made one."""
    return [(g.slug, g.side, " ".join(text[g.start : g.end].split())) for g in read_grounds(text)]


@given(of_one_side, breaks, st.integers(min_value=1, max_value=9))
def test_line_wraps_and_line_ends_do_not_matter(case: tuple[str, list[str]], wrap: str, every: int) -> None:
    text = rationale_of(*case)
    words = text.split(" ")
    wrapped = "".join(
        word + (wrap if number % every == 0 else " ") for number, word in enumerate(words)
    ).rstrip()
    assert read(wrapped) == read(text)


@given(one)
def test_a_sentence_in_quotation_marks_after_the_guideline_states_is_no_ground(case: tuple[str, str]) -> None:
    slug, sentence = case
    text = f'MTUS states "{sentence.replace(chr(34), "")}" {CONCLUSION[SIDES[slug]]}'
    assert read_grounds(text) == ()


@given(one)
def test_a_sentence_that_utilization_review_is_said_to_have_held_is_no_ground(case: tuple[str, str]) -> None:
    slug, sentence = case
    first, _, rest = sentence.rstrip(".").partition(" ")
    if ";" in sentence or re.search(
        r"\b(?:but|however|whereas|although|while|though)\b", sentence, re.IGNORECASE
    ):
        return
    text = f"Utilization review held that {first.lower()} {rest}. {CONCLUSION[SIDES[slug]]}"
    assert read_grounds(text) == ()


@given(of_one_side)
def test_spans_are_sentences_in_order_and_slugs_do_not_repeat(case: tuple[str, list[str]]) -> None:
    text = rationale_of(*case)
    grounds = read_grounds(text)
    spans = {tuple(span) for span in sentences_of(text)}
    assert all((ground.start, ground.end) in spans for ground in grounds)
    assert [ground.start for ground in grounds] == sorted(ground.start for ground in grounds)
    assert len({ground.slug for ground in grounds}) == len(grounds)
    assert all(SIDES[ground.slug] == ground.side for ground in grounds)


@given(of_one_side)
def test_a_sentence_of_the_case_states_its_ground_alone_too(case: tuple[str, list[str]]) -> None:
    """It holds with the rationale's conclusion, and where no rule and no report of another comes before."""
    side, sentences = case
    for sentence in sentences:
        alone = rationale_of(side, [sentence])
        for ground in read_grounds(alone):
            again = f"{alone[ground.start : ground.end]} {CONCLUSION[side]}"
            assert ground.slug in {g.slug for g in read_grounds(again)}


@given(st.text(alphabet="no.,;:\"“”'() \n-–aMTUS", max_size=300))
def test_any_text_is_read(text: str) -> None:
    for ground in read_grounds(text):
        assert isinstance(ground, Ground)
        assert 0 <= ground.start < ground.end <= len(text)


@pytest.mark.parametrize("slug", SENTENCES)
def test_each_invented_sentence_states_its_ground(slug: str) -> None:
    missed = [
        sentence
        for sentence in SENTENCES[slug]
        if slug
        not in {
            ground.slug
            for ground in read_grounds(rationale_of(SIDES[slug], [sentence]), request=ASKED.get(slug, "x"))
        }
    ]
    assert missed == []
