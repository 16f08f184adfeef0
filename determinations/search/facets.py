"""The facets, declared once: their names in the address bar, their labels, their order.

Knows no engine, no model and no vocabulary: a facet's values are slugs, or levels such as "L4-L5".
A hierarchical facet indexes an item under the parent value and the child value alike
("injections" and "medial-branch-blocks"; "odg" and "odg.low-back"), so one count serves both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """`name` is the URL parameter and the index field; an item may hold several values if `multiple`."""

    name: str
    label: str
    multiple: bool
    hierarchical: bool = False


DECISION = Facet("decision", "Decision", multiple=False)
SERVICE = Facet("service", "Service", multiple=True, hierarchical=True)
BODY_PART = Facet("body_part", "Body part", multiple=True)
SIDE = Facet("side", "Side of the body", multiple=False)
REASON = Facet("reason", "Reason", multiple=True, hierarchical=True)
GUIDELINE = Facet("guideline", "Reviewer’s guideline", multiple=True, hierarchical=True)
LEVEL = Facet("level", "Spinal level", multiple=True, hierarchical=True)
SPECIALTY = Facet("specialty", "Reviewer specialty", multiple=True)
YEAR = Facet("year", "Year", multiple=False)
CLAIMS_ADMINISTRATOR_GUIDELINE = Facet(
    "ca_guideline", "Claims administrator’s guideline", multiple=True, hierarchical=True
)
AGREEMENT = Facet("agreement", "Guidelines compared", multiple=False)
CONTRADICTION = Facet("contradiction", "Contradictions", multiple=False)

FACETS: tuple[Facet, ...] = (
    DECISION,
    SERVICE,
    BODY_PART,
    SIDE,
    REASON,
    GUIDELINE,
    LEVEL,
    SPECIALTY,
    YEAR,
    CLAIMS_ADMINISTRATOR_GUIDELINE,
    AGREEMENT,
    CONTRADICTION,
)

REQUEST_LEVEL = Facet("request_level", "Spinal level in the request", multiple=True, hierarchical=True)
"""The values of LEVEL that the request states, those read in the rationale left out."""

INDEXED: tuple[Facet, ...] = (*FACETS, REQUEST_LEVEL)
"""What the index holds values of: the facets, and what a facet can go by in place of its own values."""

SAME_GUIDELINES, OTHER_CHAPTER, OTHER_SOURCE, CITES_NONE = AGREEMENTS = (
    "same",
    "other-chapter",
    "other-source",
    "none",
)
"""Values of AGREEMENT: the reviewer's guidelines beside those that the claims administrator cited."""

RATIONALE_CONTRADICTS, LEVELS_CONTRADICT, SUMMARY_CONTRADICTS = CONTRADICTIONS = (
    "rationale",
    "levels",
    "summary",
)
"""Values of CONTRADICTION: the rationale concludes otherwise than the decision, treats other levels than the
request, or misses what the clinical summary may document.
"""

ANY_OR_ALL: tuple[Facet, ...] = (LEVEL, GUIDELINE, CLAIMS_ADMINISTRATOR_GUIDELINE)
"""Facets of which one may ask for every chosen value instead of any."""

FACETS_BY_NAME: dict[str, Facet] = {facet.name: facet for facet in FACETS}
