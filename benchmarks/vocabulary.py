"""The long tail: some 200,000 words that look like a clinician's, built from parts of words.

Natural text has few words that are in every letter and very many that are in one or two. The size of
an index and the time to expand a prefix or a slip of the pen depend on that tail.
"""

from itertools import product
from random import Random

from benchmarks.material import MATERIAL

_PLAIN = ["", ""]
"""Twice as many words begin with their root as with any one of the parts before it."""


def tail_words(random: Random) -> list[str]:
    """Distinct words, the commonest first: terms of art and, one in eight, names of people and places."""
    parts = {name: text.split() for name, text in MATERIAL["word_parts"].items()}
    before = [*_PLAIN, *parts["before"]]
    terms = [
        start + _joined(root, end) for start, root, end in product(before, parts["roots"], parts["after"])
    ]
    onsets, vowels = parts["onsets"], parts["vowels"]
    names = ["".join(syllables) for syllables in product(onsets, vowels, onsets, vowels, parts["endings"])]
    random.shuffle(terms)
    words = terms + random.sample(names, len(terms) // 7)
    random.shuffle(words)
    return list(dict.fromkeys(words))


def _joined(root: str, after: str) -> str:
    return root + after if after[0] in "aeiou" else f"{root}o{after}"
