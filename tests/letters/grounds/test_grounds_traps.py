"""Sentences that hold the words of a ground and do not state it, by kind. All of them are invented."""

import pytest

from determinations.letters.facts.grounds import read_grounds
from determinations.letters.facts.grounds.reading import Reader
from determinations.letters.facts.grounds.vocabulary import vocabulary

UPHELD = " The request is not medically necessary."
OVERTURNED = " The request is medically necessary."


def slugs(text: str, request: str = "") -> set[str]:
    return {ground.slug for ground in read_grounds(text, request=request)}


@pytest.mark.parametrize(
    ("text", "never"),
    [
        (
            "MTUS recommends an injection when radiculopathy is documented on examination and "
            "conservative care has failed." + UPHELD,
            {
                "findings-absent",
                "conservative-care-not-tried",
                "findings-present",
                "conservative-care-failed",
            },
        ),
        (
            "ODG: patients must have failed conservative care, with no evidence of instability, "
            "before the device is considered. The gait was observed." + UPHELD,
            {"conservative-care-not-tried", "findings-absent"},
        ),
        (
            "The gait was observed. (1) Treatment of the same kind should be named, with dates and effect. "
            "(2) A plan should say what follows where the injections give no relief." + UPHELD,
            {"duplicative", "no-functional-benefit"},
        ),
    ],
)
def test_a_rule_of_the_guideline_states_nothing_of_the_patient(text: str, never: set[str]) -> None:
    assert not slugs(text) & never


@pytest.mark.parametrize(
    ("text", "never"),
    [
        (
            'ACOEM states, "There is no documentation of failed therapy in most such cases, and no '
            'red flags are present."' + UPHELD,
            {"conservative-care-not-tried", "findings-absent"},
        ),
        (
            'MTUS states "No functional improvement was recorded." The claim is from 2011.' + UPHELD,
            {"no-functional-benefit"},
        ),
    ],
)
def test_what_is_quoted_from_a_guideline_is_no_ground(text: str, never: set[str]) -> None:
    assert not slugs(text) & never


def test_what_a_physician_is_quoted_as_saying_is_a_fact_of_the_case() -> None:
    text = 'The physician notes that therapy is "helping with pain and function at work."' + OVERTURNED
    assert "functional-benefit" in slugs(text)


@pytest.mark.parametrize(
    ("text", "stated", "never"),
    [
        (
            "Utilization review denied the request because conservative care had not been tried. The "
            "request does not state the dose." + UPHELD,
            "request-unspecified",
            "conservative-care-not-tried",
        ),
        (
            "The claims administrator noted that no red flags were documented. MRI shows a complete "
            "tear of the cuff." + OVERTURNED,
            "findings-present",
            "findings-absent",
        ),
        (
            "The request was previously denied due to a lack of functional improvement. "
            "The side is not stated." + UPHELD,
            "request-unspecified",
            "no-functional-benefit",
        ),
    ],
)
def test_what_utilization_review_said_is_no_ground(text: str, stated: str, never: str) -> None:
    assert stated in slugs(text)
    assert never not in slugs(text)


def test_what_utilization_review_said_is_a_ground_where_the_reviewer_agrees() -> None:
    report = "Utilization review denied the request because conservative care had not been tried."
    assert "conservative-care-not-tried" not in slugs(report + UPHELD)
    assert "conservative-care-not-tried" in slugs(report + " I agree with that." + UPHELD)


@pytest.mark.parametrize(
    ("text", "stated", "never"),
    [
        (
            "Although the patient reports relief from the earlier visits, there is no documentation "
            "of functional improvement." + UPHELD,
            "no-functional-benefit",
            "functional-benefit",
        ),
        (
            "While conservative care has not been tried, the MRI shows a full-thickness tear with weakness."
            + OVERTURNED,
            "findings-present",
            "conservative-care-not-tried",
        ),
        (
            "Granted that no red flags are present, he has failed six weeks of therapy.",
            "conservative-care-failed",
            "findings-absent",
        ),
    ],
)
def test_a_concession_is_no_ground(text: str, stated: str, never: str) -> None:
    assert stated in slugs(text)
    assert never not in slugs(text)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        (
            "There is no evidence that conservative care has not been exhausted. The knee is unstable on "
            "examination." + OVERTURNED,
            "conservative-care-not-tried",
        ),
        ("The request is not without documentation of radiculopathy." + OVERTURNED, "documentation-lacking"),
        ("There is no lack of objective findings." + UPHELD, "findings-absent"),
    ],
)
def test_a_double_negation_affirms(text: str, never: str) -> None:
    assert never not in slugs(text)


def test_a_failure_that_is_not_documented_stays_a_negation() -> None:
    text = "There is no documentation that the patient did not respond to therapy." + UPHELD
    assert "conservative-care-not-tried" in slugs(text)


