"""Which parts of the body a request is about: its words and its spinal levels -> slugs of the vocabulary."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from determinations.letters.facts.spine_notation import region_of
from determinations.letters.vocabulary.body_parts import body_part_vocabulary, body_parts

_OF_REGION: Final = {
    "cervical": "neck",
    "thoracic": "upper-back",
    "lumbar": "low-back",
    "sacral": "low-back",
}


_LONGEST_REMEMBERED: Final = 300


def body_parts_in(request: str, levels: Iterable[str] = ()) -> tuple[str, ...]:
    """Slugs of the parts that a request names, from head to foot; () where it names none.

    `levels` are the item's spinal levels: each counts for its region.
    """
    names = remembered_names(request) if len(request) <= _LONGEST_REMEMBERED else _names_in(request)
    named = set(names)
    named.update(_OF_REGION[region_of(level)] for level in levels)
    return tuple(
        part.slug for part in body_parts() if part.slug in named and named.isdisjoint(part.only_alone)
    )


def _names_in(request: str) -> frozenset[str]:
    vocabulary = body_part_vocabulary()
    words = vocabulary.reader.read(request)
    return frozenset(slug for _, slugs in vocabulary.names.matches_in(words, set()) for slug in slugs)


remembered_names = lru_cache(maxsize=4096)(_names_in)
