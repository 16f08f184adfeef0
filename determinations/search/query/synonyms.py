"""The groups of equivalent terms in `synonyms.toml`, checked when they are loaded.

Adds equivalent terms to a question, and says which: MBB also finds "medial branch block".

Optional and visible: a caller who does not want it does not call it. The rules:

* A word, a phrase, or words standing side by side that are a term of `synonyms.toml` become "this or
  one of its equivalents", in the same field.
* What is left out is not expanded: `-norco` leaves out just what was typed.
* Anyone who names two terms of one group ("hydrocodone -norco", "norco vicodin") tells them apart: that group
  is left alone.
* Words in quotes, which are looked for as written, wildcards, fuzzy words and words near each other are
  left alone.
* The names of drugs come from the vocabulary too.
* What is added weighs less than what was typed, so that the typed words come first.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from determinations.letters.vocabulary.names import Drug, drugs
from determinations.search.query.compounds import are_one, opened
from determinations.search.query.nodes import All, AnyOf, Node, Not, Phrase, Word, all_of, any_of
from determinations.search.text_folding import plain

_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}")
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
    """The same for writings of a term that differ in capitals, accents, hyphens, points or a possessive s."""
    folded = _DOTTED.sub(lambda letters: letters.group().replace(".", ""), plain(text))
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"'s\b|'", "", folded)))


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


_MOST_NAMES = 8
"""A drug with more names than this, none of them known, is a family of products."""
_MOST_BRANDS = 15


def with_drug_names(groups: Iterable[Group], drugs: Iterable[Drug]) -> tuple[Group, ...]:
    """The groups, those of a drug with its other brands, and a group for each drug that has none.

    A generic name also finds its brands, and a brand its generic name: "gabapentin" finds Fanatrex. A
    generic name of many products that are not one thing (kits, medical foods, creams) makes no group.
    """
    known = {term_key(name): group for group in groups for name in (*group.terms, *group.typed_only)}
    order = dict.fromkeys(id(group) for group in known.values())
    by_id = {id(group): group for group in known.values()}
    added: list[Group] = []
    for drug in drugs:
        names = _distinct((drug.generic, *drug.brands), term_key)
        unknown = tuple(name for name in names if term_key(name) not in known)
        group = known.get(term_key(drug.generic))
        if group is None:
            if 2 <= len(names) <= _MOST_NAMES and len(unknown) == len(names):
                plain = _without_longer(names, names)
                longer = tuple(name for name in names if name not in plain)
                added.append(Group(plain, longer))
                known |= {term_key(name): added[-1] for name in names}
        elif id(group) in order and 0 < len(unknown) <= _MOST_BRANDS:
            by_id[id(group)] = _with_brands(by_id[id(group)], term_key(drug.generic), unknown)
            known |= {term_key(name): group for name in unknown}
    return (*(by_id[key] for key in order), *added)


def _with_brands(group: Group, generic: str, brands: tuple[str, ...]) -> Group:
    """Brands are kinds of the generic name, and mean it where they are typed."""
    general = group.kinds_of if group.kinds else (generic,)
    terms = [f" {term_key(term)} " for term in group.terms]
    kinds = [brand for brand in brands if not any(f" {term_key(brand)} " in term for term in terms)]
    return replace(
        group,
        typed_only=(*group.typed_only, *brands),
        kinds=(*group.kinds, *_without_longer(tuple(kinds), (*group.terms, *group.kinds, *kinds))),
        kinds_of=_distinct((*general, generic), str),
    )


def _without_longer(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """The names without those that another finds already, as "Vicodin" finds "Vicodin ES"."""
    keys = {term_key(other) for other in others}
    return tuple(
        name
        for name in names
        if not any(f" {key} " in f" {term_key(name)} " for key in keys if key != term_key(name))
    )


def _distinct(names: Iterable[str], key_of: Callable[[str], str]) -> tuple[str, ...]:
    """The names in order, those of one key once."""
    return tuple({key_of(name): name for name in reversed(tuple(names))}.values())[::-1]


@cache
def synonyms() -> dict[str, Group]:
    """Every group by the keys of its terms (`term_key`): the project's file and the vocabulary's drugs.

    A closed compound is also known by its open writing, which is the key of "post-operative" too.
    """
    groups = with_drug_names(groups_of(PATH.read_text(encoding="utf-8")), drugs())
    by_key = {term_key(term): group for group in groups for term in (*group.terms, *group.typed_only)}
    pairs = {key: opened(key) for key in by_key if " " not in key}
    opened_keys = {" ".join(pair): by_key[key] for key, pair in pairs.items() if pair and are_one(*pair)}
    return opened_keys | by_key


RELATED_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Addition:
    """What was added for a word or term of the question."""

    word: str
    alternatives: tuple[str, ...]

    def __str__(self) -> str:
        return f"{', '.join(self.alternatives)} (for {self.word})"


@dataclass(frozen=True, slots=True)
class Expansion:
    """`node` is the question to run; `added` is empty when it is the one that was given."""

    node: Node
    added: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """Parts of a question that together are a term of a group."""

    text: str
    key: str
    group: Group
    field: str | None
    node: Node


def expand(node: Node) -> Expansion:
    named: dict[Group, set[str]] = {}
    for term in _terms(node):
        named.setdefault(term.group, set()).add(term.key)
    told_apart = {group for group, keys in named.items() if len(keys) > 1}
    additions: dict[str, Addition] = {}
    expanded = _expanded(node, told_apart, additions)
    return Expansion(expanded, tuple(additions.values()))


def _expanded(node: Node, told_apart: set[Group], additions: dict[str, Addition]) -> Node:
    match node:
        case All():
            return all_of(_alternatives(piece, told_apart, additions) for piece in _pieces(node))
        case AnyOf(parts):
            return any_of(_expanded(part, told_apart, additions) for part in parts)
        case Word() | Phrase():
            term = _term((node,))
            return _alternatives(term, told_apart, additions) if term else node
        case _:
            return node


def _alternatives(piece: Node | _Term, told_apart: set[Group], additions: dict[str, Addition]) -> Node:
    if not isinstance(piece, _Term):
        return _expanded(piece, told_apart, additions)
    alternatives = piece.group.alternatives(piece.key)
    if piece.group in told_apart or not alternatives:
        return piece.node
    additions.setdefault(piece.key, Addition(piece.text, alternatives))
    names = [piece.node, *(_leaf(term, piece.field) for term in alternatives)]
    return any_of(names, is_one_thing=True)


def _terms(node: Node) -> Iterator[_Term]:
    """Every term in the question, those left out among them."""
    match node:
        case All():
            for piece in _pieces(node):
                if isinstance(piece, _Term):
                    yield piece
                else:
                    yield from _terms(piece)
        case AnyOf(parts):
            for part in parts:
                yield from _terms(part)
        case Not(part):
            yield from _terms(part)
        case Word() | Phrase():
            if term := _term((node,)):
                yield term


def _pieces(node: All) -> Iterator[Node | _Term]:
    """The parts of a group, words side by side that make a term (the longest first) taken together."""
    at = 0
    while at < len(node.parts):
        for length in range(min(longest_term(), len(node.parts) - at), 0, -1):
            if term := _term(node.parts[at : at + length]):
                yield term
                at += length
                break
        else:
            yield node.parts[at]
            at += 1


def _term(nodes: tuple[Node, ...]) -> _Term | None:
    first = nodes[0]
    if any(isinstance(node, Word | Phrase) and node.exact for node in nodes):
        return None
    if isinstance(first, Phrase):
        if len(nodes) > 1 or first.slop > 1:
            return None
        text, field = " ".join(first.words), first.field
    elif isinstance(first, Word):
        words = [node.text for node in nodes if isinstance(node, Word) and node.field == first.field]
        if len(words) < len(nodes):
            return None
        text, field = " ".join(words), first.field
    else:
        return None
    known = known_term(text)
    return _Term(text, *known, field, all_of(nodes)) if known else None


def _leaf(term: str, field: str | None) -> Node:
    words = tuple(term.split())
    if len(words) == 1:
        return Word(term, field, RELATED_WEIGHT)
    return Phrase(words, 1, field, RELATED_WEIGHT)
