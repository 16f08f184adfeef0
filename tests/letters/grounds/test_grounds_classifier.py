"""The classifier: it learns from invented sentences, and reads free wording beside the patterns.

All texts are invented.
"""

import re

import pytest

from determinations.letters.facts.grounds.classifier import Classifier, class_features, classifier
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.vocabulary import GroundsVocabularyError, vocabulary
from determinations.letters.vocabulary import checks
from determinations.letters.vocabulary.checks import check_grounds
from grounds_training.training import InventedSentence, fragments, trained

SLUGS = {ground.slug: ground.side for ground in vocabulary().grounds}
LEARNED = [
    InventedSentence("for", frozenset({"functional-benefit"}), "The gloves let her knit."),
    InventedSentence("for", frozenset({"functional-benefit"}), "Now she can knit with the gloves on."),
    InventedSentence("against", frozenset({"not-medical"}), "The lantern hangs in the porch."),
    InventedSentence("against", frozenset({"not-medical"}), "A lantern for the porch is asked for."),
    InventedSentence("for", frozenset(), "The letter has a stamp."),
    InventedSentence("against", frozenset(), "The letter has two stamps."),
]


def always(against: float = 2.0, in_favor: float = 1.0) -> Classifier:
    """A classifier that finds a ground of each side in any sentence with "the". Takes their log odds."""
    return Classifier(
        ("not-medical", "post-surgical"), (against, in_favor), {"word:the": [(0, 0.0)]}, {"word:the": 1.0}
    )


def stated(reader: Reader, text: str) -> set[str]:
    return {ground.slug for ground in reader.read(text, (), "x")}


def test_it_knows_the_grounds_and_classes_of_the_vocabulary_only() -> None:
    assert set(classifier().grounds) <= SLUGS.keys()
    classes = {feature for feature in classifier().coefficients if feature[:6] == "class:"}
    assert classes <= {feature for feature, _ in class_features(vocabulary().lexicon).plain.values()}
    assert classes


def test_check_names_a_ground_that_the_vocabulary_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "classifier", lambda: Classifier(("moonshine",), (0.0,), {}, {}))
    with pytest.raises(GroundsVocabularyError, match="moonshine") as fault:
        check_grounds()
    assert fault.value.file == "classifier.json"


def test_every_sentence_to_learn_from_has_known_grounds_and_is_there_once() -> None:
    rows = fragments()
    assert {ground for row in rows for ground in row.grounds} == SLUGS.keys()
    assert len({row.text for row in rows}) == len(rows)
    assert not [row for row in rows if not re.match(r"\S.*\S\Z", row.text)]


def test_it_learns_what_it_is_shown_and_the_same_each_time() -> None:
    learned = trained(LEARNED, vocabulary())
    reader = Reader(vocabulary())

    def best(text: str) -> str:
        found = learned.probabilities(reader.features(text), 0.0)
        return max(found, key=lambda slug: found[slug])

    assert best("she can knit now") == "functional-benefit"
    assert best("the porch wants a lantern") == "not-medical"
    assert trained(LEARNED, vocabulary()) == learned


def test_words_that_it_has_never_seen_state_nothing() -> None:
    features = Reader(vocabulary()).features("Zyx qwv.")
    assert features
    assert always().probabilities(features, 0.0) == {}


def test_numbers_and_endings_are_alike() -> None:
    first, second = map(Reader(vocabulary()).features, ("17 lanterns", "23 lantern"))
    assert {"word:lantern", "pair:# lantern"} <= first & second


def test_what_is_negated_is_another_feature() -> None:
    reader = Reader(vocabulary())
    assert "not word:lantern" in reader.features("There is no lantern.")
    assert "not word:lantern" not in reader.features("There is a lantern.")


def test_the_grounds_that_patterns_find_are_features() -> None:
    features = Reader(vocabulary()).features("Therapy was never tried.")
    assert "pattern:conservative-care-not-tried" in features


RULE = "MTUS states that lanterns are recommended in general for those who read. "
FILLING = "The wall is red. " * 4


@pytest.mark.parametrize("around", [RULE, FILLING])
def test_it_is_silent_in_a_long_rationale_or_beside_a_rule_where_a_pattern_finds_a_ground(
    around: str,
) -> None:
    text = f"{around}Therapy was never tried. The wall is red."
    assert stated(Reader(vocabulary(), always()), text) == stated(Reader(vocabulary()), text) != set()


def test_it_adds_to_the_patterns_in_a_short_rationale_without_a_rule() -> None:
    classifier = Classifier(
        ("not-medical", "conservative-care-not-tried"),
        (2.0, 0.0),
        {"word:therapy": [(0, -9.0)], "word:red": []},
        {"word:therapy": 1.0, "word:red": 1.0},
    )
    text = "Therapy was never tried. The wall is red."
    assert stated(Reader(vocabulary()), text) == {"conservative-care-not-tried"}
    assert stated(Reader(vocabulary(), classifier), text) == {"conservative-care-not-tried", "not-medical"}


def test_it_dismisses_an_improbable_ground_in_a_short_rationale_without_a_rule() -> None:
    text = "The therapy was never tried."
    assert stated(Reader(vocabulary()), text) == {"conservative-care-not-tried"}
    assert stated(Reader(vocabulary(), always()), text) == {"not-medical"}


def test_it_speaks_where_no_pattern_does_for_the_likelier_side() -> None:
    text = "The wall is red."
    assert stated(Reader(vocabulary()), text) == set()
    found = Reader(vocabulary(), always()).read(f"Xyz. {text}", (), "x")
    assert [(ground.slug, ground.start, ground.end) for ground in found] == [
        ("not-medical", 5, 5 + len(text))
    ]


@pytest.mark.parametrize(
    ("conclusion", "slug"),
    [
        ("The request is not medically necessary.", "not-medical"),
        ("The request is medically necessary.", "post-surgical"),
    ],
)
def test_it_speaks_for_the_side_of_the_conclusion(conclusion: str, slug: str) -> None:
    assert stated(Reader(vocabulary(), always()), f"The wall is red. {conclusion}") == {slug}


@pytest.mark.parametrize(
    "text",
    [
        "The claims administrator denied the wall.",
        'MTUS states, "The wall is red, and it should be."',
        "There is no lack of red in the wall.",
    ],
)
def test_reports_quotations_and_double_negations_are_not_asked_of_it(text: str) -> None:
    assert stated(Reader(vocabulary(), always()), text) == set()


def test_what_is_improbable_is_not_stated() -> None:
    assert stated(Reader(vocabulary(), always(-5.0, -5.0)), "The wall is red.") == set()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("He can now tie his shoes.", "functional-benefit"),
        ("Ten days of it are a sound beginning.", "within-guideline"),
    ],
)
def test_free_wording_is_read(text: str, slug: str) -> None:
    assert stated(Reader(vocabulary()), text) == set()
    assert stated(Reader(vocabulary(), classifier()), text) == {slug}
