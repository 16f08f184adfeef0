"""Invented letters for these tests, built from parts so that a test shows only what it is about."""

HOW_MADE = """HOW THE IMR FINAL DETERMINATION WAS MADE

MAXIMUS Federal Services sent the complete case file to an expert reviewer. The expert reviewer is Board
Certified in Pain Medicine and is licensed to practice in Oregon. He/she is familiar with governing laws.
"""

SUMMARY = """CLINICAL CASE SUMMARY

The expert reviewer developed the following clinical case summary based on a review of the case file,
including all medical records:

The injured worker is a 52 year old female who was hurt while lifting a crate. She has low back pain.
"""

ISSUES = """IMR ISSUES, DECISIONS AND RATIONALES

The Final Determination was based on decisions for the disputed items/services set forth below:
"""


def item(
    heading: str,
    *,
    claims: str = "Decision based on MTUS ACOEM Chapter 12 Low Back Complaints.",
    reviewer: str = "Decision based on Non-MTUS Citation ODG, Low Back.",
    rationale: str = "The records do not support it. The request is not medically necessary.",
) -> str:
    """One disputed item of the standard layout; an empty paragraph is left out with its label."""
    labeled = (
        ("Claims Administrator guideline", claims),
        ("MAXIMUS guideline", reviewer),
        ("Decision rationale", rationale),
    )
    paragraphs = [heading, *(f"{label}: {text}" for label, text in labeled if text)]
    return "\n\n".join(paragraphs) + "\n"


def standard_letter(*items: str, cover: str = "") -> str:
    return "\n".join((cover, HOW_MADE, SUMMARY, ISSUES, *items))
