"""Who reviewed: board certificates and license states, from the sentence or the block of a letter.

"is Board Certified in Physical Therapy and Rehabilitation as well as Pain Medicine and is licensed to
practice in New York and Texas", or `State(s) of Licensure:` and `Certification(s)/Specialty:`. Names are
those of specialties.toml; a certificate that is not there is kept as the letter writes it.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from determinations.letters.parsed_letter import Reviewer
from determinations.letters.text.characters import with_single_blanks
from determinations.letters.vocabulary.files import section_of
from determinations.letters.vocabulary.names import specialties
from determinations.letters.vocabulary.phrases import PhraseIndex, compile_phrase
from determinations.letters.vocabulary.words import WordReader, plain_words

_REACH: Final = 400
"""Letters after "Board Certified in" within which its list of certificates ends."""

# All patterns read lower-case text: a literal beginning is then found without trying every letter.
_CERTIFIED = (
    ("certified", re.compile(r"certified(?: or eligible)? ?in ?")),
    ("certification", re.compile(r"certification\(?s?\)?(?: ?/ ?special(?:ty|ties))? ?: ?")),
    ("special", re.compile(r"special(?:ty|ties)(?: ?: ?| (?:certificates? |certifications? )?in )")),
    ("diplomate", re.compile(r"diplomate (?:in|of|,)(?: the american board of)? ")),
    ("qualification", re.compile(r"qualifications? in ")),
)
_LICENSED = (
    ("licensed", re.compile(r"licensed(?: to practice)?(?: [a-z]{4,14})? in ?:? ?")),
    ("licensure", re.compile(r"licensure ?: ?")),
)
"""The openings of a list, each with a word that it always has: most texts lack most of them."""
_TRADE = re.compile(
    r"reviewer is (?:an? )?(?:licensed )?(?!board|certified|licensed)(?P<trade>[a-z/& ]{4,50}?)"
    r"(?=,| and | who | licensed | has |\.)"
)
_LICENSED_ENDS_IT = re.compile(r"licensed\b")
_BEFORE_LICENSED = re.compile(r",? ?(?:and |who )?(?:is |are )?(?:currently )?\Z")
_LONGEST_BEFORE_LICENSED = 24
# That a word begins is seen by what stands before it, which is found faster than a word.
_END_OF_LIST = re.compile(
    r"\W(?:state\(?s?\)? of licensure|certification|he/she\b|has been\b"
    r"|(?:and )?(?:also )?(?:has|holds?|with) (?:an? )?(?:sub|added)|and has\b|with more\b"
    r"|clinical case summary|case summary\b|documents reviewed|imr (?:issues|decision)"
    r"|the (?:expert|physician|medical) reviewer\b)"
)
_END_OF_SENTENCE = re.compile(r"\.(?<=[a-z)]{2}\.)(?= |\Z)")
"""It ends a list, too, and is found faster than the words that do."""
_SEPARATOR = re.compile(r" ?(?:[,;/+&]| (?:as well as|and also|along with|and/or|and|or|plus|with) ) ?")
_BETWEEN_MEMBERS = re.compile(
    r" ?(?:[,;/+]| (?:as well as|and also|along with|and/or|plus|with) ) ?(?:and )?"
)
_AND = re.compile(r" ?& ?| and | or ")
_LEADING_AND = re.compile(r"\A(?:and|or|the|in) ", re.IGNORECASE)
_STANDS_ALONE = re.compile(
    r"(?:medicine|surgery|\w+(?:ology|iatry|iatrics|ometry|opathy)|management|therapy|care|practice|physiology|genetics"
    r"|dentistry|rehabilitation|acupuncture|chiropractic|health|disease|diseases)\Z",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"(?:[\s.:()]|\b(?:the|american|board|of|in|also|both|certified|a|an|subspecialty|specialty)\b)*", re.I
)
_LONGEST_REMEMBERED: Final = 1500
_SHORTEST_NAME: Final = 4
_DISTRICT = re.compile(r"\bWashington,? ?D\.? ?C\b\.?|\bD\.? ?C\b\.?(?!\w)")
_STATE_CODE = re.compile(r"(?<![\w.])[A-Z]\.? ?[A-Z]\b\.?(?!\w)")
_NO_NAMES: Final = frozenset(
    {"also", "both", "board certified", "board certified in", "well as", "none", "certified"}
)


@dataclass(frozen=True, slots=True)
class _Names:
    reader: WordReader
    index: PhraseIndex[str]
    states: PhraseIndex[str]
    state_codes: Mapping[str, str]


@cache
def _names() -> _Names:
    entries = []
    for specialty in specialties():
        for spelling in (specialty.name, *specialty.spellings):
            parts = [word for word in plain_words(spelling) if word != "and"]
            entries.append((compile_phrase(" [and] ".join(parts), {}), specialty.name))
    states = [
        (compile_phrase(" ".join(plain_words(state)), {}), state)
        for state in section_of("specialties.toml", "states", "names")
    ]
    words = frozenset().union(*(phrase.all_words() for phrase, _ in (*entries, *states)))
    codes = section_of("specialties.toml", "states", "codes")
    return _Names(WordReader(words, {}, words), PhraseIndex(entries), PhraseIndex(states), codes)


def reviewer_in(text: str) -> Reviewer:
    """Specialties and states in the letter's order, each once; empty where the letter does not say."""
    joined = with_single_blanks(text)
    return remembered_reviewer(joined) if len(joined) <= _LONGEST_REMEMBERED else _reviewer_of(joined)


