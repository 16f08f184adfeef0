"""Creams: which drugs of a request are ingredients of one mixture rather than drugs of their own.

"Flurbiprofen 20%/Tramadol 20% cream" asks for a compounded medication, not for an NSAID and an opioid;
"Tramadol 50 mg" and "lidocaine 5% patch" do not. Signs are a percentage, a form ("cream") or "compound".
"""

from collections.abc import Iterator
from dataclasses import dataclass

from determinations.letters.phrases import Clauses
from determinations.letters.service_vocabulary import Compounding
from determinations.letters.words import PERCENT

COMPOUNDED, TOPICAL = "compounded-medications", "topical-analgesics"

_APART = 5
"""Ingredients of one mixture stand no further apart, counted in words, strengths included."""
_PATCH = "patch"
_COMPOUND = frozenset({"compound", "compounded", "compounding"})


@dataclass(frozen=True, slots=True)
class Mixture:
    """The words at which its ingredients stand, and the service it is."""

    ingredients: tuple[int, ...]
    service: str


def read_compounds(text: Clauses, compounding: Compounding) -> Iterator[Mixture]:
    """The mixtures of a request, from left to right."""
    is_compound = not _COMPOUND.isdisjoint(text.words)
    for chain in _chains(text, compounding):
        if is_compound or _is_topical(text, chain, compounding):
            yield Mixture(tuple(chain), _service(text, chain, compounding, is_compound))


def _chains(text: Clauses, compounding: Compounding) -> Iterator[list[int]]:
    """Runs of neighbouring ingredients, leaving out those that are taken by mouth."""
    chain: list[int] = []
    for at, word in enumerate(text.words):
        if word not in compounding.ingredients or _is_oral(text, at, compounding):
            continue
        if chain and at - chain[-1] > _APART:
            yield chain
            chain = []
        chain.append(at)
    if chain:
        yield chain


def _is_oral(text: Clauses, at: int, compounding: Compounding) -> bool:
    for word in text.words[at + 1 : at + _APART]:
        if word == PERCENT or word in compounding.ingredients or word in compounding.forms:
            return False
        if word in compounding.oral_signs:
            return True
    return False


def _is_topical(text: Clauses, chain: list[int], compounding: Compounding) -> bool:
    near = text.words[max(0, chain[0] - _APART + 1) : chain[-1] + _APART]
    inside = text.words[max(0, chain[0] - 1) : chain[-1] + _APART]
    return (
        PERCENT in inside
        or not compounding.forms.isdisjoint(near)
        or (_PATCH in near and text.words[chain[0]] in compounding.commercial)
    )


def _service(text: Clauses, chain: list[int], compounding: Compounding, is_compound: bool) -> str:
    drugs = {text.words[at] for at in chain}
    alone = len(drugs) == 1
    sold = drugs <= compounding.commercial and (alone or drugs.isdisjoint(compounding.commercial_alone))
    return TOPICAL if sold and not is_compound else COMPOUNDED
