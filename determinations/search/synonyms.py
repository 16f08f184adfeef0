"""The groups of equivalent terms in `synonyms.toml`, checked when they are loaded."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("synonyms.toml")


class SynonymsError(ValueError):
    """The file of synonyms breaks its own rules; the message says where."""


@dataclass(frozen=True, slots=True)
class Group:
    """Names of one thing: `terms` are added for each other, `typed_only` are understood but not added.

    `kinds` are narrower, and added to a question for one of `kinds_of`, the keys of the general names.
    """

    terms: tuple[str, ...]
    typed_only: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    kinds_of: tuple[str, ...] = ()

    def alternatives(self, typed: str) -> tuple[str, ...]:
        """The terms to add for the key `typed`: not those it finds already, as "TENS" finds "TENS unit"."""
        spoken = f" {typed} "
        kinds = self.kinds if typed in self.kinds_of else ()
        return tuple(term for term in (*self.terms, *kinds) if spoken not in f" {term_key(term)} ")


def term_key(text: str) -> str:
    """The same for writings of a term that differ in capitals, hyphens, slashes or a possessive s."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"'s\b|'", "", text.casefold())))


def groups_of(text: str) -> tuple[Group, ...]:
    """The groups of a TOML text. Raises SynonymsError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SynonymsError(f"not valid TOML: {error}") from error
    found = [
        _group(kind, number, entry)
        for kind, entries in tables.items()
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1)
    ]
    owners: dict[str, str] = {}
    for group in found:
        for term in (*group.terms, *group.typed_only):
            key = term_key(term)
            if not key:
                raise SynonymsError(f"{term!r} in the group {group.terms[0]!r} has no letter or digit")
            if key in owners:
                raise SynonymsError(f"{term!r} stands twice: under {owners[key]!r} and {group.terms[0]!r}")
            owners[key] = group.terms[0]
    return tuple(found)


def _group(kind: str, number: int, entry: object) -> Group:
    place = f"group {number} of {kind!r}"
    names = ("terms", "typed_only", "kinds", "kinds_of")
    if not isinstance(entry, dict) or not set(entry) <= set(names):
        raise SynonymsError(f"{place} may hold `terms`, `typed_only`, `kinds` and `kinds_of` only")
    for listed in entry.values():
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise SynonymsError(f"{place} must hold lists of texts")
    terms, typed_only, kinds, kinds_of = (tuple(entry.get(name, ())) for name in names)
    if not terms or len(terms) + len(typed_only) + len(kinds) < 2:
        raise SynonymsError(f"{place} needs a term and another name for it")
    known = tuple(map(term_key, (*terms, *typed_only)))
    general = tuple(map(term_key, kinds_of)) or known
    if not set(general) <= set(known) or set(map(term_key, kinds)) & set(known):
        raise SynonymsError(f"{place}: `kinds_of` are terms of the group, and `kinds` are not")
    return Group(terms, typed_only, kinds, general if kinds else ())


def known_term(text: str) -> tuple[str, Group] | None:
    """The key of the term that `text` is, in the singular or plural, and its group."""
    key = term_key(text)
    for singular in (key, re.sub(r"ies$", "y", key), re.sub(r"(?<=\w{3})s$", "", key)):
        if group := synonyms().get(singular):
            return singular, group
    return None


@cache
def longest_term() -> int:
    """Words in the longest term."""
    return max(key.count(" ") + 1 for key in synonyms())


@cache
def synonyms() -> dict[str, Group]:
    """Every group by the keys of its terms (`term_key`), from the project's own file."""
    return {
        term_key(term): group
        for group in groups_of(PATH.read_text(encoding="utf-8"))
        for term in (*group.terms, *group.typed_only)
    }
