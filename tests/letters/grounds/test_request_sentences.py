"""Sentences that only say what was requested, and such that say more. All of them are invented."""

import pytest

from determinations.letters.facts.grounds.sentences import only_requests


@pytest.mark.parametrize(
    "sentence",
    [
        "The patient is requesting six sessions of therapy.",
        "The current request is for Norco 10/325 mg #60.",
        "This is a request for a lumbar MRI.",
        "An MRI of the left knee is being requested.",
        "Dr. Adams requested a repeat EMG on May 3, 2014.",
        "The provider has requested twelve sessions of physical therapy for the lumbar spine.",
        "The treatment plan was to request authorization for a brace.",
        "The request was made for an epidural injection at L4 to S1.",
    ],
)
def test_a_sentence_says_only_what_was_requested(sentence: str) -> None:
    assert only_requests(sentence)
    assert only_requests(sentence.lower())


@pytest.mark.parametrize(
    "sentence",
    [
        "The request for twelve visits exceeds the guideline.",
        "This request for twelve visits will by itself go past the guideline.",
        "The request for the scan is medically necessary and appropriate.",
        "The request is for a drug that ODG excludes.",
        "The provider requests a study to rule out a tear.",
        "A study is being requested only one week after the injury.",
        "It is unclear why a repeat study is being requested.",
        "The provider requested the brace because the knee gives way.",
        "The requested ointment contains lidocaine.",
        "The provider is not requesting a trial.",
        "The patient sought relief in acupuncture.",
    ],
)
def test_a_sentence_says_more_than_what_was_requested(sentence: str) -> None:
    assert not only_requests(sentence)
    assert not only_requests(sentence.lower())
