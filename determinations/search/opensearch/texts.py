"""How a text is sent: its words with spaces between, the terms of each word with bars between.

    Two injections. Pain   ->   two|=two inject|.|=injections pain|=pain|<

A word has one position, where all of its terms stand (`analysis`). A word as it is spelled begins with "=".
"." stands at the last word of a sentence, "<" at the first of the next one, so that side by side they are the
border between sentences.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from determinations.search.analysis import SENTENCE_END, Token, chunks, is_mark, tokens_of_chunk, words_at

SENTENCE_BEGIN = "<"
_REMEMBERED = 100_000
LONGEST = 8_000
"""Bytes of a term; Lucene takes no term of more than 32,766. A longer one is known by its digest."""


def written(text: str) -> str:
    """The text as it is sent."""
    sent: list[str] = []
    begins = False
    for chunk in chunks(text):
        words = _words_of_chunk(chunk)
        if not words:
            continue
        if begins:
            first, space, rest = words.partition(" ")
            words = f"{first}|{SENTENCE_BEGIN}{space}{rest}"
        sent.append(words)
        begins = _ends_sentence(chunk)
    return " ".join(sent)


@lru_cache(maxsize=_REMEMBERED)
def _words_of_chunk(chunk: str) -> str:
    return " ".join(map(_word, tokens_of_chunk(chunk)))


@lru_cache(maxsize=_REMEMBERED)
def _ends_sentence(chunk: str) -> bool:
    return SENTENCE_END in tokens_of_chunk(chunk)[-1].others


def _word(token: Token) -> str:
    terms = [sent_term(one) for one in (token.term, *token.others) if one[0] != "="]
    return "|".join(dict.fromkeys((*terms, *map(spelled, words_at(token)))))


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


def terms_of_word(word: str) -> list[str]:
    """The terms of a word as it was sent, its own and further ones, marks and spellings left out."""
    return [term for term in word.split("|") if term != SENTENCE_BEGIN and not is_mark(term)]


def vocabulary_of(sent: str) -> tuple[set[str], set[str]]:
    """The terms of a text as it was sent, marks left out, and its words as they are spelled."""
    terms: set[str] = set()
    words: set[str] = set()
    for one in {part for word in set(sent.split()) for part in word.split("|")}:
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
