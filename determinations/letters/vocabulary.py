"""The names of the field: services, guidelines, specialties, drugs, synonyms, read from `vocabulary/*.toml`.

What the site shows (slugs and labels) and what the readers match (phrases and spellings) stand in the same
files, so that a domain expert edits one place. Every file is checked when it is first read; a fault raises
VocabularyError, which names the file, the entry and what to do. Knows neither letters nor the site.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

DIRECTORY: Final = Path(__file__).parent / "vocabulary"
UNCLASSIFIED: Final = "unclassified"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class VocabularyError(ValueError):
    """A fault in a vocabulary file. The message names file and entry and says what to fix."""

    def __init__(self, file: str, entry: str, fix: str) -> None:
        super().__init__(f"vocabulary/{file}, {entry!r}: {fix}")
        self.file, self.entry, self.fix = file, entry, fix


@dataclass(frozen=True, slots=True)
class Service:
    slug: str
    label: str
    category: str


@dataclass(frozen=True, slots=True)
class ServiceCategory:
    slug: str
    label: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of a guideline: its canonical name, and the edition's year where the name alone tells it."""

    slug: str
    name: str
    source: str
    number: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class GuidelineSource:
    slug: str
    label: str
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True)
class Specialty:
    slug: str
    name: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drug:
    """A generic name with its brands and other spellings, and the service it belongs to."""

    generic: str
    brands: tuple[str, ...]
    service: str


@cache
def read_file(file: str) -> Mapping[str, Any]:
    """A vocabulary file as TOML. Raises VocabularyError where it is missing or is no TOML."""
    try:
        return tomllib.loads((DIRECTORY / file).read_text("utf-8"))
    except FileNotFoundError as error:
        raise VocabularyError(file, "the file", "it is missing; restore it from the repository") from error
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(file, "the file", f"it is not valid TOML: {error}") from error


def slug_of(name: str) -> str:
    """A name as a slug: "Forearm, Wrist, and Hand Complaints" -> "forearm-wrist-and-hand-complaints"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ")).strip("-")


def check_slugs(file: str, slugs: Iterable[str]) -> None:
    """Raises VocabularyError where a slug is ill-formed or stands twice."""
    seen: set[str] = set()
    for slug in slugs:
        if _SLUG.match(slug) is None:
            raise VocabularyError(
                file, slug, "write the slug in lower-case letters, digits and single hyphens"
            )
        if slug in seen:
            raise VocabularyError(
                file, slug, "this slug stands twice; give one entry another slug or join them"
            )
        seen.add(slug)


@cache
def service_categories() -> tuple[ServiceCategory, ...]:
    """Categories in the order they are shown, each with its services."""
    file = "services.toml"
    table = read_file(file)
    categories, services = table["category"], table["service"]
    check_slugs(file, [entry["slug"] for entry in categories])
    check_slugs(file, [entry["slug"] for entry in services])
    known = {entry["slug"] for entry in categories}
    for entry in services:
        if entry["category"] not in known:
            raise VocabularyError(
                file, entry["slug"], f"no category {entry['category']!r}; use one of {known}"
            )
    return tuple(
        ServiceCategory(
            category["slug"],
            category["label"],
            tuple(
                Service(entry["slug"], entry["label"], entry["category"])
                for entry in services
                if entry["category"] == category["slug"]
            ),
        )
        for category in categories
    )


@cache
def _services() -> Mapping[str, Service]:
    return {service.slug: service for category in service_categories() for service in category.services}


def service_label(slug: str) -> str:
    """What people call the service. Raises KeyError for a slug that is none."""
    return _services()[slug].label


def category_of(service_slug: str) -> str:
    """The category slug of a service. Raises KeyError for a slug that is none."""
    return _services()[service_slug].category


@cache
def drugs() -> tuple[Drug, ...]:
    """Every drug of the vocabulary, by service and then as the file lists them."""
    file = "drugs.toml"
    found = []
    owner: dict[str, str] = {}
    for service, by_generic in read_file(file)["service"].items():
        if service not in _services():
            raise VocabularyError(file, service, "no such service in services.toml; use one of its slugs")
        for generic, brands in by_generic.items():
            for name in (generic, *brands):
                if owner.setdefault(name.lower(), service) != service:
                    raise VocabularyError(
                        file, name, f"it also stands under {owner[name.lower()]!r}; keep one"
                    )
            found.append(Drug(generic, tuple(brands), service))
    return tuple(found)


@cache
def drug_names() -> tuple[str, ...]:
    """Generic and brand names for completion while typing, sorted without regard to capitals."""
    names = {name.lower(): name for drug in drugs() for name in (drug.generic, *drug.brands)}
    return tuple(sorted(names.values(), key=str.lower))


@cache
def guideline_sources() -> tuple[GuidelineSource, ...]:
    """Sources in the order they are shown, each with its chapters."""
    file = "guidelines.toml"
    table = read_file(file)
    check_slugs(file, [entry["slug"] for entry in table["source"]])
    chapters = [
        Chapter(
            slug_of(entry["name"]), entry["name"], entry["source"], entry.get("number"), entry.get("year")
        )
        for entry in table["chapter"]
    ]
    for entry in table["source"]:
        check_slugs(file, [chapter.slug for chapter in chapters if chapter.source == entry["slug"]])
    known = {entry["slug"] for entry in table["source"]}
    for chapter in chapters:
        if chapter.source not in known:
            raise VocabularyError(
                file, chapter.name, f"no source {chapter.source!r}; use one of {sorted(known)}"
            )
    return tuple(
        GuidelineSource(
            entry["slug"],
            entry["label"],
            tuple(chapter for chapter in chapters if chapter.source == entry["slug"]),
        )
        for entry in table["source"]
    )


def chapter_slug(chapter_name: str) -> str:
    """The slug of a chapter's canonical name, the same for every source that has such a chapter."""
    return slug_of(chapter_name)


@cache
def specialties() -> tuple[Specialty, ...]:
    """Known specialties in alphabetical order."""
    file = "specialties.toml"
    found = tuple(
        Specialty(slug_of(name), name, tuple(spellings))
        for name, spellings in sorted(read_file(file)["specialty"].items())
    )
    check_slugs(file, [specialty.slug for specialty in found])
    owner: dict[str, str] = {}
    for specialty in found:
        for spelling in (specialty.name, *specialty.spellings):
            if owner.setdefault(slug_of(spelling), specialty.name) != specialty.name:
                raise VocabularyError(
                    file, spelling, f"it also stands under {owner[slug_of(spelling)]!r}; keep one of them"
                )
    return found


def specialty_slug(name: str) -> str:
    """The slug of a specialty's name, known or not ("Pain Medicine" -> "pain-medicine")."""
    return slug_of(name)


@cache
def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """Terms that mean the same: those of synonyms.toml, then each drug with its brands."""
    file = "synonyms.toml"
    groups = [tuple(group) for group in read_file(file)["groups"]]
    for group in groups:
        if len(set(map(str.lower, group))) < 2:
            raise VocabularyError(file, " = ".join(group), "a group needs two different terms or more")
    return (*groups, *((drug.generic, *drug.brands) for drug in drugs() if drug.brands))
