"""What the clinical material consists of: services, scenarios, conditions, regions, people."""

from collections.abc import Mapping
from dataclasses import dataclass

from determinations.letters.parsed_letter import Decision
from sample_letters.generator.wording import Template


@dataclass(frozen=True, slots=True)
class Scenario:
    """Why a reviewer decides one way: facts for the summary, an argument for the rationale.

    `says` are facts that no other item of the letter may contradict, `needs` conditions on the case's
    numbers, `without` words that the case's treatments and drugs must not contain. `is_repeat` where the
    treatment was given before. `grounds` are the slugs of the grounds that the argument states, and
    `arguable` those that one reader finds in it and another does not.
    """

    facts: Template
    argument: Template
    suits: frozenset[str]
    says: Mapping[str, str]
    needs: Mapping[str, int]
    without: tuple[str, ...]
    goes_with: tuple[str, ...]
    is_repeat: bool
    grounds: frozenset[str]
    arguable: frozenset[str]


@dataclass(frozen=True, slots=True)
class Request:
    """How a treatment is asked for, and what the rationale calls it."""

    text: Template
    name: str
    only: frozenset[str]
    further_services: tuple[str, ...]
    is_repeat: bool
    """Asks for something done before, and goes with scenarios that say so."""
    levels: str
    """"" for the case's motion segments, "nerves", "root", or the levels themselves ("S1,S2,S3")."""


@dataclass(frozen=True, slots=True)
class Service:
    slug: str
    category: str
    weight: int
    suits: frozenset[str]
    only: frozenset[str]
    is_medication: bool
    is_operation: bool
    requests: tuple[Request, ...]
    guidelines: tuple[tuple[str, ...], ...]
    criteria: tuple[Template, ...]
    scenarios: Mapping[Decision, tuple[Scenario, ...]]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """How an injury happens, and to whom; without occupations, to anyone."""

    text: str
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """One injured body part: what the person has and what was found and tried."""

    name: str
    tags: frozenset[str]
    region: str
    injured: Template
    says: Mapping[str, str]
    diagnoses: tuple[Template, ...]
    mechanisms: tuple[Mechanism, ...]
    complaints: tuple[Template, ...]
    exams: tuple[Template, ...]
    treatments: tuple[Template, ...]
    drugs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the body: its names, and the guideline chapters that speak of it."""

    name: str
    part: Template
    joint: str
    limbs: tuple[Template, ...]
    odg: str
    acoem: tuple[int, str] | None
    acoem_pages: Mapping[str, str]
    acoem_table: str
    disorders: str
    disorders_years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class People:
    specialties: tuple[tuple[str, ...], ...]
    specialties_for: Mapping[str, tuple[tuple[str, ...], ...]]
    states: tuple[str, ...]
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    services: Mapping[str, Service]
    conditions: tuple[Condition, ...]
    regions: Mapping[str, Region]
    phrases: Mapping[str, tuple[Template, ...]]
    people: People
    drug_services: Mapping[str, str]
    """The service to which a drug of the conditions belongs."""
