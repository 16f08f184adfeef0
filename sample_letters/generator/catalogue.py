"""The clinical material, read from `material/*.toml` into values.

Knows nothing of letters or layouts. A mistake in the material (an unknown tag, a service without an
upheld scenario, ...) is reported when it is loaded, with the place.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from determinations.letters.facts.grounds.names import grounds_by_slug
from determinations.letters.parsed_letter import Decision
from sample_letters.generator.material_values import (
    Catalogue,
    Condition,
    Mechanism,
    People,
    Region,
    Request,
    Scenario,
    Service,
)
from sample_letters.generator.wording import Template

_MATERIAL = Path(__file__).parent / "material"

CATEGORY_FILES = (
    "pharmaceuticals",
    "injections",
    "surgery",
    "rehabilitation",
    "diagnostic_testing",
    "equipment",
    "other_services",
)


@cache
def catalogue() -> Catalogue:
    """All material, loaded once. Raises `ValueError` naming the place of a mistake."""
    conditions = tuple(_condition(name, table) for name, table in _table("conditions").items())
    known = frozenset(tag for condition in conditions for tag in condition.tags)
    services: dict[str, Service] = {}
    for file in CATEGORY_FILES:
        for slug, table in _table(file).items():
            services[slug] = _service(slug, file, table)
            check(services[slug], known)
    return Catalogue(
        services=services,
        conditions=conditions,
        regions={name: _region(name, table) for name, table in _table("regions").items()},
        phrases={name: _templates(texts) for name, texts in _table("phrases").items()},
        people=_people(_table("people")),
        drug_services={drug: slug for slug, drugs in _table("drugs").items() for drug in drugs},
    )


def _table(file: str) -> dict[str, Any]:
    return tomllib.loads((_MATERIAL / f"{file}.toml").read_text(encoding="utf-8"))


def _templates(texts: Iterable[str]) -> tuple[Template, ...]:
    return tuple(Template.of(text) for text in texts)


def _condition(name: str, table: Mapping[str, Any]) -> Condition:
    return Condition(
        name=name,
        tags=frozenset([name, table["region"], *table["tags"]]),
        region=table["region"],
        injured=Template.of(table["injured"]),
        says=table["says"],
        diagnoses=_templates(table["diagnoses"]),
        mechanisms=tuple(Mechanism(text, tuple(who)) for text, *who in table["mechanisms"]),
        complaints=_templates(table["complaints"]),
        exams=_templates(table["exams"]),
        treatments=_templates(table["treatments"]),
        drugs=tuple(table["drugs"]),
    )


def _service(slug: str, file: str, table: Mapping[str, Any]) -> Service:
    return Service(
        slug=slug,
        category=file,
        weight=table["weight"],
        suits=frozenset(table["for"]),
        only=frozenset(table.get("only", ())),
        is_medication=table.get("medication", False),
        is_operation=file == "surgery" and slug != "associated-surgical-services",
        requests=tuple(_request(row) for row in table["requests"]),
        guidelines=tuple(tuple(row) for row in table["guidelines"]),
        criteria=_templates(table["criteria"]),
        scenarios={
            decision: tuple(_scenario(scenario) for scenario in table[decision.value])
            for decision in Decision
            if decision.value in table
        },
    )


def _request(row: list[str]) -> Request:
    text, name, *modifiers = row
    values: dict[str, list[str]] = {"only": [], "and": [], "levels": []}
    for modifier in modifiers:
        kind, _, value = modifier.partition(":")
        if kind in values:
            values[kind].append(value)
        elif kind != "repeat":
            values["levels"].append(kind)
    return Request(
        text=Template.of(text),
        name=name,
        only=frozenset(values["only"]),
        further_services=tuple(values["and"]),
        is_repeat="repeat" in modifiers,
        levels="".join(values["levels"]),
    )


def _scenario(table: Mapping[str, Any]) -> Scenario:
    return Scenario(
        facts=Template.of(table["facts"]),
        argument=Template.of(table["argument"]),
        suits=frozenset(table.get("for", ())),
        says=table.get("says", {}),
        needs={name: int(value) for name, value in table.get("needs", {}).items()},
        without=tuple(table.get("without", ())),
        goes_with=tuple(table.get("goes_with", ())),
        is_repeat=table.get("repeat", False),
        grounds=frozenset(table["grounds"]),
        arguable=frozenset(table.get("arguable", ())),
    )


def _region(name: str, table: Mapping[str, Any]) -> Region:
    chapter, *years = table["disorders"]
    return Region(
        name=name,
        part=Template.of(table["part"]),
        joint=table["joint"],
        limbs=_templates(table["limbs"]),
        odg=table["odg"],
        acoem=(table["acoem"][0], table["acoem"][1]) if "acoem" in table else None,
        acoem_pages=table.get("acoem_pages", {}),
        acoem_table=table.get("acoem_table", ""),
        disorders=chapter,
        disorders_years=tuple(years),
    )


def _people(table: Mapping[str, Any]) -> People:
    specialties = tuple(tuple(names) for names in table["specialties"])
    return People(
        specialties=specialties,
        specialties_for={
            category: tuple(names for names in specialties if set(names) & set(wanted))
            for category, wanted in table["specialties_for"].items()
        },
        states=tuple(table["licenses"]["states"]),
        occupations=tuple(table["occupations"]["names"]),
    )


def check(service: Service, tags: frozenset[str]) -> None:
    """Raise `ValueError` where a service names a tag that no condition has or lacks a decision."""
    named = {*service.suits, *service.only}
    named.update(tag for request in service.requests for tag in request.only)
    named.update(tag for scenarios in service.scenarios.values() for one in scenarios for tag in one.suits)
    if unknown := named - tags:
        raise ValueError(
            f"{service.category}.toml: {service.slug}: no condition has the tag {sorted(unknown)}"
        )
    stated = {
        ground
        for scenarios in service.scenarios.values()
        for one in scenarios
        for ground in one.grounds | one.arguable
    }
    if unknown := stated - set(grounds_by_slug()):
        raise ValueError(f"{service.category}.toml: {service.slug}: there is no ground {sorted(unknown)}")
    for decision in (Decision.UPHELD, Decision.OVERTURNED):
        if decision not in service.scenarios:
            raise ValueError(f"{service.category}.toml: {service.slug}: no scenario is {decision.value}")