@pytest.mark.parametrize(
    ("text", "stated", "never"),
    [
        (
            "Physical therapy brought no improvement." + UPHELD,
            "no-functional-benefit",
            "conservative-care-failed",
        ),
        (
            "Physical therapy brought no improvement." + OVERTURNED,
            "conservative-care-failed",
            "no-functional-benefit",
        ),
        ("No more than six visits are asked for." + OVERTURNED, "within-guideline", "exceeds-guideline"),
        ("The request does not exceed the guideline." + OVERTURNED, "within-guideline", "exceeds-guideline"),
        (
            "The urine drug screens show no aberrant behavior." + OVERTURNED,
            "monitoring-in-place",
            "monitoring-lacking",
        ),
        ("The patient does not meet the criteria." + UPHELD, "criteria-not-met", "criteria-met"),
    ],
)
def test_direction_follows_sense(text: str, stated: str, never: str) -> None:
    assert stated in slugs(text)
    assert never not in slugs(text)


def test_long_term_use_is_not_a_guideline_that_never_recommends() -> None:
    text = (
        "It is not recommended for long-term use, and he has taken this muscle relaxant since 2012." + UPHELD
    )
    assert "long-term-use" in slugs(text)
    assert "not-recommended" not in slugs(text)


def test_not_recommended_for_want_of_evidence_is_both() -> None:
    text = "The drug is not recommended owing to insufficient evidence of benefit in the literature." + UPHELD
    assert {"not-recommended", "evidence-lacking"} <= slugs(text)


def test_a_specific_ground_stands_for_the_general_one_in_its_sentence() -> None:
    found = slugs("There is no documentation of failed physical therapy." + UPHELD)
    assert found == {"conservative-care-not-tried"}


def test_refusing_the_treatment_negates_nothing_of_the_patient() -> None:
    assert not slugs("The request for EMG is not medically necessary for a worker with radiculopathy.")


def test_radiculopathy_speaks_against_a_facet_block_and_not_against_an_epidural() -> None:
    text = "The worker has radicular pain." + UPHELD
    assert "findings-against" in slugs(text, "Lumbar facet block L4-5")
    assert "findings-against" not in slugs(text, "Epidural steroid injection L4-5")


def test_a_text_that_decides_on_two_services_keeps_the_grounds_of_both() -> None:
    text = (
        "No dose is stated for the cream, and the cream is not certified. Conservative care was "
        "not tried for the knee. The MRI of the knee is medically necessary."
    )
    assert "request-unspecified" in slugs(text)


@pytest.mark.parametrize("text", ["", " ", "Treatment guidelines were reviewed.", "No.", "...", '"', "“"])
def test_nothing_is_guessed(text: str) -> None:
    assert read_grounds(text) == ()


def test_a_wide_pattern_counts_only_where_the_others_find_nothing() -> None:
    wide, narrow = "A brace and a second brace at once.", "Therapy was never tried."
    patterns = Reader(vocabulary())
    assert [ground.slug for ground in patterns.read(wide, (), "")] == ["duplicative"]
    assert [ground.slug for ground in patterns.read(f"{wide} {narrow}", (), "")] == [
        "conservative-care-not-tried"
    ]


@pytest.mark.parametrize(
    "conclusion",
    [
        "Consequently, the criteria are met and the injection is medically necessary.",
        "The request for the injection is therefore certified.",
    ],
)
def test_the_last_conclusion_says_which_way_a_rationale_leans(conclusion: str) -> None:
    text = (
        "The interval for repeating such an injection has not been established. The patient reports axial "
        "pain. Radicular findings are absent. Four months of conservative care have failed. "
    )
    assert {ground.side for ground in read_grounds(text + conclusion)} == {"for"}


@pytest.mark.parametrize(
    "other",
    [
        "Due to the severity of the tear, conservative care would not be appropriate.",
        "Further bracing is not a reasonable option.",
        "Waiting any longer is not warranted.",
        "Observation alone cannot be justified.",
        "A less invasive procedure would be inappropriate.",
        "Opioids would not be indicated in a worker with a history of addiction.",
    ],
)
@pytest.mark.parametrize(
    "conclusion", ["As such, the surgery is medically necessary.", "The denial cannot be sustained."]
)
def test_what_is_said_of_another_treatment_is_no_conclusion_about_the_request(
    other: str, conclusion: str
) -> None:
    text = f"The patient had not undergone conservative care. {other} The tear is shown on MRI. {conclusion}"
    assert {ground.side for ground in read_grounds(text)} == {"for"}


def test_what_is_said_of_a_treatment_is_the_conclusion_where_there_is_no_other() -> None:
    text = "Radicular findings are absent. The tear is shown on MRI. Further bracing is not appropriate."
    assert {ground.side for ground in read_grounds(text, request="Brace")} == {"against"}


@pytest.mark.parametrize(
    ("conclusion", "side"),
    [
        ("The request is non-certified.", "against"),
        ("I do not find the twelve sessions to be medically necessary.", "against"),
        ("The denial is sustained.", "against"),
        ("The operation is not reasonable, so that the brace for it is not medically necessary.", "against"),
        ("Accordingly, the right knee replacement is certified.", "for"),
        ("The medical necessity of the work hardening program has been established.", "for"),
    ],
)
def test_a_conclusion_is_read_in_many_words(conclusion: str, side: str) -> None:
    text = "Radicular findings are absent. Four months of conservative care have failed. "
    assert {ground.side for ground in read_grounds(text + conclusion)} == {side}
