"""Reads the vocabulary files and says in plain words what is wrong with one.

Knows TOML and slugs, not what the files mean.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

DIRECTORY: Final = Path(__file__).parent

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class VocabularyError(ValueError):
    """A fault in a vocabulary file. The message names file and entry and says what to fix."""

    def __init__(self, file: str, entry: str, fix: str) -> None:
        super().__init__(f"vocabulary/{file}, {entry!r}: {fix}")
        self.file, self.entry, self.fix = file, entry, fix


@cache
def read_file(file: str) -> Mapping[str, Any]:
    """A vocabulary file as TOML. Raises VocabularyError where it is missing or is no TOML."""
    try:
        return tomllib.loads((DIRECTORY / file).read_text("utf-8"))
    except FileNotFoundError as error:
        raise VocabularyError(file, "the file", "it is missing; restore it from the repository") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(file, "the file", f"it is not valid TOML in UTF-8: {error}") from error


def entries_of(
    file: str, table: str, required: Iterable[str], optional: Iterable[str] = ()
) -> list[Mapping[str, Any]]:
    """The entries `[[table]]` of a file, each with all required keys and no unknown one."""
    needed, allowed = set(required), {*required, *optional}
    entries = read_file(file).get(table)
    if not isinstance(entries, list):
        raise VocabularyError(file, table, f"the file needs entries [[{table}]]")
    for entry in entries:
        name = str(entry.get("slug") or entry.get("name") or entry.get("begins") or f"[[{table}]]")
        if missing := sorted(needed - set(entry)):
            raise VocabularyError(file, name, f"add {', '.join(missing)}")
        if unknown := sorted(set(entry) - allowed):
            raise VocabularyError(
                file, name, f"unknown key {', '.join(unknown)}; use {', '.join(sorted(allowed))}"
            )
    return entries


def section_of(file: str, *path: str) -> Any:
    """What stands under `[path]` in a file. Raises VocabularyError where nothing does."""
    found: Any = read_file(file)
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            raise VocabularyError(file, ".".join(path), "the file needs this section; restore it")
        found = found[key]
    return found


def slug_of(name: str) -> str:
    """A name as a slug: "Forearm, Wrist, and Hand Complaints" -> "forearm-wrist-and-hand-complaints"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ")).strip("-")


def check_slugs(file: str, slugs: Iterable[str]) -> None:
    """Raises VocabularyError where a slug is ill-formed or stands twice."""
    seen: set[str] = set()
    for slug in slugs:
        if _SLUG.match(slug) is None:
            raise VocabularyError(file, slug, "write it in lower-case letters, digits and single hyphens")
        if slug in seen:
            raise VocabularyError(file, slug, "this slug stands twice; rename one entry or join the two")
        seen.add(slug)
