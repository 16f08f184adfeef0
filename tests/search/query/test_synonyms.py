"""The file of equivalent terms: the field's usual names are in it, both ways, and its mistakes are told."""

import pytest

from determinations.search.query.language import parse_query
from determinations.search.query.nodes import Phrase, Word, all_of
from determinations.search.query.synonyms import (
    PATH,
    SynonymsError,
    expand,
    groups_of,
    known_term,
    synonyms,
    term_key,
)


def added_to(text: str) -> tuple[str, ...]:
    """What the expansion adds to a question of one term."""
    node = parse_query(text)
    assert node is not None
    (addition,) = expand(node).added
    return addition.alternatives


@pytest.mark.parametrize(
    "names",
    """MBB = medial branch block
    ESI = epidural steroid injection
    PT = physical therapy
    OT = occupational therapy
    TENS = transcutaneous electrical nerve stimulation
    EMG = electromyography
    NCV = nerve conduction study
    SCS = spinal cord stimulator
    CBT = cognitive behavioral therapy
    FRP = functional restoration program
    DME = durable medical equipment
    H-wave = Hwave
    ACDF = anterior cervical discectomy and fusion
    TLIF = transforaminal lumbar interbody fusion
    PLIF = posterior lumbar interbody fusion
    ALIF = anterior lumbar interbody fusion
    TKA = total knee arthroplasty
    TKR = total knee replacement
    THA = total hip arthroplasty
    CTR = carpal tunnel release
    SI joint = sacroiliac joint
    UDS = urine drug screen
    Norco = hydrocodone
    Vicodin = hydrocodone
    Percocet = oxycodone/acetaminophen
    OxyContin = oxycodone
    Ultram = tramadol
    Nucynta = tapentadol
    Duragesic = fentanyl
    Butrans = buprenorphine
    Suboxone = buprenorphine/naloxone
    Flexeril = cyclobenzaprine
    Fexmid = cyclobenzaprine
    Soma = carisoprodol
    Zanaflex = tizanidine
    Robaxin = methocarbamol
    Skelaxin = metaxalone
    Neurontin = gabapentin
    Lyrica = pregabalin
    Topamax = topiramate
    Cymbalta = duloxetine
    Voltaren = diclofenac
    Mobic = meloxicam
    Celebrex = celecoxib
    Motrin = ibuprofen
    Naprosyn = naproxen
    Anaprox = naproxen
    Prilosec = omeprazole
    Protonix = pantoprazole
    Lidoderm = lidocaine patch
    Terocin = methyl salicylate/capsaicin/menthol/lidocaine
    Ambien = zolpidem
    Lunesta = eszopiclone
    Xanax = alprazolam
    Valium = diazepam
    Zofran = ondansetron
    Colace = docusate
    opiate = opioid
    narcotic = opioid
    narcotic = opiate
    muscle relaxer = muscle relaxant
    anti-depressant = antidepressant
    knee brace = knee orthosis
    lumbar brace = lumbar orthosis
    hip replacement = hip arthroplasty
    EKG = electrocardiogram
    MRI = magnetic resonance imaging""".splitlines(),
)
def test_usual_names_find_each_other_in_either_number(names: str) -> None:
    one, _, other = map(str.strip, names.partition(" = "))
    for typed, found in ((one, other), (other, one)):
        # "PTs" are patients.
        plural = f"{typed}s" if len(typed) > 2 else typed
        for spelled in (typed, typed.lower(), typed.upper(), plural):
            words = all_of(Word(word) for word in spelled.split())
            (addition,) = expand(words).added
            assert found in addition.alternatives, spelled


def test_what_is_in_quotes_is_looked_for_as_written() -> None:
    for text in ('"MBB"', '"medial branch block"', '"norco taper"~5'):
        node = parse_query(text)
        assert node is not None
        assert not expand(node).added


def test_narrower_names_are_added_to_the_general_one_only() -> None:
    for typed, narrower in (
        ("ESI", "LESI"),
        ("oxycodone", "Percocet"),
        ("tramadol", "Ultracet"),
        ("back brace", "lumbar brace"),
    ):
        assert narrower in added_to(typed)
        assert typed not in added_to(narrower)
    for brand in ("OxyContin", "Ultram", "Butrans"):
        assert not {"Percocet", "Ultracet", "Suboxone"} & set(added_to(brand))


@pytest.mark.parametrize("typed", ["PT INR", "PT/INR"])
def test_prothrombin_time_is_no_physical_therapy(typed: str) -> None:
    assert "physical therapy" not in added_to(typed)


def test_no_term_is_added_that_another_finds_already() -> None:
    for key, group in synonyms().items():
        added = [f" {term_key(term)} " for term in group.alternatives(key)]
        assert not [(key, one) for one in added for other in added if one != other and other in one]


def test_every_term_of_the_file_can_be_typed_and_is_expanded() -> None:
    for group in groups_of(PATH.read_text(encoding="utf-8")):
        for term in (*group.terms, *group.typed_only):
            node = parse_query(f'"{term}"')
            assert isinstance(node, Word | Phrase), term
            known = known_term(term)
            assert known is not None
            assert known[1].terms == group.terms, term


def test_no_term_is_the_plural_of_another_groups() -> None:
    for key, group in synonyms().items():
        if len(key) > 3 and key.endswith("s") and key[:-1] in synonyms():
            assert synonyms()[key[:-1]] == group, key


def test_the_file_is_as_large_as_the_field_needs() -> None:
    assert len(groups_of(PATH.read_text(encoding="utf-8"))) >= 80


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[a]]\nterms = ["MBB", "mbb"]', "stands twice"),
        ('[[a]]\nterms = ["x", "y"]\n[[b]]\nterms = ["z", "X"]', "stands twice"),
        ('[[a]]\nterms = ["x", "-"]', "no letter"),
        ('[[a]]\nterms = ["x", ""]', "no letter"),
        ('[[a]]\nterms = ["x"]', "another name"),
        ("[[a]]\nterms = []", "another name"),
        ('[[a]]\ntyped_only = ["x", "y"]', "needs a term"),
        ('[[a]]\nterms = "x"', "lists of texts"),
        ("[[a]]\nterms = [1, 2]", "lists of texts"),
        ('[[a]]\nterm = ["x", "y"]', "only"),
        ('[[a]]\nterms = ["x"]\nkinds = ["y"]\nkinds_of = ["z"]', "terms of the group"),
        ('[[a]]\nterms = ["x", "y"]\nkinds = ["Y"]', "are not"),
        ('[[a]]\nterms = ["x"]\nkinds = "y"', "lists of texts"),
        ("a = 1", "only"),
        ("[[a]", "TOML"),
    ],
)
def test_a_faulty_file_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(SynonymsError, match=says):
        groups_of(text)


@pytest.mark.parametrize(
    ("text", "key"), [("H-Wave", "h wave"), ("Worker's", "worker"), ("EMG/NCV", "emg ncv")]
)
def test_keys_of_terms(text: str, key: str) -> None:
    assert term_key(text) == key
