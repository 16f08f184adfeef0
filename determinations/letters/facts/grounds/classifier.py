"""Reads the grounds of free wording, which the patterns of the vocabulary find in part or not at all.

A linear classifier over words, pairs of words, the classes of words.toml, what of these is negated, and the
grounds that patterns find. `classifier.json` has its coefficients; grounds_training makes them of invented
sentences.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from determinations.letters.facts.grounds.lexicon import Lexicon
from determinations.letters.facts.grounds.tagging import Tagged

COEFFICIENTS: Final = Path(__file__).parent / "classifier.json"

_ENDINGS: Final = ("ing", "edly", "ed", "es", "ly", "s")
_SHORTEST_STEM: Final = 4
_WORDS_REMEMBERED: Final = 16_384


@dataclass(frozen=True)
class Classifier:
    """Coefficients of one logistic regression a ground."""

    grounds: tuple[str, ...]
    intercepts: tuple[float, ...]
    coefficients: Mapping[str, Sequence[tuple[int, float]]]
    """By feature the indexes of grounds with their coefficients."""
    weights: Mapping[str, float]
    """How much each of these features weighs in a sentence that has it."""

    @cached_property
    def _row(self) -> Mapping[str, int]:
        """The row of each feature in `_matrix`."""
        return {feature: row for row, feature in enumerate(self.coefficients)}

    @cached_property
    def _matrix(self) -> NDArray[np.float64]:
        """A row a feature: its coefficients times its weight by ground, and last the square of its weight."""
        matrix = np.zeros((len(self.coefficients), len(self.grounds) + 1))
        for row, (feature, coefficients) in enumerate(self.coefficients.items()):
            weight = self.weights[feature]
            matrix[row, -1] = weight * weight
            for index, coefficient in coefficients:
                matrix[row, index] = weight * coefficient
        return matrix

    def probabilities(self, features: Iterable[str], least: float) -> dict[str, float]:
        """How probable it is that a sentence with these features states a ground, where that is `least` or
        more. Each feature is given once."""
        row = self._row
        rows = [row[feature] for feature in features if feature in row]
        if not rows:
            return {}
        *scores, squares = np.add.reduce(self._matrix.take(rows, 0), 0).tolist()
        length = math.sqrt(squares)
        least_odds = math.log(least / (1 - least)) if least else -math.inf
        return {
            ground: 1 / (1 + math.exp(-odds))
            for ground, intercept, score in zip(self.grounds, self.intercepts, scores, strict=True)
            if (odds := intercept + score / length) >= least_odds
        }


@cache
def classifier() -> Classifier:
    """The classifier of the file."""
    file = json.loads(COEFFICIENTS.read_text("utf-8"))
    return Classifier(
        tuple(file["grounds"]),
        tuple(file["intercepts"]),
        {feature: [(i, c) for i, c in pairs] for feature, (_, pairs) in file["features"].items()},
        {feature: weight for feature, (weight, _) in file["features"].items()},
    )


class ClassFeatures(NamedTuple):
    """What the classes of words.toml are as features. Those that a pattern makes for itself are left out."""

    plain: Mapping[int, tuple[str, str]]
    """By the number of a class: it occurs, and it does without a negation."""
    negated: Mapping[int, tuple[str, str]]
    """By the number of a class: it occurs, and it is negated."""


def class_features(lexicon: Lexicon) -> ClassFeatures:
    """The features of the classes of a lexicon."""
    named = {number: name for name, number in lexicon.number.items() if not name.startswith("=")}
    return ClassFeatures(
        {number: (f"class:{name}", f"plain class:{name}") for number, name in named.items()},
        {number: (f"class:{name}", f"not class:{name}") for number, name in named.items()},
    )


def features_of(tagged: Tagged, classes: ClassFeatures, negated: int, patterns: Iterable[str]) -> set[str]:
    """The features of a sentence.

    `negated` is the mask of the places in the scope of a negation, and `patterns` names the grounds that
    patterns find.
    """
    stems = list(map(_stem, tagged.words))
    features = {f"word:{stem}" for stem in stems}
    features.update([f"pair:{first} {second}" for first, second in pairwise(stems)])
    features.update(_features_of(tagged.classes_at(~negated), classes.plain))
    if negated:
        in_scope = zip(tagged.numbers, stems, strict=True)
        features.update([f"not word:{stem}" for place, stem in in_scope if negated >> place & 1])
        features.update(_features_of(tagged.classes_at(negated), classes.negated))
    features.update([f"pattern:{name}" for name in patterns])
    return features


def _features_of(classes: int, features: Mapping[int, tuple[str, str]]) -> Iterator[str]:
    """The features of a mask of classes; a nameless class has none."""
    return chain.from_iterable([pair for number, pair in features.items() if classes >> number & 1])


@lru_cache(_WORDS_REMEMBERED)
def _stem(word: str) -> str:
    """A word without its ending; all numbers alike."""
    if word[0].isdigit():
        return "#"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word
