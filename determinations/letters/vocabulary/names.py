"""The names of the field: services, guidelines, specialties, drugs, read from `vocabulary/*.toml`.

What the site shows (slugs and labels) and what the readers match (phrases and spellings) stand in the same
files, so that a domain expert edits one place. Every file is checked when it is first read; a fault raises
VocabularyError, which names the file, the entry and what to do. Knows neither letters nor the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from determinations.letters.vocabulary.files import (
    VocabularyError,
    check_slugs,
    entries_of,
    section_of,
    slug_of,
)

__all__ = [
    "CHRONIC_PAIN",
    "UNCLASSIFIED",
    "Chapter",
    "Drug",
    "GuidelineSource",
    "Service",
    "ServiceCategory",
    "Specialty",
    "VocabularyError",
    "category_of",
    "chapter_slug",
    "chronic_pain_topics",
    "drug_names",
    "drugs",
    "guideline_sources",
    "service_categories",
    "service_label",
    "specialties",
    "specialty_slug",
    "topic_of",
]

UNCLASSIFIED: Final = "unclassified"
CHRONIC_PAIN: Final = "mtus-chronic-pain"
SERVICE_KEYS: Final = ("names", "patterns", "fallback", "last_resort", "bare", "endings", "yields_to")
CHAPTER_KEYS: Final = ("names", "short", "number", "year", "needs_source")


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
def service_categories() -> tuple[ServiceCategory, ...]:
    """Categories in the order they are shown, each with its services."""
    file = "services.toml"
    categories = entries_of(file, "category", ("slug", "label"))
    services = entries_of(file, "service", ("slug", "label", "category"), SERVICE_KEYS)
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
def service_names() -> tuple[str, ...]:
    """Every name by which requests call a service, drugs aside."""
    services = entries_of("services.toml", "service", ("slug", "label", "category"), SERVICE_KEYS)
    return tuple(name for entry in services for name in entry.get("names", ()))


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
    for service, by_generic in section_of(file, "service").items():
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
    sources = entries_of(file, "source", ("slug", "label"), ("names",))
    check_slugs(file, [entry["slug"] for entry in sources])
    chapters = [
        Chapter(
            slug_of(entry["name"]), entry["name"], entry["source"], entry.get("number"), entry.get("year")
        )
        for entry in entries_of(file, "chapter", ("source", "name"), CHAPTER_KEYS)
    ]
    for entry in sources:
        check_slugs(file, [chapter.slug for chapter in chapters if chapter.source == entry["slug"]])
    known = {entry["slug"] for entry in sources}
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
        for entry in sources
    )


@lru_cache(maxsize=4096)
def chapter_slug(chapter_name: str) -> str:
    """The slug of a chapter's canonical name, the same for every source that has such a chapter."""
    return slug_of(chapter_name)


@cache
def specialties() -> tuple[Specialty, ...]:
    """Known specialties in alphabetical order."""
    file = "specialties.toml"
    found = tuple(
        Specialty(slug_of(name), name, tuple(spellings))
        for name, spellings in sorted(section_of(file, "specialty").items())
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
def chronic_pain_topics() -> tuple[str, ...]:
    """The topics of the Chronic Pain Medical Treatment Guidelines, which stand where others have chapters."""
    topics: list[str] = section_of("guidelines.toml", "chronic_pain", "topics")
    check_slugs("guidelines.toml", map(slug_of, topics))
    return tuple(topics)


@cache
@lru_cache(maxsize=4096)
def topic_of(section: str) -> str | None:
    """The chronic pain topic that a cited section belongs to, or None: the longest one that begins it."""
    slug = slug_of(section)
    beginning = [topic for topic in chronic_pain_topics() if f"{slug}-".startswith(f"{slug_of(topic)}-")]
    return max(beginning, key=len, default=None)
