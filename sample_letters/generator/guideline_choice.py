"""Which guidelines a letter of a given date and body part could cite.

A row of the material names a guideline in short: `["mtus", "Opioids, criteria for use", "76-80"]`. What could
be cited depends on the date: the MTUS adopted the 2016 editions in mid 2016, and the ACOEM "Disorders"
chapters, in force from December 2017, took the place of the 2004 and 2009 sets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from sample_letters.generator.material_values import Region

_NEW_EDITIONS = date(2016, 8, 1)
_DISORDERS = date(2018, 1, 1)
_NUMBERED_CHAPTERS = {
    "5": "Cornerstones of Disability Prevention and Management",
    "7": "Independent Medical Examinations and Consultations",
    "15": "Stress-Related Conditions",
}
_CHAPTER_YEARS = {
    "Opioids": 2017,
    "Chronic Pain": 2017,
    "Traumatic Brain Injury": 2017,
    "Depressive Disorders": 2020,
    "General Approach to Initial Assessment and Documentation": 2016,
    "Low Back Disorders": 2019,
    "Knee Disorders": 2019,
}


_SUCCESSORS = {
    "Physical Methods": "Treatment Recommendations",
    "Special Studies": "Diagnostic Testing",
    "Surgical Considerations": "Surgical Considerations",
    "Injections": "Injection Therapies",
}


@dataclass(frozen=True, slots=True)
class Guideline:
    """A guideline before it is worded. `chapter_number` is that of the ACOEM set of 2004, 0 for any other.

    `words` are the citation's own, for sources that are cited in one fixed way.
    """

    source: str
    chapter: str = ""
    year: int = 0
    section: str = ""
    pages: str = ""
    table: str = ""
    chapter_number: int = 0
    words: str = ""


def guidelines_for(
    rows: Sequence[tuple[str, ...]], region: Region, decided: date, rng: Random
) -> list[Guideline]:
    """What could be cited in a case of this body part on this date, in the material's order; never empty."""
    found = [guideline for row in rows if (guideline := _guideline(row, region, decided, rng)) is not None]
    return found or [Guideline("odg", chapter=region.odg, section="Treatment")]


def _guideline(row: tuple[str, ...], region: Region, decided: date, rng: Random) -> Guideline | None:
    kind = row[0]
    if kind == "none":
        return Guideline("none")
    if kind == "other":
        return Guideline("other", words=row[1])
    if kind == "odg":
        return Guideline("odg", chapter=region.odg if row[1] == "@" else row[1], section=row[2])
    if kind == "postsurgical":
        return Guideline("mtus-postsurgical", year=2009, words="Postsurgical Treatment")
    if kind == "disorders":
        return _disorders(row, region, decided, rng) if decided >= _DISORDERS else None
    if decided >= _DISORDERS:
        return _successor(row, region, decided, rng)
    if kind == "acupuncture":
        return Guideline("mtus-acupuncture", year=2007, words="Acupuncture Treatment")
    if kind == "mtus":
        year = 2009 if decided < _NEW_EDITIONS else 2016
        return Guideline("mtus-chronic-pain", year=year, section=row[1], pages=row[2])
    if kind == "opioids16":
        return Guideline("mtus-opioids", year=2016, section=row[1]) if decided >= _NEW_EDITIONS else None
    if kind == "acoem":
        return _acoem_2004(row, region, rng)
    raise ValueError(f"the material cites a kind of guideline that is not known: {kind}")


def _acoem_2004(row: tuple[str, ...], region: Region, rng: Random) -> Guideline | None:
    if row[1] != "@":
        number = row[1].split()[0]
        name = _NUMBERED_CHAPTERS[number]
        return Guideline("mtus-acoem", name, 2004, row[2], row[3], chapter_number=int(number))
    if region.acoem is None:
        return None
    chapter_number, name = region.acoem
    table = region.acoem_table if rng.random() < 0.3 else ""
    return Guideline(
        "mtus-acoem", name, 2004, row[2], region.acoem_pages.get(row[2], ""), table, chapter_number
    )


def _disorders(row: tuple[str, ...], region: Region, decided: date, rng: Random) -> Guideline | None:
    if row[1] != "@":
        return Guideline("mtus-acoem", row[1], _CHAPTER_YEARS[row[1]], row[2])
    years = [year for year in region.disorders_years if year < decided.year]
    return Guideline("mtus-acoem", region.disorders, rng.choice(years), row[2]) if years else None


def _successor(row: tuple[str, ...], region: Region, decided: date, rng: Random) -> Guideline | None:
    """What took the place of a section of the older sets."""
    if row[0] == "acoem" and row[1] == "@":
        return _disorders(("disorders", "@", _SUCCESSORS[row[2]]), region, decided, rng)
    return Guideline("mtus-acoem", "Chronic Pain", 2017, row[1]) if row[0] == "mtus" else None


def named_in_prose(guideline: Guideline) -> str:
    """What the rationale calls it: "the MTUS Postsurgical Treatment Guidelines"."""
    if guideline.source == "mtus-acoem":
        if guideline.chapter_number:
            return f"Chapter {guideline.chapter_number} of the MTUS/ACOEM Practice Guidelines"
        return f"the MTUS/ACOEM {guideline.chapter} guideline"
    return {
        "mtus-chronic-pain": "the MTUS Chronic Pain Medical Treatment Guidelines",
        "mtus-opioids": "the MTUS Opioids Treatment Guidelines",
        "mtus-postsurgical": "the MTUS Postsurgical Treatment Guidelines",
        "mtus-acupuncture": "the Acupuncture Medical Treatment Guidelines",
        "odg": "the Official Disability Guidelines",
        "other": "the source cited",
        "none": "generally accepted standards of practice",
    }[guideline.source]
