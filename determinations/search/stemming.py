"""The forms of a word that meet in a search: plurals, -ed and -ing, adverbs in -ly, and a few nouns of verbs.

The nouns are those in -ation, -ction, -ssion and -ement. All else that is derived from a word has a meaning
of its own, so that unlike words stay apart ("severe" and "several", "position" and "positive", "medication"
and "medical"), where a stemmer of Porter's kind joins them. What rules cannot know is data, in
`word_forms.toml`: irregular plurals, words that look inflected, nouns that are not of their verb.

A final e is dropped from words of six letters or more, so that "provide" and "provided" are one; shorter
words keep it ("spine" is not "spin"), and get it back where an ending was taken off ("used", "noted",
"cited").
"""

import re
import tomllib
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("word_forms.toml")

_SHORTEST_CHANGED = 4
_LONGEST_WITH_FINAL_E = 5
_SHORTEST_NOUN = 7
_SHORTEST_ADVERB = 5
_ADVERB_OF_IC = re.compile(r"(?:if|on|at|et|ist|yt|log)ically$")
_GREEK_PLURAL = re.compile(
    r"(?:gn|(?<!p)r?th|en|mb|thr|cr|br|ur|ych|rh|li|pt|ph|ord|kyl|dyl|st|om|ec|yc|in|er|ar|yt)oses$|(?:th|r)eses$|yses$|"
    r"stases$|physes$|paralyses$"
)
_VOWEL = re.compile(r"[aeiouy]")
_ONE_SYLLABLE = re.compile(r"[^aeiouy]*(?:qu)?[aeiouy][^aeiouywx]")
_NEEDS_E = re.compile(r"(?:[cvuz]|[aeiou]s|[^s]s|[aeioudrl]g|[aei]ng|[bcdfgkptsz]l)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")


class WordFormsError(ValueError):
    """`word_forms.toml` breaks its own rules; the message says where."""


def word_forms_of(text: str) -> tuple[dict[str, str], frozenset[str]]:
    """Word -> the form that the index holds, and the words whose ending stays. Raises WordFormsError."""
    tables = tomllib.loads(text)
    if set(tables) != {"same", "keep", "keep_ending", "unlike_their_verb"}:
        raise WordFormsError("word forms are the lists `same`, `keep`, `keep_ending` and `unlike_their_verb`")
    forms = {word: word for word in tables["keep"]}
    for group in tables["same"]:
        for word in group:
            if forms.get(word, group[0]) != group[0] or not word.isalpha() or not word.islower():
                raise WordFormsError(
                    f"{word!r} in the group of {group[0]!r} is no word, or has another group"
                )
            forms[word] = group[0]
    return forms, frozenset(tables["keep_ending"]) | frozenset(tables["unlike_their_verb"])


@cache
def _forms() -> tuple[dict[str, str], frozenset[str]]:
    return word_forms_of(PATH.read_text(encoding="utf-8"))


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """The form that the index holds -> all forms of its group."""
    groups: dict[str, tuple[str, ...]] = {}
    for word, form in _forms()[0].items():
        groups[form] = (*groups.get(form, ()), word)
    return groups


def letters_of_words(term: str) -> tuple[str, ...]:
    """Letters of which every word with this stem holds some: "den" for deny, foot and feet for foot.

    A stem differs from its words in its last two letters at most ("deny", "denies").
    """
    return _groups().get(term) or (term[: max(2, len(term) - 2)],)


def stem(word: str) -> str:
    """The form that stands for `word`, a word of letters in lower case, in the index."""
    forms, endings_stay = _forms()
    if (known := forms.get(word)) is not None:
        return known
    if len(word) < _SHORTEST_CHANGED or not word.isascii():
        return word
    singular = _singular(word)
    if singular in forms:
        return forms[singular]
    if singular in endings_stay:
        return singular
    return _without_final_e(_verb_of(singular) or _adjective_of(singular) or _without_ending(singular))


def _singular(word: str) -> str:
    if not word.endswith("s"):
        if word.endswith("ae") and len(word) > _SHORTEST_CHANGED:
            return word[:-1]
        return word[:-2] if word.endswith("mata") and len(word) > _SHORTEST_NOUN else word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y" if len(word) > _SHORTEST_CHANGED else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if _GREEK_PLURAL.search(word):
        return f"{word[:-2]}is"
    return word[:-1]


def _verb_of(noun: str) -> str | None:
    """The verb of a noun in -ation (with an e to be dropped), -ction, -ssion or -ement; None for other
    words.
    """
    if noun.endswith(("ization", "isation")):
        return noun[:-5]
    if len(noun) > _SHORTEST_NOUN and noun.endswith(("ation", "ction", "ssion")):
        return noun[:-3]
    return noun[:-4] if len(noun) > _SHORTEST_NOUN and noun.endswith("ement") else None


def _adjective_of(adverb: str) -> str | None:
    """The adjective of an adverb in -ly; None for other words."""
    if len(adverb) <= _SHORTEST_ADVERB or not adverb.endswith("ly"):
        return None
    if adverb.endswith("ically"):
        return adverb[:-4] if _ADVERB_OF_IC.search(adverb) else adverb[:-2]
    if adverb.endswith(("ably", "ibly")):
        return f"{adverb[:-1]}e"
    return f"{adverb[:-3]}y" if adverb.endswith("ily") else adverb[:-2]


def _without_ending(word: str) -> str:
    if word.endswith("ied"):
        return f"{word[:-3]}y"
    ending = 2 if word.endswith("ed") and not word.endswith("eed") else 3 if word.endswith("ing") else 0
    rest = word[:-ending] if ending else ""
    if len(rest) < 2 or not _VOWEL.search(rest) or (len(rest) == 2 and not rest.endswith("s")):
        return word
    if _DOUBLED.search(rest):
        return rest[:-1]
    needs_e = len(rest) < _LONGEST_WITH_FINAL_E and (_ONE_SYLLABLE.fullmatch(rest) or _NEEDS_E.search(rest))
    return f"{rest}e" if needs_e and not rest.endswith("ss") else rest


def _without_final_e(word: str) -> str:
    if len(word) > _LONGEST_WITH_FINAL_E and word.endswith("e") and not word.endswith("ee"):
        return word[:-1]
    return word
