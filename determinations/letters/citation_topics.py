"""What a citation names besides its chapter: the sections or topics, and the year of the edition.

Letters put topics behind "Section(s):" or just behind the chapter ("ODG, Low Back Chapter, Lumbar
supports"), among editions, dates and addresses that are no topic.
"""

import re

_SECTION_WORD = re.compile(
    r"\b(?:sections?|topics?)(?: ?\(s\))? ?(?::|\b(?:on(?: the)?|titled|regarding|entitled)\b)", re.IGNORECASE
)
_YEAR = re.compile(r"(?<![\d/.-])(?:19[89]|20[0-4])\d(?![\d/]|[-.]\d)")
_SECOND_EDITION = re.compile(r"\b(?:2nd|second) ed", re.IGNORECASE)
_EFFECTIVE = re.compile(
    r"\beffective (?:[A-Z][a-z]{2,8}\.? \d{1,2}, |\d{1,2}/\d{1,2}/)(\d{4})", re.IGNORECASE
)
_DAY = (
    r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\b(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December) (?:\d{1,2}, ?)?\d{4}"
)
_DATED = re.compile(
    r"\(?\b(?:last )?(?:updated?|accessed|as of|reviewed|revised|version|effective|web|dated)\b[^,;)]{0,40}?"
    rf"(?:{_DAY})\)?|{_DAY}",
    re.IGNORECASE,
)
_NO_TOPIC = re.compile(
    "|".join(
        (
            r"\((?:ODG|MTUS|ACOEM|TWC|updated|web|acute|chronic|current)\b[^()]{0,60}\)",
            r"\(\s*\)",
            r"\b(?:chapters?|pages?|pgs?|sections?)\b(?:\(s\))?[:.]?(?: \d{1,2}\b)?",
            r"\b\d{1,2}(?:st|nd|rd|th) ed(?:ition|\.)?",
            r"\b(?:second|third|current|online|web|latest)[ -](?:ed(?:ition|\.)|version|based)",
            r"https?://\S*|www\.\S*",
            r"\b(?:ODG(?:-TWC)?|ACOEM|treatment index|practice guidelines)\b",
            r"^\W*(?:treatment )?guidelines?\b",
            r"\b(?:updated?|accessed|online|version|adopted|revised|effective)\b",
            r"\bvol(?:ume|\.)? ?\d+",
            r"\bin workers'? comp(?:ensation)?\b",
            r"\bintegrated treatment/disability duration\b",
            r"\btitle 8\b|\bcalifornia code of regulations\b|\b9792[\d.]*|\bet seq\b\.?",
            r"\bwhich (?:is|are)\b.*",
        )
    ),
    re.IGNORECASE,
)
_EDGES = " ,;:.-–—/&"
_SHORTEST_TOPIC = 3


def year_of(text: str) -> int | None:
    """The one year that a citation states as its edition; None for none or several."""
    years = set(_YEAR.findall(text))
    if years:
        years = set(_YEAR.findall(_DATED.sub(" ", text))) or set(_EFFECTIVE.findall(text))
    if len(years) == 1:
        return int(years.pop())
    return 2004 if not years and _SECOND_EDITION.search(text) else None


def sections_of(text: str, with_commas: tuple[str, ...], *, always: bool) -> tuple[str, ...]:
    """The topics of the part of a citation behind its source and chapter, pages taken out.

    Without `always` only those behind the word "Section". `with_commas` are topics that hold a comma, in
    lower case, longest first.
    """
    marked = _SECTION_WORD.search(text)
    if marked is None and not always:
        return ()
    rest = text[marked.end() :] if marked else text
    if rest.strip(_EDGES + "()").lower() in ("", "chapter"):
        return ()
    rest = _NO_TOPIC.sub(" ", _YEAR.sub(" ", _DATED.sub(" ", rest)))
    return _split(" ".join(rest.split()), with_commas)


def _split(text: str, with_commas: tuple[str, ...]) -> tuple[str, ...]:
    """Topics one by one: a semicolon, or a comma before a capital, begins another.

    Where all is capitals a comma tells nothing and stays inside its topic.
    """
    commas_tell = any(map(str.islower, text))
    lowered = text.lower() if len(text.lower()) == len(text) else text
    topics: dict[str, None] = {}
    start = at = depth = 0
    while at < len(text):
        letter = text[at]
        if at == start and letter in _EDGES:
            start += 1
        elif at == start and lowered.startswith(with_commas, at):
            at += len(next(name for name in with_commas if lowered.startswith(name, at)))
            continue
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth <= 0 and (
            letter == ";" or (letter == "," and commas_tell and text[at + 1 : at + 3].strip()[:1].isupper())
        ):
            topics[_tidied(text[start:at])] = None
            start, depth = at + 1, 0
        at += 1
    topics[_tidied(text[start:])] = None
    return tuple(topic for topic in topics if sum(map(str.isalpha, topic)) >= _SHORTEST_TOPIC)


def _tidied(topic: str) -> str:
    """A topic without stray punctuation and with its brackets closed."""
    topic = topic.strip(_EDGES).removeprefix("under ")
    if topic.startswith("(") and topic.endswith(")") and topic.count("(") == 1:
        topic = topic[1:-1]
    missing = topic.count("(") - topic.count(")")
    if missing < 0:
        topic = topic.strip(")" + _EDGES) if topic.endswith(")") else topic.lstrip(")" + _EDGES)
    elif missing > 0:
        topic = topic[1:] if topic.startswith("(") else topic + ")"
    return topic.strip(_EDGES)
