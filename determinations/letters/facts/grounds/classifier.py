"""Reads the grounds of free wording, which the patterns of the vocabulary find in part or not at all.

A linear classifier over words, pairs of words, the classes of words.toml, what of these is negated, and the
grounds that patterns find. `classifier.json` has its coefficients; grounds_training makes them of invented
sentences.
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

# A class says more than a word, and a pattern more than a class.
_PATTERN_WEIGHT: Final = 4.0
_CLASS_WEIGHT: Final = 2.0
_NEGATED_CLASS_WEIGHT: Final = 1.5
_WORD_WEIGHT: Final = 1.0
_PAIR_WEIGHT: Final = 0.7
_ENDINGS: Final = ("ing", "edly", "ed", "es", "ly", "s")
_SHORTEST_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Classifier:
    """Coefficients of one logistic regression a ground."""

    grounds: tuple[str, ...]
    intercepts: tuple[float, ...]
    coefficients: Mapping[str, Sequence[tuple[int, float]]]
    """By feature the indexes of grounds with their coefficients."""

    def probabilities(self, features: Mapping[str, float], least: float) -> dict[str, float]:
        """How probable it is that a sentence with these features states a ground, where that is `least` or
        more."""
        scores = [0.0] * len(self.grounds)
        squares = 0.0
        for feature, weight in features.items():
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
            if probability >= least
        }


@cache
def classifier() -> Classifier:
    """The classifier of the file."""
    file = json.loads(COEFFICIENTS.read_text("utf-8"))
    return Classifier(
        tuple(file["grounds"]),
        tuple(file["intercepts"]),
        {feature: [(i, c) for i, c in pairs] for feature, pairs in file["coefficients"].items()},
    )


def named_classes(lexicon: Lexicon) -> dict[int, str]:
    """The names of the classes of words.toml. Those that a pattern makes for itself are left out."""
    return {number: name for name, number in lexicon.number.items() if not name.startswith("=")}


def features_of(
    tagged: Tagged, named: Mapping[int, str], negated: int, patterns: Iterable[str]
) -> dict[str, float]:
    """The features of a sentence with their weights.

    `named` has the names of the classes by number, `negated` is the mask of the places in the scope of a
    negation, and `patterns` names the grounds that patterns find.
    """
    stems = [_stem(word) for word in tagged.words]
    features = {f"word:{stem}": _WORD_WEIGHT for stem in stems}
    for first, second in pairwise(stems):
        features[f"pair:{first} {second}"] = _PAIR_WEIGHT
    for place, stem in zip(tagged.numbers, stems, strict=True):
        if negated >> place & 1:
            features[f"not word:{stem}"] = _WORD_WEIGHT
    present = tagged.present
    while present:
        number = (present & -present).bit_length() - 1
        present &= present - 1
        if (name := named.get(number)) is not None:
            features[f"class:{name}"] = _CLASS_WEIGHT
            places = tagged.places[number]
            if places & negated:
                features[f"not class:{name}"] = _NEGATED_CLASS_WEIGHT
            if places & ~negated:
                features[f"plain class:{name}"] = _NEGATED_CLASS_WEIGHT
    for name in patterns:
        features[f"pattern:{name}"] = _PATTERN_WEIGHT
    return features


def _stem(word: str) -> str:
    """A word without its ending; all numbers alike."""
    if word[0].isdigit():
        return "#"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
