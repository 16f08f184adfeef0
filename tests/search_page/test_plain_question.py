"""What a question in plain words asks for, and which filters it names."""

import tomllib

import pytest

from determinations.models import Decision
from determinations.search.query.language import parse_query
from determinations.search.query.nodes import Not, Phrase, Word
from determinations.search.query.synonyms import expand
from determinations.search_page.plain_question import PATH, PlainQuestion, plain_question, plain_words


def plain(text: str) -> PlainQuestion:
    node = parse_query(text)
    assert node is not None
    return plain_question(expand(node).node)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("was acupuncture approved for the knee?", ("acupuncture", "knee")),
        ("please show me cases about an ankle brace", ("ankle", "brace")),
        ("request for 12 sessions of massage therapy", ("12", "sessions", "massage therapy")),
        ("fusion since 2019", ("fusion",)),
        ("fusion between 2014 and 2016", ("fusion",)),
        ("ACOEM 2004 fusion", ("ACOEM", "2004", "fusion")),
        ("range of motion of the elbow", ("range of motion", "elbow")),
        ("discogram not approved", ("discogram",)),
        ("FDA approved cream", ("FDA", "approved", "cream")),
        ("MRI without contrast", ("MRI", "without", "contrast")),
        ("was the for", ()),
        ("denied", ()),
    ],
)
def test_words_that_matter_are_looked_for(text: str, parts: tuple[str, ...]) -> None:
    assert plain(text).parts == parts


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("acupuncture approved", Decision.OVERTURNED),
        ("acupuncture denied", Decision.UPHELD),
        ("Acupuncture DENIALS", Decision.UPHELD),
        ("acupuncture not approved", Decision.UPHELD),
        ("acupuncture not denied", Decision.OVERTURNED),
        ("acupuncture overturned", Decision.OVERTURNED),
    ],
)
def test_a_decision_raises_items_and_need_not_stand_in_the_text(text: str, decision: Decision) -> None:
    question = plain(text)
    assert question.decisions == (decision,)
    assert [one.value.value for one in question.raised] == [decision.value]
    assert question.node == Word("acupuncture" if text[0] == "a" else "Acupuncture")


def test_what_is_in_quotes_in_a_field_or_left_out_is_taken_as_written() -> None:
    question = plain('knee brace "was denied" rationale:the -for')
    assert question.most_of is not None
    assert question.parts == ("knee brace",)
    required = question.most_of.required
    assert required is not None
    node = question.node
    for part in (Phrase(("was", "denied"), exact=True), Word("the", "rationale"), Not(Word("for"))):
        assert part in required.parts  # type: ignore[union-attr]
        assert part in node.parts  # type: ignore[union-attr]


def test_a_question_of_function_words_alone_is_searched_as_it_stands() -> None:
    for text in ("was the for", "denied", "patient"):
        node = parse_query(text)
        assert plain(text).node == node
        assert plain(text).most_of is None


def test_words_that_frame_a_dispute_count_a_little_where_they_stand() -> None:
    question = plain("patient requested a walker")
    assert question.node == Word("walker")
    assert question.ranked_by is not None
    assert Word("requested", None, 0.25) in question.ranked_by.parts  # type: ignore[union-attr]


def test_a_bracket_is_required_and_the_words_beside_it_are_not() -> None:
    question = plain("knee (norco OR tramadol)")
    assert question.parts == ("knee",)


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("norco for the knee", {"opioids"}),
        ("chiropractic 2x6 for the low back", {"chiropractic"}),
        ("knee pain", set()),
    ],
)
def test_services_that_are_named_are_what_the_question_is_about(text: str, services: set[str]) -> None:
    assert {one.value for one in plain(text).about} == services


def test_every_word_of_the_file_is_of_one_kind() -> None:
    words = plain_words()
    file = tomllib.loads(PATH.read_text(encoding="utf-8"))
    assert not words.dropped & words.frame
    assert not set(words.decisions) & (words.dropped | words.frame)
    assert all(word == word.casefold() for word in (*words.dropped, *words.frame, *words.decisions))
    assert len(words.dropped) == len(file["stop"]) + len(file["polite"])
