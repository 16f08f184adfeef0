"""Who reviewed: board certificates and licence states, from the sentence or the block of a letter.

"is Board Certified in Physical Therapy and Rehabilitation as well as Pain Medicine and is licensed to practice in New York
and Texas" or `State(s) of Licensure:` / `Certification(s)/Specialty:`. Names are those of specialties.toml; a
certificate that is not there is kept as the letter writes it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from determinations.letters.parsed_letter import Reviewer
from determinations.letters.phrases import PhraseIndex, compile_phrase
from determinations.letters.vocabulary import read_file, specialties
from determinations.letters.words import WordReader, plain_words

_REACH: Final = 400
"""Letters after "Board Certified in" within which its list of certificates ends."""

_CERTIFIED = re.compile(
    r"(?:board[ -]?certified|certified|certification|diplomate)(?: or eligible)? ?in ?|"
    r"(?:has |have |holds? |with )(?:a |an )?(?:sub-?specialt(?:y|ies)|sub-?certificates?|added qualifications?) ?(?:certificates? )?in ?|"
    r"(?:Certification\(?s?\)? ?/ ?Special(?:ty|ties)|Certifications?(?:/Specialt(?:y|ies))?|Special(?:ty|ties)|Board Certifications?) ?: ?",
    re.IGNORECASE,
)
_PRACTITIONER = re.compile(
    r"\b(?:reviewer|he/she|he|she) is (?:a |an )?(?:licensed )?(?P<trade>(?:doctor of )?[A-Za-z/& ]{4,40}?),?"
    r"(?: and| who)? (?:is )?licensed\b",
    re.IGNORECASE,
)
_LICENSED = re.compile(
    r"licensed(?: to practice)?(?: medicine| [a-z]{4,14})? in ?|State\(?s?\)? of Licensure ?: ?|Licensed in ?:? ?|licensure ?: ?",
    re.IGNORECASE,
)
_END_OF_LIST = re.compile(
    r"[,;]? ?(?:and |who |but )?(?:(?:is|are|he/she is|also) )*(?:currently )?licensed\b|\bState\(?s?\)? of Licensure|\bCertification\(?s?\)?|"
    r"\bhe/she\b|\bhas been\b|\bhas (?:a |an )?sub|\bwith (?:a |an )?sub|\band has\b|\bwith more\b|(?<=[a-z)]{3})\.(?= |$)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r" ?(?:[,;/+]| (?:as well as|and also|along with|and/or|and|or|plus|with)(?= )|&)+ ?| {2,}"
)
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z],)(?=[A-Za-z])|(?<=\bin)(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Names:
    reader: WordReader
    index: PhraseIndex[str]
    states: PhraseIndex[str]


@cache
def _names() -> _Names:
    entries = []
    for specialty in specialties():
        for spelling in (specialty.name, *specialty.spellings):
            parts = [word for word in plain_words(spelling) if word != "and"]
            entries.append((compile_phrase(" [and] ".join(parts), {}), specialty.name))
    states = [
        (compile_phrase(" ".join(plain_words(state)), {}), state)
        for state in read_file("specialties.toml")["states"]["names"]
    ]
    words = frozenset().union(*(phrase.all_words() for phrase, _ in (*entries, *states)))
    return _Names(WordReader(words, {}, words), PhraseIndex(entries), PhraseIndex(states))


def reviewer_in(text: str) -> Reviewer:
    """Specialties and states in the letter's order, each once; empty where the letter does not say."""
    joined = " ".join(text.split())
    certified: dict[str, None] = {}
    for part in _lists(joined, _CERTIFIED):
        certified.update(dict.fromkeys(_specialties_in(part)))
    if not certified:
        for found in _PRACTITIONER.finditer(joined):
            certified.update(dict.fromkeys(name for name, _, _ in _known(found["trade"])))
    states: dict[str, None] = {}
    for part in _lists(joined, _LICENSED):
        states.update(dict.fromkeys(_states_in(part)))
    return Reviewer(tuple(certified), tuple(states))


def _lists(text: str, opening: re.Pattern[str]) -> Iterator[str]:
    """What stands between each opening and the end of its list."""
    at = 0
    while found := opening.search(text, at):
        rest = text[found.end() : found.end() + _REACH]
        end = _END_OF_LIST.search(rest)
        yield rest[: end.start()] if end else rest
        at = found.end()


def _known(part: str) -> list[tuple[str, int, int]]:
    """Known specialties with the letters from and to which each is named."""
    names = _names()
    words = names.reader.read(part)
    found = []
    for match, name in names.index.matches_in(words, set()):
        found.append((name, words.spans[match.positions[0]][0], words.spans[match.positions[-1]][1]))
    return found


def _specialties_in(part: str) -> Iterator[str]:
    at = 0
    for name, start, end in _known(part):
        yield from _unknown(part[at:start])
        yield name
        at = max(at, end)
    yield from _unknown(part[at:])


def _unknown(between: str) -> Iterator[str]:
    """Certificates that the vocabulary does not hold, as written; ALL CAPS become title case."""
    for piece in _SEPARATOR.split(f" {between} "):
        name = piece.strip(" .,;:()-")
        if (
            sum(letter.isalpha() for letter in name) >= 4
            and name[0].isalpha()
            and name.lower() not in _NO_NAMES
        ):
            yield name.title() if name.isupper() else name


_NO_NAMES = frozenset(
    {
        "also",
        "both",
        "board certified",
        "board certified in",
        "well as",
        "subspecialty",
        "with",
        "none",
        "certified",
    }
)


def _states_in(part: str) -> Iterator[str]:
    names = _names()
    words = names.reader.read(part)
    for _, state in names.states.matches_in(words, set()):
        yield state
