"""Requests that the claims administrator authorized in part: their own form of heading, in three sentences.

"X was the original request. Y was authorized by the Claims Administrator. The remaining IMR eligible portion
of the original request, Z is: Upheld", or "The Claims Administrator authorized Y, leaving the original
request IMR eligible. The original request, X is: Upheld". One item in nine of 2016 and 2017 has such a
heading.
"""

import re
from dataclasses import dataclass

_WAS = r"(?:was|were|is|are|has[ \n]been|have[ \n]been)"
_ALLOWED = (
    r"(?:(?:partially|conditionally|previously|already)[ \n])?(?:authorized|approved|certified|allowed)"
)
_BY = r"by[ \n](?:the[ \n])?(?:claims?[ \n]administrator|utilization[ \n]review|adjuster|carrier|insurer)"
_ORIGINAL_END = rf",?[ \n]{_WAS}[ \n](?:the|an)[ \n]original[ \n]requests?"

_ORIGINAL = re.compile(rf"(?P<original>.*?){_ORIGINAL_END}[.,;:]?[ ]", re.IGNORECASE | re.DOTALL)
_AUTHORIZED = (
    re.compile(rf"(?P<authorized>.*?),?[ ]{_WAS}[ ]{_ALLOWED}[ ]{_BY}[.,;]?(?:[ ]|\Z)", re.IGNORECASE),
    re.compile(
        rf"(?:the[ ])?(?:claims?[ ]administrator|utilization[ ]review)[ ](?:has[ ]|had[ ])?{_ALLOWED}[ ]"
        r"(?P<authorized>.*?)(?:,?[ ](?:thus[ ]|thereby[ ])?leaving[ ][^.]{0,80}|(?=\.[ ]))\.[ ]",
        re.IGNORECASE,
    ),
)
_PORTION = re.compile(
    r"(?:the[ ])?(?:remaining|remainder|rest|balance)\b[^.,:;]{0,60}?\boriginal[ ]requests?[ ]?[,:;-]?[ ]"
    r"|(?:the[ ])?(?:remaining[ ])?IMR[ -]eligible[ ](?:portion|part)s?\b[^.,:;]{0,60}?[,:;-][ ]"
    r"|(?:the[ ])?original[ ]requests?[ ]?[,:;-][ ]",
    re.IGNORECASE,
)
# Both read lower-case text.
_STORY_OPENS = re.compile(_ORIGINAL_END)
_TOLD_AGAIN = re.compile(r"original[ \n]requests?|imr[ \n-]eligible")
_LONGEST_BEFORE, _LONGEST_FROM = 20, 20
"""Characters of such words before "original", and from it on, at most."""
_LONGEST = 2500
"""Characters that the three sentences take up at most."""


_ONLY_A_COUNT = re.compile(
    r"(?:[\d/.,x#()-]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|an?|the|of|for|per|and|more|times?"
    r"|each|every|additional|remaining|other|same|visits?|sessions?|treatments?|refills?|tablets?|tabs?|capsules?"
    r"|units?|days?|weeks?|months?|hours?|rental|purchase|quantity|qty:?|portion|request|[ ,;:])*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PartialAuthorization:
    """What was asked for, what of it was authorized, and what is left and in dispute; "" where not said."""

    original_request: str
    authorized: str
    disputed_portion: str

    @property
    def asked_for(self) -> str:
        """The words that say what is in dispute: the disputed portion, or where that only counts, both."""
        if _ONLY_A_COUNT.fullmatch(self.disputed_portion):
            return f"{self.original_request}: {self.disputed_portion}".rstrip(": ")
        return self.disputed_portion


def partial_authorization(request: str) -> PartialAuthorization | None:
    """The parts of a request in this form (lines joined, decision cut off); None for any other request."""
    original = _ORIGINAL.match(request) if "original" in request.lower() else None
    if original is None:
        return None
    rest = request[original.end() :]
    authorized = ""
    for pattern in _AUTHORIZED:
        if found := pattern.match(rest):
            authorized, rest = found["authorized"].strip(" ,;"), rest[found.end() :]
            break
    portion = _PORTION.search(rest)
    disputed = rest[portion.end() :].strip(" ,;.") if portion else ""
    if not authorized and not disputed:
        return None
    return PartialAuthorization(original["original"].strip(), authorized, disputed)


def opening_sentence_end(lower: str, start: int, end: int) -> int | None:
    """Where "... was the original request" ends in a heading that ends at `end`; None for another heading.

    Reads the letter's text in lower case. Only the last such words count, and only if the heading comes back
    to them before it ends.
    """
    low = max(start, end - _LONGEST)
    at = lower.rfind("original", low, end)
    while at != -1:
        found = _STORY_OPENS.search(lower, max(low, at - _LONGEST_BEFORE), min(end, at + _LONGEST_FROM))
        if found is not None and found.start() < at:
            return found.end() if _TOLD_AGAIN.search(lower, found.end(), end) else None
        at = lower.rfind("original", low, at)
    return None
