"""The parts of the body that a request names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from determinations.letters.facts.body_parts import body_parts_in
from determinations.letters.facts.item_levels import spinal_levels_of
from determinations.letters.vocabulary.body_parts import BodyPart, body_part_labels, body_parts


def read(request: str) -> str:
    return " ".join(body_parts_in(request, spinal_levels_of(request, "").levels))


@pytest.mark.parametrize("part", body_parts(), ids=lambda part: part.slug)
def test_every_part_is_named_by_its_examples(part: BodyPart) -> None:
    assert len(part.examples) > 1
    for example in part.examples:
        assert part.slug in body_parts_in(example)


@pytest.mark.parametrize(
    ("request_", "parts"),
    [
        ("MRI of the right knee", "knee"),
        ("MRI OF THE LEFT SHOULDER AND CERVICAL SPINE", "neck shoulder"),
        ("Physical therapy 2x6 for the low back and left hip", "low-back hip"),
        ("Lumbar medial branch blocks L4-5", "low-back"),
        ("Transforaminal ESI C5-6", "neck"),
        ("ESI at L5-S1", "low-back"),
        ("Kyphoplasty T12", "upper-back"),
        ("Facet injections", "spine"),
        ("Cervical facet injections", "neck"),
        ("EMG/NCV of the bilateral upper and lower extremities", "upper-extremity lower-extremity"),
        ("NCS BLE", "lower-extremity"),
        ("Carpal tunnel release, right", "wrist-and-hand"),
        ("Upper back massage", "upper-back"),
        ("Back brace", "low-back"),
        ("TENS unit, cervical and thoracic spine", "neck upper-back"),
        ("X-rays of the thoracolumbar spine", "upper-back"),
        ("Norco 10/325mg #60", ""),
        ("Norco for low back pain", "low-back"),
        ("Right-hand dominant patient: MRI of the left elbow", "elbow"),
        ("Fluoroscopy with C-arm", ""),
        ("Chest x-ray", "chest"),
        ("Inguinal hernia repair", "pelvis-and-groin"),
        ("Knees and ankles x-rays", "knee ankle-and-foot"),
        ("accupuncture for the shoulders", "shoulder"),
        ("Urine drug screen", ""),
        ("", ""),
    ],
)
def test_a_request_names_its_parts(request_: str, parts: str) -> None:
    assert read(request_) == parts


def test_every_part_has_a_label() -> None:
    assert list(body_part_labels()) == [part.slug for part in body_parts()]
    assert all(body_part_labels().values())


@given(st.text(max_size=200))
def test_any_text_gives_known_parts_in_order(text: str) -> None:
    found = body_parts_in(text)
    assert list(found) == [slug for slug in body_part_labels() if slug in found]
