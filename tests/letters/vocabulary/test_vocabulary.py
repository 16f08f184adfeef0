"""The vocabulary files: what they give the site."""

import pytest

from determinations.letters.facts.services import services_in
from determinations.letters.vocabulary import names
from determinations.letters.vocabulary.checks import check_vocabulary

TAXONOMY = {
    "pharmaceuticals": "opioids muscle-relaxants nsaids topical-analgesics compounded-medications "
    "anticonvulsants "
    "antidepressants benzodiazepines sedative-hypnotics proton-pump-inhibitors antiemetics laxatives "
    "migraine-medications medical-foods other-medications",
    "injections": "medial-branch-blocks facet-joint-injections radiofrequency-ablation "
    "epidural-steroid-injections "
    "sacroiliac-joint-injections trigger-point-injections joint-injections viscosupplementation "
    "nerve-blocks "
    "botulinum-toxin platelet-rich-plasma other-injections",
    "surgery": "spinal-fusion spinal-decompression disc-replacement spinal-cord-stimulator "
    "intrathecal-pump "
    "arthroscopy joint-replacement carpal-tunnel-release hardware-removal associated-surgical-services "
    "other-surgery",
    "rehabilitation": "physical-therapy occupational-therapy chiropractic acupuncture massage-therapy "
    "aquatic-therapy work-conditioning",
    "diagnostic-testing": "mri ct x-ray emg-ncs urine-drug-testing laboratory-tests "
    "functional-capacity-evaluation "
    "sleep-study discography bone-scan ultrasound other-diagnostics",
    "dmepos": "tens interferential-stimulation h-wave braces cold-therapy beds-and-mattresses "
    "mobility-aids "
    "bone-growth-stimulators traction other-equipment",
    "evaluation-and-management": "specialist-consultation office-visits preoperative-clearance",
    "behavioral-and-mental-health": "psychotherapy psychological-evaluation biofeedback",
    "programs": "functional-restoration weight-loss detoxification gym-membership",
    "home-health": "home-health-care transportation",
    "other": "interpreter wound-care dental-care hearing-care eye-care unclassified",
}


def test_categories_and_services_are_those_of_the_taxonomy_in_its_order() -> None:
    found = {
        category.slug: " ".join(service.slug for service in category.services)
        for category in names.service_categories()
    }
    assert found == TAXONOMY
    assert list(found) == list(TAXONOMY)


def test_every_service_has_a_label_and_a_category() -> None:
    for category in names.service_categories():
        for service in category.services:
            assert names.service_label(service.slug)
            assert names.category_of(service.slug) == category.slug
    with pytest.raises(KeyError):
        names.service_label("no-such-service")


def test_guideline_sources_are_those_of_the_taxonomy() -> None:
    assert [source.slug for source in names.guideline_sources()] == [
        "mtus-acoem",
        "mtus-chronic-pain",
        "mtus-opioids",
        "mtus-postsurgical",
        "mtus-acupuncture",
        "odg",
        "other",
        "none",
    ]


def test_the_chapters_of_2004_have_their_numbers() -> None:
    acoem = names.guideline_sources()[0]
    numbered = {chapter.number: chapter.name for chapter in acoem.chapters if chapter.number}
    assert numbered[12] == "Low Back Complaints"
    assert sorted(numbered) == list(range(1, 17))
    assert {chapter.year for chapter in acoem.chapters if chapter.number} == {2004}


def test_names_have_slugs() -> None:
    assert names.chapter_slug("Forearm, Wrist, and Hand Complaints") == "forearm-wrist-and-hand-complaints"
    assert (
        names.specialty_slug("Physical Medicine & Rehabilitation") == "physical-medicine-and-rehabilitation"
    )
    assert names.specialty_slug("Pain Medicine") != names.specialty_slug("Pain Management")


def test_drugs_can_be_offered_while_typing() -> None:
    offered = names.drug_names()
    assert {"Norco", "hydrocodone", "Flexeril", "gabapentin", "Lidoderm"} <= set(offered)
    assert list(offered) == sorted(offered, key=str.lower)
    assert len(offered) == len({name.lower() for name in offered})


@pytest.mark.parametrize(
    ("section", "topic"),
    [
        ("Opioids, criteria for use", "Opioids"),
        ("OPIOIDS", "Opioids"),
        ("NSAIDs (non-steroidal anti-inflammatory drugs)", "NSAIDs"),
        ("Manual Therapy & Manipulation", "Manual therapy & manipulation"),
        ("Muscle relaxants (for pain)", "Muscle relaxants"),
        ("CRPS, spinal cord stimulators (SCS)", "CRPS"),
        ("Opioidsomething", None),
        ("Introduction", None),
    ],
)
def test_a_section_belongs_to_the_topic_that_begins_it(section: str, topic: str | None) -> None:
    assert names.topic_of(section) == topic


def test_the_whole_vocabulary_is_sound() -> None:
    check_vocabulary()


@pytest.mark.parametrize("drug", names.drugs(), ids=lambda drug: drug.generic)
def test_every_name_of_a_drug_is_the_same_service(drug: names.Drug) -> None:
    for name in (drug.generic, *drug.brands):
        assert services_in(name) == (drug.service,)
        assert services_in(f"Retrospective request for {name.upper()} #60") == (drug.service,)