def _reviewer_of(joined: str) -> Reviewer:
    lowered = joined.lower()
    if len(lowered) != len(joined):  # a few letters grow in lower case; they are in no name that is read here
        joined = lowered
    certified: dict[str, None] = {}
    for found in _TRADE.finditer(lowered):
        certified.update(dict.fromkeys(name for name, _, _ in _known(found["trade"])))
    for part in _lists(joined, lowered, _CERTIFIED):
        certified.update(dict.fromkeys(remembered_specialties(part)))
    states: dict[str, None] = {}
    for part in _lists(joined, lowered, _LICENSED):
        states.update(dict.fromkeys(remembered_states(part)))
    return Reviewer(tuple(certified), tuple(states))


remembered_reviewer = lru_cache(maxsize=1024)(_reviewer_of)
"""Letters describe their reviewers in the same words: most sections differ in specialty and state alone."""


def _lists(joined: str, lowered: str, openings: tuple[tuple[str, re.Pattern[str]], ...]) -> list[str]:
    """What stands between each opening and the end of its list, in the text's order."""
    found = sorted(
        {match.span() for word, opening in openings if word in lowered for match in opening.finditer(lowered)}
    )
    parts = []
    for (_, begin), (following, _) in itertools.pairwise([*found, (len(lowered), 0)]):
        reach = min(max(following, begin), begin + _REACH)
        parts.append(joined[begin : _end_of_list(lowered, begin, reach)])
    return parts


def _end_of_list(lowered: str, begin: int, end: int) -> int:
    """Where the list that follows an opening ends, at the latest at `end`."""
    if sentence := _END_OF_SENTENCE.search(lowered, begin, end):
        end = sentence.start()
    if licensed := _LICENSED_ENDS_IT.search(lowered, begin, end):
        low = max(begin, licensed.start() - _LONGEST_BEFORE_LICENSED)
        before = _BEFORE_LICENSED.search(lowered, low, licensed.start())
        end = before.start() if before else licensed.start()
    other = _END_OF_LIST.search(lowered, begin - 1, end)
    return other.start() + 1 if other else end


def _known(part: str) -> list[tuple[str, int, int]]:
    """Known specialties with the letters from and to which each is named."""
    names = _names()
    words, spans = names.reader.read_with_spans(part)
    return [
        (name, spans[match.positions[0]][0], spans[match.positions[-1]][1])
        for match, name in names.index.matches_in(words, set())
    ]


def _specialties_in(part: str) -> Iterator[str]:
    """Certificates of a list, each whole: what stands beside a known name belongs to another certificate."""
    at = 0
    for name, start, end in _known(part):
        before = _SEPARATOR.split(f" {part[at:start]}")[-1]
        after = _SEPARATOR.split(f"{part[end:]} ", maxsplit=1)[0]
        if _FILLERS.fullmatch(before) and _FILLERS.fullmatch(after):
            yield from _unknown(part[at : start - len(before.lstrip())])
            yield name
            at = end
    yield from _unknown(part[at:])


def _unknown(between: str) -> Iterator[str]:
    """Certificates that the vocabulary does not hold, as written; ALL CAPS become title case."""
    for member in _BETWEEN_MEMBERS.split(f" {between} "):
        pieces = [_tidied(piece) for piece in _AND.split(member)]
        is_list = all(_STANDS_ALONE.search(piece) for piece in pieces if piece)
        for name in pieces if is_list else [_tidied(" and ".join(pieces))]:
            if (
                sum(letter.isalpha() for letter in name) >= _SHORTEST_NAME
                and name[0].isalpha()
                and name.lower() not in _NO_NAMES
            ):
                yield name.title().replace(" And ", " and ") if name.isupper() else name


def _tidied(name: str) -> str:
    name = name.strip(" .,;:()-")
    return _LEADING_AND.sub("", name)


def _states_in(part: str) -> Iterator[str]:
    names = _names()
    text = _DISTRICT.sub(" District of Columbia ", part)
    codes = names.state_codes
    if not text.isupper() or all(word in codes for word in re.findall(r"[A-Z]{3,}|\b[A-Z]{2}\b", text)):
        text = _STATE_CODE.sub(
            lambda code: codes.get(code[0].replace(".", "").replace(" ", ""), code[0]), text
        )
    words = names.reader.read(text)
    for _, state in names.states.matches_in(words, set()):
        yield state


@lru_cache(maxsize=1024)
def remembered_specialties(part: str) -> tuple[str, ...]:
    return tuple(_specialties_in(part))


@lru_cache(maxsize=1024)
def remembered_states(part: str) -> tuple[str, ...]:
    return tuple(_states_in(part))
