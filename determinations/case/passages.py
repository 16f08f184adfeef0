"""Finds a passage that a person selected or pasted in the letter, and gives it in the letter's own words.

Case, spaces, line breaks, and the shapes of quotation marks and dashes do not matter: they change on the way
through a browser, a PDF viewer or a word processor. Everything else must be as the letter has it. A word of
which the selection has only a part is quoted whole.
"""

import unicodedata
from collections.abc import Iterator

from determinations.models import DisputedItem

_SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff", ""),
    }
)
_AROUND = "\"' \t\r\n"
"""Quotation marks that were pasted around the passage are not part of it."""


def passage_of(item: DisputedItem, typed: str) -> str:
    """The passage as the item's letter has it, in one paragraph; "" where the letter does not contain it.

    The parts that are about the item come first, then the letter's summary, then its whole text.
    """
    wanted = "".join(sign for sign, _ in _folded(typed)).strip(_AROUND)
    if not wanted:
        return ""
    for text in _texts(item):
        if found := _find(text, wanted):
            return found
    return ""


def _texts(item: DisputedItem) -> Iterator[str]:
    yield from (item.rationale, item.request, item.title)
    yield from (item.reviewer_guideline, item.claims_administrator_guideline)
    yield from (item.determination.clinical_summary, item.determination.full_text)


def _find(text: str, wanted: str) -> str:
    folded = list(_folded(text))
    start = "".join(sign for sign, _ in folded).find(wanted)
    if start < 0:
        return ""
    first, last = folded[start][1], folded[start + len(wanted) - 1][1]
    while first > 0 and text[first - 1].isalnum() and text[first].isalnum():
        first -= 1
    while last + 1 < len(text) and text[last + 1].isalnum() and text[last].isalnum():
        last += 1
    return " ".join(text[first : last + 1].split())


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """Each sign that counts, and the place in the text that it comes from; runs of spaces are one."""
    after_space = True
    for place, written in enumerate(text):
        for sign in unicodedata.normalize("NFKC", written).casefold().translate(_SAME_SIGNS):
            if not sign.isspace():
                yield sign, place
            elif not after_space:
                yield " ", place
            after_space = sign.isspace()
