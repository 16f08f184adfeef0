"""Where expressions over positions are answered in one text, by trying every choice: slow, and plainly
right.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise, product

from determinations.search.positions import Close, Either, Expression, Leaf, Sequence

Stretch = tuple[int, int]
"""First and last position."""


def stretches(
    expression: Expression, places: Callable[[Leaf], Iterable[int]], sentence_ends: frozenset[int]
) -> set[Stretch]:
    """What `positions.spans` finds in a single text."""

    def of(part: Expression) -> set[Stretch]:
        match part:
            case Either(parts):
                return set().union(*map(of, parts))
            case Sequence(parts):
                return {(one[0][0], one[-1][1]) for one in product(*map(of, parts)) if _touch(one)}
            case Close(parts):
                chains = [one for one in product(*map(of, parts)) if _fits(one, part, sentence_ends)]
                return {stretch for chain in chains for stretch in chain}
            case _:
                return {(place, place) for place in places(part)}

    return of(expression)


def _touch(chain: tuple[Stretch, ...]) -> bool:
    return all(after[0] == before[1] + 1 for before, after in pairwise(chain))


def _fits(chain: tuple[Stretch, ...], close: Close, sentence_ends: frozenset[int]) -> bool:
    if close.distance is None:
        if close.in_sentence and len({_sentence(stretch[0], sentence_ends) for stretch in chain}) > 1:
            return False
        return not close.ordered or all(before[1] < after[0] for before, after in pairwise(chain))
    gaps = [(after[0] - before[1], before[0] - after[1]) for before, after in pairwise(chain)]
    return all(
        1 <= behind <= close.distance or (not close.ordered and 1 <= ahead <= close.distance)
        for behind, ahead in gaps
    )


def _sentence(place: int, sentence_ends: frozenset[int]) -> int:
    return sum(end < place for end in sentence_ends)
