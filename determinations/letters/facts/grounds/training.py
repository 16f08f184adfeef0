"""Makes the coefficients of classifier.py out of the invented sentences in fragments.tsv.

    python -m determinations.letters.facts.grounds.training [--measure]

Run it after a change of words.toml or fragments.tsv. With --measure nothing is written: the classifier learns
from a part of the sentences, and the table says how it does on the others beside the patterns alone.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from determinations.letters.facts.grounds.classifier import (
    COEFFICIENTS,
    Classifier,
    features_of,
    named_classes,
)
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.tagging import Tagged
from determinations.letters.facts.grounds.vocabulary import GroundsVocabulary, Side, vocabulary

FRAGMENTS: Final = Path(__file__).parent / "fragments.tsv"
_THRESHOLD: Final = 0.4
_RARE: Final = 2
_LOSS_WEIGHT: Final = 10.0
_STEPS: Final = 400
_NEGLIGIBLE: Final = 0.3
_LEARNED_FROM: Final = 0.6
_SEED: Final = 20_261_128

Matrix = NDArray[np.float64]


class Fragment(NamedTuple):
    """An invented sentence with the grounds that it states."""

    side: Side
    """The side whose grounds were looked for; a labelled one may state grounds of the other, too."""
    grounds: frozenset[str]
    text: str


def fragments() -> list[Fragment]:
    """The sentences of the file."""
    rows = (row.split("\t") for row in FRAGMENTS.read_text("utf-8").splitlines() if row[:1] != "#")
    return [
        Fragment("for" if side == "for" else "against", frozenset(filter(None, grounds.split(","))), text)
        for side, grounds, text in rows
    ]


def trained(sentences: Sequence[Fragment], words: GroundsVocabulary) -> Classifier:
    """A classifier that has learned from the sentences."""
    named = named_classes(words.lexicon)
    rows = [features_of(Tagged(each.text.lower(), words.lexicon), named) for each in sentences]
    seen = Counter(feature for row in rows for feature in row)
    features = sorted(feature for feature, times in seen.items() if times >= _RARE)
    column = {feature: index for index, feature in enumerate(features)}
    examples = np.zeros((len(rows), len(features) + 1))
    for row, example in zip(rows, examples, strict=True):
        for feature, weight in row.items():
            if feature in column:
                example[column[feature]] = weight
        example /= np.linalg.norm(example) or 1.0
    examples[:, -1] = 1.0
    truth = np.array([[ground.slug in each.grounds for ground in words.grounds] for each in sentences])
    looked_for = np.array(
        [[bool(each.grounds) or each.side == ground.side for ground in words.grounds] for each in sentences]
    )
    found = np.round(_logistic_regressions(examples, truth.astype(float), looked_for.astype(float)), 2)
    return Classifier(
        tuple(ground.slug for ground in words.grounds),
        _THRESHOLD,
        tuple(map(float, found[-1])),
        {
            feature: [
                (int(index), float(found[place, index]))
                for index in np.flatnonzero(np.abs(found[place]) >= _NEGLIGIBLE)
            ]
            for feature, place in column.items()
        },
    )


def _logistic_regressions(examples: Matrix, truth: Matrix, counts: Matrix) -> Matrix:
    """One a column of `truth`, all at once by accelerated gradient descent. Examples for which `counts` is 0
    are left out. Returns a row of coefficients a feature."""
    largest = float(np.linalg.norm(examples, 2)) ** 2
    step = 1 / (1 + _LOSS_WEIGHT * largest / 4)
    found = ahead = np.zeros((examples.shape[1], truth.shape[1]))
    for number in range(_STEPS):
        errors = counts * (1 / (1 + np.exp(-examples @ ahead)) - truth)
        before, found = found, ahead - step * (ahead + _LOSS_WEIGHT * (examples.T @ errors))
        ahead = found + number / (number + 3) * (found - before)
    return found


def _write(classifier: Classifier) -> None:
    file = {
        "note": "Made by training.py out of fragments.tsv; do not edit.",
        "threshold": classifier.threshold,
        "grounds": classifier.grounds,
        "intercepts": classifier.intercepts,
    }
    head = json.dumps(file, indent=1)[:-2]
    rows = ",\n".join(
        f"{json.dumps(feature)}:{json.dumps(pairs, separators=(',', ':'))}"
        for feature, pairs in classifier.coefficients.items()
    )
    COEFFICIENTS.write_text(f'{head},\n "coefficients": {{\n{rows}\n}}\n}}\n', "utf-8")


def _measure(words: GroundsVocabulary) -> None:
    every = fragments()
    Random(_SEED).shuffle(every)
    learned = int(len(every) * _LEARNED_FROM)
    classifier = trained(every[:learned], words)
    sys.stdout.write(f"{'':25} {'recall':>6} {'beyond':>7} {'on empty rows':>14}\n")
    for name, reader in (
        ("patterns alone", Reader(words, None)),
        ("patterns, then classifier", Reader(words, classifier)),
    ):
        stated = found = beyond = empty = spoken = 0
        for each in every[learned:]:
            grounds = {g.slug for g in reader.read(each.text, (), "") if each.grounds or g.side == each.side}
            stated += len(each.grounds)
            found += len(grounds & each.grounds)
            beyond += len(grounds - each.grounds) if each.grounds else 0
            empty += not each.grounds
            spoken += bool(grounds) and not each.grounds
        sys.stdout.write(f"{name:25} {found / stated:6.3f} {beyond:7} {spoken:7} of {empty}\n")


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
