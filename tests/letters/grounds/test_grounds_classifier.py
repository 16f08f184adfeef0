"""The classifier: it learns from invented sentences, and speaks only where no pattern does. All texts are
invented."""

import re

import pytest

from determinations.letters.facts.grounds import check
from determinations.letters.facts.grounds.check import check_grounds
from determinations.letters.facts.grounds.classifier import Classifier, classifier, features_of, named_classes
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.tagging import Tagged
from determinations.letters.facts.grounds.training import Fragment, fragments, trained
from determinations.letters.facts.grounds.vocabulary import GroundsVocabularyError, vocabulary

SLUGS = {ground.slug: ground.side for ground in vocabulary().grounds}
LEARNED = [
    Fragment("for", frozenset({"functional-benefit"}), "The gloves let her knit."),
    Fragment("for", frozenset({"functional-benefit"}), "Now she can knit with the gloves on."),
    Fragment("against", frozenset({"not-medical"}), "The lantern hangs in the porch."),
    Fragment("against", frozenset({"not-medical"}), "A lantern for the porch is asked for."),
    Fragment("for", frozenset(), "The letter has a stamp."),
    Fragment("against", frozenset(), "The letter has two stamps."),
]


def always(threshold: float = 0.0) -> Classifier:
    """A classifier that finds one ground of each side in any sentence, that of the "against" side sooner."""
    return Classifier(("not-medical", "post-surgical"), threshold, (2.0, 1.0), {"word:the": [(0, 0.0)]})


def stated(reader: Reader, text: str) -> set[str]:
    return {ground.slug for ground in reader.read(text, (), "x")}


def test_it_knows_the_grounds_and_classes_of_the_vocabulary_only() -> None:
    assert set(classifier().grounds) <= SLUGS.keys()
    classes = {
        feature.removeprefix("class:") for feature in classifier().coefficients if feature[:6] == "class:"
    }
    assert classes <= named_classes(vocabulary().lexicon).keys()
    assert classes


def test_check_names_a_ground_that_the_vocabulary_has_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "classifier", lambda: Classifier(("moonshine",), 0.5, (0.0,), {}))
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
    named = named_classes(vocabulary().lexicon)
    low = Classifier(learned.grounds, 0.0, learned.intercepts, learned.coefficients)

    def best(text: str) -> str:
        found = low.stated_in(Tagged(text, vocabulary().lexicon), named)
        return max(found, key=lambda slug: found[slug])

    assert best("she can knit now") == "functional-benefit"
    assert best("the porch wants a lantern") == "not-medical"
    assert trained(LEARNED, vocabulary()) == learned


def test_words_that_it_has_never_seen_state_nothing() -> None:
    tagged = Tagged("zyx qwv", vocabulary().lexicon)
    assert always().stated_in(tagged, named_classes(vocabulary().lexicon)) == {}


def test_numbers_and_endings_are_alike() -> None:
    named = named_classes(vocabulary().lexicon)
    first, second = (
        features_of(Tagged(text, vocabulary().lexicon), named) for text in ("17 lanterns", "23 lantern")
    )
    assert {"word:lantern", "pair:# lantern"} <= first.keys() & second.keys()


@pytest.mark.parametrize("text", ["Therapy was never tried.", "The wall is red. Exercise was never begun."])
def test_it_is_silent_where_a_pattern_finds_a_ground(text: str) -> None:
    assert stated(Reader(vocabulary(), always()), text) == stated(Reader(vocabulary()), text) != set()


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
    assert stated(Reader(vocabulary(), always(threshold=0.95)), "The wall is red.") == set()


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
