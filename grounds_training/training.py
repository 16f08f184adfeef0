"""Makes the coefficients of classifier.py out of the invented sentences in fragments.tsv.

    python -m grounds_training.training [--measure]

Run it after a change of words.toml or fragments.tsv. With --measure nothing is written: the classifier learns
from a part of the sentences, and the table says how it does on the others beside the patterns alone.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from determinations.letters.facts.grounds.classifier import (
    COEFFICIENTS,
    Classifier,
)
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.vocabulary import GroundsVocabulary, Side, vocabulary

FRAGMENTS: Final = Path(__file__).parent / "fragments.tsv"
_RARE: Final = 2
# A class says more than a word, and a pattern more than a class. A rare feature says more than a common one.
_WEIGHTS: Final = {
    "word": 0.2,
    "not word": 0.2,
    "pair": 0.14,
    "class": 0.4,
    "not class": 0.3,
    "plain class": 0.3,
    "pattern": 0.8,
}
_LOSS_WEIGHT: Final = 20.0
_STEPS: Final = 300
_POWER_STEPS: Final = 20
_MARGIN: Final = 1.05
_NEGLIGIBLE: Final = 0.3
_DIGITS: Final = 2
_LEARNED_FROM: Final = 0.6
_SEED: Final = 20_261_128

Matrix = NDArray[np.floating]


class InventedSentence(NamedTuple):
    """An invented sentence with the grounds that it states."""

    side: Literal[Side, "both"]
    """The side whose grounds were looked for; a labeled one may state grounds of the other, too."""
    grounds: frozenset[str]
    text: str


def fragments() -> list[InventedSentence]:
    """The sentences of the file."""
    rows = (row.split("\t") for row in FRAGMENTS.read_text("utf-8").splitlines() if row[:1] != "#")
    return [
        InventedSentence(
            "for" if side == "for" else "both" if side == "both" else "against",
            frozenset(filter(None, grounds.split(","))),
            text,
        )
        for side, grounds, text in rows
    ]


def trained(sentences: Sequence[InventedSentence], words: GroundsVocabulary) -> Classifier:
    """A classifier that has learned from the sentences."""
    reader = Reader(words)
    rows = [reader.features(each.text) for each in sentences]
    seen = Counter(feature for row in rows for feature in row)
    weights = {
        feature: round(_WEIGHTS[feature.partition(":")[0]] * math.log(len(rows) / times), _DIGITS)
        for feature, times in sorted(seen.items())
        if times >= _RARE
    }
    column = {feature: index for index, feature in enumerate(weights)}
    examples = _sparse(
        [{column[f]: weights[f] for f in sorted(row) if f in column} for row in rows], len(column)
    )
    truth = np.array([[ground.slug in each.grounds for ground in words.grounds] for each in sentences])
    looked_for = np.array(
        [
            [bool(each.grounds) or each.side in (ground.side, "both") for ground in words.grounds]
            for each in sentences
        ]
    )
    found = _logistic_regressions(examples, truth.astype(np.float32), looked_for.astype(np.float32))
    return Classifier(
        tuple(ground.slug for ground in words.grounds),
        tuple(round(float(each), _DIGITS) for each in found[-1]),
        {
            feature: [
                (int(index), round(float(found[place, index]), _DIGITS))
                for index in np.flatnonzero(np.abs(found[place]) >= _NEGLIGIBLE)
            ]
            for feature, place in column.items()
        },
        weights,
    )


class Sparse(NamedTuple):
    """A matrix whose rows are of length 1, with a last column of ones. No row is empty, and no column."""

    by_row: "Products"
    by_column: "Products"


class Products(NamedTuple):
    """What it takes to multiply by a matrix: its values, the places that they are multiplied with, and where
    a new sum begins."""

    values: Matrix
    places: NDArray[np.intp]
    starts: NDArray[np.intp]

    def times(self, other: Matrix) -> Matrix:
        """The product with a dense matrix."""
        return np.add.reduceat(self.values[:, None] * other[self.places], self.starts, axis=0)


def _sparse(rows: Sequence[Mapping[int, float]], width: int) -> Sparse:
    values: list[float] = []
    columns: list[int] = []
    lengths: list[int] = []
    for row in rows:
        length = math.sqrt(sum(weight * weight for weight in row.values())) or 1.0
        values += [*(weight / length for weight in row.values()), 1.0]
        columns += [*row, width]
        lengths.append(len(row) + 1)
    value, column = np.array(values, np.float32), np.array(columns)
    row_of = np.repeat(np.arange(len(rows)), lengths)
    order = np.argsort(column, kind="stable")
    return Sparse(
        Products(value, column, np.concatenate(([0], np.cumsum(lengths[:-1])))),
        Products(value[order], row_of[order], np.searchsorted(column[order], np.arange(width + 1))),
    )


def _logistic_regressions(examples: Sparse, truth: Matrix, counts: Matrix) -> Matrix:
    """One a column of `truth`, all at once by accelerated gradient descent. Examples for which `counts` is 0
    are left out. Returns a row of coefficients a feature."""
    by_row, by_column = examples
    found: Matrix = np.zeros((len(by_column.starts), truth.shape[1]), np.float32)
    ahead = found
    step = 1 / (1 + _LOSS_WEIGHT * _largest_square(examples) / 4)
    for number in range(_STEPS):
        errors = counts * (1 / (1 + np.exp(-by_row.times(ahead))) - truth)
        before, found = found, ahead - step * (ahead + _LOSS_WEIGHT * by_column.times(errors))
        ahead = found + number / (number + 3) * (found - before)
    return found


def _largest_square(examples: Sparse) -> float:
    """The square of the largest singular value, from above."""
    direction: Matrix = np.ones((len(examples.by_column.starts), 1), np.float32)
    length = 1.0
    for _ in range(_POWER_STEPS):
        direction = examples.by_column.times(examples.by_row.times(direction))
        length = float(np.linalg.norm(direction))
        direction /= length
    return length * _MARGIN


def _write(classifier: Classifier) -> None:
    file = {
        "note": "Made by grounds_training; do not edit.",
        "grounds": classifier.grounds,
        "intercepts": classifier.intercepts,
    }
    head = json.dumps(file, indent=1)[:-2]
    rows = ",\n".join(
        f"{json.dumps(feature)}:{json.dumps([classifier.weights[feature], pairs], separators=(',', ':'))}"
        for feature, pairs in classifier.coefficients.items()
    )
    COEFFICIENTS.write_text(f'{head},\n "features": {{\n{rows}\n}}\n}}\n', "utf-8")


def _measure(words: GroundsVocabulary) -> None:
    every = fragments()
    Random(_SEED).shuffle(every)
    learned = int(len(every) * _LEARNED_FROM)
    classifier = trained(every[:learned], words)
    sys.stdout.write(f"{'':25} {'recall':>6} {'precision':>9} {'F1':>6}\n")
    for name, reader in (("patterns", Reader(words)), ("patterns and classifier", Reader(words, classifier))):
        stated = found = right = 0
        for each in every[learned:]:
            grounds = {
                g.slug
                for g in reader.read(each.text, (), "")
                if each.grounds or each.side in (g.side, "both")
            }
            stated += len(each.grounds)
            found += len(grounds)
            right += len(grounds & each.grounds)
        recall, precision = right / stated, right / found
        f1 = 2 * recall * precision / (recall + precision)
        sys.stdout.write(f"{name:25} {recall:6.3f} {precision:9.3f} {f1:6.3f}\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--measure", action="store_true", help="learn from a part and measure on the others")
    if parser.parse_args().measure:
        _measure(vocabulary())
    else:
        _write(trained(fragments(), vocabulary()))


if __name__ == "__main__":
    main()
