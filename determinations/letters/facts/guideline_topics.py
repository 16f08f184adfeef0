"""What a citation names besides its chapter: the sections or topics, and the year of the edition.

Letters put topics behind "Section(s):" or just behind the chapter ("ODG, Low Back Chapter, Lumbar
supports"), among editions, dates and addresses that are no topic.
"""

import re
from functools import lru_cache

_SECTION_WORD = re.compile(
    r"\b(?:sections?|topics?)(?: ?\(s\))? ?(?::|\b(?:on(?: the)?|titled|regarding|entitled)\b)", re.IGNORECASE
)
# The first digit before what stands before it: it is found faster so.
_YEAR = re.compile(r"(?:1(?<![\d/.-]1)9[89]|2(?<![\d/.-]2)0[0-4])\d(?![\d/]|[-.]\d)")
_DIGIT = re.compile(r"\d")
_SECOND_EDITION = re.compile(r"\b(?:2nd|second) ed", re.IGNORECASE)
_EFFECTIVE = re.compile(
    r"\beffective (?:[A-Z][a-z]{2,8}\.? \d{1,2}, |\d{1,2}/\d{1,2}/)(\d{4})", re.IGNORECASE
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
_DAY = rf"\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\b(?:{'|'.join(_MONTHS)}) (?:\d{{1,2}}, ?)?\d{{4}}"
_DAY_IN_DIGITS = re.compile(r"\d[/-]\d")
_DATED = re.compile(
    r"\(?\b(?:last )?(?:updated?|accessed|as of|reviewed|revised|version|effective|web|dated)\b[^,;)]{0,40}?"
    rf"(?:{_DAY})\)?|{_DAY}",
    re.IGNORECASE,
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)")
_IN_BRACKETS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_NUMBERED = re.compile(r"\s*\d{1,2}(?:\.\d{1,2}){0,5}\.? [A-Z]")
_NEXT_NUMBERED = re.compile(r"[,;] (?:and )?(?=\d{1,2}(?:\.\d{1,2}){0,5}\.? [A-Z])")
_NO_TOPIC = re.compile(
    "|".join(
        (
            r"\((?:ODG|MTUS|ACOEM|TWC|updated|web|acute|chronic|current|type 1|trauma)\b[^()]{0,90}\)",
            r"\(\s*\)",
            r"\b(?:"
            r"(?:chapters?|pages?|pgs?|sections?)\b(?:\(s\))?[:.]?(?: \d{1,2}\b)?",
            r"\d{1,2}(?:st|nd|rd|th) ed(?:ition|\.)?",
            r"(?:second|third|current|online|web|latest)[ -](?:ed(?:ition|\.)|version|based)",
            r"(?:ODG(?:-TWC)?|ACOEM|treatment index|practice guidelines)\b",
            r"(?:updated?|accessed|online|version|adopted|revised|effective)\b",
            r"vol(?:ume|\.)? ?\d+",
            r"(?:procedure|treatment) summary\b|part [12]\b",
            r"in workers'? comp(?:ensation)?\b",
            r"integrated treatment/disability duration\b",
            r"title 8\b|california code of regulations\b|9792[\d.]*|et seq\b\.?",
            r"which (?:is|are)\b.*",
            r"(?:since|because|as|although|where|when) (?:it|this|these|they|there|the|he|she)\b.*",
            r"(?:it|they|this|these|that|which) (?:also |specifically |directly |both )?"
            r"(?:is|are|was|were|has|have|address|discuss|provide|state|recommend|support|contain|cover|relate"
            r"|apply|applies|offer|give|deal|describe|speak)(?:s|es)?\b.*",
            r"(?:was|were|is|are) (?:found|used|relied|cited|applicable|appropriate|relevant|reviewed"
            r"|considered|applied)\b.*",
            r"https?://\S*|www\.\S*)",
            r"(?:(?<=\.)|(?<=\. )|^\W*)(?:this|these|the (?:expert|physician|professional|medical|claims"
            r"|reviewer|guidelines?|odg|mtus|patient|employee|injured|applicant|provider|request))\b.*",
            r"\bthe\W*\Z",
            r"^\W*(?:treatment )?guidelines?\b",
        )
    ),
    re.IGNORECASE,
)
_EDGES = " ,;:.-–—/&"
_MARK = re.compile(r"[;()]|,(?= ?[^\W\d_a-zà-ÿ])")
_TOPIC_BEGINS = re.compile(r"[^ ,;:.\-–—/&]")
_LONGEST_REMEMBERED = 200
_SHORTEST_TOPIC = 3
_SHORTEST_ABBREVIATION = 2
_LONGEST_ABBREVIATIONS = 20
_NO_TOPICS_ALONE = frozenset({"guidelines", "guideline", "see", "and", "the", "also"})


def year_of(text: str) -> int | None:
    """The one year that a citation states as its edition; None for none or several."""
    years = set(_YEAR.findall(text))
    if years and (undated := _without_days(text)) != text:
        years = set(_YEAR.findall(undated)) or set(_EFFECTIVE.findall(text))
    if len(years) == 1:
        return int(years.pop())
    return 2004 if not years and _SECOND_EDITION.search(text) else None


def _without_days(text: str) -> str:
    """The text without its days, and without the words that say what a day is of."""
    lower = text.lower()
    if _DAY_IN_DIGITS.search(lower) is None and not any(month in lower for month in _MONTHS):
        return text
    return _DATED.sub(" ", text)


def sections_of(text: str, with_commas: tuple[str, ...], *, always: bool) -> tuple[str, ...]:
    """The topics of the part of a citation behind its source and chapter, pages taken out.

    Without `always` only those behind the word "Section". `with_commas` are topics that hold a comma, in
    lower case, longest first.
    """
    lower = text.lower()
    marked = _SECTION_WORD.search(text) if "section" in lower or "topic" in lower else None
    if marked is None and not always:
        return ()
    rest = text[marked.end() :] if marked else text
    if marked and _NUMBERED.match(rest):
        return tuple(dict.fromkeys(section.strip(_EDGES) for section in _NEXT_NUMBERED.split(rest)))
    if rest.strip(_EDGES + "()").lower() in ("", "chapter"):
        return ()
    return (
        remembered_topics(rest, with_commas)
        if len(rest) <= _LONGEST_REMEMBERED
        else _topics(rest, with_commas)
    )


def _topics(rest: str, with_commas: tuple[str, ...]) -> tuple[str, ...]:
    """The topics among words that may also name an edition, a date or an address."""
    if _DIGIT.search(rest):
        rest = _YEAR.sub(" ", _without_days(rest))
    rest = _NO_TOPIC.sub(" ", rest)
    if "(" in rest:
        rest = _EMPTY_BRACKETS.sub(" ", rest)
    return _split(" ".join(rest.split()), with_commas)


remembered_topics = lru_cache(maxsize=4096)(_topics)
"""The same sections are cited in many statements."""


def _split(text: str, with_commas: tuple[str, ...]) -> tuple[str, ...]:
    """Topics one by one: a semicolon, or a comma before a capital, begins another.

    Where all is capitals a comma tells nothing and stays inside its topic, but for short ones ("EMG, NCV").
    """
    lowered = text.lower()
    commas_tell = lowered != text and (text != text.upper() or len(text) <= _LONGEST_ABBREVIATIONS)
    topics: dict[str, None] = {}
    start = _next_topic(text, 0)
    whole_until = _known_until(lowered, start, with_commas)
    depth = 0
    for found in _MARK.finditer(text):
        at, mark = found.start(), found.group()
        if mark in "()":
            depth += 1 if mark == "(" else -1
        elif depth <= 0 and at >= whole_until and (mark == ";" or commas_tell):
            topics[_tidied(text[start:at])] = None
            start, depth = _next_topic(text, at), 0
            whole_until = _known_until(lowered, start, with_commas)
    topics[_tidied(text[start:])] = None
    return tuple(filter(_is_topic, topics))


def _is_topic(topic: str) -> bool:
    """ "CT" and "PT" are topics, and so is a number that stands among them; "of" and "see" are none."""
    if topic.lower() in _NO_TOPICS_ALONE:
        return False
    letters = sum(map(str.isalpha, topic))
    return (
        letters >= _SHORTEST_TOPIC
        or (letters == _SHORTEST_ABBREVIATION and topic.isupper())
        or topic.isdigit()
    )


def _next_topic(text: str, at: int) -> int:
    """Where, from `at` on, the next topic begins."""
    found = _TOPIC_BEGINS.search(text, at)
    return found.start() if found else len(text)


def _known_until(lowered: str, start: int, with_commas: tuple[str, ...]) -> int:
    """Where a known topic that holds a comma and begins at `start` ends."""
    if not lowered.startswith(with_commas, start):
        return start
    return start + len(next(name for name in with_commas if lowered.startswith(name, start)))


def _tidied(topic: str) -> str:
    """A topic without stray punctuation and with its brackets closed."""
    topic = topic.strip(_EDGES).removeprefix("under ")
    if _IN_BRACKETS.fullmatch(topic):
        topic = topic[1:-1]
    missing = topic.count("(") - topic.count(")")
    if missing < 0:
        topic = topic.strip(")" + _EDGES) if topic.endswith(")") else topic.lstrip(")" + _EDGES)
    elif missing > 0:
        topic = topic[1:] if topic.startswith("(") else topic + ")"
    return topic.strip(_EDGES)
