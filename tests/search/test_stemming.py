"""Which words meet in a search, and which that only look alike stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.search.query.compounds import CompoundsError, are_one, compounds_of, opened
from determinations.search.stemming import (
    WordFormsError,
    letters_of_words,
    stem,
    word_forms_of,
)

APART = """severe several|position positive|general generic|general generator|operative operation
    object objective|authority authorization|medication medical|university universe|effect effective
    active activity|provide provider|police policy|organ organization|experience experiment
    import important|patient patience|person personal|home homeless|new news|spin spine|scar scare
    plan plane|pin pine|tap tape|cap cape|past paste|hop hope|star stare|rational rationale
    moral morale|secret secretary|numerous numeral|matter mate|hospital hospitality|nerve nervous
    intern internal|relate relative|conserve conservative|necessary necessity|complex complexion
    mass massage|tens ten|ics ic|late lately|hard hardly|short shortly|high highly|apply appliance
    state statement|base basement|direct direction|contract contraction|product production
    process procession|radiating radiation|unit united"""

MEET = """diagnosis diagnoses|prognosis prognoses|orthosis orthoses|prosthesis prostheses
    stenosis stenoses|analysis analyses|metastasis metastases|crisis crises|axis axes
    criterion criteria|phenomenon phenomena|vertebra vertebrae|bursa bursae|meniscus menisci
    thrombus thrombi|foramen foramina|phalanx phalanges|index indices|appendix appendices
    hematoma hematomata|foot feet|tooth teeth|woman women|child children|knife knives
    therapy therapies|injury injuries|biopsy biopsies|crutch crutches|reflex reflexes|brace braces
    dose doses|headache headaches|disease diseases|virus viruses|abscess abscesses|nurse nurses
    injection injected|deny denied|provide provided|require required|stop stopped|refer referred
    use using|cite cited|note noted|dose dosed|image imaging|evaluate evaluation
    authorize authorization|operate operation|discuss discussion|bilateral bilaterally
    severe severely|clinical clinically|chronic chronically|possible possibly|easy easily
    improve improvement|displace displacement|fused fusion|disc disk|orthopedic orthopaedic
    tumor tumour"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [
        (one, other) for one, other in (pair.split() for line in text.split("\n") for pair in line.split("|"))
    ]


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_unlike_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(("one", "other"), pairs(MEET))
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@given(st.text("aeiouybcdglnrstz", min_size=1, max_size=12))
def test_a_word_holds_letters_of_its_stem(word: str) -> None:
    assert any(letters in word for letters in letters_of_words(stem(word)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("same = []", "lists"),
        ('same = [["a", "b"], ["c", "b"]]\nkeep = []\nkeep_ending = []\nunlike_their_verb = []', "'b'"),
        ('same = [["a", "b c"]]\nkeep = []\nkeep_ending = []\nunlike_their_verb = []', "'b c'"),
    ],
)
def test_a_faulty_list_of_forms_is_refused(text: str, says: str) -> None:
    with pytest.raises(WordFormsError, match=says):
        word_forms_of(text)


@pytest.mark.parametrize(
    ("closed", "parts"),
    [
        ("postoperative", ("post", "operative")),
        ("intraarticular", ("intra", "articular")),
        ("reevaluation", ("re", "evaluation")),
        ("followup", ("follow", "up")),
        ("healthcare", ("health", "care")),
        ("xray", ("x", "ray")),
        ("norco", None),
        ("pain", None),
    ],
)
def test_closed_compounds_are_known_open(closed: str, parts: tuple[str, str] | None) -> None:
    assert opened(closed) == parts


def test_two_words_are_one_only_where_that_is_known() -> None:
    assert are_one("follow", "up")
    assert are_one("non", "steroidal")
    assert are_one("post", "operative")
    assert not are_one("post", "lumbar")
    assert not are_one("over", "the")


@pytest.mark.parametrize(
    "text", ["prefixes = []", 'prefixes = []\nprefixes_and_words = []\n[[open]]\nfirst = ["a"]\nsecond = []']
)
def test_a_faulty_list_of_compounds_is_refused(text: str) -> None:
    with pytest.raises(CompoundsError):
        compounds_of(text)
