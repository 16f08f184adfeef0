"""Certificates and license states of the reviewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.reviewer import reviewer_in

HEAD = (
    "MAXIMUS Federal Services sent the complete case file to a physician reviewer. He/she has no "
    "affiliation with the "
    "employer, employee, providers or the claims administrator. The physician reviewer {} He/she has "
    "been in active "
    "clinical practice for more than five years and is currently working at least 24 hours a week in "
    "active practice. "
    "The physician reviewer was selected based on his/her clinical experience, education, background, "
    "and expertise "
    "in the same or similar specialties that evaluate and/or treat the medical condition and disputed "
    "items/services."
)


@pytest.mark.parametrize(
    ("says", "specialties", "states"),
    [
        (
            "is Board Certified in Occupational Medicine and is licensed to practice in California.",
            ["Occupational Medicine"],
            ["California"],
        ),
        (
            "is Board Certified in Physical Therapy and Rehabilitation as well as Pain Medicine and is "
            "licensed to "
            "practice in New York and Texas.",
            ["Physical Therapy and Rehabilitation", "Pain Medicine"],
            ["New York", "Texas"],
        ),
        (
            "is Board Certified inInternal Medicine, and is licensed to practice in New York.",
            ["Internal Medicine"],
            ["New York"],
        ),
        (
            "is Board Certified in Physical Medicine & Rehabilitation, has a subspecialty in Pain "
            "Management and is "
            "licensed to practice in Georgia and South Carolina.",
            ["Physical Medicine and Rehabilitation", "Pain Management"],
            ["Georgia", "South Carolina"],
        ),
        (
            "is Board Certified in Orthopedic Surgery, and has a subspecialty in Spine Surgery and is "
            "licensed to "
            "practice in Texas.",
            ["Orthopedic Surgery", "Spine Surgery"],
            ["Texas"],
        ),
        (
            "is Board Certified in ANESTHESIOLOGY, has a subspecialty in PAIN MEDICINE and is licensed "
            "to practice in "
            "CALIFORNIA, WEST VIRGINIA and the District of Columbia.",
            ["Anesthesiology", "Pain Medicine"],
            ["California", "West Virginia", "District of Columbia"],
        ),
        (
            "is Board Certified in Family Practice and is licensed to practice in Tennessee, North "
            "Carolina, "
            "Mississippi and Kentucky.",
            ["Family Practice"],
            ["Tennessee", "North Carolina", "Mississippi", "Kentucky"],
        ),
        (
            "is Board Certified in Preventive Medicine and is licensed to practice in Indiana.",
            ["Preventive Medicine"],
            ["Indiana"],
        ),
        (
            "is Board Certified in Emergency Medicine, Toxicology and is licensed to practice in New York.",
            ["Emergency Medicine", "Toxicology"],
            ["New York"],
        ),
        (
            "is a licensed Chiropractor and is licensed to practice in California, Washington and New "
            "Mexico.",
            ["Chiropractic"],
            ["California", "Washington", "New Mexico"],
        ),
        (
            "is a Doctor of Chiropractic, has a subspecialty in Acupuncture and is licensed to practice "
            "in California.",
            ["Chiropractic", "Acupuncture"],
            ["California"],
        ),
        (
            "is licensed in Psychology and is licensed to practice in California.",
            ["Psychology"],
            ["California"],
        ),
        (
            "is Board Certified in Podiatric Surgery, has a subspecialty in Foot Surgery and is "
            "licensed to practice in "
            "New York and New Jersey.",
            ["Podiatric Surgery"],
            ["New York", "New Jersey"],
        ),
        (
            "is Board Certified in Aerospace Physiology, Neurology and is licensed to practice in Ohio.",
            ["Aerospace Physiology", "Neurology"],
            ["Ohio"],
        ),
        (
            "is Board Certified in SPACE MEDICINE and is licensed to practice in Ohio.",
            ["Space Medicine"],
            ["Ohio"],
        ),
        (
            "is Board Certified in Internal Medicine and Pulmonary Diseases and is licensed to practice "
            "in California, "
            "Florida, and New York.",
            ["Internal Medicine", "Pulmonary Disease"],
            ["California", "Florida", "New York"],
        ),
        ("is licensed to practice in Oregon.", [], ["Oregon"]),
        ("was selected with care.", [], []),
    ],
)
def test_the_sentence(says: str, specialties: list[str], states: list[str]) -> None:
    reviewer = reviewer_in(HEAD.format(says))
    assert list(reviewer.specialties) == specialties
    assert list(reviewer.licensed_in) == states


@pytest.mark.parametrize("gap", ["\n", "\n\n", " "])
def test_the_block(gap: str) -> None:
    block = (
        f"State(s) of Licensure: California, Washington, New York{gap}"
        f"Certification(s)/Specialty: Physical Medicine and Rehabilitation, Pain Management"
    )
    reviewer = reviewer_in(block)
    assert reviewer.specialties == ("Physical Medicine and Rehabilitation", "Pain Management")
    assert reviewer.licensed_in == ("California", "Washington", "New York")


def test_pain_management_and_pain_medicine_are_two_certificates() -> None:
    reviewer = reviewer_in(
        "is Board Certified in Pain Management, Pain Medicine and is licensed to practice in Utah."
    )
    assert reviewer.specialties == ("Pain Management", "Pain Medicine")


def test_line_breaks_make_no_difference() -> None:
    says = HEAD.format("is Board Certified in Hand Surgery and is licensed to practice in North Dakota.")
    assert reviewer_in(says.replace(" ", " \n\n ")) == reviewer_in(says)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    reviewer = reviewer_in(text)
    assert len(set(reviewer.specialties)) == len(reviewer.specialties)


@given(st.text(alphabet="bBoard crtifedlns,.&/InsuraKk İ", max_size=300))
def test_near_texts_are_read(text: str) -> None:
    reviewer_in("is Board Certified in " + text)


@pytest.mark.parametrize(
    ("written", "specialties"),
    [
        ("Child & Adolescent Psychiatry", ["Child and Adolescent Psychiatry"]),
        ("Psychiatry, Child and Adolescent Psychiatry", ["Psychiatry", "Child and Adolescent Psychiatry"]),
        ("Geriatric Psychiatry, Addiction Medicine", ["Geriatric Psychiatry", "Addiction Medicine"]),
        ("Interventional Pain Medicine", ["Interventional Pain Medicine"]),
        ("Preventive Medicine, Public Health & General Preventive Medicine",
         ["Preventive Medicine", "Public Health and General Preventive Medicine"]),
        ("Pediatrics, Pediatric Rehabilitation Medicine",
         ["Pediatrics", "Pediatric Rehabilitation Medicine"]),
        ("Pediatric Anesthesiology, Neurology", ["Pediatric Anesthesiology", "Neurology"]),
        ("Neurology, Epilepsy & Seizure Neurology", ["Neurology", "Epilepsy and Seizure Neurology"]),
        ("Sleep Surgery, Sleep Medicine", ["Sleep Surgery", "Sleep Medicine"]),
        ("Emergency Medicine; Undersea & Hyperbaric Medicine",
         ["Emergency Medicine", "Undersea and Hyperbaric Medicine"]),
        ("Internal Medicine and Wilderness Medicine", ["Internal Medicine", "Wilderness Medicine"]),
        ("Endocrinology, Diabetes and Metabolism", ["Endocrinology"]),
    ],
)  # fmt: skip
def test_a_certificate_stays_whole(written: str, specialties: list[str]) -> None:
    block = f"State(s) of Licensure: Utah\nCertification(s)/Specialty: {written}"
    assert list(reviewer_in(block).specialties) == specialties
    says = f"is Board Certified in {written} and is licensed to practice in Utah."
    assert list(reviewer_in(HEAD.format(says)).specialties) == specialties


@pytest.mark.parametrize(
    ("written", "states"),
    [
        ("CA, NV", ["California", "Nevada"]),
        ("NY,NJ,OR", ["New York", "New Jersey", "Oregon"]),
        ("N.Y., N.J.", ["New York", "New Jersey"]),
        ("TX and IN", ["Texas", "Indiana"]),
        ("Washington, D.C., Virginia", ["District of Columbia", "Virginia"]),
        ("Washington DC and Maryland", ["District of Columbia", "Maryland"]),
        ("Washington, Oregon", ["Washington", "Oregon"]),
        ("DC, Washington", ["District of Columbia", "Washington"]),
        ("D.C.", ["District of Columbia"]),
        ("California, Texas, and PR", ["California", "Texas", "Puerto Rico"]),
        ("CALIFORNIA OR NEVADA", ["California", "Nevada"]),
        ("West Virginia, VA", ["West Virginia", "Virginia"]),
    ],
)
def test_states_are_read_by_name_and_code(written: str, states: list[str]) -> None:
    block = f"State(s) of Licensure: {written}\nCertification(s)/Specialty: Neurology"
    assert list(reviewer_in(block).licensed_in) == states
    says = f"is Board Certified in Neurology and is licensed to practice in {written}."
    assert list(reviewer_in(HEAD.format(says)).licensed_in) == states
