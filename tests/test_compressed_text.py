"""A text that is compressed once, and in whose places each visitor's token stands as it is."""

import gzip
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.compressed_text import MOST_RANDOM_BYTES, CompressedText

LENGTH = 64
tokens = st.text("0123456789abcdefXYZ", min_size=LENGTH, max_size=LENGTH).map(str.encode)
repetitive = st.lists(st.sampled_from(["medial branch block", "denied", "“§”", "\n", "é" * 50]), max_size=60)
pieces = st.lists(st.one_of(st.text(max_size=300), repetitive.map(" ".join)), min_size=1, max_size=12).map(
    lambda texts: [text.encode(errors="replace") for text in texts]
)


@given(pieces, st.lists(tokens, min_size=1, max_size=3))
def test_each_visitor_gets_the_text_with_their_token(texts: list[bytes], own: list[bytes]) -> None:
    text = CompressedText.of(texts, LENGTH)
    for token in own:
        assert text.plain(token) == token.join(texts)
        assert gzip.decompress(text.gzipped(token)) == token.join(texts)


@given(pieces, tokens)
def test_a_token_that_the_text_repeats_is_not_compressed(texts: list[bytes], token: bytes) -> None:
    reflecting = [piece + token for piece in texts]
    text = CompressedText.of(reflecting, LENGTH)
    other = bytes(reversed(token))
    assert text.gzipped(token).count(token) >= text.places
    assert len(text._with(token)) == len(text._with(other))


def test_what_follows_a_place_repeats_what_precedes_it() -> None:
    form = b'<form method="post" action="/folder/items/add/"><input name="token" value="'
    many = CompressedText.of([form] * 21, LENGTH)
    assert many.places == 20
    assert many.size < 20 * len(form)
    assert len(many.gzipped(b"a" * LENGTH)) < 20 * (LENGTH + 40) + 2 * len(form) + MOST_RANDOM_BYTES


def test_the_length_of_a_file_is_padded_at_random() -> None:
    text = CompressedText.of([b"one", b"two"], LENGTH)
    lengths = {len(text.gzipped(b"a" * LENGTH)) for _ in range(300)}
    assert len(lengths) > 20
    assert max(lengths) - min(lengths) < MOST_RANDOM_BYTES


def test_what_is_no_text_or_no_token_is_refused() -> None:
    with pytest.raises(ValueError, match="UTF-8"):
        CompressedText.of([b"\xff\xfe"], LENGTH)
    with pytest.raises(ValueError, match=re.escape("3 bytes")):
        CompressedText.of([b"one", b"two"], LENGTH).plain(b"abc")
    assert CompressedText.of([b"one"], LENGTH).plain(b"") == b"one"
