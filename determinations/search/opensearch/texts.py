"""How a text is sent: its words with spaces between, the terms of each word with bars between.

    Two injections. Pain   ->   two|=two inject|.|=injections pain|<|=pain

A word has one position, where all of its terms stand (`analysis`). A word as it is spelled begins with "=".
"." stands at the last word of a sentence, "<" at the first of the next one, so that side by side they are the
border between sentences.
"""

import hashlib
from collections.abc import Iterator

from determinations.search.analysis import SENTENCE_END, chunks, is_mark, tokens_of_chunk, words_at

SENTENCE_BEGIN = "<"
LONGEST = 8_000
"""Bytes of a term; Lucene takes no term of more than 32,766. A longer one is known by its digest."""


def written(text: str) -> str:
    """The text as it is sent."""
    words: list[str] = []
    begins = False
    for chunk in chunks(text):
        for token in tokens_of_chunk(chunk):
            terms = [
                one if one == SENTENCE_END else sent_term(one)
                for one in (token.term, *token.others)
                if one[0] != "="
            ]
            if begins:
                terms.append(SENTENCE_BEGIN)
            terms += [spelled(word) for word in words_at(token)]
            words.append("|".join(dict.fromkeys(terms)))
            begins = SENTENCE_END in token.others
    return " ".join(words)


def sent_term(term: str) -> str:
    """A term of `analysis` as the index has it: "=inject=injections" is the spelling "=injections"."""
    return spelled(term.rpartition("=")[2]) if term[0] == "=" else _short(term)


def spelled(word: str) -> str:
    """The term of a word as it is spelled."""
    return f"={_short(word)}"


def _short(term: str) -> str:
    encoded = term.encode()
    if len(encoded) <= LONGEST:
        return term
    return f"{term[:20]}~{hashlib.blake2b(encoded, digest_size=16).hexdigest()}"


def terms_of(sent: str) -> list[list[str]]:
    """Of each word of a text as it was sent its own and further terms, marks and spellings left out."""
    return [
        [term for term in word.split("|") if term != SENTENCE_BEGIN and not is_mark(term)]
        for word in sent.split()
    ]


def vocabulary_of(sent: str) -> tuple[set[str], set[str]]:
    """The terms of a text as it was sent, marks left out, and its words as they are spelled."""
    terms: set[str] = set()
    words: set[str] = set()
    for one in {part for word in sent.split() for part in word.split("|")}:
        if one[0] == "=":
            words.add(one[1:])
        elif one != SENTENCE_BEGIN and not is_mark(one):
            terms.add(one)
    return terms, words


def positions_of(sent: str) -> Iterator[tuple[int, str]]:
    """Every term of a text as it was sent, with the position at which it stands."""
    for position, word in enumerate(sent.split()):
        for term in word.split("|"):
            yield position, term
