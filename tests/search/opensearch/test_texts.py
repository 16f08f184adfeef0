"""How texts are sent to a cluster. No cluster is needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.analysis import SENTENCE_END, is_mark, tokens, words_at
from determinations.search.opensearch.texts import (
    LONGEST,
    positions_of,
    terms_of_word,
    vocabulary_of,
    written,
)

pieces = st.sampled_from(
    [
        "pain.",
        "Injections",
        "follow-up",
        "L4-5",
        "10/325mg",
        "#60",
        "60%",
        "e.g.",
        "—",
        "Oct. 3, 2014",
        "CM14-31877",
    ]
)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("", ""),
        ("— !", ""),
        ("Two injections. Pain", "two|=two inject|.|=injections pain|=pain|<"),
        ("follow-up", "follow|followup|=follow|=followup up|=up"),
        ("A. — B", "a|=a b|=b"),
        ("No pain! — Relief", "no|=no pain|.|=pain relief|=relief|<"),
    ],
)
def test_each_word_is_sent_with_its_terms_and_spellings(text: str, sent: str) -> None:
    assert written(text) == sent


@given(st.lists(pieces, max_size=12).map(" ".join))
def test_what_is_sent_has_every_term_of_every_word_at_its_position(text: str) -> None:
    sent = written(text)
    words = tokens(text)
    at: list[set[str]] = [set() for _ in words]
    for position, term in positions_of(sent):
        at[position].add(term)
    for number, word in enumerate(words):
        begins = number > 0 and SENTENCE_END in words[number - 1].others
        plain = {term for term in (word.term, *word.others) if term[0] != "="}
        spelled = {f"={one}" for one in words_at(word)}
        assert at[number] == plain | spelled | ({"<"} if begins else set())
    assert [terms_of_word(word)[0] for word in sent.split()] == [word.term for word in words]
    terms, spellings = vocabulary_of(sent)
    assert spellings == {one for word in words for one in words_at(word)}
    assert terms == {one for word in words for one in (word.term, *word.others) if not is_mark(one)}


def test_a_term_that_is_too_long_is_sent_as_its_digest() -> None:
    one, other = (written("x" * LONGEST * 2 + end) for end in "yz")
    assert one != other
    assert len(one) < LONGEST
