"""Requests as the field writes them -> services."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.services import services_in
from determinations.letters.vocabulary.names import category_of
from tests.letters.tables import RequestPhrase, request_phrases


@pytest.mark.parametrize("phrase", request_phrases(), ids=str)
def test_a_request_names_its_services(phrase: RequestPhrase) -> None:
    assert services_in(phrase.request) == phrase.services


@pytest.mark.parametrize("phrase", request_phrases(), ids=str)
def test_capitals_and_line_breaks_make_no_difference(phrase: RequestPhrase) -> None:
    assert (
        services_in(phrase.request.upper().replace(" ", "  \n ", 1)) == phrase.services
        or "." in phrase.request
    )


def test_the_table_holds_what_was_asked_for() -> None:
    assert len(request_phrases()) >= 300


@pytest.mark.parametrize(
    ("request_", "services"),
    [
        ("Physical therapy for low back pain after fusion", ("physical-therapy",)),
        ("Physical therapy following surgery", ("physical-therapy",)),
        ("Aquatic therapy, status post right knee arthroscopy", ("aquatic-therapy",)),
        ("Norco for pain s/p ACDF", ("opioids",)),
        ("TENS unit for chronic pain after failed laminectomy", ("tens",)),
        ("Cold therapy unit for lumbar fusion", ("cold-therapy",)),
        ("Assistant surgeon for C5-6 ACDF", ("associated-surgical-services",)),
        ("MRI prior to lumbar epidural steroid injection", ("mri",)),
        ("Request for authorization for lumbar fusion", ("spinal-fusion",)),
        ("Prior authorization of a lumbar laminectomy", ("spinal-decompression",)),
        ("Norco for pain and MRI of the lumbar spine", ("opioids", "mri")),
        ("Valium 5 mg for MRI", ("benzodiazepines",)),
        ("SCS trial for failed back surgery syndrome", ("spinal-cord-stimulator",)),
        ("Lumbar ESI for postlaminectomy syndrome", ("epidural-steroid-injections",)),
        ("X-rays to check the fusion", ("x-ray",)),
        ("Random UDS to monitor Norco compliance", ("urine-drug-testing",)),
        ("Consultation with spine surgeon regarding L4-5 fusion", ("specialist-consultation",)),
        ("Genetic testing for narcotic risk", ("laboratory-tests",)),
        ("Urine drug screen for Norco", ("urine-drug-testing",)),
        ("Home health RN for medication management", ("home-health-care",)),
        ("CT of the spine with sagittal reconstructions", ("ct",)),
        ("Gym membership for pool therapy", ("gym-membership",)),
        ("Transportation to and from surgery", ("transportation",)),
        ("Home health aide after total knee replacement", ("home-health-care",)),
        ("Left knee arthroscopy and post-operative physical therapy", ("arthroscopy", "physical-therapy")),
    ],
)
def test_context_adds_no_service(request_: str, services: tuple[str, ...]) -> None:
    assert services_in(request_) == services


@pytest.mark.parametrize(
    ("request_", "services"),
    [
        ("Therapy", ("physical-therapy",)),
        ("Shockwave therapy", ("unclassified",)),
        ("Cold therapy", ("cold-therapy",)),
        ("Injection and MRI of the right shoulder", ("other-injections", "mri")),
        ("Evaluation", ("specialist-consultation",)),
        (
            "Lumbar ESI and a steroid injection to the right knee",
            ("epidural-steroid-injections", "joint-injections"),
        ),
        ("", ("unclassified",)),
        ("See attached", ("unclassified",)),
    ],
)
def test_general_words_speak_only_where_nothing_exact_does(request_: str, services: tuple[str, ...]) -> None:
    assert services_in(request_) == services


@pytest.mark.parametrize(
    ("written", "service"),
    [
        ("theraphy of the physical kind: physical theraphy", "physical-therapy"),
        ("accupuncture", "acupuncture"),
        ("acupunture", "acupuncture"),
        ("chiropratic", "chiropractic"),
        ("cyclobenzaprin 10mg", "muscle-relaxants"),
        ("hydrocodne 10/325", "opioids"),
        ("gabapentn 300 mg", "anticonvulsants"),
        ("omeprazloe 20 mg", "proton-pump-inhibitors"),
        ("radiofrequencyablation", "radiofrequency-ablation"),
        ("epiduralsteroid injection", "epidural-steroid-injections"),
    ],
)
def test_slips_of_spelling_and_glued_words_are_read(written: str, service: str) -> None:
    assert services_in(written) == (service,)


@pytest.mark.parametrize("word", ["infection", "meditation", "evacuation", "outpatient", "confusion"])
def test_words_near_a_known_one_are_left_alone(word: str) -> None:
    assert services_in(word) == ("unclassified",)


@given(st.text())
def test_any_text_is_read_into_known_services(text: str) -> None:
    services = services_in(text)
    assert services
    assert len(set(services)) == len(services)
    for service in services:
        category_of(service)


@given(st.lists(st.sampled_from(request_phrases()), min_size=1, max_size=3))
def test_reading_twice_gives_the_same(phrases: list[RequestPhrase]) -> None:
    text = "; ".join(phrase.request for phrase in phrases)
    assert services_in(text) == services_in(text)
    assert services_in(f"  {text}  ") == services_in(text)
