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
REASON = Facet("reason", "Reason", multiple=True, hierarchical=True)
GUIDELINE = Facet("guideline", "Reviewer’s guideline", multiple=True, hierarchical=True)
LEVEL = Facet("level", "Spinal level", multiple=True, hierarchical=True)
SPECIALTY = Facet("specialty", "Reviewer specialty", multiple=True)
YEAR = Facet("year", "Year", multiple=False)
CLAIMS_ADMINISTRATOR_GUIDELINE = Facet(
    "ca_guideline", "Claims administrator’s guideline", multiple=True, hierarchical=True
)

FACETS: tuple[Facet, ...] = (
    DECISION,
    SERVICE,
    REASON,
    GUIDELINE,
    LEVEL,
    SPECIALTY,
    YEAR,
    CLAIMS_ADMINISTRATOR_GUIDELINE,
)

FACETS_BY_NAME: dict[str, Facet] = {facet.name: facet for facet in FACETS}
