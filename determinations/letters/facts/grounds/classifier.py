"""Reads the grounds of a rationale in which no pattern finds any: free wording, unknown to the vocabulary.

A linear classifier over words, pairs of words and the classes of words.toml. `classifier.json` has its
coefficients; training.py makes them out of the invented sentences in fragments.tsv.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from determinations.letters.facts.grounds.lexicon import Lexicon
from determinations.letters.facts.grounds.tagging import Tagged

COEFFICIENTS: Final = Path(__file__).parent / "classifier.json"

# A class says more than a word.
_CLASS_WEIGHT: Final = 2.0
_WORD_WEIGHT: Final = 1.0
_ENDINGS: Final = ("ing", "edly", "ed", "es", "ly", "s")
_SHORTEST_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Classifier:
    """Coefficients of one logistic regression a ground."""

    grounds: tuple[str, ...]
    threshold: float
    """The probability from which on a ground counts as stated."""
    intercepts: tuple[float, ...]
    coefficients: Mapping[str, Sequence[tuple[int, float]]]
    """By feature the indexes of grounds with their coefficients."""

    def stated_in(self, tagged: Tagged, named: Mapping[str, int]) -> dict[str, float]:
        """The grounds that a sentence states, with their probabilities. `named` is as for `features_of`."""
        scores = [0.0] * len(self.grounds)
        squares = 0.0
        for feature, weight in features_of(tagged, named).items():
            coefficients = self.coefficients.get(feature)
            if coefficients is None:
                continue
            squares += weight * weight
            for index, coefficient in coefficients:
                scores[index] += weight * coefficient
        if not squares:
            return {}
        length = math.sqrt(squares)
        probabilities = (
            1 / (1 + math.exp(-intercept - score / length))
            for intercept, score in zip(self.intercepts, scores, strict=True)
        )
        return {
            ground: probability
            for ground, probability in zip(self.grounds, probabilities, strict=True)
            if probability >= self.threshold
        }


@cache
def classifier() -> Classifier:
    """The classifier of the file."""
    file = json.loads(COEFFICIENTS.read_text("utf-8"))
    return Classifier(
        tuple(file["grounds"]),
        file["threshold"],
        tuple(file["intercepts"]),
        {feature: [(i, c) for i, c in pairs] for feature, pairs in file["coefficients"].items()},
    )


def named_classes(lexicon: Lexicon) -> dict[str, int]:
    """The classes of words.toml by name. Those that a pattern makes for itself are left out."""
    return {name: number for name, number in lexicon.number.items() if not name.startswith("=")}


def features_of(tagged: Tagged, named: Mapping[str, int]) -> dict[str, float]:
    """The features of a sentence with their weights: its words, pairs of neighbors, and classes."""
    stems = [_stem(word) for word in tagged.words]
    features = dict.fromkeys((*_named("word", stems), *_named("pair", _pairs(stems))), _WORD_WEIGHT)
    present = tagged.present
    classes = (name for name, number in named.items() if present >> number & 1)
    features.update(dict.fromkeys(_named("class", classes), _CLASS_WEIGHT))
    return features


def _named(kind: str, things: Iterable[str]) -> Iterable[str]:
    return (f"{kind}:{thing}" for thing in things)


def _pairs(stems: Sequence[str]) -> Iterable[str]:
    return (f"{first} {second}" for first, second in pairwise(stems))


def _stem(word: str) -> str:
    """A word without its ending; all numbers alike."""
    if word[0].isdigit():
        return "#"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
