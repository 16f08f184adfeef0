"""The fewest words of a text that still state a fact, found by asking the fact's own reader.

Half of the words are left out again and again, first from the end, then from the start, and a piece is
taken only if its reader still finds the fact in it. So a piece found this way states the fact by itself, and
finding it takes about as many readings as the number of words has binary digits, twice.
"""

import re
from collections.abc import Callable

_WORD = re.compile(r"\S+")
_EDGES = " ,.;:"

States = Callable[[str], bool]
"""Whether a text states the fact."""


def narrowest(text: str, states: States, alone: States | None = None) -> tuple[int, int] | None:
    """From where to where a text states a fact; None where all of it does not.

    `alone` asks whether a piece is the fact and nothing else, without the words that open its list ("Board
    Certified in ..."), which may be far from it.
    """
    words = [match.span() for match in _WORD.finditer(text)]
    if not words or not states(text):
        return None
    low, high = 0, len(words) - 1
    while low < high:
        middle = (low + high) // 2
        if states(text[: words[middle][1]]):
            high = middle
        else:
            low = middle + 1
    last, end = high, words[high][1]
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        if states(text[words[middle][0] : end]):
            low = middle
        else:
            high = middle - 1
    first, asked = low, states
    if alone is not None:
        for index in range(last, first - 1, -1):
            if alone(text[words[index][0] : end]):
                first, asked = index, alone
                break
    start = words[first][0]
    bare = text[start:end].strip(_EDGES)
    if bare and asked(bare):
        start = text.index(bare, start)
        end = start + len(bare)
    return start, end
